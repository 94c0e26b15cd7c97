"""A bounded part of the documented run (``python -m tests.faults``), at other moments each time."""

import functools
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults import kills

BOUNDED = ("import", "packet", "passphrase change", "backup")


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bool], kills.Place]:
    folder = tmp_path_factory.mktemp("bases")

    @functools.cache
    def base(sealed: bool) -> kills.Place:
        return kills.make_base(folder / f"sealed-{sealed}", sealed=sealed)

    return base


Bases = Callable[[bool], kills.Place]


@pytest.mark.parametrize("name", BOUNDED)
def test_killed_at_a_random_moment_nothing_saved_is_lost(
    name: str, bases: Bases, tmp_path: Path
) -> None:
    (scenario,) = (s for s in kills.SCENARIOS if s.name == name)
    after = random.uniform(0.2, 1.6)
    tally = kills.Tally(name=name)
    kills.kill(scenario, bases(scenario.sealed), tmp_path / "kill", after=after, tally=tally)
    assert tally.failures == [], f"killed after {after} s"


def test_two_processes_that_import_at_once_both_save_everything(
    bases: Bases, tmp_path: Path
) -> None:
    place = kills.copied(bases(False), tmp_path / "both")
    other = place.folder / "other"
    other.mkdir()
    for number in range(40):
        (other / f"另一份{number:02d}.txt").write_text(f"另一份 {number}")
    both = kills.at_once(place, [["--json", "import", name] for name in ("more", "other")])
    assert [run.code for run in both] == [0, 0], both
    for run in both:
        assert kills.saved(run)
        kills.check_saved(place, run)
    assert place.run("verify", "--against", "checkpoint.txt").code == 0
