"""The documented run: ``python -m tests.faults [PART…] [--kills 210] [--faults 5] [--seed 1]``.

Parts: ``calls`` (every call that changes a file fails in turn), ``power`` (the power goes),
``kills`` (killed at random moments), ``others`` (the disk, the clock or another process lets the
program down); without any, all. Each prints its table. The exit code is 1 if anything was lost.
What cannot be tried here (no strace, no mounts) is said. ``--most N`` tries at most N calls of each
command with each fault, spread from its first to its last; ``--only NAME`` tries the calls or power
cuts of one command (may be given again).
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.faults import calls, each_call, kills, power, surroundings
from tests.faults.writing import WRITINGS, Writing


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(_PARTS))
    parser.add_argument("--kills", type=int, default=210)
    parser.add_argument("--faults", type=int, default=5, help="how often each other fault is met")
    parser.add_argument("--most", type=int, default=1000, help="calls of a command that fail")
    parser.add_argument("--only", action="append", choices=[w.name for w in WRITINGS])
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    unknown = set(options.parts) - set(_PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    lost = False
    for part in options.parts or _PARTS:
        with tempfile.TemporaryDirectory() as folder:
            lost |= _PARTS[part](Path(folder), options)
    return 1 if lost else 0


def _calls(folder: Path, options: argparse.Namespace) -> bool:
    if not calls.can_trace():
        print("NOT TRIED: calls that fail (strace is missing or may not trace)")
        return False
    base = each_call.bases(folder)
    tallies = []
    print(each_call.LINE)
    for writing in _wanted(options):
        modes, here = each_call.modes_of(writing), base(writing.sealed)
        for tally in each_call.fail_each(writing, here, folder, modes=modes, most=options.most):
            tallies.append(tally)
            print(tally, flush=True)
            for failure in tally.failures:
                print(f"LOST: {tally.name}: {failure}", flush=True)
    for line in each_call.summary(tallies):
        print(line)
    return any(t.failures for t in tallies)


def _power(folder: Path, options: argparse.Namespace) -> bool:
    if not calls.can_trace():
        print("NOT TRIED: power cuts (strace is missing or may not trace)")
        return False
    base = each_call.bases(folder)
    chance = random.Random(options.seed)
    tallies = []
    print(power.LINE)
    for writing in _wanted(options):
        tally = power.cut_power(writing, base(writing.sealed), folder, chances=6, chance=chance)
        tallies.append(tally)
        print(tally, flush=True)
        for failure in tally.failures:
            print(f"LOST: {tally.name}: {failure}", flush=True)
    print(power.total(tallies))
    return any(t.failures for t in tallies)


def _wanted(options: argparse.Namespace) -> list[Writing]:
    return [w for w in WRITINGS if not options.only or w.name in options.only]


def _kill(folder: Path, options: argparse.Namespace) -> bool:
    chance = random.Random(options.seed)
    share = kills.counts(options.kills, [s.name for s in kills.SCENARIOS])
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


def _others(folder: Path, options: argparse.Namespace) -> bool:
    tallies = []
    for tally in surroundings.run_all(folder, runs=options.faults, seed=options.seed):
        print(f"# {tally.fault} while {tally.name}: {tally.hit} of {tally.runs} hit", flush=True)
        for failure in tally.failures:
            print(f"LOST: {tally.fault}: {tally.name}: {failure}", flush=True)
        tallies.append(tally)
    for line in surroundings.table(tallies):
        print(line)
    for missing in surroundings.not_tried():
        print(f"NOT TRIED: {missing}")
    return any(t.failures for t in tallies)


_PARTS: dict[str, Callable[[Path, argparse.Namespace], bool]] = {
    "calls": _calls,
    "power": _power,
    "kills": _kill,
    "others": _others,
}

if __name__ == "__main__":
    sys.exit(main())
