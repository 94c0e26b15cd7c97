"""QUIK and QKSMS backups: one object with an array of messages (FORMATS 3.3)."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from evidence.core.export_row import Position
from evidence.core.records import Medium
from evidence.ingest.exports import android, json_records
from evidence.ingest.exports.base import ExportFormError, Row, RowProblem

_HEAD = re.compile(rb"\s*\{\s*\"(?:messageCount|messages)\"\s*:")
_COLUMNS = {
    "type": "type",
    "address": "address",
    "date": "date",
    "dateSent": "date_sent",
    "body": "body",
    "subId": "sub_id",
}


class QuikReader:
    """``backup-yyyyMMddHHmmss.json``; SMS only, numbers as numbers."""

    name = "quik"
    media_type = "application/json"
    medium = Medium.MESSAGE

    def identify(self, head: bytes) -> bool:
        """Tell the backup by the keys it begins with."""
        text = head.removeprefix(b"\xef\xbb\xbf")
        return _HEAD.match(text) is not None and b'"messages"' in text

    def rows(self, original: BinaryIO, size: int, *, name: str) -> Iterator[Row]:  # noqa: ARG002 - ExportReader's shape
        """Give one row per message.

        Raises:
            ExportFormError: where the array breaks.
        """
        count = 0
        try:
            for record in json_records.array_of_objects(original, key="messages"):
                count += 1
                position = Position(record=count)
                if record is None or not ("body" in record or "address" in record):
                    yield RowProblem(
                        position=position,
                        reason_code="record-unreadable",
                        reason="这一条不是完整的短信记录，无法读取",
                    )
                    continue
                values = json_records.texts(record)
                fields = {_COLUMNS[k]: v for k, v in values.items() if k in _COLUMNS}
                yield android.sms_row(position, fields, "", json_records.flatten(record))
        except ExportFormError as error:
            raise ExportFormError(error.code, error.reason, Position(record=count)) from error
