"""Files made to harm: a clear error, in bounded time and memory."""

import contextlib
import io
import json
import struct
import time
import zipfile
from collections.abc import Iterator
from typing import BinaryIO, cast

import pytest

from evidence.ingest.exports import registry, sheet_numbers, sms_backup_restore, sms_ie
from evidence.ingest.exports.base import ExportFormError, ExportReader, Row, RowProblem
from evidence.ingest.exports.quik import QuikReader
from tests.evidence.ingest.exports.streams import InPieces

MIB = 1024 * 1024
SECONDS = 20
"""Far above what is needed, for busy machines; without a bound these take hours."""

XML = sms_backup_restore.messages_reader()
CALLS = sms_ie.call_reader()


def refused(reader: ExportReader, data: bytes | InPieces, size: int = 0) -> str:
    """Return the code of the error that reading ends in, within the time bound."""
    stream = io.BytesIO(data) if isinstance(data, bytes) else cast("BinaryIO", data)
    begun = time.monotonic()
    with pytest.raises(ExportFormError) as caught:
        for _ in reader.rows(stream, len(data) if isinstance(data, bytes) else size, name=""):
            pass
    assert time.monotonic() - begun < SECONDS
    assert caught.value.reason
    return caught.value.code


def endless(head: bytes, piece: bytes, *, mebibytes: int = 100) -> InPieces:
    """Return a file that repeats ``piece`` behind ``head``."""

    def pieces() -> Iterator[bytes]:
        yield head
        block = piece * (65536 // len(piece))
        for _ in range(mebibytes * MIB // len(block)):
            yield block

    return InPieces(pieces())


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE smses [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;">]><smses><sms body="&c;"/></smses>"""

MANY = b"".join(b'a%d="" ' % i for i in range(60_000))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (LAUGHS, "doctype"),
        (b'<!DOCTYPE smses SYSTEM "file:///etc/passwd"><smses/>', "doctype"),
        (b"<smses>" + b"<a>" * 100_000, "too-deep"),
        (
            b"<smses><sms " + b"".join(b'a%d="" ' % i for i in range(60_000)) + b"/>",
            "too-many-fields",
        ),
        (b"<smses><mms><parts>" + b'<part text="x"/>' * 1000, "too-long"),
        (b"<smses><mms><parts>" + (b'<part text="' + b"x" * 60_000 + b'"/>') * 60, "too-long"),
        (b"<calls/>", "not-this-form"),
        (b"", "truncated"),
        (b"<smses>", "truncated"),
        (b"<smses/><smses/>", "not-well-formed"),
        (b"\0" * 1000, "not-well-formed"),
    ],
    ids=range(11),
)
def test_hostile_xml_is_refused(data: bytes, code: str) -> None:
    assert refused(XML, data) == code


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b'<smses><sms body="', b"A"),
        (b"<smses><sms ", b" "),
        (b"<smses>", b" "),
        (b"<smses><!-- ", b"- "),
        (b"<smses><sms b", b"b"),
        (b"<smses><mms><part x='", b'" data="A'),
        (b'<smses><sms body="', b"&#55357;"),
        (b'<smses><sms body="', b"\xed\xa0\xbd"),
        (b'<smses><sms body="', b"&"),
    ],
)
def test_something_without_end_is_refused_before_it_is_kept(head: bytes, piece: bytes) -> None:
    assert refused(XML, endless(head, piece)) in ("too-long", "not-well-formed")


def test_entities_of_nobody_are_literal_text() -> None:
    data = b'<smses><sms type="1" body="&a;&lol9;"/></smses>'
    (row,) = XML.rows(io.BytesIO(data), len(data), name="")
    assert not isinstance(row, RowProblem)
    assert dict(row.raw)["body"] == "&a;&lol9;"


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (b"[" * 500_000, {"too-deep", "too-long"}),
        (b'[{"a":' * 100_000, {"too-deep", "too-long"}),
        (b'[{"a":' + b"[" * 3000 + b"]" * 3000 + b"}]", {"too-deep", "too-long"}),
        (b'[{"a":"x', {"truncated"}),
        (b"[{]", {"malformed"}),
        (b"[1,,2]", {"malformed"}),
        (b"{}", {"not-this-form"}),
        (b"", {"truncated"}),
    ],
    ids=range(8),
)
def test_hostile_arrays_are_refused(data: bytes, codes: set[str]) -> None:
    assert refused(CALLS, data) in codes


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b'[{"number":"', b"A"),
        (b'[{"a":', b"["),
        (b'[{"a":[', b"[],"),
        (b'[{"a":[', b"0,"),
        (b"[", b" "),
        (b'[{"a":"', b"\\"),
        (b'[{"a":"', b"\\ud83d"),
        (b'[{"a":', b"1"),
    ],
)
def test_a_record_without_end_is_refused(head: bytes, piece: bytes) -> None:
    assert refused(CALLS, endless(head, piece, mebibytes=40)) in (
        "too-long",
        "too-deep",
        "truncated",
        "malformed",
    )


def test_the_object_around_an_array_is_bounded_too() -> None:
    assert refused(QuikReader(), endless(b'{"messageCount":"', b"A", mebibytes=40)) == "too-long"
    assert refused(QuikReader(), b'{"messageCount": 1') == "truncated"
    assert refused(QuikReader(), b'{"messageCount": 1}') == "not-this-form"


def test_lines_without_end_are_problems_of_one_line() -> None:
    stream = endless(b'{"address":"1","date":"1","type":"1","body":"', b"A", mebibytes=20)
    rows = list(sms_ie.LinesReader().rows(cast("BinaryIO", io.BufferedReader(stream)), 0, name=""))  # type: ignore[arg-type]  # the subset that is used
    assert [type(row) for row in rows] == [RowProblem]


@pytest.mark.parametrize(
    "line",
    [b'{"a":' + b"[" * 200_000, b'{"a":[' + b"[]," * 100_000 + b"[]]}", b"[" * 2000 + b"]" * 2000],
)
def test_a_line_of_brackets_is_a_problem(line: bytes) -> None:
    (row,) = sms_ie.LinesReader().rows(io.BytesIO(line), len(line), name="")
    assert isinstance(row, RowProblem)


def test_a_file_of_nothing_but_bad_lines_ends() -> None:
    data = b"x\n" * 100_000
    assert refused(sms_ie.LinesReader(), data) == "not-this-form"


# --- archives ------------------------------------------------------------------------------------


def archive(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as bundle:
        for name, data in members.items():
            bundle.writestr(name, data)
    return buffer.getvalue()


def test_a_zip_bomb_is_refused_where_it_begins_to_expand() -> None:
    bomb = archive({"messages.ndjson": (b" " * 4095 + b"\n") * (25 * 1024)})
    assert len(bomb) < MIB // 2
    assert refused(sms_ie.ArchiveReader(), bomb) == "expands-without-end"


def test_blank_lines_without_end_are_refused() -> None:
    data = archive({"messages.ndjson": b"\n" * MIB})
    assert refused(sms_ie.ArchiveReader(), data) == "not-this-form"


def test_a_member_that_lies_about_its_size_is_damaged() -> None:
    data = bytearray(archive({"messages.ndjson": b'{"address": "1"}\n' * 1000}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 100)
    assert refused(sms_ie.ArchiveReader(), bytes(data)) == "damaged"


def test_an_archive_with_a_password_is_refused_with_its_reason() -> None:
    data = bytearray(archive({"messages.ndjson": b"{}"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.rindex(mark) + offset] |= 1
    assert refused(sms_ie.ArchiveReader(), bytes(data)) == "encrypted"


def test_methods_that_expand_at_once_are_refused() -> None:
    data = archive({"messages.ndjson": b"x" * 1000}, zipfile.ZIP_BZIP2)
    assert refused(sms_ie.ArchiveReader(), data) == "unusual-compression"


@pytest.mark.parametrize("keep", [30, 200, -1, -22, -60])
def test_an_archive_cut_off_is_damaged(keep: int) -> None:
    data = archive({"messages.ndjson": b'{"address": "1"}\n' * 1000, "data/x": b"y" * 500})
    assert refused(sms_ie.ArchiveReader(), data[:keep]) == "damaged"


def test_a_table_of_contents_without_end_is_not_read() -> None:
    data = bytearray(archive({"messages.ndjson": b"{}"}))
    at = data.rindex(b"PK\x05\x06")
    data[at + 12 : at + 16] = struct.pack("<I", 64 * MIB)
    assert refused(sms_ie.ArchiveReader(), bytes(data)) == "too-many-members"


def test_a_64_bit_table_of_contents_is_not_read() -> None:
    data = archive({"messages.ndjson": b"{}"})
    at = data.rindex(b"PK\x05\x06")
    data = data[:at] + b"PK\x06\x07" + b"\0" * 16 + data[at:]
    assert refused(sms_ie.ArchiveReader(), data) == "too-large"


def test_names_in_an_archive_lead_nowhere() -> None:
    line = json.dumps({"address": "1", "date": "1", "type": "1", "body": "x"}).encode() + b"\n"
    data = archive({"../../etc/messages.ndjson": line, "/etc/passwd": b"x"})
    rows = list(sms_ie.ArchiveReader().rows(io.BytesIO(data), len(data), name=""))
    assert [row.position.part for row in rows] == ["../../etc/messages.ndjson"]


def test_an_archive_without_records_says_so() -> None:
    assert refused(sms_ie.ArchiveReader(), archive({"data/x": b"y"})) == "not-this-form"


# --- bills ---------------------------------------------------------------------------------------

TITLES = "起始时间,通信地点,通信方式,对方号码,通信时长,通信类型,套餐优惠,实收通信费(元)\n"


@pytest.mark.parametrize(
    ("tail", "code"),
    [
        (b"," * 2000, "too-many-columns"),
        (b"x" * 40_000, "too-long"),
        (b"x" * 600_000, "too-long"),
        (b'"' + b"x" * 140_000 + b'"', "too-long"),
        (b'"' * 300_001, "too-long"),
    ],
)
def test_hostile_csv_is_refused(tail: bytes, code: str) -> None:
    reader = next(r for r in registry.readers() if r.name == "bill-csv")
    assert refused(reader, TITLES.encode() + tail + b"\n") == code


@pytest.mark.parametrize("piece", [b"<tr>", b"<td>", b"<", b"<td", b"</tr></tr>", b"&#x10ffff;"])
def test_hostile_pages_end(piece: bytes) -> None:
    reader = next(r for r in registry.readers() if r.name == "bill-html")
    titles = "".join(f"<td>{t}</td>" for t in TITLES.strip().split(",")).encode()
    data = b"<table><tr>" + titles + b"</tr>" + piece * (3 * MIB // len(piece))
    begun = time.monotonic()
    rows: list[Row] = []
    with contextlib.suppress(ExportFormError):
        rows.extend(reader.rows(io.BytesIO(data), len(data), name=""))
    assert time.monotonic() - begun < SECONDS
    assert not rows


@pytest.mark.parametrize("piece", ["*", "[", "（"])
def test_cells_of_one_sign_do_not_stop_the_reader(piece: str) -> None:
    """Backtracking took five seconds for each look at such a cell."""
    cell = piece * 32_000 + "!"
    data = TITLES + f"2024-01-15 08:01:05,{cell},{cell},{cell},{cell},{cell},,\n" * 10
    data += f"{cell},{cell},{cell},{cell},,,,\n" * 3
    reader = next(r for r in registry.readers() if r.name == "bill-csv")
    begun = time.monotonic()
    assert refused(reader, data.encode()) == "no-calls"
    assert time.monotonic() - begun < SECONDS


def test_a_number_format_of_nothing_but_brackets_is_no_date() -> None:
    begun = time.monotonic()
    assert not sheet_numbers.is_date_format("[" * MIB)
    assert time.monotonic() - begun < SECONDS
