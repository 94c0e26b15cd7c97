"""通话核对: which rows of call logs and bills speak of the same call as a recording.

Rules:

1. Only rows that are in the packet are named; what else a recording may fit is not said.
2. What was joined by time alone is said to be so, and no number or name is taken from it.
3. What a recording lacks (direction, number) is shown with the row that says it; two sources that
   disagree are both shown and none is picked.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from evidence.core import timecode
from evidence.core.calls import Call, JoinedBy, Row
from evidence.core.case_view import Recorded
from evidence.core.records import Direction, Exhibit, Medium
from reports import texts
from reports.decide.context import Context
from reports.decide.extracts import clock, meaning, outcome
from reports.decide.places import place, places


def call_checks(context: Context, entry: Recorded[Exhibit]) -> tuple[str, ...]:
    """Return what is said of a recording's call; nothing where there are no rows to compare."""
    if entry.record.medium is not Medium.RECORDING:
        return ()
    call = next((c for c in context.selected.calls if entry in c.recordings), None)
    words = texts.load("rows")
    others = [r.seq for r in call.recordings if r.seq != entry.seq] if call else []
    found: list[str] = []
    if call is not None and call.rows:
        found += _Check(context, entry.record, call, words).lines()
    elif any(r.record.medium is Medium.CALL for r in context.selected.rows):
        found.append(words["check"]["alone"])
    if others:
        found.append(words["check"]["others"].format(labels=places(context, others)))
    return tuple(found)


@dataclasses.dataclass(frozen=True, slots=True)
class _Check:
    """A recording and the call that it is of, which has rows."""

    context: Context
    exhibit: Exhibit
    call: Call
    words: Mapping[str, Any]

    def lines(self) -> Iterator[str]:
        yield self._joined()
        if self.call.joined_by is JoinedBy.TIME:
            return
        if self.call.recording_incomplete:
            yield self._incomplete()
        yield from self._direction()
        yield from self._number()

    def _joined(self) -> str:
        says = self.words["check"]
        rows = "；".join(self._row(row) for row in self.call.rows)
        how = self.call.joined_by
        if how is None or how is JoinedBy.TIME:
            return str(says["time_only"]).format(rows=rows)
        key = "corroborated" if self.call.log or self.call.bill else "sidecar_only"
        return str(says[key]).format(rows=rows, how=says["how"][how.value])

    def _row(self, row: Row) -> str:
        says, record = self.words["check"], row.record
        facts = [
            self.words["direction"][record.direction.value] if record.direction else "",
            outcome(record, self.words),
            timecode.display(record.duration_ms) if record.duration_ms else "",
        ]
        return str(says["row"]).format(
            source=says["source"].get(record.occurred.source.value, ""),
            place=place(self.context, row.seq),
            time=clock(record.occurred),
            meaning=meaning(record.occurred, self.words),
            facts="，".join(fact for fact in facts if fact),
        )

    def _incomplete(self) -> str:
        source = next(r for r in (self.call.bill, self.call.log) if r and r.record.duration_ms)
        recorded = max(r.record.duration_ms or 0 for r in self.call.recordings)
        return str(self.words["check"]["incomplete"]).format(
            recorded=timecode.display(recorded),
            call=timecode.display(source.record.duration_ms or 0),
            place=place(self.context, source.seq),
        )

    def _direction(self) -> Iterator[str]:
        says, names = self.words["check"], self.words["direction"]
        told: list[tuple[Direction, str]] = [
            (r.record.direction, place(self.context, r.seq))
            for r in self.call.rows
            if r.record.direction is not None
        ]
        own = self.exhibit.direction
        if own is not None:
            told.insert(0, (own, says["recording_itself"]))
        if len({direction for direction, _ in told}) > 1:
            values = "；".join(
                says["conflict_value"].format(direction=names[direction.value], source=source)
                for direction, source in told
            )
            yield says["conflict"].format(values=values)
        elif told and own is None:
            direction, source = told[0]
            yield says["direction"].format(direction=names[direction.value], place=source)

    def _number(self) -> Iterator[str]:
        party = self.exhibit.party
        if party.number and not party.number_truncated:
            return
        for row in self.call.rows:
            if row.record.party.number and not row.record.number_masked:
                yield self.words["check"]["number"].format(
                    number=row.record.party.number, place=place(self.context, row.seq)
                )
                return
