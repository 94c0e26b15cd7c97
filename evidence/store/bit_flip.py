"""Whether bytes differ from what they were in one bit: each is turned until the digest is right.

Rules:

1. What is found is proven: with that one bit turned back, the bytes have the SHA-256 that was
   written down when they came in. Who or what turned it, no digest says.
2. The work grows with the square of the size, because all behind the bit is hashed anew. ``work``
   says how much it is before it is begun.
"""

import concurrent.futures
import dataclasses
import hashlib
import threading
from collections.abc import Callable, Iterator

from evidence.progress import Progress, SharedProgress, silent

_BLOCK = 64
"""Bytes that SHA-256 takes at a time; the state before each is kept, not made again."""

_LAST_BIT = 0x80
_WORKERS = 2
_WORTH_WORKERS = 16 * 1024
"""Bytes from which on hashing, which lets other threads run, is most of the work."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """One bit that is not what it was."""

    at: int
    """Byte, from 0."""
    mask: int
    """The bit, as a number below 256."""

    def undone(self, data: bytes) -> bytes:
        """Return ``data`` as it was."""
        return data[: self.at] + bytes((data[self.at] ^ self.mask,)) + data[self.at + 1 :]


def work(size: int) -> int:
    """Return how many bytes are hashed to turn each bit of ``size`` bytes (rule 2)."""
    return 8 * size * (size // 2 + _BLOCK)


def between(found: bytes, wanted: bytes) -> Flip | None:
    """Return the one bit in which two values of the same size differ."""
    if len(found) != len(wanted):
        return None
    different = [i for i, (one, other) in enumerate(zip(found, wanted, strict=True)) if one ^ other]
    if len(different) != 1:
        return None
    (at,) = different
    mask = found[at] ^ wanted[at]
    return Flip(at=at, mask=mask) if mask.bit_count() == 1 else None


def find(
    data: bytes, digest: bytes, *, prefix: bytes = b"", progress: Progress = silent
) -> Flip | None:
    """Return the bit without which SHA-256 of ``prefix`` and ``data`` is ``digest``."""
    workers = _WORKERS if len(data) >= _WORTH_WORKERS else 1
    searched = _Searched(work(len(data)), progress)
    if workers == 1:
        return _search(data, digest, prefix, range(0, len(data), _BLOCK), searched)
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        jobs = [
            pool.submit(
                _search,
                data,
                digest,
                prefix,
                range(first * _BLOCK, len(data), workers * _BLOCK),
                searched,
            )
            for first in range(workers)
        ]
        try:
            found = [job.result() for job in jobs]
        finally:
            searched.ended.set()
    return next((flip for flip in found if flip is not None), None)


def find_by(
    data: bytes, is_right: Callable[[bytes], bool], *, progress: Progress = silent
) -> Flip | None:
    """Return the bit without which ``is_right`` is true of ``data``."""
    turned = bytearray(data)
    for at, mask in _bits(len(data)):
        turned[at] ^= mask
        if is_right(bytes(turned)):
            return Flip(at=at, mask=mask)
        turned[at] ^= mask
        if mask == _LAST_BIT:
            progress(at + 1, len(data))
    return None


class _Searched(SharedProgress):
    """How far the work is, and whether it is over."""

    def __init__(self, total: int, progress: Progress) -> None:
        super().__init__(total, progress)
        self.ended = threading.Event()


def _search(
    data: bytes, digest: bytes, prefix: bytes, starts: range, searched: _Searched
) -> Flip | None:
    view = memoryview(data)
    state, behind = hashlib.sha256(prefix), 0
    for start in starts:
        if searched.ended.is_set():
            return None
        state.update(view[behind:start])
        behind = start
        end = min(start + _BLOCK, len(data))
        block, rest = bytearray(view[start:end]), view[end:]
        for at, mask in _bits(len(block)):
            block[at] ^= mask
            tried = state.copy()
            tried.update(block)
            tried.update(rest)
            if tried.digest() == digest:
                searched.ended.set()
                return Flip(at=start + at, mask=mask)
            block[at] ^= mask
        searched.add(8 * len(block) * (len(rest) + _BLOCK))
    return None


def _bits(size: int) -> Iterator[tuple[int, int]]:
    for at in range(size):
        for bit in range(8):
            yield at, 1 << bit
