"""How long work tells how far it is, without knowing about a terminal."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called with what is done and the total, in bytes or items as the callee documents."""


def silent(done: int, total: int) -> None:
    """Report nothing."""
