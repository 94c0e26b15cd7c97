"""Points of the review about what the person has not decided yet."""

from collections.abc import Iterator, Sequence

from evidence.core.attribution import Attribution, attribute
from evidence.core.records import Medium
from reports.decide.context import Context
from reports.decide.review_points import Point, shell_word
from reports.packet import Finding

SHOWN = 5
"""Numbers that are listed; more are only counted."""


def undecided(context: Context, _found: Sequence[Finding]) -> Iterator[Point]:
    """Yield suggestions that nobody decided on, and recordings of unknown numbers."""
    owners = attribute(context.view)
    suggested = _suggestions(owners, context.respondent.seq)
    if suggested:
        yield Point.of("suggestions-open", *suggested, count=len(suggested))
    groups = _unassigned(owners)
    if groups:
        seqs = [seq for group in groups.values() for seq in group]
        listed = [f"{number}（{len(group)} 份）" for number, group in groups.items()]
        yield Point.of(
            "numbers-unassigned",
            *seqs,
            count=len(seqs),
            listed="、".join(listed[:SHOWN]) + ("等" if len(listed) > SHOWN else ""),
            number=next(iter(groups)),
            respondent=shell_word(context.institution),
        )


def _suggestions(owners: Attribution, respondent: int) -> list[int]:
    found: list[int] = []
    for suggestion in owners.view.open_suggestions():
        record = suggestion.record
        on = record.on if record.on is not None else next(iter(record.calls), None)
        if record.conduct and on is not None and owners.of_entry(on) == respondent:
            found.append(suggestion.seq)
    return found


def _unassigned(owners: Attribution) -> dict[str, list[int]]:
    """Return number → recordings of it that belong to nobody, the most first."""
    groups: dict[str, list[int]] = {}
    for exhibit in owners.view.exhibits:
        party = exhibit.record.party
        known = not party.number or party.number_truncated or party.number in owners.view.numbers
        if exhibit.record.medium is not Medium.RECORDING or not exhibit.stands or known:
            continue
        if owners.of_entry(exhibit.seq) is None:
            groups.setdefault(party.number, []).append(exhibit.seq)
    return dict(sorted(groups.items(), key=lambda group: -len(group[1])))
