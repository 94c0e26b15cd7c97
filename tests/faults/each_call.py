"""Every call by which the real program changes a file, failing in turn.

For each command of ``writing`` its calls are counted (``calls``); then the command is run again and
again, each time on a new copy of the case, and one call

* fails with EIO: every call; of one file's writes at most ``WRITES`` (first, second, middle, last);
* fails with ENOSPC: the calls that need room, that is all that create and the same writes;
* is not reached, because the program is killed (SIGKILL) before it: every call but those writes;
* is a write that the system carries out in part: the file may grow to the middle of it, no further.

After each: (1) the program says what happened, to which file and what to do, with an exit code of
its own and without a traceback; (2) to (5) as after a kill (``tests.faults.kills``); (6) nothing
new lies in the folder but what the command says that it made, at once, or if the failing call is
the removal itself or the program was killed, after the same command was given again. The faulty run
is a process of its own; what is left is looked at by the same program in this process.
"""

import collections
import dataclasses
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.faults import calls, kills
from tests.faults.calls import Call
from tests.faults.kills import Place, Run
from tests.faults.quick import InProcess
from tests.faults.writing import Writing, entries_in, make_base, undone

TOLD = (3, 4)
"""Exit codes that say: this could not be written."""
WRITES = 4
"""Writes of one file that are tried, where there are more."""
EIO, ENOSPC, KILLED, PARTLY = "EIO", "ENOSPC", "killed", "partly"
MODES = (EIO, ENOSPC, KILLED, PARTLY)
LINE = f"{'while':<24}{'fault':<8}{'calls':>6}{'tried':>6}{'noticed':>8}{'survived':>9}"


@dataclasses.dataclass(kw_only=True)
class Tally:
    """What came of one kind of fault in one command."""

    name: str
    mode: str
    calls: int
    """Calls that could meet the fault."""
    runs: int = 0
    noticed: int = 0
    """Runs that ended with an error of the program's own, or killed."""
    late: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)
    """Calls after whose failure all was saved although the program said that it was not."""
    failures: list[str] = dataclasses.field(default_factory=list)

    def __str__(self) -> str:
        survived = self.runs - len(self.failures)
        numbers = f"{self.calls:>6}{self.runs:>6}{self.noticed:>8}{survived:>9}"
        return f"{self.name:<24}{self.mode:<8}{numbers}"


Bases = Callable[[bool], Place]


def bases(work: Path) -> Bases:
    """Return what gives a case with or without a passphrase, made once."""
    made: dict[bool, Place] = {}

    def base(sealed: bool) -> Place:
        if sealed not in made:
            made[sealed] = make_base(work / f"base {sealed}", sealed=sealed)
        return made[sealed]

    return base


def fail_each(
    writing: Writing, base: Place, work: Path, *, modes: Sequence[str] = MODES, most: int
) -> Iterator[Tally]:
    """Let the calls of one command fail in turn; of each kind of fault at most so many."""
    probe = kills.copied(base, work / "probe")
    made, _run = calls.record(probe, writing.scenario)
    shutil.rmtree(probe.folder)
    for mode in modes:
        able, tried = chosen(made, mode)
        tally = Tally(name=writing.name, mode=mode, calls=len(able))
        for call in spread(tried, most):
            fail(writing, base, work / "call", call, tally)
        yield tally


def spread(tried: Sequence[Call], most: int) -> Sequence[Call]:
    """Return at most so many of the calls, from the first to the last."""
    if len(tried) <= most:
        return tried
    return [tried[n * (len(tried) - 1) // max(1, most - 1)] for n in range(most)]


def modes_of(writing: Writing) -> Sequence[str]:
    """Return the faults of the documented run: all, but where the calls are those of another."""
    alike = "(passphrase)" in writing.name or writing.name in ("init in a new folder", "tag")
    return (EIO,) if alike else MODES


def summary(tallies: Sequence[Tally]) -> Iterator[str]:
    """Yield the sums, and what was saved although it was not said."""
    made, runs = sum(t.calls for t in tallies), sum(t.runs for t in tallies)
    noticed, lost = sum(t.noticed for t in tallies), sum(len(t.failures) for t in tallies)
    yield f"{'all':<32}{made:>6}{runs:>6}{noticed:>8}{runs - lost:>9}"
    for tally in tallies:
        if tally.late:
            yield f"saved, though not said: {tally.name}, {tally.mode}: {', '.join(tally.late)}"


def chosen(made: Sequence[Call], mode: str) -> tuple[list[Call], list[Call]]:
    """Return which calls could meet a fault, and which of them are let meet it."""
    few = _few_writes(made)
    if mode == ENOSPC:
        able = [c for c in made if c.name in (*calls.CREATES, *calls.WRITES)]
    elif mode == PARTLY:
        able = _crossed(made)
    else:
        able = list(made)
    return able, [c for c in able if c.name not in calls.WRITES or c in few]


def _few_writes(made: Sequence[Call]) -> set[Call]:
    """Return the first, second, middle and last write of each file."""
    by_file = collections.defaultdict(list)
    for call in made:
        if call.name in calls.WRITES:
            by_file[call.role].append(call)
    few: set[Call] = set()
    for writes in by_file.values():
        last = len(writes) - 1
        few |= {writes[n] for n in {0, min(1, last), last // 2, last}}
    return few


def _crossed(made: Sequence[Call]) -> list[Call]:
    """Return the writes that are the first to pass some size: of these the system can do a part."""
    highest, found = 0, []
    for call in made:
        if call.length > 1 and call.end - call.length // 2 > highest:
            found.append(call)
        highest = max(highest, call.end)
    return found


def fail(writing: Writing, base: Place, folder: Path, call: Call, tally: Tally) -> None:
    """Let one call of a command fail, on a copy of ``base``, and check what is left."""
    tally.runs += 1
    place, run, met = _meet(writing, base, folder, call, tally.mode)
    try:
        assert met == [call.role], ("another call was met", met, run)
        assert run.killed == (tally.mode == KILLED), run
        tally.noticed += run.code != 0
        here = InProcess(folder=place.folder)
        _check_told(writing, here, run, call, base)
        missing = undone(writing, here, entries=entries_in(base))
        assert run.code or not missing, (missing, run)
        if run.code and not run.killed and not missing:
            tally.late[str(call)] += 1
        kills.check_left(writing.scenario, here, run)
        _check_names(writing, here, base)
    except AssertionError as error:
        tally.failures.append(f"{tally.mode} {call}: {error}")
    shutil.rmtree(folder)


def _meet(
    writing: Writing, base: Place, folder: Path, call: Call, mode: str
) -> tuple[Place, Run, list[str]]:
    """Run the command on a copy of ``base``; return also the file of the call that met the fault.

    How many files the program's libraries open differs a little from run to run: if another call
    met the fault, it is done once more.
    """
    tries = 5
    while True:
        place = kills.copied(base, folder)
        run, met = _run(writing, place, call, mode)
        tries -= 1
        if met == [call.role] or not tries:
            return place, run, met
        shutil.rmtree(folder)


def _run(writing: Writing, place: Place, call: Call, mode: str) -> tuple[Run, list[str]]:
    log = place.folder.with_suffix(".struck")
    before = calls.temporary_folder(place.folder)
    if mode == PARTLY:
        before += ("prlimit", f"--fsize={call.end - call.length // 2}")
    else:
        fault = "signal=KILL" if mode == KILLED else f"error={mode}"
        before += calls.strace(log, call.name, inject=f"{call.name}:{fault}:when={call.number}")
    run = dataclasses.replace(place, before=before).run(*writing.scenario.command(place))
    if mode == PARTLY:
        return run, [call.role]
    met = [one.role for one in calls.struck(log, place.folder)]
    log.unlink()
    return run, met


def _check_told(writing: Writing, place: Place, run: Run, call: Call, base: Place) -> None:
    """What the program said is so, and it said what to do (rules 1 and 6)."""
    if run.killed:
        return
    new = _names(place) - _names(base)
    assert "Traceback" not in run.err, run
    if run.code == 0:
        missing = set(writing.makes) - new
        assert not missing, (missing, run)
        return
    assert run.code in TOLD, run
    assert "下一步" in run.err, run
    assert _named(writing, run), run
    assert not new & set(writing.makes), (new, run)
    removal = call.name in calls.REMOVES
    new -= _above(writing)
    assert removal or not new - {"case.liuhen-journal"}, (new, run)


def _named(writing: Writing, run: Run) -> bool:
    """Tell whether the message names a file that the person knows."""
    known = ("case.liuhen", "broken.liuhen", *writing.makes)
    said = "\n".join(line for line in run.err.splitlines() if not line.startswith("下一步"))
    return any(re.search(rf"(?<![.\w]){re.escape(name)}(?![-.\w])", said) for name in known)


def _above(writing: Writing) -> set[str]:
    """Return the folders on the way to what is made, which may stay behind empty."""
    return {str(folder) for name in writing.makes for folder in Path(name).parents}


def _check_names(writing: Writing, place: Place, base: Place) -> None:
    """Nothing but what was made is new after the command was given again (rule 6)."""
    new = _names(place) - _names(base) - _above(writing)
    new = {n for n in new if not any(f"{n}/".startswith(f"{m}/") for m in writing.makes)}
    assert not new, new


def _names(place: Place) -> set[str]:
    return {str(path.relative_to(place.folder)) for path in place.folder.rglob("*")}
