"""Size and digest of originals, over the bytes that are stored.

Rules:

1. An original is whole if its pieces are those that ``Batch`` would have made of it, in order.
2. Neighbours are read with one query. If SQLite cannot read a page of them, they are read one by
   one, so that the damage is told of the original that it hits and the others are still read.
3. The entries are not asked: what is read here is compared with them by ``verify_originals``.
"""

import hashlib
from collections.abc import Callable

from evidence.errors import CaseDamagedError
from evidence.store import schema
from evidence.store.digest_process import Span, StoredOriginal
from evidence.store.stored_case import StoredCase

DAMAGED = "original-damaged"
"""The problem of an original of which a piece cannot be read at all."""


def nobody(count: int) -> None:
    """Tell nobody how far the reading is."""


def read(
    case: StoredCase, span: Span, told: Callable[[int], object] = nobody
) -> list[StoredOriginal]:
    """Hash every original of ``span`` that has pieces; ``told`` is given the bytes of each piece.

    Raises:
        CaseDamagedError: if SQLite cannot tell which originals there are.
    """
    reading: dict[int, _Pieces] = {}
    try:
        for seq, idx, piece in case.chunks(*span):
            if seq not in reading:
                reading[seq] = _Pieces(seq)
            reading[seq].take(idx, piece)
            told(len(piece))
    except CaseDamagedError as error:
        first, last = span
        if first == last:
            return [StoredOriginal(first, 0, b"", DAMAGED, error.detail)]
        return [one for seq in case.chunk_owners(span) for one in read(case, (seq, seq), told)]
    return [pieces.found() for pieces in reading.values()]


class _Pieces:
    """What was read so far of one original (rule 1)."""

    __slots__ = ("_count", "_digest", "_problem", "_seq", "_size")

    def __init__(self, seq: int) -> None:
        self._seq = seq
        self._digest = hashlib.sha256()
        self._size = 0
        self._count = 0
        self._problem: tuple[str, str] = ("", "")

    def take(self, idx: int, piece: bytes) -> None:
        """Add the next piece."""
        place, size = self._count, self._size
        if idx != place:
            self._fail("original-missing", place)
        elif not piece or size != place * schema.CHUNK_BYTES or len(piece) > schema.CHUNK_BYTES:
            self._fail("original-chunks", place)
        self._digest.update(piece)
        self._size = size + len(piece)
        self._count = place + 1

    def _fail(self, code: str, place: int) -> None:
        if not self._problem[0]:
            self._problem = (code, f"chunk {place}")

    def found(self) -> StoredOriginal:
        """Return what the pieces make, once all were taken."""
        return StoredOriginal(self._seq, self._size, self._digest.digest(), *self._problem)
