"""Files that give their bytes in other pieces than asked, and files too large to keep."""

import io
import itertools
from collections.abc import Iterator


class InPieces(io.RawIOBase):
    """Gives the pieces one by one, however much is asked."""

    def __init__(self, pieces: Iterator[bytes] | list[bytes]) -> None:
        """Give ``pieces`` in order."""
        super().__init__()
        self._pieces = iter(pieces)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # bytes only
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        given = self._rest[: len(buffer)]
        self._rest = self._rest[len(given) :]
        buffer[: len(given)] = given
        return len(given)


def split_at(data: bytes, *borders: int) -> InPieces:
    """Return ``data`` as a file that gives it cut at the borders."""
    edges = [0, *borders, len(data)]
    return InPieces([data[a:b] for a, b in itertools.pairwise(edges)])
