"""Whether the disk gives every byte of a file.

SQLite calls a file malformed whose disk does not give a page (``SQLITE_IOERR_CORRUPTFS``), as if
its contents were wrong. Only reading the file tells the one from the other.
"""

from pathlib import Path

from evidence.outside import open_plain

UNREAD = "Input/output error"
"""What the system says of such a place."""

_BLOCK = 1024 * 1024


def gives_all(path: Path) -> bool:
    """Tell whether every byte of a file can be read; True if it cannot even be opened."""
    try:
        file = open_plain(path)
    except OSError:
        return True
    with file:
        try:
            while file.read(_BLOCK):
                pass
        except OSError:
            return False
    return True
