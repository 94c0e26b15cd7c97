"""``liuhen import``: each file has its own outcome."""

import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import (
    CALL,
    COLLECTOR,
    ESCAPES,
    LENDER,
    SAMPLES,
    Liuhen,
    Process,
    World,
    write_sound,
)
from tests.ordinary_user import as_ordinary_user

FIELDS = {"path", "status", "seq", "sha256", "reason", "code"}


def test_json_is_one_object_per_file(liuhen: Liuhen, world: World, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(CALL, folder / "a.amr")
    shutil.copy(world.sound, folder / "b.wav")
    (folder / "c.exe").write_bytes(b"MZ" + bytes(200))
    (folder / "d.txt").write_bytes(b"")
    rows = liuhen("import", folder, "--json").json_lines
    assert all(set(row) == FIELDS for row in rows)
    assert {row["path"] for row in rows} == {str(path) for path in folder.iterdir()}
    found = {Path(row["path"]).name: row for row in rows}
    kept = liuhen.json("show", found["a.amr"]["seq"])["data"]["origin"]["path"]
    assert kept == "in/a.amr"
    assert found["a.amr"]["status"] == "imported"
    assert found["a.amr"]["sha256"] == hashlib.sha256(CALL.read_bytes()).hexdigest()
    assert found["b.wav"]["status"] == "duplicate"
    assert found["b.wav"]["seq"] == world.call
    assert {found[n]["status"] for n in ("c.exe", "d.txt")} <= {"skipped", "failed"}
    assert all(found[n]["seq"] is None and found[n]["reason"] for n in ("c.exe", "d.txt"))
    assert liuhen.intact()


def test_what_is_saved_can_be_shown(liuhen: Liuhen) -> None:
    seq = liuhen.ok("import", CALL, "--json").json["seq"]
    data = liuhen.json("show", seq)["data"]
    assert data["medium"] == "recording"
    assert data["name"] == CALL.name


def test_what_the_person_states_is_stored_as_stated(liuhen: Liuhen, world: World) -> None:
    given = ("--at", "2026-10-14 21:05", "--number", "138 0000 0012", "--direction", "打入")
    seq = liuhen.ok("import", CALL, *given, "--respondent", LENDER, "--json").json["seq"]
    data = liuhen.json("show", seq)["data"]
    assert data["occurred"]["value"] == "2026-10-14T21:05+08:00"
    assert data["occurred"]["source"] == "user"
    assert data["party"]["number"] == "13800000012"
    assert data["direction"] == "in"
    assert data["respondent"] == world.lender


def test_one_missing_file_does_not_lose_the_others(liuhen: Liuhen, tmp_path: Path) -> None:
    result = liuhen("import", tmp_path / "没有.mp3", CALL, "--json")
    assert result.code == 3
    missing, saved = result.json_lines
    assert (missing["status"], missing["code"]) == ("failed", "file-unreadable")
    assert saved["status"] == "imported"
    assert liuhen.intact()


def test_plain_output_has_outcomes_on_stdout_and_the_sum_on_stderr(
    liuhen: Liuhen, tmp_path: Path
) -> None:
    result = liuhen("import", tmp_path / "没有.mp3", CALL)
    assert CALL.name in result.out
    assert "没有.mp3" in result.out
    assert CALL.name not in result.err
    assert "2" in result.err


def test_an_unreadable_folder_is_named(liuhen: Liuhen, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    result = as_ordinary_user(lambda: liuhen("import", closed, CALL, "--json"))
    assert result.code == 3
    assert result.json_lines[0]["path"] == str(closed)


def test_an_empty_folder_is_no_success(liuhen: Liuhen, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    assert liuhen.refused("import", tmp_path / "in") == "nothing-found 3"


def test_a_named_program_file_is_no_success_but_one_in_a_folder_is_only_skipped(
    liuhen: Liuhen, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.exe").write_bytes(b"MZ" + bytes(200))
    shutil.copy(CALL, folder / "a.amr")
    assert liuhen("import", folder / "a.exe").code == 3
    assert liuhen("import", folder).code == 0


def test_a_recording_that_cannot_be_decoded_is_kept(liuhen: Liuhen, tmp_path: Path) -> None:
    broken = tmp_path / "broken.amr"
    broken.write_bytes(b"#!AMR\n" + b"\xff" * 50)
    row = liuhen("import", broken, "--json").json
    assert row["status"] == "imported"
    assert liuhen.json("show", row["seq"])["data"]["unreadable"]
    assert liuhen.intact()


@pytest.mark.parametrize("text", ["昨天", "2026-13-01", "2026-02-30", "25:00", "10/14"])
def test_a_wrong_time_is_refused_before_anything_is_saved(liuhen: Liuhen, text: str) -> None:
    assert liuhen.refused("import", CALL, "--at", text) == "value-malformed 2"


def test_a_wrong_number_direction_or_respondent_is_refused(liuhen: Liuhen) -> None:
    assert liuhen.refused("import", CALL, "--number", "李") == "value-malformed 2"
    assert liuhen.refused("import", CALL, "--direction", "up") == "value-malformed 2"
    assert liuhen.refused("import", CALL, "--respondent", "无此") == "respondent-unknown 3"


def test_no_path_at_all_is_a_usage_error(liuhen: Liuhen) -> None:
    assert liuhen.refused("import") == "usage 2"


def test_escape_sequences_in_a_file_name_never_reach_the_terminal(
    liuhen: Liuhen, tmp_path: Path
) -> None:
    name = f"a{ESCAPES}\nb.wav"
    write_sound(tmp_path / name, 0.1)
    for result in (liuhen.ok("import", tmp_path / name), liuhen.ok("list"), liuhen.ok("timeline")):
        assert not set(result.out + result.err) & set("\x1b\x07\x9b\u202e")
        assert "\nb.wav" not in result.out


def test_json_keeps_an_odd_file_name_exactly_but_escaped(liuhen: Liuhen, tmp_path: Path) -> None:
    name = f"a{ESCAPES}b.wav"
    write_sound(tmp_path / name, 0.1)
    result = liuhen.ok("import", tmp_path / name, "--json")
    assert not set(result.out) & set("\x1b\x07\x9b\u202e")
    assert liuhen.json("show", result.json["seq"])["data"]["name"] == name


def test_a_file_name_that_is_no_utf8_is_imported(process: Process, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    name = os.fsencode(folder) + b"/" + "录音".encode("gbk") + b".amr"
    Path(os.fsdecode(name)).write_bytes(CALL.read_bytes())
    result = process("import", folder, "--json")
    assert result.code == 0, result
    assert json.loads(result.out)["status"] == "imported"
    assert process("list").code == 0
    assert process("verify").code == 0


def test_the_case_file_itself_is_never_imported_into_itself(liuhen: Liuhen, tmp_path: Path) -> None:
    shutil.copy(CALL, tmp_path / "a.amr")
    rows = liuhen("import", tmp_path, "--json").json_lines
    assert {Path(r["path"]).name for r in rows if r["status"] == "imported"} == {"a.amr"}
    assert liuhen.intact()


def test_all_demo_files_are_taken(empty: Liuhen) -> None:
    empty.ok("init")
    rows = empty.ok("import", SAMPLES / "demo" / "files", "--json").json_lines
    assert {row["status"] for row in rows} == {"imported"}


# --- rows of exports ------------------------------------------------------------------------------


def only(folder: str, pattern: str) -> Path:
    (found,) = (SAMPLES / "demo" / "files" / folder).glob(pattern)
    return found


BACKUP = only("小米手机/SMSBackupRestore", "calls-*.xml")
BILL = only("电脑", "*.csv")


def test_rows_of_a_respondents_number_are_taken_and_each_number_is_counted(
    liuhen: Liuhen,
) -> None:
    row = liuhen.ok("import", BACKUP, "--json").json
    assert set(row) == FIELDS | {"rows"}
    numbers = {n["number"]: n for n in row["rows"]["numbers"]}
    assert row["rows"]["taken"] == numbers[COLLECTOR]["taken"] == numbers[COLLECTOR]["calls"] > 0
    assert all(n["taken"] == 0 for n in numbers.values() if n["number"] != COLLECTOR)
    records = liuhen.json("list", "--kind", "record")["items"]
    assert {r["data"]["party"]["number"] for r in records} == {COLLECTOR}
    assert [r["seq"] for r in records][:: len(records) - 1] == [
        row["rows"]["first_seq"],
        row["rows"]["last_seq"],
    ]
    assert liuhen.intact()


@pytest.mark.parametrize("between", [",", "，", "、", " ; "])
def test_numbers_that_are_picked_are_taken_too(liuhen: Liuhen, between: str) -> None:
    picked = between.join(["0755-00000011", "95017 00012"])
    row = liuhen.ok("import", BACKUP, "--numbers", picked, "--json").json
    taken = {n["number"] for n in row["rows"]["numbers"] if n["taken"]}
    assert taken == {COLLECTOR, "075500000011", "9501700012"}


def test_all_takes_every_row(liuhen: Liuhen) -> None:
    row = liuhen.ok("import", BACKUP, "--all", "--json").json
    assert row["rows"]["taken"] == row["rows"]["calls"]


def test_same_export_again_adds_nothing(liuhen: Liuhen) -> None:
    first = liuhen.ok("import", BACKUP, "--json").json
    size = liuhen.size()
    again = liuhen.ok("import", BACKUP, "--json").json
    assert (again["status"], again["seq"]) == ("duplicate", first["seq"])
    assert (again["rows"]["taken"], again["rows"]["known"]) == (0, first["rows"]["taken"])
    assert liuhen.size() == size


def test_what_is_no_number_is_refused_before_anything_is_imported(liuhen: Liuhen) -> None:
    assert liuhen.refused("import", BACKUP, "--numbers", f"{COLLECTOR},李") == "value-malformed 2"


def test_bill_that_is_cut_off_keeps_its_rows_and_the_rest_is_imported(
    liuhen: Liuhen, tmp_path: Path
) -> None:
    cut = tmp_path / "calls.xml"
    cut.write_bytes(BACKUP.read_bytes()[:6000])
    broken, whole = liuhen("import", cut, BILL, "--json").json_lines
    assert broken["status"] == whole["status"] == "imported"
    assert broken["rows"]["broken_off"] or broken["rows"]["problem_count"]
    assert whole["rows"]["broken_off"] == ""
