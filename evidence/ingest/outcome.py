"""What became of each file of an import."""

import dataclasses
import enum

from evidence.errors import EvidenceError
from evidence.ingest.rows import RowSummary


class Status(enum.StrEnum):
    """What became of one file."""

    IMPORTED = "imported"
    DUPLICATE = "duplicate"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FileOutcome:
    """One file's outcome; ``IMPORTED`` means durable."""

    path: str
    status: Status
    seq: int | None = None
    """The exhibit: its own, or for a duplicate the one that has the bytes."""
    sha256: str = ""
    reason: str = ""
    """Chinese; why it was not imported, or what is uncertain about it."""
    code: str = ""
    """Stable ASCII: an error code, ``unreadable``, ``duplicate`` or a refusal code."""
    named: bool = False
    """The person named this very path, it was not found in a folder."""
    rows: RowSummary | None = None
    """What was read out of an export."""


def failed(shown: str, error: EvidenceError, *, named: bool) -> FileOutcome:
    """Return the outcome of a file that could not be taken in."""
    return FileOutcome(
        path=shown, status=Status.FAILED, reason=str(error), code=error.code, named=named
    )
