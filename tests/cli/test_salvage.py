"""A damaged case: what ``doctor`` and ``verify`` say of it, and ``doctor --salvage``."""

import dataclasses
import os
import shutil
from pathlib import Path

import pytest

from evidence.store.schema import PAGE_BYTES
from tests.cli.conftest import Liuhen, World, write_sound
from tests.evidence.store import faults
from tests.ordinary_user import as_ordinary_user


@pytest.fixture
def damaged(liuhen: Liuhen, tmp_path: Path) -> Liuhen:
    """Return the program on the small case with one more recording, of which a page is lost."""
    sound = tmp_path / "long.wav"
    write_sound(sound, 20)
    liuhen.ok("import", sound)
    data = liuhen.case.read_bytes()
    at = data.index(sound.read_bytes()[200_000:200_032]) // PAGE_BYTES * PAGE_BYTES
    liuhen.case.write_bytes(data[:at] + bytes(PAGE_BYTES) + data[at + PAGE_BYTES :])
    return liuhen


@pytest.fixture
def cut(liuhen: Liuhen, tmp_path: Path) -> Liuhen:
    """Return the program on such a case whose last two pages are missing."""
    write_sound(tmp_path / "long.wav", 20)
    liuhen.ok("import", tmp_path / "long.wav")
    os.truncate(liuhen.case, liuhen.case.stat().st_size - 2 * PAGE_BYTES)
    return liuhen


def checks(result: dict[str, list[dict[str, str]]]) -> dict[str, dict[str, str]]:
    return {check["name"]: check for check in result["checks"]}


def test_doctor_names_the_cause_and_what_is_safe(cut: Liuhen) -> None:
    result = cut("doctor", "--json")
    assert result.code == 4
    found = checks(result.json)
    assert found["damage"]["state"] == "failed"
    assert f"{2 * PAGE_BYTES:,}" in found["damage"]["text"]
    assert "#8" in found["salvage"]["text"]
    assert "--salvage" in found["salvage"]["advice"]


def test_verify_lists_what_is_safe_instead_of_giving_up(cut: Liuhen) -> None:
    result = cut("verify", "--json")
    assert (result.code, result.json["verdict"], result.json["safe"]) == (10, "NOT INTACT", 9)
    broken = {(r["name"], r["seq"]) for r in result.json["results"] if r["verdict"] == "NOT INTACT"}
    assert {name for name, _ in broken} == {"file-structure", "original-damaged"}
    assert ("original-damaged", 8) in broken
    assert cut("verify").code == 10


def test_what_is_whole_is_salvaged_into_a_new_case(
    damaged: Liuhen, world: World, tmp_path: Path
) -> None:
    before = damaged.case.read_bytes()
    out = tmp_path / "salvaged.liuhen"
    made = damaged.json("doctor", "--salvage", "-o", out)
    assert damaged.case.read_bytes() == before
    assert made["originals_damaged"] == [8]
    assert (made["originals"], made["missing"], made["mismatched"]) == (2, [], [])
    new = dataclasses.replace(damaged, case=out)
    assert new.intact()
    items = new.json("list")["items"]
    assert [i["kind"] for i in items][:2] == ["exhibit", "salvage"]
    call = next(i for i in items if i["data"].get("name") == world.sound.name)
    new.ok("export", call["seq"], "-o", tmp_path / "call.wav")
    assert (tmp_path / "call.wav").read_bytes() == world.sound.read_bytes()
    tag = next(i for i in items if i["kind"] == "tag")
    assert tag["data"]["on"] == call["seq"]
    assert made["file_sha256"] in new.ok("show", items[1]["seq"]).out


def test_an_original_that_one_bit_spoils_comes_over_and_is_named(
    liuhen: Liuhen, tmp_path: Path
) -> None:
    words = "花圈还要不要了，白的黄的随你挑".encode()
    (tmp_path / "短信.txt").write_bytes(words)
    (added,) = liuhen.ok("import", tmp_path / "短信.txt", "--json").json_lines
    data = bytearray(liuhen.case.read_bytes())
    data[data.index(words) + 7] ^= 0x02
    liuhen.case.write_bytes(data)
    made = liuhen.json("doctor", "--salvage", "-o", tmp_path / "new.liuhen")
    assert (made["originals_mended"], made["originals_mismatched"]) == ([added["seq"]], [])
    new = dataclasses.replace(liuhen, case=tmp_path / "new.liuhen")
    listed = new.json("list")["items"]
    seq = next(i["seq"] for i in listed if i["data"].get("name") == "短信.txt")
    new.ok("export", seq, "-o", tmp_path / "again.txt")
    assert (tmp_path / "again.txt").read_bytes() == words
    assert f"#{added['seq']}" in new.ok("show", 2).out


def test_a_case_that_is_whole_is_not_salvaged(liuhen: Liuhen, tmp_path: Path) -> None:
    assert liuhen.refused("doctor", "--salvage", "-o", tmp_path / "new") == "not-damaged 4"
    assert not (tmp_path / "new").exists()


def test_nothing_is_overwritten_and_both_options_are_needed(
    damaged: Liuhen, tmp_path: Path
) -> None:
    assert damaged("doctor", "--salvage", "-o", damaged.case).code == 3
    assert damaged("doctor", "--salvage").code == 2
    assert damaged("doctor", "-o", tmp_path / "new").code == 2


def test_a_file_of_something_else_is_told_apart(empty: Liuhen, tmp_path: Path) -> None:
    empty.case.write_bytes(b"hello" * 10_000)
    assert set(checks(empty("doctor", "--json").json)) & {"damage", "salvage"} == set()
    out = tmp_path / "new"
    assert empty("doctor", "--salvage", "-o", out, "--json").error == "nothing-to-salvage"


def test_a_case_whose_beginning_is_overwritten_is_salvaged(damaged: Liuhen, tmp_path: Path) -> None:
    with damaged.case.open("r+b") as file:
        file.write(bytes(PAGE_BYTES))
    assert damaged("verify", "--json").error == "not-a-case"
    assert "damage" in checks(damaged("doctor", "--json").json)
    damaged.ok("doctor", "--salvage", "-o", tmp_path / "new.liuhen")
    assert dataclasses.replace(damaged, case=tmp_path / "new.liuhen").intact()


def test_a_file_that_cannot_be_written_is_told(liuhen: Liuhen) -> None:
    liuhen.case.chmod(0o400)
    told = as_ordinary_user(lambda: liuhen("doctor", "--json").json)
    assert checks(told)["writable"]["state"] == "warning"


def test_a_write_that_was_interrupted_is_told(liuhen: Liuhen) -> None:
    liuhen.case.with_name(liuhen.case.name + "-journal").write_bytes(b"")
    assert checks(liuhen("doctor", "--json").json)["journal"]["state"] == "warning"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_write_that_was_cut_off_is_not_salvaged_where_it_cannot_be_taken_back(
    liuhen: Liuhen, tmp_path: Path
) -> None:
    faults.leave_half_a_write(liuhen.case)
    journal = liuhen.case.with_name(liuhen.case.name + "-journal")
    (locked := tmp_path / "locked").mkdir()
    there = dataclasses.replace(liuhen, case=locked / liuhen.case.name)
    for path in (liuhen.case, journal):
        shutil.copy(path, locked / path.name)
        (locked / path.name).chmod(0o400)
    locked.chmod(0o500)
    try:
        salvage = ("doctor", "--salvage", "-o", tmp_path / "new")
        for words in (("list",), ("verify",), ("backup", "-o", tmp_path / "copy"), salvage):
            result = as_ordinary_user(lambda given=words: there(*given, "--json"))
            assert (result.code, result.error) == (4, "case-unfinished"), words
    finally:
        locked.chmod(0o700)
    assert not (tmp_path / "new").exists()
    # Both files, copied to where something can be written, are the case as it was.
    assert liuhen("verify").code == 0
