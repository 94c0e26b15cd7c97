"""Entries and originals on their way into the case, inside one transaction.

Rules:

1. The next seq and the link are read once, at the start of the transaction, which nobody else can
   enter (``BEGIN IMMEDIATE``); after that they are known.
2. An original's chunks go in under the seq that its entry will get. If it turns out to be a
   duplicate or no evidence, a savepoint takes the chunks back.
3. What is erased goes in the transaction that says so, or not at all.
"""

import contextlib
import dataclasses
import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from evidence.core import erasure
from evidence.core.canonical import JsonObject
from evidence.core.entry import GENESIS, Entry, LeafHash, encode_entry, leaf_hash
from evidence.core.erasure import Erasure
from evidence.core.records import Kind, Sha256Hex
from evidence.errors import CaseDamagedError, CaseNotWritableError
from evidence.store import schema
from evidence.store.clock import Clock, rfc3339
from evidence.store.original import OriginalStream
from evidence.store.sealing import Place, Sealer

_ADD_ENTRY = insert(schema.entry)
_ADD_CHUNK = insert(schema.chunk)
_ADD_ORIGINAL = insert(schema.original)
_ADD_ERASED = insert(schema.erased)
_EMPTY_ENTRY = update(schema.entry).where(schema.entry.c.seq == bindparam("at")).values(body=b"")
_EMPTY_CHUNKS = update(schema.chunk).where(schema.chunk.c.seq == bindparam("at")).values(data=b"")
_EMPTY_ORIGINAL = (
    update(schema.original)
    .where(schema.original.c.seq == bindparam("at"))
    .values(size=0, lookup=bindparam("nothing"))
)
_FIND = select(schema.original.c.seq).where(schema.original.c.lookup == bindparam("key"))


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """Where an entry went."""

    seq: int
    leaf: LeafHash
    recorded_at: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """An original whose bytes are in the transaction but whose entry is not yet."""

    seq: int
    size: int
    sha256: Sha256Hex
    duplicate_of: int | None
    """The entry that has the same bytes already; then nothing may be appended for this copy."""
    stream: OriginalStream
    """Reads the copy, so that importers never see the file itself."""


class Batch:
    """One transaction that appends. Made by ``CaseFile.batch``."""

    def __init__(
        self,
        connection: Connection,
        *,
        path: Path,
        sealer: Sealer,
        clock: Clock,
        nonce: Callable[[], bytes],
        head: tuple[int, LeafHash],
    ) -> None:
        self._connection = connection
        self._path = path
        self._sealer = sealer
        self._clock = clock
        self._nonce = nonce
        self._next, self._link = head

    @property
    def size(self) -> int:
        """The number of entries, with those of this batch."""
        return self._next

    def append(self, kind: Kind, data: JsonObject) -> Appended:
        """Append an entry behind the last one.

        Raises:
            CaseDamagedError: if the log does not begin with the entry that makes it a case.
        """
        if not self._next and kind is not Kind.CASE:
            raise CaseDamagedError(path=str(self._path), detail="no entries")
        recorded_at = rfc3339(self._clock())
        body = encode_entry(
            Entry(
                seq=self._next,
                prev=self._link,
                nonce=self._nonce(),
                kind=kind.value,
                recorded_at=recorded_at,
                data=data,
            )
        )
        leaf = leaf_hash(body)
        stored = self._sealer.seal(Place("entry", self._next, 0), body)
        self._connection.execute(_ADD_ENTRY, {"seq": self._next, "leaf": leaf, "body": stored})
        appended = Appended(seq=self._next, leaf=leaf, recorded_at=recorded_at)
        self._next, self._link = self._next + 1, leaf
        return appended

    def erase(self, records: Sequence[Erasure]) -> list[Appended]:
        """Say of each entry that it is gone, and empty its rows (rule 3)."""
        schema.let_erase(self._connection)
        said: list[Appended] = []
        for record in records:
            at = {"at": record.target}
            said.append(self.append(Kind.ERASE, erasure.erasure_to_data(record)))
            self._connection.execute(_ADD_ERASED, {"seq": record.target, "by": said[-1].seq})
            self._connection.execute(_EMPTY_ENTRY, at)
            self._connection.execute(_EMPTY_CHUNKS, at)
            nothing = schema.empty_lookup(record.target)
            self._connection.execute(_EMPTY_ORIGINAL, {**at, "nothing": nothing})
        schema.rebuild_lookups(self._connection)
        return said

    @contextlib.contextmanager
    def attempt(self) -> Iterator[None]:
        """Take back what the block wrote if it raises, and nothing else of the batch."""
        head = self._next, self._link
        savepoint = self._connection.begin_nested()
        try:
            yield
        except BaseException as error:
            self._next, self._link = head
            try:
                savepoint.rollback()
            except DBAPIError as lost:
                # On a full disk SQLite has already taken back the whole transaction. Nobody may
                # go on with the batch then, whatever the block's own error was.
                if isinstance(error, DBAPIError):
                    raise error from None
                raise CaseNotWritableError(path=str(self._path), detail=str(lost.orig)) from error
            raise
        savepoint.commit()

    def copy(self, source: io.RawIOBase | io.BufferedIOBase) -> Copied:
        """Copy and hash ``source`` to its end in bounded memory; call it inside ``attempt``."""
        digest = hashlib.sha256()
        buffer = bytearray(schema.CHUNK_BYTES)
        size = idx = 0
        while filled := _fill(source, buffer):
            piece = bytes(memoryview(buffer)[:filled])
            digest.update(piece)
            self._connection.execute(_ADD_CHUNK, self._chunk(idx, piece))
            size, idx = size + filled, idx + 1
        return self._copied(digest.digest(), size)

    def copy_bytes(self, data: bytes, digest: bytes) -> Copied:
        """Store a small original that is in memory with its SHA-256, unless it is known.

        Unlike ``copy`` it writes nothing for a duplicate.
        """
        known = self.find(digest)
        if known is None and data:
            view = memoryview(data)
            starts = range(0, len(data), schema.CHUNK_BYTES)
            pieces = (view[start : start + schema.CHUNK_BYTES] for start in starts)
            self._connection.execute(
                _ADD_CHUNK, [self._chunk(idx, piece) for idx, piece in enumerate(pieces)]
            )
        return self._copied(digest, len(data))

    def original(self, seq: int, size: int) -> OriginalStream:
        """Return a stream of an original that is in the case, also from this batch."""
        return OriginalStream(self._connection, self._sealer, seq=seq, size=size)

    def find(self, digest: bytes) -> int | None:
        """Return the entry whose original has this SHA-256, also from this batch."""
        found = self._connection.execute(_FIND, {"key": self._sealer.lookup(digest)})
        return found.scalar_one_or_none()

    def _copied(self, digest: bytes, size: int) -> Copied:
        known = self.find(digest)
        if known is None:
            lookup = self._sealer.lookup(digest)
            self._connection.execute(
                _ADD_ORIGINAL, {"seq": self._next, "size": size, "lookup": lookup}
            )
        return Copied(
            seq=self._next,
            size=size,
            sha256=Sha256Hex(digest.hex()),
            duplicate_of=known,
            stream=self.original(self._next, size),
        )

    def _chunk(self, idx: int, piece: bytes | memoryview) -> dict[str, object]:
        stored = self._sealer.seal(Place("chunk", self._next, idx), piece)
        return {"seq": self._next, "idx": idx, "data": stored}


def head(connection: Connection) -> tuple[int, LeafHash]:
    """Return the next seq and the leaf that it must link to."""
    query = (
        select(schema.entry.c.seq, schema.entry.c.leaf).order_by(schema.entry.c.seq.desc()).limit(1)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return 0, GENESIS
    seq, leaf = row
    return seq + 1, LeafHash(leaf)


def _fill(source: io.RawIOBase | io.BufferedIOBase, buffer: bytearray) -> int:
    """Read until ``buffer`` is full or the source ends; return how much."""
    view = memoryview(buffer)
    filled = 0
    while filled < len(buffer):
        count = source.readinto(view[filled:])
        if not count:
            break
        filled += count
    return filled
