"""Which files of a watched folder have arrived complete.

Rules:

1. A file is complete when its size and time of change have stayed the same for ``settle`` seconds
   and it is not empty. A file that is still being copied waits.
2. Names that programs use while they copy or download are not taken until they are renamed. One
   that has stopped changing is not counted as under way: it may have been left behind.
3. What was handed out is not handed out again unless the file changes. After a restart everything
   is handed out once more; the same bytes are one exhibit, so nothing is imported twice.
4. Time here is the monotonic clock: setting the machine's clock changes nothing.
"""

import dataclasses
from collections.abc import Iterable, Sequence
from pathlib import Path

from evidence.ingest.find_files import FoundFile

UNFINISHED = frozenset(
    {".part", ".partial", ".crdownload", ".download", ".tmp", ".temp", ".filepart", ".!qb"}
)
"""Endings of files that a program is still writing."""

Signature = tuple[int, int, int]
"""Size, time of change in ns, file number."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    signature: Signature
    since: float


class Arrivals:
    """Remembers what a folder looked like."""

    def __init__(self, *, settle: float) -> None:
        """Call a file complete after ``settle`` seconds without a change."""
        self._settle = settle
        self._now = 0.0
        self._seen: dict[Path, _Seen] = {}
        self._handed: dict[Path, Signature] = {}

    @property
    def waiting(self) -> int:
        """Files that were still changing at the last look."""
        return sum(not self._is_still(seen) for seen in self._seen.values())

    def complete(self, found: Sequence[FoundFile], *, now: float) -> list[FoundFile]:
        """Return the files that have arrived complete since the last look.

        Args:
            found: every file that is in the folder now.
            now: the monotonic clock, in seconds.
        """
        self._now = now
        looked = dict(_looks(found))
        self._seen = {
            path: _Seen(signature=signature, since=self._since(path, signature, now))
            for path, signature in looked.items()
        }
        ready = [f for f in found if self._is_ready(f.path)]
        self._handed.update({f.path: looked[f.path] for f in ready})
        return ready

    def _since(self, path: Path, signature: Signature, now: float) -> float:
        before = self._seen.get(path)
        return before.since if before is not None and before.signature == signature else now

    def _is_still(self, seen: _Seen) -> bool:
        return self._now - seen.since >= self._settle

    def _is_ready(self, path: Path) -> bool:
        seen = self._seen.get(path)
        if seen is None or seen.signature[0] == 0 or path.suffix.lower() in UNFINISHED:
            return False
        return self._is_still(seen) and self._handed.get(path) != seen.signature


def _looks(found: Iterable[FoundFile]) -> Iterable[tuple[Path, Signature]]:
    for file in found:
        try:
            info = file.path.stat()
        except OSError:
            continue  # it went away between two looks
        yield file.path, (info.st_size, info.st_mtime_ns, info.st_ino)
