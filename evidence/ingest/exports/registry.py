"""Which reader an export belongs to. The order does not matter: at most one knows a file."""

from evidence.ingest.exports import sms_backup_restore, sms_ie
from evidence.ingest.exports.base import ExportReader
from evidence.ingest.exports.bill_text import CsvBillReader, HtmlBillReader
from evidence.ingest.exports.bill_xls import XlsBillReader
from evidence.ingest.exports.bill_xlsx import XlsxBillReader
from evidence.ingest.exports.quik import QuikReader
from evidence.ingest.exports.sidecar_rows import SidecarReader


def readers() -> tuple[ExportReader, ...]:
    """Return all readers."""
    return (
        sms_backup_restore.messages_reader(),
        sms_backup_restore.calls_reader(),
        sms_ie.ArchiveReader(),
        sms_ie.LinesReader(),
        sms_ie.message_array_reader(),
        sms_ie.call_reader(),
        sms_ie.EncryptedReader(),
        QuikReader(),
        SidecarReader(),
        CsvBillReader(),
        HtmlBillReader(),
        XlsxBillReader(),
        XlsBillReader(),
    )


def find_reader(head: bytes) -> ExportReader | None:
    """Return the one reader that knows the first 64 KiB, or None.

    Raises:
        RuntimeError: if two claim the same file; that is a defect of theirs.
    """
    found = [reader for reader in readers() if reader.identify(head)]
    if len(found) > 1:
        raise RuntimeError("readers claim the same export: " + ", ".join(r.name for r in found))
    return found[0] if found else None
