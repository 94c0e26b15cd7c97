"""The case file: what it takes, what it refuses, and what comes out again."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from evidence.core import checkpoint
from evidence.core.entry import GENESIS, decode_entry, leaf_hash
from evidence.core.records import Kind, Sha256Hex
from evidence.errors import (
    CaseBusyError,
    CaseDamagedError,
    CaseError,
    CaseExistsError,
    CaseMissingError,
    CaseNotWritableError,
    CaseStructureError,
    CaseTooNewError,
    NotACaseError,
    UnknownSeqError,
    WrongKindError,
)
from evidence.store import schema, sqlite_file
from evidence.store.case_file import CaseFile
from evidence.store.verify import Verdict, verify_case
from tests.case_builder import START
from tests.evidence.store import case_files
from tests.evidence.store.conftest import Sample
from tests.ordinary_user import as_ordinary_user

# --- creating -------------------------------------------------------------------------------------


def test_new_case_has_one_entry_with_its_identity_and_key(tmp_path: Path) -> None:
    path = tmp_path / "case.liuhen"
    with case_files.create(path) as case:
        first = case.entry(0)
        assert (first.kind, first.seq, first.prev) == (Kind.CASE, 0, GENESIS)
        assert first.data["public_key"] == case.public_key().hex()
        assert first.recorded_at == START.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        assert case.size() == 1
    assert case_files.names(tmp_path) == ["case.liuhen"]


def test_header_says_whose_file_it_is(tmp_path: Path) -> None:
    path = tmp_path / "case.liuhen"
    case_files.create(path).close()
    with case_files.sqlite(path) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (schema.APPLICATION_ID,)
        assert connection.execute("PRAGMA user_version").fetchone() == (schema.FORMAT_VERSION,)


@pytest.mark.skipif(os.name != "posix", reason="permission bits are POSIX")
def test_new_case_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "case.liuhen"
    case_files.create(path).close()
    assert path.stat().st_mode & 0o077 == 0


def test_same_clock_and_entropy_make_the_same_log(tmp_path: Path) -> None:
    roots = []
    for name in ("a.liuhen", "b.liuhen"):
        with case_files.create(tmp_path / name) as case:
            case_files.note(case)
            roots.append(case.checkpoint().text)
    assert roots[0] == roots[1]


@pytest.mark.parametrize("content", [b"", b"mine", b"SQLite format 3\0"])
def test_create_never_overwrites(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "case.liuhen"
    path.write_bytes(content)
    with pytest.raises(CaseExistsError):
        case_files.create(path)
    assert path.read_bytes() == content
    assert case_files.names(tmp_path) == ["case.liuhen"]


def test_create_does_not_follow_a_dangling_link(tmp_path: Path) -> None:
    path = tmp_path / "case.liuhen"
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CaseExistsError):
        case_files.create(path)
    assert not (tmp_path / "elsewhere").exists()


def test_create_never_overwrites_what_appeared_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "case.liuhen"
    with pytest.raises(CaseExistsError), sqlite_file.new_file(path):
        path.write_bytes(b"someone was faster")
    assert path.read_bytes() == b"someone was faster"
    assert case_files.names(tmp_path) == ["case.liuhen"]


def test_create_leaves_nothing_when_it_fails(tmp_path: Path) -> None:
    def no_time() -> object:
        raise RuntimeError("no clock")

    with pytest.raises(RuntimeError):
        CaseFile.create(tmp_path / "case.liuhen", clock=no_time)  # type: ignore[arg-type]
    assert case_files.names(tmp_path) == []


def test_create_in_a_place_that_is_no_folder_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CaseNotWritableError):
        case_files.create(tmp_path / "file" / "case.liuhen")


Opener = Callable[[Path], CaseFile]

# --- opening --------------------------------------------------------------------------------------


@pytest.mark.parametrize("opened", [CaseFile.open_read, case_files.append_to])
class TestOpening:
    def test_missing(self, tmp_path: Path, opened: Opener) -> None:
        with pytest.raises(CaseMissingError):
            opened(tmp_path / "none.liuhen")
        assert case_files.names(tmp_path) == []

    @pytest.mark.parametrize("content", [b"", b"RIFF....WAVE", b"SQLite format 3"])
    def test_not_sqlite(self, tmp_path: Path, content: bytes, opened: Opener) -> None:
        path = tmp_path / "case.liuhen"
        path.write_bytes(content)
        with pytest.raises(NotACaseError):
            opened(path)
        assert path.read_bytes() == content

    def test_folder(self, tmp_path: Path, opened: Opener) -> None:
        with pytest.raises(NotACaseError):
            opened(tmp_path)

    def test_somebody_elses_sqlite(self, tmp_path: Path, opened: Opener) -> None:
        path = tmp_path / "other.db"
        with case_files.sqlite(path) as connection:
            connection.execute("CREATE TABLE entry (seq INTEGER PRIMARY KEY)")
        before = path.read_bytes()
        with pytest.raises(NotACaseError):
            opened(path)
        assert path.read_bytes() == before

    def test_newer_version(self, sample: Sample, opened: Opener) -> None:
        with case_files.sqlite(sample.path) as connection:
            connection.execute(f"PRAGMA user_version = {schema.FORMAT_VERSION + 1}")
        before = sample.path.read_bytes()
        with pytest.raises(CaseTooNewError) as caught:
            opened(sample.path)
        supported = schema.FORMAT_VERSION
        assert (caught.value.found, caught.value.supported) == (supported + 1, supported)
        assert sample.path.read_bytes() == before

    def test_header_only(self, sample: Sample, opened: Opener) -> None:
        os.truncate(sample.path, 100)
        with pytest.raises(CaseError):
            opened(sample.path)

    def test_zeroed_after_the_magic(self, sample: Sample, opened: Opener) -> None:
        size = sample.path.stat().st_size
        sample.path.write_bytes(b"SQLite format 3\0" + bytes(size - 16))
        with pytest.raises(CaseError):
            opened(sample.path)


@pytest.mark.parametrize("name", ["a b?mode=memory.liuhen", "100%41#x.liuhen", "催收 证据.liuhen"])
def test_file_name_is_never_read_as_part_of_an_address(tmp_path: Path, name: str) -> None:
    with case_files.create(tmp_path / name) as case:
        case_files.note(case)
    assert case_files.names(tmp_path) == [name]
    assert verify_case(tmp_path / name).entries == 2


def test_file_without_one_of_its_tables_is_not_read(sample: Sample) -> None:
    with case_files.tampering(sample.path) as connection:
        connection.execute("DROP TABLE meta")
    with pytest.raises(CaseStructureError):
        CaseFile.open_read(sample.path)


# --- appending ------------------------------------------------------------------------------------


def test_each_entry_links_to_the_leaf_before(sample: Sample) -> None:
    bodies = case_files.bodies_of(sample.path)
    assert len(bodies) == 6
    for seq, body in enumerate(bodies):
        entry = decode_entry(body)
        assert entry.seq == seq
        assert entry.prev == (leaf_hash(bodies[seq - 1]) if seq else GENESIS)
    with CaseFile.open_read(sample.path) as case:
        assert case.leaves() == [leaf_hash(body) for body in bodies]
        assert list(case.bodies()) == list(enumerate(bodies))


def test_entries_can_be_chosen_by_kind_and_not_by_what_a_text_says(sample: Sample) -> None:
    with case_files.append_to(sample.path) as case:
        case_files.note(case, '"kind":"exhibit"')
    with CaseFile.open_read(sample.path) as case:
        assert [e.seq for e in case.entries(kinds=frozenset({"exhibit"}))] == [2, 4]
        assert [e.seq for e in case.entries()] == list(range(7))


def test_read_only_case_takes_nothing(sample: Sample) -> None:
    before = sample.path.read_bytes()
    with CaseFile.open_read(sample.path) as case:
        with pytest.raises(RuntimeError):
            case_files.note(case)
        with case.reader() as connection, pytest.raises(OperationalError, match="readonly"):
            connection.exec_driver_sql("CREATE TABLE x (y)")
    assert sample.path.read_bytes() == before


def test_reader_sees_one_state_until_it_is_closed(sample: Sample) -> None:
    with CaseFile.open_read(sample.path) as reading:
        assert reading.size() == 6
        # The writer cannot commit below an open reader; it must say so and lose nothing.
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sqlite_file, "BUSY_SECONDS", 0.1)
            with case_files.append_to(sample.path) as case, pytest.raises(CaseBusyError):
                case_files.note(case)
        assert reading.size() == 6
    with case_files.append_to(sample.path) as case:
        assert case_files.note(case).seq == 6
    assert verify_case(sample.path).verdict is Verdict.INTACT


def test_writer_reads_its_own_appends(sample: Sample) -> None:
    with case_files.append_to(sample.path) as case:
        assert case.size() == 6
        case_files.note(case)
        assert case.size() == 7
        assert case.entry(6).kind == Kind.NOTE


def test_unknown_seq_and_wrong_kind_are_told_apart(sample: Sample) -> None:
    with CaseFile.open_read(sample.path) as case:
        for seq in (-1, 6, 2**40):
            with pytest.raises(UnknownSeqError):
                case.entry(seq)
            with pytest.raises(UnknownSeqError):
                case.original(seq)
        with pytest.raises(WrongKindError):
            case.original(1)


def test_find_original_knows_the_digest(sample: Sample) -> None:
    with CaseFile.open_read(sample.path) as case:
        digest = Sha256Hex(str(case.entry(4).data["sha256"]))
        assert case.find_original(digest) == 4
        assert case.find_original(Sha256Hex("00" * 32)) is None


def test_checkpoints_are_signed_and_may_cover_a_prefix(sample: Sample) -> None:
    with CaseFile.open_read(sample.path) as case:
        for made, size in ((case.checkpoint(), 6), (case.checkpoint_at(3), 3)):
            assert made.checkpoint.size == size
            assert checkpoint.verify_signature(made, case.public_key())
            assert checkpoint.parse(made.text) == made
        for size in (0, 7):
            with pytest.raises(UnknownSeqError):
                case.checkpoint_at(size)


def test_write_protected_case_says_so(sample: Sample) -> None:
    sample.path.chmod(0o400)
    with pytest.raises(CaseNotWritableError):
        as_ordinary_user(lambda: case_files.append_to(sample.path))
    assert verify_case(sample.path).verdict is Verdict.INTACT


_APPEND_TEN = """
import datetime as dt, sys
from pathlib import Path
from evidence.core import records
from evidence.core.records import Kind, Note
from evidence.store.case_file import CaseFile

clock = lambda: dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
with CaseFile.open_append(Path(sys.argv[1]), clock=clock) as case:
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(10):
        data = records.note_to_data(Note(text=f"{sys.argv[2]} {number}"))
        print(case.append(Kind.NOTE, data).seq, flush=True)
"""


def test_two_processes_append_at_once_and_the_chain_holds(sample: Sample) -> None:
    children = [
        subprocess.Popen(
            [sys.executable, "-c", _APPEND_TEN, str(sample.path), who],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for who in ("甲", "乙")
    ]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("\n")
        child.stdin.flush()
    said = [[int(line) for line in child.communicate()[0].split()] for child in children]
    assert [child.returncode for child in children] == [0, 0]
    assert sorted(said[0] + said[1]) == list(range(6, 26))
    for who, seqs in zip(("甲", "乙"), said, strict=True):
        with CaseFile.open_read(sample.path) as case:
            texts = [str(case.entry(seq).data["text"]) for seq in seqs]
        assert texts == [f"{who} {number}" for number in range(10)]
    assert verify_case(sample.path).verdict is Verdict.INTACT


# --- append only ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET body = x'00' WHERE seq = 1",
        "UPDATE entry SET seq = 9 WHERE seq = 5",
        "UPDATE original SET size = 1 WHERE seq = 2",
        "UPDATE chunk SET data = x'00' WHERE seq = 2 AND idx = 0",
        "DELETE FROM entry WHERE seq = 5",
        "DELETE FROM entry",
        "DELETE FROM original WHERE seq = 2",
        "DELETE FROM chunk WHERE seq = 2",
        "REPLACE INTO entry (seq, leaf, body) SELECT seq, leaf, body FROM entry WHERE seq = 5",
        "REPLACE INTO original (seq, size, lookup) VALUES (2, 1, x'00')",
        "REPLACE INTO chunk (seq, idx, data) VALUES (2, 0, x'00')",
        "INSERT INTO entry (seq, leaf, body) VALUES (7, zeroblob(32), x'00')",
        "INSERT INTO entry (seq, leaf, body) VALUES (-1, zeroblob(32), x'00')",
        "INSERT INTO entry (seq, leaf, body) VALUES (6, zeroblob(31), x'00')",
        "INSERT OR IGNORE INTO entry (seq, leaf, body) VALUES (9, zeroblob(32), x'00')",
    ],
)
def test_the_file_itself_refuses_what_is_not_an_append(sample: Sample, statement: str) -> None:
    with case_files.append_to(sample.path) as case:
        with pytest.raises(CaseDamagedError), case.batch() as batch:
            batch._connection.exec_driver_sql(statement)
        assert case_files.note(case).seq == 6
    assert verify_case(sample.path).verdict is Verdict.INTACT


@pytest.mark.parametrize("verb", ["UPDATE entry SET leaf = leaf", "DELETE FROM chunk"])
def test_any_other_program_is_stopped_too(sample: Sample, verb: str) -> None:
    with pytest.raises(sqlite3.IntegrityError), case_files.sqlite(sample.path) as connection:
        connection.execute(verb)
