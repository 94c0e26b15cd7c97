"""How bodies and originals are stored: as they are, or sealed under the case's key (ADR 20).

Everything that goes into or comes out of ``entry.body``, ``chunk.data`` and the signing key in
``meta`` passes through a ``Sealer``; leaf hashes are over the plain body, whose random nonce keeps
them from revealing it.

Rules of the sealed form (DESIGN section 4, "Passphrase"):

1. AES-256-GCM with a fresh random 96-bit nonce for every value: nonce ‖ ciphertext ‖ tag.
2. Each table has a key of its own, derived from the random case key with HKDF-SHA-256; ``seq`` and
   ``idx`` are the associated data. What was sealed for one place opens at no other.
3. What recognises an original again is an HMAC of its digest, so that no digest is stored.
"""

import dataclasses
import hmac
import re
import secrets
from collections.abc import Callable
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PLAIN = "plain"
KEY_BYTES = 32
IDENTITY_BYTES = 16
NONCE_BYTES = 12
OVERHEAD = NONCE_BYTES + 16
"""Bytes by which a sealed value is longer than the plain one."""

_SEALED = re.compile(r"aes-256-gcm:[0-9a-f]{32}")


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where sealed bytes belong; bound so that they cannot be moved."""

    table: str
    seq: int
    idx: int


class BrokenSealError(Exception):
    """Sealed bytes were changed, or belong elsewhere. The store says which of its errors it is."""


class Sealer(Protocol):
    """Turns plain bytes into stored bytes and back."""

    @property
    def name(self) -> str:
        """Recorded in ``meta`` under ``sealing``."""

    def seal(self, place: Place, plain: bytes | memoryview) -> bytes | memoryview:
        """Return what is stored at ``place``."""

    def unseal(self, place: Place, stored: bytes) -> bytes:
        """Return the plain bytes that were sealed for ``place``.

        Raises:
            BrokenSealError: if they were not.
        """

    def lookup(self, sha256: bytes) -> bytes:
        """Return the key under which an original with this digest is recognised again."""


@dataclasses.dataclass(frozen=True, slots=True)
class PlainSealer:
    """Stores bytes as they are."""

    @property
    def name(self) -> str:
        """Name this way of storing in the case file."""
        return PLAIN

    def seal(self, place: Place, plain: bytes | memoryview) -> bytes | memoryview:  # noqa: ARG002 - the seam's shape
        """Return ``plain``."""
        return plain

    def unseal(self, place: Place, stored: bytes) -> bytes:  # noqa: ARG002 - the seam's shape
        """Return ``stored``."""
        return stored

    def lookup(self, sha256: bytes) -> bytes:
        """Return the digest itself."""
        return sha256


class KeySealer:
    """Seals under a case key. Safe to share between threads."""

    def __init__(
        self, name: str, key: bytes, *, entropy: Callable[[int], bytes] = secrets.token_bytes
    ) -> None:
        """Take the case key, and from ``new_name`` the name, which is the salt of its subkeys."""
        if not _SEALED.fullmatch(name) or len(key) != KEY_BYTES:
            raise RuntimeError("not a case key")
        self._name = name
        self._key = key
        self._entropy = entropy
        self._tables: dict[str, AESGCM] = {}
        self._lookup_key = self._derived("lookup")

    @property
    def name(self) -> str:
        """Name this way of storing, and this key, in the case file."""
        return self._name

    @property
    def key(self) -> bytes:
        """The case key, to be wrapped."""
        return self._key

    def seal(self, place: Place, plain: bytes | memoryview) -> bytes:
        """Return nonce, ciphertext and tag of ``plain``."""
        nonce = self._entropy(NONCE_BYTES)
        return nonce + self._cipher(place.table).encrypt(nonce, plain, _position(place))

    def unseal(self, place: Place, stored: bytes) -> bytes:
        """Return the plain bytes that were sealed for ``place``."""
        if len(stored) < OVERHEAD or min(place.seq, place.idx) < 0:
            raise BrokenSealError
        view = memoryview(stored)
        nonce, rest = stored[:NONCE_BYTES], view[NONCE_BYTES:]
        try:
            return self._cipher(place.table).decrypt(nonce, rest, _position(place))
        except InvalidTag as error:
            raise BrokenSealError from error

    def lookup(self, sha256: bytes) -> bytes:
        """Return the HMAC-SHA-256 of the digest."""
        return hmac.digest(self._lookup_key, sha256, "sha256")

    def _cipher(self, table: str) -> AESGCM:
        found = self._tables.get(table)
        if found is None:
            found = self._tables[table] = AESGCM(self._derived(table))
        return found

    def _derived(self, purpose: str) -> bytes:
        derive = HKDF(hashes.SHA256(), KEY_BYTES, self._name.encode(), f"liuhen/{purpose}".encode())
        return derive.derive(self._key)


class LockedSealer:
    """Stands for a key that is not at hand: what is in clear can be read, nothing else."""

    def __init__(self, name: str, refuse: Callable[[], Exception]) -> None:
        """Take the case's ``sealing`` and what makes the error that says so."""
        self._name = name
        self._refuse = refuse

    @property
    def name(self) -> str:
        """Name the way of storing as the case file does."""
        return self._name

    def seal(self, place: Place, plain: bytes | memoryview) -> bytes:  # noqa: ARG002 - the seam's shape
        """Refuse."""
        raise self._refuse()

    def unseal(self, place: Place, stored: bytes) -> bytes:  # noqa: ARG002 - the seam's shape
        """Refuse."""
        raise self._refuse()

    def lookup(self, sha256: bytes) -> bytes:  # noqa: ARG002 - the seam's shape
        """Refuse."""
        raise self._refuse()


def new_name(entropy: Callable[[int], bytes]) -> str:
    """Return the ``sealing`` of a case that gets a new key."""
    return f"aes-256-gcm:{entropy(IDENTITY_BYTES).hex()}"


def is_known(name: str) -> bool:
    """Tell whether this is a way of storing that the program can read."""
    return name == PLAIN or bool(_SEALED.fullmatch(name))


def _position(place: Place) -> bytes:
    return place.seq.to_bytes(8) + place.idx.to_bytes(8)
