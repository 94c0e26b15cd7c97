"""Small files into memory ahead of their turn: read, hash, interpret, while others are written.

Rules:

1. What is interpreted and what is stored are the same bytes in memory, never the file a second
   time.
2. A file that changes while it is read is refused.
3. Only a few files are held at once.
"""

import collections
import concurrent.futures
import dataclasses
import hashlib
import io
import os
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import BinaryIO, Self

from evidence.core.records import Medium
from evidence.errors import EvidenceError, FileChangedError, FileUnreadableError
from evidence.ingest import registry
from evidence.ingest.base import Extraction, Importer, Refusal
from evidence.ingest.find_files import FoundFile
from evidence.ingest.reader import MediaReader
from evidence.outside import open_plain, unreadable

SMALL_BYTES = 4 * 1024 * 1024
"""Larger files stream into the case and are interpreted from there."""

HEAD_BYTES = 64 * 1024
"""How much of a file is looked at to tell what it is."""

_AHEAD = 6
_BUFFER = 1024 * 1024


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A file that is ready to be stored, or the reason why it is not."""

    found: FoundFile
    data: bytes | None = None
    """The whole file; None for a large one, which must be streamed."""
    digest: bytes = b""
    importer: Importer | None = None
    extraction: Extraction | Refusal | None = None
    problem: FileUnreadableError | FileChangedError | None = None


class Loader:
    """Prepares files in order, a few ahead. Use it as a context manager."""

    def __init__(self, reader: MediaReader) -> None:
        """Use ``reader`` for what needs a decoder."""
        self._reader = reader
        self._importers = registry.importers()
        self._readers = concurrent.futures.ThreadPoolExecutor(2)
        self._decoders = concurrent.futures.ThreadPoolExecutor(1)

    def __enter__(self) -> Self:
        """Return the loader itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop; what was prepared and not taken is dropped."""
        self._readers.shutdown(cancel_futures=True)
        self._decoders.shutdown(cancel_futures=True)

    def load(self, files: Sequence[FoundFile]) -> Iterator[Loaded]:
        """Yield each file, prepared, in the order given."""
        waiting: collections.deque[concurrent.futures.Future[_Pending]] = collections.deque()
        upcoming = iter(files)
        for found in upcoming:
            waiting.append(self._readers.submit(self._prepare, found))
            if len(waiting) >= _AHEAD:
                break
        while waiting:
            pending = waiting.popleft().result()
            following = next(upcoming, None)
            if following is not None:
                waiting.append(self._readers.submit(self._prepare, following))
            loaded = pending.loaded
            if pending.decoding is not None:
                loaded = dataclasses.replace(loaded, extraction=pending.decoding.result())
            yield loaded

    def identify(self, head: bytes) -> Importer | Refusal:
        """Return the importer of a file by its first bytes, or why there is none."""
        return registry.identify(head, self._importers)

    def extract(
        self, importer: Importer, original: io.RawIOBase, size: int
    ) -> Extraction | Refusal:
        """Interpret a stored copy, in the child process where a decoder is needed."""
        if importer.uses_decoder:
            return self._reader.extract(original, size)
        with io.BufferedReader(original, _BUFFER) as buffered:
            return _interpret(importer, buffered, size)

    def _prepare(self, found: FoundFile) -> "_Pending":
        try:
            if found.size > SMALL_BYTES:
                return _Pending(loaded=self._look(found))
            data = _read_whole(found)
        except (FileUnreadableError, FileChangedError) as error:
            return _Pending(loaded=Loaded(found=found, problem=error))
        importer = self.identify(data[:HEAD_BYTES])
        if isinstance(importer, Refusal):
            return _Pending(loaded=Loaded(found=found, data=data, extraction=importer))
        decoding = None
        extraction: Extraction | Refusal | None = None
        if importer.uses_decoder:
            decoding = self._decoders.submit(self._reader.extract, io.BytesIO(data), len(data))
        digest = hashlib.sha256(data).digest()
        if decoding is None:
            extraction = _interpret(importer, io.BytesIO(data), len(data))
        loaded = Loaded(
            found=found, data=data, digest=digest, importer=importer, extraction=extraction
        )
        return _Pending(loaded=loaded, decoding=decoding)

    def _look(self, found: FoundFile) -> Loaded:
        """Tell what a large file is by its first bytes, so that no program is copied in vain."""
        try:
            with open_plain(found.path, follow=found.named) as source:
                importer = self.identify(source.read(HEAD_BYTES))
        except OSError as error:
            raise unreadable(found.path, error) from error
        if isinstance(importer, Refusal):
            return Loaded(found=found, extraction=importer)
        return Loaded(found=found, importer=importer)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Pending:
    """A loaded file whose decoding may still be under way."""

    loaded: Loaded
    decoding: concurrent.futures.Future[Extraction | Refusal] | None = None


def _interpret(importer: Importer, original: BinaryIO, size: int) -> Extraction | Refusal:
    """Return what an importer of plain Python says; its failure is the one file's."""
    try:
        return importer.extract(original, size)
    except EvidenceError:
        raise  # the stored copy cannot be read: that is about the case, not about the file
    except Exception as error:  # noqa: BLE001 - importers of other packages raise anything
        return Extraction(
            importer=importer.name,
            media_type="application/octet-stream",
            medium=Medium.DOCUMENT,
            unreadable=f"读取内容时出错（{type(error).__name__}）",
        )


def _read_whole(found: FoundFile) -> bytes:
    try:
        with open_plain(found.path, follow=found.named) as source:
            before = os.fstat(source.fileno())
            data = source.read(SMALL_BYTES + 1)
            rest = source.read(1) if len(data) < before.st_size else b""
            after = os.fstat(source.fileno())
    except OSError as error:
        raise unreadable(found.path, error) from error
    if rest or changed(before, after, len(data)):
        raise FileChangedError(path=str(found.path))
    return data


def changed(before: os.stat_result, after: os.stat_result, read: int) -> bool:
    """Tell whether a file changed between two looks at it, or was not read to its end."""
    same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    return not same or read != after.st_size
