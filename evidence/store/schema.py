"""The tables of a case file, its triggers and its connection settings. All SQL text lives here.

Rules (DESIGN section 4):

1. ``entry``, ``original`` and ``chunk`` only grow. Triggers stop UPDATE and DELETE; with
   ``recursive_triggers`` they also see the delete inside REPLACE. They catch our own mistakes;
   the hash chain catches everybody else's. The one exception empties the rows of an entry that
   ``erased`` names, which can be said only right behind the entry that says why.
2. An entry is inserted directly behind the last one.
3. Journal mode DELETE with ``synchronous=EXTRA``: when a commit returns, the pages, the removal
   of the journal and the folder entry are on the disk. Nothing of the case lives in a second
   file between commits, so that a copy of the one file is a backup.
4. A crafted file may hold any type in any column; it is read as damage, never as an exception.
5. Erasing empties rows in place and never removes one: with ``secure_delete`` that overwrites what
   was there, while removing a row could move its neighbours and leave a copy of them behind, in a
   gap that no later erasure would find. The index of digests moves its rows; it is made anew.
"""

import dataclasses
import re
import sqlite3
from collections.abc import Callable

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.schema import CreateTable

APPLICATION_ID = 0x4C48454E
"""``LHEN`` in the SQLite header: this is a case of liuhen."""

FORMAT_VERSION = 2
"""``user_version`` in the SQLite header. Later versions read every earlier one."""

ERASE_VERSION = 2
"""The first version that has ``erased``; an earlier file becomes one at its first erasure."""

CHUNK_BYTES = 256 * 1024
"""An original is stored in pieces of this many bytes; the last one is shorter."""

PAGE_BYTES = 32 * 1024


class Blob(LargeBinary):
    """Bytes. SQLite lets any type be stored; what is no BLOB is read as no bytes (rule 4)."""

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[object], bytes]:  # noqa: ARG002 - SQLAlchemy's shape
        """Return what turns a stored value into bytes."""
        return lambda value: value if isinstance(value, bytes) else b""


class Whole(Integer):
    """A number from 0. What is no integer is read as -1, which nothing matches (rule 4)."""

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[object], int]:  # noqa: ARG002 - SQLAlchemy's shape
        """Return what turns a stored value into an integer."""
        return lambda value: value if isinstance(value, int) else -1


metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Blob, nullable=False),
)
"""Read and written by ``evidence.store.meta``."""

entry = Table(
    "entry",
    metadata,
    Column("seq", Whole, primary_key=True, autoincrement=False),
    Column("leaf", Blob, nullable=False),
    Column("body", Blob, nullable=False),
)
"""``body``: canonical bytes (sealed if the case is); ``leaf``: SHA-256(0x00 || canonical bytes)."""

original = Table(
    "original",
    metadata,
    Column("seq", Whole, primary_key=True, autoincrement=False),
    Column("size", Whole, nullable=False),
    Column("lookup", Blob, nullable=False, unique=True),
)
"""Which entries have an original, and a key that recognises the same bytes again."""

chunk = Table(
    "chunk",
    metadata,
    Column("seq", Whole, primary_key=True, autoincrement=False),
    Column("idx", Whole, primary_key=True, autoincrement=False),
    Column("data", Blob, nullable=False),
)

erased = Table(
    "erased",
    metadata,
    Column("seq", Whole, primary_key=True, autoincrement=False),
    Column("by", Whole, nullable=False, unique=True),
)
"""Entries whose rows may be empty, each with the ``erase`` entry that says why."""


def _refuses(table: str, verb: str, when: str = "") -> str:
    return (
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} {when}"
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


_NOT_ERASED = "OLD.seq NOT IN (SELECT seq FROM erased)"

_IN_ORDER = (
    (
        "CREATE TRIGGER entry_in_order BEFORE INSERT ON entry "
        "WHEN NEW.seq IS NOT (SELECT coalesce(max(seq) + 1, 0) FROM entry) "
        "BEGIN SELECT RAISE(ABORT, 'entry is out of order'); END"
    ),
    (
        "CREATE TRIGGER entry_leaf_size BEFORE INSERT ON entry WHEN length(NEW.leaf) IS NOT 32 "
        "BEGIN SELECT RAISE(ABORT, 'leaf is not 32 bytes'); END"
    ),
)

_TRIGGERS_1 = (
    *(
        _refuses(table, verb)
        for table in ("entry", "original", "chunk")
        for verb in ("UPDATE", "DELETE")
    ),
    *_IN_ORDER,
)

_TRIGGERS_2 = (
    *(_refuses(table, "DELETE") for table in ("entry", "original", "chunk", "erased")),
    _refuses(
        "entry",
        "UPDATE",
        "WHEN NEW.seq IS NOT OLD.seq OR NEW.leaf IS NOT OLD.leaf OR NEW.body IS NOT x'' "
        f"OR {_NOT_ERASED} ",
    ),
    _refuses(
        "original",
        "UPDATE",
        "WHEN NEW.seq IS NOT OLD.seq OR NEW.size IS NOT 0 "
        f"OR NEW.lookup IS NOT CAST('erased ' || OLD.seq AS BLOB) OR {_NOT_ERASED} ",
    ),
    _refuses(
        "chunk",
        "UPDATE",
        "WHEN NEW.seq IS NOT OLD.seq OR NEW.idx IS NOT OLD.idx OR NEW.data IS NOT x'' "
        f"OR {_NOT_ERASED} ",
    ),
    _refuses("erased", "UPDATE"),
    (
        "CREATE TRIGGER erased_by_entry BEFORE INSERT ON erased "
        "WHEN NEW.by IS NOT (SELECT max(seq) FROM entry) OR NEW.seq IS NULL "
        "OR NEW.seq NOT BETWEEN 1 AND NEW.by - 1 OR NEW.seq IN (SELECT by FROM erased) "
        "BEGIN SELECT RAISE(ABORT, 'erased needs its entry'); END"
    ),
    *_IN_ORDER,
)

_NEW_FILE = (
    f"PRAGMA page_size = {PAGE_BYTES}",
    "PRAGMA encoding = 'UTF-8'",
    "PRAGMA auto_vacuum = NONE",
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {FORMAT_VERSION}",
)

_HARDENED = (
    # What SQLite sets aside while it works must not reach another file.
    "PRAGMA temp_store = MEMORY",
    # A crafted case must not run SQL functions from its schema, nor survive odd cell sizes.
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    # A file that shrinks while it is mapped ends the process.
    "PRAGMA mmap_size = 0",
)

LIMITS = {
    # The largest row is an entry of canonical.MAX_BYTES, sealed.
    sqlite3.SQLITE_LIMIT_LENGTH: 17 * 1024 * 1024,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 10_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 50,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 30,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 4,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 25_000,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 8,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 50,
    sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 100,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 4,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
"""What SQLite may be asked for, by category (https://www.sqlite.org/limits.html)."""

CONFIGURATION = {
    "SQLITE_DBCONFIG_DEFENSIVE": True,
    "SQLITE_DBCONFIG_TRUSTED_SCHEMA": False,
    "SQLITE_DBCONFIG_ENABLE_VIEW": False,
    "SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION": False,
    "SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER": False,
    "SQLITE_DBCONFIG_DQS_DML": False,
    "SQLITE_DBCONFIG_DQS_DDL": False,
}
"""Switches by their name in ``sqlite3``, which has them from Python 3.12 on."""

_WRITER = (
    "PRAGMA journal_mode = DELETE",
    "PRAGMA synchronous = EXTRA",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA secure_delete = ON",
)

# A half-made copy is thrown away: a journal of it would be one more file to be private and removed.
_COPY = ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF")

_READER = ("PRAGMA query_only = ON",)

BEGIN_WRITE = "BEGIN IMMEDIATE"
BEGIN_READ = "BEGIN"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FileMarks:
    """What the SQLite header says the file is."""

    application_id: int
    user_version: int


def create_all(connection: Connection) -> None:
    """Make the tables and triggers in an empty file."""
    metadata.create_all(connection)
    for statement in _TRIGGERS_2:
        connection.execute(text(statement))


def let_erase(connection: Connection) -> None:
    """Make a file of an earlier version one in which entries can be erased (once, in a write)."""
    if marks(connection).user_version >= ERASE_VERSION:
        return
    erased.create(connection)
    for statement in _TRIGGERS_1:
        connection.execute(text(f"DROP TRIGGER IF EXISTS {statement.split()[2]}"))
    for statement in _TRIGGERS_2:
        connection.execute(text(statement))
    connection.execute(text(f"PRAGMA user_version = {ERASE_VERSION}"))


def empty_lookup(seq: int) -> bytes:
    """Return what stands in ``original.lookup`` of an erased entry."""
    return b"erased %d" % seq


def rebuild_lookups(connection: Connection) -> None:
    """Write the index of ``original.lookup`` anew, so that no gap in it keeps a digest (rule 5)."""
    connection.execute(text("REINDEX original"))


def changed_triggers(connection: Connection) -> list[str]:
    """Return the names of triggers that are missing, were changed, or are not ours."""
    wanted = _TRIGGERS_2 if marks(connection).user_version >= ERASE_VERSION else _TRIGGERS_1
    ours = {statement.split()[2]: statement for statement in wanted}
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    found = {str(name): sql for name, sql in rows}
    return sorted(name for name in ours | found if ours.get(name) != found.get(name))


def changed_tables(connection: Connection) -> list[str]:
    """Return the names of all but triggers that are missing, were changed, or are not ours.

    The text of a table says all of it: columns, types, keys, checks, whether it has row numbers.
    """
    ours: set[tuple[object, ...]] = set()
    for table in tables(connection):
        made = str(CreateTable(table).compile(dialect=sqlite.dialect()))
        ours.add(("table", table.name, table.name, _words(made)))
        if _has_index(table):
            ours.add(("index", f"sqlite_autoindex_{table.name}_1", table.name, None))
    query = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE type IS NOT 'trigger'"
    found = [(*row[:3], _words(row.sql)) for row in connection.execute(text(query))]
    changed = [str(row[1]) for row in found if row not in ours or found.count(row) > 1]
    return sorted({*changed, *(str(row[1]) for row in ours.difference(found))})


def _has_index(table: Table) -> bool:
    """Tell whether SQLite keeps an index of a table, for its key or for a unique column."""
    return table in (meta, original, chunk, erased)


def _words(statement: object) -> tuple[str, ...] | None:
    """Return SQL as words and signs, so that spaces between them do not count."""
    if not isinstance(statement, str):
        return None
    return tuple(re.findall(r'"[^"]*"|\w+|\S', statement))


def marks(connection: Connection) -> FileMarks:
    """Read the header fields that identify a case file."""
    return FileMarks(
        application_id=connection.execute(text("PRAGMA application_id")).scalar_one(),
        user_version=connection.execute(text("PRAGMA user_version")).scalar_one(),
    )


def structure_problems(connection: Connection, table: Table | None = None) -> list[str]:
    """Return what SQLite's own integrity check finds in one table or in the whole file."""
    scope = "20" if table is None else table.name
    rows = connection.execute(text(f"PRAGMA integrity_check({scope})"))
    return [line for (line,) in rows if line != "ok"]


def has_free_pages(connection: Connection) -> bool:
    """Tell whether the file lists pages that are not in use, which only a whole check looks at."""
    return bool(connection.execute(text("PRAGMA freelist_count")).scalar_one())


def page_count(connection: Connection) -> int:
    """Return how many pages SQLite takes the file to have."""
    return int(connection.execute(text("PRAGMA page_count")).scalar_one())


def copy_settings() -> tuple[str, ...]:
    """Settings of a new file that SQLite's backup fills; it is brought to the disk afterwards."""
    return _COPY


def tables(connection: Connection) -> tuple[Table, ...]:
    """Return the tables that the file has."""
    every = (meta, entry, original, chunk)
    return (*every, erased) if marks(connection).user_version >= ERASE_VERSION else every


def new_file_settings() -> tuple[str, ...]:
    """Settings that must come before the first page is written."""
    return _NEW_FILE


def settings(*, writer: bool) -> tuple[str, ...]:
    """Settings of a connection, in order."""
    return _HARDENED + (_WRITER if writer else _READER)
