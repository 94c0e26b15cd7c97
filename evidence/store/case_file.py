"""One case in one file: append entries and originals, read them back.

Rules (DESIGN section 4):

1. An append reads the head and inserts inside one ``BEGIN IMMEDIATE``; when the method (or the
   batch) returns, it is durable. Before that nothing of it is visible to anybody.
2. Hashes are taken over the bytes that are stored.
3. A reader's connection is read-only and sees one state from its first read to its close.
4. The program's clock is read once for each entry.
"""

import contextlib
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import bindparam, func, select
from sqlalchemy.engine import Connection, Engine

import evidence
from evidence.core import case_view, checkpoint, merkle, records
from evidence.core.canonical import JsonObject
from evidence.core.case_view import CaseView
from evidence.core.checkpoint import Checkpoint, SignedCheckpoint
from evidence.core.entry import NONCE_BYTES, Entry, LeafHash, decode_entry
from evidence.core.records import CaseRecord, Kind, Sha256Hex
from evidence.errors import (
    CaseDamagedError,
    CaseNotWritableError,
    CaseResealedError,
    ErasedError,
    EvidenceError,
    OriginalDamagedError,
    UnknownSeqError,
    WrongKindError,
)
from evidence.store import meta, protection, schema, sqlite_file
from evidence.store.batch import Appended, Batch, head
from evidence.store.clock import Clock
from evidence.store.key_slots import Locks
from evidence.store.original import OriginalStream
from evidence.store.protection import Seal, Unlock
from evidence.store.sealing import PLAIN, BrokenSealError, Place, PlainSealer, Sealer

Entropy = Callable[[int], bytes]
"""Returns that many random bytes; injected so that a golden case can be made again."""

_BODY = select(schema.entry.c.body).where(schema.entry.c.seq == bindparam("at"))
_ERASED = select(schema.erased.c.seq, schema.erased.c.by).order_by(schema.erased.c.seq)
_ORIGINAL_SIZE = select(schema.original.c.size).where(schema.original.c.seq == bindparam("at"))


class CaseFile:
    """A case, open for reading or for appending. Use it as a context manager."""

    def __init__(
        self,
        path: Path,
        *,
        engine: Engine,
        sealer: Sealer,
        clock: Clock | None,
        entropy: Entropy = secrets.token_bytes,
    ) -> None:
        """Take an engine for ``path``; callers use ``create``, ``open_read``, ``open_append``."""
        self.path = path
        self._engine = engine
        self.sealer = sealer
        self._clock = clock
        self._entropy = entropy
        self._reading: Connection | None = None

    @classmethod
    def create(
        cls,
        path: Path,
        *,
        clock: Clock,
        title: str = "",
        entropy: Entropy = secrets.token_bytes,
        protection: Seal | None = None,
    ) -> Self:
        """Make a new case with its key and its first entry, and open it for appending.

        Raises:
            CaseExistsError: if anything is at ``path``.
            CaseNotWritableError, DiskFullError: if it cannot be written; nothing is left behind.
        """
        key = Ed25519PrivateKey.from_private_bytes(entropy(32))
        record = CaseRecord(
            case_id=entropy(16).hex(),
            public_key=key.public_key().public_bytes_raw().hex(),
            program=f"liuhen {evidence.__version__}",
            title=title,
        )
        sealer: Sealer = protection.sealer if protection else PlainSealer()
        with sqlite_file.new_file(path) as temporary:
            made = cls(
                temporary,
                engine=sqlite_file.engine(temporary, writer=True),
                sealer=sealer,
                clock=clock,
                entropy=entropy,
            )
            with made._engine.begin() as connection:
                slots = protection.slots if protection else {}
                meta.write_new(connection, sealer, slots, key.private_bytes_raw())
            made.append(Kind.CASE, records.case_to_data(record))
        return cls(
            path,
            engine=sqlite_file.engine(path, writer=True),
            sealer=sealer,
            clock=clock,
            entropy=entropy,
        )

    @classmethod
    def open_read(cls, path: Path, *, unlock: Unlock = protection.no_key) -> Self:
        """Open a case for reading only; ``unlock`` is asked if it has a passphrase.

        Raises:
            CaseMissingError, NotACaseError, CaseTooNewError, CaseDamagedError, and what
            ``unlock`` raises.
        """
        sqlite_file.require_file(path)
        sqlite_file.roll_back_killed_writer(path)
        sqlite_file.remove_leftover(path)
        locks = read_locks(path)
        sealer = PlainSealer() if locks.sealing == PLAIN else unlock(path, locks)
        return cls._reading_with(path, sealer)

    @classmethod
    def open_append(
        cls,
        path: Path,
        *,
        clock: Clock,
        entropy: Entropy = secrets.token_bytes,
        unlock: Unlock = protection.no_key,
    ) -> Self:
        """Open a case for appending; ``unlock`` is asked if it has a passphrase.

        Raises:
            CaseMissingError, NotACaseError, CaseTooNewError, CaseDamagedError,
            CaseNotWritableError, and what ``unlock`` raises.
        """
        sqlite_file.require_file(path)
        if not os.access(path, os.W_OK):
            raise CaseNotWritableError(path=str(path), detail="read-only")
        with cls.open_read(path, unlock=unlock) as case:
            sealer = case.sealer
        engine = sqlite_file.engine(path, writer=True)
        return cls(path, engine=engine, sealer=sealer, clock=clock, entropy=entropy)

    def another_reader(self) -> Self:
        """Open the case once more for reading, without asking for the passphrase again."""
        return self._reading_with(self.path, self.sealer)

    @classmethod
    def _reading_with(cls, path: Path, sealer: Sealer) -> Self:
        case = cls(path, engine=sqlite_file.engine(path, writer=False), sealer=sealer, clock=None)
        with contextlib.ExitStack() as undo:
            undo.callback(case.close)
            with case.reader():
                pass
            undo.pop_all()
        return case

    def __enter__(self) -> Self:
        """Return the case itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the case."""
        self.close()

    def close(self) -> None:
        """End the reading connection; the file needs nothing else."""
        if self._reading is not None:
            self._reading.close()
            self._reading = None
        self._engine.dispose()

    # --- append ---------------------------------------------------------------------------------

    def append(self, kind: Kind, data: JsonObject) -> Appended:
        """Append one entry; durable when this returns."""
        with self.batch() as batch:
            return batch.append(kind, data)

    @contextlib.contextmanager
    def batch(self) -> Iterator[Batch]:
        """Append several entries and originals in one commit, durable when the block ends.

        An exception in the block takes back everything in it.
        """
        clock = self._clock
        if clock is None:
            raise RuntimeError("the case is open for reading only")
        with self.writing() as connection:
            yield Batch(
                connection,
                path=self.path,
                sealer=self.sealer,
                clock=clock,
                nonce=lambda: self._entropy(NONCE_BYTES),
                head=head(connection),
            )

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give the connection of one transaction that changes the file; ``batch`` adds to it.

        Raises:
            CaseResealedError: if the passphrase was set or removed since the case was opened.
        """
        with self.locked() as connection:
            yield connection
            connection.commit()

    @contextlib.contextmanager
    def locked(self) -> Iterator[Connection]:
        """Keep other writers out, readers not; what the block writes without a commit is undone.

        Raises:
            CaseResealedError: as ``writing``.
        """
        self.release()
        before = sqlite_file.identity(self.path)
        with sqlite_file.translated(self.path), self._engine.connect() as connection:
            connection.begin()
            # Whoever waited for the lock may hold a file that was replaced meanwhile.
            if sqlite_file.identity(self.path) != before:
                raise CaseResealedError(path=str(self.path))
            meta.require_sealing(self.path, connection, self.sealer)
            self._require_whole_pages()
            yield connection

    def _require_whole_pages(self) -> None:
        """Refuse to add to a file that was cut off inside a page, which SQLite does not notice."""
        if self.path.stat().st_size % schema.PAGE_BYTES:
            raise CaseDamagedError(path=str(self.path), detail="文件末尾缺失")

    # --- read -----------------------------------------------------------------------------------

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
            CaseDamagedError: if its body cannot be read.
        """
        return self._decode(seq, self.body(seq))

    def entries(self, *, kinds: frozenset[str] | None = None) -> Iterator[Entry]:
        """Yield the entries in order, or those of ``kinds`` only; without those erased."""
        erased = self.erased()
        for seq, body in self.bodies():
            if not body and seq in erased:
                continue
            if kinds is not None and not any(f'"kind":"{k}"'.encode() in body for k in kinds):
                continue
            entry = self._decode(seq, body)
            if kinds is None or entry.kind in kinds:
                yield entry

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
            for row in connection.execute(query):
                yield row.seq, row.body

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
        case_id = records.case_from_data(self.entry(0).data).case_id
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
                engine = (
                    self._engine
                    if self._clock is None
                    else sqlite_file.engine(self.path, writer=False)
                )
                self._reading = self._connected(engine)
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

    def _key(self) -> Ed25519PrivateKey:
        with self.reader() as connection:
            return meta.signing_key(self.path, connection, self.sealer)

    def _sign(self, leaves: list[LeafHash]) -> SignedCheckpoint:
        case = records.case_from_data(self.entry(0).data)
        made = Checkpoint(case_id=case.case_id, size=len(leaves), root=merkle.root(leaves))
        return checkpoint.sign(made, self._key())


def read_locks(path: Path) -> Locks:
    """Return what the case at ``path`` says in clear about its passphrase.

    Raises:
        NotACaseError, CaseTooNewError, CaseDamagedError.
    """
    with sqlite_file.translated(path), sqlite_file.engine(path, writer=False).begin() as opened:
        sqlite_file.check_is_case(path, opened)
        return meta.read_locks(path, opened)
