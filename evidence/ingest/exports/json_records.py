"""JSON records as they stream by: objects of one array, or one object per line.

Rules:

1. One record is parsed at a time, by the standard library's parser, out of a window of bounded
   size. (``ijson`` was tried: nested arrays take memory by the square of their depth, and half a
   surrogate pair becomes ``?`` or ends the file.)
2. A record may be long only by its base64; one with more brackets or commas than any real one is
   refused before it is parsed, because small containers take many times their length in memory.
3. Values become text: numbers as written, true and false as words; null is left out.
"""

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO, TypeAlias

from evidence.core.export_row import Position
from evidence.ingest.exports.base import ExportFormError, Pairs, too_long

MAX_WINDOW = 16 * 1024 * 1024
"""Longest object with its base64, in characters."""
MAX_LINE = 4 * 1024 * 1024
"""Longest line, in bytes; what is in lines keeps its base64 elsewhere."""

_BLOCK = 128 * 1024
_MAX_CONTAINERS = 4096
_MAX_COMMAS = 65536
_MAX_DEPTH = 6
_DEEPEST = 100
"""Levels of a value that are read at all; beyond ``_MAX_DEPTH`` they are not kept apart."""
_CUT = re.compile(r"[\\A-Za-z0-9-]{0,7}\s*")
"""An escape or a literal that the end of the file cut is reported where it begins."""
_SPACE = re.compile(r"[ \t\r\n]*")
_LONE = re.compile("[\ud800-\udfff]")

JsonRecord: TypeAlias = Mapping[str, object]

_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str, strict=False)


def array_of_objects(original: BinaryIO, *, key: str = "") -> Iterator[JsonRecord | None]:
    """Give the objects of the file's array, or of the array under ``key`` of its one object.

    None stands for an element that is no object.

    Raises:
        ExportFormError: for JSON that ends early, is malformed or is hostile.
    """
    window = _Window(original)
    if key:
        _go_to(window, key)
    window.expect("[", "not-this-form")
    count = 0
    if window.peek() == "]":
        return
    while True:
        value = window.value(count)
        count += 1
        yield value if isinstance(value, dict) else None
        if window.peek() == "]":
            break
        window.expect(",", "malformed", count)
    window.expect("]", "malformed", count)
    if not key and window.peek():
        raise _bad("malformed", count)


def first_object(text: bytes) -> JsonRecord | None:
    """Return the object that ``text`` begins with, if it is all there."""
    try:
        value, _ = _DECODER.raw_decode(text.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def lines(original: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Give each line with its number; None for one longer than ``MAX_LINE``."""
    number = 0
    while line := original.readline(MAX_LINE):
        number += 1
        if len(line) < MAX_LINE or line.endswith(b"\n"):
            yield number, line
            continue
        yield number, None
        while (rest := original.readline(MAX_LINE)) and not rest.endswith(b"\n"):
            pass


def parse_line(line: bytes) -> JsonRecord | None:
    """Return the object on a line, or None when it holds none."""
    text = line.decode("utf-8", "replace").removeprefix("\ufeff")
    if _too_rich(text):
        return None
    try:
        value = _DECODER.decode(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def flatten(record: JsonRecord) -> Pairs:
    """Return every value with its path; base64 only as the fact that it was there."""
    pairs: list[tuple[str, str]] = []
    _flatten("", record, pairs, 0)
    return tuple(pairs)


def texts(record: JsonRecord) -> dict[str, str]:
    """Return the plain values of one object."""
    return {
        clean(key): clean(text)
        for key, value in record.items()
        if (text := _scalar(value)) is not None
    }


def objects(value: object) -> list[JsonRecord]:
    """Return the objects of a list; empty for anything else."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def clean(text: str) -> str:
    """Return ``text`` with half pairs, which have no UTF-8 form, as U+FFFD."""
    return text if text.isascii() else _LONE.sub("\ufffd", text)


class _Window:
    """The part of the file being parsed."""

    def __init__(self, original: BinaryIO) -> None:
        self._original = original
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._text = ""
        self._at = 0
        self._ended = False
        self._more()
        self._text = self._text.removeprefix("\ufeff")

    def peek(self) -> str:
        """Return the next character that is no space; empty at the end of the file."""
        while True:
            space = _SPACE.match(self._text, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if self._ended:
                return ""
            self._more()

    def expect(self, mark: str, code: str, count: int = 0) -> None:
        """Step over ``mark``."""
        found = self.peek()
        if found != mark:
            raise _bad(code if found else "truncated", count)
        self._at += 1

    def value(self, count: int) -> object:
        """Return the next value."""
        if not self.peek():
            raise _bad("truncated", count)
        cut = True
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except RecursionError:
                raise _bad("too-deep", count) from None
            except json.JSONDecodeError as error:
                value, end = None, len(self._text)
                rest = self._text[error.pos : error.pos + 16]
                cut = error.msg.startswith("Unterminated") or _CUT.fullmatch(rest) is not None
            # A number at the very end may go on in the next block.
            if end < len(self._text) or (self._ended and value is not None):
                if _too_deep(value):
                    raise _bad("too-deep", count)
                self._at = end
                return value
            if self._ended:
                raise _bad("truncated" if cut else "malformed", count)
            self._grow(count)

    def _grow(self, count: int) -> None:
        """Double the window, within bounds; called when the value does not end in it."""
        held = len(self._text) - self._at
        if held > MAX_WINDOW or _too_rich(self._text[self._at :]):
            raise too_long(Position(record=count))
        wanted = held
        while not self._ended and wanted >= 0:
            wanted -= self._more()

    def _more(self) -> int:
        block = self._original.read(_BLOCK)
        self._ended = not block
        text = self._decoder.decode(block, final=self._ended)
        self._text = self._text[self._at :] + text
        self._at = 0
        return len(text)


def _go_to(window: _Window, key: str) -> None:
    """Step into the file's one object up to the value of ``key``."""
    window.expect("{", "not-this-form")
    while window.peek() == '"':
        name = window.value(0)
        window.expect(":", "malformed")
        if name == key:
            return
        window.value(0)
        if window.peek() == ",":
            window.expect(",", "malformed")
    raise _bad("not-this-form" if window.peek() else "truncated", 0)


def _too_deep(value: object) -> bool:
    """Tell whether a value is nested as nobody's export is; from some version on json reads it."""
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            part
            for item in level
            if isinstance(item, dict | list)
            for part in (item.values() if isinstance(item, dict) else item)
        ]
        if not level:
            return False
    return True


def _too_rich(text: str) -> bool:
    return text.count("[") + text.count("{") > _MAX_CONTAINERS or text.count(",") > _MAX_COMMAS


def _flatten(path: str, value: object, pairs: list[tuple[str, str]], depth: int) -> None:
    if isinstance(value, dict | list):
        if depth == _MAX_DEPTH:
            pairs.append((path, "…"))
            return
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in items:
            name = clean(str(key))
            _flatten(f"{path}.{name}" if path else name, inner, pairs, depth + 1)
        return
    text = _scalar(value)
    if text is None:
        return
    is_base64 = path.endswith(("__base64__", "binary_data"))
    pairs.append((path, "…" if is_base64 else clean(text)))


def _scalar(value: object) -> str | None:
    if isinstance(value, str):
        return value
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else None


def _bad(code: str, count: int) -> ExportFormError:
    reasons = {
        "truncated": f"文件不完整：读到第 {count} 条之后就断了；"
        "前面的已读出，请从手机重新复制或导出一次",
        "malformed": f"读到第 {count} 条之后，文件的内容不符合 JSON 格式，后面的无法读取；"
        "前面的已读出，请重新导出一次",
        "too-deep": "文件的层次深得不正常，无法读取",
        "not-this-form": "文件里没有找到短信或通话记录",
    }
    return ExportFormError(code, reasons[code], Position(record=count))
