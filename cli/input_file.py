"""Small files that the person names: read whole, with a limit."""

from pathlib import Path

from cli.i18n import N_
from evidence.errors import FileUnreadableError


def read_small(path: Path, limit: int) -> bytes:
    """Return the bytes of a file, at most one more than ``limit``, for the parser to refuse.

    Raises:
        FileUnreadableError: if it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(limit + 1)
    except FileNotFoundError as error:
        raise FileUnreadableError(path=str(path), detail=N_("没有这个文件")) from error
    except OSError as error:
        raise FileUnreadableError(path=str(path), detail=error.strerror or "") from error
