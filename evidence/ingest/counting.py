"""How far an import is: bytes of finished files, and parts of a large one as it is read."""

import io
from collections.abc import Callable
from typing import Any

from evidence.progress import Progress


class Meter:
    """Adds up what is done of ``total`` bytes and tells it."""

    def __init__(self, total: int, progress: Progress) -> None:
        self._total = max(total, 1)
        self._progress = progress
        self._done = 0

    def part(self, size: int, share: float) -> None:
        """Say that ``share`` (0 to 1) of a file of ``size`` bytes is done."""
        self._progress(min(self._done + int(size * share), self._total), self._total)

    def finish(self, size: int) -> None:
        """Say that a file of ``size`` bytes is done."""
        self._done = min(self._done + size, self._total)
        self._progress(self._done, self._total)


class Counting(io.RawIOBase):
    """Reads through to ``source``; ``told`` gets the furthest position read so far, in bytes."""

    def __init__(self, source: io.RawIOBase | io.BytesIO, told: Callable[[int], None]) -> None:
        super().__init__()
        self._source = source
        self._told = told
        self._furthest = 0

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that it can be positioned."""
        return True

    def tell(self) -> int:
        """Return the position in bytes."""
        return self._source.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to a position in bytes."""
        return self._source.seek(offset, whence)

    def readinto(self, buffer: Any) -> int:  # the buffer protocol has no name before 3.12
        """Read on and tell how far it is."""
        count = self._source.readinto(buffer) or 0
        place = self._source.tell()
        if place > self._furthest:
            self._furthest = place
            self._told(place)
        return count
