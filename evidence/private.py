"""What this program writes is for its owner only, whatever the umask of whoever runs it.

Rules:

1. A file is made new, never opened over another or through a link, with mode 0600; a folder with
   mode 0700, also the folders above it that are missing.
2. Temporary files lie hidden beside what they become, on the same disk; never in a shared folder
   for temporary files.
3. What a killed process left under such a name goes when the same thing is made again
   (``name_beside``). What fails leaves nothing.
4. What was made is there after a power cut: the folder that holds it is brought to the disk, and
   so are new folders on the way to it.
"""

import contextlib
import errno
import glob
import os
import secrets
import shutil
from pathlib import Path

FILE_MODE = 0o600
FOLDER_MODE = 0o700
_NAME_PART = 40
"""Characters of a name in the hidden one's, so that a long name still fits."""
_CANNOT_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP, errno.ENOSYS})
"""What file systems say that know no sync of a folder, as of some shared and network disks."""


def create(path: Path) -> int:
    """Make a new file for reading and writing and return its handle.

    Raises:
        OSError: if something is there, or it cannot be made.
    """
    flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, FILE_MODE)
    try:
        path.chmod(FILE_MODE)  # a umask may have taken even the owner's bits
    except OSError:
        os.close(handle)
        remove(path)
        raise
    return handle


def remove(path: Path) -> None:
    """Remove a file of our own, if the system lets it: nothing more important may fail by it."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def name_beside(path: Path, mark: str) -> Path:
    """Return a new hidden name beside ``path``; what was left under such a name is removed."""
    hidden = f".{path.name[:_NAME_PART]}.{mark}-"
    if len(path.name) <= _NAME_PART:  # of a name that was cut something else may be in the making
        with contextlib.suppress(OSError):
            _remove_left(path.parent, hidden)
    return path.with_name(hidden + secrets.token_hex(4))


def _remove_left(folder: Path, hidden: str) -> None:
    for left in folder.glob(glob.escape(hidden) + "[0-9a-f]" * 8 + "*"):
        if left.is_dir() and not left.is_symlink():
            # If it is another process's that lives, that one must not publish it half removed.
            moved = left.rename(left.with_name(hidden + secrets.token_hex(4)))
            shutil.rmtree(moved, ignore_errors=True)
        else:
            remove(left)


def place(temporary: Path, path: Path) -> None:
    """Let a finished file take its place, durably, and never over another.

    Raises:
        FileExistsError: if something is at ``path``.
        OSError: if it cannot; then nothing is there.
    """
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:
        # No hard links here (FAT, some network disks): a rename after a look is the best there is.
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        temporary.rename(path)
    try:
        sync_folder(path.parent)
    except OSError:
        remove(path)  # it may be gone after a power cut: then it was never there
        raise


def sync_folder(folder: Path) -> None:
    """Wait until what was made, named anew or removed in a folder is so on the disk.

    Where the file system has no such thing, there is nothing to wait for.

    Raises:
        OSError: if the disk does not take it.
    """
    if os.name != "posix":
        return  # other systems do not let a folder be opened
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC:
            raise
    finally:
        os.close(handle)


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
        try:
            path.chmod(FOLDER_MODE)
        except OSError:
            with contextlib.suppress(OSError):
                path.rmdir()
            raise


def make_folders(path: Path) -> None:
    """Make a folder and those above it that are missing, durably; what is there stays as it is.

    Raises:
        OSError: if one cannot be made.
    """
    for folder in reversed((path, *path.parents)):
        if not os.path.lexists(folder):
            make_folder(folder, exist_ok=True)
            sync_folder(folder.parent)
    if not path.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))
