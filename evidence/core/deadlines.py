"""Deadlines: which periods run in each matter, until when, and what became of them.

Rules:

1. A deadline is a period of the rules data and an event that the person recorded; nothing else.
2. The day of the event is not counted, and the last day is not moved for a holiday: no provision
   read says either, so whoever shows a deadline must say that this is assumed.
3. A period whose event was not recorded runs from the last day of the one before it and is an
   estimate: the real one is earlier or later. It may show the person when to ask, not who is late.
4. A supplement with new facts may start the institution's time anew (provision cmp2020-18); the
   earlier matter's deadlines then say so and are not called missed.
5. What does not bind the respondent is left out; where it binds under a condition, it says so.
"""

import dataclasses
import datetime as dt
import enum
from collections.abc import Iterable, Mapping, Sequence

from evidence.core.case_view import CaseView, Recorded
from evidence.core.moment import CHINA, Moment
from evidence.core.packet_record import PacketRecord
from evidence.core.periods import Period
from evidence.core.rules import RespondentType, Rules
from evidence.core.submission import Event, Submission
from evidence.core.workdays import workdays_after

_OVER = frozenset({Event.REFUSED, Event.CLOSED})
_INSTITUTION = frozenset({"decide", "decide-complex", "decide-longest"})
_EXTENDABLE = ("decide", "decide-complex")


class State(enum.StrEnum):
    """What became of a deadline."""

    OPEN = "open"
    TODAY = "today"
    OVERDUE = "overdue"
    DONE = "done"
    EXTENDED = "extended"
    """The institution said in time that it needs longer."""
    RESTARTED = "restarted"
    """New facts were handed in; the time may have begun anew."""
    ENDED = "ended"
    """The matter ended before."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A submission with what came back, in order of time."""

    submission: Recorded[Submission]
    events: tuple[Recorded[Submission], ...]
    respondent: int | None
    """The standing respondent."""

    @property
    def day(self) -> dt.date:
        """The day on which it was handed in."""
        return day_of(self.submission.record.occurred)

    @property
    def receipt(self) -> str:
        """The latest receipt number."""
        known = [e.record.receipt for e in (self.submission, *self.events) if e.record.receipt]
        return known[-1] if known else ""

    def last(self, event: Event) -> Recorded[Submission] | None:
        """Return the latest event of a kind."""
        own = [e for e in (self.submission, *self.events) if e.record.event is event]
        return own[-1] if own else None

    @property
    def over(self) -> Recorded[Submission] | None:
        """What ended it, if it was refused or closed."""
        return next((e for e in self.events if e.record.event in _OVER), None)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """One last day."""

    matter: Matter
    period: Period
    start: dt.date
    day: dt.date
    state: State
    certain: bool
    """Whether the calendar of working days reached it."""
    estimated: bool
    """Whether the event that it runs from was not recorded (rule 3)."""
    restarted_by: int | None = None
    condition: str = ""
    """Under which condition the provision binds this kind of respondent; may be empty."""


def matters(view: CaseView) -> tuple[Matter, ...]:
    """Return every standing submission with its standing events."""
    events = [s for s in view.submissions if s.stands]
    return tuple(
        Matter(
            submission=one,
            events=tuple(
                sorted(
                    (e for e in events if e.record.of == one.seq),
                    key=lambda e: (day_of(e.record.occurred), e.seq),
                )
            ),
            respondent=view.respondent_seq(one.record.respondent),
        )
        for one in events
        if one.record.event is Event.SUBMITTED
    )


def deadlines(
    view: CaseView, rules: Rules, periods: Sequence[Period], *, today: dt.date
) -> tuple[Deadline, ...]:
    """Return the deadlines of every matter, earliest first."""
    known = matters(view)
    types = {r.seq: rules.respondent_types.get(r.record.type) for r in view.respondents}
    found: list[Deadline] = []
    for matter in known:
        kind = types.get(matter.respondent) if matter.respondent is not None else None
        if kind is not None:
            newer = _restarted_by(view, matter, known)
            found += _of_matter(matter, kind, periods, newer, today)
    return tuple(sorted(found, key=lambda d: (d.day, d.matter.submission.seq)))


def awaited(
    matter: Matter, kind: RespondentType | None, periods: Iterable[Period]
) -> Period | None:
    """Return the period that would run in a matter if its event were recorded, if any would."""
    if kind is None or matter.over is not None:
        return None
    for period in periods:
        event = period.starts.get(matter.submission.record.channel)
        if event is not None and matter.last(event) is None and _binds(period, kind):
            return period
    return None


def day_of(moment: Moment) -> dt.date:
    """Return the day in China of a moment whose day is known."""
    interval = moment.interval()
    if interval is None:
        raise ValueError("a submission without a day")
    return interval[0].astimezone(CHINA).date()


def _of_matter(
    matter: Matter,
    kind: RespondentType,
    periods: Iterable[Period],
    newer: Matter | None,
    today: dt.date,
) -> list[Deadline]:
    made: dict[str, Deadline] = {}
    for period in periods:
        if not _binds(period, kind):
            continue
        begun = _start(matter, period, made)
        if begun is None:
            continue
        start, estimated, certain = begun
        if not _in_force(period, start):
            continue
        if period.working:
            later = workdays_after(start, period.days)
            day, certain = later.day, certain and later.certain
        else:
            day = start + dt.timedelta(days=period.days)
        restarted = newer if period.id in _INSTITUTION else None
        made[period.id] = Deadline(
            matter=matter,
            period=period,
            start=start,
            day=day,
            state=_state(matter, period, day, restarted=restarted is not None, today=today),
            certain=certain,
            estimated=estimated,
            restarted_by=restarted.submission.seq if restarted else None,
            condition=_condition(matter, kind, period),
        )
    return list(made.values())


def _binds(period: Period, kind: RespondentType) -> bool:
    return not period.provision.id.startswith(kind.excluded)


def _condition(matter: Matter, kind: RespondentType, period: Period) -> str:
    """Return under which conditions the period applies to this respondent and channel."""
    said = [said for prefix, said in kind.conditions if period.provision.id.startswith(prefix)]
    said.append(period.conditions.get(matter.submission.record.channel, ""))
    return "；".join(part for part in said if part)


def _in_force(period: Period, day: dt.date) -> bool:
    rule = period.provision
    begun = rule.effective_from is not None and rule.effective_from <= day
    return begun and (rule.effective_to is None or day <= rule.effective_to)


def _start(
    matter: Matter, period: Period, made: Mapping[str, Deadline]
) -> tuple[dt.date, bool, bool] | None:
    """Return the day that a period runs from, whether it is estimated, and whether certain."""
    event = period.starts.get(matter.submission.record.channel)
    happened = matter.last(event) if event is not None else None
    if happened is not None:
        return day_of(happened.record.occurred), False, True
    before = made.get(period.after)
    if before is None or (period.starts and event is None):
        return None
    # A period that only prolongs another is as well known as that one.
    return before.day, before.estimated if not period.starts else True, before.certain


def _state(
    matter: Matter, period: Period, day: dt.date, *, restarted: bool, today: dt.date
) -> State:
    if any(e.record.event in period.ends for e in matter.events):
        return State.DONE
    if matter.over is not None:
        return State.ENDED
    if period.id in _EXTENDABLE and _extended(matter, period, day):
        return State.EXTENDED
    if restarted:
        return State.RESTARTED
    if day == today:
        return State.TODAY
    return State.OPEN if today < day else State.OVERDUE


def _extended(matter: Matter, period: Period, day: dt.date) -> bool:
    """Tell whether a longer time was announced: once for the first limit, later for the second."""
    told = [day_of(e.record.occurred) for e in matter.events if e.record.event is Event.EXTENDED]
    if period.id == _EXTENDABLE[0]:
        return bool(told)
    return len(told) > 1 or any(day - dt.timedelta(days=15) < when for when in told)


def _restarted_by(view: CaseView, matter: Matter, known: Iterable[Matter]) -> Matter | None:
    """Return the later submission of a supplement to what was handed in here (rule 4)."""
    packets = {p.seq: p.record for p in view.packets}
    for other in known:
        packet = packets.get(other.submission.record.packet or -1)
        if packet is None or packet.supplements is None or other.day < matter.day:
            continue
        if matter.submission.record.packet in _chain(packets, packet.supplements):
            return other
    return None


def _chain(packets: Mapping[int, PacketRecord], seq: int | None) -> set[int]:
    """Return a packet with all that it adds to, directly or not."""
    found: set[int] = set()
    while seq is not None and seq not in found:
        found.add(seq)
        packet = packets.get(seq)
        seq = packet.supplements if packet is not None else None
    return found
