"""The calls of the system by which the program changes files, as strace sees them.

A call is told from the others of its name by its number: the how many-th it is in the process
(``when=`` of strace). Names with random parts are the same from run to run by their ``role``.
"""

import dataclasses
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.faults.kills import Place, Run, Scenario

CREATES = ("openat", "mkdir", "mkdirat", "link", "linkat")
WRITES = ("write", "pwrite64")
RENAMES = ("rename", "renameat", "renameat2")
REMOVES = ("unlink", "unlinkat", "rmdir")
SYNCS = ("fsync", "fdatasync")
CHANGES = (
    *CREATES,
    *WRITES,
    *RENAMES,
    *REMOVES,
    *SYNCS,
    "ftruncate",
    "chmod",
    "fchmod",
    "fchmodat",
)

_CALL = re.compile(r"^(?:(\d+) +)?(\w+)\((.*)$")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_DESCRIPTOR = re.compile(r"^\d+<([^>]*)>")
_FOLDER = re.compile(r"^(?:AT_FDCWD|\d+)<([^>]*)>")
_ASKED = re.compile(r"(?:\.\.\.)?, (\d+)(?:, (\d+))?")
_RANDOM = re.compile(r"[0-9a-f]{8,}")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Call:
    """One call that changes a file in the folder."""

    name: str
    number: int
    """How many of this name there were, with this one."""
    role: str
    """The file, with ``*`` for what is random in its name."""
    end: int = 0
    """Of a write: the offset behind its last byte."""
    length: int = 0

    def __str__(self) -> str:
        return f"{self.name} {self.number} of {self.role}"


def can_trace() -> bool:
    """Tell whether strace is there and may do its work."""
    strace = shutil.which("strace")
    return strace is not None and subprocess.call([strace, "-qq", "-o", "/dev/null", "true"]) == 0


def strace(log: Path, *names: str, inject: str = "") -> tuple[str, ...]:
    """Return what the program is started by; without ``inject`` its children are followed too."""
    also = ("-e", f"inject={inject}") if inject else ("-f",)
    return ("strace", "-qq", "-y", "-o", str(log), "-e", f"trace={','.join(names)}", *also)


def temporary_folder(folder: Path) -> tuple[str, ...]:
    """Return what lets temporary files be made in ``folder``, where they are seen."""
    return ("env", f"TMPDIR={folder / 'tmp'}")


def record(place: Place, scenario: Scenario) -> tuple[list[Call], Run]:
    """Return the calls of a scenario that nothing disturbs."""
    log = place.folder.with_suffix(".calls")
    before = (*temporary_folder(place.folder), *strace(log, *CHANGES))
    run = dataclasses.replace(place, before=before).run(*scenario.command(place))
    assert run.code == 0, (scenario.name, run)
    lines = log.read_text(errors="replace").splitlines()
    log.unlink()
    return list(_calls(lines, place.folder)), run


def struck(log: Path, folder: Path) -> list[Call]:
    """Return the last call of a log that was cut off there, or those that strace let fail."""
    lines = log.read_text(errors="replace").splitlines()
    marked = [n for n, line in enumerate(lines) if "(INJECTED)" in line or line.endswith("= ?")]
    return [call for n in marked for call in list(_calls(lines[: n + 1], folder))[-1:]]


def without_random(path: str) -> str:
    """Return a path with ``*`` for what is random in it."""
    return _RANDOM.sub("*", path)


def _calls(lines: list[str], folder: Path) -> Iterator[Call]:
    """Yield the calls on files in ``folder``; the program's other processes may not make any."""
    counts: dict[str, int] = {}
    ends: dict[str, int] = {}
    first = ""
    for line in lines:
        matched = _CALL.match(line)
        if matched is None:
            continue
        process, name, rest = matched.groups(default="")
        first = first or process
        if process == first:
            counts[name] = counts.get(name, 0) + 1
        path = _path(name, rest, folder)
        if path is None or (name == "openat" and "O_CREAT" not in rest) or _changed_nothing(rest):
            continue
        assert process == first, line
        role = without_random(path)
        end, length = _extent(name, rest, ends.get(path, 0))
        ends[path] = end
        yield Call(name=name, number=counts[name], role=role, end=end, length=length)


def _changed_nothing(rest: str) -> bool:
    """Tell whether a call failed by itself, as of a folder that is there already."""
    return " = -1 " in rest.rsplit('"', 1)[-1] and "(INJECTED)" not in rest


def _path(name: str, rest: str, folder: Path) -> str | None:
    """Return the path that a call changes, below ``folder``; of two names the new one."""
    descriptor = _DESCRIPTOR.match(rest)
    quoted = [_plain(text) for text in _QUOTED.findall(rest)]
    if name in (*WRITES, *SYNCS, "ftruncate", "fchmod"):
        path = Path(descriptor[1] if descriptor else "/")
    elif quoted:
        above = _FOLDER.match(rest)
        path = Path(above[1] if above else folder, quoted[-1])
    else:
        return None
    if path == folder:
        return "."
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else None


def _plain(text: str) -> str:
    return text.encode("latin-1", "replace").decode("unicode_escape")


def _extent(name: str, rest: str, at: int) -> tuple[int, int]:
    """Return where a write ends and how long it is; ``at`` is where the last one ended."""
    asked = _ASKED.match(rest.rsplit('"', 1)[-1]) if name in WRITES else None
    if asked is None:
        return at, 0
    length, offset = int(asked[1]), int(asked[2] or at)
    return offset + length, length
