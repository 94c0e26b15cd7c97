"""Whether a moment lies in the night hours 22:00–08:00, Chinese standard time (LAW.md, counting).

A time known only to the minute, or as an interval, counts as night only if the whole interval
lies inside.
"""

import datetime as dt

from evidence.core.moment import CHINA, Moment

FIRST_HOUR = 22
LAST_HOUR = 8


def night(moment: Moment) -> bool | None:
    """Return True inside, False outside, None when it straddles the border or is not known."""
    interval = moment.interval()
    if interval is None:
        return None
    first, after = interval
    last = after - dt.timedelta(microseconds=1)
    if last - first >= dt.timedelta(hours=2):
        return None
    inside = {_inside(first), _inside(last)}
    return inside.pop() if len(inside) == 1 else None


def _inside(instant: dt.datetime) -> bool:
    hour = instant.astimezone(CHINA).hour
    return hour >= FIRST_HOUR or hour < LAST_HOUR
