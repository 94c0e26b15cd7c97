"""Cases, disks and permissions that are not as they should be.

Each is told with the right exit code, names the thing, and leaves a case that still verifies.
"""

import contextlib
import os
import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import CALL, Liuhen, Process, Result, World, write_sound

READING = (
    ("list",),
    ("show", 1),
    ("timeline",),
    ("verify",),
    ("checkpoint",),
    ("respondent", "list"),
    ("complainant",),
)
WRITING = (
    ("note", "说明"),
    ("tag", 4, "threat"),
    ("withdraw", 6, "--reason", "标错了"),
    ("complainant", "--name", "林某"),
    ("respondent", "add", "乙某", "--type", "bank"),
    ("number", "13800000012", "--role", "other"),
    ("import", CALL),
)
EVERY = (*READING, *WRITING)


def every_command_fails(liuhen: Liuhen, expected: str) -> None:
    """Expect the same error of every command, the case file untouched and named."""
    before = liuhen.case.read_bytes() if liuhen.case.exists() else None
    for args in EVERY:
        result = liuhen(*args, "--json")
        assert f"{result.error} {result.code}" == expected, args
        plain = liuhen(*args)
        assert str(liuhen.case) in plain.err, args
        assert plain.out == "", args
    assert (liuhen.case.read_bytes() if liuhen.case.exists() else None) == before


def test_where_no_case_is_every_command_says_so_and_makes_none(empty: Liuhen) -> None:
    every_command_fails(empty, "case-missing 4")
    assert "liuhen init" in empty("list").err


def test_a_case_from_a_newer_version_is_left_alone(liuhen: Liuhen) -> None:
    with contextlib.closing(sqlite3.connect(liuhen.case)) as db, db:
        db.execute("PRAGMA user_version = 99")
    every_command_fails(liuhen, "case-too-new 4")
    error = liuhen("list", "--json").json["error"]
    assert error["found"] == 99


@pytest.mark.parametrize("data", [b"", b"hello", bytes(70_000)], ids=["empty", "short", "zeros"])
def test_a_file_that_is_no_case_is_left_alone(empty: Liuhen, data: bytes) -> None:
    empty.case.write_bytes(data)
    every_command_fails(empty, "not-a-case 4")


def test_another_programs_database_is_left_alone(empty: Liuhen) -> None:
    with contextlib.closing(sqlite3.connect(empty.case)) as db, db:
        db.execute("CREATE TABLE messages (text)")
    every_command_fails(empty, "not-a-case 4")


def test_a_folder_is_no_case(empty: Liuhen) -> None:
    empty.case.mkdir()
    for args in EVERY:
        assert empty(*args, "--json").code == 4, args


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_case_that_lost_its_end_is_told_as_damaged_and_left_alone(
    liuhen: Liuhen, share: float
) -> None:
    data = liuhen.case.read_bytes()
    liuhen.case.write_bytes(data[: int(len(data) * share)])
    cut = liuhen.case.read_bytes()
    assert {liuhen(*args).code for args in WRITING} <= {4}
    assert liuhen("verify").code in (4, 10)
    assert liuhen("doctor").code == 4
    assert liuhen.case.read_bytes() == cut


def test_no_damage_of_any_page_ever_ends_in_a_traceback_or_in_intact(liuhen: Liuhen) -> None:
    data = liuhen.case.read_bytes()
    size = int.from_bytes(data[16:18])
    size = 65_536 if size == 1 else size
    for page in range(len(data) // size):
        broken = bytearray(data)
        start = page * size + (100 if page == 0 else 0)
        broken[start : start + 400] = bytes(value ^ 0x5A for value in broken[start : start + 400])
        liuhen.case.write_bytes(broken)
        for args in (("verify",), ("list",), ("show", 4), ("doctor",)):
            result = liuhen(*args)
            assert result.code in (0, 4, 10), (page, args, result)
            assert args[0] not in ("verify", "doctor") or result.code, (page, args)
    liuhen.case.write_bytes(data)
    assert liuhen.intact()


# --- a full disk ----------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a real file system of two mebibytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.call(command, stderr=subprocess.DEVNULL):
        pytest.skip("cannot mount a file system here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_told_and_what_was_saved_before_stays(
    liuhen: Liuhen, world: World, small_disk: Path, tmp_path: Path
) -> None:
    case = Path(shutil.copy(liuhen.case, small_disk / "case.liuhen"))
    there = Liuhen(case=case, clock=liuhen.clock)
    write_sound(tmp_path / "large.wav", 150)
    write_sound(tmp_path / "small.wav", 2)
    result = there("import", tmp_path / "small.wav", tmp_path / "large.wav", "--json")
    assert result.code == 4
    saved, error = result.json_lines
    assert saved["status"] == "imported"
    assert error["error"]["code"] == "disk-full"
    assert there.json("show", saved["seq"])["data"]["name"] == "small.wav"
    assert there.intact()
    assert case.name in there("import", tmp_path / "large.wav").err
    assert there.ok("note", "还能写")


def test_on_a_full_disk_outputs_are_refused_and_leave_nothing_behind(
    liuhen: Liuhen, world: World, small_disk: Path
) -> None:
    free = os.statvfs(small_disk)
    (small_disk / "filler").write_bytes(bytes(free.f_bavail * free.f_frsize))
    outputs = (
        ("export", world.call, "-o", small_disk / "a.wav"),
        ("export", world.call, "--from", "0", "--to", "1", "-o", small_disk / "a.wav"),
        ("checkpoint", "-o", small_disk / "a.txt"),
        ("packet", "--to", "12378", "-o", small_disk / "packet"),
    )
    for args in outputs:
        result = liuhen(*args, "--json")
        assert result.error in ("output-not-writable", "disk-full"), args
        assert result.code in (3, 4), args
        assert [path.name for path in small_disk.iterdir()] == ["filler"], args
    assert liuhen.intact()


def test_a_limit_on_the_size_of_files_is_told_like_a_full_disk(
    process: Process, tmp_path: Path
) -> None:
    write_sound(tmp_path / "large.wav", 60)
    limit = process.case.stat().st_size + 100_000

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    result = process("import", tmp_path / "large.wav", preexec_fn=limited)
    assert result.code == 4, result
    assert str(process.case) in result.err
    assert process("verify").code == 0


def test_a_passage_that_cannot_be_written_blames_the_output_and_not_the_recording(
    process: Process, world: World, tmp_path: Path
) -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    out = tmp_path / "clip.wav"
    args = ("export", world.call, "--from", "0", "--to", "1", "-o", out, "--json")
    result = process(*args, preexec_fn=limited)
    assert f"{result.error} {result.code}" == "output-not-writable 3"
    assert not list(tmp_path.glob("*clip*"))


# --- permissions ----------------------------------------------------------------------------------


@pytest.fixture
def powerless(process: Process) -> Process:
    """Return the program as a process that permissions hold for, even where root runs the tests."""
    if os.geteuid() != 0:
        return process
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("root reads everything, and setpriv is not here")
    return Powerless(case=process.case, folder=process.folder, setpriv=setpriv)


class Powerless(Process):
    """Root without the right to pass over permissions."""

    def __init__(self, *, case: Path, folder: Path, setpriv: str) -> None:
        super().__init__(case=case, folder=folder)
        object.__setattr__(self, "setpriv", setpriv)

    def command(self, *args: object) -> list[str]:
        without = "-dac_override,-dac_read_search"
        given = [f"--bounding-set={without}", f"--inh-caps={without}"]
        return [getattr(self, "setpriv"), *given, *super().command(*args)]  # noqa: B009


def test_a_read_only_case_can_be_read_and_verified_but_not_added_to(
    powerless: Process, world: World, tmp_path: Path
) -> None:
    before = powerless.case.read_bytes()
    powerless.case.chmod(0o400)
    for args in READING:
        assert powerless(*args).code == 0, args
    for args in WRITING:
        result = powerless(*args)
        assert result.code == 4, args
        assert str(powerless.case) in result.err
    out = tmp_path / "out.wav"
    assert powerless("export", world.call, "-o", out).code == 0
    assert powerless.case.read_bytes() == before


def test_a_case_in_a_read_only_folder_can_be_read_but_not_added_to(
    powerless: Process, tmp_path: Path
) -> None:
    folder = tmp_path / "closed"
    folder.mkdir()
    case = Path(shutil.copy(powerless.case, folder / "case.liuhen"))
    folder.chmod(0o500)
    try:
        assert powerless("--case", case, "verify").code == 0
        result = powerless("--case", case, "note", "说明", "--json")
        assert result.error == "case-not-writable"
        assert result.code == 4
    finally:
        folder.chmod(0o700)


def test_a_case_that_may_not_be_read_is_named(powerless: Process) -> None:
    powerless.case.chmod(0)
    result = powerless("list")
    assert result.code == 4
    assert str(powerless.case) in result.err


def test_an_unreadable_folder_or_file_is_named_and_the_others_are_saved(
    powerless: Process, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    (folder / "closed").mkdir(parents=True)
    shutil.copy(CALL, folder / "call.amr")
    write_sound(folder / "secret.wav")
    (folder / "secret.wav").chmod(0)
    (folder / "closed").chmod(0)
    try:
        result = powerless("import", folder, "--json")
    finally:
        (folder / "closed").chmod(0o700)
    assert result.code == 3
    rows = {Path(row["path"]).name: row for row in result.json_lines}
    assert rows["call.amr"]["status"] == "imported"
    assert rows["closed"]["code"] == rows["secret.wav"]["code"] == "file-unreadable"
    assert powerless("verify").code == 0


def test_outputs_into_a_closed_folder_are_refused(
    powerless: Process, world: World, tmp_path: Path
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    for args in (
        ("export", world.call, "-o", closed / "a.wav"),
        ("checkpoint", "-o", closed / "a.txt"),
        ("packet", "--to", "12378", "-o", closed / "packet"),
        ("demo", "-o", closed / "demo"),
    ):
        result: Result = powerless(*args, "--json")
        assert result.code in (3, 4), (args, result)
        assert str(closed) in result.err, args
        assert not list(closed.iterdir()), args
    init = powerless("--case", closed / "a.liuhen", "init", "--json")
    assert f"{init.error} {init.code}" == "case-not-writable 4"


def test_a_case_in_use_by_another_process_is_told(
    liuhen: Liuhen, monkeypatch: pytest.MonkeyPatch
) -> None:
    from evidence.store import sqlite_file

    monkeypatch.setattr(sqlite_file, "BUSY_SECONDS", 0.2)
    with contextlib.closing(sqlite3.connect(liuhen.case)) as db, db:
        db.execute("BEGIN EXCLUSIVE")
        result = liuhen("note", "说明", "--json")
    assert f"{result.error} {result.code}" == "case-busy 4"
    assert liuhen.intact()
