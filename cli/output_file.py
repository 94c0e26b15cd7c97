"""New files: all or nothing, for the owner only, never over something that is there."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from evidence import private
from evidence.errors import OutputExistsError, OutputNotWritableError


@contextlib.contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write; it takes its place at ``path`` when the block ends well.

    Raises:
        OutputExistsError: if anything is at ``path``.
        OutputNotWritableError: if it cannot be written; nothing is left behind.
    """
    if os.path.lexists(path):
        raise OutputExistsError(path=str(path))
    temporary = private.name_beside(path, "new")
    try:
        with os.fdopen(private.create(temporary), "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        private.place(temporary, path)
    except FileExistsError as error:
        raise OutputExistsError(path=str(path)) from error
    except OSError as error:
        raise _not_writable(path, error) from error
    finally:
        private.remove(temporary)


def _not_writable(path: Path, error: OSError) -> OutputNotWritableError:
    return OutputNotWritableError(path=str(path), detail=error.strerror or "")
