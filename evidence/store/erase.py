"""Erase an entry for good: its body, its bytes, and what speaks of it.

Rules (``evidence.core.erasure`` has those about which entries):

1. ``plan`` only reads and says what would go; ``erase`` does that and nothing else, in one
   transaction.
2. If another process adds something that speaks of the entry in between, nothing is erased: a
   person agreed to the plan that they saw.
"""

import dataclasses
from collections.abc import Mapping, Sequence

from evidence.core import case_view, erasure
from evidence.core.case_view import CaseView, Recorded
from evidence.core.entry import Entry
from evidence.core.erasure import Erasure
from evidence.errors import (
    CaseBusyError,
    DependentsError,
    EraseRevivesError,
    NothingRequestedError,
)
from evidence.store.batch import Appended
from evidence.store.case_file import CaseFile


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What goes if an entry is erased."""

    target: int
    kinds: tuple[tuple[int, str], ...]
    """Seq and kind of all that goes, in order: the entry, and what speaks of it."""
    packets: tuple[int, ...]
    """Packets that were made with it; their folders are not touched."""
    size: int
    """Entries in the case when the plan was made."""

    @property
    def dependents(self) -> tuple[int, ...]:
        """Entries that speak of it and go with it."""
        return tuple(seq for seq, _ in self.kinds if seq != self.target)


def plan(case: CaseFile, seq: int) -> Plan:
    """Say what goes if ``seq`` is erased.

    Raises:
        UnknownSeqError, ErasedError: if there is no such entry, or no more.
        NotErasableError, EraseRevivesError: if it must stay.
    """
    target = case.entry(seq)
    erasure.require_erasable(target)
    entries = list(case.entries())
    gone = {seq, *erasure.dependents(seq, entries)}
    _refuse_revival(seq, gone, entries, case.view())
    return Plan(
        target=seq,
        kinds=tuple((entry.seq, entry.kind) for entry in entries if entry.seq in gone),
        packets=erasure.packets_with(gone, entries),
        size=case.size(),
    )


def erase(
    case: CaseFile, planned: Plan, *, reason: str, with_dependents: bool = False
) -> tuple[Appended, ...]:
    """Erase what is planned; return the entries that say so.

    Raises:
        NothingRequestedError: if no reason is given.
        DependentsError: if something speaks of it and ``with_dependents`` is not set.
        CaseBusyError: if another process changed what the plan says.
        UnknownSeqError, ErasedError, NotErasableError, EraseRevivesError: as ``plan``.
    """
    if not reason.strip():
        raise NothingRequestedError(example="liuhen erase 编号 --reason 误导入 --dry-run")
    if planned.dependents and not with_dependents:
        listed = "、".join(map(str, planned.dependents))
        raise DependentsError(seq=planned.target, seqs=listed)
    case.release()
    now = plan(case, planned.target)
    leaves = case.leaves()
    with case.batch() as batch:
        if now.kinds != planned.kinds or batch.size != now.size:
            raise CaseBusyError(path=str(case.path))
        return tuple(
            batch.erase(
                [
                    Erasure(
                        target=seq,
                        leaf=leaves[seq].hex(),
                        kind=kind,
                        reason=reason,
                        along_with=None if seq == planned.target else planned.target,
                    )
                    for seq, kind in planned.kinds
                ]
            )
        )


def _refuse_revival(seq: int, gone: set[int], entries: Sequence[Entry], view: CaseView) -> None:
    """Refuse to let something stand again that the entry had replaced or taken back."""
    after = case_view.fold(entry for entry in entries if entry.seq not in gone)
    revived = _standing(after) - _standing(view)
    if revived:
        raise EraseRevivesError(seq=seq, revived=min(revived))


def _standing(view: CaseView) -> set[int]:
    found: set[int] = set()
    for field in dataclasses.fields(view):
        value = getattr(view, field.name)
        several = tuple(value.values()) if isinstance(value, Mapping) else value
        recorded = several if isinstance(several, tuple) else (several,)
        found |= {r.seq for r in recorded if isinstance(r, Recorded) and r.stands}
    return found
