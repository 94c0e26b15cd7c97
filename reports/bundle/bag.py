"""Write a BagIt 1.0 bag (RFC 8493): all or nothing, readable by the owner only.

Rules:

1. Everything is written into a hidden folder beside the target, flushed to the disk, and then
   renamed; an interrupted run leaves no bundle.
2. Each file is hashed while it is written. The manifests list every payload and tag file.
3. Paths are ASCII. The same contents and date give the same bytes.
"""

import contextlib
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from evidence.errors import OutputExistsError, OutputNotWritableError
from reports.bundle import layout


class Bag:
    """A bag that is being filled. Made by ``new_bag``."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._digests: dict[str, str] = {}
        self._sizes: dict[str, int] = {}

    def write(self, path: str, data: bytes) -> None:
        """Write a whole file."""
        self.copy(path, (data,))

    def copy(self, path: str, pieces: Iterable[bytes]) -> str:
        """Write a file from pieces; return its SHA-256 in hex."""
        digest = hashlib.sha256()
        with self._new(path) as file:
            for piece in pieces:
                digest.update(piece)
                self._sizes[path] = self._sizes.get(path, 0) + len(piece)
                file.write(piece)
        self._sizes.setdefault(path, 0)
        self._digests[path] = digest.hexdigest()
        return self._digests[path]

    @contextlib.contextmanager
    def open(self, path: str) -> Iterator[BinaryIO]:
        """Give a file to write and read; it is hashed when the block ends."""
        with self._new(path) as file:
            yield file
        written = layout.inside(self.root, path)
        with written.open("rb") as again:
            self._digests[path] = hashlib.file_digest(again, "sha256").hexdigest()
        self._sizes[path] = written.stat().st_size

    def file(self, path: str) -> Path:
        """Return where a file of the bag lies for now."""
        return layout.inside(self.root, path)

    def finish(self, info: Iterable[tuple[str, str]]) -> str:
        """Write the tag files and manifests; return SHA-256 of the tag manifest in hex."""
        payload = {p: d for p, d in self._digests.items() if p.startswith("data/")}
        octets = sum(self._sizes[p] for p in payload)
        self.write(layout.BAGIT, b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
        lines = [*info, ("Payload-Oxum", f"{octets}.{len(payload)}")]
        self.write(layout.BAG_INFO, "".join(f"{k}: {v}\n" for k, v in lines).encode())
        self.write(layout.MANIFEST, _manifest(payload))
        tags = {p: d for p, d in self._digests.items() if not p.startswith("data/")}
        manifest = _manifest(tags)
        self.write(layout.TAG_MANIFEST, manifest)
        return hashlib.sha256(manifest).hexdigest()

    @contextlib.contextmanager
    def _new(self, path: str) -> Iterator[BinaryIO]:
        target = layout.inside(self.root, path)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())


@contextlib.contextmanager
def new_bag(target: Path) -> Iterator[Bag]:
    """Give an empty bag; it takes its place at ``target`` when the block ends well.

    Raises:
        OutputExistsError: if anything is at ``target``.
        OutputNotWritableError: if the disk is full or the folder cannot be written.
    """
    if target.exists() or target.is_symlink():
        raise OutputExistsError(path=str(target))
    partial = target.with_name(f".{target.name}.partial-{secrets.token_hex(4)}")
    try:
        partial.parent.mkdir(parents=True, exist_ok=True)
        partial.mkdir(mode=0o700)
        yield Bag(partial)
        _sync_folders(partial)
        if target.exists():
            raise OutputExistsError(path=str(target))
        partial.rename(target)
        _sync(target.parent)
    except OSError as error:
        raise OutputNotWritableError(path=str(target), detail=error.strerror or "") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _manifest(digests: dict[str, str]) -> bytes:
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(digests.items())).encode()


def _sync_folders(root: Path) -> None:
    for folder, _, _ in os.walk(root):
        _sync(Path(folder))


def _sync(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
