"""Real speech recognition with a tiny model that hears loudness; cutting as functions."""

import io
import itertools
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydub import AudioSegment

from evidence.core.records import Span
from evidence.errors import MediaUnreadableError, SpeechModelError
from evidence.ingest.reader import MediaReader
from evidence.ingest.recognise.base import Recognised
from evidence.ingest.recognise.sherpa_speech import LONGEST_MS, MARGIN_MS, passages, sentences
from tests.evidence.ingest import media

MODEL = Path(__file__).parent / "speech_model"
PAUSE = bytes(2 * 8000 * 2)


def hear(speech: MediaReader, data: bytes, folder: Path = MODEL) -> Recognised:
    return speech.hear(io.BytesIO(data), len(data), seq=3, folder=folder)


def loud_and_quiet() -> bytes:
    """Return two seconds of nothing, one of sound, two of nothing, one of sound."""
    samples = PAUSE + media.tone(1) + PAUSE + media.tone(1)
    return media._wav(samples, 8000)


def spans(found: Recognised) -> list[tuple[int, int]]:
    assert all(line.span is not None for line in found.lines)
    return [(line.span.start_ms, line.span.end_ms) for line in found.lines if line.span]


# --- with the engine ------------------------------------------------------------------------------


def test_each_line_has_the_span_in_which_it_was_heard(speech: MediaReader) -> None:
    found = hear(speech, loud_and_quiet())
    assert [line.text != "" for line in found.lines] == [True, True]
    for (start, end), (first, last) in zip(spans(found), [(2000, 3000), (5000, 6000)], strict=True):
        assert first - 2 * MARGIN_MS <= start <= first
        assert last <= end + 20
        assert end <= last + 2 * MARGIN_MS


def test_engine_says_its_version_and_which_model_it_used(speech: MediaReader) -> None:
    engine = hear(speech, media.wav(0.5)).engine
    assert engine.startswith("sherpa-onnx ")
    assert "SenseVoice" in engine
    assert MODEL.name in engine


def test_silence_has_no_line(speech: MediaReader) -> None:
    assert hear(speech, media.silence_wav(2)).lines == ()


def test_narrow_band_amr_is_heard_to_its_end(speech: MediaReader) -> None:
    found = hear(speech, (media.SAMPLES / "media" / "s_nb.amr").read_bytes())
    assert found.lines
    ends = spans(found)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(ends))


@pytest.mark.parametrize("data", [b"", b"text", media.picture("PNG")], ids=["no", "text", "png"])
def test_what_is_no_sound_is_a_failure_and_the_next_is_heard(
    speech: MediaReader, data: bytes
) -> None:
    with pytest.raises(MediaUnreadableError):
        hear(speech, data)
    assert hear(speech, media.wav(1)).lines


@pytest.mark.parametrize("missing", ["model.onnx", "tokens.txt"])
def test_folder_without_a_whole_model_is_named(
    speech: MediaReader, tmp_path: Path, missing: str
) -> None:
    folder = Path(shutil.copytree(MODEL, tmp_path / "model"))
    (folder / missing).unlink()
    with pytest.raises(SpeechModelError) as raised:
        hear(speech, media.wav(0.5), folder)
    assert raised.value.path == str(folder)
    assert missing in raised.value.detail


# --- cutting at silence ---------------------------------------------------------------------------


def sound(*pieces: tuple[bool, float]) -> AudioSegment:
    data = b"".join(
        media.tone(seconds, 2000) if loud else bytes(2 * round(2000 * seconds))
        for loud, seconds in pieces
    )
    return AudioSegment(data=data, sample_width=2, frame_rate=2000, channels=1)


def test_a_pause_within_a_sentence_does_not_cut_it() -> None:
    assert len(passages(sound((True, 1), (False, 0.3), (True, 1)))) == 1
    assert len(passages(sound((True, 1), (False, 1.5), (True, 1)))) == 2


def test_nothing_at_all_is_no_passage() -> None:
    assert passages(sound((False, 3))) == []


@given(st.lists(st.tuples(st.booleans(), st.floats(0.1, 40)), min_size=1, max_size=4))
def test_passages_stay_within_the_recording_in_order_and_short(
    pieces: list[tuple[bool, float]],
) -> None:
    whole = sound(*pieces)
    found = passages(whole)
    assert all(0 <= start < end <= len(whole) for start, end in found)
    assert all(end - start <= LONGEST_MS for start, end in found)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(found))


# --- sentences ------------------------------------------------------------------------------------


def test_sentences_end_where_the_next_word_begins() -> None:
    tokens = ["还", "钱", "。", "等", "着"]
    found = list(
        sentences("还钱。等着", tokens, [0, 200, 300, 900, 1100], start_ms=5000, end_ms=7000)
    )
    assert [(x.text, x.span) for x in found] == [
        ("还钱。", Span(start_ms=5000, end_ms=5900)),
        ("等着", Span(start_ms=5900, end_ms=7000)),
    ]


@pytest.mark.parametrize(("tokens", "starts"), [(["还"], [0]), (["还", "钱"], [0]), ([], [])])
def test_without_marks_for_each_word_the_passage_is_one_line(
    tokens: list[str], starts: list[int]
) -> None:
    (line,) = sentences("还钱", tokens, starts, start_ms=100, end_ms=900)
    assert (line.text, line.span) == ("还钱", Span(start_ms=100, end_ms=900))


def test_no_words_are_no_line() -> None:
    assert list(sentences("  ", [], [], start_ms=0, end_ms=900)) == []


@given(
    st.lists(st.tuples(st.sampled_from("还钱你。？ a"), st.integers(0, 3000)), max_size=12),
    st.integers(1, 2500),
)
def test_no_word_is_lost_and_spans_lie_in_the_passage(
    marked: list[tuple[str, int]], length: int
) -> None:
    tokens = [token for token, _ in marked]
    starts = sorted(start for _, start in marked)
    text = "".join(tokens)
    found = list(sentences(text, tokens, starts, start_ms=1000, end_ms=1000 + length))
    said = "".join(line.text for line in found)
    assert said.replace(" ", "") == text.replace(" ", "")
    for line in found:
        assert line.span is not None
        assert 1000 <= line.span.start_ms < line.span.end_ms <= 1000 + length
