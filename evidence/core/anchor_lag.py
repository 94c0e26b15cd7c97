"""Anchor lag: how long after an event an outside authority could say that its record existed.

Rules:

1. The event is the end of what the claimed time allows for (the whole minute, the whole day). With
   no usable claimed time it is when the program took the record in, and that is said.
2. The first timestamp is the one with the earliest outside time among those that cover the entry;
   its time is taken at its latest (genTime plus the stated accuracy).
3. A lag says how much time there was to make something up. It never says that something is true.
4. A claimed time that begins only after the authority's time contradicts it: that is said, not
   hidden behind a lag of zero.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterable

from evidence.core.case_view import CaseView, Recorded
from evidence.core.moment import Moment
from evidence.core.timestamp import Timestamp


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class AnchorLag:
    """From an event to the first timestamp that covers its record."""

    timestamp: Recorded[Timestamp]
    seconds: int
    """Never negative."""
    since_recorded: bool
    """Counted from the program's clock, for want of a claimed time."""
    contradicts: bool
    """The claimed time begins after the authority's."""


def first_cover(timestamps: Iterable[Recorded[Timestamp]], seq: int) -> Recorded[Timestamp] | None:
    """Return the timestamp with the earliest outside time that covers the entry (rule 2)."""
    covering = (t for t in timestamps if t.record.size > seq)
    return min(covering, key=lambda t: (t.record.latest, t.seq), default=None)


def anchor_lag(
    timestamps: Iterable[Recorded[Timestamp]],
    *,
    seq: int,
    occurred: Moment | None,
    recorded_at: str,
) -> AnchorLag | None:
    """Return the lag of one record, or None if no timestamp covers it."""
    first = first_cover(timestamps, seq)
    if first is None:
        return None
    interval = None if occurred is None else occurred.interval()
    since_recorded = interval is None
    if interval is None:
        begun = ended = dt.datetime.fromisoformat(recorded_at)
    else:
        begun, ended = interval
    attested = first.record.latest
    return AnchorLag(
        timestamp=first,
        seconds=max(0, round((attested - ended).total_seconds())),
        since_recorded=since_recorded,
        contradicts=begun > attested,
    )


def exhibit_lags(
    view: CaseView, timestamps: Iterable[Recorded[Timestamp]] | None = None
) -> dict[int, AnchorLag | None]:
    """Return the lag of each exhibit by its seq.

    The stamp of an export says only when it was made, and it spans a time: its lag begins when
    the program took it in.
    """
    stamps = tuple(view.timestamps if timestamps is None else timestamps)
    exports = {row.record.export for row in view.rows}
    return {
        exhibit.seq: anchor_lag(
            stamps,
            seq=exhibit.seq,
            occurred=None if exhibit.seq in exports else exhibit.record.occurred,
            recorded_at=exhibit.recorded_at,
        )
        for exhibit in view.exhibits
    }


def parts(seconds: int) -> tuple[int, int, int]:
    """Return whole days, hours and minutes, rounded up to the minute."""
    minutes = -(-seconds // 60)
    return minutes // 1440, minutes // 60 % 24, minutes % 60
