"""Part of check 2 of ``verify``: what was erased, and that nothing is gone or there without it.

Rules:

1. A body may be missing only if exactly one later ``erase`` entry names its seq and its leaf.
2. What an ``erase`` entry names must be gone: the body, the bytes and the digest of its original.
3. The list ``erased`` of the file says the same as the ``erase`` entries.
"""

import dataclasses
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from evidence.core import erasure
from evidence.core.entry import LeafHash
from evidence.core.erasure import Erasure
from evidence.store import schema
from evidence.store.case_file import CaseFile
from evidence.store.verdict import CheckResult, broken

_FILLED_CHUNKS = (
    select(schema.chunk.c.seq)
    .join(schema.erased, schema.erased.c.seq == schema.chunk.c.seq)
    .where(func.length(schema.chunk.c.data) > 0)
    .distinct()
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An ``erase`` entry."""

    seq: int
    recorded_at: str
    record: Erasure


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ErasedCheck:
    """What the check found."""

    erased: tuple[Claim, ...]
    """Erasures that hold."""
    emptied: frozenset[int]
    """The entries that they are about."""
    problems: tuple[CheckResult, ...]


def check_erased(
    case: CaseFile,
    claims: Sequence[Claim],
    *,
    empty: Mapping[int, LeafHash],
    leaves: Sequence[LeafHash],
) -> ErasedCheck:
    """Compare what the log says is gone with what is gone."""
    first = erasure.by_target((claim.seq, claim.record) for claim in claims)
    problems = [broken("entry-missing", seq=seq) for seq in sorted(empty.keys() - first.keys())]
    held: list[Claim] = []
    for claim in claims:
        found = [*_claim_problems(claim, first[claim.record.target][0], empty, leaves)]
        problems += found
        held += [] if found else [claim]
    emptied = frozenset(claim.record.target for claim in held)
    problems += _leftovers(case, emptied)
    listed = case.erased()
    said = {target: seq for target, (seq, _) in first.items()}
    problems += [
        broken("erased-list", seq=seq, expected=str(said.get(seq)), found=str(listed.get(seq)))
        for seq in sorted(listed.keys() | said.keys())
        if listed.get(seq) != said.get(seq)
    ]
    return ErasedCheck(erased=tuple(held), emptied=emptied, problems=tuple(problems))


def _claim_problems(
    claim: Claim, first: int, empty: Mapping[int, LeafHash], leaves: Sequence[LeafHash]
) -> Sequence[CheckResult]:
    """Return what is wrong with one erasure (rules 1 and 2)."""
    target = claim.record.target
    if not 0 < target < claim.seq or claim.seq != first:
        return [broken("erase-entry", seq=claim.seq, found=str(target))]
    if target not in empty:
        return [broken("erase-undone", seq=target, detail=f"erased by {claim.seq}")]
    if leaves[target].hex() != claim.record.leaf:
        return [
            broken(
                "erase-entry",
                seq=claim.seq,
                expected=leaves[target].hex(),
                found=claim.record.leaf,
            )
        ]
    return []


def _leftovers(case: CaseFile, emptied: frozenset[int]) -> list[CheckResult]:
    """Return the erased originals of which bytes or the digest are still there (rule 2)."""
    if not emptied:
        return []
    listed = case.originals()
    kept = {seq for seq in emptied & listed.keys() if listed[seq] != (0, schema.empty_lookup(seq))}
    with case.reader() as connection:
        kept |= {seq for (seq,) in connection.execute(_FILLED_CHUNKS)} & emptied
    return [broken("original-kept", seq=seq) for seq in sorted(kept)]
