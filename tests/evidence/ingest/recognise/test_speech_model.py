"""Real speech recognition with a tiny model that hears 你 wherever the sound is loud."""

import io
import itertools
import os
import wave
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.core.records import Span
from evidence.errors import MediaUnreadableError, MissingExtraError, SpeechModelError
from evidence.ingest.reader import MediaReader
from evidence.ingest.recognise.base import Recognised
from evidence.ingest.recognise.sherpa_speech import LONGEST_MS, MARGIN_MS, sentences
from tests.evidence.ingest import media

MODEL = Path(__file__).parent / "speech_model"
NEAR_MS = MARGIN_MS + 60


def hear(speech: MediaReader, data: bytes, folder: Path = MODEL) -> Recognised:
    return speech.hear(io.BytesIO(data), len(data), seq=7, folder=folder)


def sounds(*stretches: tuple[bool, float], rate: int = 8000, channels: int = 1) -> bytes:
    """Return a WAV of loud and silent stretches."""
    samples = b"".join(
        media.tone(seconds, rate) if loud else bytes(2 * round(rate * seconds))
        for loud, seconds in stretches
    )
    if channels == 2:
        samples = b"".join(samples[n : n + 2] * 2 for n in range(0, len(samples), 2))
    held = io.BytesIO()
    with wave.open(held, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples)
    return held.getvalue()


def spans(found: Recognised) -> list[tuple[int, int]]:
    return [(x.span.start_ms, x.span.end_ms) for x in found.lines if x.span is not None]


def close(found: list[tuple[int, int]], wanted: list[tuple[int, int]]) -> bool:
    return len(found) == len(wanted) and all(
        abs(a - b) <= NEAR_MS
        for x, y in zip(found, wanted, strict=True)
        for a, b in zip(x, y, strict=True)
    )


# --- the engine -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (16_000, 1), (44_100, 2)])
def test_every_passage_between_silences_has_its_span(
    speech: MediaReader, rate: int, channels: int
) -> None:
    data = sounds(
        (False, 1.0),
        (True, 1.2),
        (False, 1.5),
        (True, 0.8),
        (False, 1.0),
        rate=rate,
        channels=channels,
    )
    found = hear(speech, data)
    assert [line.text for line in found.lines] == ["你", "你"]
    assert close(spans(found), [(1000, 2200), (3700, 4500)])


def test_engine_and_model_are_named(speech: MediaReader) -> None:
    engine = hear(speech, sounds((True, 0.5))).engine
    assert engine.startswith("sherpa-onnx ")
    assert "SenseVoice model.onnx (speech_model)" in engine


def test_pause_shorter_than_half_a_second_does_not_cut(speech: MediaReader) -> None:
    found = hear(speech, sounds((True, 1.0), (False, 0.3), (True, 1.0)))
    assert len(found.lines) == 1


def test_silence_has_no_lines(speech: MediaReader) -> None:
    assert hear(speech, media.silence_wav(3)).lines == ()


def test_narrow_band_amr_is_heard(speech: MediaReader) -> None:
    data = media.encode("amr", "libopencore_amrnb", 2.0)
    assert close(spans(hear(speech, data)), [(0, 2000)])


def test_silence_that_amr_leaves_out_moves_no_span(speech: MediaReader) -> None:
    loud = media.encode("amr", "libopencore_amrnb", 1.0)
    data = loud + media.AMR_SILENCE * 100 + loud.removeprefix(b"#!AMR\n")
    assert close(spans(hear(speech, data)), [(0, 1000), (3000, 4000)])


def test_wide_band_amr_and_m4a_are_heard(speech: MediaReader) -> None:
    assert hear(speech, media.WIDE_BAND.read_bytes()).lines
    assert close(spans(hear(speech, media.m4a(2.0))), [(0, 2000)])


def test_long_passage_is_cut_and_nothing_between_is_left_out(speech: MediaReader) -> None:
    found = spans(hear(speech, sounds((True, 70.0))))
    assert found[0][0] == 0
    assert abs(found[-1][1] - 70_000) <= NEAR_MS
    assert all(end - start <= LONGEST_MS for start, end in found)
    assert all(one[1] == two[0] for one, two in itertools.pairwise(found))


def test_long_passage_is_cut_where_it_is_quietest(speech: MediaReader) -> None:
    data = sounds((True, 27.0), (False, 0.3), (True, 9.0))
    assert close(spans(hear(speech, data)), [(0, 27_150), (27_150, 36_300)])


BROKEN = {"empty": b"", "text": b"no sound", "picture": media.picture("PNG")}


def test_broken_recording_is_a_failure_with_a_reason_and_the_next_is_heard(
    speech: MediaReader,
) -> None:
    for name, data in BROKEN.items():
        with pytest.raises(MediaUnreadableError) as raised:
            hear(speech, data)
        assert raised.value.detail.startswith("录音"), name
    assert hear(speech, sounds((True, 0.5))).lines


# --- the model folder -----------------------------------------------------------------------------


TOKENS = (MODEL / "tokens.txt").read_bytes()
NET = (MODEL / "model.onnx").read_bytes()
FOLDERS: dict[str, dict[str, bytes]] = {
    "empty": {},
    "tokens only": {"tokens.txt": TOKENS},
    "model only": {"model.onnx": NET},
    "empty model": {"tokens.txt": TOKENS, "model.onnx": b""},
    "half a model": {"tokens.txt": TOKENS, "model.onnx": NET[:2000]},
    "no model": {"tokens.txt": TOKENS, "model.onnx": b"sense_voice" * 100},
    "empty tokens": {"tokens.txt": b"", "model.onnx": NET},
    "cut tokens": {"tokens.txt": TOKENS[:20], "model.onnx": NET},
    "tokens of bytes": {"tokens.txt": b"\xff\xfe\x00", "model.onnx": NET},
    "model of another kind": {"tokens.txt": TOKENS, "e-encoder.onnx": NET, "e-decoder.onnx": NET},
}


@pytest.mark.parametrize("name", FOLDERS)
def test_unusable_model_is_said_and_not_taken_for_a_broken_recording(
    speech: MediaReader, tmp_path: Path, name: str
) -> None:
    for file, data in FOLDERS[name].items():
        (tmp_path / file).write_bytes(data)
    with pytest.raises(SpeechModelError) as raised:
        hear(speech, sounds((True, 0.5)), tmp_path)
    assert raised.value.path == str(tmp_path)


def test_good_model_is_used_after_an_unusable_one(speech: MediaReader, tmp_path: Path) -> None:
    with pytest.raises(SpeechModelError):
        hear(speech, sounds((True, 0.5)), tmp_path / "absent")
    assert hear(speech, sounds((True, 0.5))).lines


def test_smaller_form_of_a_model_goes_first(speech: MediaReader, tmp_path: Path) -> None:
    for name, data in (("tokens.txt", TOKENS), ("model.onnx", b""), ("model.int8.onnx", NET)):
        (tmp_path / name).write_bytes(data)
    assert "model.int8.onnx" in hear(speech, sounds((True, 0.5)), tmp_path).engine


def test_missing_extra_is_said_with_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sherpa_onnx.py").write_text("raise ModuleNotFoundError('x', name='sherpa_onnx')")
    repository = str(Path(__file__).parents[4])
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), repository]))
    with MediaReader() as reader, pytest.raises(MissingExtraError) as raised:
        hear(reader, sounds((True, 0.5)))
    assert (raised.value.component, raised.value.extra) == ("sherpa_onnx", "speech")


# --- sentences ------------------------------------------------------------------------------------


def said(text: str, tokens: list[str], starts: list[int]) -> list[tuple[str, Span | None]]:
    found = sentences(text, tokens, starts, start_ms=10_000, end_ms=14_000)
    return [(line.text, line.span) for line in found]


def test_sentences_are_cut_at_their_marks_and_timed_by_their_tokens() -> None:
    tokens = ["你", "好", "。", "还", "钱", "！"]
    assert said("你好。还钱！", tokens, [0, 200, 400, 1500, 1700, 1900]) == [
        ("你好。", Span(start_ms=10_000, end_ms=11_500)),
        ("还钱！", Span(start_ms=11_500, end_ms=14_000)),
    ]


def test_text_without_marks_is_one_line() -> None:
    whole = Span(start_ms=10_000, end_ms=14_000)
    assert said("你好还钱", ["你", "好", "还", "钱"], [0, 200, 400, 600]) == [("你好还钱", whole)]


@pytest.mark.parametrize(
    ("tokens", "starts"),
    [([], []), (["你", "好"], [0]), (["你"], [0]), (["_you", "_good"], [0, 100])],
)
def test_tokens_that_do_not_fit_the_text_time_nothing(tokens: list[str], starts: list[int]) -> None:
    assert said("你好。再见", tokens, starts) == [
        ("你好。再见", Span(start_ms=10_000, end_ms=14_000))
    ]


def test_no_text_is_no_line() -> None:
    assert said(" ", [" "], [0]) == []


@given(
    st.lists(st.sampled_from(["你", "好", "。", "？", " ok", "!", " "]), max_size=20),
    st.lists(st.integers(0, 6000), min_size=20, max_size=20),
)
def test_no_word_is_lost_and_every_span_has_a_length(tokens: list[str], starts: list[int]) -> None:
    text = "".join(tokens)
    found = said(text, tokens, sorted(starts)[: len(tokens)])
    assert "".join(t for t, _ in found).replace(" ", "") == text.replace(" ", "")
    assert all(span is not None and span.start_ms < span.end_ms for _, span in found)
