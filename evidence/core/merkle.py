"""The Merkle tree of RFC 6962 section 2.1 over the leaf hashes of the log.

Rules:

1. Leaves are already hashed (``entry.leaf_hash``); a node is SHA-256(0x01 || left || right).
2. The root of no leaves is SHA-256 of nothing (section 2.1).
3. Proofs are lists of 32-byte hashes, bottom up (sections 2.1.1 and 2.1.2).
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import NewType

from evidence.core.entry import LeafHash

RootHash = NewType("RootHash", bytes)
"""32 bytes: the Merkle tree hash of a log."""

EMPTY_ROOT = RootHash(hashlib.sha256(b"").digest())


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Iterable[LeafHash]) -> RootHash:
    """Return the Merkle tree hash of ``leaves`` in one pass and logarithmic memory."""
    stack: list[bytes] = []
    for count, leaf in enumerate(leaves):
        node: bytes = leaf
        merges = count
        while merges & 1:
            node = node_hash(stack.pop(), node)
            merges >>= 1
        stack.append(node)
    if not stack:
        return EMPTY_ROOT
    node = stack.pop()
    while stack:
        node = node_hash(stack.pop(), node)
    return RootHash(node)


def prefix_roots(leaves: Iterable[LeafHash]) -> Iterator[RootHash]:
    """Yield the root over the first one, two, three … of ``leaves``, each in logarithmic time."""
    stack: list[bytes] = []
    for count, leaf in enumerate(leaves):
        node: bytes = leaf
        merges = count
        while merges & 1:
            node = node_hash(stack.pop(), node)
            merges >>= 1
        stack.append(node)
        node = stack[-1]
        for left in reversed(stack[:-1]):
            node = node_hash(left, node)
        yield RootHash(node)


def inclusion_proof(leaves: Sequence[LeafHash], index: int) -> tuple[bytes, ...]:
    """Return the audit path of leaf ``index`` (RFC 6962 section 2.1.1)."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    return tuple(_path(leaves, index))


def consistency_proof(leaves: Sequence[LeafHash], old_size: int) -> tuple[bytes, ...]:
    """Return the proof that the tree extends its first ``old_size`` leaves (section 2.1.2)."""
    if not 0 < old_size <= len(leaves):
        raise IndexError(old_size)
    return tuple(_subproof(leaves, old_size, complete=True))


def verify_inclusion(
    *, leaf: LeafHash, index: int, size: int, proof: Sequence[bytes], expected: RootHash
) -> bool:
    """Tell whether ``proof`` leads from ``leaf`` to ``expected`` (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node: bytes = leaf
    first, last = index, size - 1
    for sibling in proof:
        if last == 0:
            return False
        if first & 1 or first == last:
            node = node_hash(sibling, node)
            while first and not first & 1:
                first, last = first >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        first, last = first >> 1, last >> 1
    return last == 0 and node == expected


def verify_consistency(
    *,
    old_size: int,
    new_size: int,
    old_root: RootHash,
    new_root: RootHash,
    proof: Sequence[bytes],
) -> bool:
    """Tell whether a tree of ``new_size`` extends one of ``old_size`` (RFC 9162 2.1.4.2)."""
    if not 0 < old_size <= new_size:
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    path = list(proof)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    first, last = old_size - 1, new_size - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while first and not first & 1:
                first, last = first >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        first, last = first >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


def _split(size: int) -> int:
    """Return the largest power of two smaller than ``size``."""
    return 1 << (size - 1).bit_length() - 1


def _path(leaves: Sequence[LeafHash], index: int) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = _split(len(leaves))
    if index < k:
        return [*_path(leaves[:k], index), root(leaves[k:])]
    return [*_path(leaves[k:], index - k), root(leaves[:k])]


def _subproof(leaves: Sequence[LeafHash], old_size: int, *, complete: bool) -> list[bytes]:
    if old_size == len(leaves):
        return [] if complete else [root(leaves)]
    k = _split(len(leaves))
    if old_size <= k:
        return [*_subproof(leaves[:k], old_size, complete=complete), root(leaves[k:])]
    return [*_subproof(leaves[k:], old_size - k, complete=False), root(leaves[:k])]
