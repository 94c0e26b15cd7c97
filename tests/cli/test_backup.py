"""``liuhen backup`` and ``liuhen restore``."""

import dataclasses
import os
from pathlib import Path

from tests.cli.conftest import Liuhen, World
from tests.evidence.store import case_files


def test_a_backup_is_restored_with_the_same_code(
    liuhen: Liuhen, world: World, tmp_path: Path
) -> None:
    out = tmp_path / "backup.liuhen"
    made = liuhen.json("backup", "-o", out)
    assert (made["verdict"], made["same_as_source"]) == ("INTACT", True)
    assert made["root"] == liuhen.json("checkpoint")["root"]
    other = dataclasses.replace(liuhen, case=tmp_path / "restored.liuhen")
    back = other.json("restore", out)
    assert (back["code"], back["root"]) == (made["code"], made["root"])
    assert other.json("list")["items"] == liuhen.json("list")["items"]
    other.ok("export", world.call, "-o", tmp_path / "call.wav")
    assert (tmp_path / "call.wav").read_bytes() == world.sound.read_bytes()
    assert other.intact()


def test_nothing_is_overwritten(liuhen: Liuhen, tmp_path: Path) -> None:
    out = tmp_path / "backup.liuhen"
    liuhen.ok("backup", "-o", out)
    assert liuhen.refused("backup", "-o", out) == "output-exists 3"
    assert liuhen.refused("restore", out) == "case-exists 4"


def test_a_backup_on_the_same_disk_is_warned_of(liuhen: Liuhen, tmp_path: Path) -> None:
    assert "注意" in liuhen.ok("backup", "-o", tmp_path / "backup.liuhen").err


def test_a_damaged_backup_is_not_restored(liuhen: Liuhen, world: World, tmp_path: Path) -> None:
    out = tmp_path / "backup.liuhen"
    liuhen.ok("backup", "-o", out)
    case_files.flip(out, "chunk", "data", f"seq = {world.call}")
    other = dataclasses.replace(liuhen, case=tmp_path / "restored.liuhen")
    assert other.refused("restore", out) == "backup-not-intact 10"
    assert not other.case.exists()


def test_a_case_that_does_not_verify_is_backed_up_and_told(
    liuhen: Liuhen, world: World, tmp_path: Path
) -> None:
    case_files.flip(liuhen.case, "chunk", "data", f"seq = {world.call}")
    made = liuhen("backup", "-o", tmp_path / "backup.liuhen", "--json")
    assert (made.code, made.json["verdict"]) == (10, "NOT INTACT")
    assert (tmp_path / "backup.liuhen").exists()


def test_what_is_no_backup_is_refused(liuhen: Liuhen, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("text")
    other = dataclasses.replace(liuhen, case=tmp_path / "restored.liuhen")
    assert other.refused("restore", tmp_path / "text") == "not-a-backup 4"
    assert other.refused("restore", tmp_path / "missing") == "not-a-backup 4"
    assert not other.case.exists()


def test_a_damaged_backup_sends_nobody_to_look_where_there_is_no_case(
    liuhen: Liuhen, tmp_path: Path
) -> None:
    backup = tmp_path / "my backup.liuhen"
    liuhen.ok("backup", "-o", backup)
    os.truncate(backup, backup.stat().st_size // 2)
    other = dataclasses.replace(liuhen, case=tmp_path / "restored.liuhen")
    result = other("restore", backup, "--json")
    error = result.json["error"]
    assert (result.code, error["code"]) == (10, "backup-not-intact")
    assert f"liuhen --case '{backup}' doctor" in error["hint"]
    assert not other.case.exists()
