"""Another file of a case, such as a backup: is it the beginning of this one, or where do they part?

Rules:

1. Only the leaves that it stores are read, so no passphrase is needed. Whether its bodies are what
   its leaves say is for its own verification.
2. It is no witness from outside: whoever can write anew the one file can write anew the other.
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from evidence.core.entry import LeafHash
from evidence.outside import read_small
from evidence.store import protection
from evidence.store.case_file import CaseFile
from evidence.store.stranger import HEADER_BYTES, is_database
from evidence.store.verdict import CheckResult, broken, intact


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OtherCopy:
    """The leaves that another case file stores, in order."""

    leaves: tuple[LeafHash, ...]


def read_copy(path: Path) -> OtherCopy | None:
    """Return the leaves of another case file; None if it is no database at all.

    Raises:
        FileUnreadableError: if it cannot be read.
        NotACaseError, CaseTooNewError, CaseStructureError, CaseCompanionError, CaseDamagedError.
    """
    if not is_database(read_small(path, HEADER_BYTES)):
        return None
    with CaseFile.open_read(path, unlock=protection.locked) as case:
        return OtherCopy(leaves=tuple(case.leaves()))


def compare(leaves: Sequence[LeafHash], other: OtherCopy) -> CheckResult:
    """Say whether the other copy is the beginning of this one; each leaf links to the one before.

    An entry 0 names the case and holds a random number, so files that differ there are of
    different cases.
    """
    theirs = other.leaves
    both = range(min(len(leaves), len(theirs)))
    parts = next((seq for seq in both if leaves[seq] != theirs[seq]), None)
    if parts is None and len(theirs) > len(leaves):
        return broken("copy-size", expected=str(len(theirs)), found=str(len(leaves)))
    if parts is None:
        return intact("copy", f"{len(theirs)} entries, {len(leaves) - len(theirs)} added")
    name = "copy-entries" if parts else "copy-case"
    return broken(name, seq=parts, expected=theirs[parts].hex(), found=leaves[parts].hex())
