"""The sealer and the slots: what opens, what does not, and what a crafted slot may ask for."""

import hashlib
import json
from pathlib import Path

import pytest

from evidence.core import canonical
from evidence.core.canonical import JsonValue
from evidence.core.passphrase import normalised
from evidence.errors import KeySlotDamagedError, WrongPassphraseError, WrongRecoveryCodeError
from evidence.store import key_slots, protection, sealing
from evidence.store.key_slots import DamagedSlotError, Kdf, Locks, SlotName
from evidence.store.sealing import BrokenSealError, KeySealer, Place
from tests.evidence.store import case_files
from tests.evidence.store.sealed_files import CHEAP, PASSPHRASE

PLACES = [
    Place("entry", 0, 0),
    Place("entry", 1, 0),
    Place("chunk", 0, 0),
    Place("chunk", 1, 0),
    Place("chunk", 0, 1),
    Place("meta.signing_key", 0, 0),
]
PLAIN = "甲某说今天就上门".encode()
NAME = "aes-256-gcm:" + "0f" * 16


def sealer(key: int = 1, name: str = NAME) -> KeySealer:
    return KeySealer(name, bytes([key]) * 32)


@pytest.mark.parametrize("place", PLACES)
def test_sealed_bytes_open_at_their_place_and_at_no_other(place: Place) -> None:
    sealed = sealer().seal(place, PLAIN)
    assert sealer().unseal(place, sealed) == PLAIN
    for other in set(PLACES) - {place}:
        with pytest.raises(BrokenSealError):
            sealer().unseal(other, sealed)


def test_every_flipped_byte_and_every_cut_is_noticed() -> None:
    place = PLACES[0]
    sealed = sealer().seal(place, PLAIN)
    for at in range(len(sealed)):
        changed = bytearray(sealed)
        changed[at] ^= 1
        for wrong in (bytes(changed), sealed[:at]):
            with pytest.raises(BrokenSealError):
                sealer().unseal(place, wrong)


@pytest.mark.parametrize("other", [sealer(2), sealer(1, NAME[:-1] + "e")])
def test_another_key_or_another_salt_opens_nothing(other: KeySealer) -> None:
    with pytest.raises(BrokenSealError):
        other.unseal(PLACES[0], sealer().seal(PLACES[0], PLAIN))


def test_the_same_bytes_are_sealed_differently_each_time() -> None:
    assert len({bytes(sealer().seal(PLACES[0], PLAIN)[:12]) for _ in range(50)}) == 50


def test_crafted_place_is_a_broken_seal_not_an_exception_of_its_own() -> None:
    with pytest.raises(BrokenSealError):
        sealer().unseal(Place("chunk", -1, -1), bytes(100))


def test_lookup_recognises_a_digest_and_does_not_hold_it() -> None:
    digest = bytes(range(32))
    assert sealer().lookup(digest) == sealer().lookup(digest) != sealer(2).lookup(digest)
    assert digest not in sealer().lookup(digest)


# --- slots ----------------------------------------------------------------------------------------


def made() -> tuple[protection.Protection, Locks]:
    new = protection.protect(PASSPHRASE, kdf=CHEAP, entropy=case_files.repeatable())
    return new, Locks(sealing=new.sealer.name, slots=new.slots)


HERE = Path("case.liuhen")


def test_passphrase_and_recovery_code_give_the_same_key_and_nothing_else_does() -> None:
    new, locks = made()
    assert protection.by_passphrase(HERE, locks, PASSPHRASE).key == new.sealer.key
    assert protection.by_recovery(HERE, locks, new.recovery).key == new.sealer.key
    with pytest.raises(WrongPassphraseError):
        protection.by_passphrase(HERE, locks, normalised("another"))
    with pytest.raises(WrongRecoveryCodeError):
        protection.by_recovery(HERE, locks, type(new.recovery)(b"2" * 28))


def test_slots_do_not_open_each_other_or_another_case() -> None:
    new, locks = made()
    crossed = Locks(
        sealing=locks.sealing,
        slots={SlotName.PASSPHRASE: new.slots[SlotName.RECOVERY]},
    )
    elsewhere = Locks(sealing=NAME, slots=new.slots)
    for wrong in (crossed, elsewhere):
        with pytest.raises(KeySlotDamagedError):
            protection.by_passphrase(HERE, wrong, PASSPHRASE)


def test_every_flipped_byte_of_a_slot_is_damage_and_not_a_wrong_passphrase() -> None:
    new, locks = made()
    stored = new.slots[SlotName.PASSPHRASE]
    for at in range(len(stored)):
        changed = bytearray(stored)
        changed[at] ^= 1
        slots = {**new.slots, SlotName.PASSPHRASE: bytes(changed)}
        with pytest.raises(DamagedSlotError):
            key_slots.read(SlotName.PASSPHRASE, Locks(sealing=locks.sealing, slots=slots))


def test_usual_parameters_are_the_second_recommended_option_of_rfc_9106() -> None:
    assert Kdf() == Kdf(memory_kib=65536, iterations=3, lanes=4)


@pytest.mark.parametrize(
    "asked",
    [
        {"memory_kib": 2**40},
        {"memory_kib": 1024 * 1024, "iterations": 64},
        {"iterations": 2**31},
        {"iterations": 0},
        {"lanes": 10_000},
        {"memory_kib": -1},
        {"iterations": True},
        {"lanes": "4"},
        {"salt": "00"},
        {"wrapped": "zz" * 48},
        {"kdf": "scrypt"},
        {"more": 1},
    ],
)
def test_crafted_parameters_are_refused_before_they_are_used(
    asked: dict[str, JsonValue], monkeypatch: pytest.MonkeyPatch
) -> None:
    new, locks = made()
    slot = {**json.loads(new.slots[SlotName.PASSPHRASE]), **asked}
    del slot["check"]
    whole = {**slot, "sealing": locks.sealing, "slot": SlotName.PASSPHRASE.value}
    slot["check"] = hashlib.sha256(canonical.encode(whole)).hexdigest()
    crafted = Locks(sealing=locks.sealing, slots={SlotName.PASSPHRASE: canonical.encode(slot)})
    monkeypatch.delattr(key_slots, "Argon2id")
    with pytest.raises(DamagedSlotError):
        key_slots.unwrap(SlotName.PASSPHRASE, crafted, PASSPHRASE)


def test_name_of_the_sealing_is_strict() -> None:
    assert sealing.is_known("plain")
    assert sealing.is_known(NAME)
    for name in ("", "PLAIN", NAME[:-1], NAME + "0", NAME.upper(), NAME + "\n"):
        assert not sealing.is_known(name)
