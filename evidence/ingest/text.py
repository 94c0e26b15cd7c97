"""Text and documents: notes, exports and bills, kept whole.

Rules:

1. Text is UTF-8 (with or without a mark), else GB18030; nothing else is guessed.
2. Exports and bills are kept as documents; this version does not read records out of them.
"""

import codecs
import dataclasses
import itertools
import re
from typing import BinaryIO

from evidence.core.records import Medium
from evidence.ingest import sniff
from evidence.ingest.base import Extraction, Refusal

MAX_TEXT = 64 * 1024 * 1024
"""Longer text is kept as a document whose encoding was judged from its beginning."""

_BLOCK = 1024 * 1024
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
UNKNOWN = Refusal(
    code="unknown-type",
    reason="不认识的文件类型，没有导入；支持录音、图片、文字、通话或短信备份、详单表格和 PDF",
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    encoding: str
    head: str


class TextImporter:
    """Plain text, XML, JSON and CSV."""

    name = "text"
    uses_decoder = False
    general = True

    def identify(self, head: bytes) -> bool:
        """Tell whether the first bytes are text in an encoding that is read here."""
        return sniff.sniff(head) is None and not sniff.program_kind(head) and bool(_judge(head))

    def extract(self, original: BinaryIO, size: int) -> Extraction | Refusal:
        """Return the encoding, checked to the end for texts of ordinary size."""
        head = original.read(65536)
        judged = _judge(head)
        if judged is None:
            return UNKNOWN
        original.seek(0)
        if size <= MAX_TEXT and not _decodes(original, judged.encoding):
            # The head was UTF-8 by chance, or the rest is no text at all.
            original.seek(0)
            if judged.encoding == "gb18030" or not _decodes(original, "gb18030"):
                return UNKNOWN
            judged = dataclasses.replace(judged, encoding="gb18030")
        return Extraction(
            importer=self.name,
            media_type=_text_type(judged.head),
            medium=Medium.DOCUMENT,
            text_encoding=judged.encoding,
            facts=(("text_encoding", "decoded"),),
        )


class DocumentImporter:
    """PDF, spreadsheets and archives, kept as they are."""

    name = "document"
    uses_decoder = False
    general = True

    def identify(self, head: bytes) -> bool:
        """Tell whether the first bytes are a document's."""
        found = sniff.sniff(head)
        return found is not None and found.media_type.startswith("application/")

    def extract(self, original: BinaryIO, size: int) -> Extraction:  # noqa: ARG002 - Importer's shape
        """Return the type; nothing inside is read."""
        found = sniff.sniff(original.read(65536))
        return Extraction(
            importer=self.name,
            media_type=found.media_type if found else "application/octet-stream",
            medium=Medium.DOCUMENT,
            facts=(("content", "kept whole, not read"),),
        )


def decode(data: bytes, encoding: str) -> str:
    """Return stored text as it was read at import."""
    return data.decode(encoding)


def _judge(head: bytes) -> _Judged | None:
    if head.startswith(codecs.BOM_UTF8):
        candidates: tuple[str, ...] = ("utf-8-sig",)
    elif head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ("utf-16",)
    else:
        candidates = ("utf-8", "gb18030")
    for encoding in candidates:
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(head, final=False)
        except UnicodeDecodeError:
            continue
        if not _has_controls(text):
            return _Judged(encoding=encoding, head=text)
    return None


def _decodes(original: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while block := original.read(_BLOCK):
            if _has_controls(decoder.decode(block)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _has_controls(text: str) -> bool:
    """Tell whether the text has control characters that no note has (all but tab, CR, LF, FF)."""
    return _CONTROLS.search(text) is not None


def _text_type(head: str) -> str:
    start = head.lstrip("\ufeff \t\r\n")
    if start.startswith(("<?xml", "<smses", "<calls")):
        return "application/xml"
    if start.startswith(("{", "[{", "[ {")):
        return "application/json"
    commas = [line.count(",") for line in start.splitlines()[:20]]
    rows = sum(one == two and one >= 3 for one, two in itertools.pairwise(commas))
    return "text/csv" if rows >= 2 else "text/plain"
