"""Working days in China: weekends, public holidays and the days worked instead of them.

Rules:

1. The calendar knows the years whose holidays were published when it was made. Beyond them the
   days are Monday to Friday, and the result says that it is not certain.
2. The day itself is not counted.
"""

import dataclasses
import datetime as dt

FRIDAY = 4


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class WorkdaysLater:
    """The day on which the last of some working days lies."""

    day: dt.date
    certain: bool
    """Whether the calendar knows every day that was counted."""


def workdays_after(start: dt.date, count: int) -> WorkdaysLater:
    """Return the ``count``-th working day after ``start``."""
    day, certain = start, True
    while count:
        day += dt.timedelta(days=1)
        known = _is_workday(day)
        certain = certain and known is not None
        if known if known is not None else day.weekday() <= FRIDAY:
            count -= 1
    return WorkdaysLater(day=day, certain=certain)


def last_known_year() -> int:
    """Return the last year whose holidays the calendar knows."""
    from chinese_calendar.constants import holidays

    return int(max(holidays).year)


def _is_workday(day: dt.date) -> bool | None:
    """Return whether a day is worked; None where the calendar ends."""
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None
