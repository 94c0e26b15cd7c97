"""A progress bar on stderr, drawn only where a person watches: on a terminal."""

import contextlib
import shutil
import sys
import time
from collections.abc import Iterator

from cli.display import width
from evidence.progress import Progress, silent

_BAR = 24
_SECONDS = 0.1
"""Redrawn at most this often."""


class Bar:
    """One line that is drawn over and over."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._drawn = 0.0
        self._shown = 0

    def update(self, done: int, total: int) -> None:
        """Draw how far the work is, unless it was drawn a moment ago."""
        now = time.monotonic()
        if now - self._drawn < _SECONDS and done < total:
            return
        self._drawn = now
        share = done / total if total else 1.0
        filled = int(share * _BAR)
        line = f"{self._label} {'█' * filled}{'░' * (_BAR - filled)} {share:4.0%}"
        if width(line) < shutil.get_terminal_size().columns:
            self._write("\r" + line + " " * (self._shown - width(line)))
            self._shown = width(line)

    def clear(self) -> None:
        """Take the line away, so that something else can be printed."""
        if self._shown:
            self._write("\r" + " " * self._shown + "\r")
            self._shown = 0
            self._drawn = 0.0

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()


class NoBar(Bar):
    """Draws nothing."""

    def update(self, done: int, total: int) -> None:
        """Draw nothing."""

    def clear(self) -> None:
        """Have nothing to take away."""


@contextlib.contextmanager
def bar(label: str) -> Iterator[Bar]:
    """Give a bar that is gone when the block ends."""
    made = Bar(label) if sys.stderr.isatty() else NoBar("")
    try:
        yield made
    finally:
        made.clear()


@contextlib.contextmanager
def progress(label: str) -> Iterator[Progress]:
    """Give a ``Progress`` that draws a bar."""
    if not sys.stderr.isatty():
        yield silent
        return
    with bar(label) as made:
        yield made.update
