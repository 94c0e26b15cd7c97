"""Where lines end: no closing mark at a start, no opening mark at an end, codes in one piece."""

import itertools

import hypothesis
import pytest
from hypothesis import strategies as st

from reports.pdf.line_breaking import NO_END, NO_START, break_lines, may_break

TEXTS = st.text(alphabet="字文，。”“（）《》 a1.-\n", max_size=60)


def lines(text: str, width: int) -> list[str]:
    return [text[start:end] for start, end in break_lines(text, [1.0] * len(text), [width])]


@hypothesis.given(text=TEXTS, width=st.integers(1, 12))
def test_nothing_is_lost_and_order_stays(text: str, width: int) -> None:
    assert "".join(lines(text, width)) == text


@hypothesis.given(text=TEXTS, width=st.integers(1, 12))
def test_no_line_is_wider_than_its_room(text: str, width: int) -> None:
    assert all(len(line.rstrip(" \n")) <= width for line in lines(text, width))


@hypothesis.given(text=TEXTS, width=st.integers(4, 12))
def test_rules_are_broken_only_where_a_piece_does_not_fit(text: str, width: int) -> None:
    broken = lines(text, width)
    for line, following in itertools.pairwise(broken):
        bad = not line.endswith("\n") and not may_break(line[-1], following[0])
        if bad:
            # The whole line holds no other place to break.
            assert not any(may_break(a, b) for a, b in itertools.pairwise(line))


@pytest.mark.parametrize("mark", sorted(NO_START))
def test_closing_punctuation_does_not_start_a_line(mark: str) -> None:
    assert lines(f"一二三四{mark}五", 4) == ["一二三", f"四{mark}五"]


@pytest.mark.parametrize("mark", sorted(NO_END))
def test_opening_punctuation_does_not_end_a_line(mark: str) -> None:
    assert lines(f"一二三{mark}四五", 4) == ["一二三", f"{mark}四五"]


@pytest.mark.parametrize(
    "piece",
    ["13800000011", "GB/T", "2026-10-14", "22:14:07", "00:28.953–00:34.468", "E001", "packet.pdf"],
)
def test_numbers_and_latin_words_stay_in_one_piece(piece: str) -> None:
    room = len(piece) + 2
    assert lines(f"一二三四五{piece}六", room)[1].startswith(piece)


def test_piece_wider_than_the_line_is_broken_rather_than_cut() -> None:
    assert lines("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]


def test_line_ends_stay() -> None:
    assert lines("一\n\n二", 9) == ["一\n", "\n", "二"]


def test_spaces_hang_over_the_edge() -> None:
    assert lines("一二三四 五", 4) == ["一二三四 ", "五"]


def test_first_line_may_have_less_room() -> None:
    text = "一二三四五六七"
    assert break_lines(text, [1.0] * 7, [2, 4]) == [(0, 2), (2, 6), (6, 7)]
