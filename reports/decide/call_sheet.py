"""One page for the 12378 call: what to say, what to have ready, what to write down."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from evidence.core.moment import Meaning, Moment, Precision
from evidence.core.moment_text import time_text
from evidence.core.records import Medium
from reports import texts
from reports.complaint import CallSheet
from reports.decide import addressees, masking, ranking, supplement
from reports.decide.context import Context
from reports.decide.figures import sheet_figures
from reports.packet import Finding, Statistics

STRONGEST = 3
"""Findings that can be told in two minutes."""

_CLAUSE_END = re.compile(r"(?<=[，。！？；,!?;\s])")
_SECONDS = re.compile(r"( \d\d:\d\d):\d\d(?:\.\d+)?$")
_STOPS = ("。", "！", "？", "…", "!", "?")
_PICTURE_TIMES = (Meaning.CAPTURED, Meaning.SAVED)


def call_sheet(context: Context, found: tuple[Finding, ...], counted: Statistics) -> CallSheet:
    """Return the sheet with the gravest findings of different conduct, in order of time.

    Long words of the other side are shortened, more and more until all can be said in two
    minutes; they stand in full in the packet.
    """
    words = texts.load("call_sheet")
    record, complainant = context.respondent.record, context.complainant.record
    product = words["opening_product"].format(product=record.product) if record.product else ""
    chosen = _strongest(found, words["strongest_first"])
    opening: str = words["opening"].format(
        name=complainant.name, institution=record.name, product=product
    ) + supplement.spoken(context)
    script: tuple[str, ...] = ()
    for limit in words["quote_limits"]:
        script = (
            words["script_intro"],
            *(_fact(context, words, finding, limit) for finding in chosen),
            *sheet_figures(context, counted),
            _closing(found, words),
        )
        if _spoken_length(opening, script) <= words["spoken_limit"]:
            break
    competent = addressees.competent(context)
    return CallSheet(
        notice=_notice(context, words),
        opening=opening,
        minutes=max(2, math.ceil(_spoken_length(opening, script) / words["per_minute"])),
        script=script,
        ask_for=tuple(words["ask_for" if competent else "ask_for_elsewhere"]),
        have_ready=_ready(context, words["ready"]),
        blanks=tuple(words["blanks"]),
        knows=_knows(context, words),
    )


def _strongest(found: tuple[Finding, ...], order: Sequence[str]) -> tuple[Finding, ...]:
    """Return what the letter tells with its words, too; what has no words only fills up."""
    quoted = ranking.strongest([f for f in found if f.quote], order, STRONGEST)
    told = {f.conduct_id for f in quoted}
    rest = [f for f in found if not f.quote and f.conduct_id not in told]
    filled = (*quoted, *ranking.strongest(rest, order, STRONGEST - len(quoted)))
    return tuple(sorted(filled, key=lambda f: f.number))


def _spoken_length(opening: str, script: tuple[str, ...]) -> int:
    return len(opening) + sum(map(len, script))


def _closing(found: tuple[Finding, ...], words: Mapping[str, Any]) -> str:
    others = {f.conduct_id for f in found} & set(words["third_party_conducts"])
    third_party = words["script_third_party"] if others else ""
    closing: str = words["script_closing"].format(count=len(found), third_party=third_party)
    return closing


def _ready(context: Context, words: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return what to have at hand. The identity number is masked: the sheet lies on a desk."""
    record, complainant = context.respondent.record, context.complainant.record
    masked = masking.identity(complainant.id_number)
    principal = words["yuan"].format(amount=record.principal) if record.principal else ""
    values = {
        "name": complainant.name,
        "id_number": words["id_number_masked"].format(masked=masked)
        if masked
        else words["id_number_missing"],
        "phone": complainant.phone or words["phone_missing"],
        "institution": record.name,
        "product": record.product or words["see_contract"],
        "contract_no": record.contract_no or words["see_contract"],
        "principal": principal or words["see_contract"],
        "overdue_since": record.overdue_since or words["see_contract"],
        "agency": record.agency or words["if_known"],
    }
    return tuple((words[key], value) for key, value in values.items())


def _notice(context: Context, words: Mapping[str, Any]) -> str:
    """Return that another authority is competent, if one is."""
    if addressees.competent(context):
        return ""
    kind = context.respondent_type
    said: str = words["knows_not_supervised"].format(
        institution=context.institution, label=kind.label, addressee=kind.addressee
    )
    return said


def _knows(context: Context, words: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what the hotline does; of an institution outside its field, only what it is for."""
    names = texts.provision_names(context.rules)
    told = words["knows"] if addressees.competent(context) else words["knows"][:1]
    return (*(line.format_map(names) for line in told), words["knows_last"])


def _fact(context: Context, words: Mapping[str, Any], finding: Finding, limit: int) -> str:
    tag = next(t.record for t in context.selected.tags if t.seq == finding.tag_seq)
    exhibit, row, moment = context.exhibit(tag.on), context.row(tag.on), context.moment(tag)
    known = moment is not None and moment.precision is not Precision.UNKNOWN
    media = {item.record.medium for item in (exhibit, row) if item is not None}
    if not finding.quote:
        template = "fact_without_quote"
    elif exhibit is None and row is None:
        template = "fact_note"
    elif Medium.RECORDING in media or Medium.CALL in media:
        template = "fact_call"
    elif known and moment is not None and moment.meaning in _PICTURE_TIMES:
        template = "fact_picture"
    else:
        template = "fact_message"
    who = finding.counterpart if media and finding.counterpart else words["other_side"]
    text: str = words[template].format(
        time=_spoken(moment) if known and moment is not None else words["time_unknown"],
        counterpart=shorten(who, words["name_limit"], words["name_shortened"]),
        quote=shorten(finding.quote, limit, words["shortened"]),
        stop="" if finding.quote.endswith(_STOPS) else "。",
        label=finding.conduct_label,
    )
    return text


def _spoken(moment: Moment) -> str:
    """Return the time to the minute, as one says it."""
    return _SECONDS.sub(r"\1", time_text(moment))


def shorten(quote: str, limit: int, mark: str) -> str:
    """Return ``quote``, or its first whole clauses with ``mark``; never changed otherwise."""
    if len(quote) <= limit:
        return quote
    kept = ""
    for clause in _CLAUSE_END.split(quote):
        if len(kept) + len(clause) > limit:
            break
        kept += clause
    return mark.format(start=kept or quote[:limit])
