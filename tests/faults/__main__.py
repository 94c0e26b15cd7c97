"""The documented run: ``python -m tests.faults [--kills 210] [--seed 1]`` prints the table.

The exit code is 1 if anything was lost.
"""

import argparse
import random
import sys
import tempfile
from pathlib import Path

from tests.faults import kills


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=210)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    share = kills.counts(options.kills, [s.name for s in kills.SCENARIOS])
    tallies = []
    with tempfile.TemporaryDirectory() as folder:
        for number, scenario in enumerate(kills.SCENARIOS):
            work = Path(folder) / str(number)
            work.mkdir()
            count = share[scenario.name]
            tallies.append(kills.run_scenario(scenario, work, kills=count, chance=chance))
            killed, runs = tallies[-1].killed, tallies[-1].runs
            print(f"# {scenario.name}: {killed} of {count} killed in {runs} runs", flush=True)
            for failure in tallies[-1].failures:
                print(f"LOST: {scenario.name}: {failure}", flush=True)
    for line in kills.table(tallies):
        print(line)
    return 1 if any(t.failures for t in tallies) else 0


if __name__ == "__main__":
    sys.exit(main())
