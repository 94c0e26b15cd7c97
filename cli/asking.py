"""Questions to the person at the terminal, and how long their answer is waited for.

Rules:

1. Every question of the program is asked here.
2. If a person typed what opens the case, a question that nobody answers ends the program, as
   ``watch`` ends: that is what forgets a key (ADR 35). A command asks before it changes anything.
3. Otherwise a question waits for as long as it takes: there is no key, or whoever sits here could
   give it again.
"""

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType

import click

from cli.context import CliContext
from cli.idle import Idle

_TICK = 1.0
"""Seconds between two looks at the clocks: one alarm at the end would not count time asleep."""


class UnansweredError(Exception):
    """Nobody answered a question for so long that the key of the case had to go."""


def confirm(state: CliContext, question: str, *, default: bool) -> bool:
    """Ask whether to go on."""
    with _limited(state):
        return click.confirm(question, default=default, err=True)


def line(state: CliContext, label: str, *, required: bool = False) -> str:
    """Ask for a line; an empty one is an answer unless ``required``."""
    with _limited(state):
        default = None if required else ""
        return str(click.prompt(label, default=default, show_default=False, err=True))


def hidden(state: CliContext, label: str) -> str:
    """Ask for a line that is not shown."""
    with _limited(state):
        return str(click.prompt(label, hide_input=True, default="", show_default=False, err=True))


@contextlib.contextmanager
def _limited(state: CliContext) -> Iterator[None]:
    """Wait in the block for a person, but not for ever if they typed what opens the case.

    Raises:
        UnansweredError: if they have gone.
    """
    if not state.key_typed or not state.lock_after:
        yield
        return
    idle = Idle(state.lock_after * 60, clock=state.clock)
    waiting = _interrupted(idle) if hasattr(signal, "setitimer") else _ended(idle, state)
    with waiting:
        yield


@contextlib.contextmanager
def _interrupted(idle: Idle) -> Iterator[None]:
    """Interrupt what the block waits for: the terminal and what is half-done are put in order."""

    def look(_number: int, _frame: FrameType | None) -> None:
        if idle.too_long(came=False, under_way=False):
            signal.setitimer(signal.ITIMER_REAL, 0)
            raise UnansweredError

    before = signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, _TICK, _TICK)
    try:
        yield
    except UnansweredError:
        click.echo(err=True)  # the question's own line is not ended yet
        raise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def _ended(idle: Idle, state: CliContext) -> Iterator[None]:
    """End the process from beside, where a system (Windows) lets nothing interrupt a question.

    It is as if it were killed, which leaves a case and what is being made in order too.
    """
    answered = threading.Event()

    def watch() -> None:
        from cli import failure

        while not answered.wait(_TICK):
            if idle.too_long(came=False, under_way=False):
                click.echo(err=True)
                code = failure.report(UnansweredError(), state, one_line=False)
                sys.stdout.flush()
                os._exit(code)

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        answered.set()
