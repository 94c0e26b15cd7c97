"""Rows of a case file read from its raw pages, where SQLite itself cannot or must not go on.

Rules (https://www.sqlite.org/fileformat2.html):

1. Nothing is believed that the page does not bear out: a size or place that does not fit ends that
   cell, page or chain, and nothing else. Nothing here raises for what a damaged file holds.
2. Every page that begins as a leaf of a table is read, whether or not anything leads to it, so that
   a lost root or inner page costs nothing. A page that holds the rest of a long row begins with a
   page number and a free one with zeros; neither looks like a leaf.
3. A row is told by the types of its columns; which table it is from is for the caller.
4. A sector that the disk does not give takes with it what lies on it, not the rest of its page.
5. A crafted file costs no more than its own bytes do: holes of a sparse file are not read, rows
   that share bytes are not counted twice, and chains that share pages are not followed for ever.
"""

import dataclasses
import enum
import io
import os
from collections.abc import Iterator
from pathlib import Path

from evidence.outside import open_plain
from evidence.store import schema

MAGIC = b"SQLite format 3\0"

_LEAF = 0x0D
_LEAF_HEADER = 8
_FILE_HEADER = 100
_MOST_PAYLOAD = 17 * 1024 * 1024
"""No row of a case is longer; more is a damaged size."""

_SECTOR_BYTES = 4096
"""What is read at a time where the disk does not give more."""

_MOST_READINGS = 8
"""How often the bytes of a file may be read as the rest of long rows; a salvage reads them thrice.
"""

_INTEGER_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}

Value = int | bytes | str | None


class PageState(enum.StrEnum):
    """What a page looks like from outside."""

    LEAF = "leaf"
    OTHER = "other"
    BLANK = "blank"
    """Nothing but zeros; a page that is not in use may be."""
    MALFORMED = "malformed"
    """It begins as a leaf, and its places or sizes do not fit."""
    UNREADABLE = "unreadable"
    """The disk does not give it."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Where a row lies: the part on its leaf, and the first page of the rest."""

    rowid: int
    size: int
    """Bytes of the whole row."""
    at: int
    """Where in the file its part on the leaf begins."""
    local: int
    """Bytes of that part."""
    overflow: int
    """Page number; 0 if all of it is on the leaf."""


class PageFile:
    """A file of pages, open for reading. Use it as a context manager."""

    def __init__(self, path: Path) -> None:
        """Open ``path``; raises OSError if the system does not allow it."""
        self._file = open_plain(path)
        self._held: tuple[int, bytes] = (0, b"")
        self._lost: set[int] = set()
        """Sectors that the disk did not give (rule 4)."""
        self.size = self._file.seek(0, io.SEEK_END)
        head = self._read(0, _FILE_HEADER)
        self.has_magic = head[: len(MAGIC)] == MAGIC
        self.claimed_pages = int.from_bytes(head[28:32]) if self.has_magic else 0
        """How many pages the header speaks of."""
        self.free_pages = int.from_bytes(head[36:40]) if self.has_magic else 0
        """How many of them it says are not in use."""
        self.pages = -(-self.size // schema.PAGE_BYTES)
        whole = max(self.pages, self.claimed_pages) * schema.PAGE_BYTES
        self.missing_bytes = whole - self.size
        """How much was cut off, as far as the header and the size of a page tell."""
        written = sum(last - first for first, last in self._written())
        self._left = _MOST_READINGS * written

    def __enter__(self) -> "PageFile":
        """Return the file itself."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close the file."""
        self._file.close()

    def rows(self) -> Iterator[tuple[int, PageState, tuple[Cell, ...]]]:
        """Yield each page's number from 1, what it looks like, and its rows if it is a leaf.

        Pages that were never written (holes of a sparse file) are left out.
        """
        for number in self._numbers():
            start = _FILE_HEADER if number == 1 else 0
            first = self._read((number - 1) * schema.PAGE_BYTES + start, 1)
            if not first:
                yield number, PageState.UNREADABLE, ()
            elif first[0] != _LEAF:
                yield number, self._other(number), ()
            else:
                cells, whole = self._leaf(number, start)
                state = PageState.LEAF if whole else PageState.MALFORMED
                yield number, PageState.UNREADABLE if self._is_short(number) else state, cells

    def _other(self, number: int) -> PageState:
        """Tell a page of nothing but zeros from one that is in use for something else."""
        start = (number - 1) * schema.PAGE_BYTES
        if self._read(start, 4) != bytes(4) or any(self._page(number)):
            return PageState.OTHER
        return PageState.UNREADABLE if self._is_short(number) else PageState.BLANK

    def _is_short(self, number: int) -> bool:
        """Tell whether the disk did not give all of a page."""
        start = (number - 1) * schema.PAGE_BYTES
        return self._first_lost(start, schema.PAGE_BYTES) is not None

    @property
    def lost_bytes(self) -> int:
        """How much the disk did not give of what was read so far."""
        return len(self._lost) * _SECTOR_BYTES

    def _numbers(self) -> Iterator[int]:
        done = 0
        for first, last in self._written():
            begin = max(done, first // schema.PAGE_BYTES)
            done = -(-last // schema.PAGE_BYTES)
            yield from range(begin + 1, done + 1)

    def written_pages(self) -> int:
        """Return how many pages are not a hole from their first byte to their last."""
        count = done = 0
        for first, last in self._written():
            begin = max(done, first // schema.PAGE_BYTES)
            done = -(-last // schema.PAGE_BYTES)
            count += max(done - begin, 0)
        return count

    def _written(self) -> Iterator[tuple[int, int]]:
        """Yield the places of the file that are no holes, in order."""
        if not hasattr(os, "SEEK_DATA"):
            yield 0, self.size
            return
        at = 0
        while at < self.size:
            try:
                first = os.lseek(self._file.fileno(), at, os.SEEK_DATA)
                at = os.lseek(self._file.fileno(), first, os.SEEK_HOLE)
            except OSError:
                return  # nothing but a hole is left
            yield first, at

    def values(self, cell: Cell) -> tuple[Value, ...] | None:
        """Return the columns of a row; None if not all of it is there."""
        payload = self._whole(cell)
        return None if payload is None else _columns(payload)

    def beginning(self, cell: Cell) -> tuple[tuple[int, ...], tuple[Value, ...]]:
        """Return the types of all columns and the values of those that lie on the leaf."""
        return _beginning(self._local(cell))

    def places(self, cell: Cell) -> tuple[range, ...]:
        """Return which bytes of the file a row takes, as far as its chain of pages goes on.

        The number of the next page, before each part of the rest, is counted in.
        """
        found = [range(cell.at, cell.at + cell.local)]
        left, number = cell.size - cell.local, cell.overflow
        while left > 0 and 1 < number <= self.pages and self._left >= 0:
            self._left -= schema.PAGE_BYTES
            start = (number - 1) * schema.PAGE_BYTES
            found.append(range(start, start + min(left + 4, schema.PAGE_BYTES)))
            left -= schema.PAGE_BYTES - 4
            number = int.from_bytes(self._read(start, 4))
        return tuple(found)

    def raw(self, at: int, count: int) -> bytes:
        """Return bytes as they lie in the file; fewer where it ends or cannot be read."""
        return self._read(at, count)

    def _read(self, at: int, count: int) -> bytes:
        """Return bytes up to the end of the file, or to the first that the disk does not give."""
        data = self._filled(at, count)
        lost = self._first_lost(at, count)
        return data if lost is None else data[:lost]

    def _filled(self, at: int, count: int) -> bytes:
        """Return bytes up to the end of the file, with zeros for those that the disk keeps."""
        count = min(count, max(self.size - at, 0))
        data = self._given(at, count)
        if len(data) == count:
            return data
        parts: list[bytes] = []
        for number in _sectors(at, count):
            start = number * _SECTOR_BYTES
            piece = b"" if number in self._lost else self._given(start, _SECTOR_BYTES)
            if len(piece) < min(_SECTOR_BYTES, self.size - start):
                self._lost.add(number)
                piece = bytes(_SECTOR_BYTES)
            parts.append(piece)
        return b"".join(parts)[at % _SECTOR_BYTES :][:count]

    def _given(self, at: int, count: int) -> bytes:
        try:
            self._file.seek(at)
            return self._file.read(count) or b""
        except OSError:
            return b""

    def _first_lost(self, at: int, count: int) -> int | None:
        """Return how far behind ``at`` the first lost byte lies, if there is one before ``count``.

        Only what was read before is known to be lost.
        """
        if not self._lost:
            return None
        lost = next((number for number in _sectors(at, count) if number in self._lost), None)
        return None if lost is None else max(lost * _SECTOR_BYTES - at, 0)

    def _page(self, number: int) -> bytes:
        """Return a page, with zeros for what is lost; keep it, because its cells are read next."""
        if self._held[0] != number:
            data = self._filled((number - 1) * schema.PAGE_BYTES, schema.PAGE_BYTES)
            self._held = number, data
        return self._held[1]

    def _local(self, cell: Cell) -> bytes:
        """Return the part of a row on its leaf, as far as the disk gives it."""
        number, start = divmod(cell.at, schema.PAGE_BYTES)
        data = self._page(number + 1)[start : start + cell.local]
        return data[: self._first_lost(cell.at, cell.local)]

    def _leaf(self, number: int, start: int) -> tuple[tuple[Cell, ...], bool]:
        """Return the cells of a leaf that can be read, and whether those were all."""
        page = self._page(number)
        whole = len(page) == schema.PAGE_BYTES
        count = int.from_bytes(page[start + 3 : start + 5])
        first = start + _LEAF_HEADER + 2 * count
        cells: list[Cell] = []
        room = len(page)
        for at in range(start + _LEAF_HEADER, first, 2):
            place = int.from_bytes(page[at : at + 2])
            base = (number - 1) * schema.PAGE_BYTES
            cell = _cell(page, place, base) if first <= place < len(page) else None
            if (
                cell is not None
                and self._first_lost(base + place, cell.at - base - place) is not None
            ):
                cell = None  # its size or number is lost
            room -= cell.local if cell is not None else 0
            if cell is None or room < 0:
                whole = False
            else:
                cells.append(cell)
        return tuple(cells), whole

    def _whole(self, cell: Cell) -> bytes | None:
        """Follow the chain of pages that hold the rest of a row."""
        parts = [self._local(cell)]
        left = cell.size - cell.local
        if len(parts[0]) != cell.local:
            return None
        number = cell.overflow
        while left > 0:
            if not 1 < number <= self.pages or self._left < 0:
                return None
            self._left -= schema.PAGE_BYTES
            page = self._read((number - 1) * schema.PAGE_BYTES, schema.PAGE_BYTES)
            if len(page) < min(left + 4, schema.PAGE_BYTES):
                return None
            part = page[4 : 4 + left]
            parts.append(part)
            left -= len(part)
            number = int.from_bytes(page[:4])
        return b"".join(parts) if number == 0 else None


def _sectors(at: int, count: int) -> range:
    return range(at // _SECTOR_BYTES, -(-(at + count) // _SECTOR_BYTES))


def _cell(page: bytes, place: int, base: int) -> Cell | None:
    size, at = _varint(page, place)
    rowid, at = _varint(page, at)
    if not 0 < size <= _MOST_PAYLOAD or at >= len(page):
        return None
    local = _local_bytes(size)
    end = at + local + (4 if local < size else 0)
    if end > len(page):
        return None
    overflow = int.from_bytes(page[at + local : end]) if local < size else 0
    if local < size and overflow < 2:
        return None
    return Cell(rowid=rowid, size=size, at=base + at, local=local, overflow=overflow)


def _local_bytes(size: int) -> int:
    """Return how much of a row lies on its leaf."""
    usable = schema.PAGE_BYTES
    most = usable - 35
    if size <= most:
        return size
    least = (usable - 12) * 32 // 255 - 23
    local = least + (size - least) % (usable - 4)
    return local if local <= most else least


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a number and the place behind it; -1 where it does not end in time."""
    value = 0
    for count, byte in enumerate(data[at : at + 9]):
        if count == 8:
            return _signed(value << 8 | byte), at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + count + 1
    return -1, len(data)


def _signed(value: int) -> int:
    return value - 2**64 if value >= 2**63 else value


def _types(data: bytes) -> tuple[tuple[int, ...], int] | None:
    """Return the types of the columns and where the values begin."""
    end, at = _varint(data, 0)
    if not at <= end <= min(len(data), 64):
        return None
    types: list[int] = []
    while at < end:
        kind, at = _varint(data[:end], at)
        types.append(kind)
    return tuple(types), end


def _beginning(data: bytes) -> tuple[tuple[int, ...], tuple[Value, ...]]:
    found = _types(data)
    if found is None:
        return (), ()
    types, at = found
    values: list[Value] = []
    for kind in types:
        size = _size(kind)
        if size is None or at + size > len(data):
            break
        values.append(_value(kind, data[at : at + size]))
        at += size
    return types, tuple(values)


def _columns(data: bytes) -> tuple[Value, ...] | None:
    types, values = _beginning(data)
    return values if types and len(values) == len(types) else None


def _size(kind: int) -> int | None:
    if kind >= 12:
        return (kind - 12) // 2
    if kind in (0, 8, 9):
        return 0
    return _INTEGER_BYTES.get(kind)


def _value(kind: int, data: bytes) -> Value:
    if kind == 0:
        return None
    if kind in (8, 9):
        return kind - 8
    if kind < 12:
        return int.from_bytes(data, signed=True)
    return data.decode("utf-8", "replace") if kind % 2 else data
