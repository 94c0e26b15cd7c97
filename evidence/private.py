"""What this program writes is for its owner only, whatever the umask of whoever runs it.

Rules:

1. A file is made new, never opened over another or through a link, with mode 0600; a folder with
   mode 0700, also the folders above it that are missing.
2. Temporary files lie hidden beside what they become, on the same disk; never in a shared folder
   for temporary files.
"""

import errno
import os
from pathlib import Path

FILE_MODE = 0o600
FOLDER_MODE = 0o700


def create(path: Path) -> int:
    """Make a new file for reading and writing and return its handle.

    Raises:
        OSError: if something is there, or it cannot be made.
    """
    flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, FILE_MODE)
    path.chmod(FILE_MODE)  # a umask may have taken even the owner's bits
    return handle


def make_folder(path: Path, *, exist_ok: bool = False) -> None:
    """Make a folder.

    Raises:
        OSError: if it cannot be made, or without ``exist_ok`` if it is there.
    """
    try:
        path.mkdir(mode=FOLDER_MODE)
    except FileExistsError:
        if not exist_ok or not path.is_dir():
            raise
    else:
        path.chmod(FOLDER_MODE)


def make_folders(path: Path) -> None:
    """Make a folder and those above it that are missing; what is there stays as it is.

    Raises:
        OSError: if one cannot be made.
    """
    for folder in reversed((path, *path.parents)):
        if not os.path.lexists(folder):
            make_folder(folder, exist_ok=True)
    if not path.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))
