"""Points of the review about time that runs out: the police take up no act after six months.

Rules:

1. The limit and its words are of the provision that is in force when the packet is made.
2. What the police may do is said in a packet to them for every act, elsewhere only for acts that
   the police could still take up and soon cannot.
3. An act of unknown day is not judged.
"""

import calendar
import datetime as dt
from collections.abc import Iterator, Sequence

from evidence.core.moment import CHINA
from evidence.core.rules import Provision
from reports.decide.context import Context
from reports.decide.places import runs
from reports.decide.review_points import Point
from reports.packet import Finding

LIMITS = ("psl-25", "psl-old-22")
MONTHS = 6
NEAR = dt.timedelta(days=45)
"""How long before the limit it is spoken of."""

_POLICE_LAW = "psl-"


def six_months(context: Context, found: Sequence[Finding]) -> Iterator[Point]:
    """Yield the acts for which the police's time has passed or soon will have."""
    today = dt.datetime.fromisoformat(context.made_at).astimezone(CHINA).date()
    rule = _in_force(context, today)
    if rule is None:
        return
    police = context.rules.packet_channels[context.channel.value].has(rule.id)
    passed: list[Finding] = []
    near: dict[int, tuple[Finding, dt.date]] = {}
    for finding in found:
        limit = _limit(context, finding)
        if limit is None or not (police or _for_police(context, finding)):
            continue
        if limit < today:
            passed.append(finding)
        elif limit - today <= NEAR:
            near[finding.number] = finding, limit
    said = {"rule": f"《{rule.instrument}》{rule.article}", "quote": _first_sentence(rule)}
    if passed and police:
        numbers = runs(f.number for f in passed)
        yield Point.of("six-months-passed", *(f.tag_seq for f in passed), numbers=numbers, **said)
    if near:
        first = min(day for _finding, day in near.values())
        seqs = [finding.tag_seq for finding, _day in near.values()]
        numbers = runs(near)
        day = f"{first.year}年{first.month}月{first.day}日"
        yield Point.of("six-months-near", *seqs, numbers=numbers, day=day, **said)


def six_months_after(day: dt.date) -> dt.date:
    """Return the same day six months later, or the last day of that month."""
    month = day.month - 1 + MONTHS
    year, month = day.year + month // 12, month % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _in_force(context: Context, day: dt.date) -> Provision | None:
    for identity in LIMITS:
        rule = context.rules.provisions[identity]
        begun = rule.effective_from is not None and rule.effective_from <= day
        if begun and (rule.effective_to is None or day <= rule.effective_to):
            return rule
    return None


def _first_sentence(rule: Provision) -> str:
    """Return the first sentence of a quotable provision, without the number that opens it."""
    sentence = rule.text.partition("\u3000")[2].partition("\n")[0]
    return sentence.partition("。")[0]


def _for_police(context: Context, finding: Finding) -> bool:
    conduct = context.rules.conducts[finding.conduct_id]
    return any(i.startswith(_POLICE_LAW) for i in (*conduct.cite, *conduct.name_only))


def _limit(context: Context, finding: Finding) -> dt.date | None:
    """Return the last day of the six months after an act; of a doubtful day the earliest."""
    tag = next(t for t in context.selected.tags if t.seq == finding.tag_seq)
    moment = context.moment(tag.record)
    interval = moment.interval() if moment is not None else None
    return six_months_after(interval[0].astimezone(CHINA).date()) if interval else None
