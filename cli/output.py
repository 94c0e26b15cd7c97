"""What the program prints: data to stdout, talk to stderr, JSON as one document or lines.

Whoever composes a line makes each foreign text one line with ``safe``; here is the net below it: no
control character but the line's own end ever leaves.
"""

import json
import shutil
import sys
from collections.abc import Iterable

import click

from cli.context import CliContext
from cli.display import escape_json, printable
from cli.i18n import _


def emit(line: str) -> None:
    """Print a line of data."""
    click.echo(printable(line))


def emit_lines(lines: Iterable[str]) -> None:
    """Print lines of data."""
    for line in lines:
        emit(line)


def emit_json(value: object) -> None:
    """Print one JSON document."""
    click.echo(escape_json(json.dumps(value, ensure_ascii=False, indent=2)))


def emit_json_line(value: object) -> None:
    """Print one JSON object on one line, at once."""
    click.echo(escape_json(json.dumps(value, ensure_ascii=False)))


def say(text: str) -> None:
    """Tell the person something that is not data; commands in it are on the case they named."""
    context = click.get_current_context(silent=True)
    if context is not None and isinstance(context.obj, CliContext):
        text = context.obj.pasteable(text)
    click.echo(printable(text), err=True)


def next_step(text: str) -> None:
    """Tell the person what they can do now."""
    say(_("下一步：{text}").format(text=text))


def warn(text: str) -> None:
    """Tell the person to look at something."""
    say(_("注意：{text}").format(text=text))


def columns() -> int | None:
    """Return the columns of the terminal that shows the data; None if it is no terminal."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def use_safe_encoding(*, utf8: bool) -> None:
    """Never fail on a character that the terminal cannot show; JSON is always UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        reconfigure(errors="backslashreplace")
        if utf8 and stream is sys.stdout:
            reconfigure(encoding="utf-8")
