"""Which month a bill is of, and the year of a row that has none (FORMATS 3.5).

Rules:

1. The lines above the table say it, else the sheet's name, else the file's name. A range of days
   is better than a month.
2. In a bill of one month, a row of a later month is of the year before. A row more than half a
   year before the bill's month is of no known year: operators do not list that far back, so the
   month must mean something else.
3. In a range, a row's year is the one that puts it inside; none, and it is not known.
"""

import calendar
import dataclasses
import datetime as dt
import re

_DATE = (
    r"(20[0-9]{2})\s?[-年/.]?\s?(0?[1-9]|1[0-2])\s?[-月/.]?\s?"
    r"(0?[1-9]|[12][0-9]|3[01])(?![0-9])\s?日?"
)
_RANGE = re.compile(rf"(?<![0-9]){_DATE}[\s0-9:]{{0,10}}(?:-{{1,2}}|—+|~|至|到|－|_)\s?{_DATE}")
_MONTHS = (
    re.compile(r"(?<![0-9])(20[0-9]{2})\s?年\s?(1[0-2]|0?[1-9])\s?月(?!\s?[0-9]{1,2}\s?日)"),
    re.compile(r"(?<![0-9])(20[0-9]{2})[-/.](1[0-2]|0?[1-9])(?![-/.0-9])"),
    re.compile(r"(?<![0-9])(20[0-9]{2})(0[1-9]|1[0-2])(?![0-9])"),
)
_MOST_MONTHS_BACK = 6


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The days a bill is about."""

    first: dt.date
    last: dt.date
    is_month: bool
    """Only the month is said: the operator's month may begin some days before."""

    def year_of(self, month: int, day: int) -> int | None:
        """Return the year of a row of that day, or None when it cannot be told."""
        year = self.last.year
        if self.is_month:
            if (self.last.month - month) % 12 > _MOST_MONTHS_BACK:
                return None
            return year if month <= self.last.month else year - 1
        for candidate in (year, year - 1):
            if day <= calendar.monthrange(candidate, month)[1] and (
                self.first <= dt.date(candidate, month, day) <= self.last
            ):
                return candidate
        return None


def read_period(text: str) -> Period | None:
    """Return the range or month that a line or a name says, or None."""
    text = text[:300]
    match = _RANGE.search(text)
    if match is not None:
        numbers = [int(group) for group in match.groups()]
        try:
            first, last = dt.date(*numbers[:3]), dt.date(*numbers[3:])
        except ValueError:
            return None
        return Period(first=first, last=last, is_month=False) if first <= last else None
    for pattern in _MONTHS:
        match = pattern.search(text)
        if match is not None:
            year, month = int(match[1]), int(match[2])
            last_day = calendar.monthrange(year, month)[1]
            return Period(
                first=dt.date(year, month, 1), last=dt.date(year, month, last_day), is_month=True
            )
    return None
