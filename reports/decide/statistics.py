"""通话统计: how often they called, with the rule, the sources and the limits in words.

Rules:

1. What is counted, and as what, is decided in ``evidence.core.call_counts`` alone. Only calls of
   the packet's own recordings and rows are given to it.
2. Each counted call is named by one place, that of the source whose time counts: a reader who adds
   up the places of a day gets its number.
3. No number is called a statutory maximum.
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from evidence.core.call_counts import CallCounts, CountedCall, DayCount, tally
from evidence.core.calls import Call, JoinedBy
from evidence.core.moment import Source
from reports import texts
from reports.decide.context import Context
from reports.decide.extracts import clock
from reports.decide.places import place, places
from reports.packet import CallCount, SourceCount, Statistics

_KINDS = ("call_log", "bill", "recording")


def statistics(context: Context) -> Statistics:
    """Return the counts per day and hour of the packet's calls."""
    words = texts.load("statistics")
    counts = tally(context.selected.calls)
    counted = counts.counted
    by_answer = _by_answer(counted)
    has_log = any(r.record.occurred.source is Source.CALL_LOG for r in context.selected.rows)
    nights = tuple(_said(context, c, words, "call") for c in counted if c.at_night)
    sources = tuple(_sources(context, counted, words["source"]))
    names = words["source"]["join"].join(s.name for s in sources)
    return Statistics(
        rule=words["rule"],
        source=words["source"]["sentence"].format(names=names)
        if sources
        else words["source"]["none"],
        limits=words["limits_log" if has_log else "limits_no_log"],
        days=tuple(_day(context, day) for day in counts.days),
        sources=sources,
        corroborated=sum(c.call.corroborated for c in counted),
        undated=tuple(places(context, call.seqs) for call in counts.undated),
        total=len(counted),
        answered=len(by_answer[True]),
        unanswered=len(by_answer[False]),
        unclear=len(by_answer[None]),
        night_total=len(nights),
        night_calls=nights,
        remarks=tuple(_Remarks(context, counts, nights, words).lines()),
    )


def kinds(call: Call) -> frozenset[str]:
    """Return which kinds of source have a call, as ``Call.corroborated`` tells them apart.

    A recorder's own record is its recording's kind; a recording that fits a row in time alone is
    not said to be of that call.
    """
    recorded = call.joined_by is not JoinedBy.TIME and call.recordings
    has = (call.log, call.bill, recorded or call.sidecar)
    return frozenset(kind for kind, source in zip(_KINDS, has, strict=True) if source)


def main_seq(call: Call) -> int:
    """Return the entry whose time counts for a call (rule 2)."""
    return call.rows[0].seq if call.rows else call.recordings[0].seq


def _by_answer(counted: Iterable[CountedCall]) -> dict[bool | None, list[CountedCall]]:
    found: dict[bool | None, list[CountedCall]] = {True: [], False: [], None: []}
    for one in counted:
        found[one.call.answered].append(one)
    return found


def _day(context: Context, day: DayCount) -> CallCount:
    hours = {True: [0] * 24, False: [0] * 24, None: [0] * 24}
    for one in day.calls:
        hours[one.call.answered][one.start.hour] += 1
    return CallCount(
        day=day.day.isoformat(),
        answered_by_hour=tuple(hours[True]),
        unanswered_by_hour=tuple(hours[False]),
        unclear_by_hour=tuple(hours[None]),
        night=day.night,
        sources=places(context, (main_seq(c.call) for c in day.calls)),
    )


def _sources(
    context: Context, counted: Sequence[CountedCall], words: Mapping[str, str]
) -> Iterable[SourceCount]:
    for kind in _KINDS:
        own = [c for c in counted if kind in kinds(c.call)]
        if not own:
            continue
        by_answer = _by_answer(own)
        yield SourceCount(
            name=_name(context, kind, own, words),
            total=len(own),
            answered=len(by_answer[True]),
            unanswered=len(by_answer[False]),
            unclear=len(by_answer[None]),
            only_here=sum(kinds(c.call) == {kind} for c in own),
        )


def _name(context: Context, kind: str, own: Sequence[CountedCall], words: Mapping[str, str]) -> str:
    if kind == "recording":
        seqs = {r.seq for c in own for r in c.call.recordings}
        sidecars = {c.call.sidecar.seq for c in own if c.call.sidecar}
        key = "recording_sidecar" if sidecars else "recording"
        return words[key].format(count=len(seqs | sidecars))
    rows = [c.call.log if kind == "call_log" else c.call.bill for c in own]
    labels = sorted({context.label(row.seq) for row in rows if row is not None})
    return words[kind].format(labels="、".join(labels))


def _said(context: Context, counted: CountedCall, words: Mapping[str, Any], template: str) -> str:
    key = {True: "answered", False: "unanswered", None: "unclear"}[counted.call.answered]
    return str(words["remarks"][template]).format(
        time=clock(counted.call.occurred),
        outcome=words["outcome"][key],
        place=place(context, main_seq(counted.call)),
    )


@dataclasses.dataclass(frozen=True, slots=True)
class _Remarks:
    """The sentences below the table."""

    context: Context
    counts: CallCounts
    nights: Sequence[str]
    words: Mapping[str, Any]

    def lines(self) -> Iterable[str]:
        """Return those that say anything."""
        says, counted = self.words["remarks"], self.counts.counted
        both = sum(c.call.corroborated for c in counted)
        if both:
            yield says["corroborated"].format(total=len(counted), count=both)
        if self.nights:
            calls = says["join"].join(self.nights)
            yield says["night"].format(count=len(self.nights), calls=calls)
        elif counted:
            yield says["no_night"]
        if self.counts.border:
            calls = says["join"].join(self._border(c) for c in self.counts.border)
            yield says["border"].format(calls=calls)
        yield from self._listed("direction", [c.call for c in counted if not c.call.direction])
        yield from self._listed("outgoing", self.counts.outgoing)
        yield from self._listed("undated", self.counts.undated)

    def _border(self, counted: CountedCall) -> str:
        template = "border_into" if counted.into_night else "border_range"
        return _said(self.context, counted, self.words, template)

    def _listed(self, key: str, calls: Sequence[Call]) -> Iterable[str]:
        if calls:
            yield self.words["remarks"][key].format(
                count=len(calls), places=places(self.context, map(main_seq, calls))
            )
