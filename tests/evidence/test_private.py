import os
from pathlib import Path

import pytest

from cli import output_file
from evidence import private
from evidence.store import sqlite_file


@pytest.mark.parametrize("left", [".out.new-0123abcd", ".out.new-0123abcd-journal"])
def test_what_a_killed_process_left_goes_when_the_same_is_made_again(
    tmp_path: Path, left: str
) -> None:
    (tmp_path / left).write_bytes(b"half")
    name = private.name_beside(tmp_path / "out", "new")
    assert name.parent == tmp_path
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_was_left_goes_with_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / ".out.partial-0123abcd" / "data").mkdir(parents=True)
    (tmp_path / ".out.partial-0123abcd" / "data" / "packet.pdf").write_bytes(b"%PDF")
    private.name_beside(tmp_path / "out", "partial")
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_a_leftover_of_the_same_thing_stays(tmp_path: Path) -> None:
    important = tmp_path / "important"
    important.mkdir()
    (important / "photo").write_bytes(b"photo")
    (tmp_path / ".out.partial-89abcdef").symlink_to(important)  # goes, but nothing behind it
    others = {".out.new-short", ".other.new-0123abcd", ".out2.new-0123abcd", "out.new-0123abcd"}
    for name in others:
        (tmp_path / name).write_bytes(b"another's")
    for mark in ("new", "partial"):
        private.name_beside(tmp_path / "out", mark)
    assert {path.name for path in tmp_path.iterdir()} == {*others, "important"}
    assert (important / "photo").read_bytes() == b"photo"


def test_of_a_name_that_was_cut_nothing_is_removed(tmp_path: Path) -> None:
    long = "材" * 41
    made = private.name_beside(tmp_path / f"{long}一", "new")
    made.write_bytes(b"of another process")
    assert private.name_beside(tmp_path / f"{long}二", "new") != made
    assert made.exists()


def test_a_finished_file_never_goes_over_another(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"important")
    (tmp_path / "new").write_bytes(b"new")
    with pytest.raises(FileExistsError):
        private.place(tmp_path / "new", tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == b"important"


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="no file system without folder syncs")
def test_a_file_system_that_knows_no_sync_of_a_folder_stops_nothing() -> None:
    private.sync_folder(Path("/proc"))


MAKERS = {
    "output": output_file.new_file,
    "case": sqlite_file.new_file,
    "resealed case": sqlite_file.file_beside,
}


@pytest.mark.parametrize("maker", MAKERS)
def test_whoever_is_stopped_as_a_file_is_made_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, maker: str
) -> None:
    create = private.create

    def stopped(path: Path) -> int:
        os.close(create(path))
        raise KeyboardInterrupt

    monkeypatch.setattr(private, "create", stopped)
    with pytest.raises(KeyboardInterrupt), MAKERS[maker](tmp_path / "out"):
        pytest.fail("it was not stopped")
    assert list(tmp_path.iterdir()) == []
