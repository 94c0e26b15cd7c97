r"""Text for a terminal: made safe, measured in columns, wrapped and set in tables.

Rules:

1. Nothing from a file name, a text or a case reaches the terminal as a control character: it is
   shown as ``\x1b`` or ``\u202e`` (escape sequences, marks and overrides of direction, what has no
   width and could hide something). The joiners U+200C and U+200D stay: emoji are made with them.
2. A Chinese character takes two columns. Nothing is cut; what is too long is wrapped.
3. A line never starts with a closing mark and never ends with an opening one.
"""

import functools
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

GAP = 2
"""Columns between two columns of a table."""

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_OPEN = "（《〈「『【〔“‘"
_CLOSE = "，。、；：！？）》〉」』】〕”’…％"
_WIDE = "\u2e80-\u303f\u3041-\u9fff\uf900-\ufaff\uff01-\uff60\uffe0-\uffe6\U00020000-\U0003fffd"
_TOKEN = re.compile(
    rf"\s+|[{_OPEN}]*(?:[^\s{_OPEN}{_CLOSE}{_WIDE}]+|[{_WIDE}])?[{_CLOSE}]*", re.DOTALL
)


def safe(text: str) -> str:
    """Return ``text`` as one line without control characters."""
    return _UNSAFE.sub(lambda found: escape(found[0]), text)


def safe_lines(text: str) -> list[str]:
    """Return the lines of ``text``, each without control characters."""
    return [safe(line.replace("\t", "    ")) for line in re.split(r"\r\n|\n|\r", text)]


def printable(text: str) -> str:
    """Return ``text`` with its line breaks but without control characters."""
    return _UNSAFE.sub(lambda found: found[0] if found[0] == "\n" else escape(found[0]), text)


def escape_json(document: str) -> str:
    r"""Return a JSON document in which unsafe characters of its strings are ``\uXXXX``."""
    return _UNSAFE.sub(
        lambda found: found[0] if found[0] == "\n" else json.dumps(found[0])[1:-1], document
    )


def escape(character: str) -> str:
    r"""Return the visible form of a control character."""
    code = ord(character)
    named = {0x0A: "\\n", 0x0D: "\\r", 0x09: "\\t"}
    if code > 0xFFFF:
        return f"\\U{code:08x}"
    return named.get(code) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")


def width(text: str) -> int:
    """Return how many columns ``text`` takes."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def pad(text: str, columns: int) -> str:
    """Return ``text`` filled with spaces to ``columns``."""
    return text + " " * (columns - width(text))


def wrap(text: str, columns: int) -> list[str]:
    """Return ``text`` in lines of at most ``columns``; a line break in it stays one."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _wrap_paragraph(paragraph, columns)
    return lines


def fitted(lines: Iterable[str], *, columns: int | None) -> Iterator[str]:
    """Yield lines with what is too long continued below, indented; a command stays whole."""
    for line in lines:
        if columns is None or width(line) <= columns or "liuhen " in line:
            yield line
            continue
        indent = line[: len(line) - len(line.lstrip())]
        first, *rest = wrap(line.strip(), columns - len(indent) - 2)
        yield indent + first
        yield from (f"{indent}  {piece}" for piece in rest)


def table(
    headers: Sequence[str], rows: Iterable[Sequence[str]], *, columns: int | None = None
) -> list[str]:
    """Return the lines of a table; with ``columns`` its last column is wrapped to fit."""
    cells = [tuple(headers), *(tuple(row) for row in rows)]
    widths = [max(width(row[i]) for row in cells) for i in range(len(headers))]
    left = sum(widths[:-1]) + GAP * (len(widths) - 1)
    room = max(widths[-1], 1)
    if columns is not None:
        room = max(min(room, columns - left), 20)
    lines: list[str] = []
    for row in cells:
        head = "".join(pad(cell, widths[i] + GAP) for i, cell in enumerate(row[:-1]))
        for piece in wrap(row[-1], room):
            lines.append((head + piece).rstrip())
            head = " " * left
    return lines


def pairs(rows: Iterable[tuple[str, str]], *, columns: int | None = None) -> list[str]:
    """Return lines of label and value, the values aligned; empty values are left out."""
    shown = [(label, value) for label, value in rows if value]
    left = max((width(label) for label, _ in shown), default=0) + GAP
    lines: list[str] = []
    for label, value in shown:
        head = pad(label, left)
        room = max(columns - left, 20) if columns is not None else max(width(value), 1)
        for piece in wrap(value, room):
            lines.append((head + piece).rstrip())
            head = " " * left
    return lines


@functools.cache
def _columns(character: str) -> int:
    if unicodedata.east_asian_width(character) in "WF":
        return 2
    return 0 if unicodedata.category(character) in ("Mn", "Me", "Cf") else 1


def _wrap_paragraph(text: str, columns: int) -> list[str]:
    if width(text) <= columns:
        return [text]
    lines, line = [], ""
    for token in _TOKEN.findall(text):
        if line and width(line) + width(token) > columns:
            lines.append(line.rstrip())
            line = ""
        rest = token.lstrip() if lines and not line else token
        while width(rest) > columns:
            cut = _fit(rest, columns)
            lines.append(rest[:cut])
            rest = rest[cut:]
        line += rest
    return [*lines, line.rstrip()] if line.strip() else lines


def _fit(text: str, columns: int) -> int:
    """Return how many characters of ``text`` fit into ``columns``, at least one."""
    used = 0
    for place, character in enumerate(text):
        used += _columns(character)
        if used > columns:
            return max(place, 1)
    return len(text)
