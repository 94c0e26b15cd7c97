"""The tables of a case file, its triggers and its connection settings. All SQL text lives here.

Rules (DESIGN section 4):

1. ``entry``, ``original`` and ``chunk`` only grow. Triggers stop UPDATE and DELETE; with
   ``recursive_triggers`` they also see the delete inside REPLACE. They catch our own mistakes;
   the hash chain catches everybody else's.
2. An entry is inserted directly behind the last one.
3. Journal mode DELETE with ``synchronous=EXTRA``: when a commit returns, the pages, the removal
   of the journal and the folder entry are on the disk. Nothing of the case lives in a second
   file between commits, so that a copy of the one file is a backup.
4. A crafted file may hold any type in any column; it is read as damage, never as an exception.
"""

import dataclasses
from collections.abc import Callable

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text, text
from sqlalchemy.engine import Connection, Dialect

APPLICATION_ID = 0x4C48454E
"""``LHEN`` in the SQLite header: this is a case of liuhen."""

FORMAT_VERSION = 1
"""``user_version`` in the SQLite header. Later versions read every earlier one."""

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
"""``sealing``: how bodies and chunks are stored; ``signing_key``: the Ed25519 private key, raw."""

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

_GROWING = ("entry", "original", "chunk")

_TRIGGERS = (
    *(
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table in _GROWING
        for verb in ("UPDATE", "DELETE")
    ),
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

_NEW_FILE = (
    f"PRAGMA page_size = {PAGE_BYTES}",
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {FORMAT_VERSION}",
)

_HARDENED = (
    # A crafted case must not run SQL functions from its schema, nor survive odd cell sizes.
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
)

_WRITER = (
    "PRAGMA journal_mode = DELETE",
    "PRAGMA synchronous = EXTRA",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA secure_delete = ON",
)

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
    for statement in _TRIGGERS:
        connection.execute(text(statement))


def changed_triggers(connection: Connection) -> list[str]:
    """Return the names of triggers that are missing, were changed, or are not ours."""
    ours = {statement.split()[2]: statement for statement in _TRIGGERS}
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    found = {str(name): sql for name, sql in rows}
    return sorted(name for name in ours | found if ours.get(name) != found.get(name))


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


def new_file_settings() -> tuple[str, ...]:
    """Settings that must come before the first page is written."""
    return _NEW_FILE


def settings(*, writer: bool) -> tuple[str, ...]:
    """Settings of a connection, in order."""
    return _HARDENED + (_WRITER if writer else _READER)
