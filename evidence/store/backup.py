"""Copy a whole case, while it is in use, and do not call it a copy before that was checked.

Rules:

1. The copy is one state of the case: the source is locked for reading until all of it is copied.
   A process that imports meanwhile waits for that.
2. It is made beside its place, for the owner only, brought to the disk, read back from there and
   checked; only then it takes its place. Nothing is overwritten, and nothing half-done is left.
3. What the copy holds is compared with what was there: as many entries with the same leaves, and
   a full check of every body, link and byte. Where that check cannot be made, because the key is
   missing or the case itself does not verify, every stored row is compared instead, and it is said.
4. Nothing is begun that cannot end well: the room is looked at first, and a file that is mostly a
   hole, which costs its maker nothing and whoever copies it a disk, is no case of ours.
"""

import contextlib
import dataclasses
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Table, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from evidence import private
from evidence.core import merkle
from evidence.core.entry import LeafHash
from evidence.errors import (
    CaseBusyError,
    CaseDamagedError,
    CaseExistsError,
    CaseNotWritableError,
    CaseUnreadableError,
    CopyDiffersError,
    NoRoomError,
    OutputExistsError,
    OutputNotWritableError,
)
from evidence.progress import Progress, silent
from evidence.store import disk, killed_writer, schema, sqlite_file
from evidence.store.pages import PageFile
from evidence.store.verdict import Verdict
from evidence.store.verify import CaseReport

_MEBIBYTE = 1024 * 1024
_PAGES = 256
"""Pages copied between two words to ``progress``."""

Check = Callable[[Path], CaseReport | None]
"""Verifies a case file; None if it cannot be looked into without a key that is not at hand."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A copy that lies on the disk and was checked."""

    path: Path
    entries: int
    root: str
    """Hex root over the stored leaves."""
    size: int
    """Bytes of the file."""
    report: CaseReport | None
    """What the full check said of the copy; None if it could not be looked into."""

    @property
    def verdict(self) -> Verdict:
        """What may be said of the contents; that it is the same as its source was checked."""
        return Verdict.NOT_CHECKED if self.report is None else self.report.verdict


def back_up(path: Path, out: Path, *, check: Check, progress: Progress = silent) -> Copied:
    """Copy the case at ``path`` to the new file ``out``; ``progress`` is told pages.

    Raises:
        CaseMissingError, NotACaseError, CaseTooNewError, CaseBusyError: about ``path``.
        CaseDamagedError: if it cannot even be copied.
        OutputExistsError, OutputNotWritableError, NoRoomError, DiskFullError: about ``out``.
        CopyDiffersError: if the copy is not what was copied; it is removed.
    """
    if os.path.lexists(out):
        raise OutputExistsError(path=str(out))
    try:
        with _beside(out) as temporary:
            made = _copy(path, temporary, check, progress, shown=out)
            sqlite_file.place(temporary, out)
    except CaseExistsError as error:
        raise OutputExistsError(path=str(out)) from error
    except CaseNotWritableError as error:
        if error.path != str(out):
            raise
        raise OutputNotWritableError(path=error.path, detail=error.detail) from error
    except OSError as error:
        raise OutputNotWritableError(path=str(out), detail=error.strerror or "") from error
    return dataclasses.replace(made, path=out)


def restore(backup: Path, path: Path, *, check: Check, progress: Progress = silent) -> Copied:
    """Copy a backup that the caller has checked to where no case is yet.

    Raises:
        CaseMissingError, NotACaseError, CaseTooNewError, CaseDamagedError: about ``backup``.
        CaseExistsError, CaseNotWritableError, NoRoomError, DiskFullError: about ``path``.
        CopyDiffersError: if the copy is not what was copied; it is removed.
    """
    if os.path.lexists(path):
        raise CaseExistsError(path=str(path))
    try:
        private.make_folders(path.parent)
        with _beside(path) as temporary:
            made = _copy(backup, temporary, check, progress, shown=path)
            sqlite_file.place(temporary, path)
    except OSError as error:
        raise CaseNotWritableError(path=str(path), detail=error.strerror or "") from error
    return dataclasses.replace(made, path=path)


def on_the_same_disk(path: Path, out: Path) -> bool:
    """Tell whether both lie on one file system, so that one broken disk takes both."""
    return path.stat().st_dev == out.absolute().parent.stat().st_dev


def _copy(
    source: Path, temporary: Path, check: Check, progress: Progress, *, shown: Path
) -> Copied:
    """Fill ``temporary`` and check it; ``shown`` is the place that the person named."""
    sqlite_file.require_file(source)
    killed_writer.roll_back(source)
    with _reading(source) as reading:
        sqlite_file.check_is_case(source, reading)
        leaves = _leaves(reading)
        _check_size(source, shown, schema.page_count(reading))
        with sqlite_file.translated(shown):
            try:
                _copy_pages(reading, temporary, progress)
            except sqlite3.Error as error:
                if disk.gives_all(source):
                    raise
                raise CaseUnreadableError(path=str(source), detail=disk.UNREAD) from error
    _to_disk(temporary)
    try:
        report = check(temporary)
    except CaseDamagedError as error:
        raise CaseDamagedError(path=str(source), detail=error.detail) from error
    with _reading(temporary) as copy:
        if _leaves(copy) != leaves:
            raise CopyDiffersError(path=str(source))
        if report is None or report.verdict is not Verdict.INTACT:
            with _reading(source) as reading:
                if _leaves(reading) != leaves:
                    raise CaseBusyError(path=str(source))
                _compare_rows(source, reading, copy)
    return Copied(
        path=temporary,
        entries=len(leaves),
        root=merkle.root(leaves).hex(),
        size=temporary.stat().st_size,
        report=report,
    )


def _check_size(source: Path, shown: Path, pages: int) -> None:
    """Refuse to begin what cannot end well (rule 4).

    Raises:
        CaseDamagedError: if most of what the file says it holds was never written.
        NoRoomError: if the copy does not fit where it shall be.
    """
    with PageFile(source) as file:
        written, free = file.written_pages(), file.free_pages
    # A page in use may hold nothing but zeros, and be a hole, only as the end of a longer row. Of
    # pages that are not in use each that lists them, and is written, names a few thousand.
    if pages - written > min(free, written * schema.PAGE_BYTES // 4) + written:
        detail = f"{pages - written} of {pages} pages were never written"
        raise CaseDamagedError(path=str(source), detail=detail)
    needed = pages * schema.PAGE_BYTES
    room = shutil.disk_usage(shown.absolute().parent).free
    if needed > room:
        raise NoRoomError(path=str(shown), needed=_mebibytes(needed), room=room // _MEBIBYTE)


def _mebibytes(size: int) -> int:
    return -(-size // _MEBIBYTE)


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[Connection]:
    """Give one state of a case, which nobody changes until the block ends."""
    with (
        sqlite_file.translated(path),
        sqlite_file.engine(path, writer=False).connect() as connection,
    ):
        connection.begin()  # let go when the connection is closed; there is nothing to commit
        schema.marks(connection)  # the first read takes the lock
        yield connection


def _leaves(connection: Connection) -> list[LeafHash]:
    query = select(schema.entry.c.leaf).order_by(schema.entry.c.seq)
    return [LeafHash(leaf) for (leaf,) in connection.execute(query)]


def _copy_pages(reading: Connection, temporary: Path, progress: Progress) -> None:
    """Copy every page with SQLite's own backup (rule 1: ``reading`` holds its lock)."""
    source = reading.connection.driver_connection
    if not isinstance(source, sqlite3.Connection):
        raise TypeError("not SQLite")

    def told(_status: int, remaining: int, total: int) -> None:
        progress(total - remaining, total)

    with contextlib.closing(sqlite3.connect(temporary, isolation_level=None)) as target:
        for statement in schema.copy_settings():
            target.execute(statement)
        source.backup(target, pages=_PAGES, progress=told)


def _to_disk(temporary: Path) -> None:
    """Wait until the copy is on the disk, and let it be read from there, not from memory."""
    handle = os.open(temporary, os.O_RDWR)
    try:
        os.fsync(handle)
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(handle)


def _compare_rows(source: Path, reading: Connection, copy: Connection) -> None:
    """Compare every row, as it is stored, with its copy (rule 3)."""
    for table in schema.tables(reading):
        pairs = zip(_rows(reading, table), _rows(copy, table), strict=False)
        if any(one != other for one, other in pairs):
            raise CopyDiffersError(path=str(source))


def _rows(connection: Connection, table: Table) -> Iterator[object]:
    """Yield the rows, then how it ended: at the end, or where SQLite cannot go on."""
    try:
        for row in connection.execute(select(table).order_by(*table.primary_key)):
            yield tuple(row)
    except DBAPIError as error:
        yield str(error.orig)
    else:
        yield "end"


@contextlib.contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Give a new private file beside ``path``; it is gone at the end if it was not moved."""
    temporary = sqlite_file.name_beside(path)
    try:
        os.close(private.create(temporary))
        with sqlite_file.shown_as(path, temporary):
            yield temporary
    finally:
        sqlite_file.remove(temporary)
