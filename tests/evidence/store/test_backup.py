"""A backup is the case, checked after it was written; what fails leaves nothing behind."""

import os
import shutil
import sqlite3
import stat
import threading
import time
from pathlib import Path

import pytest

from evidence.errors import (
    CaseBusyError,
    CaseDamagedError,
    CaseError,
    CaseExistsError,
    CaseMissingError,
    CopyDiffersError,
    EvidenceError,
    NoRoomError,
    NotACaseError,
    OutputExistsError,
    OutputNotWritableError,
)
from evidence.store import backup, erase, protection, schema
from evidence.store.backup import back_up, restore
from evidence.store.case_file import CaseFile
from evidence.store.verify import CaseReport, Verdict, verify_case
from evidence.store.wreck import State, Wreck
from tests.cli import crafted
from tests.evidence.store import case_files, faults, sealed_files
from tests.evidence.store.conftest import LONG, Sample


def rows(path: Path) -> list[list[tuple[object, ...]]]:
    """Return everything that the file stores."""
    with case_files.sqlite(path) as connection:
        return [
            connection.execute(f"SELECT * FROM {table.name} ORDER BY 1, 2").fetchall()
            for table in (schema.meta, schema.entry, schema.original, schema.chunk, schema.erased)
        ]


def test_a_backup_holds_every_row_and_is_private(sample: Sample, tmp_path: Path) -> None:
    out = tmp_path / "backup.liuhen"
    copied = back_up(sample.path, out, check=verify_case)
    assert rows(out) == rows(sample.path)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with CaseFile.open_read(sample.path) as case:
        signed = case.checkpoint()
    assert (copied.entries, copied.root) == (signed.checkpoint.size, signed.checkpoint.root.hex())
    assert copied.verdict is Verdict.INTACT
    assert copied.size == out.stat().st_size
    with CaseFile.open_read(out) as case:
        assert case.checkpoint() == signed
    assert case_files.names(tmp_path) == ["backup.liuhen", "case.liuhen"]


def test_a_restored_case_goes_on(sample: Sample, tmp_path: Path) -> None:
    out, again = tmp_path / "backup.liuhen", tmp_path / "new" / "again.liuhen"
    back_up(sample.path, out, check=verify_case)
    before = out.read_bytes()
    restore(out, again, check=verify_case)
    with case_files.append_to(again) as case:
        case_files.note(case, "恢复之后")
    assert verify_case(again).verdict is Verdict.INTACT
    assert out.read_bytes() == before
    assert stat.S_IMODE(again.stat().st_mode) == 0o600


def test_nothing_is_overwritten(sample: Sample, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_bytes(b"mine")
    nowhere = tmp_path / "link"
    nowhere.symlink_to(tmp_path / "missing")
    for path in (taken, nowhere, sample.path):
        with pytest.raises(OutputExistsError):
            back_up(sample.path, path, check=verify_case)
        with pytest.raises(CaseExistsError):
            restore(sample.path, path, check=verify_case)
    assert taken.read_bytes() == b"mine"


def test_a_file_that_appears_meanwhile_is_not_overwritten(sample: Sample, tmp_path: Path) -> None:
    out = tmp_path / "backup.liuhen"

    def check(path: Path) -> CaseReport:
        out.write_bytes(b"mine")
        return verify_case(path)

    with pytest.raises(OutputExistsError):
        back_up(sample.path, out, check=check)
    assert out.read_bytes() == b"mine"
    assert case_files.names(tmp_path) == ["backup.liuhen", "case.liuhen"]


def test_of_two_backups_to_one_place_one_is_made_and_the_other_says_that_it_is_busy(
    sample: Sample, tmp_path: Path
) -> None:
    out = tmp_path / "backup.liuhen"

    def check(path: Path) -> CaseReport:
        back_up(sample.path, out, check=verify_case)
        return verify_case(path)

    with pytest.raises(CaseBusyError) as caught:
        back_up(sample.path, out, check=check)
    assert caught.value.path == str(out)
    assert rows(out) == rows(sample.path)
    assert case_files.names(tmp_path) == ["backup.liuhen", "case.liuhen"]


def test_a_folder_that_is_not_there_is_told(sample: Sample, tmp_path: Path) -> None:
    with pytest.raises(OutputNotWritableError):
        back_up(sample.path, tmp_path / "missing" / "backup.liuhen", check=verify_case)


def test_what_is_no_case_is_not_backed_up(tmp_path: Path) -> None:
    with pytest.raises(CaseMissingError):
        back_up(tmp_path / "missing", tmp_path / "out", check=verify_case)
    (tmp_path / "text").write_text("text")
    with pytest.raises(NotACaseError):
        back_up(tmp_path / "text", tmp_path / "out", check=verify_case)
    assert case_files.names(tmp_path) == ["text"]


# --- checked after it was written -----------------------------------------------------------------


@pytest.mark.parametrize("keyless", [False, True])
def test_a_copy_that_reads_back_differently_is_not_kept(
    sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keyless: bool
) -> None:
    def to_disk(path: Path) -> None:
        with case_files.tampering(path) as connection:
            connection.execute("UPDATE chunk SET data = zeroblob(700) WHERE seq = 4")

    monkeypatch.setattr(backup, "_to_disk", to_disk)
    out = tmp_path / "backup.liuhen"
    with pytest.raises(CopyDiffersError):
        back_up(sample.path, out, check=(lambda _path: None) if keyless else verify_case)
    assert case_files.names(tmp_path) == ["case.liuhen"]


def test_without_the_key_the_rows_are_compared_and_the_inside_is_not_checked(
    sample: Sample, tmp_path: Path
) -> None:
    copied = back_up(sample.path, tmp_path / "out", check=lambda _path: None)
    assert copied.verdict is Verdict.NOT_CHECKED
    assert rows(tmp_path / "out") == rows(sample.path)


def test_a_case_that_does_not_verify_is_kept_as_it_is_and_told(
    sample: Sample, tmp_path: Path
) -> None:
    case_files.flip(sample.path, "chunk", "data", "seq = 4")
    copied = back_up(sample.path, tmp_path / "out", check=verify_case)
    assert copied.verdict is Verdict.NOT_INTACT
    assert rows(tmp_path / "out") == rows(sample.path)


def test_a_case_with_a_lost_page_of_an_original_is_copied_as_it_is_and_told(
    sample: Sample, tmp_path: Path
) -> None:
    data = sample.path.read_bytes()
    at = data.index(LONG[100_000:100_032]) // schema.PAGE_BYTES * schema.PAGE_BYTES
    lost = bytes(schema.PAGE_BYTES)
    sample.path.write_bytes(data[:at] + lost + data[at + schema.PAGE_BYTES :])
    copied = back_up(sample.path, tmp_path / "out", check=verify_case)
    assert copied.verdict is Verdict.NOT_INTACT
    with Wreck(tmp_path / "out", unlock=protection.no_key) as wreck:
        assert wreck.originals_of(State.WHOLE) == (4,)
        assert wreck.originals_of(State.DAMAGED) == (2,)


def test_a_case_with_a_lost_page_of_entries_is_not_called_backed_up(
    sample: Sample, tmp_path: Path
) -> None:
    data = sample.path.read_bytes()
    at = data.index(case_files.bodies_of(sample.path)[3]) // schema.PAGE_BYTES * schema.PAGE_BYTES
    lost = bytes(schema.PAGE_BYTES)
    sample.path.write_bytes(data[:at] + lost + data[at + schema.PAGE_BYTES :])
    with pytest.raises(CaseDamagedError) as caught:
        back_up(sample.path, tmp_path / "out", check=verify_case)
    assert caught.value.path == str(sample.path)
    assert case_files.names(tmp_path) == ["case.liuhen"]


def test_a_case_that_cannot_be_read_is_not_called_backed_up(sample: Sample, tmp_path: Path) -> None:
    os.truncate(sample.path, schema.PAGE_BYTES)
    with pytest.raises(CaseError):
        back_up(sample.path, tmp_path / "out", check=verify_case)
    assert case_files.names(tmp_path) == ["case.liuhen"]


def test_damage_that_the_check_cannot_read_past_names_the_case(
    sample: Sample, tmp_path: Path
) -> None:
    def check(path: Path) -> CaseReport:
        raise CaseDamagedError(path=str(path), detail="page")

    with pytest.raises(CaseDamagedError) as caught:
        back_up(sample.path, tmp_path / "out", check=check)
    assert caught.value.path == str(sample.path)


def test_a_sealed_case_is_backed_up_sealed_with_and_without_its_key(tmp_path: Path) -> None:
    path = tmp_path / "case.liuhen"
    with sealed_files.create(path) as case:
        case_files.exhibit(case, case_files.pattern(300_000))
        erased = case_files.exhibit(case, b"family").seq
        erase.erase(case, erase.plan(case, erased), reason="误导入")

    def check(copy: Path) -> CaseReport:
        return verify_case(copy, unlock=sealed_files.unlock)

    opened = back_up(path, tmp_path / "opened", check=check)
    blind = back_up(path, tmp_path / "blind", check=lambda _path: None)
    assert (opened.verdict, blind.verdict) == (Verdict.INTACT, Verdict.NOT_CHECKED)
    assert rows(tmp_path / "opened") == rows(tmp_path / "blind") == rows(path)
    restore(tmp_path / "blind", tmp_path / "again", check=lambda _path: None)
    assert check(tmp_path / "again").verdict is Verdict.INTACT


# --- while it is used, and while things go wrong --------------------------------------------------


def test_a_backup_made_during_imports_is_one_state_of_the_case(
    sample: Sample, tmp_path: Path
) -> None:
    stop = threading.Event()

    def keep_on() -> None:
        with case_files.append_to(sample.path) as case:
            number = 0
            while not stop.is_set():
                case_files.exhibit(case, case_files.pattern(3000, seed=1000 + number))
                number += 1

    writer = threading.Thread(target=keep_on)
    writer.start()
    try:
        made = [
            back_up(sample.path, tmp_path / f"{number}.liuhen", check=verify_case)
            for number in range(3)
        ]
    finally:
        stop.set()
        writer.join()
    with CaseFile.open_read(sample.path) as case:
        leaves = case.leaves()
    for copied in made:
        with CaseFile.open_read(copied.path) as case:
            assert case.leaves() == leaves[: copied.entries]
    assert verify_case(sample.path).verdict is Verdict.INTACT
    assert {c.verdict for c in made} == {Verdict.INTACT}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_killed_writer_is_rolled_back_first(sample: Sample, tmp_path: Path) -> None:
    faults.leave_half_a_write(sample.path)
    copied = back_up(sample.path, tmp_path / "out", check=verify_case)
    assert (copied.entries, copied.verdict) == (6, Verdict.INTACT)


def test_error_at_every_call_of_sqlite_leaves_nothing(sample: Sample, tmp_path: Path) -> None:
    out = tmp_path / "backup.liuhen"
    for at in range(1, 300):
        points = faults.Points(faults.raises(sqlite3.SQLITE_IOERR), at=at, lasting=False)
        error = None
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sqlite3, "connect", faults.watched(points))
            try:
                back_up(sample.path, out, check=lambda _path: None)
            except EvidenceError as raised:
                error = raised
        if error is None:
            assert points.reached < at
            assert at > 10
            break
        assert case_files.names(tmp_path) == ["case.liuhen"]
    assert verify_case(out).verdict is Verdict.INTACT


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and POSIX limits")
def test_a_write_that_fails_in_the_middle_leaves_nothing(sample: Sample, tmp_path: Path) -> None:
    import resource
    import signal

    whole = sample.path.stat().st_size
    for limit in (0, 5000, whole // 2, whole - 1):
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            try:
                back_up(sample.path, tmp_path / "out", check=verify_case)
            except (OutputNotWritableError, EvidenceError) as error:
                os._exit(3 if error.code in ("output-not-writable", "disk-full") else 4)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 3
        assert case_files.names(tmp_path) == ["case.liuhen"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and POSIX signals")
def test_a_backup_that_is_killed_leaves_no_half_copy_and_can_be_made_again(
    sample: Sample, tmp_path: Path
) -> None:
    import signal

    out = tmp_path / "backup.liuhen"
    with case_files.append_to(sample.path) as case:
        case_files.exhibit(case, case_files.pattern(4_000_000, seed=7))
    before = sample.path.read_bytes()
    for turn in range(8):
        started, go = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(go, b"x")
            back_up(sample.path, out, check=verify_case)
            os._exit(0)
        os.read(started, 1)
        time.sleep(turn * 0.004)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(started)
        os.close(go)
        if out.exists():  # it was done
            assert verify_case(out).verdict is Verdict.INTACT
            out.unlink()
    back_up(sample.path, out, check=verify_case)
    assert rows(out) == rows(sample.path)
    assert sample.path.read_bytes() == before
    assert case_files.names(tmp_path) == ["backup.liuhen", "case.liuhen"]


def test_a_file_that_is_mostly_a_hole_is_not_copied(sample: Sample, tmp_path: Path) -> None:
    crafted.longer(sample.path)
    with pytest.raises(CaseDamagedError):
        back_up(sample.path, tmp_path / "out", check=verify_case)
    assert case_files.names(tmp_path) == ["case.liuhen"]


def test_pages_that_are_not_in_use_may_be_a_hole(sample: Sample, tmp_path: Path) -> None:
    crafted.sql(
        "PRAGMA secure_delete = ON",
        "CREATE TABLE gone (x)",
        "INSERT INTO gone VALUES (zeroblob(20000000))",
        "DROP TABLE gone",
    )(sample.path)
    sparse = tmp_path / "sparse.liuhen"
    page, data = schema.PAGE_BYTES, sample.path.read_bytes()
    with sparse.open("wb") as file:
        for at in range(0, len(data), page):
            if any(data[at : at + page]):
                file.seek(at)
                file.write(data[at : at + page])
        file.truncate(len(data))
    assert back_up(sparse, tmp_path / "out", check=verify_case).verdict is Verdict.INTACT


def test_what_does_not_fit_is_not_begun(
    sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: used._replace(free=100_000))
    with pytest.raises(NoRoomError) as refused:
        back_up(sample.path, tmp_path / "out", check=verify_case)
    assert (refused.value.room, refused.value.needed) == (0, 1)
    assert case_files.names(tmp_path) == ["case.liuhen"]
