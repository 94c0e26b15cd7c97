"""The program where the disk, the clock or another process lets it down.

After every fault: (1) the command says what happened and with which exit code, without a
traceback; (2) to (5) as after a kill (``tests.faults.kills``): nothing that was there or that was
reported as saved is lost, the case verifies, nothing half-done is left, the same command works
once the fault is gone; (6) no hidden file of the program's is left, also before that.

``python -m tests.faults.surroundings disks FOLDER RUNS SEED`` is the part that mounts small and
read-only disks of its own; ``namespace`` says what it must be started by.
"""

import concurrent.futures
import dataclasses
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.faults import kills
from tests.faults.kills import Place, Run, Scenario
from tests.faults.quick import InProcess

NAMES = (
    "import",
    "tag",
    "packet",
    "passphrase change",
    "passphrase set",
    "erase",
    "backup",
    "restore",
)
SCENARIOS = tuple(s for s in kills.SCENARIOS if s.name in NAMES)
TOLD = (3, 4)
"""Exit codes that say: this could not be written."""


@dataclasses.dataclass(kw_only=True)
class Tally:
    """What came of one fault in one scenario."""

    fault: str
    name: str
    runs: int = 0
    hit: int = 0
    """Runs that did not end well because of the fault."""
    failures: list[str] = dataclasses.field(default_factory=list)


Meet = Callable[[Place, Scenario], Run]


def meet(tally: Tally, scenario: Scenario, place: Place, fault: Meet, well: Meet) -> None:
    """Let a scenario meet a fault, then let ``well`` end it, and check what is left."""
    tally.runs += 1
    try:
        run = fault(place, scenario)
        tally.hit += run.code != 0
        assert "Traceback" not in run.err, run
        assert run.code == 0 or (run.code in TOLD and run.err.strip()), run
        left = [path.name for path in place.folder.rglob(".*")]
        assert not left, (left, run)
        well(place, scenario)
        kills.check_left(scenario, place, run)
    except AssertionError as error:
        tally.failures.append(str(error))


def _command(place: Place, scenario: Scenario) -> Run:
    return place.run(*scenario.command(place))


def _nothing(_place: Place, _scenario: Scenario) -> Run:
    return Run(code=0, out="", err="")


# --- the clock ------------------------------------------------------------------------------------


def clocks(base: Place, scenario: Scenario, work: Path) -> Iterator[Tally]:
    """Set the clock back and forward by ten years while the scenario runs."""
    for fault, days in (("clock set back", -3650), ("clock set forward", 3650)):
        tally = Tally(fault=fault, name=scenario.name)

        def wrong(place: Place, scenario: Scenario, days: int = days) -> Run:
            program = ("-m", "tests.faults.at_other_time", str(days))
            if isinstance(place, InProcess):
                return _command(dataclasses.replace(place, days=days), scenario)
            return _command(dataclasses.replace(place, program=program), scenario)

        place = kills.copied(base, work / "clock")
        meet(tally, scenario, place, wrong, _nothing)
        shutil.rmtree(place.folder)
        yield tally


# --- two at once ----------------------------------------------------------------------------------


def beside_an_import(base: Place, scenario: Scenario, work: Path) -> Iterator[Tally]:
    """Run the scenario while another process imports into the same case."""
    tally = Tally(fault="two processes at once", name=scenario.name)
    place = kills.copied(base, work / "two")
    others = place.folder / "others"
    others.mkdir()
    for number in range(30):
        (others / f"另一份{number:02d}.txt").write_text(f"另一份 {number}", encoding="utf-8")
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        other = pool.submit(place.run, "--json", "import", "others")
        meet(tally, scenario, place, _command, lambda _p, _s: other.result())
    imported = other.result()
    if imported.code not in (0, *TOLD) or "Traceback" in imported.err:
        tally.failures.append(str(imported))
    again = place.run("import", "others", passphrase=_opening(scenario, place))
    if again.code:
        tally.failures.append(str(again))
    shutil.rmtree(place.folder)
    yield tally


def _opening(scenario: Scenario, place: Place) -> str:
    return next(p for p in scenario.passphrases if place.run("list", passphrase=p).code == 0)


# --- disks ----------------------------------------------------------------------------------------


def namespace() -> tuple[str, ...] | None:
    """Return the command that may mount a file system of its own, if there is one."""
    command = ("unshare", "--user", "--map-root-user", "--mount")
    if shutil.which("unshare") is None or shutil.which("mount") is None:
        return None
    mounted = subprocess.run(
        [*command, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], check=False, capture_output=True
    )
    return command if mounted.returncode == 0 else None


def on_disks(
    work: Path, names: Sequence[str], *, runs: int, seed: int, quick: bool = False
) -> list[Tally]:
    """Return what comes of full and read-only disks; a process with mounts of its own does it.

    ``quick`` runs the program in that process instead of one for each command.
    """
    before = namespace()
    assert before is not None
    words = ("quick" if quick else "disks", str(work), str(runs), str(seed), *names)
    done = subprocess.run(
        [*before, sys.executable, "-m", __name__, *words],
        cwd=kills.REPOSITORY,
        check=True,
        capture_output=True,
        text=True,
    )
    return [Tally(**tally) for tally in json.loads(done.stdout)]


def _disks(
    work: Path, kind: type[Place], *, names: Sequence[str], runs: int, chance: random.Random
) -> list[Tally]:
    disk = work / "disk"
    disk.mkdir()
    tallies = []
    for scenario in SCENARIOS:
        if scenario.name in names:
            folder = work / f"base {scenario.name}"
            base = kills.make_base(folder, sealed=scenario.sealed, kind=kind)
            tallies.append(_read_only(base, scenario, disk))
            tallies.append(_full(base, scenario, disk, runs=runs, chance=chance))
    return tallies


def _full(
    base: Place, scenario: Scenario, disk: Path, *, runs: int, chance: random.Random
) -> Tally:
    tally = Tally(fault="full disk", name=scenario.name)
    used = sum(-(-p.stat().st_size // 4096) * 4 for p in base.folder.rglob("*"))
    for _ in range(runs):
        _mount(disk, f"size={used + chance.randrange(8, 300)}k")
        place = kills.copied(base, disk / "case")

        def full(place: Place, scenario: Scenario) -> Run:
            run = _command(place, scenario)
            # What is there can be read while the disk is still full.
            read = place.run("verify", "--against", "checkpoint.txt")
            other = place.run("verify", passphrase=kills.NEW)
            assert 0 in (read.code, other.code), (read, other)
            return run

        def well(_place: Place, _scenario: Scenario) -> Run:
            _mount(disk, "remount,size=256m")
            return Run(code=0, out="", err="")

        meet(tally, scenario, place, full, well)
        subprocess.run(["umount", disk], check=True)
    return tally


def _read_only(base: Place, scenario: Scenario, disk: Path) -> Tally:
    tally = Tally(fault="read-only disk", name=scenario.name)
    _mount(disk, "size=256m")
    place = kills.copied(base, disk / "case")

    def refused(place: Place, scenario: Scenario) -> Run:
        _mount(disk, "remount,ro")
        run = _command(place, scenario)
        assert run.code in TOLD, run
        for words in (["list"], ["show", "3"], ["verify", "--against", "checkpoint.txt"]):
            read = place.run(*words)
            assert read.code == 0, read
        return run

    def well(_place: Place, _scenario: Scenario) -> Run:
        _mount(disk, "remount,rw")
        return Run(code=0, out="", err="")

    meet(tally, scenario, place, refused, well)
    subprocess.run(["umount", disk], check=True)
    return tally


def _mount(disk: Path, options: str) -> None:
    source = [] if options.startswith("remount") else ["-t", "tmpfs"]
    subprocess.run(["mount", *source, "-o", options, "tmpfs", disk], check=True)


# --- the run --------------------------------------------------------------------------------------


def run_all(work: Path, *, runs: int, seed: int) -> Iterator[Tally]:
    """Let every scenario meet every fault that can be made here."""
    for scenario in SCENARIOS:
        base = kills.make_base(work / f"base of {scenario.name}", sealed=scenario.sealed)
        yield from clocks(base, scenario, work)
        yield from beside_an_import(base, scenario, work)
    if namespace() is not None:
        disks = work / "disks"
        disks.mkdir()
        yield from on_disks(disks, NAMES, runs=runs, seed=seed)


def not_tried() -> Iterator[str]:
    """Say what cannot be made here."""
    if namespace() is None:
        yield "full and read-only disks (no file system can be mounted)"


# --- the table ------------------------------------------------------------------------------------


def table(tallies: Sequence[Tally]) -> Iterator[str]:
    """Yield the lines of the table of what was tried and survived."""
    yield f"{'fault':<24}{'while':<20}{'runs':>6}{'hit':>6}{'survived':>10}"
    for tally in sorted(tallies, key=lambda t: t.fault):
        survived = tally.runs - len(tally.failures)
        yield f"{tally.fault:<24}{tally.name:<20}{tally.runs:>6}{tally.hit:>6}{survived:>10}"
    runs, hit = sum(t.runs for t in tallies), sum(t.hit for t in tallies)
    lost = sum(len(t.failures) for t in tallies)
    yield f"{'all':<44}{runs:>6}{hit:>6}{runs - lost:>10}"


def main(mode: str, work: str, runs: str, seed: str, *names: str) -> None:
    """Be the process that mounts."""
    kind = {"disks": Place, "quick": InProcess}[mode]
    chance = random.Random(int(seed))
    tallies = _disks(Path(work), kind, names=names, runs=int(runs), chance=chance)
    json.dump([dataclasses.asdict(tally) for tally in tallies], sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
