"""Decoding recordings for their waveforms while everything else is made.

Rules:

1. A recording is decoded from the bundle as soon as it lies there: by the time its page is drawn,
   most of the waiting is over.
2. Two are decoded at a time, each in a child of its own. More would cost memory and gain little:
   typesetting takes as long.
3. What came of it is told in the order of the exhibits, not of the decoding.
"""

import concurrent.futures
import contextlib
import dataclasses
import queue
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from evidence.core.packet_record import ReviewItem
from evidence.errors import MediaUnreadableError
from evidence.ingest.reader import MediaReader
from reports.decide.review import worded
from reports.decide.review_points import Point
from reports.media import Peaks

BARS = 600
"""Bars of a waveform across the page."""

_AT_ONCE = 2


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A recording that lies in the bundle."""

    label: str
    seq: int
    path: Path
    size: int
    duration_ms: int


class Waveforms:
    """Decodes what it is given. Use it as a context manager; leaving it early stops the work."""

    def __init__(self, reader: MediaReader, step: Callable[[], None]) -> None:
        """Decode with ``reader`` and others like it; ``step`` is told each recording."""
        self._readers: queue.SimpleQueue[MediaReader] = queue.SimpleQueue()
        self._readers.put(reader)
        self._more = contextlib.ExitStack()
        for _ in range(_AT_ONCE - 1):
            self._readers.put(self._more.enter_context(reader.another()))
        self._step = step
        self._pool = concurrent.futures.ThreadPoolExecutor(_AT_ONCE)
        self._jobs: list[tuple[Recording, concurrent.futures.Future[Peaks | ReviewItem]]] = []

    def __enter__(self) -> Self:
        """Return the object itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the children; what is not yet decoded stays so."""
        self._pool.shutdown(cancel_futures=True)
        self._more.close()

    def decode(self, recording: Recording) -> Callable[[], Peaks | None]:
        """Begin to decode; return what waits for the bars, None if that fails."""
        job = self._pool.submit(self._decoded, recording)
        self._jobs.append((recording, job))

        def peaks() -> Peaks | None:
            found = job.result()
            return None if isinstance(found, ReviewItem) else found

        return peaks

    def problems(self) -> tuple[ReviewItem, ...]:
        """Wait for all, and return what could not be decoded."""
        found = [job.result() for _, job in sorted(self._jobs, key=lambda j: j[0].label)]
        return tuple(one for one in found if isinstance(one, ReviewItem))

    def _decoded(self, recording: Recording) -> Peaks | ReviewItem:
        reader = self._readers.get()
        try:
            with recording.path.open("rb") as file:
                return reader.peaks(
                    file,
                    recording.size,
                    seq=recording.seq,
                    duration_ms=recording.duration_ms,
                    buckets=BARS,
                )
        except MediaUnreadableError as error:
            detail, label = error.detail, recording.label
            return worded(Point.of("waveform-missing", recording.seq, labels=label, detail=detail))
        finally:
            self._readers.put(reader)
            self._step()
