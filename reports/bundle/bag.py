"""Write a BagIt 1.0 bag (RFC 8493): all or nothing, readable by the owner only.

Rules:

1. Everything is written into a hidden folder beside the target, flushed to the disk, and then
   renamed; an interrupted run leaves no bundle.
2. Each file is hashed while it is written. The manifests list every payload and tag file.
3. Paths are ASCII. The same contents and date give the same bytes.
4. Folders are 0700 and files 0600, whatever the umask: a bundle holds names, numbers and voices.
5. Only a failed write is reported as one; what goes wrong where the contents come from passes
   through as it is.
"""

import contextlib
import dataclasses
import errno
import hashlib
import io
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from evidence import private
from evidence.errors import OutputExistsError, OutputNotWritableError
from reports.bundle import layout, manifests

_REASONS = {
    errno.ENOSPC: "磁盘空间不足",
    errno.EDQUOT: "磁盘空间不足",
    errno.EACCES: "没有写入权限",
    errno.EPERM: "没有写入权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENOTDIR: "上级路径不是文件夹",
    errno.EEXIST: "上级路径不是文件夹",
    errno.ENAMETOOLONG: "名字太长",
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A file of the bag."""

    sha256: str
    size: int
    """Bytes."""


class Bag:
    """A bag that is being filled. Made by ``new_bag``."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.published = False
        self.files: dict[str, Written] = {}
        with _writing(target):
            private.make_folders(target.parent)
            self._root = private.name_beside(target, "partial")

    def begin(self) -> None:
        """Make its folder. Apart from the rest, so that whoever is stopped here can discard it."""
        with _writing(self.target):
            private.make_folder(self._root)

    @property
    def size(self) -> int:
        """Bytes written so far."""
        return sum(w.size for w in self.files.values())

    def write(self, path: str, data: bytes) -> Written:
        """Write a whole file."""
        return self.copy(path, (data,))

    def copy(self, path: str, pieces: Iterable[bytes]) -> Written:
        """Write a file from pieces."""
        with self.open(path) as file:
            for piece in pieces:
                file.write(piece)
        return self.files[path]

    @contextlib.contextmanager
    def open(self, path: str) -> Iterator[BinaryIO]:
        """Give a file to write from start to end; it is durable when the block ends.

        Raises:
            OutputNotWritableError: if the disk is full or does not take it.
        """
        if path in self.files:
            raise RuntimeError(path)
        place = layout.inside(self._root, path)
        with _writing(self.target):
            for folder in reversed(place.relative_to(self._root).parents[:-1]):
                private.make_folder(self._root / folder, exist_ok=True)
            file = _File(place, self.target)
        with contextlib.closing(file):
            yield file
            file.sync()
        self.files[path] = Written(sha256=file.digest.hexdigest(), size=file.size)

    def file(self, path: str) -> Path:
        """Return where a written file lies until the bag is published."""
        return layout.inside(self._root, path)

    def finish(self, info: Iterable[tuple[str, str]]) -> str:
        """Write the tag files and manifests; return SHA-256 of the tag manifest in hex.

        ``info`` are the pairs of ``bag-info.txt`` to which the counted octets are added.
        """
        payload = {p: w for p, w in self.files.items() if p.startswith("data/")}
        octets = sum(w.size for w in payload.values())
        oxum = ("Payload-Oxum", f"{octets}.{len(payload)}")
        self.write(layout.BAGIT, layout.BAGIT_DECLARATION)
        self.write(layout.BAG_INFO, manifests.format_info((*info, oxum)))
        self.write(layout.MANIFEST, _manifest(payload))
        tags = {p: w for p, w in self.files.items() if not p.startswith("data/")}
        return self.write(layout.TAG_MANIFEST, _manifest(tags)).sha256

    def publish(self) -> None:
        """Let the finished bag take its place, durably.

        Raises:
            OutputExistsError: if something has come to be there meanwhile.
        """
        with _writing(self.target):
            for folder, _, _ in os.walk(self._root, topdown=False):
                private.sync_folder(Path(folder))
            _refuse_taken(self.target)
            self._move()
            private.sync_folder(self.target.parent)

    def _move(self) -> None:
        try:
            self._root.rename(self.target)
        except OSError as error:
            if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
                raise OutputExistsError(path=str(self.target)) from error
            raise
        self.published = True

    def discard(self) -> None:
        """Remove everything that was written, published or not."""
        if self.published:
            with contextlib.suppress(OSError):
                self.target.rename(self._root)  # it vanishes at once, not file by file
        shutil.rmtree(self._root, ignore_errors=True)


@contextlib.contextmanager
def new_bag(target: Path) -> Iterator[Bag]:
    """Give an empty bag, which the block fills and publishes; an exception takes all of it back.

    Raises:
        OutputExistsError: if anything is at ``target``.
        OutputNotWritableError: if the disk is full or the folder cannot be written.
    """
    _refuse_taken(target)
    bag = Bag(target)
    try:
        bag.begin()
        yield bag
        if not bag.published:
            raise RuntimeError("the bag was not published")
    except BaseException:
        bag.discard()
        raise


class _File(io.FileIO):
    """A new file that is hashed while it is written and says in our own error what failed."""

    def __init__(self, path: Path, target: Path) -> None:
        super().__init__(private.create(path), "wb")
        self._target = target
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, data: Any, /) -> int:  # the buffer protocol has no name before 3.12
        """Write all of ``data``."""
        with _writing(self._target), memoryview(data).cast("B") as view:
            done = 0
            while done < len(view):
                done += super().write(view[done:])
            self.digest.update(view)
        self.size += done
        return done

    def sync(self) -> None:
        """Wait until the bytes are on the disk."""
        with _writing(self._target):
            os.fsync(self.fileno())


def _manifest(files: dict[str, Written]) -> bytes:
    return manifests.format_manifest({path: w.sha256 for path, w in files.items()})


def _refuse_taken(target: Path) -> None:
    # ``..`` and the like name what exists.
    if target.name in ("", "..") or os.path.lexists(target):
        raise OutputExistsError(path=str(target))


@contextlib.contextmanager
def _writing(target: Path) -> Iterator[None]:
    """Turn what the system says about writing into our own errors about ``target``."""
    try:
        yield
    except OSError as error:
        detail = _REASONS.get(error.errno or 0) or error.strerror or type(error).__name__
        raise OutputNotWritableError(path=str(target), detail=detail) from error
