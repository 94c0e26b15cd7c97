"""通话统计: what can be counted from the recordings, with the rule and its limits in words.

Rules:

1. A call is counted once for each recording whose day and hour are known. A recording of a call
   is a call that was answered. What the person dialled is not counted.
2. Night is 22:00–8:00, and only if the whole interval lies inside: that of the claimed time and,
   where it may be the start or the stop of the call, the call's length on both sides of it.
3. No number is called a statutory maximum.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from evidence.core import moment
from evidence.core.case_view import Recorded
from evidence.core.moment import CHINA, Meaning, Precision
from evidence.core.night import night
from evidence.core.records import Direction, Exhibit, Medium
from reports import texts
from reports.decide.context import Context
from reports.packet import CallCount, Statistics


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    label: str
    start: dt.datetime
    """Chinese standard time."""
    at_night: bool | None


def statistics(context: Context) -> Statistics:
    """Return the counts per day and hour of the packet's recordings."""
    words = texts.load("statistics")
    labels = context.selected.labels
    recordings = [e for e in context.selected.exhibits if e.record.medium is Medium.RECORDING]
    outgoing = [e for e in recordings if e.record.direction is Direction.OUT]
    counted = [e for e in recordings if e not in outgoing]
    calls = [call for e in counted if (call := _call(e, labels[e.seq])) is not None]
    known = {call.label for call in calls}
    days = _days(calls)
    nights = tuple(c.label for c in calls if c.at_night is True)
    border = [c.label for c in calls if c.at_night is None]
    left = [labels[e.seq] for e in outgoing]
    return Statistics(
        rule=words["rule"],
        source=words["source"],
        limits=words["limits"] + _line(words, "outgoing", left),
        days=days,
        undated=tuple(labels[e.seq] for e in counted if labels[e.seq] not in known),
        total=len(calls),
        night_total=len(nights),
        night_labels=nights,
        remarks=tuple(
            line
            for line in (
                _line(words, "night", nights) or words["no_night"],
                _line(words, "border", border),
            )
            if line
        ),
    )


def _call(entry: Recorded[Exhibit], label: str) -> _Call | None:
    occurred = entry.record.occurred
    interval = occurred.interval()
    if interval is None or occurred.precision is Precision.DAY:
        return None
    return _Call(label=label, start=interval[0].astimezone(CHINA), at_night=_at_night(entry.record))


def _at_night(record: Exhibit) -> bool | None:
    """Return whether the call lies in the night hours as a whole (rule 2)."""
    verdicts = {night(record.occurred)}
    interval = record.occurred.interval()
    if record.occurred.meaning is Meaning.CALL_START_OR_STOP and interval and record.duration_ms:
        length = dt.timedelta(milliseconds=record.duration_ms)
        verdicts |= {
            night(
                moment.at(
                    instant,
                    precision=Precision.SECOND,
                    source=record.occurred.source,
                    meaning=record.occurred.meaning,
                    basis="",
                )
            )
            for instant in (interval[0] - length, interval[1] + length)
        }
    return verdicts.pop() if len(verdicts) == 1 else None


def _days(calls: Iterable[_Call]) -> tuple[CallCount, ...]:
    by_day: dict[str, list[_Call]] = {}
    for call in calls:
        by_day.setdefault(call.start.date().isoformat(), []).append(call)
    return tuple(
        CallCount(
            day=day,
            by_hour=tuple(sum(c.start.hour == hour for c in group) for hour in range(24)),
            night=sum(c.at_night is True for c in group),
            exhibit_labels=tuple(c.label for c in group),
        )
        for day, group in sorted(by_day.items())
    )


def _line(words: Mapping[str, Any], key: str, labels: Iterable[str]) -> str:
    listed = "、".join(labels)
    return str(words[key]).format(labels=listed) if listed else ""
