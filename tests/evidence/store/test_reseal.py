"""Setting, changing and removing the passphrase: whole before, whole after, whole if interrupted.

After each fault the case opens with what opened it before or with the new secret, holds the same
log and originals, verifies, and nothing is left beside it once it was opened.
"""

import hashlib
import json
import os
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from evidence.core.passphrase import normalised
from evidence.errors import (
    CaseDamagedError,
    CaseResealedError,
    EvidenceError,
    PassphraseRequiredError,
    WrongPassphraseError,
    WrongRecoveryCodeError,
)
from evidence.store import erase, protection, sqlite_file
from evidence.store.case_file import CaseFile, read_locks
from evidence.store.key_slots import Locks, SlotName
from evidence.store.reseal import reseal
from evidence.store.schema import CHUNK_BYTES
from evidence.store.sealing import PLAIN, KeySealer, Place, Sealer
from evidence.store.verify import Verdict, verify_case
from tests.evidence.store import case_files, faults, reseal_faults, sealed_files
from tests.evidence.store.reseal_faults import NEW, new_unlock

LONG = case_files.pattern(CHUNK_BYTES + 5, 1)


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    path = tmp_path / "case.liuhen"
    with case_files.create(path) as case:
        reseal_faults.fill(case)
    return path


@pytest.fixture
def sealed(plain: Path) -> Path:
    with case_files.append_to(plain) as case:
        reseal(case, sealed_files.protection())
    return plain


def either_unlock(path: Path, locks: Locks) -> Sealer:
    try:
        return sealed_files.unlock(path, locks)
    except WrongPassphraseError:
        return new_unlock(path, locks)


def log_of(path: Path) -> tuple[list[tuple[int, bytes]], list[bytes], bytes, dict[int, int]]:
    with CaseFile.open_read(path, unlock=either_unlock) as case:
        return (
            list(case.bodies()),
            [
                b"".join(case.original(seq).pieces())
                for seq in case.originals().keys() - case.erased()
            ],
            case.public_key(),
            case.erased(),
        )


def check(path: Path, before: object, seen: set[bytes] | None = None) -> None:
    """Check everything that must hold after any fault; files that were ``seen`` are whole."""
    with CaseFile.open_read(path, unlock=either_unlock):
        pass
    digest = hashlib.sha256(path.read_bytes()).digest()
    if seen is None or digest not in seen:
        assert log_of(path) == before
        assert verify_case(path, unlock=either_unlock).verdict is Verdict.INTACT
    if seen is not None:
        seen.add(digest)
    # A killed writer's empty journal stays until the next one comes, as after a killed import.
    left = set(case_files.names(path.parent)) - {path.name, path.name + "-journal"}
    assert left == set()
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 or os.name != "posix"


def test_on_and_off_keep_every_value_and_the_rights_of_the_file(plain: Path) -> None:
    before = log_of(plain)
    with case_files.append_to(plain) as case:
        reseal(case, sealed_files.protection())
    check(plain, before)
    with pytest.raises(PassphraseRequiredError):
        CaseFile.open_read(plain)
    with sealed_files.append_to(plain) as case:
        reseal(case, None)
    check(plain, before)
    assert read_locks(plain) == Locks(sealing=PLAIN, slots={})
    with case_files.append_to(plain) as case:
        case_files.note(case)


def test_each_time_it_is_turned_on_there_is_another_key(plain: Path) -> None:
    names = set()
    for _ in range(2):
        with case_files.append_to(plain) as case:
            reseal(case, protection.protect(sealed_files.PASSPHRASE, kdf=sealed_files.CHEAP))
        names.add(read_locks(plain).sealing)
        with sealed_files.append_to(plain) as case:
            reseal(case, None)
    assert len(names) == 2


def test_erased_entries_stay_erased(sealed: Path) -> None:
    with sealed_files.read(sealed) as case:
        assert case.erased()
    with sealed_files.append_to(sealed) as case:
        seq = case_files.exhibit(case, b"\x01" * 500).seq
        erase.erase(case, erase.plan(case, seq), reason="误导入")
    before = log_of(sealed)
    with sealed_files.append_to(sealed) as case:
        reseal(case, None)
    check(sealed, before)


def test_case_of_the_first_format_can_be_sealed(tmp_path: Path) -> None:
    golden = Path(__file__).parent / "golden" / "v1.liuhen"
    path = tmp_path / "one.liuhen"
    path.write_bytes(golden.read_bytes())
    path.chmod(0o600)
    before = log_of(path)
    with case_files.append_to(path) as case:
        reseal(case, sealed_files.protection())
    check(path, before)


def test_progress_is_told_to_its_end(plain: Path) -> None:
    told: list[tuple[int, int]] = []
    with case_files.append_to(plain) as case:
        reseal(case, sealed_files.protection(), progress=lambda *both: told.append(both))
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1] == 2 * len(LONG)


def test_damaged_sealed_case_is_not_turned_off_and_not_touched(sealed: Path) -> None:
    case_files.flip(sealed, "chunk", "data", "seq = 2", byte=40)
    before = sealed.read_bytes()
    with sealed_files.append_to(sealed) as case, pytest.raises(CaseDamagedError):
        reseal(case, None)
    assert sealed.read_bytes() == before
    assert case_files.names(sealed.parent) == [sealed.name]


def test_copy_that_differs_is_never_put_in_place(
    plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = plain.read_bytes()
    made = sealed_files.protection()
    seal = type(made.sealer).seal

    def forgetful(self: KeySealer, place: Place, plain: bytes) -> bytes:
        return seal(self, place, plain[:-1] if place.table == "chunk" else plain)

    monkeypatch.setattr(type(made.sealer), "seal", forgetful)
    with case_files.append_to(plain) as case, pytest.raises(EvidenceError):
        reseal(case, made)
    assert plain.read_bytes() == before
    assert case_files.names(plain.parent) == [plain.name]


# --- other processes ------------------------------------------------------------------------------


def test_another_process_that_has_the_case_open_adds_nothing_to_the_old_file(plain: Path) -> None:
    with case_files.append_to(plain) as other:
        other.size()
        with case_files.append_to(plain) as case:
            reseal(case, sealed_files.protection())
        assert other.size() == 6  # it goes on reading the state that it saw
        with pytest.raises(CaseResealedError):
            case_files.note(other)
        with pytest.raises(CaseResealedError):
            other.size()
    assert verify_case(plain, unlock=sealed_files.unlock).entries == 6


def test_writer_that_waited_for_the_lock_adds_nothing_to_the_file_that_was_replaced(
    plain: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.liuhen"
    other.write_bytes(plain.read_bytes())
    entries = verify_case(other).entries
    found: list[Exception] = []

    def write() -> None:
        with case_files.append_to(plain) as writer:
            opened.set()
            go.wait()
            try:
                case_files.note(writer)
            except EvidenceError as error:
                found.append(error)

    opened, go = threading.Event(), threading.Event()
    thread = threading.Thread(target=write)
    thread.start()
    opened.wait()
    with case_files.append_to(plain) as case, case.locked():
        go.set()
        time.sleep(0.3)  # the writer waits for the lock
        sqlite_file.replace(other, plain)
    thread.join()
    assert [type(error) for error in found] == [CaseResealedError]
    assert verify_case(plain).entries == entries


def test_leftover_is_removed_when_the_case_is_opened_and_kept_while_somebody_works(
    plain: Path,
) -> None:
    left = plain.with_name(f".{plain.name}.resealing")
    for name in (left, left.with_name(left.name + "-journal")):
        name.write_bytes(b"plain text")
    with CaseFile.open_read(plain):
        assert case_files.names(plain.parent) == [plain.name]
    with case_files.append_to(plain) as worker, worker.locked():
        left.write_bytes(b"somebody's work")
        with CaseFile.open_read(plain):
            assert left.exists()
    with CaseFile.open_read(plain):
        assert case_files.names(plain.parent) == [plain.name]


def test_file_beside_the_case_is_private_from_its_first_byte(plain: Path) -> None:
    with sqlite_file.file_beside(plain) as temporary:
        assert stat.S_IMODE(temporary.stat().st_mode) == 0o600
    assert not temporary.exists()


# --- the slots ------------------------------------------------------------------------------------


def test_change_lets_the_new_passphrase_in_and_the_old_one_out(sealed: Path) -> None:
    before = log_of(sealed)
    sealing = read_locks(sealed).sealing
    reseal_faults.change(sealed)
    with pytest.raises(WrongPassphraseError):
        sealed_files.read(sealed)
    with CaseFile.open_read(sealed, unlock=new_unlock):
        pass
    locks = read_locks(sealed)
    assert locks.sealing == sealing
    recovery = sealed_files.protection().recovery
    assert protection.by_recovery(sealed, locks, recovery).name == sealing
    check(sealed, before)


def test_new_recovery_code_takes_the_place_of_the_old_one(sealed: Path) -> None:
    old, new = sealed_files.protection().recovery, sealed_files.protection("another").recovery
    with sealed_files.append_to(sealed) as case:
        reseal_faults.replace(case, SlotName.RECOVERY, new)
    locks = read_locks(sealed)
    protection.by_recovery(sealed, locks, new)
    with pytest.raises(WrongRecoveryCodeError):
        protection.by_recovery(sealed, locks, old)


def test_old_slot_is_gone_from_the_raw_file(sealed: Path) -> None:
    old = read_locks(sealed).slots[SlotName.PASSPHRASE]
    assert old in sealed.read_bytes()
    reseal_faults.change(sealed)
    assert old[20:] not in sealed.read_bytes()


# --- faults ---------------------------------------------------------------------------------------

JOBS = ["on", "off", "change"]


def prepared(folder: Path, job: str) -> Path:
    path = folder / "base" / "case.liuhen"
    path.parent.mkdir()
    with case_files.create(path) as case:
        reseal_faults.fill(case)
    if job != "on":
        with case_files.append_to(path) as case:
            reseal(case, sealed_files.protection())
    return path


@pytest.mark.parametrize(
    ("job", "code"),
    [
        ("on", sqlite3.SQLITE_FULL),
        ("off", sqlite3.SQLITE_IOERR),
        ("change", sqlite3.SQLITE_IOERR),
    ],
)
def test_error_at_every_call_leaves_the_old_case_or_the_new_one(
    tmp_path: Path, job: str, code: int
) -> None:
    base = prepared(tmp_path, job)
    before = log_of(base)
    opened_before = read_locks(base)
    seen: set[bytes] = set()
    for at in range(1, 1000):
        path = tmp_path / str(at) / "case.liuhen"
        path.parent.mkdir()
        path.write_bytes(base.read_bytes())
        path.chmod(0o600)
        points = faults.Points(faults.raises(code), at=at, lasting=False)
        error = _failing(points, lambda path=path: reseal_faults.JOBS[job](path))
        if points.reached < at:
            assert error is None
            assert at > 10  # the enumeration saw the whole job
            return
        assert error is not None, f"the fault at call {at} was passed over"
        assert error.code in {"case-not-writable", "disk-full"}
        if job != "change" or at < points.reached:
            assert read_locks(path) == opened_before
        check(path, before, seen)


def _failing(points: faults.Points, job: Callable[[], None]) -> EvidenceError | None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", faults.watched(points))
        try:
            job()
        except EvidenceError as error:
            return error
    return None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("job", JOBS)
def test_kill_at_every_call_leaves_the_old_case_or_the_new_one(tmp_path: Path, job: str) -> None:
    base = prepared(tmp_path, job)
    before = log_of(base)
    done = subprocess.run(
        [sys.executable, "-B", "-m", "tests.evidence.store.reseal_faults", job, str(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
    )
    found = json.loads(done.stdout)
    assert len(found) > 10
    kinds = []
    seen: set[bytes] = set()
    for name in found:
        path = tmp_path / name / "case.liuhen"
        for left in path.parent.iterdir():
            assert stat.S_IMODE(left.stat().st_mode) & 0o077 == 0, left
        check(path, before, seen)
        kinds.append(_way_in(path))
    assert kinds == sorted(kinds)
    assert set(kinds) == {"0 as before", "1 as wanted"}, kinds
    assert kinds[-1] == "1 as wanted"


def _way_in(path: Path) -> str:
    """Say whether the case opens as before the job or as after it; each case does one of both."""
    job = json.loads((path.parents[1] / "job.json").read_text())
    sealing = read_locks(path).sealing
    if job == "change":
        with CaseFile.open_read(path, unlock=either_unlock):
            pass
        try:
            with CaseFile.open_read(path, unlock=new_unlock):
                return "1 as wanted"
        except WrongPassphraseError:
            return "0 as before"
    return "1 as wanted" if (sealing != PLAIN) == (job == "on") else "0 as before"


def test_new_passphrase_of_the_tests_is_another_one() -> None:
    assert normalised("新的 密码 也很长的") == NEW != sealed_files.PASSPHRASE
