"""What can be read of a case: entries, originals, leaves, checkpoints.

Rules (DESIGN section 4):

1. The connection is read-only and sees one state from its first read to ``release`` or ``close``.
2. What is read is as it was stored; a broken seal is damage of the one value that it is on.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import bindparam, func, select
from sqlalchemy.engine import Connection, Engine

from evidence.core import case_view, checkpoint, merkle
from evidence.core.case_entry import case_of, require_readable
from evidence.core.case_view import CaseView
from evidence.core.checkpoint import Checkpoint, SignedCheckpoint
from evidence.core.entry import Entry, LeafHash, decode_entry
from evidence.core.records import CaseRecord, Kind, Sha256Hex
from evidence.errors import (
    CaseDamagedError,
    ErasedError,
    EvidenceError,
    OriginalDamagedError,
    UnknownSeqError,
    WrongKindError,
)
from evidence.store import meta, schema, sqlite_file
from evidence.store.original import OriginalStream
from evidence.store.sealing import BrokenSealError, Place, Sealer

_BODY = select(schema.entry.c.body).where(schema.entry.c.seq == bindparam("at"))
_ERASED = select(schema.erased.c.seq, schema.erased.c.by).order_by(schema.erased.c.seq)
_ORIGINAL_SIZE = select(schema.original.c.size).where(schema.original.c.seq == bindparam("at"))


class StoredCase:
    """A case that can be read. ``CaseFile`` opens it and appends to it."""

    def __init__(self, path: Path, *, sealer: Sealer) -> None:
        """Take a case whose key, if it has one, is at hand."""
        self.path = path
        self.sealer = sealer
        self._reading: Connection | None = None

    def size(self) -> int:
        """Return the number of entries."""
        with self.reader() as connection:
            return connection.execute(select(func.count()).select_from(schema.entry)).scalar_one()

    def body(self, seq: int) -> bytes:
        """Return the canonical body of an entry, as stored.

        Raises:
            UnknownSeqError: if there is no such entry.
            ErasedError: if it was erased.
        """
        with self.reader() as connection:
            row = connection.execute(_BODY, {"at": seq}).one_or_none()
        if row is None:
            raise UnknownSeqError(seq=seq)
        (stored,) = row
        if not stored and seq in (erased := self.erased()):
            raise ErasedError(seq=seq, by=erased[seq])
        return self.open_body(seq, stored)

    def entry(self, seq: int) -> Entry:
        """Return a decoded entry.

        Raises:
            UnknownSeqError: if there is no such entry.
            ErasedError: if it was erased.
            CaseDamagedError: if its body, or what it says, cannot be read.
        """
        return self._readable(self._decode(seq, self.body(seq)))

    def case_record(self) -> CaseRecord:
        """Return what the first entry says.

        Raises:
            UnknownSeqError: if there is none.
            CaseDamagedError: if it is not as this program writes it.
        """
        try:
            return case_of(self.entry(0))
        except ValueError as error:
            raise CaseDamagedError(path=str(self.path), detail=f"entry 0: {error}") from error

    def entries(self, *, kinds: frozenset[str] | None = None) -> Iterator[Entry]:
        """Yield the entries in order, or those of ``kinds`` only; without those erased."""
        erased = self.erased()
        for seq, body in self.bodies():
            if not body and seq in erased:
                continue
            if kinds is not None and not any(f'"kind":"{k}"'.encode() in body for k in kinds):
                continue
            entry = self._decode(seq, body)
            if kinds is None:
                yield entry  # the view reads them all, and says what it cannot read
            elif entry.kind in kinds:
                yield self._readable(entry)

    def bodies(self) -> Iterator[tuple[int, bytes]]:
        """Yield seq and canonical body of every entry in order; none (empty) where it is gone.

        Raises:
            CaseDamagedError: at a body whose seal is broken.
        """
        for seq, stored in self.stored_bodies():
            yield seq, self.open_body(seq, stored)

    def stored_bodies(self) -> Iterator[tuple[int, bytes]]:
        """Yield seq and body of every entry in order, sealed if the case is."""
        query = select(schema.entry.c.seq, schema.entry.c.body).order_by(schema.entry.c.seq)
        with self.reader() as connection:
            yield from connection.execute(query)

    def open_body(self, seq: int, stored: bytes) -> bytes:
        """Return the canonical body that was stored for ``seq``.

        Raises:
            CaseDamagedError: if its seal is broken.
        """
        try:
            return self.sealer.unseal(Place("entry", seq, 0), stored) if stored else b""
        except BrokenSealError as error:
            raise CaseDamagedError(path=str(self.path), detail=f"entry {seq}: seal") from error

    def erased(self) -> dict[int, int]:
        """Return which entries are listed as erased, each with the entry that says so."""
        with self.reader() as connection:
            if schema.marks(connection).user_version < schema.ERASE_VERSION:
                return {}
            return {seq: by for seq, by in connection.execute(_ERASED)}  # noqa: C416 - rows

    def view(self) -> CaseView:
        """Return the case as it stands.

        Raises:
            CaseDamagedError: if an entry cannot be read.
        """
        try:
            return case_view.fold(self.entries(), erased=self.erased())
        except (KeyError, ValueError, IndexError, TypeError) as error:
            raise CaseDamagedError(path=str(self.path), detail=repr(error)) from error

    def leaves(self) -> list[LeafHash]:
        """Return the stored leaf hash of every entry, in order."""
        query = select(schema.entry.c.leaf).order_by(schema.entry.c.seq)
        with self.reader() as connection:
            return [LeafHash(leaf) for (leaf,) in connection.execute(query)]

    def original(self, seq: int) -> OriginalStream:
        """Return a stream of an exhibit's original bytes.

        Raises:
            UnknownSeqError: if there is no such entry.
            WrongKindError: if the entry has no original.
            OriginalDamagedError: if its size is unreadable.
        """
        with self.reader() as connection:
            size = connection.execute(_ORIGINAL_SIZE, {"at": seq}).scalar_one_or_none()
            if size is None:
                raise WrongKindError(seq=seq, found=self.entry(seq).kind, wanted=Kind.EXHIBIT)
            if size < 0:
                raise OriginalDamagedError(seq=seq, detail="size")
            return OriginalStream(connection, self.sealer, seq=seq, size=size)

    def originals(self) -> dict[int, tuple[int, bytes]]:
        """Return size and lookup key of every original in the list, by its entry's seq."""
        query = select(schema.original.c.seq, schema.original.c.size, schema.original.c.lookup)
        with self.reader() as connection:
            return {seq: (size, key) for seq, size, key in connection.execute(query)}

    def lookup_key(self, sha256: bytes) -> bytes:
        """Return the key under which an original with this digest is listed."""
        return self.sealer.lookup(sha256)

    def chunks(self, first: int, last: int) -> Iterator[tuple[int, int, bytes]]:
        """Yield seq, position and bytes of every chunk of the originals ``first`` to ``last``.

        Raises:
            CaseDamagedError: at a chunk whose seal is broken.
        """
        query = (
            select(schema.chunk.c.seq, schema.chunk.c.idx, schema.chunk.c.data)
            .where(schema.chunk.c.seq.between(first, last))
            .order_by(schema.chunk.c.seq, schema.chunk.c.idx)
        )
        with self.reader() as connection:
            for seq, idx, stored in connection.execute(query):
                try:
                    place = Place("chunk", seq, idx)
                    piece = self.sealer.unseal(place, stored) if stored else b""
                except BrokenSealError as error:
                    detail = f"chunk {idx}: seal"
                    raise CaseDamagedError(path=str(self.path), detail=detail) from error
                yield seq, idx, piece

    def chunk_owners(self, span: tuple[int, int] | None = None) -> list[int]:
        """Return under which seqs chunks are stored, in order; within ``span``, both included."""
        query = select(schema.chunk.c.seq).distinct().order_by(schema.chunk.c.seq)
        if span is not None:
            query = query.where(schema.chunk.c.seq.between(*span))
        with self.reader() as connection:
            return [seq for (seq,) in connection.execute(query)]

    def find_original(self, sha256: Sha256Hex) -> int | None:
        """Return the entry whose original has this digest, if there is one."""
        query = select(schema.original.c.seq).where(
            schema.original.c.lookup == self.sealer.lookup(bytes.fromhex(sha256))
        )
        with self.reader() as connection:
            return connection.execute(query).scalar_one_or_none()

    # --- checkpoint -----------------------------------------------------------------------------

    def public_key(self) -> bytes:
        """Return the case's Ed25519 public key, 32 raw bytes."""
        return self._key().public_key().public_bytes_raw()

    def checkpoint(self) -> SignedCheckpoint:
        """Return the signed checkpoint over all entries."""
        return self._sign(self.leaves())

    def checkpoint_at(self, size: int) -> SignedCheckpoint:
        """Return the signed checkpoint over the first ``size`` entries."""
        leaves = self.leaves()
        if not 0 < size <= len(leaves):
            raise UnknownSeqError(seq=size - 1)
        return self._sign(leaves[:size])

    def every_checkpoint(self) -> Iterator[SignedCheckpoint]:
        """Yield the signed checkpoint over each number of entries, the newest first."""
        key = self._key()
        case_id = self.case_record().case_id
        roots = list(merkle.prefix_roots(self.leaves()))
        for size in range(len(roots), 0, -1):
            made = Checkpoint(case_id=case_id, size=size, root=roots[size - 1])
            yield checkpoint.sign(made, key)

    # --- inside ---------------------------------------------------------------------------------

    @contextlib.contextmanager
    def reader(self) -> Iterator[Connection]:
        """Give the one connection that reads; a writer's reads begin after its last commit."""
        with sqlite_file.translated(self.path):
            if self._reading is None:
                self._reading = self._connected(sqlite_file.engine(self.path, writer=False))
            yield self._reading

    def _connected(self, engine: Engine) -> Connection:
        connection = engine.connect()
        with contextlib.ExitStack() as undo:
            undo.callback(connection.close)
            sqlite_file.check_is_case(self.path, connection)
            meta.require_same(self.path, connection, self.sealer)
            undo.pop_all()
        return connection

    def release(self) -> None:
        """Let go of the state that is being read, so that other processes can write.

        Streams of originals made before must not be read any more.
        """
        if self._reading is not None:
            self._reading.close()
            self._reading = None

    def _decode(self, seq: int, body: bytes) -> Entry:
        try:
            entry = decode_entry(body)
        except EvidenceError as error:
            detail = f"entry {seq}: {error.code}"
            raise CaseDamagedError(path=str(self.path), detail=detail) from error
        if entry.seq != seq:
            raise CaseDamagedError(path=str(self.path), detail=f"entry {seq}: seq {entry.seq}")
        return entry

    def _readable(self, entry: Entry) -> Entry:
        try:
            require_readable(entry)
        except ValueError as error:
            detail = f"entry {entry.seq}: {error}"
            raise CaseDamagedError(path=str(self.path), detail=detail) from error
        return entry

    def _key(self) -> Ed25519PrivateKey:
        with self.reader() as connection:
            return meta.signing_key(self.path, connection, self.sealer)

    def _sign(self, leaves: list[LeafHash]) -> SignedCheckpoint:
        case = self.case_record()
        made = Checkpoint(case_id=case.case_id, size=len(leaves), root=merkle.root(leaves))
        return checkpoint.sign(made, self._key())
