"""What ``verify`` says of a file that SQLite cannot or must not read: what is safe, one by one.

Rules:

1. What cannot be read is told as damage, what does not match as not matching; the one is never
   called the other (``wreck``, rule 3).
2. A checkpoint is compared only if it lies within the entries that are whole from the first on. One
   that reaches further is not checked: that entries cannot be read does not say that they changed.
"""

from collections.abc import Iterator
from pathlib import Path

from evidence.core import checkpoint, merkle
from evidence.core.checkpoint import SignedCheckpoint
from evidence.core.entry import GENESIS
from evidence.core.printed import ShortCode
from evidence.errors import CaseDamagedError, CaseStructureError
from evidence.store.other_copy import OtherCopy
from evidence.store.protection import Unlock
from evidence.store.verdict import CheckResult, Verdict, broken, intact
from evidence.store.verify_anchors import Anchor
from evidence.store.wreck import State, Wreck


def damaged_results(
    wreck: Wreck, error: CaseDamagedError | CaseStructureError
) -> Iterator[CheckResult]:
    """Yield what is wrong; ``error`` is why SQLite does not read the file."""
    name = "schema" if isinstance(error, CaseStructureError) else "file-structure"
    yield broken(name, detail=error.detail)
    for seq in sorted({*wreck.missing, *wreck.of(State.DAMAGED)}):
        yield broken("entry-damaged", seq=seq)
    for seq in wreck.of(State.MISMATCH):
        yield broken("entry-leaf", seq=seq)
    for seq in wreck.of(State.WHOLE):
        before = wreck.entries.get(seq - 1)
        if not wreck.entries[seq].linked and before is not None and before.leaf is not None:
            yield broken("entry-link", seq=seq)
    for seq in wreck.originals_of(State.DAMAGED):
        yield broken("original-damaged", seq=seq)
    for seq in wreck.originals_of(State.MISMATCH):
        yield broken("original-digest", seq=seq)


def damaged_anchor(wreck: Wreck, against: Anchor | None) -> CheckResult:
    """Compare an earlier checkpoint with the whole entries from the first on (rule 2)."""
    case = wreck.case_record
    if against is None or case is None or isinstance(against, ShortCode | OtherCopy):
        return CheckResult(name="anchor", verdict=Verdict.NOT_CHECKED)
    claimed = against.checkpoint if isinstance(against, SignedCheckpoint) else against
    if claimed.case_id != case.case_id:
        return broken("anchor-case", expected=case.case_id, found=claimed.case_id)
    if isinstance(against, SignedCheckpoint) and not checkpoint.verify_signature(
        against, bytes.fromhex(case.public_key)
    ):
        return broken("anchor-signature")
    if claimed.size > wreck.prefix:
        detail = f"{wreck.prefix} of {claimed.size} entries can be read"
        return CheckResult(name="anchor", verdict=Verdict.NOT_CHECKED, detail=detail)
    root = merkle.root([wreck.entries[seq].leaf or GENESIS for seq in range(claimed.size)])
    if root != claimed.root:
        return broken("anchor-root", expected=claimed.root.hex(), found=root.hex())
    return intact("anchor", f"{claimed.size} entries")


def search(path: Path, unlock: Unlock) -> Wreck | None:
    """Return what is left of the file; None if nothing of a case is in it."""
    wreck = Wreck(path, unlock=unlock)
    if wreck.highest >= 0:
        return wreck
    with wreck:
        return None
