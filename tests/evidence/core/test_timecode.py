"""Places in a recording."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.core import timecode
from evidence.errors import ExitCode, ValueFormError

HOURS = 999 * 3_600_000


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("0", 0),
        ("0:00", 0),
        ("00:00", 0),
        ("65", 65_000),
        ("65.25", 65_250),
        ("65.5", 65_500),
        ("65.005", 65_005),
        ("1:05", 65_000),
        ("01:05", 65_000),
        ("1：05", 65_000),
        (" 1:05 ", 65_000),
        ("1:05.250", 65_250),
        ("1:05.2", 65_200),
        ("90:00", 5_400_000),
        ("00:01:05", 65_000),
        ("1:02:03", 3_723_000),
        ("1:02:03.004", 3_723_004),
        ("100:00:00", 360_000_000),
    ],
)
def test_place_is_read_to_the_millisecond(text: str, milliseconds: int) -> None:
    assert timecode.parse(text) == milliseconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":",
        ":05",
        "1:",
        "1:60",
        "1:5:60",
        "1:75:00",
        "1:60:00",
        "1:100:00",
        "1:2:3:4",
        "-1",
        "-1:05",
        "+1:05",
        "1:05.",
        "1:05.1234",
        ".5",
        "1,5",
        "1 : 05",
        "1分5秒",
        "一:05",
        "１:05",
        "٤:05",
        "1_0",
        "1e3",
        "0x10",
        "1234567",
        "1000:00",
        "1000:00:00",
    ],
)
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(ValueFormError) as caught:
        timecode.parse(text)
    assert caught.value.value == text
    assert caught.value.exit_code is ExitCode.USAGE


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (0, "00:00"),
        (5, "00:00.005"),
        (65_000, "01:05"),
        (65_250, "01:05.250"),
        (3_599_999, "59:59.999"),
        (3_600_000, "1:00:00"),
        (3_723_004, "1:02:03.004"),
        (360_000_000, "100:00:00"),
    ],
)
def test_place_is_shown_without_needless_parts(milliseconds: int, text: str) -> None:
    assert timecode.display(milliseconds) == text


@given(st.integers(0, HOURS))
def test_what_is_shown_reads_as_the_same_place(milliseconds: int) -> None:
    assert timecode.parse(timecode.display(milliseconds)) == milliseconds


@given(st.integers(0, HOURS), st.integers(0, HOURS))
def test_different_places_look_different(one: int, other: int) -> None:
    assert (timecode.display(one) == timecode.display(other)) is (one == other)


@given(st.text("0123456789:.： ", max_size=12))
def test_text_is_a_place_or_refused_and_reads_the_same_again(text: str) -> None:
    try:
        place = timecode.parse(text)
    except ValueFormError:
        return
    assert timecode.parse(timecode.display(place)) == place
