"""Which importer a file belongs to: exactly one, or a reason why none."""

import importlib.metadata
from collections.abc import Sequence

from evidence.ingest import sniff
from evidence.ingest.amr import AmrImporter
from evidence.ingest.audio import AudioImporter
from evidence.ingest.base import Importer, Refusal
from evidence.ingest.exports.importer import export_importers
from evidence.ingest.picture import PictureImporter
from evidence.ingest.text import UNKNOWN, DocumentImporter, TextImporter
from evidence.ingest.wav import WavImporter

ENTRY_POINT = "evidence.importers"
"""Entry-point group by which an installed package adds importers."""


def importers() -> tuple[Importer, ...]:
    """Return all importers: the built-in ones and those of installed packages."""
    added = importlib.metadata.entry_points(group=ENTRY_POINT)
    return (
        WavImporter(),
        AmrImporter(),
        AudioImporter(),
        PictureImporter(),
        *export_importers(),
        DocumentImporter(),
        TextImporter(),
        *(point.load()() for point in added),
    )


def identify(head: bytes, known: Sequence[Importer]) -> Importer | Refusal:
    """Return the one importer of ``known`` that recognises the first bytes.

    Raises:
        RuntimeError: if two importers claim the same file; that is a defect of theirs.
    """
    if not head:
        return Refusal(code="empty", reason="文件是空的（0 字节），没有导入；请从手机重新复制一次")
    program = sniff.program_kind(head)
    if program:
        reason = f"这是程序或数据库文件（{program}），不是证据，没有导入"
        return Refusal(code="program", reason=reason)
    matches = [importer for importer in known if importer.identify(head)]
    # Every export is also a text or a document; the importer that reads more goes first.
    matches = [m for m in matches if not getattr(m, "general", False)] or matches
    if len(matches) > 1:
        raise RuntimeError("importers claim the same file: " + ", ".join(i.name for i in matches))
    if not matches:
        return UNKNOWN
    return matches[0]
