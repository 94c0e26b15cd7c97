"""The case key, wrapped once under the passphrase and once under the recovery code.

Rules:

1. A slot is a canonical JSON object in ``meta``. Argon2id (RFC 9106) makes a key-encryption key of
   the secret; AES-256-GCM wraps the case key with it. Which slot it is and which case key it
   belongs to are associated data.
2. The parameters of Argon2id are stored with the slot and bounded when read: a crafted file can
   ask neither for all memory nor for hours.
3. ``check`` is a plain SHA-256 of the rest of the slot, so that a damaged slot is told from a
   wrong passphrase. It is over what is in clear, and so it betrays nothing.
"""

import dataclasses
import enum
import hashlib
from collections.abc import Callable, Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from evidence.core import canonical
from evidence.core.canonical import JsonObject, JsonValue
from evidence.errors import CanonicalFormError
from evidence.store.sealing import KEY_BYTES, NONCE_BYTES

SALT_BYTES = 16
_WRAPPED_BYTES = KEY_BYTES + 16
_FIELDS = frozenset(
    {"check", "iterations", "kdf", "lanes", "memory_kib", "nonce", "salt", "wrapped"}
)


class SlotName(enum.StrEnum):
    """The key of a slot in ``meta``."""

    PASSPHRASE = "key_passphrase"  # noqa: S105 - a name
    RECOVERY = "key_recovery"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Kdf:
    """Parameters of Argon2id; the default is the second recommended option of RFC 9106."""

    memory_kib: int = 64 * 1024
    iterations: int = 3
    lanes: int = 4

    def __post_init__(self) -> None:
        """Refuse what Argon2id cannot do or what takes too much (rule 2)."""
        bounded = (
            1 <= self.lanes <= 16
            and 8 * self.lanes <= self.memory_kib <= 256 * 1024
            and 1 <= self.iterations <= 64
            and self.memory_kib * self.iterations <= 1024 * 1024
        )
        if not bounded:
            raise ValueError("Argon2id parameters")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A wrapped case key."""

    kdf: Kdf
    salt: bytes
    nonce: bytes
    wrapped: bytes


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Locks:
    """What a case file says in clear about its passphrase."""

    sealing: str
    slots: Mapping[SlotName, bytes]
    """The stored values; one that is missing is not there."""


class DamagedSlotError(Exception):
    """The slot is missing, or its stored bytes are not what was written."""


class WrongSecretError(Exception):
    """The slot is whole and the secret does not open it."""


def wrap(
    name: SlotName,
    sealing: str,
    key: bytes,
    secret: bytes,
    *,
    kdf: Kdf,
    entropy: Callable[[int], bytes],
) -> bytes:
    """Return the stored bytes of a new slot that ``secret`` opens."""
    salt, nonce = entropy(SALT_BYTES), entropy(NONCE_BYTES)
    wrapped = AESGCM(_stretched(secret, salt, kdf)).encrypt(nonce, key, _bound(name, sealing))
    slot = Slot(kdf=kdf, salt=salt, nonce=nonce, wrapped=wrapped)
    return canonical.encode(_to_data(slot, sealing, name))


def unwrap(name: SlotName, locks: Locks, secret: bytes) -> bytes:
    """Return the case key.

    Raises:
        DamagedSlotError: if the slot is missing or damaged.
        WrongSecretError: if ``secret`` does not open it.
    """
    slot = read(name, locks)
    opener = AESGCM(_stretched(secret, slot.salt, slot.kdf))
    try:
        return opener.decrypt(slot.nonce, slot.wrapped, _bound(name, locks.sealing))
    except InvalidTag as error:
        raise WrongSecretError from error


def read(name: SlotName, locks: Locks) -> Slot:
    """Return a slot.

    Raises:
        DamagedSlotError: if it is missing or not as it was written.
    """
    try:
        data = canonical.decode(locks.slots[name])
        slot = _from_data(data)
    except (CanonicalFormError, KeyError, ValueError, TypeError) as error:
        raise DamagedSlotError from error
    if _to_data(slot, locks.sealing, name) != data:
        raise DamagedSlotError
    return slot


def _stretched(secret: bytes, salt: bytes, kdf: Kdf) -> bytes:
    derive = Argon2id(
        salt=salt,
        length=KEY_BYTES,
        iterations=kdf.iterations,
        lanes=kdf.lanes,
        memory_cost=kdf.memory_kib,
    )
    return derive.derive(secret)


def _bound(name: SlotName, sealing: str) -> bytes:
    return canonical.encode({"sealing": sealing, "slot": name.value})


def _to_data(slot: Slot, sealing: str, name: SlotName) -> JsonObject:
    data: dict[str, JsonValue] = {
        "iterations": slot.kdf.iterations,
        "kdf": "argon2id",
        "lanes": slot.kdf.lanes,
        "memory_kib": slot.kdf.memory_kib,
        "nonce": slot.nonce.hex(),
        "salt": slot.salt.hex(),
        "wrapped": slot.wrapped.hex(),
    }
    whole = {**data, "sealing": sealing, "slot": name.value}
    return {**data, "check": hashlib.sha256(canonical.encode(whole)).hexdigest()}


def _from_data(data: Mapping[str, JsonValue]) -> Slot:
    if data.keys() != _FIELDS:
        raise ValueError("fields")
    return Slot(
        kdf=Kdf(
            memory_kib=_whole(data["memory_kib"]),
            iterations=_whole(data["iterations"]),
            lanes=_whole(data["lanes"]),
        ),
        salt=_hex(data["salt"], SALT_BYTES),
        nonce=_hex(data["nonce"], NONCE_BYTES),
        wrapped=_hex(data["wrapped"], _WRAPPED_BYTES),
    )


def _whole(value: JsonValue) -> int:
    if type(value) is not int:
        raise TypeError("integer")
    return value


def _hex(value: JsonValue, size: int) -> bytes:
    if not isinstance(value, str) or len(value) != 2 * size:
        raise ValueError("hex")
    return bytes.fromhex(value)
