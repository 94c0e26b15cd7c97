"""How bodies and originals are stored: as they are, or sealed under the case's key.

This is the seam for the passphrase of DESIGN section 4. Everything that goes into or comes out of
``entry.body``, ``chunk.data`` and ``meta.value`` passes through a ``Sealer``; leaf hashes are over
the plain body, whose random nonce keeps them from revealing it.
"""

import dataclasses
from typing import Protocol


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where sealed bytes belong; bound as associated data so that they cannot be moved."""

    table: str
    seq: int
    idx: int


class Sealer(Protocol):
    """Turns plain bytes into stored bytes and back."""

    @property
    def name(self) -> str:
        """Recorded in ``meta`` under ``sealing``."""

    def seal(self, place: Place, plain: bytes | memoryview) -> bytes | memoryview:
        """Return what is stored at ``place``."""

    def unseal(self, place: Place, stored: bytes) -> bytes:
        """Return the plain bytes that were sealed for ``place``."""

    def lookup(self, sha256: bytes) -> bytes:
        """Return the key under which an original with this digest is recognised again."""


@dataclasses.dataclass(frozen=True, slots=True)
class PlainSealer:
    """Stores bytes as they are."""

    @property
    def name(self) -> str:
        """Name this way of storing in the case file."""
        return "plain"

    def seal(self, place: Place, plain: bytes | memoryview) -> bytes | memoryview:  # noqa: ARG002 - the seam's shape
        """Return ``plain``."""
        return plain

    def unseal(self, place: Place, stored: bytes) -> bytes:  # noqa: ARG002 - the seam's shape
        """Return ``stored``."""
        return stored

    def lookup(self, sha256: bytes) -> bytes:
        """Return the digest itself."""
        return sha256
