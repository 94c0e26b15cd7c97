"""New files: all or nothing, for the owner only, never over something that is there."""

import contextlib
import os
import secrets
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
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        handle = private.create(temporary)
    except OSError as error:
        raise _not_writable(path, error) from error
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _place(temporary, path)
    except OSError as error:
        raise _not_writable(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def _place(temporary: Path, path: Path) -> None:
    try:
        os.link(temporary, path)
    except FileExistsError as error:
        raise OutputExistsError(path=str(path)) from error
    except OSError:
        # No hard links here (FAT, some network disks): a rename after a look is the best there is.
        if os.path.lexists(path):
            raise OutputExistsError(path=str(path)) from None
        temporary.rename(path)


def _not_writable(path: Path, error: OSError) -> OutputNotWritableError:
    return OutputNotWritableError(path=str(path), detail=error.strerror or "")
