"""Everything that the program writes, as scenarios: for ``each_call`` and ``power``.

The case is small, so that every call can be tried; it has all that each scenario needs.
"""

import contextlib
import dataclasses
import datetime as dt
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from tests import tsa
from tests.faults import kills
from tests.faults.kills import LENDER, NEW, OLD, Place, Run, Scenario
from tests.faults.quick import InProcess

AT = dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Writing:
    """A scenario, and what is new when it ended well."""

    scenario: Scenario
    makes: tuple[str, ...] = ()
    """Files and folders."""
    entries: int = 0
    """Entries in the case, at least."""

    @property
    def name(self) -> str:
        return self.scenario.name

    @property
    def sealed(self) -> bool:
        return self.scenario.sealed


def make_base(folder: Path, *, sealed: bool) -> Place:
    """Make a small case with a damaged copy, and a timestamp that is still to be attached."""
    place = kills.make_base(folder, sealed=sealed, kind=InProcess, notes=3)
    for name in ("gbk.mp3", "wrongext.mp3"):
        (folder / "more" / name).unlink()
    if not sealed:
        run = place.run("timestamp", "request", "-o", "asked.tsq")
        assert run.code == 0, run
        authority = tsa.make_authority(folder.with_name(f"{folder.name} authority"))
        request = (folder / "asked.tsq").read_bytes()
        (folder / "asked.tsr").write_bytes(authority.answer(request, at=AT))
        shutil.copy(authority.root_path, folder / "root.pem")
        whole = (folder / "earlier.liuhen").read_bytes()
        (folder / "broken.liuhen").write_bytes(whole[: len(whole) // 4096 * 3 // 4 * 4096])
    (folder / "tmp").mkdir()
    return Place(folder=folder)


def entries_in(place: Place) -> int:
    """Return how many entries the case has."""
    with contextlib.closing(sqlite3.connect(f"{place.case.as_uri()}?mode=ro", uri=True)) as opened:
        return int(opened.execute("SELECT count(*) FROM entry").fetchone()[0])


def undone(writing: Writing, place: Place, *, entries: int) -> list[str]:
    """Return what is missing of what a command does; the case had so many ``entries`` before."""
    missing = [name for name in writing.makes if not (place.folder / name).exists()]
    phrases = writing.scenario.passphrases
    opening = [p for p in (OLD, NEW) if place.run("list", passphrase=p).code == 0]
    if phrases != (OLD,):
        missing += ["the new passphrase"] if NEW not in opening else []
        missing += ["the end of the old passphrase"] if OLD in opening else []
    elif writing.name == "passphrase remove":
        missing += ["the removal"] if NEW not in opening else []
    grown = entries_in(place) - entries
    return [*missing, *(["entries"] if grown < writing.entries else [])]


def _whole_or_absent(*names: str) -> Callable[[Place, Run], None]:
    """Let only what is absent be made again, and nothing that is half be there."""

    def check(place: Place, _run: Run) -> None:
        for name in names:
            made = place.folder / name
            if made.exists():
                if made.suffix == ".liuhen":
                    verified = place.run("--case", str(made), "verify")
                    assert verified.code == 0, verified
                else:
                    assert made.read_bytes(), made
                made.unlink()

    return check


def _same_as_original(place: Place, run: Run) -> None:
    made = place.folder / "out.amr"
    if made.exists():
        assert made.read_bytes() == (place.folder / "first" / "s_nb.amr").read_bytes()
    made.unlink(missing_ok=True)


def _checkpoint_of_the_case(name: str) -> Callable[[Place, Run], None]:
    def check(place: Place, run: Run) -> None:
        if (place.folder / name).exists():
            verified = place.run("verify", "--against", name)
            assert verified.code == 0, verified
            (place.folder / name).unlink()

    return check


def _request_and_checkpoint(place: Place, run: Run) -> None:
    there = [(place.folder / f"other.{end}").exists() for end in ("tsq", "checkpoint")]
    # The request is the later one: with it there is all that ``attach`` needs.
    assert there != [True, False], there
    _checkpoint_of_the_case("other.checkpoint")(place, run)
    (place.folder / "other.tsq").unlink(missing_ok=True)


def appending(name: str, *command: str, sealed: bool = False) -> Writing:
    """Return a command that appends one entry."""
    return Writing(
        scenario=Scenario(name=name, command=lambda _: command, sealed=sealed), entries=1
    )


def _writing(
    name: str,
    command: Sequence[str],
    *makes: str,
    check: Callable[[Place, Run], None] | None = None,
) -> Writing:
    scenario = Scenario(
        name=name, command=lambda _: command, check=check or _whole_or_absent(*makes)
    )
    return Writing(scenario=scenario, makes=makes)


def _known(name: str, *makes: str, entries: int = 0) -> Writing:
    (scenario,) = (s for s in kills.SCENARIOS if s.name == name)
    return Writing(scenario=scenario, makes=makes, entries=entries)


_NEW_CASE = "new.liuhen"

WRITINGS = (
    _writing("init", ("--case", _NEW_CASE, "init"), _NEW_CASE),
    _writing("init (passphrase)", ("--case", _NEW_CASE, "init", "--passphrase"), _NEW_CASE),
    _writing("init in a new folder", ("--case", "a/b/new.liuhen", "init"), "a/b/new.liuhen"),
    _known("import", entries=4),
    _known("import (passphrase)", entries=4),
    appending("note", "note", "今天又打来", "--respondent", LENDER),
    appending("note (passphrase)", "note", "今天又打来", sealed=True),
    _known("tag", entries=1),
    appending("timestamp attach", "timestamp", "attach", "asked.tsr", "--root", "root.pem"),
    _known("erase", entries=1),
    _known("passphrase change"),
    _known("passphrase set"),
    _known("passphrase remove"),
    _known("packet", "packet", entries=1),
    _known("backup", "backup.liuhen"),
    _known("restore", "restored.liuhen"),
    _writing(
        "salvage",
        ("--case", "broken.liuhen", "doctor", "--salvage", "-o", "salvaged.liuhen"),
        "salvaged.liuhen",
    ),
    _writing(
        "checkpoint",
        ("checkpoint", "-o", "cp.txt"),
        "cp.txt",
        check=_checkpoint_of_the_case("cp.txt"),
    ),
    _writing(
        "timestamp request",
        ("timestamp", "request", "-o", "other.tsq"),
        "other.tsq",
        "other.checkpoint",
        check=_request_and_checkpoint,
    ),
    _writing("export", ("export", "3", "-o", "out.amr"), "out.amr", check=_same_as_original),
)

ALIKE = (
    ("complainant", "--name", "林某", "--phone", "13800000002"),
    ("respondent", "add", "乙某小额贷款有限公司", "--type", "microloan"),
    ("number", "13800000011", "--respondent", LENDER),
    ("withdraw", "4", "--reason", "标错", "--yes"),
    ("transcript", "add", "3", "你等着", "--from", "00:00", "--to", "00:01"),
    ("mask", "3", "--from", "00:00", "--to", "00:01", "--reason", "念出了同事的名字"),
    ("submitted", "--to", "12378", "--respondent", LENDER),
)
"""Commands that append one entry as ``note`` does: by the same calls, which is checked."""
