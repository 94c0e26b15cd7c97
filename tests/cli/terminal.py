"""Running the program on a pseudo-terminal, as a person does."""

import contextlib
import dataclasses
import os
import re
import select
import time
from collections.abc import Iterator

import pytest

from tests.cli.conftest import Process


@dataclasses.dataclass(kw_only=True)
class Terminal:
    """The program on a pseudo-terminal."""

    handle: int
    pid: int
    shown: str = ""

    def wait_for(self, words: str, seconds: float = 40) -> None:
        end = time.monotonic() + seconds
        while not re.search(words, self.shown):
            assert time.monotonic() < end, self.shown
            self._read(0.2)

    @property
    def echoes(self) -> bool:
        """Whether it shows what is typed."""
        import termios

        return bool(termios.tcgetattr(self.handle)[3] & termios.ECHO)

    def type(self, line: str) -> None:
        self.shown = ""
        os.write(self.handle, line.encode() + b"\n")

    def code(self) -> int:
        end = time.monotonic() + 40
        while self._read(0.2):
            assert time.monotonic() < end, self.shown
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def more(self, seconds: float) -> bool:
        """Read for a while what it says; False if it has ended."""
        return self._read(seconds)

    def _read(self, seconds: float) -> bool:
        if select.select([self.handle], [], [], seconds)[0]:
            try:
                data = os.read(self.handle, 65536)
            except OSError:
                return False
            self.shown += data.decode("utf-8", "replace")
            return bool(data)
        return True


@contextlib.contextmanager
def terminal(
    process: Process, *args: object, program: str | None = None, **environment: str
) -> Iterator[Terminal]:
    """Start the program, or Python code in its place, and end it with the block."""
    pty = pytest.importorskip("pty", reason="needs a pseudo-terminal")
    command = process.command(*args)
    if program is not None:
        command = [command[0], "-c", program, *map(str, args)]
    pid, handle = pty.fork()
    if not pid:
        os.chdir(process.folder)
        env = {**process.env, "LANG": "C.UTF-8", "TERM": "dumb", **environment}
        os.execve(command[0], command, env)
    try:
        yield Terminal(handle=handle, pid=pid)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, 9)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)
        os.close(handle)
