"""Files from outside: what a person names, and what lies in a folder that somebody else made.

Rules:

1. Every such file is opened here. Opening never waits: what is no plain file (a pipe, a terminal,
   a device, a socket, a folder) is refused before a byte of it is read.
2. What is opened is what was looked at: a name that comes to mean something else in between
   changes nothing.
3. Whoever reads a file whole says how much it takes at most; the size that the system states is
   not believed, for it may grow or be a lie.
"""

import errno
import io
import os
import select
import stat
import time
from pathlib import Path

from evidence.errors import FileUnreadableError

PIPE_SECONDS = 30.0
"""How long a pipe is waited for where one may be given."""

_BLOCK = 64 * 1024

NOT_PLAIN = "不是普通文件，是设备、管道或别的特殊文件"
FOLDER = "这是一个文件夹"
SILENT = "等了很久，管道里没有内容"
FAILED = "读取出错"
REASONS = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有读取权限",
    errno.EPERM: "没有读取权限",
    errno.EISDIR: FOLDER,
    errno.ENOTDIR: "路径中间有一段不是文件夹",
    errno.ELOOP: "快捷方式（符号链接）不能跟随，或转来转去没有尽头",
    errno.ENAMETOOLONG: "名字太长",
    errno.EIO: "磁盘读写出错",
    # A socket, or a device that is not there.
    errno.ENXIO: NOT_PLAIN,
    errno.ENODEV: NOT_PLAIN,
}


class NotPlainError(OSError):
    """What was opened is no plain file."""

    def __init__(self, reason: str, path: Path) -> None:
        super().__init__(errno.EINVAL, reason, str(path))


def open_plain(path: Path, *, follow: bool = True) -> io.FileIO:
    """Open a plain file for reading, unbuffered; without ``follow`` a link is refused.

    Raises:
        OSError: if it cannot be opened; ``NotPlainError`` if it is something else.
    """
    handle = _open(path, follow=follow)
    try:
        mode = os.fstat(handle).st_mode
        if not stat.S_ISREG(mode):
            raise NotPlainError(FOLDER if stat.S_ISDIR(mode) else NOT_PLAIN, path)
        return io.FileIO(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def read_small(path: Path, limit: int) -> bytes:
    """Return the bytes of a plain file, at most one more than ``limit``, for a parser to refuse.

    Raises:
        FileUnreadableError: if it cannot be read.
    """
    try:
        with open_plain(path) as file:
            return _read(file.fileno(), limit + 1)
    except OSError as error:
        raise unreadable(path, error) from error


def read_secret(path: Path, limit: int) -> tuple[bytes, int]:
    """Return the first bytes of a plain file or of a pipe, and the mode of the file.

    A pipe is what a password manager gives (``--passphrase-file <(…)``); it is waited for, but
    not for ever.

    Raises:
        FileUnreadableError: if it cannot be read.
    """
    try:
        handle = _open(path)
        try:
            mode = os.fstat(handle).st_mode
            if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode)):
                raise NotPlainError(FOLDER if stat.S_ISDIR(mode) else NOT_PLAIN, path)
            return _read(handle, limit, pipe=stat.S_ISFIFO(mode)), mode
        finally:
            os.close(handle)
    except OSError as error:
        raise unreadable(path, error) from error


def mode_of(path: Path, *, follow: bool = True) -> int:
    """Return what kind of thing is at ``path`` (``st_mode``); 0 if the system does not say."""
    try:
        return path.stat(follow_symlinks=follow).st_mode
    except (OSError, ValueError):
        return 0


def unreadable(path: Path, error: OSError | ValueError) -> FileUnreadableError:
    """Return our error for a file system's; a ValueError is a name that no file can have."""
    number = error.errno if isinstance(error, OSError) else errno.ENOENT
    detail = REASONS.get(number or 0, FAILED)
    if isinstance(error, NotPlainError | TimeoutError):
        detail = error.strerror or detail
    return FileUnreadableError(path=str(path), detail=detail)


def _open(path: Path, *, follow: bool = True) -> int:
    # Not every system has each of them.
    names = ("O_BINARY", "O_NONBLOCK", "O_NOCTTY", *(() if follow else ("O_NOFOLLOW",)))
    flags = os.O_RDONLY
    for name in names:
        flags |= getattr(os, name, 0)
    return os.open(path, flags)


def _read(handle: int, limit: int, *, pipe: bool = False) -> bytes:
    until = time.monotonic() + PIPE_SECONDS
    data = bytearray()
    while len(data) < limit:
        if pipe and not select.select([handle], [], [], max(until - time.monotonic(), 0))[0]:
            raise TimeoutError(errno.ETIMEDOUT, SILENT)
        try:
            piece = os.read(handle, min(_BLOCK, limit - len(data)))
        except BlockingIOError:
            continue  # another reader was faster
        if not piece:
            break
        data += piece
    return bytes(data)
