"""Ways to let an import fail or die at a chosen place, and the import itself.

``python -m tests.evidence.store.faults MODE …`` is the part that must run in a process of its
own, because it dies, or because it has its own limits or its own small disk. For each place it
forks a child, which imports into its own copy of the case and writes down what was reported as
saved; the tests look at what is left.
"""

import functools
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

from evidence.errors import EvidenceError
from evidence.ingest import intake, loading
from evidence.ingest.outcome import FileOutcome, Status
from evidence.ingest.reader import MediaReader
from evidence.store import erase
from evidence.store.case_file import CaseFile
from evidence.store.verify import verify_case
from tests.evidence.store import case_files

SMALL_BYTES = 64 * 1024
"""Larger files are streamed, so that the tests need no large ones."""

GROUP_FILES = 2
"""So many files share a commit, so that some are saved before the fault and some are not."""

Report = Callable[[FileOutcome], None]


def import_folder(path: Path, folder: Path, report: Report) -> None:
    """Import as ``liuhen import`` does; the media need no decoder."""
    loading.SMALL_BYTES = SMALL_BYTES
    intake.GROUP_FILES = GROUP_FILES
    with case_files.append_to(path) as case, MediaReader() as reader:
        for outcome in intake.import_paths(case, [folder], reader=reader):
            report(outcome)


class Points:
    """Counts what is asked of SQLite; at number ``at`` the fault happens."""

    def __init__(self, fault: "Callable[[_Connection], None]", *, at: int, lasting: bool) -> None:
        self.reached = 0
        self._fault = fault
        self._at = at
        self._lasting = lasting

    def reach(self, connection: "_Connection") -> None:
        self.reached += 1
        if self.reached == self._at or (self._lasting and self.reached > self._at):
            self._fault(connection)


class _Cursor(sqlite3.Cursor):
    def execute(self, sql: str, *parameters: Any) -> "_Cursor":
        self.connection.points.reach(self.connection)  # type: ignore[attr-defined]
        return super().execute(sql, *parameters)

    def executemany(self, sql: str, parameters: Any) -> "_Cursor":
        self.connection.points.reach(self.connection)  # type: ignore[attr-defined]
        return super().executemany(sql, parameters)


class _Connection(sqlite3.Connection):
    points: Points
    late = False
    """Whether a commit's fault comes after it took effect."""

    def cursor(self, factory: type = _Cursor) -> Any:
        return super().cursor(factory)

    def commit(self) -> None:
        if self.late:
            super().commit()
            self.points.reach(self)
        else:
            self.points.reach(self)
            super().commit()


def watched(points: Points, *, late: bool = False) -> Callable[..., sqlite3.Connection]:
    """Return a ``sqlite3.connect`` whose connections reach ``points``."""
    made = type("Watched", (_Connection,), {"points": points, "late": late})
    return functools.partial(sqlite3.dbapi2.connect, factory=made)


def raises(code: int, *, taken_back: bool = False) -> "Callable[[_Connection], None]":
    """Return a fault that SQLite would report as ``code``, with or without its own rollback."""

    def fault(connection: _Connection) -> None:
        if taken_back:
            connection.rollback()
        error = sqlite3.OperationalError("injected")
        error.sqlite_errorcode = code
        raise error

    return fault


def kill(connection: _Connection) -> None:
    """End this process at once, as ``kill -9`` does."""
    os.kill(os.getpid(), signal.SIGKILL)


def leave_half_a_write(case: Path) -> None:
    """Leave a killed writer's half-done write in ``case``, and the journal that takes it back."""
    child = os.fork()
    if child == 0:
        connection = sqlite3.connect(case, isolation_level=None)
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN IMMEDIATE")
        for idx in range(40):
            connection.execute("INSERT INTO chunk VALUES (90, ?, zeroblob(262144))", (idx,))
        os._exit(0)
    os.waitpid(child, 0)
    assert case.with_name(case.name + "-journal").exists()


# --- a process of its own -------------------------------------------------------------------------


def _in_child(work: Path, name: str, prepare: Callable[[], None]) -> int:
    """Import in a forked child; return its wait status."""
    shutil.copyfile(work / "base.liuhen", work / f"{name}.liuhen")
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    result = 1
    try:
        # Opened here: the limits below must not hit the test's own notes.
        with (work / f"{name}.saved").open("w", encoding="utf-8") as notes:
            prepare()
            result = _import_and_note(work / f"{name}.liuhen", work / "files", notes)
    finally:
        os._exit(result)


def _import_and_note(path: Path, folder: Path, notes: TextIO) -> int:
    def note(outcome: FileOutcome) -> None:
        if outcome.status is Status.IMPORTED:
            print(outcome.seq, outcome.sha256, file=notes, flush=True)

    try:
        import_folder(path, folder, note)
    except EvidenceError as error:
        print("error", error.code, file=notes, flush=True)
        return 3
    return 0


def _kill_everywhere(work: Path) -> Iterator[str]:
    for at in range(1, 1000):
        points = Points(kill, at=at, lasting=False)

        def prepare(points: Points = points) -> None:
            sqlite3.connect = watched(points)  # type: ignore[assignment]  # the fault

        status = _in_child(work, f"kill-{at}", prepare)
        yield f"kill-{at}"
        if not os.WIFSIGNALED(status):
            return


def erase_first(path: Path) -> None:
    """Erase entry 1 and what speaks of it."""
    with case_files.append_to(path) as case:
        planned = erase.plan(case, 1)
        erase.erase(case, planned, reason="误导入", with_dependents=True)


def _kill_erasures(work: Path) -> Iterator[str]:
    for at in range(1, 1000):
        name = f"erase-{at}"
        shutil.copyfile(work / "base.liuhen", work / f"{name}.liuhen")
        child = os.fork()
        if not child:
            sqlite3.connect = watched(Points(kill, at=at, lasting=False))  # type: ignore[assignment]
            erase_first(work / f"{name}.liuhen")
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        yield name
        if not os.WIFSIGNALED(status):
            return


def _limit_everywhere(work: Path, *, deadly: bool) -> Iterator[str]:
    """Let a write fail, or end the process, in the middle: at byte ``limit`` of a file."""
    import resource

    base = (work / "base.liuhen").stat().st_size
    more = sum(path.stat().st_size for path in (work / "files").iterdir())
    # Odd multiples of half a page and of a sector, so that pages are torn at different places.
    limits = [*range(1024, base + 300_000, 100_352), *range(base + 300_000, base + more, 651_776)]
    for limit in limits:

        def prepare(limit: int = limit) -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL if deadly else signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        name = f"{'torn' if deadly else 'limit'}-{limit}"
        _in_child(work, name, prepare)
        yield name


def _fill_disks(work: Path) -> Iterator[dict[str, object]]:
    """Import on real small disks, until one is large enough; needs a mount namespace."""
    disk = work / "disk"
    disk.mkdir()
    base = (work / "base.liuhen").stat().st_size
    for room in range(16, 6000, 600):
        _mount(disk, f"size={base // 1024 + room}k")
        shutil.copyfile(work / "base.liuhen", disk / "case.liuhen")
        imported, code = _count(disk / "case.liuhen", work / "files")
        full = verify_case(disk / "case.liuhen")
        left = sorted(path.name for path in disk.iterdir())
        _mount(disk, "remount,size=64m")
        again, _ = _count(disk / "case.liuhen", work / "files")
        yield {
            "code": code,
            "imported": imported,
            "left": left,
            "verdict": full.verdict,
            "exhibits": full.exhibits,
            "again_imported": again,
            "again_verdict": verify_case(disk / "case.liuhen").verdict,
        }
        subprocess.run(["umount", disk], check=True)
        if not code:
            return


def _count(path: Path, folder: Path) -> tuple[int, str]:
    """Import; return how many were reported as imported, and the error code."""
    statuses: list[Status] = []
    try:
        import_folder(path, folder, lambda outcome: statuses.append(outcome.status))
    except EvidenceError as error:
        return statuses.count(Status.IMPORTED), error.code
    return statuses.count(Status.IMPORTED), ""


def _create_on_full_disk(work: Path) -> dict[str, object]:
    disk = work / "disk"
    _mount(disk, "size=100k")
    code = ""
    try:
        CaseFile.create(disk / "case.liuhen", clock=case_files.ticking())
    except EvidenceError as error:
        code = error.code
    left = sorted(path.name for path in disk.iterdir())
    subprocess.run(["umount", disk], check=True)
    return {"code": code, "left": left}


def _mount(disk: Path, options: str) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", disk], check=True)


def main(mode: str, work: Path) -> None:
    results: list[object]
    match mode:
        case "kill":
            results = [*_kill_everywhere(work)]
        case "erase":
            results = [*_kill_erasures(work)]
        case "limit":
            results = [*_limit_everywhere(work, deadly=False)]
        case "torn":
            results = [*_limit_everywhere(work, deadly=True)]
        case "disk":
            results = [*_fill_disks(work), _create_on_full_disk(work)]
        case _:
            raise ValueError(mode)
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
