"""The documented run: ``python -m tests.faults [--kills 210] [--faults 5] [--seed 1]``.

It prints two tables: of the program killed at random moments, and of the program where the disk,
the clock or another process lets it down. ``--kills 0`` or ``--faults 0`` leaves one out. The exit
code is 1 if anything was lost. What cannot be tried here (no mounts, no strace) is said.
"""

import argparse
import random
import sys
import tempfile
from pathlib import Path

from tests.faults import kills, surroundings


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=210)
    parser.add_argument("--faults", type=int, default=5, help="how often each fault is met")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    lost = False
    with tempfile.TemporaryDirectory() as folder:
        if options.kills:
            lost |= _kill(Path(folder), options.kills, chance)
        if options.faults:
            lost |= _fault(Path(folder), options.faults, options.seed)
    return 1 if lost else 0


def _kill(folder: Path, count: int, chance: random.Random) -> bool:
    share = kills.counts(count, [s.name for s in kills.SCENARIOS])
    tallies = []
    for number, scenario in enumerate(kills.SCENARIOS):
        work = folder / str(number)
        work.mkdir()
        wanted = share[scenario.name]
        tallies.append(kills.run_scenario(scenario, work, kills=wanted, chance=chance))
        killed, runs = tallies[-1].killed, tallies[-1].runs
        print(f"# {scenario.name}: {killed} of {wanted} killed in {runs} runs", flush=True)
        for failure in tallies[-1].failures:
            print(f"LOST: {scenario.name}: {failure}", flush=True)
    for line in kills.table(tallies):
        print(line)
    return any(t.failures for t in tallies)


def _fault(folder: Path, runs: int, seed: int) -> bool:
    tallies = []
    for tally in surroundings.run_all(folder, runs=runs, seed=seed):
        print(f"# {tally.fault} while {tally.name}: {tally.hit} of {tally.runs} hit", flush=True)
        for failure in tally.failures:
            print(f"LOST: {tally.fault}: {tally.name}: {failure}", flush=True)
        tallies.append(tally)
    for line in surroundings.table(tallies):
        print(line)
    for missing in surroundings.not_tried():
        print(f"NOT TRIED: {missing}")
    return any(t.failures for t in tallies)


if __name__ == "__main__":
    sys.exit(main())
