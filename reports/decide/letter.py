"""投诉书, 举报书 or 报案材料: the parts that its addressee needs, in the order of the texts.

A complaint has the contents that the complaint measures ask for (provision cmp2020-13).
"""

from collections.abc import Callable, Mapping
from typing import Any

from evidence.core.records import NumberRole
from reports import texts
from reports.complaint import Letter, LetterPart, PartKind
from reports.decide import addressees, letter_facts, own_text, police, supplement
from reports.decide.citations import Merged, merged
from reports.decide.context import Context
from reports.decide.places import runs
from reports.packet import Channel, Finding, PacketExhibit, Statistics

LISTED = 8
"""Findings listed by number beside an instrument; more are only counted."""

_STAFF = frozenset({NumberRole.COLLECTOR, NumberRole.LENDER, NumberRole.OTHER})
_ALWAYS_SHOWN = ("name", "id_number", "phone")
_CONSUMER = frozenset({Channel.HOTLINE_12378, Channel.NFRA, Channel.INSTITUTION})
"""Channels of a consumer complaint, for which the complaint measures are the rule."""


def letter(
    context: Context,
    found: tuple[Finding, ...],
    shown: tuple[PacketExhibit, ...],
    counted: Statistics,
) -> Letter:
    """Return the letter for the packet's respondent and channel."""
    words, document = texts.load("letter"), addressees.document(context)
    names = texts.Names(
        context.rules,
        institution=context.institution,
        who=document["who"],
        letter=document["name"],
    )
    headings = addressees.headings(context)
    parts = tuple(map(PartKind, document["parts"]))
    made: Mapping[PartKind, Callable[[], dict[str, Any]]] = {
        PartKind.OPENING: dict,
        PartKind.OWN_WORDS: dict,
        PartKind.REQUESTS: lambda: {"numbered": True},
        PartKind.SUPPLEMENT: lambda: {"lines": supplement.lines(context, found, names)},
        PartKind.COMPLAINANT: lambda: {"rows": _complainant_rows(context, words["labels"])},
        PartKind.RESPONDENT: lambda: {"rows": _respondent_rows(context, words["labels"], parts)},
        PartKind.LOAN: lambda: {"rows": _loan_rows(context, words["labels"])},
        PartKind.NUMBERS: lambda: {"rows": police.number_rows(context, found)},
        PartKind.CLAIMED: lambda: {"lines": police.claimed(context, found), "numbered": True},
        PartKind.FACTS: lambda: {"lines": letter_facts.facts(context, found, counted, names)},
        PartKind.TIMELINE: lambda: {"lines": police.timeline(context, found)},
        PartKind.BASIS: lambda: {"lines": _basis(context, found, words, names)},
        PartKind.STATEMENTS: lambda: {
            "lines": tuple(s.format_map(names) for s in _statements(context, words)),
            "numbered": True,
        },
        PartKind.ATTACHMENTS: lambda: {"lines": _attachments(shown, words), "numbered": True},
    }
    drawn = [LetterPart(kind=k, heading=headings.get(k, ""), **made[k]()) for k in parts]
    proposed = own_text.proposal(context, found, names)
    written = [own_text.with_own_words(context, part, proposed, names) for part in drawn]
    return Letter(
        name=document["name"],
        materials=document["materials"],
        title=supplement.title(context, document["title"].format_map(names)),
        addressee=addressees.addressee(context),
        notices=police.notices(context, found, names) if context.channel is Channel.POLICE else (),
        parts=tuple(p for p in written if p.rows or p.lines),
        signer=document["signer"],
        named=tuple(sorted(names.named)),
    )


def _basis(
    context: Context, found: tuple[Finding, ...], words: Mapping[str, Any], names: texts.Names
) -> tuple[str, ...]:
    """Return one line for each instrument: what may be said, its articles and level, for what."""
    closing = tuple(line.format_map(names) for line in _basis_closing(context, words))
    listed, to_police = merged(context, found), context.channel is Channel.POLICE
    if not listed:
        nothing = words["no_citation_police" if to_police else "no_citation"]
        return (nothing.format_map(names), *closing)
    last = len(listed) - 1
    opening = words["basis_opening_police" if to_police else "basis_opening"]
    return (
        opening.format_map(names),
        *(_line(one, words, "。" if place == last else "；") for place, one in enumerate(listed)),
        *closing,
    )


def _basis_closing(context: Context, words: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the templates of what follows the provisions, by addressee and respondent."""
    kind, channel = context.respondent_type, context.channel
    if channel is Channel.NFRA_REPORT and kind.supervised_by_12378:
        return (words["basis_report"],)
    if channel not in _CONSUMER:
        return ()
    if kind.lender_answers:
        return (words["basis_lender"], words["basis_rights"])
    if not kind.supervised_by_12378:
        return ()
    agency = (words["basis_agency"],) if context.respondent.record.agency else ()
    decide = (words["basis_institution"],) if channel is Channel.INSTITUTION else ()
    return (*agency, *decide, words["basis_rights"])


def _statements(context: Context, words: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the templates: the debt remains due, the truth, no agent.

    The truth duty of the complaint measures is a rule about complaints against what the NFRA
    supervises; elsewhere the person says the same without it.
    """
    kind = context.respondent_type
    if context.channel is Channel.POLICE:
        return (words["debt_separate"], words["original_police"], words["truth_police"])
    covered = kind.supervised_by_12378 or kind.lender_answers
    consumer = covered and context.channel in _CONSUMER
    if consumer:
        return (words["debt_remains"], words["truth"], words["own_submission_covered"])
    return (words["debt_remains"], words["truth_other"], words["own_submission"])


def _complainant_rows(context: Context, labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the rows; this is the one place where the identity number stands in full."""
    record = context.complainant.record
    values = {
        "name": record.name,
        "id_number": record.id_number,
        "phone": record.phone,
        "address": record.address,
        "email": record.email,
    }
    return tuple(
        (labels[key], value or labels["to_fill_in"])
        for key, value in values.items()
        if value or key in _ALWAYS_SHOWN
    )


def _respondent_rows(
    context: Context, labels: Mapping[str, str], parts: tuple[PartKind, ...]
) -> tuple[tuple[str, str], ...]:
    """Return the rows; numbers that have a part of their own are not among them."""
    record, view = context.respondent.record, context.view
    staff = {
        " ".join(part for part in (n.record.name, n.record.number) if part)
        for n in view.numbers.values()
        if n.record.role in _STAFF
        and view.respondent_seq(n.record.respondent) == context.respondent.seq
    }
    values = {
        "institution": record.name,
        "type": context.respondent_type.label,
        "lender": record.lender,
        "platform": record.platform,
        "agency": record.agency,
        "staff": "" if PartKind.NUMBERS in parts else "；".join(sorted(staff)),
    }
    return tuple((labels[key], value) for key, value in values.items() if value)


def _loan_rows(context: Context, labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    record = context.respondent.record

    def yuan(amount: str) -> str:
        return labels["yuan"].format(amount=amount) if amount else ""

    values = {
        "product": record.product,
        "contract_no": record.contract_no,
        "borrowed_on": record.borrowed_on,
        "principal": yuan(record.principal),
        "annual_rate": record.annual_rate,
        "repaid": yuan(record.repaid),
        "overdue_since": record.overdue_since,
        "claimed": yuan(record.claimed),
        "guarantor": record.guarantor,
    }
    return tuple((labels[key], value) for key, value in values.items() if value)


def _line(one: Merged, words: Mapping[str, Any], end: str) -> str:
    citation, count = one.citation, len(one.numbers)
    which = words["basis_which" if count <= LISTED else "basis_which_many"]
    line: str = words["basis_line"].format(
        wording=citation.wording,
        citation=citation.text,
        which=which.format(numbers=runs(one.numbers), count=count),
        remark=f"（{citation.remark}）" if citation.remark else "",
        end=end,
    )
    return line


def _attachments(shown: tuple[PacketExhibit, ...], words: Mapping[str, Any]) -> tuple[str, ...]:
    reach = words["attachment_range"]
    reach = reach.format(first=shown[0].label, last=shown[-1].label) if shown else ""
    withheld = sum(not e.bundle_path for e in shown)
    originals = words["attachment_withheld" if withheld else "attachment_originals"]
    return tuple(
        a.format(range=reach, count=len(shown), originals=originals.format(count=withheld))
        for a in words["attachments"]
    )
