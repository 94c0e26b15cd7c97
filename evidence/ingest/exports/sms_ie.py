"""SMS Import / Export (tmo1/sms-ie): archive, lines, arrays, and its encrypted form (FORMATS 3.2).

Rules:

1. Version 2 keeps messages as one object per line, alone or in an archive with the MMS files
   beside it; version 1 kept one array. Calls are one array. Every value is text.
2. The app's own keys begin with two underscores in version 2 and with none in version 1.
3. A line that cannot be read is a problem of that line; an array that breaks ends there.
4. The encrypted form is recognised and refused: only the app itself opens it.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from evidence.core.export_row import Position
from evidence.core.records import Medium
from evidence.ingest.exports import android, archive, json_records
from evidence.ingest.exports.base import ExportFormError, Row, RowProblem
from evidence.ingest.exports.json_records import JsonRecord

_KEY = re.compile(rb"\"([A-Za-z_]{2,40})\"\s*:")
_CALL_KEYS = frozenset({b"number", b"date", b"duration", b"type"})
_SMS_KEYS = frozenset({b"address", b"date", b"type"})
_MMS_KEYS = frozenset({b"msg_box", b"date"})
_ARRAY = re.compile(rb"\s*\[\s*\{")
_OBJECT = re.compile(rb"\s*\{\s*\"")
_SSEF = b"SSEF\x00\xff"
_MEMBERS = ("messages.ndjson", "calls.ndjson", "calls.json", "messages.json")
_MOST_BLANK = 100_000
_MOST_PROBLEMS = 1000
"""That many lines without a record, and none with one, and the file is something else."""


class LinesReader:
    """``messages.ndjson`` taken out of its archive."""

    name = "sms-ie-lines"
    media_type = "application/x-ndjson"
    medium = Medium.MESSAGE

    def identify(self, head: bytes) -> bool:
        """Tell whether the first line is an object with a message's columns."""
        line, _, rest = _without_mark(head).lstrip().partition(b"\n")
        if not _OBJECT.match(line) or _is_bare_value(rest):
            return False
        record = json_records.parse_line(line)
        keys = _keys(line) if record is None and len(head) >= 65536 and not rest else set()
        if record is not None:
            keys = {key.encode("utf-8", "replace") for key in record}
        return _is_message(keys) or _is_call(keys)

    def rows(self, original: BinaryIO, size: int, *, name: str) -> Iterator[Row]:  # noqa: ARG002 - ExportReader's shape
        """Give one row per line.

        Raises:
            ExportFormError: when nothing in a long file is a record.
        """
        yield from _line_rows(original, "", 0)


class ArrayReader:
    """``calls-….json``, and ``messages-….json`` of version 1."""

    media_type = "application/json"

    def __init__(self, *, name: str, medium: Medium) -> None:
        """Read arrays of calls or of messages."""
        self.name = name
        self.medium = medium

    def identify(self, head: bytes) -> bool:
        """Tell whether the file is an array whose first object has the columns."""
        text = _without_mark(head)
        if not _ARRAY.match(text):
            return False
        keys = _keys(text)
        return _is_call(keys) if self.medium is Medium.CALL else _is_message(keys)

    def rows(self, original: BinaryIO, size: int, *, name: str) -> Iterator[Row]:  # noqa: ARG002 - ExportReader's shape
        """Give one row per object of the array.

        Raises:
            ExportFormError: where the array breaks.
        """
        yield from _array_rows(original, "", 0)


class ArchiveReader:
    """``messages-….zip``."""

    name = "sms-ie-archive"
    media_type = "application/zip"
    medium = Medium.MESSAGE

    def identify(self, head: bytes) -> bool:
        """Tell whether the archive's first members are the app's."""
        return any(_is_member(name) for name in archive.names_in_head(head))

    def rows(self, original: BinaryIO, size: int, *, name: str) -> Iterator[Row]:  # noqa: ARG002 - ExportReader's shape
        """Give the rows of every member with records; the attachments beside are not opened.

        Raises:
            ExportFormError: for a broken, encrypted or hostile archive.
        """
        with archive.opened(original, size) as bundle:
            members = [info for info in bundle.infolist() if _is_member(info.filename)]
            if not members:
                raise ExportFormError("not-this-form", "压缩包里没有短信或通话记录文件")
            count = 0
            for info in members:
                for row in _member_rows(bundle, info, count):
                    count = row.position.record
                    yield row


class EncryptedReader:
    """``….ssef``: recognised to say why it cannot be read."""

    name = "sms-ie-encrypted"
    media_type = "application/octet-stream"
    medium = Medium.MESSAGE

    def identify(self, head: bytes) -> bool:
        """Tell the encrypted form by its first bytes."""
        return head.startswith(_SSEF)

    def rows(self, original: BinaryIO, size: int, *, name: str) -> Iterator[Row]:  # noqa: ARG002 - ExportReader's shape
        """Refuse.

        Raises:
            ExportFormError: always.
        """
        raise ExportFormError(
            "encrypted",
            "这是加密的备份（.ssef），只有导出它的应用才能打开；"
            "请在手机的“SMS Import / Export”设置里关闭加密，再导出一次",
        )
        yield  # pragma: no cover - makes this a generator like the others


def call_reader() -> ArrayReader:
    """Return the reader of arrays of calls."""
    return ArrayReader(name="sms-ie-calls", medium=Medium.CALL)


def message_array_reader() -> ArrayReader:
    """Return the reader of version 1's arrays of messages."""
    return ArrayReader(name="sms-ie-messages-v1", medium=Medium.MESSAGE)


def _member_rows(bundle: zipfile.ZipFile, info: zipfile.ZipInfo, count: int) -> Iterator[Row]:
    with archive.member(bundle, info) as stream:
        make = _line_rows if info.filename.endswith(".ndjson") else _array_rows
        yield from make(stream, info.filename, count)


def _line_rows(stream: BinaryIO, part: str, before: int) -> Iterator[Row]:
    count = before
    blank = 0
    good = False
    try:
        for number, line in json_records.lines(stream):
            if line is not None and not line.strip():
                blank += 1
                if blank > _MOST_BLANK:
                    raise ExportFormError("not-this-form", "文件里的空行多得不正常，没有继续读取")
                continue
            count += 1
            position = Position(record=count, part=part, line=number)
            record = None if line is None else json_records.parse_line(line)
            row = _row(record, position) if record is not None else _unreadable(position)
            good |= not isinstance(row, RowProblem)
            yield row
            if not good and count - before >= _MOST_PROBLEMS:
                raise ExportFormError("not-this-form", "文件里没有找到短信或通话记录")
    except ExportFormError as error:
        raise ExportFormError(
            error.code, error.reason, Position(record=count, part=part)
        ) from error


def _array_rows(stream: BinaryIO, part: str, before: int) -> Iterator[Row]:
    count = before
    try:
        for record in json_records.array_of_objects(stream):
            count += 1
            position = Position(record=count, part=part)
            yield _unreadable(position) if record is None else _row(record, position)
    except ExportFormError as error:
        raise ExportFormError(
            error.code, error.reason, Position(record=count, part=part)
        ) from error


def _row(record: JsonRecord, position: Position) -> Row:
    if "duration" in record and "type" in record:
        fields = json_records.texts(record)
        name = fields.get("display_name", "") or fields.get("name", "")
        return android.call_row(position, fields, name, json_records.flatten(record))
    if "msg_box" in record or "__parts" in record or "parts" in record:
        return _mms(record, position)
    if "address" in record or "body" in record:
        fields = json_records.texts(record)
        name = fields.get("__display_name", "") or fields.get("display_name", "")
        return android.sms_row(position, fields, name, json_records.flatten(record))
    return _unreadable(position)


def _mms(record: JsonRecord, position: Position) -> Row:
    sender_object = _own(record, "sender_address")
    sender = json_records.texts(sender_object) if isinstance(sender_object, dict) else {}
    fields = json_records.texts(record)
    others = [
        json_records.texts(one)
        for one in (
            *json_records.objects(_own(record, "recipient_addresses")),
            *json_records.objects(_own(record, "addresses")),
        )
    ]
    if not sender:
        sender = next((one for one in others if one.get("type") == "137"), {})
    received = fields.get("msg_box") == "1"
    # Of a received group message the recipients are the phone's own side.
    far = [sender] if received and sender else [one for one in others if one is not sender]
    names = (one.get("__display_name") or one.get("display_name") or "" for one in far)
    parts = []
    for part in json_records.objects(_own(record, "parts")):
        values = json_records.texts(part)
        values["has_data"] = "1" if "_data" in values or "binary_data" in values else ""
        parts.append(values)
    return android.mms_row(
        position,
        fields,
        addresses=[one.get("address", "") for one in far],
        sender=sender.get("address", ""),
        name=next((name for name in names if name), ""),
        parts=parts,
        raw=json_records.flatten(record),
    )


def _own(record: JsonRecord, key: str) -> object:
    """Return a value of the app's own, by its name in version 2 or in version 1."""
    return record.get(f"__{key}", record.get(key))


def _unreadable(position: Position) -> RowProblem:
    return RowProblem(
        position=position,
        reason_code="record-unreadable",
        reason="这一条不是完整的短信或通话记录，无法读取",
    )


def _is_member(name: str) -> bool:
    return name.rsplit("/", 1)[-1] in _MEMBERS


def _is_call(keys: Iterable[bytes]) -> bool:
    return frozenset(keys) >= _CALL_KEYS


def _is_message(keys: Iterable[bytes]) -> bool:
    found = frozenset(keys)
    return not _is_call(found) and (found >= _SMS_KEYS or found >= _MMS_KEYS)


def _keys(text: bytes) -> set[bytes]:
    """Return the keys of the first object, as far as it goes without its inner objects."""
    inner = text.lstrip().removeprefix(b"[").lstrip()
    record = json_records.first_object(inner)
    if not record:
        return set(_KEY.findall(inner))
    return {key.encode("utf-8", "replace") for key in record}


def _without_mark(head: bytes) -> bytes:
    return head.removeprefix(b"\xef\xbb\xbf")


def _is_bare_value(rest: bytes) -> bool:
    """Tell whether what follows the first line can be no line of records."""
    following = rest.lstrip()[:1]
    return following not in (b"", b"{")
