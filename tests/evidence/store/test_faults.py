"""An import that fails or dies at every place: what was saved stays, what was not is not there.

After each fault: (1) the case is INTACT, (2) everything that was there before is there, (3) what
was reported as saved is there byte for byte, (4) importing again brings in the rest.
"""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evidence.errors import EvidenceError
from evidence.ingest import intake, loading
from evidence.ingest.outcome import FileOutcome, Status
from evidence.store.case_file import CaseFile
from evidence.store.verify import Verdict, verify_case
from tests.evidence.store import case_files, faults

FULL, IOERR = sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR


def _wav(size: int, seed: int) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(case_files.pattern(size, seed))
    return out.getvalue()


MEMORY = Path("/dev/shm")
"""Where a sync costs nothing, on Linux; thousands of them are waited for here."""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < 512 * 1024 * 1024:
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=MEMORY) as made:
        yield Path(made)


@pytest.fixture
def work(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with a case ``base.liuhen`` and the files to import."""
    # ``faults`` sets them; this puts them back.
    monkeypatch.setattr(loading, "SMALL_BYTES", faults.SMALL_BYTES)
    monkeypatch.setattr(intake, "GROUP_FILES", faults.GROUP_FILES)
    with case_files.create(folder / "base.liuhen") as case:
        case_files.exhibit(case, case_files.pattern(900))
    files = folder / "files"
    files.mkdir()
    long = _wav(600_000, 2)
    (files / "a.wav").write_bytes(_wav(3000, 1))
    (files / "b.wav").write_bytes(long)  # streamed
    (files / "c.wav").write_bytes(long)  # streamed, and then taken back: the same bytes
    (files / "d.txt").write_text("你等着，今天不还就找你家人。\n", encoding="utf-8")
    (files / "e.exe").write_bytes(b"MZ" + bytes(200_000))  # refused
    (files / "f.wav").write_bytes(_wav(50_000, 3))
    return folder


def _wanted(work: Path) -> dict[str, bytes]:
    """Return the originals that must be in the case in the end, by digest."""
    contents = [path.read_bytes() for path in (work / "files").iterdir() if path.suffix != ".exe"]
    return {hashlib.sha256(data).hexdigest(): data for data in contents}


def _check(work: Path, path: Path, saved: dict[int, str]) -> None:
    before = case_files.bodies_of(work / "base.liuhen")
    wanted = _wanted(work)
    report = verify_case(path)
    assert report.verdict is Verdict.INTACT, report
    assert case_files.bodies_of(path)[: len(before)] == before
    with CaseFile.open_read(path) as case:
        for seq, sha256 in saved.items():
            assert b"".join(case.original(seq).pieces()) == wanted[sha256]
    _check_retry(path, work, saved, wanted)


def _check_retry(path: Path, work: Path, saved: dict[int, str], wanted: dict[str, bytes]) -> None:
    outcomes: list[FileOutcome] = []
    faults.import_folder(path, work / "files", outcomes.append)
    statuses = [Path(o.path).name + " " + o.status for o in outcomes]
    assert len(outcomes) == 6, statuses
    assert {o.sha256 for o in outcomes if o.sha256} == set(wanted), statuses
    assert {o.status for o in outcomes} <= {Status.IMPORTED, Status.DUPLICATE, Status.SKIPPED}
    again = {o.seq: o for o in outcomes}
    for seq, sha256 in saved.items():
        assert (again[seq].status, again[seq].sha256) == (Status.DUPLICATE, sha256)
    report = verify_case(path)
    assert report.verdict is Verdict.INTACT
    assert report.exhibits == 1 + len(wanted)
    assert not path.with_name(path.name + "-journal").exists()


@pytest.mark.parametrize(
    ("code", "taken_back", "late", "lasting"),
    [
        pytest.param(IOERR, False, False, False, id="io-error"),
        pytest.param(IOERR, True, False, False, id="io-error-taken-back"),
        pytest.param(IOERR, False, True, False, id="io-error-after-commit"),
        pytest.param(FULL, True, False, False, id="full-for-a-moment"),
        pytest.param(FULL, True, False, True, id="full-lasting"),
    ],
)
def test_error_at_every_call_of_sqlite(
    work: Path, *, code: int, taken_back: bool, late: bool, lasting: bool
) -> None:
    for at in range(1, 1000):
        path = case_files.copy_of(work / "base.liuhen", f"{at}.liuhen")
        points = faults.Points(faults.raises(code, taken_back=taken_back), at=at, lasting=lasting)
        saved: dict[int, str] = {}
        error = _import(work, path, points, saved, late=late)
        _check(work, path, saved)
        path.unlink()
        if points.reached < at:
            assert error is None
            assert at > 30  # the enumeration saw the whole import
            return
        # The last is for a streamed copy that cannot be read back.
        expected = {"disk-full"} if code == FULL else set()
        expected |= {"", "case-not-writable", "original-unreadable"}
        assert (error.code if error else "") in expected
        if code == IOERR or lasting:
            assert error is not None, f"the fault at call {at} was passed over"


def _import(
    work: Path, path: Path, points: faults.Points, saved: dict[int, str], *, late: bool
) -> EvidenceError | None:
    def note(outcome: FileOutcome) -> None:
        if outcome.status is Status.IMPORTED:
            assert outcome.seq is not None
            saved[outcome.seq] = outcome.sha256

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", faults.watched(points, late=late))
        try:
            faults.import_folder(path, work / "files", note)
        except EvidenceError as error:
            return error
    return None


def _create(path: Path, points: faults.Points) -> EvidenceError | None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", faults.watched(points))
        try:
            case_files.create(path).close()
        except EvidenceError as error:
            return error
    return None


def test_error_at_every_call_of_a_new_case_leaves_nothing(folder: Path) -> None:
    path = folder / "new" / "case.liuhen"
    for at in range(1, 200):
        points = faults.Points(faults.raises(FULL, taken_back=True), at=at, lasting=False)
        error = _create(path, points)
        if error is None:
            assert points.reached < at
            assert at > 20  # the enumeration saw the whole case being made
            break
        assert error.code == "disk-full"
        assert case_files.names(path.parent) == []
    assert verify_case(path).verdict is Verdict.INTACT


def _run(mode: str, work: Path, *before: str) -> list[Any]:
    done = subprocess.run(
        # -B: a child with a limit on its files would leave half-written bytecode behind.
        [*before, sys.executable, "-B", "-m", "tests.evidence.store.faults", mode, str(work)],
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
    )
    found = json.loads(done.stdout)
    assert isinstance(found, list)
    return found


def _notes(work: Path, name: str) -> tuple[dict[int, str], str]:
    """Return what a child reported as saved, and its error code."""
    lines = [line.split() for line in (work / f"{name}.saved").read_text("utf-8").splitlines()]
    saved = {int(first): second for first, second in lines if first != "error"}
    return saved, "".join(second for first, second in lines if first == "error")


needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and POSIX limits")


@needs_fork
def test_kill_before_every_call_of_sqlite(work: Path) -> None:
    names = _run("kill", work)
    assert len(names) > 30
    counts: list[int] = []
    for name in names:
        saved, error = _notes(work, name)
        assert error == ""
        counts.append(len(saved))
        _check(work, work / f"{name}.liuhen", saved)
    # The later a child died, the more it had saved; the last one met no fault.
    assert counts == sorted(counts)
    assert set(counts) == {0, 2, 3, 4}


@needs_fork
@pytest.mark.parametrize("mode", ["limit", "torn"])
def test_write_that_fails_or_dies_in_the_middle(work: Path, mode: str) -> None:
    (work / "files" / "b.wav").write_bytes(_wav(3_000_000, 4))  # more than SQLite's cache holds
    (work / "files" / "c.wav").write_bytes((work / "files" / "b.wav").read_bytes())
    counts: list[int] = []
    for name in _run(mode, work):
        saved, error = _notes(work, name)
        assert error in {"", "case-not-writable", "disk-full"}
        counts.append(len(saved))
        _check(work, work / f"{name}.liuhen", saved)
    assert {0, 2, 4} <= set(counts)


def _namespace() -> tuple[str, ...] | None:
    """Return the command that may mount a file system of its own, if there is one."""
    command = ("unshare", "--user", "--map-root-user", "--mount")
    if shutil.which("unshare") is None or shutil.which("mount") is None:
        return None
    mounted = subprocess.run(
        [*command, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], check=False, capture_output=True
    )
    return command if mounted.returncode == 0 else None


def test_full_disk(work: Path) -> None:
    namespace = _namespace()
    if namespace is None:
        pytest.skip("a small file system cannot be mounted here")
    *imports, created = _run("disk", work, *namespace)
    assert len(imports) > 2
    for found in imports:
        assert found["verdict"] == found["again_verdict"] == "INTACT"
        assert found["left"] == ["case.liuhen"]
        assert found["exhibits"] == 1 + found["imported"]
        assert found["imported"] + found["again_imported"] == len(_wanted(work))
    assert [found["code"] for found in imports] == ["disk-full"] * (len(imports) - 1) + [""]
    assert any(0 < found["imported"] < len(_wanted(work)) for found in imports)
    assert created == {"code": "disk-full", "left": []}
