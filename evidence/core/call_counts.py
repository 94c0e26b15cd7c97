"""How often a respondent called: by day and hour, answered and unanswered apart (LAW.md, counting).

Rules:

1. A call is counted once, at the moment it began to ring; where no call log has it, at its answer
   (bill) or the recording's own time. What the person dialled is not counted.
2. Night is 22:00–8:00, and only if the whole interval in which the call can have begun lies
   inside. A call that began before 22:00 and went on into the night is listed apart.
3. A call without a known day and hour is listed, never counted.
4. Unanswered calls are in call logs only; each count says from which sources it comes. No number
   is a statutory maximum.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence

from evidence.core import moment
from evidence.core.calls import Call, JoinedBy
from evidence.core.case_view import CaseView
from evidence.core.moment import CHINA, Meaning, Moment, Precision
from evidence.core.night import night
from evidence.core.records import Direction


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CountedCall:
    """A call that is counted."""

    call: Call
    start: dt.datetime
    """Chinese standard time."""
    at_night: bool | None
    """None when the interval straddles the border."""
    into_night: bool
    """It began before 22:00 and went on into the night."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """The calls of one day, Chinese standard time."""

    day: dt.date
    calls: tuple[CountedCall, ...]

    @property
    def answered(self) -> int:
        """Calls that were answered."""
        return sum(c.call.answered is True for c in self.calls)

    @property
    def unanswered(self) -> int:
        """Calls that a call log says were not answered."""
        return sum(c.call.answered is False for c in self.calls)

    @property
    def unclear(self) -> int:
        """Calls of which no source says whether they were answered."""
        return len(self.calls) - self.answered - self.unanswered

    @property
    def night(self) -> int:
        """Calls that count as night calls."""
        return sum(c.at_night is True for c in self.calls)

    def by_hour(self, *, answered: bool | None = None) -> tuple[int, ...]:
        """Return 24 counts, of all calls or of those answered or not."""
        counts = [0] * 24
        for counted in self.calls:
            if answered is None or counted.call.answered is answered:
                counts[counted.start.hour] += 1
        return tuple(counts)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CallCounts:
    """The calls of one respondent, or of all."""

    days: tuple[DayCount, ...]
    undated: tuple[Call, ...]
    """Calls whose hour is not known (rule 3)."""
    outgoing: tuple[Call, ...]
    """What the person dialled."""

    @property
    def counted(self) -> tuple[CountedCall, ...]:
        """All counted calls in order of time."""
        return tuple(call for day in self.days for call in day.calls)

    @property
    def border(self) -> tuple[CountedCall, ...]:
        """Calls at the border of the night hours that do not count as night calls."""
        return tuple(c for c in self.counted if c.at_night is None or c.into_night)


def count(view: CaseView, calls: Sequence[Call], respondent: int | None) -> CallCounts:
    """Return the counts for a respondent; for None, of all calls that belong to any."""
    return tally([own for c in calls if (own := _own(view, c, respondent)) is not None])


def tally(calls: Iterable[Call]) -> CallCounts:
    """Return the counts of calls whose attribution is settled."""
    own = tuple(calls)
    outgoing = [c for c in own if c.direction is Direction.OUT]
    incoming = [c for c in own if c.direction is not Direction.OUT]
    counted = [c for call in incoming if (c := _counted(call)) is not None]
    known = {id(c.call) for c in counted}
    return CallCounts(
        days=_days(counted),
        undated=tuple(call for call in incoming if id(call) not in known),
        outgoing=tuple(outgoing),
    )


def _own(view: CaseView, call: Call, respondent: int | None) -> Call | None:
    """Return what of a call belongs to a respondent.

    A recording joined by time alone takes no call away from whom the rows belong to.
    """
    if _belongs(call.respondent(view), respondent):
        return call
    if call.joined_by is not JoinedBy.TIME:
        return None
    rows = {r.seq for r in call.rows if _belongs(view.respondent_of(r.record), respondent)}
    return call.only(rows)


def _belongs(owner: int | None, wanted: int | None) -> bool:
    return owner is not None if wanted is None else owner == wanted


def _counted(call: Call) -> CountedCall | None:
    occurred = call.occurred
    interval = occurred.interval()
    if interval is None or occurred.precision is Precision.DAY:
        return None
    start = interval[0].astimezone(CHINA)
    at_night = _at_night(call)
    return CountedCall(
        call=call,
        start=start,
        at_night=at_night,
        into_night=at_night is False and _ends_at_night(call, interval[1]),
    )


def _at_night(call: Call) -> bool | None:
    """Return whether the call began in the night hours as a whole (rule 2)."""
    occurred = call.occurred
    interval = occurred.interval()
    if call.rows or interval is None:
        return night(occurred)
    length = call.recordings[0].record.duration_ms
    ended = occurred.meaning is Meaning.RECORDING_STOP
    if ended and length is None:
        return None
    if not length or not (ended or occurred.meaning is Meaning.CALL_START_OR_STOP):
        return night(occurred)
    span = dt.timedelta(milliseconds=length)
    verdicts = {_night_at(interval[0] - span, occurred), _night_at(interval[1] - span, occurred)}
    if not ended:
        verdicts |= {night(occurred), _night_at(interval[1] + span, occurred)}
    return verdicts.pop() if len(verdicts) == 1 else None


def _ends_at_night(call: Call, began: dt.datetime) -> bool:
    length = call.duration_ms
    if not call.rows or not length:
        return False
    return _night_at(began + dt.timedelta(milliseconds=length), call.occurred) is True


def _night_at(instant: dt.datetime, like: Moment) -> bool | None:
    return night(
        moment.at(
            instant,
            precision=Precision.SECOND,
            source=like.source,
            meaning=like.meaning,
            basis="",
        )
    )


def _days(counted: Iterable[CountedCall]) -> tuple[DayCount, ...]:
    by_day: dict[dt.date, list[CountedCall]] = {}
    for call in sorted(counted, key=lambda c: c.start):
        by_day.setdefault(call.start.date(), []).append(call)
    return tuple(DayCount(day=day, calls=tuple(group)) for day, group in sorted(by_day.items()))
