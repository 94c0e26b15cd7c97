"""Turn the passphrase of a whole case on or off, or replace what one of its slots opens.

Rules for turning on and off:

1. The case is written anew beside its file, compared with it value by value, and put in its place
   with one rename. Interrupted at any moment, the file is the old one or the new one, whole.
2. Meanwhile the old file is locked for writing. Whoever waited for it notices that the file was
   replaced and adds nothing to the old one (``CaseFile.locked``).
3. What an interrupted run leaves beside the case may be plain: only its owner can read it, and it
   is removed when the case is next opened (``sqlite_file.remove_leftover``).
4. A new case key is made each time, so that no key seals more than one file's worth.

Replacing a slot is one small transaction; the case key and all that it seals stay as they are.
"""

import contextlib
import hashlib
import itertools
import os
from collections.abc import Iterator, Mapping

from sqlalchemy import func, insert, select
from sqlalchemy.engine import Connection

from evidence.errors import CaseDamagedError, CaseNotWritableError
from evidence.progress import Progress, silent
from evidence.store import meta, schema, sqlite_file
from evidence.store.case_file import CaseFile
from evidence.store.key_slots import SlotName
from evidence.store.protection import Protection
from evidence.store.sealing import BrokenSealError, Place, PlainSealer, Sealer

_ENTRIES = select(schema.entry).order_by(schema.entry.c.seq)
_ERASED = select(schema.erased.c.seq, schema.erased.c.by).order_by(schema.erased.c.seq)
_ORIGINALS = select(schema.original).order_by(schema.original.c.seq)
_CHUNKS = select(schema.chunk).order_by(schema.chunk.c.seq, schema.chunk.c.idx)


def replace_slot(case: CaseFile, name: SlotName, value: bytes) -> None:
    """Let the secret of a new slot open the case in place of the one before; durable at return."""
    with case.writing() as connection:
        meta.replace_slot(connection, name, value)


def reseal(case: CaseFile, protection: Protection | None, *, progress: Progress = silent) -> None:
    """Seal the whole case under a new key, or store it as it is; ``case`` is of no use after.

    Raises:
        CaseDamagedError: if something in it cannot be read; nothing is changed.
        CaseNotWritableError, DiskFullError: if it cannot be written; nothing is changed.
    """
    sealer: Sealer = protection.sealer if protection else PlainSealer()
    slots = protection.slots if protection else {}
    with contextlib.ExitStack() as beside:
        with case.locked() as old:
            temporary = beside.enter_context(sqlite_file.file_beside(case.path))
            job = _Job(case, old, sealer, progress)
            with sqlite_file.engine(temporary, writer=True).begin() as new:
                job.copy(new, slots)
            with sqlite_file.engine(temporary, writer=False).begin() as written:
                job.compare(written)
            if os.name == "posix":
                sqlite_file.replace(temporary, case.path)
        if os.name != "posix":
            # Windows replaces no file that is open, so that the lock has to go first.
            sqlite_file.replace(temporary, case.path)


class _Job:
    """Reads the old file and writes the new one."""

    def __init__(self, case: CaseFile, old: Connection, sealer: Sealer, progress: Progress) -> None:
        self._path = case.path
        self._old = old
        self._before = case.sealer
        self._after = sealer
        self._progress = progress
        # Each byte is looked at twice: copied, then compared.
        query = select(func.total(schema.original.c.size))
        self._total = 2 * int(old.execute(query).scalar_one())
        self._done = 0
        self._digests: dict[int, bytes] = {}

    def copy(self, new: Connection, slots: Mapping[SlotName, bytes]) -> None:
        """Write everything of the old file into the new one."""
        meta.write_new(new, self._after, slots, self._signing_key(self._old, self._before))
        erased = {by: seq for seq, by in self._erased(self._old)}
        for seq, leaf, body in self._entries(self._old, self._before):
            stored = self._sealed(Place("entry", seq, 0), body)
            new.execute(insert(schema.entry).values(seq=seq, leaf=leaf, body=stored))
            if seq in erased:
                new.execute(insert(schema.erased).values(seq=erased[seq], by=seq))
        digests: dict[int, hashlib._Hash] = {}
        for seq, idx, piece in self._chunks(self._old, self._before):
            digests.setdefault(seq, hashlib.sha256()).update(piece)
            stored = self._sealed(Place("chunk", seq, idx), piece)
            new.execute(insert(schema.chunk).values(seq=seq, idx=idx, data=stored))
        self._digests = {seq: digest.digest() for seq, digest in digests.items()}
        for seq, size, lookup in self._originals():
            new.execute(insert(schema.original).values(seq=seq, size=size, lookup=lookup))

    def compare(self, new: Connection) -> None:
        """Refuse a new file that does not give back every value of the old one."""
        pairs = (
            (self._entries(self._old, self._before), self._entries(new, self._after)),
            (self._chunks(self._old, self._before), self._chunks(new, self._after)),
            (self._erased(self._old), self._erased(new)),
            (self._originals(), (tuple(row) for row in new.execute(_ORIGINALS))),
        )
        same = self._signing_key(self._old, self._before) == self._signing_key(new, self._after)
        for old_rows, new_rows in pairs:
            for old_row, new_row in itertools.zip_longest(old_rows, new_rows):
                same = same and old_row == new_row
        if not same:
            raise CaseNotWritableError(path=str(self._path), detail="写出的内容与原来不一致")

    def _signing_key(self, connection: Connection, sealer: Sealer) -> bytes:
        return meta.raw_signing_key(self._path, connection, sealer)

    def _entries(
        self, connection: Connection, sealer: Sealer
    ) -> Iterator[tuple[int, bytes, bytes]]:
        for row in connection.execute(_ENTRIES):
            yield row.seq, row.leaf, self._unsealed(sealer, Place("entry", row.seq, 0), row.body)

    def _chunks(self, connection: Connection, sealer: Sealer) -> Iterator[tuple[int, int, bytes]]:
        for row in connection.execute(_CHUNKS):
            piece = self._unsealed(sealer, Place("chunk", row.seq, row.idx), row.data)
            if connection is self._old:
                self._done = min(self._done + len(piece), self._total)
                self._progress(self._done, self._total)
            yield row.seq, row.idx, piece

    def _originals(self) -> Iterator[tuple[int, int, bytes]]:
        """Yield the rows of the list of originals as they must be in the new file."""
        for row in self._old.execute(_ORIGINALS):
            digest = row.lookup
            if digest == schema.empty_lookup(row.seq):
                yield row.seq, row.size, digest
                continue
            if not isinstance(self._before, PlainSealer):
                digest = self._digests.get(row.seq, hashlib.sha256().digest())
                if self._before.lookup(digest) != row.lookup:
                    raise CaseDamagedError(path=str(self._path), detail=f"original {row.seq}")
            yield row.seq, row.size, self._after.lookup(digest)

    def _erased(self, connection: Connection) -> Iterator[tuple[int, int]]:
        if schema.marks(connection).user_version >= schema.ERASE_VERSION:
            for row in connection.execute(_ERASED):
                yield row.seq, row.by

    def _sealed(self, place: Place, plain: bytes) -> bytes | memoryview:
        return self._after.seal(place, plain) if plain else plain

    def _unsealed(self, sealer: Sealer, place: Place, stored: bytes) -> bytes:
        # What was erased is empty and stays so.
        try:
            return sealer.unseal(place, stored) if stored else stored
        except BrokenSealError as error:
            detail = f"{place.table} {place.seq}: seal"
            raise CaseDamagedError(path=str(self._path), detail=detail) from error
