"""What became of each file of an import."""

import dataclasses
import enum

from evidence.errors import EvidenceError, FileUnreadableError
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


def unreadable(path: object, error: OSError | ValueError) -> FileUnreadableError:
    """Return our error for a file system's."""
    if isinstance(error, FileNotFoundError):
        detail = "没有这个文件或文件夹"
    elif isinstance(error, PermissionError):
        detail = "没有读取权限"
    else:
        detail = getattr(error, "strerror", None) or "读取出错"
    return FileUnreadableError(path=str(path), detail=detail)
