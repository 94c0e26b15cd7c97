"""Typed or imported transcripts: times, speakers, encodings; no word is lost."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evidence.core.records import Span
from evidence.core.transcript import TranscriptLine
from evidence.errors import TranscriptFileError
from evidence.ingest import subtitles

MINUTE = 60_000

SRT = """1
00:00:01,000 --> 00:00:03,500
李经理：今天必须还钱

2
00:00:04,000 --> 00:00:06,000
我现在没有
能不能晚两天
"""
VTT = """WEBVTT - 通话

NOTE 这是说明

intro
00:01.000 --> 00:03.500 align:start
今天必须还钱
"""


def parse(text: str | bytes, duration_ms: int | None = MINUTE) -> tuple[TranscriptLine, ...]:
    data = text.encode() if isinstance(text, str) else text
    return subtitles.parse(data, name="a.srt", duration_ms=duration_ms)


def shown(lines: tuple[TranscriptLine, ...]) -> list[tuple[str, int | None, int | None]]:
    return [
        (x.text, x.span.start_ms if x.span else None, x.span.end_ms if x.span else None)
        for x in lines
    ]


# --- the forms ------------------------------------------------------------------------------------


def test_srt_cues_become_lines_with_spans_and_speakers() -> None:
    first, second = parse(SRT)
    assert (first.speaker, first.text) == ("李经理", "今天必须还钱")
    assert first.span == Span(start_ms=1000, end_ms=3500)
    assert second.text == "我现在没有\n能不能晚两天"
    assert second.span == Span(start_ms=4000, end_ms=6000)


def test_vtt_header_notes_and_names_of_cues_are_no_words() -> None:
    assert shown(parse(VTT)) == [("今天必须还钱", 1000, 3500)]


def test_lrc_lines_run_to_the_next_and_the_last_to_the_end() -> None:
    assert shown(parse("[00:01.50]还钱\n[00:04.00]不还\n")) == [
        ("还钱", 1500, 4000),
        ("不还", 4000, MINUTE),
    ]


@pytest.mark.parametrize(
    "line",
    ["00:05-00:08 还钱", "[00:05 - 00:08] 还钱", "（00:05至00:08）还钱", "0:00:05~0:00:08 还钱"],
)
def test_text_with_both_times_in_each_line(line: str) -> None:
    assert shown(parse(line)) == [("还钱", 5000, 8000)]


def test_text_without_times_is_one_line_each() -> None:
    assert shown(parse("还钱\n\n不还\n")) == [("还钱", None, None), ("不还", None, None)]


def test_lines_of_the_same_second_both_run_to_the_next_later_time() -> None:
    assert shown(parse("[00:05] 还钱\n[00:05] 不还\n[00:09] 等着")) == [
        ("还钱", 5000, 9000),
        ("不还", 5000, 9000),
        ("等着", 9000, MINUTE),
    ]


def test_without_a_length_the_last_time_has_no_end() -> None:
    assert shown(parse("[00:05] 还钱", None)) == [("还钱", None, None)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(encoding: str, ending: str) -> None:
    assert parse(SRT.replace("\n", ending).encode(encoding)) == parse(SRT)


# --- no word is lost ------------------------------------------------------------------------------


def test_words_after_an_empty_line_within_a_cue_are_kept() -> None:
    found = parse("1\n00:00:01,000 --> 00:00:03,000\n还钱\n\n不然等着\n\n2\n" + SRT[2:])
    assert "不然等着" in [x.text for x in found]


def test_words_outside_of_cues_are_kept() -> None:
    text = "这是我听写的\n今天必须还钱\n\n00:00:01,000 --> 00:00:03,000\n还钱\n"
    assert [x.text for x in parse(text)] == ["这是我听写的", "今天必须还钱", "还钱"]


def test_cues_that_no_empty_line_parts_keep_all_their_words() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\n还钱\n2\n00:00:03,000 --> 00:00:04,000\n等着\n"
    assert "".join(x.text for x in parse(text)).count("等着") == 1


@pytest.mark.parametrize("line", ["25号 还钱", "9:3 还钱", "[00:xx] 还钱", "12：30还钱"])
def test_time_that_cannot_be_read_stays_in_the_words(line: str) -> None:
    (found,) = parse(line)
    assert (found.span, found.speaker, found.text) == (None, "", line)


def test_address_of_a_page_is_no_speaker() -> None:
    (found,) = parse("https://example.com/还款")
    assert (found.speaker, found.text) == ("", "https://example.com/还款")


def test_spaces_and_width_of_letters_are_kept_as_they_stand() -> None:
    (found,) = parse("  ＡＢＣ！ 还　钱  ")
    assert found.text == "  ＡＢＣ！ 还　钱  "


@given(st.text(st.sampled_from("还钱 1：:[]0\n->,.李"), max_size=80))
@example("李：  ")
@example("1:00 李： ")
def test_every_word_of_a_text_comes_out_again(text: str) -> None:
    try:
        found = parse(text, None)
    except TranscriptFileError:
        return
    out = "".join(x.speaker + x.text for x in found)
    for letter in "还钱李":
        assert out.count(letter) == text.count(letter)


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [b"", b" \n\n", b"\0\0\0\0", b"\xff\xfe\xff\xff", SRT.encode("utf-16"), bytes(range(256))],
)
def test_what_is_no_text_or_has_no_words_is_refused(data: bytes) -> None:
    with pytest.raises(TranscriptFileError):
        parse(data)


@pytest.mark.parametrize(
    "line",
    [
        "00:00:50,000 --> 00:01:02,000\n还钱",
        "00:02:00,000 --> 00:02:02,000\n还钱",
        "00:00:05,000 --> 00:00:05,000\n还钱",
        "00:00:05,000 --> 00:00:04,000\n还钱",
        "[02:00] 还钱",
    ],
)
def test_times_that_are_not_in_the_recording_are_refused(line: str) -> None:
    with pytest.raises(TranscriptFileError):
        parse(line)


def test_end_that_was_rounded_up_is_the_end_of_the_recording() -> None:
    (found,) = parse("00:00:50,000 --> 00:01:00,000\n还钱", MINUTE - 400)
    assert found.span == Span(start_ms=50_000, end_ms=MINUTE - 400)


def test_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(TranscriptFileError):
        parse(b"a" * (subtitles.MAX_BYTES + 1))


@given(st.binary(max_size=200), st.none() | st.integers(1, 10**7))
def test_any_bytes_are_lines_or_a_refusal(data: bytes, duration_ms: int | None) -> None:
    try:
        assert parse(data, duration_ms)
    except TranscriptFileError:
        pass


@given(
    st.lists(
        st.sampled_from(
            [
                "1",
                "",
                "00:00:01,000 --> 00:00:03,000",
                "[00:05]",
                "00:05-00:09",
                "李：",
                "李： ",
                "9" * 40,
                "WEBVTT",
                "NOTE x",
                "还钱",
                "99:999:99.999 --> 1:1:1",
                "٣٣:٣٣ 还钱",
                "\x1b[31m",
                "\u2028",
            ]
        ),
        max_size=8,
    ),
    st.none() | st.integers(1, 10**7),
)
def test_any_lines_are_lines_or_a_refusal(lines: list[str], duration_ms: int | None) -> None:
    try:
        assert parse("\n".join(lines), duration_ms)
    except TranscriptFileError:
        pass


@pytest.mark.parametrize(
    "text",
    [" " * 300_000, "还\n" * 60_000, "\n".join(["[00:01] 还"] * 20_000)],
    ids=["spaces", "lines", "times"],
)
def test_hostile_text_costs_little_time(text: str) -> None:
    began = time.process_time()
    try:
        parse(text)
    except TranscriptFileError:
        pass
    assert time.process_time() - began < 5
