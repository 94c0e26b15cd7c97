"""Every proof of every tree of 0 to 256 leaves, against the text of RFC 6962 as an oracle."""

import functools
import hashlib

from evidence.core import merkle
from evidence.core.entry import leaf_hash
from evidence.core.merkle import RootHash

MOST = 256
LEAVES = [leaf_hash(b"%d" % n) for n in range(MOST)]


def split(size: int) -> int:
    """Return the largest power of two below ``size``, found by trying."""
    return max(2**n for n in range(9) if 2**n < size)


@functools.cache
def mth(first: int, end: int) -> bytes:
    """MTH(D[first:end]) of section 2.1."""
    if first == end:
        return hashlib.sha256(b"").digest()
    if end - first == 1:
        return hashlib.sha256(b"\x00%d" % first).digest()
    middle = first + split(end - first)
    return hashlib.sha256(b"\x01" + mth(first, middle) + mth(middle, end)).digest()


@functools.cache
def path(leaf: int, first: int, end: int) -> tuple[bytes, ...]:
    """PATH(leaf, D[first:end]) of section 2.1.1; ``leaf`` counts from 0."""
    if end - first == 1:
        return ()
    middle = first + split(end - first)
    if leaf < middle:
        return (*path(leaf, first, middle), mth(middle, end))
    return (*path(leaf, middle, end), mth(first, middle))


@functools.cache
def subproof(old_end: int, first: int, end: int, whole: bool) -> tuple[bytes, ...]:
    """SUBPROOF(old_end - first, D[first:end], whole) of section 2.1.2."""
    if old_end == end:
        return () if whole else (mth(first, end),)
    middle = first + split(end - first)
    if old_end <= middle:
        return (*subproof(old_end, first, middle, whole), mth(middle, end))
    return (*subproof(old_end, middle, end, False), mth(first, middle))


def test_root_of_every_size() -> None:
    for size in range(MOST + 1):
        assert merkle.root(LEAVES[:size]) == mth(0, size), size


def test_every_audit_path_of_every_size_verifies_for_its_leaf_only() -> None:
    for size in range(1, MOST + 1):
        root = RootHash(mth(0, size))
        for index in range(size):
            proof = path(index, 0, size)
            for leaf, is_it in ((LEAVES[index], True), (LEAVES[index - 1], False)):
                assert (
                    merkle.verify_inclusion(
                        leaf=leaf, index=index, size=size, proof=proof, expected=root
                    )
                    is is_it
                ), (index, size)


def test_every_consistency_proof_of_every_size_verifies_for_its_sizes_only() -> None:
    for new in range(1, MOST + 1):
        for old in range(1, new + 1):
            proof = subproof(old, 0, new, True)
            for claimed in (old, old - 1 or new):
                assert merkle.verify_consistency(
                    old_size=claimed,
                    new_size=new,
                    old_root=RootHash(mth(0, old)),
                    new_root=RootHash(mth(0, new)),
                    proof=proof,
                ) is (claimed == old), (old, new)


def test_proofs_of_every_size_are_those_of_the_rfc() -> None:
    for size in range(1, MOST + 1):
        leaves = LEAVES[:size]
        near = split(size) if size > 1 else 0
        for index in {0, 1, near - 1, near, size // 2, size - 1} & set(range(size)):
            assert merkle.inclusion_proof(leaves, index) == path(index, 0, size), (index, size)
            proof = merkle.consistency_proof(leaves, index + 1)
            assert proof == subproof(index + 1, 0, size, True), (index + 1, size)
