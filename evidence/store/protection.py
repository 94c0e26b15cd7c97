"""Who may read a case: making its key, and finding it again from a passphrase or recovery code."""

import dataclasses
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from evidence.core import recovery_code
from evidence.core.passphrase import Passphrase
from evidence.core.recovery_code import RecoverySecret
from evidence.errors import (
    KeySlotDamagedError,
    PassphraseRequiredError,
    WrongPassphraseError,
    WrongRecoveryCodeError,
)
from evidence.store import key_slots, sealing
from evidence.store.key_slots import DamagedSlotError, Kdf, Locks, SlotName, WrongSecretError
from evidence.store.sealing import KeySealer, LockedSealer, Sealer

_SLOT_WORDS = {SlotName.PASSPHRASE: "密码", SlotName.RECOVERY: "恢复码"}

Unlock = Callable[[Path, Locks], Sealer]
"""Gives the key of a case that has a passphrase; called only for such a case."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """A case key, and the slots that a passphrase and a recovery code open."""

    sealer: KeySealer
    slots: Mapping[SlotName, bytes]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Protection(Seal):
    """A new case key in all its forms."""

    recovery: RecoverySecret
    """To be shown once; it is not stored."""


def protect(
    passphrase: Passphrase,
    *,
    kdf: Kdf | None = None,
    entropy: Callable[[int], bytes] = secrets.token_bytes,
) -> Protection:
    """Make a new case key that ``passphrase`` and a new recovery code open."""
    sealer = KeySealer(sealing.new_name(entropy), entropy(sealing.KEY_BYTES), entropy=entropy)
    recovery = recovery_code.from_random(entropy(recovery_code.RANDOM_BYTES))
    return Protection(
        sealer=sealer,
        slots={
            SlotName.PASSPHRASE: wrap(
                SlotName.PASSPHRASE, sealer, passphrase, kdf=kdf, entropy=entropy
            ),
            SlotName.RECOVERY: wrap(SlotName.RECOVERY, sealer, recovery, kdf=kdf, entropy=entropy),
        },
        recovery=recovery,
    )


def wrap(
    name: SlotName,
    sealer: KeySealer,
    secret: bytes,
    *,
    kdf: Kdf | None = None,
    entropy: Callable[[int], bytes] = secrets.token_bytes,
) -> bytes:
    """Return the stored bytes of a slot that ``secret`` opens."""
    return key_slots.wrap(name, sealer.name, sealer.key, secret, kdf=kdf or Kdf(), entropy=entropy)


def by_passphrase(path: Path, locks: Locks, passphrase: Passphrase) -> KeySealer:
    """Return the key of a case.

    Raises:
        WrongPassphraseError, KeySlotDamagedError.
    """
    try:
        return _opened(path, locks, SlotName.PASSPHRASE, passphrase)
    except WrongSecretError as error:
        raise WrongPassphraseError(path=str(path)) from error


def by_recovery(path: Path, locks: Locks, recovery: RecoverySecret) -> KeySealer:
    """Return the key of a case.

    Raises:
        WrongRecoveryCodeError, KeySlotDamagedError.
    """
    try:
        return _opened(path, locks, SlotName.RECOVERY, recovery)
    except WrongSecretError as error:
        raise WrongRecoveryCodeError(path=str(path)) from error


def _opened(path: Path, locks: Locks, slot: SlotName, secret: bytes) -> KeySealer:
    try:
        return KeySealer(locks.sealing, key_slots.unwrap(slot, locks, secret))
    except DamagedSlotError as error:
        raise KeySlotDamagedError(path=str(path), detail=_SLOT_WORDS[slot]) from error


def damaged_slots(locks: Locks) -> list[SlotName]:
    """Return the slots that neither passphrase nor recovery code could open."""
    found = []
    for name in SlotName:
        try:
            key_slots.read(name, locks)
        except DamagedSlotError:
            found.append(name)
    return found


def no_key(path: Path, locks: Locks) -> Sealer:  # noqa: ARG001 - the shape of Unlock
    """Refuse at once."""
    raise PassphraseRequiredError(path=str(path))


def locked(path: Path, locks: Locks) -> Sealer:
    """Open nothing, so that only what is in clear can be read."""
    return LockedSealer(locks.sealing, lambda: PassphraseRequiredError(path=str(path)))
