"""How long work tells how far it is, without knowing about a terminal."""

import threading
from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called with what is done and the total, in bytes or items as the callee documents."""


def silent(done: int, total: int) -> None:
    """Report nothing."""


class SharedProgress:
    """Adds up what several threads have done and tells how far the work is."""

    def __init__(self, total: int, progress: Progress) -> None:
        """Tell ``progress`` of ``total``, and never of more."""
        self._total = total
        self._progress = progress
        self._done = 0
        self._lock = threading.Lock()

    def add(self, count: int) -> None:
        """Say that ``count`` more is done; what is done a second time is counted once."""
        with self._lock:
            self._done = min(self._done + count, self._total)
            self._progress(self._done, self._total)
