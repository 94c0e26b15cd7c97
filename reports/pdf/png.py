"""A PNG as it may go into a PDF: its own compressed rows, neither decoded nor compressed again.

Rules:

1. PDF has the same row filters and compression (ISO 32000-1 sections 7.4.4.4 and 8.9.5), so the
   pixels are the same. Only plain 8-bit RGB goes in this way; everything else is left to Pillow.
2. What a viewer will have to read is checked in full: every checksum, the length of the rows, and
   their filters. What is not exactly right is left to Pillow, too.
"""

import dataclasses
import struct
import zlib
from collections.abc import Iterable, Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"

_PLAIN = (8, 2, 0, 0, 0)
"""Bits, RGB, deflate, the five filters, not interlaced."""

_CHANGES = frozenset({b"tRNS", b"acTL"})
"""Chunks after which the rows alone are not the picture: transparency, animation."""

_HIGHEST_FILTER = 4
_PIECE = 1024 * 1024


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A picture whose rows a PDF takes as they are."""

    width: int
    height: int


def rows(png: bytes) -> Rows | None:
    """Return the size of a plain PNG that is whole; None if it is anything else."""
    try:
        chunks = list(_chunks(png))
        if [kind for kind, _ in chunks[-1:]] != [b"IEND"] or chunks[0][0] != b"IHDR":
            return None
        width, height, *form = struct.unpack(">IIBBBBB", chunks[0][1])
        data = _joined(chunks)
        plain = tuple(form) == _PLAIN and not any(kind in _CHANGES for kind, _ in chunks)
        # Rows that hardly shrank may shrink more when they are compressed without filters.
        small = len(data) * 2 < width * height * 3
        if not plain or not small or not _whole(data, 1 + width * 3, height):
            return None
    except (struct.error, zlib.error, ValueError, IndexError):
        return None
    return Rows(width=width, height=height)


def compressed(png: bytes) -> bytes:
    """Return the rows of a PNG as they are in it."""
    return _joined(_chunks(png))


def _joined(chunks: Iterable[tuple[bytes, bytes]]) -> bytes:
    return b"".join(part for kind, part in chunks if kind == b"IDAT")


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield kind and contents; raises ValueError where a checksum or a length does not fit."""
    if not png.startswith(SIGNATURE):
        raise ValueError("signature")
    place, kind = len(SIGNATURE), b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", png, place)
        end = place + 8 + length
        (checksum,) = struct.unpack_from(">I", png, end)
        if zlib.crc32(memoryview(png)[place + 4 : end]) != checksum:
            raise ValueError("checksum")
        yield kind, png[place + 8 : end]
        place = end + 4


def _whole(data: bytes, row: int, height: int) -> bool:
    """Tell whether ``data`` unpacks to ``height`` rows with known filters and nothing else."""
    stream, size = zlib.decompressobj(), 0
    waiting = data
    while not stream.eof:
        piece = stream.decompress(waiting, _PIECE)
        waiting = stream.unconsumed_tail
        if not piece and not waiting:
            return False
        if any(kind > _HIGHEST_FILTER for kind in piece[-size % row :: row]):
            return False
        size += len(piece)
        if size > row * height:
            return False
    return size == row * height and not stream.unused_data
