"""A disk that does not give some of the case: it is said, nothing is called changed, nothing lost.

strace lets a read of the case file fail, from one call on for good, or for one sector only.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from evidence.store import protection
from evidence.store.schema import PAGE_BYTES
from evidence.store.verify import Verdict, verify_case
from evidence.store.wreck import Wreck
from tests.faults import calls, kills
from tests.faults.kills import Place, Run
from tests.faults.quick import InProcess

pytestmark = pytest.mark.skipif(not calls.can_trace(), reason="strace is missing or may not trace")

SECTOR = 4096
SQLITE_ENDS = "pread64:error=EIO:when=14+"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("base") / "case"
    place = kills.make_base(folder, sealed=False, kind=InProcess, notes=9)
    assert place.run("import", "more").code == 0
    return place


@pytest.fixture
def place(base: Place, tmp_path: Path) -> InProcess:
    return InProcess(folder=kills.copied(base, tmp_path / "place").folder)


def failing(place: Place, *inject: str) -> Place:
    """Return the program with reads of the case file that fail."""
    rules = [word for one in inject for word in ("-e", f"inject={one}")]
    log = place.folder.with_suffix(".calls")
    names = "trace=read,pread64,lseek"
    before = ("strace", "-f", "-qq", "-P", str(place.case), "-o", str(log), "-e", names, *rules)
    return Place(folder=place.folder, before=before)


def calls_of(place: Place) -> list[str]:
    return place.folder.with_suffix(".calls").read_text(errors="replace").splitlines()


def gone_at(place: Place, number: int) -> Place:
    """Return the program with a disk that gives SQLite nothing more from a read on."""
    return failing(place, f"pread64:error=EIO:when={number}+", "read:error=EIO:when=3+")


def error_of(run: Run) -> str:
    return str(json.loads(run.out)["error"]["code"])


@pytest.mark.parametrize("number", [1, 4, 9])
def test_a_disk_that_goes_away_is_named_and_is_no_change(place: Place, number: int) -> None:
    before = place.case.read_bytes()
    traced = gone_at(place, number)
    for words in (["list"], ["backup", "-o", "copy.liuhen"]):
        run = traced.run("--json", *words)
        assert (run.code, error_of(run)) == (4, "case-unreadable"), run
    assert traced.run("doctor", "--quick").code == 4
    assert place.case.read_bytes() == before
    assert not (place.folder / "copy.liuhen").exists()
    assert place.run("verify").code == 0


@pytest.mark.parametrize("number", [1, 14])
def test_a_backup_on_a_disk_that_goes_away_is_not_called_changed(place: Place, number: int) -> None:
    traced = gone_at(place, number)
    new = place.folder / "new.liuhen"
    run = traced.run("--json", "--case", new, "restore", place.case)
    assert (run.code, error_of(run)) == (4, "backup-unreadable"), run
    assert not new.exists()


def test_verify_names_the_disk(place: Place) -> None:
    # SQLite gets nothing more; at the end the whole file is read to see whether the disk gives it.
    assert (
        json.loads(failing(place, SQLITE_ENDS).run("--json", "verify").out)["trouble"] == "damage"
    )
    last = sum(" = " in line and "read(" in line for line in calls_of(place) if "pread" not in line)
    run = failing(place, SQLITE_ENDS, f"read:error=EIO:when={last - 1}").run("--json", "verify")
    report = json.loads(run.out)
    assert (run.code, report["trouble"]) == (10, "disk"), run
    wrong = {r["name"] for r in report["results"] if r["verdict"] == "NOT INTACT"}
    assert "disk-read" in wrong
    assert wrong <= {"disk-read", "file-structure", "entry-damaged", "original-damaged"}


def reads_of(place: Place, page: int) -> Iterator[int]:
    """Yield the how many-th reads of the case take the whole of a page, as a salvage makes them."""
    traced = failing(place)
    assert traced.run("doctor", "--salvage", "-o", "probe.liuhen").code != 0  # it is not damaged
    number, at = 0, -1
    for line in calls_of(place):
        sought = re.search(r"\blseek\(\d+, (\d+), SEEK_SET", line)
        if sought is not None:
            at = int(sought[1])
        elif re.search(r"\bread\(", line):
            number += 1
            if at == (page - 1) * PAGE_BYTES and f", {PAGE_BYTES})" in line:
                yield number


def test_one_bad_sector_costs_what_lies_on_it(place: Place) -> None:
    with Wreck(place.case, unlock=protection.no_key) as whole:
        cells = {seq: one for seq, (one,) in whole.cells.items()}
    at = cells[3].at // SECTOR * SECTOR
    on_it = {s for s, c in cells.items() if c.at < at + SECTOR and c.at + c.local > at}
    page, sector = divmod(at, PAGE_BYTES)
    whole_page = next(reads_of(place, page + 1))
    again = 1 + sector // SECTOR  # it is read as a whole, and then by its sectors
    traced = failing(place, f"read:error=EIO:when={whole_page}..{whole_page + again}+{again}")
    run = traced.run("--json", "doctor", "--salvage", "-o", "new.liuhen")
    assert run.code == 0, run
    made = json.loads(run.out)
    assert set(made["missing"]) == on_it
    assert on_it < cells.keys()
    assert made["mismatched"] == made["originals_mismatched"] == []
    assert made["entries"] == len(cells) - len(made["missing"])
    assert verify_case(place.folder / "new.liuhen").verdict is Verdict.INTACT
