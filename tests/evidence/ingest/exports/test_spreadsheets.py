"""XLSX and XLS against what an independent writer put in, and their bounds."""

import datetime as dt
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from evidence.ingest.exports import registry
from evidence.ingest.exports.base import CallRow, ExportFormError, Row
from evidence.ingest.exports.bill_xls import XlsBillReader
from evidence.ingest.exports.bill_xlsx import XlsxBillReader
from tests.evidence.ingest.exports import golden

TITLES = ["起始时间", "通信地点", "通信方式", "对方号码", "通信时长", "通信类型", "实收通信费"]


def book_of(*rows: list[object], titles: list[str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(titles or TITLES)
    for row in rows:
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read(data: bytes) -> list[Row]:
    return list(XlsxBillReader().rows(io.BytesIO(data), len(data), name=""))


def one_call(*cells: object) -> CallRow:
    values: list[object] = ["2024-01-15 14:30:25", "深圳", "被叫", "13900139000", "62", "本地", 0]
    for i, cell in enumerate(cells):
        values[i] = values[i] if cell is None else cell
    (row,) = read(book_of(values))
    assert isinstance(row, CallRow)
    return row


def changed(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """Return the archive with something replaced in one member."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w") as target:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == name:
                assert old in content
                content = content.replace(old, new, 1)
            target.writestr(info.filename, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def code_of(data: bytes) -> str:
    with pytest.raises(ExportFormError) as caught:
        read(data)
    return caught.value.code


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (dt.datetime(2024, 1, 15, 14, 30, 25), "2024-01-15T14:30:25+08:00"),  # noqa: DTZ001 - a sheet's cell has no zone
        (dt.datetime(2024, 2, 29, 23, 59, 59), "2024-02-29T23:59:59+08:00"),  # noqa: DTZ001 - a sheet's cell has no zone
        (dt.date(2024, 1, 15), "2024-01-15"),
        ("2024/1/15 14:30:25", "2024-01-15T14:30:25+08:00"),
    ],
)
def test_dates_are_read_as_dates_and_as_text(cell: object, value: str) -> None:
    assert one_call(cell).occurred.value == value


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        (62, 62),
        (62.0, 62),
        ("1分2秒", 62),
        (dt.time(0, 1, 2), 62),
        (dt.timedelta(hours=25, seconds=1), 90001),
    ],
)
def test_durations_are_read_as_numbers_times_and_text(cell: object, seconds: int) -> None:
    assert one_call(None, None, None, None, cell).duration_s == seconds


@pytest.mark.parametrize(
    ("cell", "number", "masked"),
    [
        (13900139000, "13900139000", False),
        (75500000001, "075500000001", False),
        (1050001234, "01050001234", False),
        (9501700011, "9501700011", False),
        (4000000001, "4000000001", False),
        ("1050001234", "1050001234", False),
        (10690000000123456789, "", True),
        ("106900000001234", "106900000001234", False),
    ],
)
def test_numbers_that_a_sheet_kept_as_numbers(cell: object, number: str, masked: bool) -> None:
    row = one_call(None, None, None, cell)
    assert (row.number, row.masked) == (number, masked)


def test_the_1904_calendar_is_respected() -> None:
    data = book_of([dt.date(2024, 1, 15), "深圳", "被叫", "13900139000", "62", "本地", 0])
    old = changed(data, "xl/workbook.xml", b"<workbookPr", b'<workbookPr date1904="1"')
    (row,) = read(old)
    assert isinstance(row, CallRow)
    assert row.occurred.value == "2028-01-16"  # 1462 days later, as a program for it would show


def test_gaps_and_empty_cells_keep_the_columns() -> None:
    row = one_call(None, "", None, None, None, "")
    assert (row.number, row.duration_s) == ("13900139000", 62)


def test_rich_text_and_phonetic_text_are_told_apart() -> None:
    inline = b"<is><r><t>138</t></r><r><t>00138000</t></r><rPh sb='0' eb='1'><t>x</t></rPh></is>"
    data = changed(
        book_of(["2024-01-15 14:30:25", "深圳", "被叫", 5, "62", "本地", 0]),
        SHEET,
        b'<c r="D2" t="n"><v>5</v></c>',
        b'<c r="D2" t="inlineStr">' + inline + b"</c>",
    )
    (row,) = read(data)
    assert isinstance(row, CallRow)
    assert row.number == "13800138000"


def test_a_formula_is_never_evaluated() -> None:
    rows = read(book_of(["2024-01-15 14:30:25", "深圳", "被叫", "=1+1", "62", "本地", 0]))
    assert [type(row).__name__ for row in rows] == ["RowProblem"]


def test_a_spreadsheet_that_is_no_bill_says_so() -> None:
    assert code_of(book_of(["a", 1], titles=["姓名", "金额", "备注", "日期"])) == "not-a-bill"


def test_an_external_sheet_is_not_followed() -> None:
    data = changed(
        book_of(["2024-01-15 14:30:25", "深圳", "被叫", "13900139000", "62", "本地", 0]),
        "xl/_rels/workbook.xml.rels",
        b"/xl/worksheets/sheet1.xml",
        b"file:///etc/passwd",
    )
    assert code_of(data) == "damaged"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"<worksheet ", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet ', "doctype"),
        (b"<sheetData>", b"<sheetData>" + b"<x>" * 100 + b"</x>" * 100, "too-deep"),
        (b'<c r="D2"', b'<c r="ZZZ2" t="str"><v>1</v></c><c r="D2"', "too-many-columns"),
        (b'<c r="D2"', b"<c/>" * 30_000 + b'<c r="D2"', "too-many-columns"),
        (
            b'<c r="D2"',
            b'<c t="str"><v>' + b"1" * 40_000 + b'</v></c><c r="D2"',
            "too-long",
        ),
        (b'<c r="D2"', b'<c t="s"><v>99999999</v></c><c r="D2"', "damaged"),
        (b"</sheetData>", b"</sheetDatum>", "damaged"),
        (b'<c r="D2"', b'<c x="' + b"A" * 2_000_000 + b'"/><c r="D2"', "too-long"),
    ],
    ids=["doctype", "deep", "column", "cells", "cell", "string", "broken", "attribute"],
)
def test_hostile_sheets_are_refused(old: bytes, new: bytes, code: str) -> None:
    data = book_of(["2024-01-15 14:30:25", "深圳", "被叫", "13900139000", "62", "本地", 0])
    assert code_of(changed(data, SHEET, old, new)) == code


def test_trailing_styled_empty_cells_are_nothing() -> None:
    data = book_of(["2024-01-15 14:30:25", "深圳", "被叫", "13900139000", "62", "本地", 0])
    styled = b'<c r="XFD2" s="1"/></row></sheetData>'
    (row,) = read(changed(data, SHEET, b"</row></sheetData>", styled))
    assert isinstance(row, CallRow)
    assert len(row.raw) == len(TITLES)


def test_a_sheet_that_expands_without_end_is_refused() -> None:
    data = book_of(["2024-01-15 14:30:25", "深圳", "被叫", "13900139000", "62", "本地", 0])
    blank = (b"<!--" + b" " * 2000 + b"-->") * 40_000
    assert code_of(changed(data, SHEET, b"</sheetData>", blank + b"</sheetData>")) == (
        "expands-without-end"
    )


def test_an_encrypted_workbook_is_refused_with_its_reason() -> None:
    name = "EncryptedPackage".encode("utf-16-le")
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000 + name + b"\0" * 1000
    reader = registry.find_reader(data)
    assert isinstance(reader, XlsBillReader)
    with pytest.raises(ExportFormError) as caught:
        list(reader.rows(io.BytesIO(data), len(data), name=""))
    assert caught.value.code == "encrypted"


def xls_sample() -> Path:
    return golden.SAMPLES / "2024年01月语音通信.xls"


def test_a_damaged_xls_says_so() -> None:
    data = bytearray(xls_sample().read_bytes())
    data[512:1024] = bytes(byte ^ 0xFF for byte in data[512:1024])
    with pytest.raises(ExportFormError) as caught:
        list(XlsBillReader().rows(io.BytesIO(bytes(data)), len(data), name=""))
    assert caught.value.code == "damaged"


def test_an_xls_that_is_too_large_is_not_even_read() -> None:
    with pytest.raises(ExportFormError) as caught:
        list(XlsBillReader().rows(io.BytesIO(b""), 17 * 1024 * 1024, name=""))
    assert caught.value.code == "too-large"


def test_nothing_is_printed_while_an_xls_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    data = xls_sample().read_bytes()[:-700]
    with pytest.raises(ExportFormError):
        list(XlsBillReader().rows(io.BytesIO(data), len(data), name=""))
    assert capsys.readouterr() == ("", "")
