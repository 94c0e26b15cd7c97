"""What is looked at before SQLite gets to see a file that a stranger may have made.

Rules:

1. A case is one file. SQLite would also read a ``-wal`` beside it, whatever the case itself says,
   and a journal can name one more file, which SQLite deletes when it has rolled back. Neither is
   ever written by this program, so neither is ever given to SQLite.
2. A journal is rolled back only if a killed writer of this program can have left it: an ordinary
   file, with pages of our size, of a case that was there and has not shrunk since, alone.
3. The header is that of ``schema.new_file_settings``. Nothing here says who made it different.
"""

import os
import stat
from pathlib import Path

from evidence.errors import CaseCompanionError, CaseStructureError, CaseTooNewError, NotACaseError
from evidence.store import schema

HEADER_BYTES = 100
_MAGIC = b"SQLite format 3\0"
_JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")
_JOURNAL_HEADER = 28
_ROLLBACK = b"\x01\x01"
"""Read and write version of a file whose journal is rolled back; 2 is a write-ahead log."""
_UTF_8 = 1


def is_database(head: bytes) -> bool:
    """Tell whether a file begins as every SQLite file does."""
    return head[:16] == _MAGIC


def check_header(path: Path, head: bytes) -> None:
    """Refuse a file that SQLite would not read as one page size, one encoding and one file.

    Raises:
        NotACaseError: if it is no SQLite file, or one of another program.
        CaseTooNewError, CaseStructureError.
    """
    if not is_database(head) or int.from_bytes(head[68:72]) != schema.APPLICATION_ID:
        raise NotACaseError(path=str(path))
    version = int.from_bytes(head[60:64])
    if version > schema.FORMAT_VERSION:
        raise CaseTooNewError(path=str(path), found=version, supported=schema.FORMAT_VERSION)
    wanted = {
        "page size": (head[16:18], schema.PAGE_BYTES.to_bytes(2)),
        "journal mode": (head[18:20], _ROLLBACK),
        "encoding": (head[56:60], _UTF_8.to_bytes(4)),
    }
    different = [name for name, (found, ours) in wanted.items() if found != ours]
    if different:
        raise CaseStructureError(path=str(path), detail=", ".join(different))


def require_alone(path: Path) -> None:
    """Refuse a case with something beside it that SQLite would take for a part of it (rule 1).

    Raises:
        CaseCompanionError.
    """
    log = _beside(path, "-wal")
    if os.path.lexists(log):
        raise CaseCompanionError(path=str(path), beside=log.name)
    journal = journal_of(path)
    # A link would lead SQLite to another file, and a pipe would keep it waiting for ever.
    if os.path.lexists(journal) and not stat.S_ISREG(journal.lstat().st_mode):
        raise CaseCompanionError(path=str(path), beside=journal.name)


def require_own_journal(path: Path) -> None:
    """Refuse to roll back a journal that no killed writer can have left (rule 2).

    Raises:
        CaseCompanionError.
    """
    journal = journal_of(path)
    try:
        with journal.open("rb") as file:
            head = file.read(_JOURNAL_HEADER)
            file.seek(0, os.SEEK_END)
            size = file.tell()
            file.seek(max(size - len(_JOURNAL_MAGIC), 0))
            tail = file.read()
    except FileNotFoundError:
        return  # another process was quicker
    pages = int.from_bytes(head[16:20])
    ours = (
        head[: len(_JOURNAL_MAGIC)] == _JOURNAL_MAGIC
        and int.from_bytes(head[24:28]) == schema.PAGE_BYTES
        and 0 < pages <= -(-path.stat().st_size // schema.PAGE_BYTES)
        # At the end stands the name of the other file, if there is one, and the magic again.
        and tail != _JOURNAL_MAGIC
    )
    if not ours:
        raise CaseCompanionError(path=str(path), beside=journal.name)


def journal_of(path: Path) -> Path:
    """Return where SQLite keeps the journal of a case; it follows links first."""
    return _beside(path, "-journal")


def _beside(path: Path, suffix: str) -> Path:
    real = path.resolve()
    return real.with_name(real.name + suffix)
