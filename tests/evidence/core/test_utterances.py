"""Utterances: bubbles of a picture and sentences of a recording, with the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.core.records import Region, Span
from evidence.core.transcript import CurrentLine, TranscriptLine
from evidence.core.utterances import Side, Utterance, of_picture, of_recording

WIDTH = 1080


def line(
    text: str, left: int, top: int, width: int, *, height: int = 40, number: int = 1
) -> CurrentLine:
    region = Region(left=left, top=top, width=width, height=height)
    return CurrentLine(
        number=number, line=TranscriptLine(text=text, region=region), machine_text=""
    )


def said(text: str, span: Span | None = None, speaker: str = "", number: int = 1) -> CurrentLine:
    return CurrentLine(
        number=number,
        line=TranscriptLine(text=text, span=span, speaker=speaker),
        machine_text="",
    )


def texts(lines: list[CurrentLine]) -> list[str]:
    return [u.text for u in of_picture(lines, width=WIDTH)]


def test_lines_close_under_each_other_are_one_bubble() -> None:
    lines = [line("明天开始给你单位", 80, 100, 700), line("打电话，别说没提醒", 80, 150, 720)]
    assert texts(lines) == ["明天开始给你单位打电话，别说没提醒"]


def test_lines_far_apart_or_of_other_sides_are_bubbles_of_their_own() -> None:
    lines = [
        line("你在哪里", 80, 100, 300),
        line("请发短信", 700, 150, 300),
        line("21:05", 500, 260, 80),
        line("别装死", 80, 340, 300),
        line("今天还钱", 80, 460, 300),
    ]
    assert len(texts(lines)) == 5


def test_own_bubble_whose_last_line_is_short_stays_one() -> None:
    lines = [line("请不要联系我的家人和", 400, 100, 620), line("同事", 400, 150, 80)]
    (bubble,) = of_picture(lines, width=WIDTH)
    assert bubble.side is Side.OWN


def test_lines_that_share_their_right_edge_only_are_one_bubble() -> None:
    lines = [line("请不要联系我的家人和", 400, 100, 620), line("同事", 940, 150, 80)]
    assert len(texts(lines)) == 1


def test_line_without_a_place_is_a_bubble_of_its_own() -> None:
    assert len(texts([line("你在哪里", 80, 100, 300), said("别装死")])) == 2
    assert len(texts([said("你在哪里"), line("别装死", 80, 150, 300)])) == 2


def test_small_line_does_not_reach_as_far_as_a_tall_one() -> None:
    lines = [line("你在哪里", 80, 100, 300, height=100), line("别装死", 80, 260, 300, height=40)]
    assert len(texts(lines)) == 2


@pytest.mark.parametrize(
    ("left", "width", "side"),
    [
        (80, 700, Side.OTHER),
        (80, 300, Side.OTHER),
        (700, 300, Side.OWN),
        (300, 700, Side.OWN),
        (500, 80, Side.UNKNOWN),
        (40, 1000, Side.UNKNOWN),
    ],
)
def test_side_is_that_of_the_nearer_edge(left: int, width: int, side: Side) -> None:
    (bubble,) = of_picture([line("字", left, 100, width)], width=WIDTH)
    assert bubble.side is side


def test_side_is_not_guessed_without_a_place() -> None:
    (one,) = of_picture([line("字", 80, 100, 300)], width=None)
    (two,) = of_picture([said("字")], width=WIDTH)
    assert (one.side, two.side) == (Side.UNKNOWN, Side.UNKNOWN)


def test_quotation_across_lines_leads_back_to_both() -> None:
    lines = [line("明天给你", 80, 100, 300, number=4), line("单位打电话", 80, 150, 380, number=5)]
    (bubble,) = of_picture(lines, width=WIDTH)
    start = bubble.text.index("你单位")
    assert [found.number for found in bubble.within(start, start + 3)] == [4, 5]
    assert bubble.region(start, start + 3) == Region(left=80, top=100, width=380, height=90)
    assert bubble.region(0, 2) == Region(left=80, top=100, width=300, height=40)
    assert bubble.span(0, 2) is None
    assert [found.number for found in bubble.within(0, 4)] == [4]
    assert [found.number for found in bubble.within(4, 6)] == [5]
    upper = line("单位", 200, 100, 300)
    (shifted,) = of_picture([upper, line("打电话", 190, 150, 300)], width=WIDTH)
    assert shifted.region(0, 5) == Region(left=190, top=100, width=310, height=90)


def test_quotation_across_sentences_has_the_passage_of_all() -> None:
    lines = (
        said("等着", Span(start_ms=1000, end_ms=2500)),
        said("坐牢", Span(start_ms=2500, end_ms=4000)),
    )
    both = Utterance(text="等着坐牢", side=Side.UNKNOWN, lines=lines)
    assert both.span(1, 3) == Span(start_ms=1000, end_ms=4000)
    assert both.span(2, 3) == Span(start_ms=2500, end_ms=4000)


def test_sentence_of_a_recording_has_its_passage() -> None:
    span = Span(start_ms=1000, end_ms=2500)
    (utterance,) = of_recording([said("等着坐牢", span)])
    assert utterance.span(0, 2) == span
    assert utterance.region(0, 2) is None
    assert utterance.side is Side.UNKNOWN


@pytest.mark.parametrize(
    ("speaker", "side"),
    [
        ("我", Side.OWN),
        ("借款人", Side.OWN),
        ("林某", Side.OWN),
        ("李经理", Side.OTHER),
        ("", Side.UNKNOWN),
    ],
)
def test_speaker_says_whose_words_they_are(speaker: str, side: Side) -> None:
    (utterance,) = of_recording([said("好的", speaker=speaker)], own_name="林某")
    assert utterance.side is side


def test_nameless_owner_makes_nobody_the_owner() -> None:
    (utterance,) = of_recording([said("好的", speaker="李经理")], own_name="")
    assert utterance.side is Side.OTHER


def test_every_line_of_a_recording_is_an_utterance_of_its_own() -> None:
    lines = [said("一", number=1), said("二", number=2)]
    assert [u.text for u in of_recording(lines)] == ["一", "二"]


coordinates = st.integers(0, 3000)
boxes = st.builds(
    Region,
    left=coordinates,
    top=coordinates,
    width=st.integers(1, 2000),
    height=st.integers(1, 200),
)
any_lines = st.lists(
    st.builds(
        lambda text, region: TranscriptLine(text=text, region=region),
        st.text(max_size=6),
        st.none() | boxes,
    ),
    max_size=12,
).map(lambda ls: [CurrentLine(number=n, line=x, machine_text="") for n, x in enumerate(ls, 1)])


@given(any_lines, st.none() | st.integers(0, 4000))
def test_no_line_of_a_picture_is_lost_or_doubled(
    lines: list[CurrentLine], width: int | None
) -> None:
    found = list(of_picture(lines, width=width))
    assert [one for u in found for one in u.lines] == lines
    assert "".join(u.text for u in found) == "".join(one.line.text for one in lines)


@given(any_lines, st.integers(0, 80), st.integers(0, 80))
def test_lines_of_a_quotation_hold_it(lines: list[CurrentLine], start: int, length: int) -> None:
    utterance = Utterance(
        text="".join(one.line.text for one in lines), side=Side.UNKNOWN, lines=tuple(lines)
    )
    quote = utterance.text[start : start + length]
    held = "".join(one.line.text for one in utterance.within(start, start + length))
    assert quote in held
