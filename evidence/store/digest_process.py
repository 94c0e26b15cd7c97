"""A process of its own that hashes originals beside ``verify``: both cores, two interpreter locks.

It reads the case with the same code as its parent (``digest_worker``) and says what it found; the
parent compares. Whatever goes wrong here costs speed only: the parent then reads for itself.

This side imports nothing that takes long, so that the process can be started first and gets ready
while the parent does. A line is a JSON array. From the parent: first path, sealing and key (hex;
empty without a passphrase), then one span at a time; from the process one array for each span. The
key comes through the pipe, so that no list of processes shows it; both processes end together.
"""

import contextlib
import dataclasses
import json
from pathlib import Path
from types import TracebackType
from typing import IO, Self, TypeAlias

from evidence import own_process

MUCH = 512 * 1024 * 1024
"""Bytes of a case from which on hashing takes longer than starting a process."""

Span: TypeAlias = tuple[int, int]
"""The originals from one seq to another, both included."""


@dataclasses.dataclass(frozen=True, slots=True)
class StoredOriginal:
    """What was found under one seq."""

    seq: int
    size: int
    sha256: bytes
    problem: str = ""
    """The code of what is wrong with the pieces, if anything."""
    detail: str = ""


class DigestProcess:
    """The parent's side. Use it as a context manager."""

    def __init__(self) -> None:
        """Start the process.

        Raises:
            OSError: if the system lets none be started.
        """
        self._child = own_process.start("evidence.store.digest_worker")

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the process, whatever it is doing."""
        self.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()

    def kill(self) -> None:
        """End it, from whatever thread; one that waits for an answer gets an error."""
        self._child.kill()

    def open(self, path: Path, sealing: str, key: bytes) -> None:
        """Say which case to read; ``key`` is empty if it has no passphrase.

        Raises:
            OSError: if the process has died.
        """
        self._send([str(path.absolute()), sealing, key.hex()])

    def read(self, span: Span) -> list[StoredOriginal]:
        """Return what ``digests.read`` finds in a span.

        Raises:
            OSError, TypeError, ValueError: if the process has died, or what it says is no answer.
        """
        self._send(span)
        line = self._child.stdout.readline() if self._child.stdout else b""
        if not line.endswith(b"\n"):
            raise BrokenPipeError
        answer = json.loads(line)
        if not isinstance(answer, list):
            raise TypeError(line)
        return [_from_json(*fields) for fields in answer]

    def _send(self, value: object) -> None:
        if self._child.stdin is None:
            raise RuntimeError("child without pipes")
        send(self._child.stdin, value)


def start_for(path: Path) -> DigestProcess | None:
    """Start the process if a case is so large that it helps, and if the system lets it."""
    try:
        return DigestProcess() if path.stat().st_size >= MUCH else None
    except OSError:
        return None


def send(stream: IO[bytes], value: object) -> None:
    """Write one line."""
    stream.write(json.dumps(value).encode() + b"\n")
    stream.flush()


def to_json(one: StoredOriginal) -> list[object]:
    """Return what stands for ``one`` in a line."""
    return [one.seq, one.size, one.sha256.hex(), one.problem, one.detail]


def _from_json(seq: int, size: int, sha256: str, problem: str, detail: str) -> StoredOriginal:
    return StoredOriginal(seq, size, bytes.fromhex(sha256), problem, detail)
