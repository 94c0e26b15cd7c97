"""An erasure that fails or dies at every place: either nothing is erased, or all of it is."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from evidence.core.records import Note
from evidence.errors import EvidenceError
from evidence.store import statements
from evidence.store.verify import Verdict, verify_case
from tests.evidence.store import case_files, faults
from tests.evidence.store.test_faults import FULL, IOERR, folder

__all__ = ["folder"]

SECRET = case_files.pattern(300_000, 9)
WORDS = "送花圈到你家门口".encode()


@pytest.fixture
def base(folder: Path) -> Path:
    """Give a case whose entries 1 and 2 are to go."""
    path = folder / "base.liuhen"
    with case_files.create(path) as case:
        case_files.exhibit(case, SECRET)
        statements.add_note(case, Note(text=WORDS.decode(), on=1))
        case_files.exhibit(case, case_files.pattern(900))
    return path


def check(path: Path) -> bool:
    """Check that all or nothing is gone; return whether it is gone."""
    report = verify_case(path)  # rolls a killed writer's journal back
    assert report.verdict is Verdict.INTACT, report
    assert len(report.erased) in (0, 2)
    gone = bool(report.erased)
    left = path.read_bytes()
    assert (WORDS in left) != gone
    pieces = [SECRET[at : at + 32] for at in range(0, len(SECRET), 9000)]
    assert {piece in left for piece in pieces} == {not gone}
    return gone


def check_retry(path: Path) -> None:
    """Check that the same erasure succeeds now and leaves nothing beside the case."""
    if not check(path):
        faults.erase_first(path)
        assert check(path)
    assert not path.with_name(path.name + "-journal").exists()


@pytest.mark.parametrize(
    ("code", "taken_back", "late"),
    [
        pytest.param(IOERR, False, False, id="io-error"),
        pytest.param(IOERR, False, True, id="io-error-after-commit"),
        pytest.param(FULL, True, False, id="full"),
    ],
)
def test_error_at_every_call_of_sqlite(
    base: Path, *, code: int, taken_back: bool, late: bool
) -> None:
    for at in range(1, 1000):
        path = case_files.copy_of(base, f"{at}.liuhen")
        points = faults.Points(faults.raises(code, taken_back=taken_back), at=at, lasting=False)
        error = None
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sqlite3, "connect", faults.watched(points, late=late))
            try:
                faults.erase_first(path)
            except EvidenceError as raised:
                error = raised
        check_retry(path) if code == FULL else check(path)
        path.unlink()
        if points.reached < at:
            assert error is None
            assert at > 30  # the enumeration saw the whole erasure
            return
        assert error is not None, f"the fault at call {at} was passed over"
        assert error.code in {"disk-full", "case-not-writable"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_kill_before_every_call_of_sqlite(base: Path) -> None:
    command = [sys.executable, "-B", "-m", "tests.evidence.store.faults", "erase", str(base.parent)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
    names = json.loads(done.stdout)
    assert len(names) > 30
    gone = [check(base.parent / f"{name}.liuhen") for name in names]
    assert gone == [False] * (len(names) - 1) + [True]
    for name in names[::6]:
        check_retry(base.parent / f"{name}.liuhen")
