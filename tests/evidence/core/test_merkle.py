"""The Merkle tree against the published vectors and against the RFC's own recursion."""

import hashlib
import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.core import merkle
from evidence.core.entry import LeafHash, leaf_hash
from evidence.core.merkle import RootHash

# Inputs and roots of the Certificate Transparency project:
# github.com/transparency-dev/merkle, testonly/constants.go (LeafInputs, NodeHashes, RootHashes).
CT_INPUTS = (
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)
CT_ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
# The audit paths and consistency proofs of the same project's reference tests (merkle_tree_test.cc
# of github.com/google/certificate-transparency).
CT_PATHS = {
    (0, 1): (),
    (0, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (5, 8): (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 3): ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",),
    (1, 5): (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}
CT_CONSISTENCY = {
    (1, 1): (),
    (1, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (6, 8): (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 5): (
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}

CT_LEAVES = [leaf_hash(bytes.fromhex(text)) for text in CT_INPUTS]
INPUTS = [b"%d" % n for n in range(256)]
LEAVES = [leaf_hash(text) for text in INPUTS]


# --- the RFC's text, as an oracle -----------------------------------------------------------------


def largest_power_below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(inputs: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, over the inputs themselves."""
    if not inputs:
        return hashlib.sha256().digest()
    if len(inputs) == 1:
        return hashlib.sha256(b"\x00" + inputs[0]).digest()
    k = largest_power_below(len(inputs))
    return hashlib.sha256(b"\x01" + mth(inputs[:k]) + mth(inputs[k:])).digest()


def path(m: int, inputs: list[bytes]) -> list[bytes]:
    """PATH of section 2.1.1."""
    if len(inputs) == 1:
        return []
    k = largest_power_below(len(inputs))
    if m < k:
        return [*path(m, inputs[:k]), mth(inputs[k:])]
    return [*path(m - k, inputs[k:]), mth(inputs[:k])]


def subproof(m: int, inputs: list[bytes], whole: bool) -> list[bytes]:
    """SUBPROOF of section 2.1.2."""
    if m == len(inputs):
        return [] if whole else [mth(inputs)]
    k = largest_power_below(len(inputs))
    if m <= k:
        return [*subproof(m, inputs[:k], whole), mth(inputs[k:])]
    return [*subproof(m - k, inputs[k:], False), mth(inputs[:k])]


def included(index: int, size: int, proof: tuple[bytes, ...], root: bytes | None = None) -> bool:
    return merkle.verify_inclusion(
        leaf=LEAVES[index % 256],
        index=index,
        size=size,
        proof=proof,
        expected=RootHash(root if root is not None else merkle.root(LEAVES[:size])),
    )


def consistent(old: int, new: int, proof: tuple[bytes, ...]) -> bool:
    return merkle.verify_consistency(
        old_size=old,
        new_size=new,
        old_root=merkle.root(LEAVES[:old]),
        new_root=merkle.root(LEAVES[:new]),
        proof=proof,
    )


def broken(proof: tuple[bytes, ...]) -> Iterator[tuple[bytes, ...]]:
    """Every way to spoil one proof: flip, drop, repeat, swap, stretch, shrink, add."""
    for i, node in enumerate(proof):
        yield (*proof[:i], bytes([node[0] ^ 1]) + node[1:], *proof[i + 1 :])
        yield (*proof[:i], node[:-1] + bytes([node[-1] ^ 0x80]), *proof[i + 1 :])
        yield (*proof[:i], *proof[i + 1 :])
        yield (*proof[: i + 1], *proof[i:])
        yield (*proof[:i], node[:-1], *proof[i + 1 :])
        yield (*proof[:i], node + b"\0", *proof[i + 1 :])
        if i and proof[i] != proof[i - 1]:
            yield (*proof[: i - 1], proof[i], proof[i - 1], *proof[i + 1 :])
    yield (*proof, bytes(32))
    yield (bytes(32), *proof)
    yield (b"", *proof)
    yield (*proof, b"")


# --- roots ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", range(9))
def test_root_is_the_published_one(size: int) -> None:
    assert merkle.root(CT_LEAVES[:size]).hex() == CT_ROOTS[size]


@pytest.mark.parametrize("size", range(9))
def test_oracle_gives_the_published_root(size: int) -> None:
    assert mth([bytes.fromhex(t) for t in CT_INPUTS[:size]]).hex() == CT_ROOTS[size]


def test_root_of_every_size_to_256_is_the_oracles() -> None:
    for size in range(257):
        assert merkle.root(LEAVES[:size]) == mth(INPUTS[:size]), size


def test_root_takes_leaves_one_by_one() -> None:
    assert merkle.root(iter(LEAVES)) == mth(INPUTS)


def test_root_of_a_hundred_thousand_leaves_is_that_of_its_two_trees() -> None:
    leaves = [LeafHash(n.to_bytes(32, "big")) for n in range(100_000)]
    left, right = merkle.root(leaves[:65_536]), merkle.root(leaves[65_536:])
    assert merkle.root(leaves) == hashlib.sha256(b"\x01" + left + right).digest()


@settings(max_examples=60)
@given(st.lists(st.binary(max_size=3), max_size=40))
def test_root_of_any_leaves_is_the_oracles(inputs: list[bytes]) -> None:
    assert merkle.root([leaf_hash(text) for text in inputs]) == mth(inputs)


def test_removing_changing_swapping_or_repeating_a_leaf_changes_the_root() -> None:
    for size in range(1, 34):
        leaves = LEAVES[:size]
        root = merkle.root(leaves)
        for i in range(size):
            flipped = LeafHash(bytes([leaves[i][0] ^ 1]) + leaves[i][1:])
            assert merkle.root([*leaves[:i], flipped, *leaves[i + 1 :]]) != root
            assert merkle.root([*leaves[:i], *leaves[i + 1 :]]) != root
            assert merkle.root([*leaves[: i + 1], *leaves[i:]]) != root
        for i, j in itertools.combinations(range(size), 2):
            swapped = list(leaves)
            swapped[i], swapped[j] = swapped[j], swapped[i]
            assert merkle.root(swapped) != root


def test_an_inner_node_does_not_pass_for_a_leaf() -> None:
    inner = LeafHash(merkle.node_hash(LEAVES[0], LEAVES[1]))
    assert leaf_hash(LEAVES[0] + LEAVES[1]) != inner


# --- inclusion ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("index", "size"), CT_PATHS)
def test_audit_path_is_the_published_one(index: int, size: int) -> None:
    found = merkle.inclusion_proof(CT_LEAVES[:size], index)
    assert tuple(node.hex() for node in found) == CT_PATHS[index, size]


def test_audit_path_of_every_leaf_of_every_size_to_64_verifies() -> None:
    for size in range(1, 65):
        root = merkle.root(LEAVES[:size])
        for index in range(size):
            proof = merkle.inclusion_proof(LEAVES[:size], index)
            assert list(proof) == path(index, INPUTS[:size]), (index, size)
            assert included(index, size, proof, root), (index, size)


def test_spoiled_audit_path_never_verifies() -> None:
    for size in range(1, 34):
        root = merkle.root(LEAVES[:size])
        for index in range(size):
            proof = merkle.inclusion_proof(LEAVES[:size], index)
            for spoiled in broken(proof):
                assert not included(index, size, spoiled, root), (index, size)


def test_audit_path_never_verifies_at_another_place() -> None:
    for size in range(2, 34):
        root = merkle.root(LEAVES[:size])
        for index, other in itertools.permutations(range(size), 2):
            proof = merkle.inclusion_proof(LEAVES[:size], index)
            assert not merkle.verify_inclusion(
                leaf=LEAVES[index], index=other, size=size, proof=proof, expected=root
            )


@settings(max_examples=80)
@given(st.data())
def test_audit_path_of_sizes_to_256_verifies_and_spoiled_does_not(data: st.DataObject) -> None:
    size = data.draw(st.integers(65, 256))
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(LEAVES[:size], index)
    assert list(proof) == path(index, INPUTS[:size])
    assert included(index, size, proof)
    spoiled = data.draw(st.sampled_from(list(broken(proof))))
    assert not included(index, size, spoiled)


@pytest.mark.parametrize(("index", "size"), [(-1, 8), (8, 8), (0, 0), (9, 8)])
def test_audit_path_outside_the_tree_is_refused(index: int, size: int) -> None:
    with pytest.raises(IndexError):
        merkle.inclusion_proof(LEAVES[:size], index)
    assert not included(index, size, merkle.inclusion_proof(LEAVES[:8], 0))


# --- consistency ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("old", "new"), CT_CONSISTENCY)
def test_consistency_proof_is_the_published_one(old: int, new: int) -> None:
    found = merkle.consistency_proof(CT_LEAVES[:new], old)
    assert tuple(node.hex() for node in found) == CT_CONSISTENCY[old, new]


def test_consistency_of_every_pair_of_sizes_to_64_verifies() -> None:
    roots = [merkle.root(LEAVES[:size]) for size in range(65)]
    for new in range(1, 65):
        for old in range(1, new + 1):
            proof = merkle.consistency_proof(LEAVES[:new], old)
            assert list(proof) == subproof(old, INPUTS[:new], True), (old, new)
            assert merkle.verify_consistency(
                old_size=old, new_size=new, old_root=roots[old], new_root=roots[new], proof=proof
            ), (old, new)


def test_spoiled_consistency_proof_never_verifies() -> None:
    for new in range(1, 34):
        for old in range(1, new + 1):
            proof = merkle.consistency_proof(LEAVES[:new], old)
            for spoiled in broken(proof):
                assert not consistent(old, new, spoiled), (old, new)


def test_consistency_proof_never_verifies_for_other_roots() -> None:
    other = merkle.root([LeafHash(bytes(32))])
    for new in range(1, 34):
        for old in range(1, new + 1):
            proof = merkle.consistency_proof(LEAVES[:new], old)
            roots = merkle.root(LEAVES[:old]), merkle.root(LEAVES[:new])
            for old_root, new_root in ((other, roots[1]), (roots[0], other)):
                assert not merkle.verify_consistency(
                    old_size=old, new_size=new, old_root=old_root, new_root=new_root, proof=proof
                )


def test_a_rewritten_history_is_not_consistent() -> None:
    for new in range(2, 34):
        for old in range(1, new):
            rewritten = [leaf_hash(b"other"), *LEAVES[1:new]]
            proof = merkle.consistency_proof(rewritten, old)
            assert not merkle.verify_consistency(
                old_size=old,
                new_size=new,
                old_root=merkle.root(LEAVES[:old]),
                new_root=merkle.root(rewritten),
                proof=proof,
            )


@settings(max_examples=80)
@given(st.data())
def test_consistency_of_sizes_to_256_verifies_and_spoiled_does_not(data: st.DataObject) -> None:
    new = data.draw(st.integers(65, 256))
    old = data.draw(st.integers(1, new))
    proof = merkle.consistency_proof(LEAVES[:new], old)
    assert list(proof) == subproof(old, INPUTS[:new], True)
    assert consistent(old, new, proof)
    spoiled = data.draw(st.sampled_from(list(broken(proof))))
    assert not consistent(old, new, spoiled)


@pytest.mark.parametrize(("old", "new"), [(0, 8), (9, 8), (-1, 8), (1, 0)])
def test_consistency_outside_the_tree_is_refused(old: int, new: int) -> None:
    with pytest.raises(IndexError):
        merkle.consistency_proof(LEAVES[:new], old)
    assert not merkle.verify_consistency(
        old_size=old,
        new_size=new,
        old_root=merkle.EMPTY_ROOT,
        new_root=merkle.root(LEAVES[:new]),
        proof=(),
    )
