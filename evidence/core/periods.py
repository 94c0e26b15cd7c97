"""Periods as data: how long somebody has, by which provision, from which event.

Rules:

1. A period is only what a quotable provision says: its phrase stands there byte for byte and holds
   the number of days. Anything else is a defect of the data and raises ``ValueError``.
2. A channel that no period names has no period: nothing is guessed for it.
"""

import dataclasses
from collections.abc import Mapping

from evidence.core.rules import Provision, Rules
from evidence.core.rules_data import Row, rows
from evidence.core.submission import Event


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """How long somebody has."""

    id: str
    provision: Provision
    phrase: str
    """The words of the provision that say so."""
    days: int
    working: bool
    """Whether only working days count."""
    own: bool
    """Whether it is the person's own time that runs."""
    starts: Mapping[str, Event]
    """Channel → the event that it runs from."""
    conditions: Mapping[str, str]
    """Channel → under which condition it applies there."""
    after: str
    """The period whose last day it runs from, if the event did not happen or none is named."""
    ends: frozenset[Event]
    """What fulfils it."""


def parse_periods(text: str, rules: Rules) -> tuple[Period, ...]:
    """Return the periods in the order of the data.

    Raises:
        ValueError: if the data are not what the rules above ask for.
    """
    found: dict[str, Period] = {}
    for row in rows(text):
        period = _period(row, rules)
        if period.id in found or (period.after and period.after not in found):
            raise ValueError(f"period {period.id}: twice, or after one that is not before it")
        if not period.starts and not period.after:
            raise ValueError(f"period {period.id}: it runs from nothing")
        found[period.id] = period
    return tuple(found.values())


def _period(row: Row, rules: Rules) -> Period:
    identity, phrase = row.text("id"), row.text("phrase")
    provision = rules.provisions[row.text("provision")]
    if not provision.quotable or phrase not in provision.text or row.text("number") not in phrase:
        raise ValueError(f"period {identity}: {provision.id} does not say so")
    return Period(
        id=identity,
        provision=provision,
        phrase=phrase,
        days=row.integer("days"),
        working=row.flag("working"),
        own=row.flag("own"),
        starts={c: Event(e) for c, e in row.text_map("from").items()},
        conditions=row.text_map("conditions"),
        after=row.text_or_empty("after"),
        ends=frozenset(Event(e) for e in row.texts("ends")),
    )
