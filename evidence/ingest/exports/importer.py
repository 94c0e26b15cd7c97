"""An export as an importer: kept whole as one exhibit, of which ``rows`` reads what belongs."""

import dataclasses
from typing import BinaryIO

from evidence.ingest import sniff
from evidence.ingest.base import Extraction
from evidence.ingest.exports import sidecar, sidecar_rows
from evidence.ingest.exports.base import ExportReader
from evidence.ingest.exports.registry import readers
from evidence.ingest.exports.sidecar_rows import SidecarReader


@dataclasses.dataclass(frozen=True, slots=True)
class ExportImporter:
    """Recognises one kind of export."""

    reader: ExportReader
    uses_decoder: bool = False
    general: bool = False

    @property
    def name(self) -> str:
        """Stable ASCII name, kept with the exhibit."""
        return self.reader.name

    def identify(self, head: bytes) -> bool:
        """Tell from the first bytes whether the file is such an export."""
        # Decoding a recording as text in vain would cost more than storing it.
        return not _is_media(head) and self.reader.identify(head)

    def extract(self, original: BinaryIO, size: int) -> Extraction:  # noqa: ARG002 - Importer's shape
        """Return what the export is; its rows are read once it is stored."""
        warnings: tuple[str, ...] = ()
        if isinstance(self.reader, SidecarReader):
            warnings = sidecar_rows.remarks(original.read(sidecar.MAX_SIZE + 1))
        return Extraction(
            importer=self.name,
            media_type=self.reader.media_type,
            medium=self.reader.medium,
            facts=(("content", "rows are entries of their own"),),
            warnings=warnings,
        )


def _is_media(head: bytes) -> bool:
    found = sniff.sniff(head)
    return found is not None and (sniff.is_audio(found) or sniff.is_picture(found))


def export_importers() -> tuple[ExportImporter, ...]:
    """Return an importer for each reader."""
    return tuple(ExportImporter(reader) for reader in readers())
