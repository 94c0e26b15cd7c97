"""投诉书: the contents that the complaint measures ask for (provision cmp2020-13)."""

from collections.abc import Mapping
from typing import Any

from evidence.core.records import Medium, NumberRole
from reports import texts
from reports.decide import ranking
from reports.decide.citations import Merged, merged
from reports.decide.context import Context
from reports.decide.figures import letter_figures
from reports.packet import Finding, Letter, PacketExhibit, Statistics

EXAMPLES = 3
"""Findings told with their words in the letter itself."""

LISTED = 8
"""Findings listed by number beside an instrument; more are only counted."""

_STAFF = frozenset({NumberRole.COLLECTOR, NumberRole.LENDER, NumberRole.OTHER})
_ALWAYS_SHOWN = ("name", "id_number", "phone")


def letter(
    context: Context,
    found: tuple[Finding, ...],
    shown: tuple[PacketExhibit, ...],
    counted: Statistics,
) -> Letter:
    """Return the letter for the packet's respondent and channel."""
    words = texts.load("letter")
    institution = context.institution
    filled = {"institution": institution, **texts.provision_names(context.rules)}
    return Letter(
        title=words["title"].format(institution=institution),
        addressee=words["addressee"][context.channel.value],
        complainant_rows=_complainant_rows(context, words["labels"]),
        respondent_rows=_respondent_rows(context, words["labels"]),
        loan_rows=_loan_rows(context, words["labels"]),
        requests=_requests(institution, found, words),
        facts=_facts(context, found, counted, words),
        basis=(
            *_basis(context, found, words),
            *(line.format_map(filled) for line in _basis_closing(context, words)),
        ),
        statements=tuple(s.format_map(filled) for s in _statements(context, words)),
        attachments=_attachments(shown, words),
    )


def named_provisions(context: Context) -> frozenset[str]:
    """Return the provisions that the letter names beside those of the findings."""
    words = texts.load("letter")
    templates = (*_basis_closing(context, words), *_statements(context, words))
    return texts.provisions_named(context.rules, templates)


def _basis_closing(context: Context, words: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the templates of what follows the provisions, by kind of respondent."""
    kind = context.respondent_type
    if kind.lender_answers:
        return (words["basis_lender"], words["basis_rights"])
    if not kind.supervised_by_12378:
        return ()
    agency = (words["basis_agency"],) if context.respondent.record.agency else ()
    return (*agency, words["basis_rights"])


def _statements(context: Context, words: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the templates: the debt remains due, the truth, no agent.

    The truth duty is a rule about complaints against what the NFRA supervises; elsewhere the
    person says the same without it.
    """
    kind = context.respondent_type
    covered = kind.supervised_by_12378 or kind.lender_answers
    truth = words["truth"] if covered else words["truth_other"]
    return (words["debt_remains"], truth, words["own_submission"])


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


def _respondent_rows(context: Context, labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
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
        "platform": record.platform,
        "agency": record.agency,
        "staff": "；".join(sorted(staff)),
    }
    return tuple((labels[key], value) for key, value in values.items() if value)


def _loan_rows(context: Context, labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    record = context.respondent.record

    def yuan(amount: str) -> str:
        return labels["yuan"].format(amount=amount) if amount else ""

    values = {
        "product": record.product,
        "contract_no": record.contract_no,
        "principal": yuan(record.principal),
        "annual_rate": record.annual_rate,
        "repaid": yuan(record.repaid),
        "overdue_since": record.overdue_since,
        "guarantor": record.guarantor,
    }
    return tuple((labels[key], value) for key, value in values.items() if value)


def _requests(
    institution: str, found: tuple[Finding, ...], words: Mapping[str, Any]
) -> tuple[str, ...]:
    """Return what is asked; what some conduct calls for only if that is marked."""
    marked = {f.conduct_id for f in found}
    return tuple(
        request["text"].format(institution=institution)
        for request in words["requests"]
        if "conducts" not in request or marked & set(request["conducts"])
    )


def _facts(
    context: Context, found: tuple[Finding, ...], counted: Statistics, words: Mapping[str, Any]
) -> tuple[str, ...]:
    record = context.respondent.record
    since = record.overdue_since
    lender = not context.respondent_type.lender_answers
    opening = words["facts_opening" if lender else "facts_opening_not_lender"].format(
        name=context.complainant.record.name,
        institution=context.institution,
        product=f"“{record.product}”" if record.product else "",
        period=words["period_overdue"].format(since=since) if since else words["period_unknown"],
        ways=_ways(context, words),
        count=len(found),
    )
    groups = [
        words["facts_group"].format(
            label=g.label, count=len(g.numbers), numbers="、".join(map(str, g.numbers))
        )
        for g in ranking.by_conduct(found)
    ]
    order = texts.load("call_sheet")["strongest_first"]
    quoted = [f for f in found if f.quote]
    examples = [
        words[_example(f)].format(
            time=f.occurred_text,
            counterpart=f.counterpart,
            quote=f.quote,
            exhibit=f.exhibit_label,
            place=f.place,
        )
        for f in ranking.strongest(quoted, order, EXAMPLES)
    ]
    figures = letter_figures(context, counted)
    return (opening, "".join(groups), *figures, *examples, words["facts_closing"])


def _example(finding: Finding) -> str:
    if not finding.exhibit_label:
        return "facts_strongest_note"
    return "facts_strongest" if finding.counterpart else "facts_strongest_without_number"


def _ways(context: Context, words: Mapping[str, Any]) -> str:
    media = {e.record.medium for e in context.selected.exhibits}
    read = {r.record.medium for r in context.selected.rows}
    ways: list[str] = []
    if Medium.RECORDING in media or Medium.CALL in read:
        ways.append(words["way_recording"])
    if Medium.SCREENSHOT in media or Medium.MESSAGE in read:
        ways.append(words["way_screenshot"])
    return "和".join(ways) or str(words["way_unknown"])


def _basis(
    context: Context, found: tuple[Finding, ...], words: Mapping[str, Any]
) -> tuple[str, ...]:
    """Return one line for each instrument: what may be said, its articles and level, for what."""
    listed = merged(context, found)
    if not listed:
        return (words["no_citation"],)
    last = len(listed) - 1
    return (
        words["basis_opening"],
        *(_line(one, words, "。" if place == last else "；") for place, one in enumerate(listed)),
    )


def _line(one: Merged, words: Mapping[str, Any], end: str) -> str:
    citation, count = one.citation, len(one.numbers)
    which = words["basis_which" if count <= LISTED else "basis_which_many"]
    line: str = words["basis_line"].format(
        wording=citation.wording,
        citation=citation.text,
        which=which.format(numbers="、".join(map(str, one.numbers)), count=count),
        remark=f"（{citation.remark}）" if citation.remark else "",
        end=end,
    )
    return line


def _attachments(shown: tuple[PacketExhibit, ...], words: Mapping[str, Any]) -> tuple[str, ...]:
    reach = words["attachment_range"]
    reach = reach.format(first=shown[0].label, last=shown[-1].label) if shown else ""
    withheld = sum(e.extract is not None for e in shown)
    originals = words["attachment_withheld" if withheld else "attachment_originals"]
    return tuple(
        a.format(range=reach, count=len(shown), originals=originals.format(count=withheld))
        for a in words["attachments"]
    )
