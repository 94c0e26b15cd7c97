"""Archives from strangers: opened only as far as needed, with bounds on everything.

1. Nothing is ever extracted to disk, so that no name in an archive is a path to anywhere.
2. The table of contents is bounded before it is read; what comes out of a member is bounded in
   size and in proportion to what went in.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO

from evidence.ingest.exports.base import ExportFormError

_MAX_CONTENTS = 8 * 1024 * 1024
"""Longest table of contents: about 80,000 members."""
_MAX_EXPANDED = 2 * 1024 * 1024 * 1024
_FREE = 64 * 1024 * 1024
_MAX_RATIO = 200
_END = b"PK\x05\x06"
_LOCATOR = b"PK\x06\x07"
_LOCAL = b"PK\x03\x04"


@contextmanager
def opened(original: BinaryIO, size: int) -> Iterator[zipfile.ZipFile]:
    """Open an archive.

    Raises:
        ExportFormError: when it is broken, cut off, encrypted or hostile.
    """
    _check_contents(original, size)
    try:
        bundle = zipfile.ZipFile(original)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error) as error:
        raise _broken() from error
    with bundle:
        yield bundle


@contextmanager
def member(
    bundle: zipfile.ZipFile, info: zipfile.ZipInfo, *, limit: int = _MAX_EXPANDED
) -> Iterator[BinaryIO]:
    """Open one member for reading.

    Raises:
        ExportFormError: when it is encrypted, compressed in an unusual way, or cannot be opened;
            while reading, also when it is damaged or expands without end.
    """
    if info.flag_bits & 1:
        raise ExportFormError("encrypted", "压缩包有密码，无法读取；请解压后导入里面的文件")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # The other methods hand out everything that a block expands to at once.
        raise ExportFormError("unusual-compression", "压缩方式不常见，无法读取；请换一种方式压缩")
    try:
        stream = bundle.open(info)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, KeyError) as error:
        raise _broken() from error
    with stream:
        bounded = _Bounded(stream, info.compress_size, limit)
        yield io.BufferedReader(bounded, 128 * 1024)


def names_in_head(head: bytes) -> list[str]:
    """Return the names of the members that begin in the first bytes of an archive."""
    if not head.startswith(_LOCAL):
        return []
    names: list[str] = []
    at = 0
    while at >= 0 and len(names) < 1000:
        length = int.from_bytes(head[at + 26 : at + 28], "little")
        name = head[at + 30 : at + 30 + length]
        if 0 < len(name) == length <= 512:
            names.append(name.decode("utf-8", "replace"))
        at = head.find(_LOCAL, at + 4)
    return names


class _Bounded(io.RawIOBase):
    """A member's bytes, counted."""

    def __init__(self, stream: IO[bytes], compressed: int, limit: int) -> None:
        super().__init__()
        self._stream = stream
        self._left = min(limit, max(_FREE, compressed * _MAX_RATIO))

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # the subset that BufferedReader uses
        try:
            block = self._stream.read(len(buffer))
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            raise _broken() from error
        self._left -= len(block)
        if self._left < 0:
            raise ExportFormError(
                "expands-without-end", "压缩包展开后大得不正常，可能有害，没有继续读取"
            )
        buffer[: len(block)] = block
        return len(block)


def _check_contents(original: BinaryIO, size: int) -> None:
    tail = min(size, 65536 + 22)
    original.seek(size - tail)
    end = original.read(tail)
    original.seek(0)
    at = end.rfind(_END)
    if at < 0 or len(end) - at < 22:
        raise _broken()
    contents = int.from_bytes(end[at + 12 : at + 16], "little")
    if end[max(0, at - 20) : max(0, at - 16)] == _LOCATOR:
        # ZIP64 is for archives beyond anything read here, and overrides the bound below.
        raise ExportFormError("too-large", "压缩包太大，无法读取；请解压后导入里面的文件")
    if contents > _MAX_CONTENTS:
        raise ExportFormError("too-many-members", "压缩包里的文件多得不正常，没有读取")


def _broken() -> ExportFormError:
    return ExportFormError(
        "damaged", "压缩文件已损坏或不完整，无法打开；请从手机重新复制或导出一次"
    )
