"""The program, killed (SIGKILL) at a random moment of each thing it does, and what is left.

After every kill:

1. the case opens (after a change of the passphrase: with the old or the new one);
2. ``verify`` finds nothing wrong;
3. every entry that was there before is there, and everything that was reported as saved;
4. nothing that looks finished is half-done: no packet, no backup, no restored case;
5. the same command, given again, works, and then nothing hidden is left beside what was made.

The moments are spread over the whole run of the command, from its first instruction on.
"""

import concurrent.futures
import contextlib
import dataclasses
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parent.parent.parent
SAMPLES = REPOSITORY / "samples"
LENDER = "甲某消费金融有限公司"
OLD, NEW = "旧的密码 四匹马", "新的密码 五头牛"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Run:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def killed(self) -> bool:
        return self.code == -signal.SIGKILL


@dataclasses.dataclass(frozen=True, kw_only=True)
class Place:
    """A case in a folder of its own, and how it is opened."""

    folder: Path
    before: tuple[str, ...] = ()
    """What the program is started by; empty for by itself."""
    program: tuple[str, ...] = ("-m", "cli.main")

    @property
    def case(self) -> Path:
        return self.folder / "case.liuhen"

    def run(self, *args: str, after: float | None = None, passphrase: str = OLD) -> Run:
        """Run a command; kill it ``after`` so many seconds."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("LIUHEN_")}
        environment["LIUHEN_PASSPHRASE"] = passphrase  # a case without one does not ask for it
        environment["PYTHONPATH"] = str(REPOSITORY)
        command = [*self.before, sys.executable, *self.program, "--case", str(self.case), *args]
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            out, err = process.communicate(timeout=after)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
        return Run(code=process.returncode, out=out, err=err)

    def json(self, *args: str, passphrase: str = OLD) -> Any:
        run = self.run("--json", *args, passphrase=passphrase)
        assert run.code == 0, (args, run)
        return json.loads(run.out)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Scenario:
    """One thing that is done to a case, and what may be seen of it afterwards."""

    name: str
    command: Callable[[Place], Sequence[str]]
    check: Callable[[Place, Run], None] = lambda _place, _run: None
    """What must hold after a kill, besides what always must."""
    again: Callable[[Place], None] | None = None
    """How it is tried again; by default the same command."""
    sealed: bool = False
    """Whether the case has the old passphrase to begin with."""
    passphrases: tuple[str, ...] = (OLD,)
    """Which may open the case afterwards."""


@dataclasses.dataclass(kw_only=True)
class Tally:
    """What came of the kills of one scenario."""

    name: str
    runs: int = 0
    killed: int = 0
    failures: list[str] = dataclasses.field(default_factory=list)


def at_once(place: Place, commands: Sequence[Sequence[str]]) -> list[Run]:
    """Run commands at the same time."""
    with concurrent.futures.ThreadPoolExecutor(len(commands)) as pool:
        return list(pool.map(lambda command: place.run(*command), commands))


# --- the case -------------------------------------------------------------------------------------


def make_base(folder: Path, *, sealed: bool, kind: type[Place] = Place, notes: int = 60) -> Place:
    """Make a case with a lender, a few exhibits, a tag, and files that are still to come."""
    folder.mkdir()
    place = kind(folder=folder)
    (folder / "new.txt").write_text(NEW, encoding="utf-8")
    (folder / "first").mkdir()
    (folder / "more").mkdir()
    shutil.copy(SAMPLES / "media" / "s_nb.amr", folder / "first")
    for name in ("s_wb.amr", "gbk.mp3", "wrongext.mp3"):
        shutil.copy(SAMPLES / "media" / name, folder / "more")
    for number in range(notes):
        (folder / "more" / f"备忘{number:02d}.txt").write_text(f"第 {number} 次来电\n" * 40)
    for command in (
        ["init", *(["--passphrase"] if sealed else [])],
        ["complainant", "--name", "林某", "--phone", "13800000001"],
        ["respondent", "add", LENDER, "--type", "consumer_finance"],
        ["import", "first", "--respondent", LENDER],
        ["tag", "3", "threat", "--quote", "你等着"],
        ["note", "每天都打来", "--respondent", LENDER],
        ["checkpoint", "-o", "checkpoint.txt"],
        ["backup", "-o", "earlier.liuhen"],
    ):
        run = place.run(*command)
        assert run.code == 0, (command, run)
    return place


def copied(base: Place, folder: Path) -> Place:
    shutil.copytree(base.folder, folder)
    return dataclasses.replace(base, folder=folder)


# --- what is done ---------------------------------------------------------------------------------


def saved(run: Run) -> list[dict[str, Any]]:
    """Return what an import reported as saved; the last line may be cut off."""
    told = []
    for line in run.out.splitlines():
        with contextlib.suppress(ValueError):
            told.append(json.loads(line))
    return [one for one in told if one.get("status") == "imported"]


def check_saved(place: Place, run: Run) -> None:
    """Everything that was reported as imported has its entry and comes out byte for byte."""
    for told in saved(run)[:: max(1, len(saved(run)) // 4)]:
        out = place.folder / "out.bin"
        got = place.run("export", str(told["seq"]), "-o", str(out))
        assert got.code == 0, (told, got)
        assert out.read_bytes() == Path(place.folder, told["path"]).read_bytes()
        out.unlink()


def _packet_is_whole_or_absent(place: Place, _run: Run) -> None:
    packet = place.folder / "packet"
    if packet.exists():
        verified = place.run("verify", "--against", str(packet))
        assert verified.code in (0, 11), verified
        shutil.rmtree(packet)


def _file_is_whole_or_absent(name: str) -> Callable[[Place, Run], None]:
    def check(place: Place, _run: Run) -> None:
        made = place.folder / name
        if made.exists():
            verified = place.run("--case", str(made), "verify")
            assert verified.code == 0, verified
            made.unlink()

    return check


def _erased_or_not(place: Place, _run: Run) -> None:
    """Not half: the bytes come out, or the entry says that they are gone."""
    shown = place.run("--json", "export", "3", "-o", str(place.folder / "out.bin"))
    kinds = [item["kind"] for item in place.json("list")["items"]]
    assert (shown.code == 0) != ("erase" in kinds), (shown, kinds)
    (place.folder / "out.bin").unlink(missing_ok=True)


def _erase_again(place: Place) -> None:
    run = place.run("erase", "3", "--reason", "误导入", "--with-dependents", "--yes")
    assert run.code in (0, 3), run  # already erased


def _change_again(place: Place) -> None:
    old = NEW if _opens(place, NEW) else OLD
    run = place.run("passphrase", "change", "--new-passphrase-file", "new.txt", passphrase=old)
    assert run.code == 0, run


def _opens(place: Place, passphrase: str) -> bool:
    return place.run("list", passphrase=passphrase).code == 0


def _set_again(place: Place) -> None:
    if _opens(place, OLD):  # any passphrase opens a case that has none
        run = place.run("passphrase", "set", "--passphrase-file", "new.txt")
        assert run.code == 0, run


def _remove_again(place: Place) -> None:
    if not _opens(place, NEW):
        run = place.run("passphrase", "remove", "--yes")
        assert run.code == 0, run


PACKET = ("packet", "--to", "12378", "--respondent", LENDER, "-o", "packet", "--yes")

SCENARIOS = (
    Scenario(
        name="import",
        command=lambda _: ("--json", "import", "more", "--respondent", LENDER),
        check=check_saved,
    ),
    Scenario(
        name="import (passphrase)",
        command=lambda _: ("--json", "import", "more", "--respondent", LENDER),
        check=check_saved,
        sealed=True,
    ),
    Scenario(name="tag", command=lambda _: ("tag", "3", "insult", "--quote", "老赖")),
    Scenario(name="packet", command=lambda _: PACKET, check=_packet_is_whole_or_absent),
    Scenario(
        name="passphrase change",
        command=lambda _: ("passphrase", "change", "--new-passphrase-file", "new.txt"),
        again=_change_again,
        sealed=True,
        passphrases=(OLD, NEW),
    ),
    Scenario(
        name="passphrase set",
        command=lambda _: ("passphrase", "set", "--passphrase-file", "new.txt"),
        again=_set_again,
        passphrases=(OLD, NEW),
    ),
    Scenario(
        name="passphrase remove",
        command=lambda _: ("passphrase", "remove", "--yes"),
        again=_remove_again,
        sealed=True,
    ),
    Scenario(
        name="erase",
        command=lambda _: ("erase", "3", "--reason", "误导入", "--with-dependents", "--yes"),
        check=_erased_or_not,
        again=_erase_again,
    ),
    Scenario(
        name="backup",
        command=lambda _: ("backup", "-o", "backup.liuhen"),
        check=_file_is_whole_or_absent("backup.liuhen"),
    ),
    Scenario(
        name="restore",
        command=lambda _: ("--case", "restored.liuhen", "restore", "earlier.liuhen"),
        check=_file_is_whole_or_absent("restored.liuhen"),
    ),
)


# --- the run --------------------------------------------------------------------------------------


def run_scenario(scenario: Scenario, work: Path, *, kills: int, chance: random.Random) -> Tally:
    """Kill ``scenario`` at ``kills`` random moments and check what is left each time.

    A run that ends before its moment is checked too, and does not count as a kill.
    """
    base = make_base(work / "base", sealed=scenario.sealed)
    probe = copied(base, work / "probe")
    started = time.perf_counter()
    whole = probe.run(*scenario.command(probe))
    length = time.perf_counter() - started
    assert whole.code == 0, (scenario.name, whole)
    shutil.rmtree(probe.folder)
    tally = Tally(name=scenario.name)
    while tally.killed < kills and tally.runs < 2 * kills:
        kill(scenario, base, work / "kill", after=chance.uniform(0.02, length * 1.02), tally=tally)
    shutil.rmtree(base.folder)
    return tally


def kill(scenario: Scenario, base: Place, folder: Path, *, after: float, tally: Tally) -> None:
    """Kill ``scenario`` once, on a copy of ``base``, and check what is left."""
    place = copied(base, folder)
    run = place.run(*scenario.command(place), after=after)
    tally.runs += 1
    tally.killed += run.killed
    try:
        assert run.killed or run.code == 0, run
        check_left(scenario, place, run)
    except AssertionError as error:
        tally.failures.append(str(error))
    shutil.rmtree(folder, ignore_errors=True)


def check_left(scenario: Scenario, place: Place, run: Run) -> None:
    """Check what is left after ``run`` of ``scenario`` met its fault, and that a retry works."""
    opened = [p for p in scenario.passphrases if _opens(place, p)]
    assert opened, "opens with no passphrase"
    passphrase = opened[0]
    # The checkpoint from before: nothing that was there is lost or changed.
    verified = place.run("verify", "--against", "checkpoint.txt", passphrase=passphrase)
    assert verified.code == 0, verified
    scenario.check(place, run)
    if scenario.again is not None:
        scenario.again(place)
    else:
        again = place.run(*scenario.command(place), passphrase=passphrase)
        assert again.code == 0, again
    final = next(p for p in scenario.passphrases if _opens(place, p))
    verified = place.run("verify", "--against", "checkpoint.txt", passphrase=final)
    assert verified.code == 0, verified
    hidden = [path.name for path in place.folder.rglob(".*")]
    assert not hidden, hidden


def table(tallies: Sequence[Tally]) -> Iterator[str]:
    """Yield the lines of the table of what was tried and survived."""
    yield f"{'what was killed':<24}{'runs':>6}{'killed':>8}{'survived':>10}"
    for tally in tallies:
        survived = tally.runs - len(tally.failures)
        yield f"{tally.name:<24}{tally.runs:>6}{tally.killed:>8}{survived:>10}"
    killed, runs = sum(t.killed for t in tallies), sum(t.runs for t in tallies)
    lost = sum(len(t.failures) for t in tallies)
    yield f"{'all':<24}{runs:>6}{killed:>8}{runs - lost:>10}"


def counts(kills: int, names: Sequence[str]) -> Mapping[str, int]:
    """Return how often each scenario is killed, ``kills`` in all."""
    share, rest = divmod(kills, len(names))
    return {name: share + (place < rest) for place, name in enumerate(names)}
