"""Real case files for the tests, and ways to change them behind the program's back."""

import contextlib
import datetime as dt
import hashlib
import io
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from evidence.core import moment, records
from evidence.core.canonical import JsonObject
from evidence.core.entry import GENESIS, Entry, decode_entry, encode_entry, leaf_hash
from evidence.core.records import Exhibit, Kind, Medium, Note, Origin, Sha256Hex
from evidence.store.batch import Appended, Batch
from evidence.store.case_file import CaseFile, Entropy
from evidence.store.clock import Clock
from evidence.store.verify import CaseReport, Verdict
from tests.case_builder import START


def ticking(start: dt.datetime = START) -> Clock:
    """Return a clock that goes on by one minute each time it is read."""
    ticks = iter(range(10**9))
    return lambda: start + dt.timedelta(minutes=next(ticks))


def repeatable(seed: str = "test") -> Entropy:
    """Return bytes that look random and are the same in every run."""
    counter = iter(range(10**9))

    def draw(count: int) -> bytes:
        return hashlib.shake_256(f"{seed} {next(counter)}".encode()).digest(count)

    return draw


def pattern(size: int, seed: int = 0) -> bytes:
    """Return bytes without a period, so that no chunk equals another."""
    return hashlib.shake_256(seed.to_bytes(8)).digest(size)


def create(path: Path) -> CaseFile:
    return CaseFile.create(path, clock=ticking(), title="测试", entropy=repeatable())


def append_to(path: Path) -> CaseFile:
    later = START + dt.timedelta(days=1)
    return CaseFile.open_append(path, clock=ticking(later), entropy=repeatable("later"))


def note(case: CaseFile, text: str = "他们又打来了") -> Appended:
    return case.append(Kind.NOTE, records.note_to_data(Note(text=text)))


def exhibit_data(data: bytes, name: str = "call.mp3", **facts: object) -> JsonObject:
    record = Exhibit(
        name=name,
        size=len(data),
        sha256=Sha256Hex(hashlib.sha256(data).hexdigest()),
        media_type="audio/mpeg",
        medium=Medium.RECORDING,
        occurred=moment.unknown(),
        origin=Origin(importer="test", version="1"),
        **facts,  # type: ignore[arg-type]  # the caller's keywords are fields of Exhibit
    )
    return records.exhibit_to_data(record)


def store(batch: Batch, data: bytes, **facts: object) -> Appended:
    """Append an exhibit as an importer does: copy first, then the entry."""
    with batch.attempt():
        copied = batch.copy(io.BytesIO(data))
        assert copied.duplicate_of is None
        return batch.append(Kind.EXHIBIT, exhibit_data(data, **facts))


def exhibit(case: CaseFile, data: bytes, **facts: object) -> Appended:
    with case.batch() as batch:
        return store(batch, data, **facts)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def copy_of(path: Path, name: str) -> Path:
    return Path(shutil.copyfile(path, path.with_name(name)))


@contextlib.contextmanager
def sqlite(path: Path) -> Iterator[sqlite3.Connection]:
    """Give the file as any ``sqlite3`` opens it; what is done is committed."""
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        yield connection


@contextlib.contextmanager
def tampering(path: Path) -> Iterator[sqlite3.Connection]:
    """Give the file without its triggers, and put them back, as a careful forger does."""
    with sqlite(path) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = rows.fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _, statement in triggers:
            connection.execute(statement)


def flip(path: Path, table: str, column: str, where: str, *, byte: int = 0, mask: int = 1) -> None:
    """XOR one byte of one stored value."""
    with tampering(path) as connection:
        query = f"SELECT {column} FROM {table} WHERE {where}"
        changed = bytearray(connection.execute(query).fetchone()[0])
        changed[byte] ^= mask
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (bytes(changed),))


def bodies_of(path: Path) -> list[bytes]:
    with sqlite(path) as connection:
        return [body for (body,) in connection.execute("SELECT body FROM entry ORDER BY seq")]


def rechain(path: Path, entries: Sequence[Entry]) -> None:
    """Write the whole log anew with sound links and leaves, as only its holder can."""
    link = GENESIS
    rows: list[tuple[int, bytes, bytes]] = []
    for seq, old in enumerate(entries):
        body = encode_entry(
            Entry(
                seq=seq,
                prev=link,
                nonce=old.nonce,
                kind=old.kind,
                recorded_at=old.recorded_at,
                data=old.data,
            )
        )
        link = leaf_hash(body)
        rows.append((seq, link, body))
    with tampering(path) as connection:
        connection.execute("DELETE FROM entry")
        connection.executemany("INSERT INTO entry (seq, leaf, body) VALUES (?, ?, ?)", rows)


def decoded(path: Path) -> list[Entry]:
    return [decode_entry(body) for body in bodies_of(path)]


def broken(report: CaseReport) -> set[str]:
    """Return the names of the checks that found something."""
    return {r.name for r in report.results if r.verdict is Verdict.NOT_INTACT}
