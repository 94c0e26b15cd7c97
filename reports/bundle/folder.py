"""Reading a folder that a stranger made: what lies in it, without following any link.

Rules:

1. Links, devices, pipes and names that a bundle cannot have are reported and never opened.
2. The number of files, their depth and what is read into memory are bounded.
"""

import contextlib
import dataclasses
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from reports.bundle import layout
from reports.bundle.results import Results

MAX_FILES = 100_000
MAX_DEPTH = 8
BLOCK = 1024 * 1024


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """The plain files of a bundle."""

    root: Path
    files: Mapping[str, int]
    """Size in bytes by path inside the bundle."""


def list_folder(root: Path, results: Results) -> Folder:
    """Return the plain files below ``root``; report everything else."""
    files: dict[str, int] = {}
    waiting = [("", 0)]
    while waiting:
        prefix, depth = waiting.pop()
        for child in _children(root, prefix, results):
            path = f"{prefix}{child.name}"
            info = child.stat(follow_symlinks=False)
            if not layout.is_safe(path):
                results.broken("file-unsafe", detail=ascii(path))
            elif stat.S_ISDIR(info.st_mode) and depth < MAX_DEPTH:
                waiting.append((f"{path}/", depth + 1))
            elif not stat.S_ISREG(info.st_mode):
                results.broken("file-unsafe", detail=path, found=_kind(info.st_mode))
            elif len(files) == MAX_FILES:
                results.broken("file-unsafe", detail="too many files")
                return Folder(root=root, files=files)
            else:
                files[path] = info.st_size
    return Folder(root=root, files=files)


def pieces(folder: Folder, path: str) -> Iterator[bytes]:
    """Yield the bytes of a listed file.

    Raises:
        OSError: if it cannot be read, or has become a link.
    """
    with open_file(folder, path) as file:
        while piece := file.read(BLOCK):
            yield piece


def open_file(folder: Folder, path: str) -> BinaryIO:
    """Open a listed file for reading.

    Raises:
        OSError: if it cannot be read, or has become a link.
    """
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0)
    flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    handle = os.open(layout.inside(folder.root, path), flags)
    return os.fdopen(handle, "rb")


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
            return sorted(found, key=lambda child: child.name)
    except OSError as error:
        results.unchecked("file-unreadable", detail=f"{prefix}: {error.strerror}")
        return []


def _kind(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "link"
    return "folder too deep" if stat.S_ISDIR(mode) else "not a plain file"
