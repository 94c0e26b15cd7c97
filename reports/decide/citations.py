"""Provisions as they are cited: one citation for each instrument, with its articles.

Rules:

1. Articles of one instrument stand together, with 、 between them. The binding one comes first,
   then they go by number.
2. Remarks of the provisions of one instrument are joined, each sentence once.
3. A citation never holds the law's words; the annex does, and only where they may be quoted.
"""

import dataclasses
from collections.abc import Iterable

from evidence.core import citation as choice
from evidence.core.citation import Chosen, Role
from evidence.core.rules import Provision, Rules
from reports.decide.context import Context
from reports.packet import Citation, Finding


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """One instrument cited in the packet, with the findings it is cited for."""

    citation: Citation
    numbers: tuple[int, ...]


def citations(chosen: Iterable[Chosen], rules: Rules, channel: str) -> tuple[Citation, ...]:
    """Group the chosen provisions by instrument, in the order of the first of each."""
    grouped: dict[str, list[Chosen]] = {}
    for one in chosen:
        grouped.setdefault(one.provision.instrument, []).append(one)
    made: list[Citation] = []
    for group in grouped.values():
        ordered = sorted(
            group, key=lambda c: (c.role is not Role.BINDING, article_order(c.provision.id))
        )
        provisions, remarks = [c.provision for c in ordered], [c.remark for c in ordered]
        made.append(_citation(provisions, remarks, rules, channel))
    return tuple(made)


def merged(context: Context, found: tuple[Finding, ...]) -> tuple[Merged, ...]:
    """Return every instrument that the findings cite, once, by level, then in order of the data."""
    rules, kind = context.rules, context.respondent_type
    channel = context.channel.value
    numbers: dict[str, list[int]] = {}
    cited: set[str] = set()
    for finding in found:
        for one in finding.citations:
            numbers.setdefault(one.instrument, []).append(finding.number)
            cited |= set(one.provision_ids)
    grouped: dict[str, list[Provision]] = {}
    for provision in rules.provisions.values():
        if provision.id in cited:
            grouped.setdefault(provision.instrument, []).append(provision)
    made: list[Merged] = []
    for instrument, group in grouped.items():
        ordered = sorted(group, key=lambda p: article_order(p.id))
        remarks = [choice.remark(p, kind) for p in ordered]
        joined = _citation(ordered, remarks, rules, channel)
        made.append(Merged(citation=joined, numbers=tuple(dict.fromkeys(numbers[instrument]))))
    return tuple(sorted(made, key=lambda m: rules.level_order.index(m.citation.level)))


def article_order(identity: str) -> tuple[str, int]:
    """Order provisions of one instrument by the number at the end of their id."""
    family, _, tail = identity.rpartition("-")
    return (family, int(tail)) if tail.isdigit() else (identity, 0)


def _citation(
    provisions: list[Provision], remarks: list[str], rules: Rules, channel: str
) -> Citation:
    first = provisions[0]
    articles = tuple(dict.fromkeys(p.article for p in provisions if p.article))
    parts = [part for remark in remarks for part in remark.split("；") if part]
    if articles:
        # Beside printed numbers it must be clear that the remark is not about those.
        partly = {rules.article_unverified: rules.article_partly_unverified}
        parts = [partly.get(part, part) for part in parts]
    return Citation(
        provision_ids=tuple(p.id for p in provisions),
        instrument=first.instrument,
        articles=articles,
        level=first.level,
        quotable=all(p.quotable for p in provisions),
        wording=rules.wording(channel, first.level),
        remark="；".join(dict.fromkeys(parts)),
    )
