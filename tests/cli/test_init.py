"""``liuhen init``."""

import stat
from pathlib import Path

from tests.cli.conftest import Liuhen, Process


def test_init_makes_a_case_and_names_it_on_stdout(empty: Liuhen) -> None:
    result = empty.ok("init", "--title", "甲某e贷催收")
    assert empty.case.is_file()
    assert str(empty.case) in result.out
    assert "甲某e贷催收" in result.out
    assert "liuhen import" in result.err
    assert empty.intact()


def test_init_reports_path_case_id_title_and_key_as_json(empty: Liuhen) -> None:
    made = empty.json("init", "--title", "甲")
    assert set(made) == {"path", "case_id", "title", "public_key"}
    assert made["path"] == str(empty.case)
    assert made["title"] == "甲"
    assert len(bytes.fromhex(made["public_key"])) == 32
    assert empty.json("list")["case_id"] == made["case_id"]


def test_init_never_overwrites_a_case(liuhen: Liuhen) -> None:
    before = liuhen.case.read_bytes()
    assert liuhen.refused("init") == "case-exists 4"
    assert liuhen.case.read_bytes() == before


def test_init_never_overwrites_another_file(empty: Liuhen) -> None:
    empty.case.write_text("mine")
    assert empty("init", "--json").error == "case-exists"
    assert empty.case.read_text() == "mine"


def test_init_makes_the_folders_that_are_missing(tmp_path: Path, empty: Liuhen) -> None:
    wanted = tmp_path / "新" / "文件夹" / "a.liuhen"
    empty.ok("--case", wanted, "init")
    assert wanted.is_file()


def test_only_the_owner_can_read_a_new_case(empty: Liuhen) -> None:
    empty.ok("init")
    assert stat.S_IMODE(empty.case.stat().st_mode) & 0o077 == 0


def test_without_any_setting_the_case_is_in_the_users_data_directory(
    process: Process, strange_home: Path
) -> None:
    result = process("init", env={"LIUHEN_CASE": "", "HOME": str(strange_home)})
    assert result.code == 0, result
    assert len(list(strange_home.rglob("case.liuhen"))) == 1
    assert process("list", env={"LIUHEN_CASE": "", "HOME": str(strange_home)}).code == 0


def test_case_option_wins_over_the_environment_on_either_side_of_the_command(
    tmp_path: Path, liuhen: Liuhen
) -> None:
    other = tmp_path / "other.liuhen"
    liuhen.ok("init", "--case", other)
    assert liuhen.json("--case", other, "list")["entries"] == 1
    assert liuhen.json("list", "--case", other)["entries"] == 1
    assert liuhen.json("--case", liuhen.case, "list", "--case", other)["entries"] == 1
    assert liuhen.json("list")["entries"] > 1
