"""A case file that an attacker made: a clear error or verdict, nothing written, nothing followed.

``crafted`` makes the files; the program is run on them as a person would run it.
"""

import dataclasses
import hashlib
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from evidence.store import sqlite_file
from tests.cli import crafted
from tests.cli.conftest import Liuhen, Process, Result
from tests.evidence.store import sealed_files

resource = pytest.importorskip("resource", reason="needs POSIX limits")

UNDERSTOOD = {0, 3, 4, 10, 11}
"""Exit codes of whoever knows what he refuses; 1 is an error of the program."""

READERS = ("list", "stats", "timeline", "verify", "doctor", "show 4", "export 4 -o {out}")
MEMORY = 700 * 1024 * 1024
"""Bytes of address space; a sound case takes 450 MiB of it, and 65 MiB of real memory."""


def snapshot(folder: Path) -> dict[str, str]:
    """Return what lies in a folder, as names and digests; a hole of a terabyte counts by size."""
    found = {}
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or not path.is_file():
            found[path.name] = str(path.lstat().st_mode)
        elif path.stat().st_size > 2**32:
            found[path.name] = str(path.stat().st_size)
        else:
            found[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


@pytest.fixture
def alone(liuhen: Liuhen, tmp_path: Path) -> Liuhen:
    """Return the program on a copy of the small case that lies alone in its folder."""
    folder = tmp_path / "alone"
    folder.mkdir()
    return dataclasses.replace(liuhen, case=Path(shutil.move(liuhen.case, folder / "c.liuhen")))


def run(liuhen: Liuhen, command: str, tmp_path: Path) -> Result:
    """Run a command, and check that whoever reads or refuses leaves all as it was."""
    before = snapshot(liuhen.case.parent)
    result = liuhen(*command.format(out=tmp_path / "out").split(), "--json")
    assert result.code in UNDERSTOOD, (command, result)
    if result.code or not command.startswith("note"):
        assert snapshot(liuhen.case.parent) == before, command
    assert result.code or not result.err.startswith("错误")
    return result


def refused_everywhere(liuhen: Liuhen, tmp_path: Path) -> str:
    """Return the one error that every command gives but ``verify`` and ``doctor``."""
    codes = set()
    for command in ("list", "show 4", "stats", "note x", "backup -o {out}", "passphrase set"):
        result = run(liuhen, command, tmp_path)
        codes.add(f"{result.error} {result.code}")
    assert not (tmp_path / "out").exists()
    assert len(codes) == 1, codes
    return codes.pop()


# --- tables, indexes, views, triggers -------------------------------------------------------------

TRIGGERS = {name for name in crafted.SCHEMA if name.startswith("trigger")}


@pytest.mark.parametrize("name", sorted(set(crafted.SCHEMA) - TRIGGERS))
def test_tables_that_are_not_ours_are_not_read(name: str, alone: Liuhen, tmp_path: Path) -> None:
    crafted.SCHEMA[name](alone.case)
    damaged = name in ("table text that is no SQL", "very long table text")
    error = refused_everywhere(alone, tmp_path)
    assert error == ("case-damaged 4" if damaged else "case-structure 4")
    verdict = run(alone, "verify", tmp_path)
    assert verdict.code == 10
    names = {r["name"] for r in verdict.json["results"] if r["verdict"] == "NOT INTACT"}
    # That the tables are not ours is called neither damage nor tampering.
    assert ("file-structure" if damaged else "schema") in names
    assert run(alone, "doctor", tmp_path).code == 4


@pytest.mark.parametrize("name", sorted(TRIGGERS))
def test_case_with_other_triggers_is_read_and_not_written(
    name: str, alone: Liuhen, tmp_path: Path
) -> None:
    crafted.SCHEMA[name](alone.case)
    assert run(alone, "list", tmp_path).code == 0
    assert run(alone, "note x", tmp_path).error == "case-structure"
    verdict = run(alone, "verify", tmp_path)
    assert verdict.code == 10
    assert [r["name"] for r in verdict.json["results"] if r["verdict"] == "NOT INTACT"] == [
        "triggers"
    ]
    assert run(alone, "doctor", tmp_path).code == 4


@pytest.mark.parametrize("name", ["view without an end", "triggers are gone", "foreign table"])
def test_what_is_whole_behind_foreign_tables_is_salvaged(
    name: str, alone: Liuhen, tmp_path: Path
) -> None:
    entries = alone.size()
    crafted.SCHEMA[name](alone.case)
    made = alone.json("doctor", "--salvage", "-o", tmp_path / "new.liuhen")
    assert (made["entries"], made["missing"], made["mismatched"]) == (entries, [], [])
    assert dataclasses.replace(alone, case=tmp_path / "new.liuhen").intact()


def test_restore_takes_no_backup_with_foreign_tables(alone: Liuhen, tmp_path: Path) -> None:
    crafted.SCHEMA["view in the place of entry"](alone.case)
    new = dataclasses.replace(alone, case=tmp_path / "new.liuhen")
    assert new("restore", alone.case, "--json").error == "backup-not-intact"
    assert not new.case.exists()


def test_cases_of_every_format_have_the_tables_that_are_read() -> None:
    golden = Path(__file__).parents[1] / "evidence" / "store" / "golden"
    found = {path.name: sqlite_file.problems(path) for path in golden.glob("*.liuhen")}
    assert found == {"v1.liuhen": [], "v2.liuhen": []}


# --- header and pages -----------------------------------------------------------------------------

ERRORS = {
    "other application": "not-a-case",
    "later format": "case-too-new",
    "nothing": "not-a-case",
    "only the first bytes": "not-a-case",
    "cut in the header": "not-a-case",
    "wrong fractions": "not-a-case",
    "write-ahead log": "case-structure",
    "read-only format": "case-structure",
    "page size of 512": "case-structure",
    "pages of 512": "case-structure",
    "pages of 65536": "case-structure",
    "UTF-16": "case-structure",
    "format of no version": "case-structure",
    "huge count of pages": "case-damaged",
    "cut behind the header": "case-damaged",
    "cut behind the first page": "case-damaged",
    "reserved bytes": "case-damaged",
}
HARMLESS = set(crafted.HEADER) - set(ERRORS) - {"freelist that loops"}


@pytest.mark.parametrize("name", sorted(ERRORS))
def test_header_that_is_not_ours_is_a_clear_error(name: str, alone: Liuhen, tmp_path: Path) -> None:
    crafted.HEADER[name](alone.case)
    assert run(alone, "list", tmp_path).error == ERRORS[name]
    assert run(alone, "note x", tmp_path).error == ERRORS[name]
    assert run(alone, "verify", tmp_path).code in {4, 10}
    assert run(alone, "doctor", tmp_path).code == 4


@pytest.mark.parametrize("name", sorted(HARMLESS))
def test_pages_that_say_nothing_are_harmless(name: str, alone: Liuhen, tmp_path: Path) -> None:
    crafted.HEADER[name](alone.case)
    assert run(alone, "list", tmp_path).code == 0
    assert run(alone, "verify", tmp_path).code == 0
    assert run(alone, "doctor", tmp_path).code in {0, 4}


def test_list_of_free_pages_that_loops_is_a_verdict(alone: Liuhen, tmp_path: Path) -> None:
    crafted.HEADER["freelist that loops"](alone.case)
    assert run(alone, "list", tmp_path).code == 0
    assert run(alone, "verify", tmp_path).code == 10
    assert run(alone, "doctor", tmp_path).code == 4


# --- rows and bodies ------------------------------------------------------------------------------

CHANGED: Mapping[str, Callable[[Path], None]] = {
    **crafted.ROWS,
    **{name: crafted.second_entry(crafted.body(data)) for name, data in crafted.BODIES.items()},
    **{
        name: crafted.second_entry(crafted.body(data, kind=b"exhibit"))
        for name, data in crafted.DATA.items()
    },
}
STILL_INTACT = {"zero character"}
"""What is odd and yet as it was stored."""


@pytest.mark.parametrize("name", sorted(CHANGED))
def test_odd_values_are_a_verdict_and_never_a_traceback(
    name: str, alone: Liuhen, tmp_path: Path
) -> None:
    CHANGED[name](alone.case)
    for command in ("list", "show 1", "show 4", "export 4 -o {out}", "doctor", "note x"):
        run(alone, command, tmp_path)
    assert run(alone, "verify", tmp_path).code == (0 if name in STILL_INTACT else 10)


@pytest.mark.parametrize("name", ["erased by nobody", "no case entry", "texts of no UTF-8"])
def test_backup_and_salvage_of_odd_values_end_in_words(
    name: str, alone: Liuhen, tmp_path: Path
) -> None:
    CHANGED[name](alone.case)
    for command in ("backup -o {out}", "doctor --salvage -o {out}2"):
        run(alone, command, tmp_path)


def test_nothing_is_added_to_a_log_without_a_first_entry(alone: Liuhen, tmp_path: Path) -> None:
    crafted.ROWS["no entries"](alone.case)
    assert run(alone, "note x", tmp_path).error == "case-damaged"


@pytest.mark.parametrize("seed", range(24))
def test_flipped_bits_and_exchanged_blocks_end_in_words(
    seed: int, alone: Liuhen, tmp_path: Path
) -> None:
    alone.case.write_bytes(crafted.flipped(alone.case.read_bytes(), seed))
    for command in ("list", "verify", "doctor"):
        run(alone, command, tmp_path)


@pytest.mark.parametrize(
    ("name", "command", "code"),
    [
        ("view without an end", "verify", 10),
        ("heavy check", "doctor", 4),
        ("more views than one can read", "list", 4),
        ("blob of half a gigabyte", "verify", 10),
        ("chunk that is huge", "verify", 10),
        ("pages of the same row", "doctor --salvage -o {out}", 0),
        ("nothing but arrays", "verify", 10),
    ],
)
def test_crafted_file_gets_no_more_memory_than_a_sound_one(
    name: str, command: str, code: int, process: Process, tmp_path: Path
) -> None:
    heavy = {"blob of half a gigabyte": crafted.HALF_A_GIGABYTE}
    {**crafted.SCHEMA, **crafted.HEADER, **CHANGED, **heavy}[name](process.case)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    words = command.format(out=tmp_path / "out").split()
    assert process(*words, preexec_fn=limit).code == code


# --- what lies beside -----------------------------------------------------------------------------


def test_journal_that_names_another_file_does_not_delete_it(alone: Liuhen, tmp_path: Path) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_bytes(b"years of work\n")
    crafted.journal(alone.case, names=precious)
    assert refused_everywhere(alone, tmp_path) == "case-companion 4"
    for command in ("verify", "doctor"):
        assert run(alone, command, tmp_path).code == 4
    new = dataclasses.replace(alone, case=tmp_path / "new.liuhen")
    assert new("restore", alone.case, "--json").error == "case-companion"
    # Moved away, nothing is wrong: no new case, with a new history, is made of a whole one.
    assert alone("doctor", "--salvage", "-o", tmp_path / "out", "--json").error == "case-companion"
    assert not (tmp_path / "out").exists()
    assert precious.read_bytes() == b"years of work\n"


def other_page_size(case: Path, _away: Path) -> None:
    crafted.journal(case, page_size=4096)


def of_no_case(case: Path, _away: Path) -> None:
    """Say that there was nothing before, so that taking back would empty the case."""
    beside = crafted.journal(case)
    made = bytearray(beside.read_bytes())
    made[16:20] = bytes(4)
    beside.write_bytes(made)


def of_a_longer_case(case: Path, _away: Path) -> None:
    beside = crafted.journal(case)
    made = bytearray(beside.read_bytes())
    made[16:20] = b"\x3f\xff\xff\xff"
    beside.write_bytes(made)


def some_text(case: Path, _away: Path) -> None:
    case.with_name(case.name + "-journal").write_text("my diary")


def link_away(case: Path, away: Path) -> None:
    away.write_bytes(b"")
    case.with_name(case.name + "-journal").symlink_to(away)


def link_to_nothing(case: Path, away: Path) -> None:
    case.with_name(case.name + "-journal").symlink_to(away)


def pipe(case: Path, _away: Path) -> None:
    os.mkfifo(case.with_name(case.name + "-journal"))


def log(case: Path, _away: Path) -> None:
    crafted.write_ahead_log(case)


def log_that_is_a_pipe(case: Path, _away: Path) -> None:
    os.mkfifo(case.with_name(case.name + "-wal"))


BESIDE = (
    other_page_size,
    of_no_case,
    of_a_longer_case,
    some_text,
    link_away,
    link_to_nothing,
    pipe,
    log,
    log_that_is_a_pipe,
)


@pytest.mark.parametrize("lay", BESIDE)
def test_what_no_writer_of_ours_left_beside_a_case_is_not_touched(
    lay: Callable[[Path, Path], None], alone: Liuhen, tmp_path: Path
) -> None:
    away = tmp_path / "away"
    lay(alone.case, away)
    before = snapshot(tmp_path)
    assert refused_everywhere(alone, tmp_path) == "case-companion 4"
    assert run(alone, "verify", tmp_path).code == 4
    assert run(alone, "doctor", tmp_path).code == 4
    assert snapshot(tmp_path) == before


def test_log_beside_a_file_that_asks_for_one_is_not_read(alone: Liuhen, tmp_path: Path) -> None:
    crafted.write_ahead_log(alone.case)
    crafted.HEADER["write-ahead log"](alone.case)
    assert refused_everywhere(alone, tmp_path) == "case-structure 4"


# --- slots ----------------------------------------------------------------------------------------


@pytest.fixture
def sealed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alone: Liuhen) -> Liuhen:
    """Return the program on a case with a passphrase, which is at hand."""
    path = tmp_path / "sealed" / "c.liuhen"
    path.parent.mkdir()
    sealed_files.create(path).close()
    monkeypatch.setenv("LIUHEN_PASSPHRASE", sealed_files.PASSPHRASE.decode())
    made = dataclasses.replace(alone, case=path)
    assert made("list").code == 0
    return made


@pytest.mark.parametrize("name", sorted(crafted.SLOTS))
def test_slot_that_asks_for_too_much_is_refused_before_it_is_stretched(
    name: str, sealed: Liuhen, tmp_path: Path
) -> None:
    crafted.SLOTS[name](sealed.case)
    for command in ("list", "note x"):
        assert run(sealed, command, tmp_path).error == "key-slot-damaged"
    assert run(sealed, "doctor", tmp_path).code == 4


# --- the path -------------------------------------------------------------------------------------


def folder(path: Path) -> None:
    path.mkdir()


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def circle(path: Path) -> None:
    path.symlink_to(path)


PLACES = {folder: "not-a-case", os.mkfifo: "not-a-case", device: "not-a-case"}


@pytest.mark.parametrize("make", PLACES)
def test_path_that_is_no_plain_file_is_no_case(
    make: Callable[[Path], None], empty: Liuhen, tmp_path: Path
) -> None:
    make(empty.case)
    for command in ("list", "verify", "note x", "backup -o {out}", "doctor --salvage -o {out}"):
        assert run(empty, command, tmp_path).error == PLACES[make]
    assert empty("doctor", "--json").code == 4


def test_link_that_leads_to_itself_is_a_clear_error(empty: Liuhen, tmp_path: Path) -> None:
    circle(empty.case)
    for command in ("list", "verify", "note x"):
        assert run(empty, command, tmp_path).code == 4
    assert run(empty, "doctor", tmp_path).code in {0, 4}


@pytest.mark.parametrize(
    "name", ["a?mode=rwc&b.liuhen", "a#b.liuhen", "100%41.liuhen", "a\nb.liuhen", "\udcff.liuhen"]
)
def test_odd_names_are_names(name: str, alone: Liuhen, tmp_path: Path) -> None:
    odd = dataclasses.replace(alone, case=alone.case.with_name(name))
    alone.case.rename(odd.case)
    before = odd("list", "--json").json["entries"]
    assert odd("note", "x").code == 0
    assert odd("verify").code == 0
    assert odd("list", "--json").json["entries"] == before + 1
    assert [path.name for path in odd.case.parent.iterdir()] == [name]


def test_passphrase_through_a_link_leaves_nothing_readable_behind(
    alone: Liuhen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = dataclasses.replace(alone, case=tmp_path / "link.liuhen")
    link.case.symlink_to(alone.case)
    monkeypatch.setenv("LIUHEN_PASSPHRASE", "四匹马 喝 蓝色的茶")
    link.ok("passphrase", "set")
    assert link.case.is_symlink()
    assert "林某".encode() not in alone.case.read_bytes()
    assert [path.name for path in alone.case.parent.iterdir()] == [alone.case.name]
    assert link("verify").code == 0
