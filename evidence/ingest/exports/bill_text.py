"""Operator bills as text: CSV of every delimiter, and the HTML that sites name ``.xls``.

Rules:

1. The encoding and the delimiter are those with which one of the first lines becomes an
   operator's row of titles: UTF-8 or UTF-16 by its mark, else UTF-8 or GB18030.
2. A byte that the encoding does not have becomes U+FFFD in its cell, and the other rows stay.
3. One line is one row. A quote that is not closed on its line, or within the few lines that an
   address may take, is an ordinary character: it must not swallow the rows below.
4. Nothing in a cell is ever evaluated.
"""

import codecs
import csv
import html
import re
from collections.abc import Iterator
from typing import BinaryIO

from evidence.core.export_row import Position
from evidence.core.records import Medium
from evidence.ingest.exports import bill_rows
from evidence.ingest.exports.base import ExportFormError, Row, too_long
from evidence.ingest.exports.bill_rows import MAX_CELL, MAX_COLUMNS, SheetRow
from evidence.ingest.exports.bill_values import plain

_BLOCK = 128 * 1024
_MAX_LINE = 512 * 1024
_HEAD = 65536
_HEAD_LINES = 200
_DELIMITERS = (",", "\t", "~", ";", "|", "，")
_JOINED_LINES = 4
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")
_TABLE = re.compile(r"<(?:html|table|!doctype html)\b", re.IGNORECASE)
_ROW_END = re.compile(r"</tr\s*>|</table\s*>|<tr\b", re.IGNORECASE)
_CELL = re.compile(r"<t[dh]\b[^>]*>", re.IGNORECASE)
_CELL_END = re.compile(r"</t[dhr]\s*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


class CsvBillReader:
    """A bill as delimited text, whatever its name ends in."""

    name = "bill-csv"
    media_type = "text/csv"
    medium = Medium.BILL

    def identify(self, head: bytes) -> bool:
        """Tell whether one of the first lines is an operator's row of titles."""
        return _sniff(head) is not None

    def rows(self, original: BinaryIO, size: int, *, name: str) -> Iterator[Row]:  # noqa: ARG002 - ExportReader's shape
        """Give the calls and messages, streaming.

        Raises:
            ExportFormError: when there is no operator's table, or a line is longer than any.
        """
        found = _sniff(original.read(_HEAD))
        if found is None:
            raise _no_bill()
        encoding, delimiter = found
        lines = _lines(original, encoding)
        yield from bill_rows.records(_csv_rows(lines, delimiter), name=name)


class HtmlBillReader:
    """A bill as a web page's table."""

    name = "bill-html"
    media_type = "text/html"
    medium = Medium.BILL

    def identify(self, head: bytes) -> bool:
        """Tell whether the page's first table has an operator's row of titles."""
        return bool(_page_encoding(head))

    def rows(self, original: BinaryIO, size: int, *, name: str) -> Iterator[Row]:  # noqa: ARG002 - ExportReader's shape
        """Give the calls and messages, streaming.

        Raises:
            ExportFormError: when there is no operator's table, or a row is longer than any.
        """
        encoding = _page_encoding(original.read(_HEAD))
        if not encoding:
            raise _no_bill()
        yield from bill_rows.records(_html_rows(_texts(original, encoding)), name=name)


def _no_bill() -> ExportFormError:
    return ExportFormError(bill_rows.NOT_A_BILL, "没有找到运营商详单的表头，没有读出通话记录")


def _texts(original: BinaryIO, encoding: str) -> Iterator[str]:
    original.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    while block := original.read(_BLOCK):
        yield decoder.decode(block)
    yield decoder.decode(b"", final=True)


def _lines(original: BinaryIO, encoding: str) -> Iterator[str]:
    pending = ""
    carriage = False
    for text in _texts(original, encoding):
        if carriage and text.startswith("\n"):
            text = text[1:]  # noqa: PLW2901 - the second half of a line end across the border
        carriage = text.endswith("\r")
        pieces = (pending + text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
        pending = pieces.pop()
        yield from pieces
        if len(pending) > _MAX_LINE:
            raise too_long(Position(record=0), "其中一行")
    if pending:
        yield pending


def _head_texts(head: bytes) -> Iterator[tuple[str, str]]:
    """Give each encoding that the first bytes may have, with their text in it."""
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), "")
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        text = codecs.getincrementaldecoder(encoding)("replace").decode(head)
        if not _CONTROLS.search(text):
            yield encoding, text.lstrip()


def _sniff(head: bytes) -> tuple[str, str] | None:
    """Return encoding and delimiter of a bill, or None for anything else (rule 1)."""
    for encoding, text in _head_texts(head):
        if text.startswith(("<", "{", "[")):
            continue
        lines = text.splitlines()[:_HEAD_LINES]
        for delimiter in _DELIMITERS:
            if bill_rows.is_bill(_split(ln, delimiter) for ln in lines if delimiter in ln):
                return encoding, delimiter
    return None


def _page_encoding(head: bytes) -> str:
    """Return the encoding of a page with a bill's table; empty for anything else."""
    for encoding, text in _head_texts(head):
        if (
            text.startswith("<")
            and _TABLE.search(text)
            and bill_rows.is_bill(_html_cells(piece) for piece in _ROW_END.split(text)[:500])
        ):
            return encoding
    return ""


def _csv_rows(lines: Iterator[str], delimiter: str) -> Iterator[SheetRow]:
    number = 0
    width = 0
    held: list[str] = []
    for line in lines:
        number += 1
        if len(line) > _MAX_LINE:
            raise too_long(Position(record=0, line=number), "其中一行")
        held.append(line)
        if _is_open(held, delimiter, width) and len(held) < _JOINED_LINES:
            continue
        for row in _held_rows(held, number, delimiter):
            width = max(width, len(row.cells))
            yield row
        held = []
    yield from _held_rows(held, number, delimiter)


def _is_open(held: list[str], delimiter: str, width: int) -> bool:
    """Tell whether a quoted cell goes on below: the lines so far are too few cells for a row."""
    joined = "\n".join(held)
    return joined.count('"') % 2 == 1 and (not width or joined.count(delimiter) + 1 < width)


def _held_rows(held: list[str], number: int, delimiter: str) -> Iterator[SheetRow]:
    first = number - len(held) + 1
    joined = "\n".join(held)
    if joined.count('"') % 2 == 0 and held:
        yield _sheet_row(first, _split(joined, delimiter))
        return
    for offset, one in enumerate(held):
        yield _sheet_row(first + offset, _split(one, delimiter))


def _split(text: str, delimiter: str) -> tuple[str, ...]:
    if text.count('"') % 2:
        return tuple(plain(cell) for cell in text.split(delimiter))
    try:
        cells = next(csv.reader(text.split("\n"), delimiter=delimiter), [])
    except csv.Error:  # a cell beyond the module's own limit
        cells = text.split(delimiter)
    return tuple(plain(cell) for cell in cells)


def _sheet_row(line: int, cells: tuple[str, ...]) -> SheetRow:
    check_size(cells, Position(record=0, line=line))
    return SheetRow(part="", line=line, cells=cells)


def check_size(cells: tuple[str, ...], position: Position) -> None:
    """Refuse what no bill has.

    Raises:
        ExportFormError: for more columns or a longer cell than any bill has.
    """
    if len(cells) > MAX_COLUMNS:
        raise ExportFormError("too-many-columns", "表格的列多得不正常，无法读取", position)
    if any(len(cell) > MAX_CELL for cell in cells):
        raise too_long(position, "其中一格")


def _html_rows(blocks: Iterator[str]) -> Iterator[SheetRow]:
    pending = ""
    line = 0
    for block in blocks:
        pieces = _ROW_END.split(pending + block)
        pending = pieces.pop()
        for piece in pieces:
            cells = _html_cells(piece)
            if cells:
                line += 1
                check_size(cells, Position(record=0, line=line))
                yield SheetRow(part="", line=line, cells=cells)
        if len(pending) > _MAX_LINE:
            raise too_long(Position(record=0, line=line), "其中一行")
    cells = _html_cells(pending)
    if cells:
        yield SheetRow(part="", line=line + 1, cells=cells)


def _html_cells(piece: str) -> tuple[str, ...]:
    return tuple(
        plain(html.unescape(_TAG.sub("", _CELL_END.split(cell, 1)[0])))
        for cell in _CELL.split(piece)[1:]
    )
