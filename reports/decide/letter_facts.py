"""主要事实: what was marked, by conduct, and the gravest in their own words."""

from collections.abc import Mapping
from typing import Any

from evidence.core.records import Medium
from reports import texts
from reports.decide import ranking
from reports.decide.context import Context
from reports.decide.figures import letter_figures
from reports.decide.places import runs
from reports.packet import Finding, Statistics

EXAMPLES = 3
"""Findings told with their words in the letter itself."""


def facts(
    context: Context, found: tuple[Finding, ...], counted: Statistics, names: Mapping[str, str]
) -> tuple[str, ...]:
    """Return the paragraphs."""
    words, record = texts.load("letter"), context.respondent.record
    since, who = record.overdue_since, names["who"]
    lender = not context.respondent_type.lender_answers
    opening = words["facts_opening" if lender else "facts_opening_not_lender"].format(
        who=who,
        name=context.complainant.record.name,
        institution=context.institution,
        product=f"“{record.product}”" if record.product else "",
        period=words["period_overdue"].format(since=since) if since else words["period_unknown"],
        ways=_ways(context, words),
        count=len(found),
    )
    groups = [
        words["facts_group"].format(label=g.label, count=len(g.numbers), numbers=runs(g.numbers))
        for g in ranking.by_conduct(found)
    ]
    order = texts.load("call_sheet")["strongest_first"]
    quoted = [f for f in found if f.quote]
    examples = [
        words[_example(f)].format(
            who=who,
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
