"""Names that are no UTF-8, and folders in folders without end."""

import os
import subprocess
from pathlib import Path

import pytest

from evidence.ingest.find_files import as_text, find_files


def test_a_name_that_is_text_stays_as_it_is() -> None:
    assert as_text(Path("录音 é\u0301 😀.mp3")) == "录音 é\u0301 😀.mp3"


def test_a_gbk_name_is_read_as_gb18030() -> None:
    assert as_text(Path(os.fsdecode("录音@李经理.mp3".encode("gbk")))) == "录音@李经理.mp3"


def test_each_part_of_a_path_is_read_by_itself() -> None:
    path = os.fsdecode("手机/".encode() + "录音.mp3".encode("gbk"))
    assert as_text(Path(path)) == "手机/录音.mp3"


@pytest.mark.parametrize("name", [b"a\xff.mp3", b"\x81\x20.mp3", b"\xff\xff"])
def test_other_bytes_are_shown_and_never_a_lone_surrogate(name: bytes) -> None:
    text = as_text(Path(os.fsdecode(name)))
    text.encode()
    assert "\\x" in text


@pytest.mark.skipif(os.name != "posix", reason="other systems allow no such depth")
def test_folders_deeper_than_any_path_stop_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("before")
    bottom = os.open(tmp_path, os.O_RDONLY)
    for depth in range(2200):
        if depth == 1900:  # deeper than Python's own calls may go, no longer than a path may be
            os.close(os.open("deep.txt", os.O_CREAT | os.O_WRONLY, dir_fd=bottom))
        os.mkdir("d", dir_fd=bottom)
        above, bottom = bottom, os.open("d", os.O_RDONLY, dir_fd=bottom)
        os.close(above)
    os.close(bottom)
    (tmp_path / "z.txt").write_text("after")
    files, problems = find_files([tmp_path])
    subprocess.run(["rm", "-rf", tmp_path / "d"], check=True)  # Python's own calls go no deeper
    assert [file.name for file in files] == ["a.txt", "deep.txt", "z.txt"]
    assert [problem.code for problem in problems] == ["file-unreadable"]


def test_a_name_that_no_system_allows_is_a_problem_of_its_own() -> None:
    files, problems = find_files([Path("x" * 5000)])
    assert (files, [problem.code for problem in problems]) == ([], ["file-unreadable"])
