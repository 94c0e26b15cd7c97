"""SMS Backup & Restore (SyncTech): ``<smses>`` and ``<calls>`` (FORMATS 3.1).

Rules:

1. Known by the root element. One record is one child of the root: ``sms``, ``mms`` or ``call``.
2. The XML is repaired as bytes (``xml_repair``) and parsed as it streams. A document type
   declaration is refused, so that there are no entities to expand.
3. ``readable_date`` is text for people in the phone's language and is not read.
4. The root says how many records there are. When they are more or fewer, that is told.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import BinaryIO
from xml.parsers import expat

from evidence.core.export_row import Position
from evidence.core.records import Medium
from evidence.ingest.exports import android
from evidence.ingest.exports.base import (
    MAX_FIELDS,
    MAX_RECORD,
    ExportFormError,
    Pairs,
    Row,
    RowProblem,
    too_long,
)
from evidence.ingest.exports.xml_repair import XmlRepair, utf8_head

_MAX_DEPTH = 16
_MAX_PARTS = 256
_TRUNCATED = frozenset(
    {
        expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
        expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
        expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR],
    }
)
_SIMPLE: Mapping[str, Callable[[Position, Mapping[str, str], str, Pairs], Row]] = {
    "sms": android.sms_row,
    "call": android.call_row,
}
"""Records without elements inside."""
_PROLOG = re.compile(rb"\s*(?:<\?[^>]{0,1000}\?>\s*|<!--.{0,4000}?-->\s*)*", re.DOTALL)


class SmsBackupRestoreReader:
    """The messages or the calls of one backup; the root element says which."""

    media_type = "application/xml"

    def __init__(self, *, root: str, name: str, medium: Medium) -> None:
        """Read the form whose root element is ``root``."""
        self.name = name
        self.medium = medium
        self._root = root

    def identify(self, head: bytes) -> bool:
        """Tell whether the root element is the one of this form."""
        text = utf8_head(head)
        start = _PROLOG.match(text)
        root = f"<{self._root}".encode()
        rest = text[start.end() :] if start else text
        return rest.startswith(root) and rest[len(root) : len(root) + 1] in b" \t\r\n/>"

    def rows(self, original: BinaryIO, size: int, *, name: str) -> Iterator[Row]:  # noqa: ARG002 - ExportReader's shape
        """Give the records as they stream by.

        Raises:
            ExportFormError: for XML that ends early, is not well-formed, or is hostile.
        """
        repair = XmlRepair()
        parser = expat.ParserCreate("utf-8")
        records = _Records(self._root, parser, repair)
        try:
            for piece in repair.pieces(original):
                parser.Parse(piece)
                if records.ready:
                    yield from records.take()
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            yield from records.take()
            raise _form_error(error, records.position()) from error
        except ExportFormError as error:
            yield from records.take()
            raise ExportFormError(error.code, error.reason, records.position()) from error
        yield from records.take()
        yield from records.count_problem()


def messages_reader() -> SmsBackupRestoreReader:
    """Return the reader of ``<smses>``."""
    return SmsBackupRestoreReader(
        root="smses", name="sms-backup-restore-messages", medium=Medium.MESSAGE
    )


def calls_reader() -> SmsBackupRestoreReader:
    """Return the reader of ``<calls>``."""
    return SmsBackupRestoreReader(root="calls", name="sms-backup-restore-calls", medium=Medium.CALL)


class _Records:
    """What the parser calls; rows gather in ``ready``."""

    def __init__(self, root: str, parser: expat.XMLParserType, repair: XmlRepair) -> None:
        self.ready: list[Row] = []
        self._root = root
        self._parser = parser
        self._repair = repair
        self._depth = 0
        self._record = 0
        self._said: str = ""
        self._mms: tuple[Position, list[str]] | None = None
        self._parts: list[dict[str, str]] = []
        self._addresses: list[dict[str, str]] = []
        self._weight = 0
        parser.ordered_attributes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = _refuse_doctype

    def take(self) -> list[Row]:
        """Return the rows since the last call."""
        rows, self.ready = self.ready, []
        return rows

    def position(self) -> Position:
        """Return how far the records go."""
        line = None if self._repair.lines_moved else self._parser.CurrentLineNumber
        return Position(record=self._record, line=line)

    def count_problem(self) -> Iterator[RowProblem]:
        """Tell when the root announced another number of records than there are."""
        if self._said.isascii() and self._said.isdigit() and int(self._said[:15]) != self._record:
            yield RowProblem(
                position=Position(record=self._record, part=self._root),
                reason_code="count-differs",
                reason=f"备份文件开头写着共 {self._said[:15]} 条，实际有 {self._record} 条",
            )

    def _start(self, name: str, attributes: list[str]) -> None:
        self._depth = depth = self._depth + 1
        repair = self._repair
        if len(attributes) > 2 * MAX_FIELDS:
            raise ExportFormError("too-many-fields", "一条记录的字段多得不正常，无法读取")
        if repair.escaped:
            attributes = [repair.restore(text) for text in attributes]
        if depth == 2:
            self._record = record = self._record + 1
            line = None if repair.lines_moved else self._parser.CurrentLineNumber
            position = Position(record=record, part=name, line=line)
            make = _SIMPLE.get(name)
            if make is None:
                self._begin(name, position, attributes)
                return
            names_and_values = iter(attributes)
            raw = tuple(zip(names_and_values, names_and_values, strict=True))
            fields = dict(raw)
            self.ready.append(make(position, fields, fields.get("contact_name", ""), raw))
        elif depth == 1:
            self._open(name, attributes)
        elif depth > _MAX_DEPTH:
            raise ExportFormError("too-deep", "文件的层次深得不正常，无法读取")
        elif self._mms is not None:
            self._inside(name, attributes)

    def _open(self, name: str, attributes: list[str]) -> None:
        if name != self._root:
            raise ExportFormError("not-this-form", "这不是短信或通话备份文件")
        self._said = dict(_pairs(attributes)).get("count", "")

    def _begin(self, name: str, position: Position, attributes: list[str]) -> None:
        if name == "mms":
            self._mms = position, attributes
            self._parts, self._addresses, self._weight = [], [], 0
        else:
            self.ready.append(
                RowProblem(
                    position=position,
                    reason_code="unknown-element",
                    reason=f"备份里有一条不认识的记录（{name[:40]}），没有读取",
                )
            )

    def _inside(self, name: str, attributes: list[str]) -> None:
        if name not in ("part", "addr"):
            return
        fields = dict(_pairs(attributes))
        if "data" in fields:
            del fields["data"]
            fields["has_data"] = "1"
        kept = self._parts if name == "part" else self._addresses
        kept.append(fields)
        self._weight += sum(map(len, fields.values()))
        if len(kept) > _MAX_PARTS or self._weight > MAX_RECORD:
            raise too_long(self.position(), "一条彩信")

    def _end(self, name: str) -> None:  # noqa: ARG002 - the parser's shape
        self._depth -= 1
        if self._depth == 1 and self._mms is not None:
            self._finish(*self._mms)
            self._mms = None

    def _finish(self, position: Position, attributes: list[str]) -> None:
        raw = _pairs(attributes)
        fields = dict(raw)
        for group, members in (("parts", self._parts), ("addrs", self._addresses)):
            for index, member in enumerate(members):
                raw += tuple((f"{group}.{index}.{key}", value) for key, value in member.items())
        sender = next((a.get("address", "") for a in self._addresses if a.get("type") == "137"), "")
        self.ready.append(
            android.mms_row(
                position,
                fields,
                addresses=fields.get("address", "").split("~"),
                sender=sender,
                name=fields.get("contact_name", ""),
                parts=self._parts,
                raw=raw,
            )
        )


def _pairs(attributes: Sequence[str]) -> Pairs:
    names_and_values = iter(attributes)
    return tuple(zip(names_and_values, names_and_values, strict=True))


def _refuse_doctype(*_: object) -> None:
    raise ExportFormError(
        "doctype", "文件里带有真正的备份不会有的声明（DOCTYPE），可能有害，没有读取"
    )


def _form_error(error: expat.ExpatError, position: Position) -> ExportFormError:
    if error.code in _TRUNCATED:
        return ExportFormError(
            "truncated",
            f"文件不完整：读到第 {position.record} 条之后就断了；"
            "前面的已读出，请从手机重新复制或导出一次",
            position,
        )
    return ExportFormError(
        "not-well-formed",
        f"读到第 {position.record} 条之后，文件的内容不符合 XML 格式，后面的无法读取；"
        "前面的已读出，请重新导出一次",
        position,
    )
