"""Cut a PDF into parts under a size, on whole pages, for forms that take only small files.

Rules:

1. Every page is in exactly one part, unchanged, in order; its printed page number stays.
2. Same PDF, same limit, same bytes.
3. A page that is larger than the limit by itself is refused: nothing is made smaller silently.

Links and bookmarks lead to other pages and are left out of the parts; the whole PDF has them.
"""

import io
from collections.abc import Iterator
from pathlib import Path

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

from evidence.errors import PageTooLargeError
from reports.complaint import PdfPart

_LEFT_OUT = ("/Parent", "/Annots")
_OBJECT = 120
"""Bytes that an object takes beside a stream's data, about."""


def split(path: Path, limit: int, *, name: str) -> Iterator[tuple[PdfPart, bytes]]:
    """Give the parts of the PDF with their bytes, each of at most ``limit``.

    Args:
        path: the whole PDF.
        limit: bytes.
        name: what a part is called in its own title, with ``{number}``, ``{first}`` and ``{last}``.

    Raises:
        PageTooLargeError: if one page alone is larger.
    """
    with path.open("rb") as file:
        total, start, number = len(PdfReader(file).pages), 0, 1
        while start < total:
            # A reader keeps every object that it has read: each part gets a new one.
            part, data = _part(PdfReader(file), start, limit, number, name)
            yield part, data
            start, number = part.last, number + 1


def _part(
    reader: PdfReader, start: int, limit: int, number: int, name: str
) -> tuple[PdfPart, bytes]:
    """Return the part that begins after ``start`` pages."""
    end = _guess(reader, start, limit)
    while True:
        title = name.format(number=number, first=start + 1, last=end)
        data = _written(reader, start, end, title)
        if len(data) <= limit:
            return PdfPart(number=number, first=start + 1, last=end, size=len(data)), data
        if end - start == 1:
            raise PageTooLargeError(page=end, size=len(data), limit=limit)
        end -= 1


def _guess(reader: PdfReader, start: int, limit: int) -> int:
    """Return the end of the longest run of pages that should fit, by the size of its objects."""
    seen: set[int] = set()
    size, end = 0, start
    while end < len(reader.pages):
        size += _weight(reader.pages[end], seen)
        if size > limit and end > start:
            break
        end += 1
    return end


def _weight(page: PageObject, seen: set[int]) -> int:
    """Return the bytes of what a page needs and no page before it has; ``seen`` is filled."""
    size = 0
    waiting: list[PdfObject | None] = [page]
    while waiting:
        item = waiting.pop()
        if isinstance(item, IndirectObject):
            if item.idnum in seen:
                continue
            seen.add(item.idnum)
            size += _OBJECT
            item = item.get_object()
        if isinstance(item, StreamObject):
            size += len(item._data)
        if isinstance(item, DictionaryObject):
            waiting += [value for key, value in item.items() if key not in _LEFT_OUT]
        elif isinstance(item, ArrayObject):
            waiting += list(item)
    return size


def _written(reader: PdfReader, start: int, end: int, title: str) -> bytes:
    writer = PdfWriter()
    for page in reader.pages[start:end]:
        added = writer.add_page(page, excluded_keys=("/Annots",))
        added.pop(NameObject("/Annots"), None)
    metadata = {k: str(v) for k, v in (reader.metadata or {}).items()}
    writer.metadata = {**metadata, "/Title": title}
    language = reader.root_object.get("/Lang")
    if language is not None:
        writer.root_object[NameObject("/Lang")] = TextStringObject(str(language))
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()
