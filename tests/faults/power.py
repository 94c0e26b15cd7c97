"""The power goes: what was not yet synced may be on the disk, or not, or half of it.

The real program's changes to files are recorded once, with their bytes (strace). What a disk may
hold after a power cut is put together from that record, and the case is opened there:

* what was written to a file is sure only after the next ``fsync`` of that file;
* that a name was made, moved or removed is sure only after the next ``fsync`` of its folder;
* of the rest any part may be there, in any order, and of a write any of its sectors.

This is what POSIX promises; most file systems promise more. The moments are those before each
sync, before each word to the person and after the end: what is not sure is most then, and includes
what was not sure before. With at most ``ALL_SUBSETS`` changes that are not sure, every subset of
them is tried; else none, all, and some by chance.

After each: (2) to (5) as after a kill (``tests.faults.kills``); and once the program has said that
it is done, all of it is there.
"""

import dataclasses
import itertools
import random
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.faults import calls, kills
from tests.faults.kills import Place, Run
from tests.faults.quick import InProcess
from tests.faults.writing import Writing, entries_in, undone

SECTOR = 512
ALL_SUBSETS = 3
LINE = f"{'while':<24}{'moments':>8}{'states':>8}{'survived':>9}"

_CALL = re.compile(r"^(\d+) +(\w+)\((.*)$")
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_DESCRIPTOR = re.compile(r"^(\d+)<((?:\\x[0-9a-f]{2})*)>")
_FOLDER = re.compile(r"^(?:AT_FDCWD|\d+)<((?:\\x[0-9a-f]{2})*)>")
_OFFSET = re.compile(r", \d+, (\d+)\) ")
_SIZE = re.compile(r", (\d+)\) ")
_RESULT = re.compile(r" = (\d+)(?:<.*>)?$")
_TRACED = (*calls.CREATES, *calls.WRITES, *calls.RENAMES, *calls.REMOVES, *calls.SYNCS, "ftruncate")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Change:
    """Bytes written to a file; without any, its size set to ``offset``."""

    file: int
    offset: int
    data: bytes | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Named:
    """A name made for a file or a folder (``file`` is 0), or removed (None)."""

    path: str
    file: int | None
    moved_from: str | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Synced:
    """A file, or the names in a folder, brought to the disk."""

    file: int = 0
    folder: str | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Said:
    """Words to the person on stdout."""

    text: str


Event = Change | Named | Synced | Said


@dataclasses.dataclass(kw_only=True)
class Tally:
    """What came of one command."""

    name: str
    moments: int = 0
    runs: int = 0
    failures: list[str] = dataclasses.field(default_factory=list)

    def __str__(self) -> str:
        survived = self.runs - len(self.failures)
        return f"{self.name:<24}{self.moments:>8}{self.runs:>8}{survived:>9}"


def total(tallies: Sequence[Tally]) -> str:
    """Return the last line of the table."""
    cuts, runs = sum(t.moments for t in tallies), sum(t.runs for t in tallies)
    lost = sum(len(t.failures) for t in tallies)
    return f"{'all':<24}{cuts:>8}{runs:>8}{runs - lost:>9}"


# --- the record -----------------------------------------------------------------------------------


class Disk:
    """The names and files of a folder, as changes make them."""

    def __init__(self, folder: Path) -> None:
        self.names: dict[str, int] = {"": 0}
        self.files: dict[int, bytearray] = {}
        for path in sorted(folder.rglob("*")):
            name = str(path.relative_to(folder))
            self.names[name] = 0 if path.is_dir() else len(self.files) + 1
            if not path.is_dir():
                self.files[len(self.files) + 1] = bytearray(path.read_bytes())

    def apply(self, event: Event) -> None:
        """Make a change."""
        if isinstance(event, Change):
            content = self.files.setdefault(event.file, bytearray())
            if event.data is None:
                content[event.offset :] = bytes(max(0, event.offset - len(content)))
            else:
                content.extend(bytes(max(0, event.offset - len(content))))
                content[event.offset : event.offset + len(event.data)] = event.data
        elif isinstance(event, Named):
            if event.moved_from is not None:
                self.names.pop(event.moved_from, None)
                if event.file == 0:
                    self._move_folder(event.moved_from, event.path)
            if event.file is None:
                self.names.pop(event.path, None)
            else:
                self.names[event.path] = event.file

    def _move_folder(self, before: str, after: str) -> None:
        for name in [n for n in self.names if n.startswith(f"{before}/")]:
            self.names[after + name.removeprefix(before)] = self.names.pop(name)

    def reached(self) -> dict[str, bytes | None]:
        """Return the contents by name; None for a folder. What has no folder is not found."""
        found: dict[str, bytes | None] = {}
        for name, file in sorted(self.names.items()):
            above = name.rpartition("/")[0]
            if name and (not above or found.get(above, b"") is None):
                found[name] = bytes(self.files.get(file, b"")) if file else None
        return found

    def write(self, folder: Path) -> None:
        """Make the folder as it is here."""
        folder.mkdir()
        for name, content in self.reached().items():
            if content is None:
                (folder / name).mkdir()
            else:
                (folder / name).write_bytes(content)


def record(place: Place, writing: Writing) -> list[Event]:
    """Run the program once and return what it did to the folder and said."""
    log = place.folder.with_suffix(".power")
    log.touch()
    before = Disk(place.folder)
    names = ",".join(_TRACED)
    strace = ("strace", "-f", "-qq", "-y", "-xx", "-s", "100000000", "-o", str(log))
    run = dataclasses.replace(place, before=(*strace, "-e", f"trace={names}")).run(
        *writing.scenario.command(place)
    )
    assert run.code == 0, run
    events = list(_Reader(place.folder, before).events(log))
    log.unlink()
    for event in events:
        before.apply(event)
    # The record says all: made again from it, the folder is what the program left.
    assert before.reached() == Disk(place.folder).reached(), writing.name
    return events


class _Reader:
    """Reads the log of strace."""

    def __init__(self, folder: Path, disk: Disk) -> None:
        self._folder = folder
        self._names = {name: file for name, file in disk.names.items() if name}
        self._names[""] = 0
        self._new = itertools.count(len(disk.files) + 1)
        self._open: dict[str, int] = {}
        self._at: dict[str, int] = {}

    def events(self, log: Path) -> Iterator[Event]:
        first = ""
        for line in log.read_text().splitlines():
            matched = _CALL.match(line)
            result = _RESULT.search(line)
            if matched is None or result is None:  # cut in two by another process, or failed
                continue
            process, name, rest = matched.groups()
            first = first or process
            if process == first:
                yield from self._event(name, rest, result[1])

    def _event(self, name: str, rest: str, result: str) -> Iterator[Event]:
        descriptor = _DESCRIPTOR.match(rest)
        strings = [_bytes(text) for text in _STRING.findall(rest)]
        if name == "write" and descriptor and descriptor[1] == "1":
            yield Said(text=strings[-1].decode())
        elif name in (*calls.WRITES, *calls.SYNCS, "ftruncate"):
            inside = self._inside(Path(_bytes(descriptor[2]).decode())) if descriptor else None
            if descriptor and inside is not None:
                yield from self._by_descriptor(name, descriptor[1], inside, rest, strings)
        elif strings:
            above = _FOLDER.match(rest)
            base = Path(_bytes(above[1]).decode()) if above else self._folder
            paths = [self._inside(base / text.decode()) for text in strings]
            if paths[-1] is not None:
                yield from self._by_name(name, paths[0] or "", paths[-1], rest, result)
            elif name == "openat":
                self._open.pop(result, None)

    def _by_descriptor(
        self, name: str, descriptor: str, path: str, rest: str, strings: list[bytes]
    ) -> Iterator[Event]:
        if name in calls.SYNCS:
            if self._names.get(path) == 0:
                yield Synced(folder=path)
            else:
                yield Synced(file=self._open[descriptor])
            return
        file = self._open[descriptor]
        if name == "ftruncate":
            size = _SIZE.search(rest)
            assert size, rest
            yield Change(file=file, offset=int(size[1]), data=None)
            return
        at = self._at.get(descriptor, 0)
        offset = _OFFSET.search(rest.rsplit('"', 1)[-1])
        where = at if name == "write" or offset is None else int(offset[1])
        yield Change(file=file, offset=where, data=strings[-1])
        if name == "write":
            self._at[descriptor] = at + len(strings[-1])

    def _by_name(self, name: str, old: str, path: str, rest: str, result: str) -> Iterator[Event]:
        if name == "openat":
            new = path not in self._names
            if new:
                assert "O_CREAT" in rest, rest
                self._names[path] = next(self._new)
                yield Named(path=path, file=self._names[path])
            self._open[result], self._at[result] = self._names[path], 0
        elif name in ("mkdir", "mkdirat"):
            self._names[path] = 0
            yield Named(path=path, file=0)
        elif name in calls.REMOVES:
            del self._names[path]
            yield Named(path=path, file=None)
        elif name in ("link", "linkat"):
            self._names[path] = self._names[old]
            yield Named(path=path, file=self._names[path])
        else:
            for inner in [n for n in self._names if n.startswith(f"{old}/")]:
                self._names[path + inner.removeprefix(old)] = self._names.pop(inner)
            self._names[path] = self._names.pop(old)
            yield Named(path=path, file=self._names[path], moved_from=old)

    def _inside(self, path: Path) -> str | None:
        if path == self._folder:
            return ""
        return str(path.relative_to(self._folder)) if path.is_relative_to(self._folder) else None


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


# --- what the disk may hold -----------------------------------------------------------------------


def moments(events: Sequence[Event]) -> list[int]:
    """Return where to cut: before each sync and each word, and after the last event."""
    cuts = [n for n, e in enumerate(events) if n and isinstance(e, Synced | Said)]
    return [*cuts, len(events)]


def left_after(folder: Path, done: Sequence[Event], kept: dict[int, Event | None]) -> Disk:
    """Return the disk after the events of ``done``, with ``kept`` in place of some of them."""
    disk = Disk(folder)
    for number, event in enumerate(done):
        what = kept.get(number, event)
        if what is not None:
            disk.apply(what)
    return disk


def unsure(done: Sequence[Event]) -> list[int]:
    """Return which of the events no later sync made sure."""
    files: set[int] = set()
    folders: set[str] = set()
    found: list[int] = []
    for number in range(len(done) - 1, -1, -1):
        event = done[number]
        if isinstance(event, Synced):
            files.add(event.file)
            folders |= {event.folder} if event.folder is not None else set()
        elif isinstance(event, Change):
            found += [number] if event.file not in files else []
        elif isinstance(event, Named):
            found += [number] if event.path.rpartition("/")[0] not in folders else []
    return found[::-1]


def choices(
    done: Sequence[Event], *, chances: int, chance: random.Random
) -> Iterator[dict[int, Event | None]]:
    """Yield what may have become of the events that are not sure."""
    open_ = unsure(done)
    if len(open_) <= ALL_SUBSETS:
        for count in range(len(open_) + 1):
            for lost in itertools.combinations(open_, count):
                yield dict.fromkeys(lost)
    else:
        yield dict.fromkeys(open_)
        yield {}
    written = [n for n in open_ if isinstance(done[n], Change)]
    for _ in range(chances if len(open_) > ALL_SUBSETS or written else 0):
        yield {n: _part(done[n], chance) for n in open_ if chance.random() < 0.6}


def _part(event: Event, chance: random.Random) -> Event | None:
    """Return what is left of a change: nothing, or of a write some sectors."""
    if not isinstance(event, Change) or event.data is None or chance.random() < 0.5:
        return None
    cut = chance.randrange(0, len(event.data) + 1) // SECTOR * SECTOR
    if chance.random() < 0.5:
        return dataclasses.replace(event, data=event.data[:cut])
    return dataclasses.replace(event, offset=event.offset + cut, data=event.data[cut:])


# --- the run --------------------------------------------------------------------------------------


def cut_power(
    writing: Writing, base: Place, work: Path, *, chances: int, chance: random.Random
) -> Tally:
    """Cut the power at every moment of one command and look at what the disk may hold then."""
    place = kills.copied(base, work / "recorded")
    entries = entries_in(base)
    events = record(place, writing)
    shutil.rmtree(place.folder)
    tally = Tally(name=writing.name)
    seen: set[object] = set()
    for cut in moments(events):
        done = events[:cut]
        tally.moments += 1
        ended = cut == len(events)
        for kept in choices(done, chances=chances, chance=chance):
            disk = left_after(base.folder, done, kept)
            said = "".join(e.text for e in done if isinstance(e, Said))
            state = (said, ended, tuple(disk.reached().items()))
            if hash(state) in seen:
                continue
            seen.add(hash(state))
            tally.runs += 1
            try:
                check(writing, disk, work / "cut", said, ended=ended, entries=entries)
            except AssertionError as error:
                lost = [done[n] for n in kept]
                tally.failures.append(f"moment {cut} of {len(events)}, lost {lost!r:.400}: {error}")
            shutil.rmtree(work / "cut")
    return tally


def check(
    writing: Writing, disk: Disk, folder: Path, said: str, *, ended: bool, entries: int
) -> None:
    disk.write(folder)
    place = InProcess(folder=folder)
    if ended or (said and "import" not in writing.name):
        missing = undone(writing, place, entries=entries)
        assert not missing, missing
    run = Run(code=0 if ended else -9, out=said, err="")
    kills.check_left(writing.scenario, place, run)
