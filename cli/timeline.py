"""What happened when: exhibits, tags and notes in order of their claimed time."""

import dataclasses
import datetime as dt
from collections.abc import Mapping

from cli.describe import Line, lines
from evidence.core.case_view import CaseView
from evidence.core.moment import CHINA, Moment
from evidence.core.records import Kind
from evidence.core.rules import Rules

_SHOWN = (Kind.EXHIBIT, Kind.RECORD, Kind.NOTE, Kind.TAG)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One exhibit, note or tag at a claimed time."""

    line: Line
    moment: Moment | None

    @property
    def start(self) -> dt.datetime | None:
        """First instant of the claimed time in Chinese standard time; None if no day is known."""
        interval = self.moment.interval() if self.moment else None
        return interval[0].astimezone(CHINA) if interval else None


def timeline(view: CaseView, rules: Rules, *, respondent: int | None = None) -> list[Event]:
    """Return what stands, by time; what has no known day comes last, in order of entry.

    A tag or note on an exhibit that has no time of its own stands at the exhibit's.
    """
    moments = _moments(view)
    events = [
        Event(line=line, moment=moments.get(line.seq))
        for line in lines(view, rules)
        if line.kind in _SHOWN
        and line.withdrawn_by is None
        and (respondent is None or line.respondent == respondent)
    ]
    last = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(events, key=lambda event: (event.start or last, event.line.seq))


def _moments(view: CaseView) -> dict[int, Moment | None]:
    exhibits = {e.seq: e.record.occurred for e in view.exhibits}
    exhibits.update({r.seq: r.record.occurred for r in view.rows})
    notes = {n.seq: _own(n.record.occurred, n.record.on, exhibits) for n in view.notes}
    tags = {t.seq: _own(t.record.occurred, t.record.on, {**exhibits, **notes}) for t in view.tags}
    return {**exhibits, **notes, **tags}


def _own(said: Moment | None, on: int | None, known: Mapping[int, Moment | None]) -> Moment | None:
    return said if said is not None or on is None else known.get(on)
