"""Operator bills as the old Excel's XLS, by ``xlrd``.

Rules:

1. ``xlrd`` reads the whole file at once, so that its size is bounded instead: a month of calls
   has a hundredth of the bound.
2. ``xlrd`` is made for honest files; whatever it raises means that the file is damaged.
3. Encrypted files of this family are recognised, the new ones too, and refused with a reason.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO, TextIO, cast

from evidence.core.export_row import Position
from evidence.core.records import Medium
from evidence.ingest.exports import bill_rows
from evidence.ingest.exports.base import ExportFormError, Row
from evidence.ingest.exports.bill_rows import SheetRow
from evidence.ingest.exports.bill_text import check_size
from evidence.ingest.exports.bill_values import plain
from evidence.ingest.exports.sheet_numbers import date_text, number_text

if TYPE_CHECKING:
    import xlrd.sheet

MAX_SIZE = 16 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOOK_NAMES = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book\0"))
_BEGINS = (b"\x09\x08\x10\x00\x00\x06\x05\x00", b"\x09\x08\x08\x00\x00\x05\x05\x00")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class XlsBillReader:
    """A bill as a spreadsheet of Excel 97 to 2003."""

    name = "bill-xls"
    media_type = "application/vnd.ms-excel"
    medium = Medium.BILL

    def identify(self, head: bytes) -> bool:
        """Tell a workbook, also an encrypted one; whether it is a bill ``rows`` finds out."""
        return head.startswith(_OLE) and any(
            mark in head for mark in (*_BOOK_NAMES, *_BEGINS, _ENCRYPTED)
        )

    def rows(self, original: BinaryIO, size: int, *, name: str) -> Iterator[Row]:
        """Give the calls and messages of every sheet.

        Raises:
            ExportFormError: when no sheet has an operator's table, or the file is damaged,
                encrypted or too large.
        """
        if size > MAX_SIZE:
            raise ExportFormError("too-large", "表格文件大得不正常，没有读取；请按月分别下载")
        data = original.read(MAX_SIZE + 1)
        if _ENCRYPTED in data:
            raise _encrypted()
        yield from bill_rows.records(_all_rows(data), name=name)


def _all_rows(data: bytes) -> Iterator[SheetRow]:
    import xlrd  # only for this one kind of file

    line = 0
    title = ""
    try:
        with xlrd.open_workbook(
            file_contents=data, logfile=cast("TextIO", _Silent()), on_demand=True, ragged_rows=True
        ) as book:
            for index in range(min(book.nsheets, 64)):
                sheet = book.sheet_by_index(index)
                title = sheet.name[:64]
                for line in range(1, sheet.nrows + 1):
                    yield _sheet_row(title, line, sheet.row(line - 1), is_1904=book.datemode == 1)
                book.unload_sheet(index)
    except ExportFormError:
        raise
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise _encrypted() from error
        raise _damaged(title, line) from error
    except Exception as error:
        raise _damaged(title, line) from error


def _sheet_row(
    title: str, line: int, cells: Sequence["xlrd.sheet.Cell"], *, is_1904: bool
) -> SheetRow:
    texts: list[str] = []
    numeric: set[int] = set()
    for column, cell in enumerate(cells):
        # 1 text, 2 number, 3 date, 4 boolean, 5 error, 0 and 6 empty
        if cell.ctype == 2:
            numeric.add(column)
            texts.append(number_text(repr(cell.value), cell.value))
        elif cell.ctype == 3:
            texts.append(date_text(cell.value, is_1904=is_1904))
        else:
            texts.append(plain(cell.value) if cell.ctype == 1 else "")
    row = tuple(texts)
    check_size(row, Position(record=0, part=title, line=line))
    return SheetRow(part=title, line=line, cells=row, numeric=frozenset(numeric))


class _Silent:
    """Where ``xlrd`` may write its remarks."""

    def write(self, text: str) -> int:
        """Forget ``text``."""
        return len(text)

    def flush(self) -> None:
        """Do nothing."""


def _encrypted() -> ExportFormError:
    return ExportFormError(
        "encrypted", "表格有密码，无法读取；请用密码打开后另存为没有密码的文件，再导入"
    )


def _damaged(title: str, line: int) -> ExportFormError:
    return ExportFormError(
        "damaged",
        "表格文件已损坏或不完整，无法读取；请重新下载一次",
        Position(record=0, part=title, line=line or None),
    )
