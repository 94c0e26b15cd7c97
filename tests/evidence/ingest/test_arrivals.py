"""Which files of a watched folder are complete, with a clock of the test's own."""

import os
from pathlib import Path

import pytest

from evidence.ingest.arrivals import UNFINISHED, Arrivals
from evidence.ingest.find_files import FoundFile, find_files

SETTLE = 4.0


def found(folder: Path) -> list[FoundFile]:
    files, _problems = find_files([folder])
    return list(files)


def names(arrivals: Arrivals, folder: Path, now: float) -> list[str]:
    return sorted(f.path.name for f in arrivals.complete(found(folder), now=now))


@pytest.fixture
def arrivals() -> Arrivals:
    return Arrivals(settle=SETTLE)


def test_file_is_handed_out_once_when_it_has_been_still_for_long_enough(
    arrivals: Arrivals, tmp_path: Path
) -> None:
    (tmp_path / "a.amr").write_bytes(b"1")
    assert names(arrivals, tmp_path, 100.0) == []
    assert names(arrivals, tmp_path, 103.9) == []
    assert arrivals.waiting == 1
    assert names(arrivals, tmp_path, 104.0) == ["a.amr"]
    assert arrivals.waiting == 0
    assert names(arrivals, tmp_path, 200.0) == []


def test_file_that_grows_waits_until_it_stops(arrivals: Arrivals, tmp_path: Path) -> None:
    file = tmp_path / "a.amr"
    for now in range(0, 30, 3):
        file.write_bytes(b"1" * (now + 1))
        assert names(arrivals, tmp_path, float(now)) == []
    assert names(arrivals, tmp_path, 30.0) == []
    assert names(arrivals, tmp_path, 31.0) == ["a.amr"]


def test_same_size_written_anew_waits_again(arrivals: Arrivals, tmp_path: Path) -> None:
    file = tmp_path / "a.amr"
    file.write_bytes(b"1")
    names(arrivals, tmp_path, 0.0)
    os.utime(file, ns=(1, 1))
    assert names(arrivals, tmp_path, 4.0) == []
    assert names(arrivals, tmp_path, 8.0) == ["a.amr"]


def test_file_that_changes_after_it_was_handed_out_comes_again(
    arrivals: Arrivals, tmp_path: Path
) -> None:
    file = tmp_path / "a.amr"
    file.write_bytes(b"1")
    names(arrivals, tmp_path, 0.0)
    assert names(arrivals, tmp_path, 4.0) == ["a.amr"]
    file.write_bytes(b"12")
    assert names(arrivals, tmp_path, 5.0) == []
    assert names(arrivals, tmp_path, 9.0) == ["a.amr"]


@pytest.mark.parametrize("ending", sorted(UNFINISHED))
def test_name_of_an_unfinished_file_waits_to_be_renamed(
    arrivals: Arrivals, tmp_path: Path, ending: str
) -> None:
    file = tmp_path / f"a.amr{ending.upper()}"
    file.write_bytes(b"1")
    names(arrivals, tmp_path, 0.0)
    assert names(arrivals, tmp_path, 50.0) == []
    file.rename(tmp_path / "a.amr")
    names(arrivals, tmp_path, 51.0)
    assert names(arrivals, tmp_path, 55.0) == ["a.amr"]


def test_empty_file_is_not_handed_out_until_something_is_in_it(
    arrivals: Arrivals, tmp_path: Path
) -> None:
    file = tmp_path / "a.amr"
    file.touch()
    names(arrivals, tmp_path, 0.0)
    assert names(arrivals, tmp_path, 50.0) == []
    file.write_bytes(b"1")
    names(arrivals, tmp_path, 51.0)
    assert names(arrivals, tmp_path, 55.0) == ["a.amr"]


@pytest.mark.parametrize("name", ["empty.amr", "left behind.part"])
def test_file_that_stays_unfinished_is_not_waited_for_without_end(
    arrivals: Arrivals, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_bytes(b"" if name.startswith("empty") else b"1")
    names(arrivals, tmp_path, 0.0)
    assert arrivals.waiting == 1
    names(arrivals, tmp_path, 4.0)
    assert arrivals.waiting == 0


def test_file_that_goes_away_between_two_looks_is_forgotten(
    arrivals: Arrivals, tmp_path: Path
) -> None:
    file = tmp_path / "a.amr"
    file.write_bytes(b"1")
    listed = found(tmp_path)
    arrivals.complete(listed, now=0.0)
    file.unlink()
    assert arrivals.complete(listed, now=9.0) == []
    assert arrivals.waiting == 0
