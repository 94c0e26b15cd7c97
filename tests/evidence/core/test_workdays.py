"""Working days in China."""

import datetime as dt

import pytest

from evidence.core.workdays import last_known_year, workdays_after


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-11-23", 7, "2026-12-02"),  # a Monday, no holiday near
        ("2026-09-28", 7, "2026-10-13"),  # National Day week; the working Saturday 10-10 counts
        ("2026-11-28", 1, "2026-11-30"),  # from a Saturday
    ],
)
def test_weekends_and_holidays_do_not_count_and_moved_workdays_do(
    start: str, count: int, end: str
) -> None:
    found = workdays_after(dt.date.fromisoformat(start), count)
    assert (found.day.isoformat(), found.certain) == (end, True)


def test_beyond_the_calendar_it_is_monday_to_friday_and_not_certain() -> None:
    year = last_known_year()
    found = workdays_after(dt.date(year, 12, 28), 7)
    assert found.day.year == year + 1
    assert found.day.weekday() < 5
    assert not found.certain
