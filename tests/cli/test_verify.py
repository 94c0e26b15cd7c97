"""``liuhen verify``: what it says, and with which exit code."""

import base64
import contextlib
import dataclasses
import datetime as dt
import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from evidence.store import digest_process
from evidence.store.digest_process import DigestProcess
from evidence.store.schema import PAGE_BYTES
from tests.cli.conftest import START, Liuhen, World, write_sound

FIELDS = {
    "verdict",
    "clock_set_back",
    "complete",
    "entries",
    "erased",
    "exhibits",
    "original_bytes",
    "root",
    "safe",
    "trouble",
    "results",
}


def verdicts(document: dict[str, object]) -> dict[str, str]:
    rows = document["results"]
    assert isinstance(rows, list)
    return {row["name"]: row["verdict"] for row in rows}


def tamper(case: Path, statement: str) -> None:
    """Change the case file as somebody would who knows SQLite."""
    with contextlib.closing(sqlite3.connect(case)) as db, db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type='trigger'").fetchall():
            db.execute(f'DROP TRIGGER "{name}"')
        db.execute(statement)


@pytest.fixture
def checkpoint(liuhen: Liuhen, tmp_path: Path) -> Path:
    out = tmp_path / "checkpoint.txt"
    liuhen.ok("checkpoint", "-o", out)
    return out


def test_a_whole_case_is_intact_but_not_compared_with_anything_outside(
    liuhen: Liuhen, world: World
) -> None:
    told = liuhen.json("verify")
    assert set(told) == FIELDS
    assert told["verdict"] == "INTACT"
    assert told["complete"] is False
    assert verdicts(told)["anchor"] == "NOT CHECKED"
    assert told["entries"] == liuhen.size()
    assert told["exhibits"] == 2
    assert told["original_bytes"] == world.sound.stat().st_size + world.picture.stat().st_size


def test_with_a_checkpoint_everything_is_checked(liuhen: Liuhen, checkpoint: Path) -> None:
    liuhen.ok("note", "之后的说明")
    told = liuhen.json("verify", "--against", checkpoint)
    assert told["complete"] is True
    assert set(verdicts(told).values()) == {"INTACT"}


def test_a_case_that_was_cut_short_is_not_intact_against_its_checkpoint(
    liuhen: Liuhen, checkpoint: Path
) -> None:
    last = liuhen.size() - 1
    tamper(liuhen.case, f"DELETE FROM entry WHERE seq={last}")
    result = liuhen("verify", "--against", checkpoint, "--json")
    assert result.code == 10
    assert result.json["verdict"] == "NOT INTACT"


def test_a_case_that_is_large_is_hashed_in_two_processes_to_the_same_end(
    liuhen: Liuhen, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = liuhen.ok("verify", "--json").out
    monkeypatch.setattr(digest_process, "MUCH", 0)
    started: list[DigestProcess] = []
    init = DigestProcess.__init__
    monkeypatch.setattr(
        DigestProcess, "__init__", lambda self: (init(self), started.append(self))[0]
    )
    assert liuhen.ok("verify", "--json").out == alone
    assert len(started) == 1


def test_a_changed_body_is_named_with_its_number(liuhen: Liuhen, world: World) -> None:
    changed = "CAST(replace(CAST(body AS TEXT), '等着', '好的') AS BLOB)"
    tamper(liuhen.case, f"UPDATE entry SET body={changed} WHERE seq={world.tag}")
    result = liuhen("verify", "--json")
    assert result.code == 10
    broken = [r for r in result.json["results"] if r["verdict"] == "NOT INTACT"]
    assert world.tag in {r["seq"] for r in broken}
    assert f"#{world.tag}" in liuhen("verify").out


def test_a_changed_original_is_named_with_its_number(liuhen: Liuhen, world: World) -> None:
    sql = "UPDATE chunk SET data=zeroblob(length(data)) WHERE seq="
    tamper(liuhen.case, sql + str(world.call))
    result = liuhen("verify", "--json")
    assert result.code == 10
    broken = [r for r in result.json["results"] if r["verdict"] == "NOT INTACT"]
    assert (world.call, "original-digest") in {(r["seq"], r["name"]) for r in broken}


def test_missing_triggers_are_not_intact(liuhen: Liuhen) -> None:
    tamper(liuhen.case, "SELECT 1")
    result = liuhen("verify", "--json")
    assert verdicts(result.json)["triggers"] == "NOT INTACT"
    assert result.code == 10


def test_the_checkpoint_of_another_case_is_not_intact(
    liuhen: Liuhen, checkpoint: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.liuhen"
    liuhen.ok("--case", other, "init")
    assert liuhen("--case", other, "verify", "--against", checkpoint).code == 10


def test_a_checkpoint_that_was_edited_is_refused(liuhen: Liuhen, checkpoint: Path) -> None:
    checkpoint.write_text(checkpoint.read_text() + "\n")
    assert liuhen.refused("verify", "--against", checkpoint) == "checkpoint-malformed 3"


def test_what_is_not_there_or_no_bundle_is_refused(liuhen: Liuhen, tmp_path: Path) -> None:
    assert liuhen.refused("verify", "--against", tmp_path / "无") == "not-comparable 3"
    assert liuhen.refused("verify", "--against", "x" * 400) == "not-comparable 3"
    assert liuhen.refused("verify", "--against", tmp_path) == "not-a-bundle 3"
    (tmp_path / "loop").symlink_to("loop")
    assert liuhen.refused("verify", "--against", tmp_path / "loop") == "file-unreadable 3"


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 liuhen/", b"\xff\xd8\xff", "文字".encode()])
def test_a_file_that_is_nothing_to_compare_with_is_no_malformed_checkpoint(
    liuhen: Liuhen, tmp_path: Path, data: bytes
) -> None:
    (tmp_path / "file").write_bytes(data)
    assert liuhen.refused("verify", "--against", tmp_path / "file") == "not-comparable 3"


def test_a_gigabyte_of_nothing_is_refused_at_once(liuhen: Liuhen, tmp_path: Path) -> None:
    (tmp_path / "sparse").touch()
    os.truncate(tmp_path / "sparse", 2**30)
    assert liuhen.refused("verify", "--against", tmp_path / "sparse") == "not-comparable 3"


def test_a_checkpoint_that_somebody_else_signed_does_not_make_the_records_differ(
    liuhen: Liuhen, checkpoint: Path
) -> None:
    head, signature = checkpoint.read_text().rsplit(" ", 1)
    raw = bytearray(base64.b64decode(signature))
    raw[10] ^= 1
    for size in ("", "9"):  # the same records, and more of them
        lines = head.split("\n")
        lines[1] += size
        text = "\n".join(lines) + " " + base64.b64encode(raw).decode() + "\n"
        checkpoint.write_text(text)
        result = liuhen("verify", "--against", checkpoint, "--json")
        assert (result.code, result.json["trouble"]) == (10, "signature")


def test_a_bundle_is_checked_and_compared_with_its_case(demo: Path) -> None:
    liuhen = Liuhen(case=demo / "case.liuhen", clock=lambda: pytest.fail("the clock is read"))
    told = liuhen.json("verify", "--against", demo / "packet-12378")
    assert told["verdict"] == "INTACT"
    assert set(told["bundle"]) == {"entries", "disclosed", "withheld", "exhibits", "files"}
    bundle = told["bundle"]
    assert bundle["entries"] == bundle["disclosed"] + bundle["withheld"]


def test_a_bundle_with_a_changed_file_is_not_intact(demo: Path, tmp_path: Path) -> None:
    bundle = Path(shutil.copytree(demo / "packet-nfra", tmp_path / "bundle"))
    pdf = bundle / "data" / "packet.pdf"
    data = bytearray(pdf.read_bytes())
    data[-10] ^= 1
    pdf.write_bytes(data)
    liuhen = Liuhen(case=demo / "case.liuhen", clock=lambda: pytest.fail("the clock is read"))
    result = liuhen("verify", "--against", bundle)
    assert result.code == 10
    assert "packet.pdf" in result.out


def test_it_says_where_the_trouble_lies(
    liuhen: Liuhen, checkpoint: Path, world: World, demo: Path, tmp_path: Path
) -> None:
    def trouble(*args: object) -> str:
        return str(liuhen("verify", *args, "--json").json["trouble"])

    assert trouble() == trouble("--against", checkpoint) == "None"
    assert trouble("--against", "0123-4567-89AB-CDEF") == "code"
    # The case does not become suspect because a bundle of another case is held against it.
    assert trouble("--against", demo / "packet-nfra") == "other-case"
    with contextlib.closing(sqlite3.connect(liuhen.case)) as db, db:
        db.execute("INSERT INTO meta VALUES ('more', x'00')")
    assert trouble() == "foreign"
    tamper(liuhen.case, f"UPDATE entry SET body=x'7b7d' WHERE seq={world.tag}")
    assert trouble("--against", "0123-4567-89AB-CDEF") == "case"


def test_an_original_that_cannot_be_read_is_damage_and_no_mismatch(
    liuhen: Liuhen, tmp_path: Path
) -> None:
    write_sound(tmp_path / "long.wav", 60)
    (added,) = liuhen.ok("import", tmp_path / "long.wav", "--json").json_lines
    data = bytearray(liuhen.case.read_bytes())
    size = int.from_bytes(data[16:18])
    sound = (tmp_path / "long.wav").read_bytes()
    page = data.index(sound[300_000:300_040]) // size
    data[page * size : (page + 1) * size] = bytes(size)
    liuhen.case.write_bytes(data)
    result = liuhen("verify", "--json")
    assert result.code == 10
    wrong = [r for r in result.json["results"] if r["verdict"] == "NOT INTACT"]
    assert added["seq"] in {r["seq"] for r in wrong}
    assert result.json["trouble"] == "damage"


def test_damage_does_not_explain_away_what_can_be_read_and_does_not_match(
    liuhen: Liuhen, world: World
) -> None:
    whole = liuhen.case.read_bytes()
    cut = len(whole) * 3 // 4
    os.truncate(liuhen.case, cut)
    assert liuhen("verify", "--json").json["trouble"] == "damage"
    liuhen.case.write_bytes(whole)
    changed = "CAST(replace(CAST(body AS TEXT), '等着', '好的') AS BLOB)"
    tamper(liuhen.case, f"UPDATE entry SET body={changed} WHERE seq={world.tag}")
    os.truncate(liuhen.case, cut)
    assert liuhen("verify", "--json").json["trouble"] == "damage-differs"


def test_a_changed_bundle_does_not_make_the_case_suspect(demo: Path, tmp_path: Path) -> None:
    bundle = Path(shutil.copytree(demo / "packet-nfra", tmp_path / "bundle"))
    with (bundle / "data/packet.pdf").open("ab") as file:
        file.write(b"more")
    own = Liuhen(case=demo / "case.liuhen", clock=lambda: START)
    assert own("verify", "--against", bundle, "--json").json["trouble"] == "bundle"


def test_a_copy_made_while_the_case_was_written_is_called_damaged(
    liuhen: Liuhen, tmp_path: Path
) -> None:
    before = liuhen.case.read_bytes()
    write_sound(tmp_path / "long.wav", 20)
    liuhen.ok("import", tmp_path / "long.wav")
    liuhen.case.write_bytes(before[:PAGE_BYTES] + liuhen.case.read_bytes()[PAGE_BYTES:])
    report = liuhen("verify", "--json").json
    assert report["trouble"] in ("damage", "damage-differs")
    assert verdicts(report)["file-structure"] == "NOT INTACT"


def test_a_clock_that_was_set_back_is_told_and_is_no_trouble(liuhen: Liuhen) -> None:
    last = liuhen.size()
    before = dataclasses.replace(liuhen, clock=lambda: START - dt.timedelta(days=3650))
    before.ok("note", "时间不准")
    report = liuhen.json("verify")
    assert (report["verdict"], report["trouble"]) == ("INTACT", None)
    (step,) = report["clock_set_back"]
    assert (step["seq"], step["seconds"] // 86400) == (last, 3650)
    assert liuhen.json("list")["clock_set_back"] == [step]
    assert liuhen.json("show", last)["clock_set_back"] == step["seconds"]
    assert liuhen.json("show", last - 1)["clock_set_back"] is None
    assert f"#{last}" in liuhen.ok("verify").out


def test_a_changed_bundle_tells_nothing_of_a_case_that_it_does_not_fit(
    liuhen: Liuhen, demo: Path, tmp_path: Path
) -> None:
    bundle = Path(shutil.copytree(demo / "packet-nfra", tmp_path / "bundle"))
    with (bundle / "data/packet.pdf").open("ab") as file:
        file.write(b"more")
    assert liuhen("verify", "--against", bundle, "--json").json["trouble"] == "bundle-differs"


def test_verifying_changes_no_byte_of_the_case(liuhen: Liuhen) -> None:
    before = liuhen.case.read_bytes()
    liuhen.ok("verify")
    assert liuhen.case.read_bytes() == before


def test_the_verdict_words_are_on_stdout_and_the_conclusion_on_stderr(liuhen: Liuhen) -> None:
    result = liuhen.ok("verify")
    assert "INTACT" in result.out
    assert "NOT CHECKED" in result.out
    assert "INTACT" in result.err
