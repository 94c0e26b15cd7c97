"""What the person should look at before the packet leaves their hands. It warns; they decide.

Rules:

1. Each point has a code, how much it can harm, the entries it is about, and where one exists the
   command that mends it.
2. Gravest first; within one severity in the order of the texts below.
3. Nothing of it is printed in the packet or put into the bundle.
4. A packet entry can never be erased, so it keeps the points without names, numbers and words.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from evidence.core.moment import Source
from evidence.core.moment_text import date_text
from evidence.core.packet_record import ReviewItem, Severity
from reports import texts
from reports.decide import (
    addressees,
    own_text,
    review_clock,
    review_exhibits,
    review_limits,
    supplement,
)
from reports.decide.context import Context
from reports.decide.places import runs
from reports.decide.review_points import Point, shell_word
from reports.decide.review_reached import not_shown
from reports.decide.review_undecided import undecided
from reports.packet import Finding

Finder = Callable[[Context, Sequence[Finding]], Iterator[Point]]

_ORDER = list(Severity)

_THIRD_PARTY = frozenset({"third_party_contact", "disclose_debt"})
"""Conducts that say that somebody else was reached; a threat to do so is a threat."""


def review(context: Context, found: Sequence[Finding]) -> tuple[ReviewItem, ...]:
    """Return the points, gravest first."""
    finders: tuple[Finder, ...] = (
        _competence,
        _missing_data,
        _of_a_later_version,
        review_clock.clock,
        own_text.doubts,
        review_exhibits.own_words,
        review_exhibits.third_parties,
        review_limits.six_months,
        _findings,
        not_shown,
        review_exhibits.exhibits,
        review_exhibits.masked_places,
        undecided,
        _left_out,
        review_exhibits.rows,
        supplement.review,
        _earlier,
    )
    words = texts.load("review")
    items = [worded(point, words) for finder in finders for point in finder(context, found)]
    return tuple(sorted(items, key=lambda one: _ORDER.index(one.severity)))


def worded(point: Point, words: Mapping[str, Any] | None = None) -> ReviewItem:
    """Return a point in words."""
    said = (words or texts.load("review"))[point.code]
    return ReviewItem(
        code=point.code,
        severity=Severity(said["severity"]),
        text=said["text"].format(**point.fields),
        seqs=point.seqs,
        command=said.get("command", "").format(**point.fields),
    )


def kept(item: ReviewItem) -> ReviewItem:
    """Return a point as the case keeps it: without words that somebody may want erased (rule 4)."""
    title: str = texts.load("review")[item.code]["title"]
    return dataclasses.replace(item, text=title, command="")


def _competence(context: Context, _found: Sequence[Finding]) -> Iterator[Point]:
    """Yield that the channel's addressee is not competent, with who is and how to address them."""
    kind = context.respondent_type
    if not addressees.competent(context):
        yield Point.of(
            "lender-answers" if kind.lender_answers else "not-competent",
            context.respondent.seq,
            institution=context.institution,
            label=kind.label,
            advice=kind.advice,
            addressee=kind.addressee,
            channel=kind.channels[0],
            respondent=shell_word(context.institution),
        )


def _missing_data(context: Context, _found: Sequence[Finding]) -> Iterator[Point]:
    labels = texts.load("letter")["labels"]
    complainant, respondent = context.complainant, context.respondent
    identity = {
        "id_number": ("--id-number 号码", complainant.record.id_number),
        "phone": ("--phone 号码", complainant.record.phone),
    }
    contract = {
        "product": ("--product 名称", respondent.record.product),
        "contract_no": ("--contract 编号", respondent.record.contract_no),
    }
    groups = (
        ("identity-missing", complainant.seq, identity),
        ("contract-missing", respondent.seq, contract),
    )
    for code, seq, values in groups:
        missing = {labels[key]: option for key, (option, value) in values.items() if not value}
        if missing:
            yield Point.of(
                code,
                seq,
                fields="、".join(missing),
                options=" ".join(missing.values()),
                respondent=shell_word(context.institution),
            )


def _of_a_later_version(context: Context, _found: Sequence[Finding]) -> Iterator[Point]:
    """Yield that there are entries which this version cannot take into account."""
    count = sum(context.view.unknown_kinds.values())
    if count:
        yield Point.of("later-version", count=count)


def _findings(context: Context, found: Sequence[Finding]) -> Iterator[Point]:
    moments = {t.seq: context.moment(t.record) for t in context.selected.tags}
    inferred = {
        seq
        for seq, moment in moments.items()
        if moment is not None and (moment.year_inferred or moment.source is Source.MTIME)
    }
    named = {t.seq for t in context.selected.tags if t.record.contacted}
    groups = {
        "date-inexact": [f for f in found if f.date_remark],
        "time-inferred": [f for f in found if f.tag_seq in inferred and not f.date_remark],
        "without-quote": [f for f in found if not f.quote and not f.region],
        "without-citation": [f for f in found if not f.citations],
        "third-party-unnamed": [
            f for f in found if f.conduct_id in _THIRD_PARTY and f.tag_seq not in named
        ],
    }
    for code, listed in groups.items():
        if listed:
            numbers = runs(f.number for f in listed)
            seqs = [f.tag_seq for f in listed]
            yield Point.of(code, *seqs, numbers=numbers, seq=seqs[0])


def _left_out(context: Context, _found: Sequence[Finding]) -> Iterator[Point]:
    selected = context.selected
    if selected.tags_elsewhere:
        seqs = [t.seq for t in selected.tags_elsewhere]
        yield Point.of("tags-elsewhere", *seqs, seqs="、".join(map(str, seqs)))
    if selected.left_out:
        names = "、".join(e.record.name for e in selected.left_out)
        yield Point.of("left-out", *(e.seq for e in selected.left_out), names=names)
    if selected.tags_left_out:
        seqs = [t.seq for t in selected.tags_left_out]
        yield Point.of("tags-left-out", *seqs, seqs="、".join(map(str, seqs)))
    if selected.notes_left_out:
        seqs = [n.seq for n in selected.notes_left_out]
        listed = "、".join(map(str, seqs))
        yield Point.of("general-notes", *seqs, count=len(seqs), seqs=listed)


def _earlier(context: Context, _found: Sequence[Finding]) -> Iterator[Point]:
    """Yield the last packet for the same hands, if nobody said that it was handed in."""
    view, channel = context.view, context.channel.value
    same = [
        p
        for p in view.packets
        if p.record.channel == channel
        and view.respondent_seq(p.record.respondent) == context.respondent.seq
    ]
    handed_in = {s.record.packet for s in view.submissions if s.stands}
    if same and not handed_in.intersection(p.seq for p in same):
        last = same[-1]
        day = date_text(dt.datetime.fromisoformat(last.recorded_at))
        yield Point.of("earlier-packet", last.seq, day=day, seq=last.seq)
