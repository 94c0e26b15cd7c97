"""Case files as somebody who means harm would make them: each function changes a copy in place."""

import hashlib
import json
import os
import random
import sqlite3
import struct
from collections.abc import Callable, Mapping
from pathlib import Path

from evidence.core.entry import GENESIS, leaf_hash
from evidence.store.schema import PAGE_BYTES
from tests.evidence.store import case_files
from tests.evidence.store.case_files import sqlite

JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")
HUGE = 2**62


def sql(*statements: str) -> Callable[[Path], None]:
    """Return what runs statements as any ``sqlite3`` would."""

    def change(path: Path) -> None:
        with sqlite(path) as connection:
            for statement in statements:
                connection.execute(statement)

    return change


def rows(*statements: str) -> Callable[[Path], None]:
    """Return what changes rows without the triggers, which are put back."""

    def change(path: Path) -> None:
        with case_files.tampering(path) as connection:
            for statement in statements:
                connection.execute(statement)

    return change


def table_text(table: str, old: str, new: str) -> Callable[[Path], None]:
    """Return what changes the text of a table, as ``writable_schema`` allows."""

    def change(path: Path) -> None:
        with sqlite(path) as connection:
            connection.execute("PRAGMA writable_schema = ON")
            query = "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE name = ?"
            assert connection.execute(query, (old, new, table)).rowcount == 1

    return change


def in_place_of(table: str, made: str) -> Callable[[Path], None]:
    """Return what puts something of the same name in the place of a table."""
    return sql("PRAGMA legacy_alter_table = ON", f"ALTER TABLE {table} RENAME TO real", made)


def header(at: int, data: bytes) -> Callable[[Path], None]:
    """Return what overwrites bytes of the SQLite header."""

    def change(path: Path) -> None:
        content = bytearray(path.read_bytes())
        content[at : at + len(data)] = data
        path.write_bytes(content)

    return change


def converted(*pragmas: str) -> Callable[[Path], None]:
    """Return what lets SQLite write the whole file anew with other settings."""
    return sql(*(f"PRAGMA {pragma}" for pragma in pragmas), "VACUUM")


def without_triggers(path: Path) -> None:
    with sqlite(path) as connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")


def many_views(path: Path) -> None:
    """Add more views than anybody can read."""
    with sqlite(path) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.executemany(
            "INSERT INTO sqlite_master VALUES ('view', ?, ?, 0, ?)",
            [(f"v{n}", f"v{n}", f"CREATE VIEW v{n} AS SELECT 1") for n in range(20_000)],
        )


def body(data: bytes, *, kind: bytes = b"note", recorded: bytes = b"2026-11-20T09:00:00Z") -> bytes:
    """Return the body of entry 1 with any bytes as its data."""
    return b'{"data":%b,"kind":"%b","nonce":"%b","prev":"%b","recorded_at":"%b","seq":1,"v":1}' % (
        data,
        kind,
        b"0" * 32,
        b"PREV",
        recorded,
    )


def second_entry(made: bytes) -> Callable[[Path], None]:
    """Return what puts a body with its right leaf and link into the place of entry 1."""

    def change(path: Path) -> None:
        with case_files.tampering(path) as connection:
            (first,) = connection.execute("SELECT leaf FROM entry WHERE seq = 0").fetchone()
            linked = made.replace(b"PREV", first.hex().encode())
            connection.execute("DELETE FROM entry WHERE seq > 0")
            connection.execute("DELETE FROM original")
            connection.execute("DELETE FROM chunk")
            values = (leaf_hash(linked), linked)
            connection.execute("INSERT INTO entry VALUES (1, ?, ?)", values)

    return change


def without_case(path: Path) -> None:
    """Leave a log whose first entry is a note."""
    made = (
        body(b'{"text":"x"}')
        .replace(b'"seq":1', b'"seq":0')
        .replace(b"PREV", GENESIS.hex().encode())
    )
    with case_files.tampering(path) as connection:
        connection.execute("DELETE FROM entry")
        connection.execute("INSERT INTO entry VALUES (0, ?, ?)", (leaf_hash(made), made))


def cut(size: int) -> Callable[[Path], None]:
    return lambda path: os.truncate(path, size)


def longer(path: Path) -> None:
    """Let the file end a terabyte further on, in a hole, and the header say so."""
    size = 2**40
    os.truncate(path, size)
    with path.open("r+b") as file:
        file.seek(28)
        file.write((size // PAGE_BYTES).to_bytes(4))


def looping_freelist(path: Path) -> None:
    sql("CREATE TABLE gone (x)", "INSERT INTO gone VALUES (zeroblob(200000))", "DROP TABLE gone")(
        path
    )
    content = bytearray(path.read_bytes())
    trunk = int.from_bytes(content[32:36])
    content[(trunk - 1) * PAGE_BYTES : (trunk - 1) * PAGE_BYTES + 4] = trunk.to_bytes(4)
    path.write_bytes(content)


def pages_of_the_same_row(path: Path) -> None:
    """Add leaves whose places all lead to one row."""
    leaf = bytearray(PAGE_BYTES)
    count = (PAGE_BYTES - 200) // 2
    leaf[0:8] = struct.pack(">BHHHB", 13, 0, count, PAGE_BYTES - 100, 0)
    row = bytes([36, 1, 4, 0, 76, 12]) + bytes(32)
    leaf[-100 : -100 + len(row)] = row
    for number in range(count):
        leaf[8 + 2 * number : 10 + 2 * number] = (PAGE_BYTES - 100).to_bytes(2)
    with path.open("ab") as file:
        for _ in range(10):
            file.write(leaf)
    header(28, (path.stat().st_size // PAGE_BYTES).to_bytes(4))(path)


def names_of_no_utf8(path: Path) -> None:
    with case_files.tampering(path) as connection:
        connection.execute("UPDATE meta SET value = CAST(x'ff00fe' AS TEXT) WHERE key = 'sealing'")
        connection.execute("INSERT INTO meta VALUES (CAST(x'fffe41' AS TEXT), x'00')")


SCHEMA: Mapping[str, Callable[[Path], None]] = {
    "view in the place of entry": in_place_of("entry", "CREATE VIEW entry AS SELECT * FROM real"),
    "view without an end": in_place_of(
        "entry",
        "CREATE VIEW entry AS WITH RECURSIVE n(seq) AS (SELECT 0 UNION ALL SELECT seq + 1 FROM n) "
        "SELECT seq, zeroblob(32) AS leaf, zeroblob(1000000) AS body FROM n",
    ),
    "virtual table": in_place_of("chunk", "CREATE VIRTUAL TABLE chunk USING fts5(seq, idx, data)"),
    "dbstat": sql("CREATE VIRTUAL TABLE stat USING dbstat"),
    "r-tree": sql("CREATE VIRTUAL TABLE tree USING rtree(id, a, b)"),
    "generated column": table_text(
        "entry", "body BLOB NOT NULL", "body BLOB AS (zeroblob(900000000)) VIRTUAL"
    ),
    "heavy check": table_text(
        "entry", "PRIMARY KEY (seq)", "PRIMARY KEY (seq), CHECK (hex(zeroblob(400000000)))"
    ),
    "index on an expression": sql(
        "CREATE INDEX heavy ON entry (length(zeroblob(seq * 100000000)))"
    ),
    "partial index": sql("CREATE INDEX part ON original (size) WHERE size > 5"),
    "without row numbers": in_place_of(
        "entry",
        "CREATE TABLE entry (seq INTEGER NOT NULL PRIMARY KEY, leaf BLOB NOT NULL, "
        "body BLOB NOT NULL) WITHOUT ROWID",
    ),
    "collation": table_text("meta", '"key" TEXT', '"key" TEXT COLLATE NOCASE'),
    "collation that nobody knows": table_text("meta", '"key" TEXT', '"key" TEXT COLLATE evil'),
    "column of another type": table_text("entry", "leaf BLOB", "leaf TEXT"),
    "one column more": sql("ALTER TABLE entry ADD COLUMN more BLOB"),
    "default": table_text("entry", "body BLOB NOT NULL", "body BLOB DEFAULT (abs(-1))"),
    "foreign table": sql("CREATE TABLE notes (x)"),
    "statistics that lie": sql("ANALYZE", "UPDATE sqlite_stat1 SET stat = '1 1 unordered'"),
    "missing table": sql("DROP TABLE chunk"),
    "table text that is no SQL": table_text("entry", "CREATE TABLE", "CREATE TABL"),
    "very long table text": table_text("entry", "seq INTEGER", "seq INTEGER" + " " * 20_000),
    "more views than one can read": many_views,
    "triggers are gone": without_triggers,
    "trigger that takes back": sql(
        "CREATE TRIGGER evil AFTER INSERT ON entry BEGIN DELETE FROM entry; END"
    ),
    "trigger of ours without effect": sql(
        "DROP TRIGGER entry_no_delete",
        "CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry BEGIN SELECT 1; END",
    ),
}

HEADER: Mapping[str, Callable[[Path], None]] = {
    "write-ahead log": header(18, b"\x02\x02"),
    "read-only format": header(18, b"\x07\x01"),
    "page size of 512": header(16, b"\x02\x00"),
    "pages of 512": converted("page_size = 512"),
    "pages of 65536": converted("page_size = 65536"),
    "UTF-16": header(56, (2).to_bytes(4)),
    "other application": header(68, b"EVIL"),
    "later format": header(60, (99).to_bytes(4)),
    "format of no version": header(60, bytes(4)),
    "reserved bytes": header(20, b"\xff"),
    "automatic vacuum": converted("auto_vacuum = FULL"),
    "wrong fractions": header(21, b"\xff\x01\x01"),
    "huge count of pages": header(28, b"\xff\xff\xff\xfe"),
    "a terabyte of nothing": longer,
    "freelist that loops": looping_freelist,
    "cut behind the header": cut(100),
    "cut in the header": cut(60),
    "cut behind the first page": cut(PAGE_BYTES),
    "nothing": cut(0),
    "only the first bytes": lambda path: path.write_bytes(b"SQLite format 3\0") and None,
    "pages of the same row": pages_of_the_same_row,
}

ROWS: Mapping[str, Callable[[Path], None]] = {
    "texts of no UTF-8": names_of_no_utf8,
    "body is text": rows("UPDATE entry SET body = CAST(body AS TEXT) WHERE seq = 2"),
    "body is a number": rows("UPDATE entry SET body = 5 WHERE seq = 2"),
    "leaf is short": rows("UPDATE entry SET leaf = x'00' WHERE seq = 2"),
    "size is a real number": rows("UPDATE original SET size = 1e300"),
    "size is a text": rows("UPDATE original SET size = 'many'"),
    "original of an exabyte": rows(f"UPDATE original SET size = {HUGE}"),
    "lookup is a text": rows("UPDATE original SET lookup = 'x' || seq"),
    "entry at the end of all numbers": rows(
        f"INSERT INTO entry VALUES ({2**63 - 1}, zeroblob(32), x'00')"
    ),
    "entry below zero": rows("INSERT INTO entry VALUES (-5, zeroblob(32), x'00')"),
    "chunk at the end of all numbers": rows(f"INSERT INTO chunk VALUES (4, {HUGE}, x'00')"),
    "chunk of text numbers": rows("INSERT INTO chunk VALUES ('four', 'one', x'00')"),
    "chunk that is huge": rows("UPDATE chunk SET data = zeroblob(20000000) WHERE seq = 4"),
    "no chunks": rows("DELETE FROM chunk"),
    "chunks of others": rows("INSERT INTO chunk SELECT seq + 100, idx, data FROM chunk"),
    "blob that is huge": rows("UPDATE entry SET body = zeroblob(20000000) WHERE seq = 2"),
    "no meta": rows("DELETE FROM meta"),
    "sealing that nobody knows": rows("UPDATE meta SET value = 'rot13' WHERE key = 'sealing'"),
    "signing key of the wrong length": rows(
        "UPDATE meta SET value = zeroblob(1000000) WHERE key = 'signing_key'"
    ),
    "much in meta": rows(
        "WITH RECURSIVE n(x) AS (SELECT 0 UNION ALL SELECT x + 1 FROM n WHERE x < 20) "
        "INSERT INTO meta SELECT 'k' || x, zeroblob(1000000) FROM n"
    ),
    "erased by nobody": rows("INSERT INTO erased VALUES (4, 1)"),
    "erased and there": rows(f"INSERT INTO erased VALUES (2, {HUGE})"),
    "no entries": rows("DELETE FROM entry"),
    "no case entry": without_case,
}

HALF_A_GIGABYTE = rows("UPDATE entry SET body = zeroblob(500000000) WHERE seq = 2")

BODIES: Mapping[str, bytes] = {
    "nested a hundred thousand deep": b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "number of a hundred thousand digits": b'{"x":1' + b"0" * 100_000 + b"}",
    "not a number": b'{"x":NaN}',
    "infinite": b'{"x":Infinity}',
    "real number": b'{"x":1.5}',
    "lone surrogate": b'{"text":"\\ud800"}',
    "no UTF-8": b'{"text":"\xff\xfe"}',
    "nothing but arrays": b'{"x":[' + b"[]," * 1_200_000 + b"[]]}",
    "zero character": b'{"text":"a\\u0000b"}',
    "data of a list": b"[]",
    "twice the same key": b'{"text":"a","text":"b"}',
    "empty": b"{}",
}

DATA: Mapping[str, bytes] = {
    "exhibit of an exabyte": b'{"medium":"recording","media_type":"audio/mpeg","name":"x",'
    b'"occurred":{},"origin":{},"sha256":"%b","size":9007199254740991}' % (b"0" * 64),
    "exhibit of another type": b'{"medium":[],"media_type":{},"name":[1],"size":"x"}',
    "exhibit with a name of controls": b'{"media_type":"a/b","medium":"recording",'
    b'"name":"\\u001b]0;x\\u0007","occurred":{"basis":"x","meaning":"x"},"sha256":"zz","size":-1}',
}


def slot(**changes: object) -> Callable[[Path], None]:
    """Return what changes fields of the passphrase's slot, with a check that is right."""

    def change(path: Path) -> None:
        with sqlite(path) as connection:
            stored = dict(connection.execute("SELECT key, value FROM meta"))
            data = {**json.loads(stored["key_passphrase"]), **changes}
            del data["check"]
            whole = {**data, "sealing": stored["sealing"].decode(), "slot": "key_passphrase"}
            data["check"] = hashlib.sha256(_compact(whole)).hexdigest()
            connection.execute(
                "UPDATE meta SET value = ? WHERE key = 'key_passphrase'", (_compact(data),)
            )

    return change


def _compact(data: Mapping[str, object]) -> bytes:
    return json.dumps(data, sort_keys=True, separators=(",", ":")).encode()


SLOTS: Mapping[str, Callable[[Path], None]] = {
    "64 GiB of memory": slot(memory_kib=64 * 1024 * 1024),
    "a gigabyte of memory": slot(memory_kib=1024 * 1024),
    "hours": slot(iterations=10**9),
    "some minutes": slot(memory_kib=256 * 1024, iterations=64),
    "a thousand lanes": slot(memory_kib=8000, lanes=1000),
    "no memory": slot(memory_kib=0),
    "less than no memory": slot(memory_kib=-1),
    "memory of a text": slot(memory_kib="65536"),
    "memory of no integer": slot(memory_kib=1.5),
    "iterations that are true": slot(iterations=True),
    "salt of a megabyte": slot(salt="00" * 1_000_000),
    "no salt": slot(salt=""),
    "short nonce": slot(nonce="00" * 11),
    "long nonce": slot(nonce="00" * 13),
    "short wrapped key": slot(wrapped="00" * 16),
    "long wrapped key": slot(wrapped="00" * 64),
    "other function": slot(kdf="scrypt"),
    "one field more": slot(more=1),
}


def journal(path: Path, *, names: Path | None = None, page_size: int = PAGE_BYTES) -> Path:
    """Lay a journal beside a case, as a killed writer does; it can name another file."""
    pages = path.stat().st_size // PAGE_BYTES
    made = (JOURNAL_MAGIC + struct.pack(">IIIII", 0, 0, pages, 512, page_size)).ljust(512, b"\0")
    if names is not None:
        name = os.fsencode(names)
        made += struct.pack(">I", 2**30 // PAGE_BYTES + 1) + name
        made += struct.pack(">II", len(name), sum(name)) + JOURNAL_MAGIC
    beside = path.with_name(path.name + "-journal")
    beside.write_bytes(made)
    return beside


def write_ahead_log(path: Path) -> Path:
    """Lay a log beside a case that SQLite would read as a part of it."""
    other = path.with_name("other.db")
    other.write_bytes(path.read_bytes())
    connection = sqlite3.connect(other)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("INSERT INTO meta VALUES ('evil', x'00')")
    connection.commit()
    beside = path.with_name(path.name + "-wal")
    beside.write_bytes(other.with_name("other.db-wal").read_bytes())
    connection.close()
    other.unlink()
    return beside


def flipped(content: bytes, seed: int) -> bytes:
    """Return a file with one bit changed, or two of its blocks exchanged."""
    drawn = random.Random(seed)
    changed = bytearray(content)
    if drawn.random() < 0.7:
        # Half of the flips hit the first page: header, list of tables, roots.
        reach = drawn.choice((PAGE_BYTES, len(changed)))
        changed[drawn.randrange(reach)] ^= 1 << drawn.randrange(8)
        return bytes(changed)
    block = drawn.choice((16, 512, PAGE_BYTES))
    one, other = (drawn.randrange(len(changed) // block) * block for _ in range(2))
    kept = changed[one : one + block]
    changed[one : one + block] = changed[other : other + block]
    changed[other : other + block] = kept
    return bytes(changed)
