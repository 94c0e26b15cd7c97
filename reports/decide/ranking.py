"""The findings as a person would tell them: by conduct, and the gravest few."""

import dataclasses
from collections.abc import Sequence

from reports.packet import Finding


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Findings of one conduct."""

    label: str
    numbers: tuple[int, ...]


def by_conduct(found: Sequence[Finding]) -> tuple[Group, ...]:
    """Return the findings grouped by conduct, in order of first occurrence."""
    groups: dict[str, list[int]] = {}
    for finding in found:
        groups.setdefault(finding.conduct_label, []).append(finding.number)
    return tuple(Group(label=k, numbers=tuple(v)) for k, v in groups.items())


def strongest(found: Sequence[Finding], order: Sequence[str], count: int) -> tuple[Finding, ...]:
    """Return up to ``count`` findings in order of time: the gravest, of different conduct.

    Graver is what comes earlier in ``order``; of one conduct, what has a quotation, then what is
    better proved, then the earlier one. The same words are told once, even if they are marked as
    two kinds of conduct.
    """
    rank = {conduct: place for place, conduct in enumerate(order)}

    def strength(finding: Finding) -> tuple[object, ...]:
        grave = rank.get(finding.conduct_id, len(rank))
        return grave, not finding.quote, _proof(finding), finding.number

    ranked = sorted(found, key=strength)
    picked: list[Finding] = []
    for finding in ranked:
        same = any(
            finding.conduct_id == p.conduct_id
            or (finding.quote and finding.quote == p.quote and finding.place == p.place)
            for p in picked
        )
        if not same:
            picked.append(finding)
    return tuple(sorted(picked[:count], key=lambda f: f.number))


def _proof(finding: Finding) -> int:
    """Grade how a finding is proved: a marked passage of a recording, another exhibit, a note.

    A day that is not known exactly is worth one grade less.
    """
    grades = (finding.span is not None, bool(finding.exhibit_label), True)
    return grades.index(True) + bool(finding.date_remark)
