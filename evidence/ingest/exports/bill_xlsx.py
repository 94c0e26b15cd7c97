"""Operator bills as XLSX, read as they stream.

Rules:

1. Only the sheets' cells, the shared strings and the number formats are read: no formula is
   evaluated, no link followed, no picture opened. A formula's cell has the value last stored.
2. A number with a date format is a date; one below 1 is a time of day, or a duration.
3. Bounds on everything: members, strings, columns, length of a cell, nesting. (``openpyxl`` was
   tried: it builds a whole row before it can be refused, and pads gaps to the last column.)
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import BinaryIO
from xml.parsers import expat

from evidence.core.export_row import Position
from evidence.core.records import Medium
from evidence.ingest.exports import archive, bill_rows, sheet_numbers
from evidence.ingest.exports.base import ExportFormError, Row, too_long
from evidence.ingest.exports.bill_rows import MAX_CELL, MAX_COLUMNS, SheetRow
from evidence.ingest.exports.bill_values import plain
from evidence.ingest.exports.xml_repair import XmlRepair

_MAX_SHEETS = 64
_MAX_STRINGS = 1_000_000
_MAX_STRING_CHARACTERS = 16_000_000
_MAX_SMALL = 8 * 1024 * 1024
"""Longest workbook, relations and styles, expanded."""
_MAX_SHEET = 512 * 1024 * 1024
_MAX_DEPTH = 64
_MAX_ROWS = 1_048_576
"""Rows of a sheet, by the format."""
_MAX_ROW_CELLS = 20_000
"""A sheet has 16,384 columns; most of a styled row are empty."""

_REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")


class XlsxBillReader:
    """A bill as a spreadsheet."""

    name = "bill-xlsx"
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    medium = Medium.BILL

    def identify(self, head: bytes) -> bool:
        """Tell a spreadsheet by its first members; whether it is a bill ``rows`` finds out."""
        return any(name.startswith("xl/") for name in archive.names_in_head(head))

    def rows(self, original: BinaryIO, size: int, *, name: str) -> Iterator[Row]:
        """Give the calls and messages of every sheet, streaming.

        Raises:
            ExportFormError: when no sheet has an operator's table, or the file is damaged,
                encrypted or hostile.
        """
        with archive.opened(original, size) as book:
            yield from bill_rows.records(_all_rows(book), name=name)


def _all_rows(book: zipfile.ZipFile) -> Iterator[SheetRow]:
    members = {info.filename: info for info in book.infolist()}
    sheets, is_1904 = _sheets(book, members)
    strings = _strings(book, members)
    dated = _dated_styles(book, members)
    for title, path in sheets:
        handler = _Sheet(title, strings, dated, is_1904=is_1904)
        for _ in _parse(book, members[path], handler, _MAX_SHEET):
            yield from handler.take()


class _Handler:
    """What the parser calls, with depth kept."""

    def __init__(self) -> None:
        self.depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the begin of an element."""

    def end(self, name: str) -> None:
        """Take the end of an element."""

    def text(self, text: str) -> None:
        """Take character data."""


def _parse(
    book: zipfile.ZipFile, info: zipfile.ZipInfo, handler: _Handler, limit: int
) -> Iterator[None]:
    """Parse one member; give control back after each piece."""
    parser = expat.ParserCreate("utf-8")

    def start(name: str, attributes: dict[str, str]) -> None:
        handler.depth += 1
        if handler.depth > _MAX_DEPTH:
            raise ExportFormError("too-deep", "表格文件的层次深得不正常，无法读取")
        handler.start(name.rpartition(":")[2], attributes)

    def end(name: str) -> None:
        handler.depth -= 1
        handler.end(name.rpartition(":")[2])

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    with archive.member(book, info, limit=limit) as stream:
        try:
            for piece in XmlRepair().pieces(stream):
                parser.Parse(piece)
                yield
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise ExportFormError(
                "damaged", "表格文件已损坏或不完整，后面的无法读取；请重新下载一次"
            ) from error
    yield


def _refuse_doctype(*_: object) -> None:
    raise ExportFormError(
        "doctype", "表格里带有真正的表格不会有的声明（DOCTYPE），可能有害，没有读取"
    )


class _Book(_Handler):
    """The names of the sheets."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str]] = []
        self.is_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet" and len(self.sheets) < _MAX_SHEETS:
            key = next((v for k, v in attributes.items() if k.rpartition(":")[2] == "id"), "")
            self.sheets.append((attributes.get("name", "")[:64], key))
        elif name == "workbookPr":
            self.is_1904 = attributes.get("date1904") in ("1", "true")


class _Relations(_Handler):
    """Which member a relation means."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")


class _Strings(_Handler):
    """The shared strings, without the phonetic text beside them."""

    def __init__(self) -> None:
        super().__init__()
        self.strings: list[str] = []
        self._pieces: list[str] = []
        self._in_text = False
        self._phonetic = 0
        self._left = _MAX_STRING_CHARACTERS

    def start(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002 - Handler's shape
        self._in_text = name == "t"
        self._phonetic += name == "rPh"

    def end(self, name: str) -> None:
        self._in_text = False
        self._phonetic -= name == "rPh"
        if name == "si":
            self.strings.append("".join(self._pieces))
            self._pieces = []
            if len(self.strings) > _MAX_STRINGS:
                raise too_long(Position(record=0), "表格的文字")

    def text(self, text: str) -> None:
        if self._in_text and not self._phonetic:
            self._left -= len(text)
            if self._left < 0:
                raise too_long(Position(record=0), "表格的文字")
            self._pieces.append(text)


class _Styles(_Handler):
    """Which cell formats are dates."""

    def __init__(self) -> None:
        super().__init__()
        self.dated: list[bool] = []
        self._own: dict[str, bool] = {}
        self._in_cells = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            code = attributes.get("formatCode", "")
            self._own[attributes.get("numFmtId", "")] = sheet_numbers.is_date_format(code)
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            number = attributes.get("numFmtId", "0")
            built_in = number in sheet_numbers.DATE_FORMATS
            self.dated.append(self._own.get(number, built_in))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cells = False


class _Sheet(_Handler):
    """The rows of one sheet."""

    def __init__(
        self, title: str, strings: Sequence[str], dated: Sequence[bool], *, is_1904: bool
    ) -> None:
        super().__init__()
        self._title, self._strings, self._dated, self._is_1904 = title, strings, dated, is_1904
        self._ready: list[SheetRow] = []
        self._row = 0
        self._rows = 0
        self._cells: dict[int, str] = {}
        self._numeric: set[int] = set()
        self._column = -1
        self._seen = 0
        self._kind = ""
        self._style = 0
        self._pieces: list[str] = []
        self._length = 0
        self._wanted = False
        self._phonetic = 0

    def take(self) -> list[SheetRow]:
        """Return the rows since the last call."""
        rows, self._ready = self._ready, []
        return rows

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._begin_cell(attributes)
        elif name == "row":
            self._rows += 1
            if self._rows > _MAX_ROWS:
                raise too_long(self._position(), "表格")
            number = attributes.get("r", "")
            self._row = int(number[:8]) if number.isascii() and number.isdigit() else self._row + 1
            self._cells, self._numeric, self._column, self._seen = {}, set(), -1, 0
        elif name == "rPh":
            self._phonetic += 1
        self._wanted = name in ("v", "t") and not self._phonetic

    def end(self, name: str) -> None:
        self._wanted = False
        if name == "c":
            self._end_cell()
        elif name == "rPh":
            self._phonetic -= 1
        elif name == "row" and self._cells:
            width = max(self._cells) + 1
            self._ready.append(
                SheetRow(
                    part=self._title,
                    line=self._row,
                    cells=tuple(self._cells.get(c, "") for c in range(width)),
                    numeric=frozenset(self._numeric),
                )
            )

    def text(self, text: str) -> None:
        if self._wanted:
            self._length += len(text)
            if self._length > MAX_CELL:
                raise too_long(self._position(), "其中一格")
            self._pieces.append(text)

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._seen += 1
        reference = _REFERENCE.fullmatch(attributes.get("r", ""))
        self._column = _column(reference[1]) if reference else self._column + 1
        if self._seen > _MAX_ROW_CELLS:
            raise ExportFormError(
                "too-many-columns", "表格的列多得不正常，无法读取", self._position()
            )
        self._kind = attributes.get("t", "n")
        style = attributes.get("s", "")
        self._style = int(style[:6]) if style.isascii() and style.isdigit() else 0
        self._pieces, self._length = [], 0

    def _end_cell(self) -> None:
        value = "".join(self._pieces)
        if not value:
            return
        if self._column >= MAX_COLUMNS:
            raise ExportFormError(
                "too-many-columns", "表格的列多得不正常，无法读取", self._position()
            )
        if self._kind == "s":
            value = self._shared(value)
        elif self._kind == "n":
            value, is_number = self._number(value)
            if is_number:
                self._numeric.add(self._column)
        value = plain(value)
        if value:
            self._cells[self._column] = value

    def _shared(self, text: str) -> str:
        index = int(text[:8]) if text.isascii() and text.strip().isdigit() else -1
        if not 0 <= index < len(self._strings):
            raise ExportFormError("damaged", "表格文件已损坏，无法读取", self._position())
        return self._strings[index]

    def _number(self, text: str) -> tuple[str, bool]:
        """Return a number's text, and whether it stayed a number."""
        dated = self._style < len(self._dated) and self._dated[self._style]
        try:
            number = float(text)
        except ValueError:
            return text, False
        if dated:
            return sheet_numbers.date_text(number, is_1904=self._is_1904), False
        return sheet_numbers.number_text(text, number), True

    def _position(self) -> Position:
        return Position(record=0, part=self._title, line=self._row)


def _sheets(
    book: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]
) -> tuple[list[tuple[str, str]], bool]:
    workbook, relations = _Book(), _Relations()
    for path, handler in (("xl/workbook.xml", workbook), ("xl/_rels/workbook.xml.rels", relations)):
        _read_small(book, members, path, handler)
    found = []
    for title, key in workbook.sheets:
        target = relations.targets.get(key, "")
        path = target[1:] if target.startswith("/") else f"xl/{target}"
        if path in members:
            found.append((title, path))
    if not found:
        raise ExportFormError("damaged", "表格文件里没有可以读取的工作表")
    return found, workbook.is_1904


def _strings(book: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> list[str]:
    handler = _Strings()
    if "xl/sharedStrings.xml" in members:
        for _ in _parse(book, members["xl/sharedStrings.xml"], handler, _MAX_SHEET):
            pass
    return handler.strings


def _dated_styles(book: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> list[bool]:
    handler = _Styles()
    _read_small(book, members, "xl/styles.xml", handler)
    return handler.dated


def _read_small(
    book: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], path: str, handler: _Handler
) -> None:
    if path in members:
        for _ in _parse(book, members[path], handler, _MAX_SMALL):
            pass


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
