"""Reading a folder that a stranger made: what lies in it, without following any link.

Rules:

1. Links, devices, pipes and names that a bundle cannot have are reported and never read.
2. The number of files and folders, their depth and what is read into memory are bounded.
3. No more is read of a file than it had when it was listed, and one byte that tells that it grew.
"""

import contextlib
import dataclasses
import io
import itertools
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from evidence.errors import FileUnreadableError
from evidence.outside import open_plain
from reports.bundle import layout
from reports.bundle.results import Results

MAX_DEPTH = 8
BLOCK = 1024 * 1024


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """The plain files of a bundle."""

    root: Path
    files: Mapping[str, int]
    """Size in bytes by path inside the bundle."""


def list_folder(root: Path, results: Results) -> Folder:
    """Return the plain files below ``root``; report everything else.

    Raises:
        FileUnreadableError: if there are too many to look at.
    """
    files: dict[str, int] = {}
    waiting = [("", 0)]
    seen = 0
    while waiting:
        prefix, depth = waiting.pop()
        children = _children(root, prefix, results)
        seen += len(children)
        if seen > layout.MAX_FILES:
            raise FileUnreadableError(path=str(root), detail="文件太多")
        for child in children:
            path = f"{prefix}{child.name}"
            mode, size = _look(child, path, results)
            if not layout.is_safe(path):
                results.broken("file-unsafe", detail=ascii(path))
            elif stat.S_ISDIR(mode) and depth < MAX_DEPTH:
                waiting.append((f"{path}/", depth + 1))
            elif stat.S_ISREG(mode):
                files[path] = size
            elif mode:
                results.broken("file-unsafe", detail=path, found=_kind(mode))
    return Folder(root=root, files=files)


def pieces(folder: Folder, path: str) -> Iterator[bytes]:
    """Yield the bytes of a listed file.

    Raises:
        OSError: if it cannot be read, or has become a link.
    """
    left = folder.files[path] + 1
    with open_file(folder, path) as file:
        while piece := file.read(min(BLOCK, left)):
            left -= len(piece)
            yield piece


def open_file(folder: Folder, path: str) -> BinaryIO:
    """Open a listed file for reading.

    Raises:
        OSError: if it cannot be read, or is no plain file any more.
    """
    return io.BufferedReader(open_plain(layout.inside(folder.root, path), follow=False))


def read_whole(folder: Folder, path: str, limit: int, results: Results) -> bytes | None:
    """Return the bytes of a file of at most ``limit`` bytes; report why it cannot be had."""
    size = folder.files.get(path)
    if size is None:
        return None  # the manifests' check has said so
    if size > limit:
        results.broken("file-oversize", detail=path, expected=f"<= {limit}", found=str(size))
        return None
    try:
        with open_file(folder, path) as file:
            return file.read(limit + 1)
    except OSError as error:
        results.unchecked("file-unreadable", detail=f"{path}: {error.strerror}")
        return None


def _children(root: Path, prefix: str, results: Results) -> list[os.DirEntry[str]]:
    folder = layout.inside(root, prefix.removesuffix("/")) if prefix else root
    try:
        with contextlib.closing(os.scandir(folder)) as found:
            some = itertools.islice(found, layout.MAX_FILES + 1)
            return sorted(some, key=lambda child: child.name)
    except OSError as error:
        results.unchecked("file-unreadable", detail=f"{prefix}: {error.strerror}")
        return []


def _look(child: os.DirEntry[str], path: str, results: Results) -> tuple[int, int]:
    """Return mode and size; zeros, after a report, for what has gone since it was listed."""
    try:
        info = child.stat(follow_symlinks=False)
    except OSError as error:
        results.unchecked("file-unreadable", detail=f"{path!a}: {error.strerror}")
        return 0, 0
    return info.st_mode, info.st_size


def _kind(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "link"
    return "folder too deep" if stat.S_ISDIR(mode) else "not a plain file"
