"""A bounded part of the documented run: some calls that fail, and some power cuts."""

import dataclasses
import json
import random
import shutil
from pathlib import Path

import pytest

from tests.faults import calls, each_call, kills, power
from tests.faults.each_call import EIO, KILLED, PARTLY
from tests.faults.kills import LENDER
from tests.faults.power import Change, Event, Named, Synced
from tests.faults.quick import InProcess
from tests.faults.writing import ALIKE, WRITINGS, Writing, appending, entries_in

pytestmark = pytest.mark.skipif(not calls.can_trace(), reason="strace is missing or may not trace")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> kills.Place:
    return each_call.bases(tmp_path_factory.mktemp("bases"))(False)


def named(name: str) -> Writing:
    return next(w for w in WRITINGS if w.name == name)


@pytest.mark.parametrize(
    ("name", "mode", "most"),
    [
        ("note", EIO, 2),
        ("backup", EIO, 3),
        ("checkpoint", KILLED, 2),
        ("import", PARTLY, 1),
    ],
)
def test_a_call_that_fails_loses_nothing(
    base: kills.Place, tmp_path: Path, name: str, mode: str, most: int
) -> None:
    (tally,) = each_call.fail_each(named(name), base, tmp_path, modes=[mode], most=most)
    assert tally.runs
    assert tally.noticed
    assert tally.failures == []


def test_a_backup_killed_between_check_and_name_is_not_there(
    base: kills.Place, tmp_path: Path
) -> None:
    probe = kills.copied(base, tmp_path / "probe")
    made, _run = calls.record(probe, named("backup").scenario)
    (link,) = (call for call in made if call.name in ("link", "linkat"))
    tally = each_call.Tally(name="backup", mode=KILLED, calls=1)
    each_call.fail(named("backup"), base, tmp_path / "call", link, tally)
    assert (tally.noticed, tally.failures) == (1, [])


def test_a_passphrase_that_the_disk_did_not_confirm_is_said(
    base: kills.Place, tmp_path: Path
) -> None:
    scenario = named("passphrase set").scenario
    made, _run = calls.record(kills.copied(base, tmp_path / "probe"), scenario)
    last = [call for call in made if call.name in calls.SYNCS and call.role == "."][-1]
    place = kills.copied(base, tmp_path / "call")
    inject = f"{last.name}:error=EIO:when={last.number}"
    traced = dataclasses.replace(
        place, before=calls.strace(tmp_path / "log", last.name, inject=inject)
    )
    run = traced.run("--json", *scenario.command(place))
    assert run.code == 4
    assert json.loads(run.out)["error"]["code"] == "reseal-unsure"
    here = InProcess(folder=place.folder)
    assert here.run("list", passphrase=kills.OLD).code == 4
    assert here.run("list", passphrase=kills.NEW).code == 0


def test_a_command_that_appends_makes_the_calls_of_a_note(
    base: kills.Place, tmp_path: Path
) -> None:
    shapes = set()
    for command in (("note", "又打来", "--respondent", LENDER), ALIKE[0], ALIKE[3]):
        place = kills.copied(base, tmp_path / "probe")
        made, _run = calls.record(place, appending(command[0], *command).scenario)
        shapes.add(tuple((c.name, c.role) for c in made if c.name != "pwrite64"))
        shutil.rmtree(place.folder)
    assert len(shapes) == 1


@pytest.mark.parametrize("name", ["note", "checkpoint", "backup"])
def test_after_a_power_cut_what_was_saved_is_there(
    base: kills.Place, tmp_path: Path, name: str
) -> None:
    chance = random.Random(1)
    tally = power.cut_power(named(name), base, tmp_path, chances=0, chance=chance)
    assert tally.runs > 5
    assert tally.failures == []


def test_only_a_sync_makes_a_change_sure() -> None:
    made = Named(path="a", file=7)
    first, second = (Change(file=7, offset=n, data=b"x") for n in (0, 1))
    events: list[Event] = [made, first, Synced(file=7), second]
    assert power.unsure(events) == [0, 3]
    assert power.unsure([*events, Synced(folder="")]) == [3]
    assert power.unsure([*events, Synced(folder=""), Synced(file=7)]) == []


def test_without_its_syncs_a_note_that_was_saved_would_be_lost(
    base: kills.Place, tmp_path: Path
) -> None:
    place = kills.copied(base, tmp_path / "recorded")
    events = [e for e in power.record(place, named("note")) if not isinstance(e, Synced)]
    disk = power.left_after(base.folder, events, dict.fromkeys(power.unsure(events)))
    entries = entries_in(base)
    with pytest.raises(AssertionError, match="entries"):
        power.check(named("note"), disk, tmp_path / "cut", "", ended=True, entries=entries)
