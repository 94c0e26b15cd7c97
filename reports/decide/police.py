"""报案材料: the parts that only the police need, and what to mind before going there.

Rules:

1. Facts are 疑似; the police decide what they are.
2. The six months of the public-security law run from the act, or from its end if it goes on. When
   the day is not known exactly they may have run out: that is said, not decided.
3. What the other side called itself is repeated, never confirmed.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from evidence.core.moment import CHINA
from evidence.core.moment_text import date_text
from evidence.core.records import THIRD_PARTY_ROLES, NumberRole
from reports import texts
from reports.decide.context import Context
from reports.decide.places import places, runs
from reports.decide.review_limits import six_months_after
from reports.packet import Finding

_TERM_BEFORE = "psl-old-22"
"""The provision on the six months before the one of today."""


def belongs(context: Context, conduct: str) -> bool:
    """Tell whether a conduct has any provision that the channel may name."""
    known = context.rules.conducts.get(conduct)
    if known is None:
        return True  # ``findings`` reports it
    place = context.rules.packet_channels[context.channel.value]
    return not place.included or any(place.has(i) for i in (*known.cite, *known.name_only))


# --- what to mind ---------------------------------------------------------------------------------


def notices(
    context: Context, found: tuple[Finding, ...], names: Mapping[str, str]
) -> tuple[str, ...]:
    """Return what the person must know first: danger, what to bring, the six months."""
    words = texts.load("police")["notices"]
    ended = context.rules.provisions[_TERM_BEFORE].effective_to
    old = any(f.last_day and ended and f.last_day <= ended for f in found)
    before = words["term_old"].replace("{end}", str(ended))
    return (
        words["danger"],
        words["bring"],
        words["term"].format_map(names),
        *((before.format_map(names),) if old else ()),
        *_terms(context, found),
    )


def _terms(context: Context, found: tuple[Finding, ...]) -> tuple[str, ...]:
    """Return for which findings the six months have passed, or soon will."""
    words = texts.load("police")["notices"]
    today = dt.datetime.fromisoformat(context.made_at).astimezone(CHINA).date()
    passed = [f.number for f in found if f.last_day and six_months_after(f.last_day) < today]
    unsure = [f.number for f in found if f.date_remark and f.number not in passed]
    open_ = [f for f in found if f.last_day and f.number not in (*passed, *unsure)]
    said: list[str] = []
    if passed:
        said.append(words["term_passed"].format(numbers=_numbers(passed)))
    if open_:
        first = min(six_months_after(f.last_day) for f in open_ if f.last_day)
        due = [f.number for f in open_ if f.last_day and six_months_after(f.last_day) == first]
        midnight = dt.datetime.combine(first, dt.time(), CHINA)
        said.append(words["term_near"].format(numbers=_numbers(due), day=date_text(midnight)))
    if unsure:
        said.append(words["term_unknown"].format(numbers=_numbers(unsure)))
    return tuple(said)


# --- the other side -------------------------------------------------------------------------------


@dataclasses.dataclass(slots=True)
class _Seen:
    """Where a number is found."""

    places: list[int] = dataclasses.field(default_factory=list)
    findings: list[int] = dataclasses.field(default_factory=list)


def number_rows(context: Context, found: tuple[Finding, ...]) -> tuple[tuple[str, str], ...]:
    """Return each complete number of the other side, with where it is found."""
    words, known = texts.load("police")["numbers"], context.view.numbers
    rows: list[tuple[str, str]] = []
    for number, seen in _numbers_seen(context, found).items():
        record = known[number].record if number in known else None
        role = words["unsaid"]
        if record is not None:
            role = words.get(record.role.value, words["other"])
            role = words["role"].format(name=record.name, role=role) if record.name else role
        said = [role]
        if seen.places:
            said.append(words["seen"].format(labels=places(context, seen.places)))
        if seen.findings:
            said.append(words["findings"].format(numbers=_numbers(seen.findings)))
        rows.append((number, words["join"].join(said)))
    return tuple(rows)


def _numbers_seen(context: Context, found: tuple[Finding, ...]) -> dict[str, _Seen]:
    """Return the numbers that are said to be the respondent's, then the others that called."""
    view, selected = context.view, context.selected
    seen = {
        n.record.number: _Seen()
        for n in view.numbers.values()
        if view.respondent_seq(n.record.respondent) == context.respondent.seq
        and not _others(context, n.record.number)
    }
    of_entry: dict[int, str] = {}
    for entry in selected.exhibits:
        party = entry.record.party
        if party.number and not party.number_truncated:
            of_entry[entry.seq] = party.number
    for row in selected.rows:
        if row.record.party.number and not row.record.number_masked:
            of_entry[row.seq] = row.record.party.number
    tagged = {t.seq: t.record.on for t in selected.tags}
    for seq, number in of_entry.items():
        if not _others(context, number):
            seen.setdefault(number, _Seen()).places.append(seq)
    for finding in found:
        number = of_entry.get(tagged[finding.tag_seq], "")
        if number in seen:
            seen[number].findings.append(finding.number)
    return seen


def _others(context: Context, number: str) -> bool:
    """Tell whether a number is a third party's or the person's own."""
    known = context.view.numbers.get(number)
    return known is not None and known.record.role in {*THIRD_PARTY_ROLES, NumberRole.SELF}


def claimed(context: Context, found: tuple[Finding, ...]) -> tuple[str, ...]:
    """Return what the other side called itself, with where it did."""
    said, selected = texts.load("police"), context.selected
    words, told = said["claimed"], said["timeline"]
    senders: dict[str, list[int]] = {}
    for row in selected.rows:
        if row.record.claimed_sender:
            senders.setdefault(row.record.claimed_sender, []).append(row.seq)
    parties = [e.record.party for e in selected.exhibits]
    parties += [r.record.party for r in selected.rows]
    names = dict.fromkeys(
        name
        for party in parties
        if not _others(context, party.number)
        for name in (party.name, _given_name(context, party.number))
        if name
    )
    lines = [
        words["sender"].format(name=name, places=places(context, seqs))
        for name, seqs in senders.items()
    ]
    if names:
        lines.append(words["contact"].format(names="、".join(names)))
    lines += [
        words["impersonation"].format(
            time=f.occurred_text,
            counterpart=f.counterpart or told["nobody"],
            quote=f.quote,
            place=_source(f, told),
        )
        for f in found
        if f.quote and f.conduct_id in words["impersonation_conducts"]
    ]
    return tuple(lines or [words["none"]])


def _given_name(context: Context, number: str) -> str:
    known = context.view.numbers.get(number)
    return known.record.name if known is not None else ""


# --- the course of events -------------------------------------------------------------------------


def timeline(context: Context, found: tuple[Finding, ...]) -> tuple[str, ...]:
    """Return every finding in order of time, after a sentence on who reports what."""
    words: Mapping[str, Any] = texts.load("police")["timeline"]
    opening = words["opening"].format(
        name=context.complainant.record.name,
        institution=context.institution,
        count=len(found),
    )
    return (
        opening,
        *(
            words["line"].format(
                numbers=_numbers(f.number for f in group),
                time=group[0].occurred_text,
                counterpart=group[0].counterpart or words["nobody"],
                label=words["labels"].join(f.conduct_label for f in group),
                said=words["said"].format(quote=group[0].quote)
                if group[0].quote
                else words["unsaid"],
                source=_source(group[0], words),
            )
            for group in _told_once(found)
        ),
    )


def _told_once(found: tuple[Finding, ...]) -> list[tuple[Finding, ...]]:
    """Put together what is the same words at the same place, marked as several conducts."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for f in found:
        same = f.quote and (f.quote, f.exhibit_label, f.place, f.occurred_text, f.counterpart)
        groups.setdefault(same or (str(f.number),), []).append(f)
    return [tuple(group) for group in groups.values()]


def _source(finding: Finding, words: Mapping[str, str]) -> str:
    template = words["exhibit" if finding.exhibit_label else "note"]
    return str(template.format(exhibit=finding.exhibit_label, place=finding.place))


def _numbers(numbers: Iterable[int]) -> str:
    return runs(numbers)
