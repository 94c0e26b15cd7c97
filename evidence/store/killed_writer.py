"""Taking back what a killed writer left half-done, before anything of the case is read.

SQLite keeps what it overwrites in a journal beside the file until the write is complete. As long as
that journal lies there, the file by itself is neither the old nor the new one.
"""

import sqlite3
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from evidence.errors import CaseNotWritableError, CaseUnfinishedError
from evidence.store import schema, stranger
from evidence.store.sqlite_file import engine, translated


def roll_back(path: Path) -> None:
    """Undo what a killed writer left half-done, if there is anything.

    Raises:
        CaseCompanionError: if the journal is not one that this program leaves.
        CaseUnfinishedError: if nothing can be written there.
    """
    if not stranger.journal_of(path).exists() or not _is_left(path):
        return
    stranger.require_own_journal(path)
    try:
        with translated(path), engine(path, writer=True).begin() as connection:
            schema.marks(connection)
    except CaseNotWritableError as error:
        raise CaseUnfinishedError(path=str(path), detail=error.detail) from error


def _is_left(path: Path) -> bool:
    """Tell whether the journal is a killed writer's; a living writer's keeps no reader out."""
    with translated(path):
        try:
            with engine(path, writer=False).begin() as connection:
                schema.marks(connection)
        except DBAPIError as error:
            if getattr(error.orig, "sqlite_errorcode", 0) == sqlite3.SQLITE_READONLY_ROLLBACK:
                return True
            raise
    return False
