"""Opening the one SQLite file, and saying in our own errors what SQLite says in its own.

Rules:

1. A reader opens the file read-only, also while another process is importing. Only if a writer
   was killed, its journal is rolled back first, which needs one short writing connection.
2. A new case is made beside its place and linked there when it is whole, so that an interrupted
   ``init`` leaves nothing that looks like a case.
3. The file may be a stranger's. It is looked at before SQLite is (``stranger``); SQLite itself is
   given limits that our own cases never reach, and nothing is read from tables, indexes or views
   that are not exactly ours.
"""

import contextlib
import dataclasses
import errno
import io
import os
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from evidence import private
from evidence.errors import (
    CaseBusyError,
    CaseDamagedError,
    CaseError,
    CaseExistsError,
    CaseMissingError,
    CaseNotWritableError,
    CaseStructureError,
    CaseTooNewError,
    CaseUnreadableError,
    DiskFullError,
    EvidenceError,
    NotACaseError,
    ResealUnsureError,
)
from evidence.outside import NotPlainError, open_plain
from evidence.store import meta, schema, stranger

_MISSING = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG})

BUSY_SECONDS = 60
"""How long an append waits for another process."""

_READ_FAILED = (sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_CORRUPTFS)

_NAMED = 5
"""Tables that an error names."""

_SCHEMA_STEPS = 50_000
"""Steps of SQLite that reading a list of tables may take; ours takes some hundred."""


def engine(
    path: Path, *, writer: bool, begin: str | None = None, wait: float | None = None
) -> Engine:
    """Return an engine for one connection with the settings of ``schema``.

    It waits ``wait`` seconds for another process, ``BUSY_SECONDS`` if nothing is said.
    """
    mode = "rw" if writer else "ro"
    uri = f"{path.resolve().as_uri()}?mode={mode}"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            uri,
            uri=True,
            timeout=BUSY_SECONDS if wait is None else wait,
            isolation_level=None,
            check_same_thread=False,
        )
        with contextlib.ExitStack() as undo:
            undo.callback(connection.close)
            _restrict(connection)
            for statement in schema.settings(writer=writer):
                connection.execute(statement)
            undo.pop_all()
        return connection

    made = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    first = begin or (schema.BEGIN_WRITE if writer else schema.BEGIN_READ)

    def begin_explicitly(connection: Connection) -> None:
        # sqlite3's own implicit transactions are off (isolation_level=None).
        connection.exec_driver_sql(first)

    event.listen(made, "begin", begin_explicitly)
    return made


def _restrict(connection: sqlite3.Connection) -> None:
    """Keep what a crafted file can make SQLite do within bounds (rule 3)."""
    for category, limit in schema.LIMITS.items():
        connection.setlimit(category, limit)
    if sys.version_info >= (3, 12):
        for name, wanted in schema.CONFIGURATION.items():
            connection.setconfig(getattr(sqlite3, name), wanted)


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about ``path`` into ours."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            raise _ours(path, error.orig) from error
        raise
    except sqlite3.Error as error:
        raise _ours(path, error) from error


def check_is_case(path: Path, connection: Connection) -> None:
    """Refuse a file that is no case, one of a later format, or one whose tables are not ours.

    Raises:
        NotACaseError, CaseTooNewError, CaseStructureError.
    """
    marks = schema.marks(connection)
    if marks.application_id != schema.APPLICATION_ID:
        raise NotACaseError(path=str(path))
    if marks.user_version > schema.FORMAT_VERSION:
        raise CaseTooNewError(
            path=str(path), found=marks.user_version, supported=schema.FORMAT_VERSION
        )
    with _few_steps(path, connection):
        changed = schema.changed_tables(connection)
    if changed:
        raise CaseStructureError(path=str(path), detail=_listed(changed))


def check_is_ours(path: Path, connection: Connection) -> None:
    """Refuse to write where a trigger would do something else than ours do, or nothing.

    Raises:
        CaseStructureError.
    """
    check_is_case(path, connection)
    changed = schema.changed_triggers(connection)
    if changed:
        raise CaseStructureError(path=str(path), detail=_listed(changed))


@contextlib.contextmanager
def _few_steps(path: Path, connection: Connection) -> Iterator[None]:
    """Refuse a list of tables that has no end."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError("not SQLite")
    driver.set_progress_handler(lambda: 1, _SCHEMA_STEPS)
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT:
            raise CaseStructureError(path=str(path), detail="sqlite_master") from error
        raise
    finally:
        driver.set_progress_handler(None, 0)


def _listed(names: list[str]) -> str:
    return ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")


def problems(path: Path) -> list[str]:
    """Return what is wrong with the structure of a file: what SQLite finds, what is not ours."""
    try:
        require_file(path)
        with translated(path), engine(path, writer=False).connect() as connection:
            check_is_ours(path, connection)
            return schema.structure_problems(connection) + meta.strangers(connection)
    except EvidenceError as error:
        return [error.code]


def require_file(path: Path) -> None:
    """Refuse a path that is missing, is not a plain file, or must not be given to SQLite.

    Raises:
        CaseNotWritableError: if the system does not let it be read.
        CaseMissingError, NotACaseError, CaseTooNewError, CaseStructureError, CaseCompanionError.
    """
    with _plain(path) as file:
        head = file.read(stranger.HEADER_BYTES)
    stranger.check_header(path, head)
    stranger.require_alone(path)


def require_plain(path: Path) -> None:
    """Refuse a path that is missing or leads to a folder, a device or a pipe.

    Raises:
        CaseMissingError, NotACaseError, CaseNotWritableError.
    """
    with _plain(path):
        pass


@contextlib.contextmanager
def _plain(path: Path) -> Iterator[io.FileIO]:
    try:
        with open_plain(path) as file:
            yield file
    except OSError as error:
        if error.errno in _MISSING:
            raise CaseMissingError(path=str(path)) from error
        if isinstance(error, NotPlainError) or error.errno == errno.ENXIO:
            raise NotACaseError(path=str(path)) from error
        if error.errno == errno.EIO:
            raise CaseUnreadableError(path=str(path), detail=error.strerror or "") from error
        raise CaseNotWritableError(path=str(path), detail=error.strerror or "") from error


def identity(path: Path) -> tuple[int, int]:
    """Return what tells this file from another one that takes its place.

    Raises:
        CaseMissingError: if there is none.
    """
    try:
        found = path.stat()
    except OSError as error:
        raise CaseMissingError(path=str(path)) from error
    return found.st_dev, found.st_ino


@contextlib.contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """Give a temporary path; when the block ends well, the file takes its place at ``path``.

    Raises:
        CaseExistsError: if something is at ``path``, before or after the block.
        CaseNotWritableError: if the folder cannot be written.
    """
    if os.path.lexists(path):
        raise CaseExistsError(path=str(path))
    try:
        private.make_folders(path.parent)
        temporary = name_beside(path)
    except OSError as error:
        raise CaseNotWritableError(path=str(path), detail=error.strerror or "") from error
    try:
        os.close(private.create(temporary))
        with shown_as(path, temporary), translated(path):
            _prepare(temporary)
            yield temporary
        place(temporary, path)
    except OSError as error:
        raise CaseNotWritableError(path=str(path), detail=error.strerror or "") from error
    finally:
        remove(temporary)


@contextlib.contextmanager
def shown_as(path: Path, temporary: Path) -> Iterator[None]:
    """Let errors about ``temporary`` name the place that the person named.

    Raises:
        CaseBusyError: if another process that writes the same took ``temporary`` for a leftover.
    """
    try:
        yield
    except CaseError as error:
        if error.path != str(temporary):
            raise
        if isinstance(error, CaseMissingError):
            raise CaseBusyError(path=str(path)) from error
        raise dataclasses.replace(error, path=str(path)) from error


@contextlib.contextmanager
def file_beside(path: Path) -> Iterator[Path]:
    """Give an empty case file beside ``path`` that ``replace`` can put in its place.

    The caller holds the case's write lock while it works on it, so that one name is enough. If
    ``path`` is a link, that is beside the file that it leads to.

    Raises:
        CaseNotWritableError: if the folder cannot be written.
    """
    temporary = _leftover(path)
    remove(temporary)
    try:
        try:
            os.close(private.create(temporary))
        except OSError as error:
            raise CaseNotWritableError(path=str(path), detail=error.strerror or "") from error
        with shown_as(path, temporary), translated(path):
            _prepare(temporary)
            yield temporary
    finally:
        remove(temporary)


def replace(temporary: Path, path: Path) -> None:
    """Let ``temporary`` take the place of ``path``, durably.

    Raises:
        CaseNotWritableError: if it cannot; then ``path`` is what it was.
        ResealUnsureError: if it did, but may not have after a power cut.
    """
    real = path.resolve()
    try:
        temporary.replace(real)
    except OSError as error:
        raise CaseNotWritableError(path=str(path), detail=error.strerror or "") from error
    try:
        private.sync_folder(real.parent)
    except OSError as error:
        raise ResealUnsureError(path=str(path)) from error


def remove_leftover(path: Path) -> None:
    """Remove what an interrupted ``file_beside`` left, unless somebody is working on it."""
    temporary = _leftover(path)
    if not os.path.lexists(temporary):
        return
    # Whoever works on it holds the case's write lock.
    with contextlib.suppress(DBAPIError), engine(path, writer=True, wait=0).begin():
        remove(temporary)


def _leftover(path: Path) -> Path:
    real = path.resolve()
    return real.with_name(f".{real.name}.resealing")


def remove(temporary: Path) -> None:
    """Remove a file beside the case, with its journal, if the system lets it."""
    for name in (temporary.name + "-journal", temporary.name):
        private.remove(temporary.with_name(name))


def _prepare(temporary: Path) -> None:
    with contextlib.closing(sqlite3.connect(temporary, isolation_level=None)) as connection:
        for statement in schema.new_file_settings():
            connection.execute(statement)
    with engine(temporary, writer=True).begin() as tables:
        schema.create_all(tables)


def name_beside(path: Path) -> Path:
    """Return a new name beside ``path``; what a killed process left under one is removed."""
    return private.name_beside(path, "new")


def place(temporary: Path, path: Path) -> None:
    """Let a finished file take its place, as ``private.place``.

    Raises:
        CaseExistsError: if something is at ``path``.
        OSError: if it cannot; then nothing is there.
    """
    try:
        private.place(temporary, path)
    except FileExistsError as error:
        raise CaseExistsError(path=str(path)) from error


def _ours(path: Path, error: sqlite3.Error) -> EvidenceError:
    code = getattr(error, "sqlite_errorcode", 0)
    primary = code & 0xFF
    where, detail = str(path), str(error)
    match primary:
        case sqlite3.SQLITE_FULL:
            return DiskFullError(path=where)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return CaseBusyError(path=where)
        case sqlite3.SQLITE_NOTADB:
            return NotACaseError(path=where)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return CaseNotWritableError(path=where, detail=detail)
        case sqlite3.SQLITE_IOERR:
            made = CaseUnreadableError if code in _READ_FAILED else CaseNotWritableError
            return made(path=where, detail=detail)
        case _:
            return CaseDamagedError(path=where, detail=detail)
