"""The chain below a checkpoint, with nothing but the functions of core.

What is promised (DESIGN section 8, promise 2): any change, removal, insertion or reordering before
the checkpoint is noticed. What is not promised: entries after the last checkpoint can all be
rewritten by whoever holds the file. Both are pinned here.
"""

import dataclasses
import itertools
from collections.abc import Sequence

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from evidence.core import checkpoint, merkle
from evidence.core.checkpoint import Checkpoint, SignedCheckpoint
from evidence.core.entry import GENESIS, Entry, decode_entry, encode_entry, leaf_hash
from evidence.errors import CanonicalFormError, EntryFormError
from tests.evidence.core.strategies import objects

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
CASE_ID = "00112233445566778899aabbccddeeff"


def following(bodies: Sequence[bytes], data: dict[str, object], *, nonce: int = 0) -> bytes:
    """Return the body that comes after ``bodies``."""
    return encode_entry(
        Entry(
            seq=len(bodies),
            prev=leaf_hash(bodies[-1]) if bodies else GENESIS,
            nonce=nonce.to_bytes(16),
            kind="note" if bodies else "case",
            recorded_at="2026-11-20T08:00:00Z",
            data=data,  # type: ignore[arg-type]  # JSON by construction
        )
    )


def chain(size: int) -> list[bytes]:
    bodies: list[bytes] = []
    for n in range(size):
        bodies.append(following(bodies, {"text": f"第 {n} 条"}))
    return bodies


def signed(bodies: Sequence[bytes]) -> SignedCheckpoint:
    root = merkle.root(map(leaf_hash, bodies))
    return checkpoint.sign(Checkpoint(case_id=CASE_ID, size=len(bodies), root=root), KEY)


def links_hold(bodies: Sequence[bytes]) -> bool:
    """Tell whether each body is in its place and names the one before."""
    link = GENESIS
    for place, body in enumerate(bodies):
        try:
            entry = decode_entry(body)
        except (CanonicalFormError, EntryFormError):
            return False
        if (entry.seq, entry.prev) != (place, link):
            return False
        link = leaf_hash(body)
    return True


def stands(bodies: Sequence[bytes], anchor: SignedCheckpoint) -> bool:
    """Tell whether ``bodies`` are a chain that the anchor's key signed up to the anchor's size."""
    claim = checkpoint.parse(anchor.text).checkpoint
    below = bodies[: claim.size]
    return (
        checkpoint.verify_signature(anchor, PUBLIC)
        and links_hold(bodies)
        and len(below) == claim.size
        and merkle.root(map(leaf_hash, below)) == claim.root
    )


def rechained(bodies: Sequence[bytes]) -> list[bytes]:
    """Return the entries with seq and prev made to fit: what a careful forger would do."""
    made: list[bytes] = []
    for place, body in enumerate(bodies):
        link = leaf_hash(made[-1]) if made else GENESIS
        made.append(encode_entry(dataclasses.replace(decode_entry(body), seq=place, prev=link)))
    return made


# --- every small change ---------------------------------------------------------------------------


def test_untouched_chain_stands_below_its_checkpoint() -> None:
    for size in range(1, 20):
        bodies = chain(size)
        assert stands(bodies, signed(bodies))
        assert stands([*bodies, following(bodies, {})], signed(bodies))


def test_every_bit_flip_below_the_checkpoint_is_noticed() -> None:
    bodies = chain(3)
    anchor = signed(bodies)
    for place, body in enumerate(bodies):
        for at, bit in itertools.product(range(len(body)), range(8)):
            changed = body[:at] + bytes([body[at] ^ 1 << bit]) + body[at + 1 :]
            assert not stands([*bodies[:place], changed, *bodies[place + 1 :]], anchor)


@pytest.mark.parametrize("size", range(1, 9))
def test_every_removal_below_the_checkpoint_is_noticed(size: int) -> None:
    bodies = chain(size)
    anchor = signed(bodies)
    for count in range(1, size + 1):
        for gone in itertools.combinations(range(size), count):
            rest = [b for n, b in enumerate(bodies) if n not in gone]
            assert not stands(rest, anchor)
            assert not stands(rechained(rest), anchor)


@pytest.mark.parametrize("size", range(1, 9))
def test_every_insertion_below_the_checkpoint_is_noticed(size: int) -> None:
    bodies = chain(size)
    anchor = signed(bodies)
    for place in range(size):
        for stranger in (*bodies, following(bodies[:place], {"text": "塞进来的"})):
            grown = [*bodies[:place], stranger, *bodies[place:]]
            assert not stands(grown, anchor)
            if rechained(grown)[:size] != bodies:
                assert not stands(rechained(grown), anchor)


@pytest.mark.parametrize("size", range(2, 6))
def test_every_reordering_below_the_checkpoint_is_noticed(size: int) -> None:
    bodies = chain(size)
    anchor = signed(bodies)
    for order in itertools.permutations(range(size)):
        if order != tuple(range(size)):
            moved = [bodies[n] for n in order]
            assert not stands(moved, anchor)
            assert not stands(rechained(moved), anchor)


def test_rewriting_any_entry_below_the_checkpoint_is_noticed_even_when_rechained() -> None:
    bodies = chain(8)
    anchor = signed(bodies)
    for place in range(8):
        entry = decode_entry(bodies[place])
        for change in (
            {"data": {"text": "改过的"}},
            {"recorded_at": "2026-11-20T08:00:01Z"},
            {"kind": "tag"},
            {"nonce": b"\1" * 16},
        ):
            forged = encode_entry(dataclasses.replace(entry, **change))  # type: ignore[arg-type]
            rewritten = [*bodies[:place], forged, *bodies[place + 1 :]]
            assert stands(rewritten, anchor) is False
            assert links_hold(rechained(rewritten))
            assert not stands(rechained(rewritten), anchor)


def test_a_break_in_the_chain_after_the_checkpoint_is_noticed() -> None:
    bodies = chain(6)
    anchor = signed(bodies[:3])
    for place in range(3, 5):
        assert not stands([*bodies[:place], *bodies[place + 1 :]], anchor)


def test_own_key_cannot_move_an_old_checkpoint() -> None:
    bodies = chain(5)
    other = rechained([following([], {"text": "另一个案件"}), *bodies[1:]])
    assert not stands(bodies, signed(other))
    assert not stands(other, signed(bodies))


# --- the documented limits ------------------------------------------------------------------------


def test_limit_rewriting_everything_after_the_last_checkpoint_is_not_noticed() -> None:
    bodies = chain(6)
    anchor = signed(bodies[:3])
    rewritten = bodies[:3]
    for n in range(4):
        rewritten.append(following(rewritten, {"text": f"事后改写 {n}"}))
    assert rewritten[3:] != bodies[3:]
    assert stands(rewritten, anchor)


def test_limit_cutting_off_the_end_after_the_last_checkpoint_is_not_noticed() -> None:
    bodies = chain(6)
    anchor = signed(bodies[:3])
    for size in range(3, 7):
        assert stands(bodies[:size], anchor)


def test_limit_whoever_holds_the_key_can_sign_another_history() -> None:
    # Only a copy of the old checkpoint outside, or its timestamp, shows this.
    other = chain(3)[:1]
    other.append(following(other, {"text": "另一种说法"}))
    assert stands(other, signed(other))


# --- any sequence of actions ----------------------------------------------------------------------


class Tampering(RuleBasedStateMachine):
    """Append and sign as the program does; change the file as somebody else might."""

    def __init__(self) -> None:
        super().__init__()
        self.bodies: list[bytes] = []
        self.anchor: SignedCheckpoint | None = None
        self.anchored: list[bytes] = []

    @initialize()
    def begin(self) -> None:
        self.bodies = [following([], {"case_id": CASE_ID})]
        self.sign()

    @rule(data=objects)
    def append(self, data: dict[str, object]) -> None:
        if links_hold(self.bodies):
            self.bodies.append(following(self.bodies, data))

    @rule()
    def sign(self) -> None:
        if self.bodies and links_hold(self.bodies):
            self.anchor, self.anchored = signed(self.bodies), list(self.bodies)

    @precondition(lambda self: self.bodies)
    @rule(data=st.data())
    def flip(self, data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(self.bodies) - 1))
        body = self.bodies[place]
        at = data.draw(st.integers(0, len(body) - 1))
        changed = body[at] ^ data.draw(st.integers(1, 255))
        self.bodies[place] = body[:at] + bytes([changed]) + body[at + 1 :]

    @precondition(lambda self: self.bodies)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        del self.bodies[data.draw(st.integers(0, len(self.bodies) - 1))]

    @precondition(lambda self: len(self.bodies) > 1)
    @rule(data=st.data())
    def move(self, data: st.DataObject) -> None:
        places = st.integers(0, len(self.bodies) - 1)
        self.bodies.insert(data.draw(places), self.bodies.pop(data.draw(places)))

    @precondition(lambda self: self.bodies)
    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(self.bodies) - 1))
        self.bodies.insert(place, self.bodies[place])

    @precondition(lambda self: self.bodies)
    @rule(data=st.data(), said=objects)
    def rewrite(self, data: st.DataObject, said: dict[str, object]) -> None:
        place = data.draw(st.integers(0, len(self.bodies) - 1))
        self.bodies = [*self.bodies[:place], following(self.bodies[:place], said)]

    @rule()
    def rechain(self) -> None:
        try:
            self.bodies = rechained(self.bodies)
        except (CanonicalFormError, EntryFormError):
            return

    @rule()
    def restore(self) -> None:
        self.bodies = list(self.anchored)

    @invariant()
    def stands_exactly_when_nothing_below_the_anchor_changed_and_the_rest_is_a_chain(self) -> None:
        if self.anchor is None:
            return
        untouched = self.bodies[: len(self.anchored)] == self.anchored
        assert stands(self.bodies, self.anchor) is (untouched and links_hold(self.bodies))


TestTampering = Tampering.TestCase
TestTampering.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)


@settings(max_examples=60)
@given(st.integers(1, 24), st.data())
def test_every_entry_below_a_checkpoint_has_a_proof_and_no_other_body_has_it(
    size: int, data: st.DataObject
) -> None:
    bodies = chain(size)
    anchor = signed(bodies).checkpoint
    leaves = [leaf_hash(body) for body in bodies]
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(leaves, index)
    for body in (*bodies, following(bodies, {})):
        assert merkle.verify_inclusion(
            leaf=leaf_hash(body), index=index, size=size, proof=proof, expected=anchor.root
        ) is (body == bodies[index])
