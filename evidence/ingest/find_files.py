r"""Which files an import means: named ones, and all in a folder except a system's leftovers.

Rules:

1. Folders are walked in name order; hidden files and known leftovers are passed over.
2. Shortcuts inside folders are not followed, so that nothing from elsewhere slips in; devices and
   pipes are never opened.
3. A name is text. Where the system gives bytes that are no UTF-8 (an archive made on a Chinese
   Windows), they are read as GB18030; what is not that either is shown as ``\xNN``.
"""

import dataclasses
import os
import stat
from collections.abc import Sequence
from pathlib import Path

from evidence.ingest.outcome import FileOutcome, Status, failed
from evidence.outside import mode_of, unreadable

_IGNORED = frozenset({"thumbs.db", "desktop.ini", ".nomedia"})


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """A file to import."""

    path: Path
    kept: str
    """Path as it is kept: below the folder that the person named, and nothing above it."""
    named: bool
    size: int

    @property
    def name(self) -> str:
        """The file's name as text."""
        return as_text(Path(self.path.name))

    @property
    def told(self) -> str:
        """Path as it is reported: the one by which the person finds the file."""
        return as_text(self.path)


def find_files(paths: Sequence[Path]) -> tuple[list[FoundFile], list[FileOutcome]]:
    """Return the files under ``paths`` in a stable order, and what cannot be one of them."""
    files: list[FoundFile] = []
    problems: list[FileOutcome] = []
    for path in paths:
        if stat.S_ISDIR(mode_of(path)):
            _walk(path, path.parent, files, problems)
        else:
            _look(path, as_text(Path(path.name)), files, problems, named=True)
    return files, problems


def as_text(path: Path) -> str:
    """Return a path of the file system as text that can be stored."""
    return str(Path(*map(_name_as_text, path.parts)))


def _name_as_text(name: str) -> str:
    try:
        name.encode()
    except UnicodeEncodeError:
        pass
    else:
        return name
    try:
        readable = os.fsencode(name).decode("gb18030")
    except UnicodeError:
        readable = ""
    if readable.isprintable() and readable:
        return readable
    return name.encode(errors="backslashreplace").decode().replace("\\udc", "\\x")


def _walk(top: Path, base: Path, files: list[FoundFile], problems: list[FileOutcome]) -> None:
    # Not by recursion: folders may lie deeper in each other than Python's own calls may.
    waiting = [top]
    while waiting:
        path = waiting.pop()
        mode = mode_of(path, follow=path == top)
        if stat.S_ISLNK(mode):
            reason = "文件夹中的快捷方式（符号链接）不跟随；需要时请直接导入它指向的文件"
            problems.append(
                FileOutcome(
                    path=as_text(path), status=Status.SKIPPED, reason=reason, code="symlink"
                )
            )
        elif not stat.S_ISDIR(mode):
            kept = as_text(path.relative_to(base) if base != Path() else path)
            _look(path, kept, files, problems, named=False)
        else:
            try:
                children = sorted(path.iterdir(), reverse=True)
            except OSError as error:
                problems.append(failed(as_text(path), unreadable(path, error), named=False))
            else:
                waiting += (child for child in children if not _passed_over(child.name))


def _passed_over(name: str) -> bool:
    return name.startswith(".") or name.lower() in _IGNORED


def _look(
    path: Path, kept: str, files: list[FoundFile], problems: list[FileOutcome], *, named: bool
) -> None:
    try:
        info = path.stat()
    except (OSError, ValueError) as error:
        problems.append(failed(as_text(path), unreadable(path, error), named=named))
        return
    if not stat.S_ISREG(info.st_mode):
        problems.append(
            FileOutcome(
                path=as_text(path),
                status=Status.SKIPPED,
                reason="不是普通文件（设备或管道），没有导入",
                code="not-a-file",
                named=named,
            )
        )
        return
    files.append(FoundFile(path=path, kept=kept, named=named, size=info.st_size))
