"""An original read back from its chunks, as a seekable stream."""

import io
from collections.abc import Iterator
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from evidence.errors import OriginalDamagedError, OriginalUnreadableError
from evidence.store import schema
from evidence.store.sealing import BrokenSealError, Place, Sealer

_ONE_CHUNK = select(schema.chunk.c.data).where(
    schema.chunk.c.seq == bindparam("at"), schema.chunk.c.idx == bindparam("number")
)
_ALL_CHUNKS = (
    select(schema.chunk.c.idx, schema.chunk.c.data)
    .where(schema.chunk.c.seq == bindparam("at"))
    .order_by(schema.chunk.c.idx)
)


class OriginalStream(io.RawIOBase):
    """Read-only bytes of one original. Holds at most one chunk in memory."""

    def __init__(self, connection: Connection, sealer: Sealer, *, seq: int, size: int) -> None:
        """Read the original of entry ``seq`` through ``connection``, which must stay open."""
        super().__init__()
        self._connection = connection
        self._sealer = sealer
        self._seq = seq
        self.size = size
        self._position = 0
        self._held: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that it can be positioned."""
        return True

    def tell(self) -> int:
        """Return the position in bytes."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to a position in bytes, not before the start."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise ValueError("negative seek position")
        self._position = base + offset
        return self._position

    def readinto(self, buffer: Any) -> int:  # the buffer protocol has no name before 3.12
        """Read up to the end of the current chunk.

        Raises:
            OriginalDamagedError: if a chunk is missing or has another length than it must.
            OriginalUnreadableError: if SQLite does not give it.
        """
        view = memoryview(buffer).cast("B")
        if self._position >= self.size or not len(view):
            return 0
        idx, inside = divmod(self._position, schema.CHUNK_BYTES)
        piece = self._chunk(idx)
        count = min(len(view), len(piece) - inside)
        view[:count] = memoryview(piece)[inside : inside + count]
        self._position += count
        return count

    def pieces(self) -> Iterator[bytes]:
        """Yield the whole original from its start, chunk by chunk, in one query.

        Raises:
            OriginalDamagedError: as ``readinto``; also for chunks beyond the end.
        """
        count = 0
        for idx, stored in self._stored():
            if idx != count:
                raise OriginalDamagedError(seq=self._seq, detail=f"chunk {count} missing")
            piece = self._unsealed(idx, stored)
            yield piece
            count += 1
        if count != -(-self.size // schema.CHUNK_BYTES):
            raise OriginalDamagedError(seq=self._seq, detail=f"chunk {count} missing")

    def _stored(self) -> Iterator[tuple[int, bytes]]:
        try:
            for row in self._connection.execute(_ALL_CHUNKS, {"at": self._seq}):
                yield row.idx, row.data
        except DBAPIError as error:
            raise OriginalUnreadableError(seq=self._seq, detail=str(error.orig)) from error

    def _chunk(self, idx: int) -> bytes:
        if self._held[0] != idx:
            place = {"at": self._seq, "number": idx}
            try:
                stored = self._connection.execute(_ONE_CHUNK, place).scalar_one_or_none()
            except DBAPIError as error:
                raise OriginalUnreadableError(seq=self._seq, detail=str(error.orig)) from error
            if stored is None:
                raise OriginalDamagedError(seq=self._seq, detail=f"chunk {idx} missing")
            piece = self._unsealed(idx, stored)
            self._held = (idx, piece)
        return self._held[1]

    def _unsealed(self, idx: int, stored: bytes) -> bytes:
        try:
            piece = self._sealer.unseal(Place("chunk", self._seq, idx), stored)
        except BrokenSealError as error:
            raise OriginalDamagedError(seq=self._seq, detail=f"chunk {idx} seal") from error
        if len(piece) != min(schema.CHUNK_BYTES, self.size - idx * schema.CHUNK_BYTES):
            raise OriginalDamagedError(seq=self._seq, detail=f"chunk {idx} length")
        return piece
