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
from sqlalchemy.engine import Connection

import evidence
from evidence.core import records
from evidence.core.canonical import JsonObject
from evidence.core.entry import NONCE_BYTES
from evidence.core.records import CaseRecord, Kind
from evidence.errors import (
    CaseDamagedError,
    CaseNotWritableError,
    CaseResealedError,
)
from evidence.store import killed_writer, meta, protection, schema, sqlite_file
from evidence.store.batch import Appended, Batch, head
from evidence.store.clock import Clock
from evidence.store.key_slots import Locks
from evidence.store.protection import Seal, Unlock
from evidence.store.sealing import PLAIN, PlainSealer, Sealer
from evidence.store.stored_case import StoredCase

Entropy = Callable[[int], bytes]
"""Returns that many random bytes; injected so that a golden case can be made again."""


class CaseFile(StoredCase):
    """A case, open for reading or for appending. Use it as a context manager."""

    def __init__(
        self,
        path: Path,
        *,
        sealer: Sealer,
        clock: Clock | None = None,
        entropy: Entropy = secrets.token_bytes,
    ) -> None:
        """Without a clock for reading only; callers use ``create`` and the two ``open``."""
        super().__init__(path, sealer=sealer)
        self._clock = clock
        self._entropy = entropy
        self._engine = sqlite_file.engine(path, writer=True)

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
        with cls.filling(
            path, clock=clock, title=title, entropy=entropy, protection=protection
        ) as made:
            sealer = made.sealer
        return cls(path, sealer=sealer, clock=clock, entropy=entropy)

    @classmethod
    @contextlib.contextmanager
    def filling(
        cls,
        path: Path,
        *,
        clock: Clock,
        title: str = "",
        entropy: Entropy = secrets.token_bytes,
        protection: Seal | None = None,
    ) -> Iterator[Self]:
        """Give a new case that lies beside ``path``; there it is when the block ended well.

        Raises:
            CaseExistsError, CaseNotWritableError, DiskFullError: as ``create``.
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
            made = cls(temporary, sealer=sealer, clock=clock, entropy=entropy)
            with made._engine.begin() as connection:
                slots = protection.slots if protection else {}
                meta.write_new(connection, sealer, slots, key.private_bytes_raw())
            made.append(Kind.CASE, records.case_to_data(record))
            with made:
                yield made

    @classmethod
    def open_read(cls, path: Path, *, unlock: Unlock = protection.no_key) -> Self:
        """Open a case for reading only; ``unlock`` is asked if it has a passphrase.

        Raises:
            CaseMissingError, NotACaseError, CaseTooNewError, CaseDamagedError, and what
            ``unlock`` raises.
        """
        sqlite_file.require_file(path)
        killed_writer.roll_back(path)
        sqlite_file.remove_leftover(path)
        locks = read_locks(path)
        sealer = PlainSealer() if locks.sealing == PLAIN else unlock(path, locks)
        return cls.reading_with(path, sealer)

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
        return cls(path, sealer=sealer, clock=clock, entropy=entropy)

    def another_reader(self) -> Self:
        """Open the case once more for reading, without asking for the passphrase again."""
        return self.reading_with(self.path, self.sealer)

    @classmethod
    def reading_with(cls, path: Path, sealer: Sealer) -> Self:
        """Open a case once more for reading, with what its first reader opened it with."""
        case = cls(path, sealer=sealer)
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
        self.release()

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
            sqlite_file.check_is_ours(self.path, connection)
            meta.require_sealing(self.path, connection, self.sealer)
            self._require_whole_pages()
            yield connection

    def _require_whole_pages(self) -> None:
        """Refuse to add to a file that was cut off inside a page, which SQLite does not notice."""
        if self.path.stat().st_size % schema.PAGE_BYTES:
            raise CaseDamagedError(path=str(self.path), detail="文件末尾缺失")


def read_locks(path: Path) -> Locks:
    """Return what the case at ``path`` says in clear about its passphrase.

    Raises:
        NotACaseError, CaseTooNewError, CaseDamagedError.
    """
    with sqlite_file.translated(path), sqlite_file.engine(path, writer=False).begin() as opened:
        sqlite_file.check_is_case(path, opened)
        return meta.read_locks(path, opened)
