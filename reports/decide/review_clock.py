"""Points of the review about the computer's clock: it dates the letter and every record."""

import datetime as dt
from collections.abc import Iterator, Sequence

from evidence.core import clock_order
from evidence.core.moment import Moment
from evidence.core.moment_text import recorded_text
from reports.decide.context import Context
from reports.decide.places import runs
from reports.decide.review_points import Point
from reports.packet import Finding

LISTED = 20
"""Entries that are listed by number; more are only counted."""


def clock(context: Context, _found: Sequence[Finding]) -> Iterator[Point]:
    """Yield a clock that is behind what was recorded, and what happened after now."""
    view = context.view
    if clock_order.set_back(view.last_recorded_at, view.size, context.made_at) is not None:
        yield Point.of(
            "clock-behind",
            view.size - 1,
            now=recorded_text(context.made_at),
            last=recorded_text(view.last_recorded_at),
            seq=view.size - 1,
        )
    now = dt.datetime.fromisoformat(context.made_at)
    times = {
        **{one.seq: one.record.occurred for one in context.selected.exhibits},
        **{one.seq: one.record.occurred for one in context.selected.rows},
    }
    ahead = sorted(seq for seq, moment in times.items() if _begins_after(moment, now))
    if ahead:
        yield Point.of(
            "time-ahead",
            *ahead,
            now=recorded_text(context.made_at),
            seqs=runs(ahead[:LISTED]),
            count=len(ahead),
        )


def _begins_after(moment: Moment, now: dt.datetime) -> bool:
    interval = moment.interval()
    return interval is not None and interval[0] - now >= clock_order.LEAST
