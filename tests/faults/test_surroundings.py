"""A bounded part of the documented run: wrong clocks, small and read-only disks."""

from pathlib import Path

import pytest

from tests.faults import kills, surroundings
from tests.faults.quick import InProcess
from tests.faults.surroundings import SCENARIOS, Tally

ON_DISKS = ("import", "packet", "passphrase set", "erase", "backup", "restore")


def survived(tallies: list[Tally]) -> bool:
    assert tallies
    assert all(tally.runs for tally in tallies)
    assert [failure for tally in tallies for failure in tally.failures] == []
    return True


def test_a_wrong_clock_loses_nothing(tmp_path: Path) -> None:
    base = kills.make_base(tmp_path / "base", sealed=False, kind=InProcess)
    for scenario in SCENARIOS:
        if scenario.name in ("import", "tag", "erase"):
            assert survived([*surroundings.clocks(base, scenario, tmp_path)])


def test_small_and_read_only_disks_lose_nothing(tmp_path: Path) -> None:
    if surroundings.namespace() is None:
        pytest.skip("no file system can be mounted here")
    tallies = surroundings.on_disks(tmp_path, ON_DISKS, runs=1, seed=1, quick=True)
    assert survived(tallies)
    assert {t.fault for t in tallies} == {"full disk", "read-only disk"}
    assert all(t.hit for t in tallies if t.fault == "read-only disk")
    assert any(t.hit for t in tallies if t.fault == "full disk")
