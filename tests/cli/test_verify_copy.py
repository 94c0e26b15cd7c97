"""``liuhen verify`` against another file of the case: is it older, newer, or did they part."""

import dataclasses
import os
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Liuhen, World
from tests.cli.test_verify import tamper, verdicts
from tests.cli.test_verify_paper import written_anew
from tests.evidence.store import sealed_files


@pytest.fixture
def copy(liuhen: Liuhen, tmp_path: Path) -> Liuhen:
    """Return the case as it was copied by hand."""
    path = tmp_path / "copy.liuhen"
    shutil.copy(liuhen.case, path)
    return dataclasses.replace(liuhen, case=path)


def told(liuhen: Liuhen, against: object, *args: object) -> tuple[int, object, dict[str, str]]:
    result = liuhen("verify", "--against", against, *args, "--json")
    return int(result.code), result.json["trouble"], verdicts(result.json)


def test_an_older_copy_is_the_beginning_but_no_witness_from_outside(
    liuhen: Liuhen, copy: Liuhen
) -> None:
    liuhen.ok("note", "之后")
    code, trouble, found = told(liuhen, copy.case)
    assert (code, trouble) == (0, None)
    assert (found["copy"], found["anchor"]) == ("INTACT", "NOT CHECKED")


def test_a_copy_that_lacks_later_records_is_told_to_be_older(liuhen: Liuhen, copy: Liuhen) -> None:
    liuhen.ok("note", "之后")
    code, trouble, found = told(copy, liuhen.case)
    assert (code, trouble, found["copy-size"]) == (10, "older", "NOT INTACT")


def test_two_copies_that_were_both_written_part_at_a_named_record(
    liuhen: Liuhen, copy: Liuhen
) -> None:
    size = liuhen.size()
    for one in (liuhen, copy):
        one.ok("note", "同样的话")
        one.ok("note", "再一条")
    result = liuhen("verify", "--against", copy.case, "--json")
    (fork,) = [r for r in result.json["results"] if r["verdict"] == "NOT INTACT"]
    assert (fork["name"], fork["seq"]) == ("copy-entries", size)
    assert (result.code, result.json["trouble"]) == (10, "copy")


def test_a_copy_whose_contents_were_changed_is_not_shown_as_checked(
    liuhen: Liuhen, copy: Liuhen, world: World
) -> None:
    changed = "CAST(replace(CAST(body AS TEXT), '等着', '好的') AS BLOB)"
    tamper(copy.case, f"UPDATE entry SET body={changed} WHERE seq={world.tag}")
    _, _, found = told(liuhen, copy.case)
    assert found["copy-contents"] == "NOT CHECKED"
    assert told(copy, liuhen.case)[:2] == (10, "case")


def test_a_case_that_was_cut_short_or_written_anew_agrees_with_no_copy(
    liuhen: Liuhen, copy: Liuhen
) -> None:
    liuhen.ok("note", "天天打电话")
    shutil.copy(liuhen.case, copy.case)
    tamper(copy.case, f"DELETE FROM entry WHERE seq={liuhen.size() - 1}")
    assert told(copy, liuhen.case)[2]["copy-size"] == "NOT INTACT"
    shutil.copy(liuhen.case, copy.case)
    written_anew(copy)
    assert told(copy, liuhen.case)[2]["copy-entries"] == "NOT INTACT"
    assert told(liuhen, copy.case)[1] == "copy"


def test_the_case_itself_is_no_copy_of_it(liuhen: Liuhen, tmp_path: Path) -> None:
    (tmp_path / "link.liuhen").symlink_to(liuhen.case)
    assert liuhen.refused("verify", "--against", liuhen.case) == "usage 2"
    assert liuhen.refused("verify", "--against", tmp_path / "link.liuhen") == "usage 2"


def test_a_damaged_copy_sends_nobody_to_look_into_the_whole_case(
    liuhen: Liuhen, copy: Liuhen
) -> None:
    os.truncate(copy.case, copy.case.stat().st_size // 2)
    error = liuhen("verify", "--against", copy.case, "--json").json["error"]
    assert f"liuhen --case {copy.case} doctor" in error["hint"]


def test_a_file_of_another_case_is_not_taken_for_a_changed_one(
    liuhen: Liuhen, tmp_path: Path
) -> None:
    other = dataclasses.replace(liuhen, case=tmp_path / "other.liuhen")
    other.ok("init")
    assert told(liuhen, other.case)[:2] == (10, "other-case")
    other.ok("checkpoint", "-o", tmp_path / "other.txt")
    assert told(liuhen, tmp_path / "other.txt")[:2] == (10, "other-case")


def test_a_checkpoint_of_a_newer_copy_tells_that_this_one_is_older(
    liuhen: Liuhen, copy: Liuhen, tmp_path: Path
) -> None:
    liuhen.ok("note", "之后")
    liuhen.ok("checkpoint", "-o", tmp_path / "newer.txt")
    assert told(copy, tmp_path / "newer.txt")[:2] == (10, "older")


def test_a_copy_with_a_passphrase_is_compared_without_it(
    tmp_path: Path, liuhen: Liuhen, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "sealed.liuhen"
    sealed_files.create(path).close()
    shutil.copy(path, tmp_path / "copy.liuhen")
    assert told(liuhen, path)[:2] == (10, "other-case")
    monkeypatch.setenv("LIUHEN_PASSPHRASE", sealed_files.PASSPHRASE.decode())
    own = dataclasses.replace(liuhen, case=path)
    assert told(own, tmp_path / "copy.liuhen")[2]["copy"] == "INTACT"


def test_a_database_of_another_program_is_no_copy(liuhen: Liuhen, tmp_path: Path) -> None:
    data = bytearray(liuhen.case.read_bytes())
    data[68:72] = bytes(4)
    (tmp_path / "other.db").write_bytes(data)
    assert liuhen.refused("verify", "--against", tmp_path / "other.db") == "not-a-case 4"
