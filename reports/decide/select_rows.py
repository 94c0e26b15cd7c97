"""Which calls and messages of exports belong into a packet.

Rules:

1. A row belongs if the person said so, if its complete number is the respondent's, if it is of the
   very call that a recording of the same number is of, or if a tag on it names the respondent.
   A name or the time alone brings no row in.
2. Rows of the person's family, colleagues and friends and of their own numbers never get in,
   whatever was said of the export as a whole: their calls are not the respondent's.
3. What never left the phone (drafts, what waits to be sent) is no message.
"""

import dataclasses
import datetime as dt
from collections.abc import Collection

from evidence.core.attribution import Attribution
from evidence.core.calls import JoinedBy
from evidence.core.case_view import CaseView, Recorded
from evidence.core.export_row import ExportRow
from evidence.core.moment import Moment
from evidence.core.records import THIRD_PARTY_ROLES, NumberRole

_NEVER = THIRD_PARTY_ROLES | {NumberRole.SELF}
_UNSENT = frozenset({"draft", "outbox", "queued"})
_LAST = dt.datetime.max.replace(tzinfo=dt.UTC)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ChosenRows:
    """The rows of a packet."""

    chosen: tuple[Recorded[ExportRow], ...]
    """In order of time, then of export and position."""
    exports: tuple[int, ...]
    """The exhibits that they were read from, in order of their first row."""
    left_out: int
    """Rows that would belong but for rules 2 and 3."""


def choose_rows(
    owners: Attribution, exhibits: Collection[int], respondent: int, naming: Collection[int]
) -> ChosenRows:
    """Return the respondent's rows of the exports among ``exhibits``; ``naming`` are tagged."""
    own = [
        row
        for row in owners.view.rows
        if row.stands
        and row.record.export in exhibits
        and _belongs(owners, row, respondent, naming)
    ]
    chosen = sorted((r for r in own if _shown(owners.view, r.record)), key=_order)
    return ChosenRows(
        chosen=tuple(chosen),
        exports=tuple(dict.fromkeys(r.record.export for r in chosen)),
        left_out=len(own) - len(chosen),
    )


def start(moment: Moment | None) -> dt.datetime:
    """Return the first instant of a moment; what has none comes last."""
    interval = moment.interval() if moment else None
    return interval[0] if interval else _LAST


def _belongs(
    owners: Attribution, row: Recorded[ExportRow], respondent: int, naming: Collection[int]
) -> bool:
    if row.record.respondent is None and row.seq in naming:
        return True
    own = owners.view.respondent_of(row.record)
    if own is not None:
        return own == respondent
    call = owners.call_of.get(row.seq)
    same = call is not None and call.joined_by is JoinedBy.NUMBER
    return same and owners.of_entry(row.seq) == respondent


def _shown(view: CaseView, row: ExportRow) -> bool:
    if row.box in _UNSENT:
        return False
    known = view.numbers.get(row.party.number)
    return known is None or row.number_masked or known.record.role not in _NEVER


def _order(row: Recorded[ExportRow]) -> tuple[dt.datetime, int, int]:
    return start(row.record.occurred), row.record.export, row.record.position.record
