"""Files into the case: copy and hash first, then interpret the copy, then append.

Rules:

1. A file is reported as saved only after the commit that holds it is durable. Several small files
   share one commit.
2. What goes wrong with one file is its own outcome and never loses the others.
3. Importers see the copy that is stored, never the file itself.
4. The same bytes are one exhibit, whatever they are called.
"""

import dataclasses
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from evidence.core import records
from evidence.core.records import Kind, Sha256Hex
from evidence.errors import DiskFullError, FileChangedError, FileUnreadableError
from evidence.ingest.base import Extraction, Refusal
from evidence.ingest.facts import Stated, exhibit_of
from evidence.ingest.find_files import FoundFile, find_files
from evidence.ingest.loading import HEAD_BYTES, Loaded, Loader, changed
from evidence.ingest.outcome import FileOutcome, Status, failed, unreadable
from evidence.ingest.patterns import Patterns
from evidence.ingest.reader import MediaReader
from evidence.progress import Progress, silent
from evidence.store.batch import Batch, Copied
from evidence.store.case_file import CaseFile

__all__ = ["FileOutcome", "Stated", "Status", "import_paths"]

GROUP_BYTES = 256 * 1024 * 1024
"""Files share a commit up to this many bytes …"""

GROUP_FILES = 256
"""… or this many files …"""

GROUP_SECONDS = 3.0
"""… or for this long, so that slow decoding does not delay the word that earlier files are safe."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Intake:
    """What every file of one import shares."""

    loader: Loader
    stated: Stated
    patterns: Patterns | None


def import_paths(
    case: CaseFile,
    paths: Sequence[Path],
    *,
    reader: MediaReader,
    stated: Stated | None = None,
    patterns: Patterns | None = None,
    progress: Progress = silent,
) -> Iterator[FileOutcome]:
    """Import files and folders; yield each file's outcome once it is final.

    ``patterns`` are the file name conventions, by default the built-in ones. ``progress`` is told
    files. Hidden files and a system's leftovers in folders are passed over.

    Raises:
        DiskFullError, CaseNotWritableError, CaseBusyError: about the case file; outcomes yielded
            before stand.
    """
    files, problems = find_files(paths)
    total, done = len(files) + len(problems), 0
    for outcome in problems:
        done += 1
        progress(done, total)
        yield outcome
    with Loader(reader) as loader:
        intake = _Intake(loader=loader, stated=stated or Stated(), patterns=patterns)
        for outcome in _import_files(case, files, intake):
            done += 1
            progress(done, total)
            yield outcome


def _import_files(
    case: CaseFile, files: Sequence[FoundFile], intake: _Intake
) -> Iterator[FileOutcome]:
    upcoming = intake.loader.load(files)
    while (first := next(upcoming, None)) is not None:
        taken: list[FoundFile] = []
        outcomes: list[FileOutcome] = []
        try:
            with case.batch() as batch:
                for loaded in _group(first, upcoming):
                    taken.append(loaded.found)
                    outcomes.append(_import_file(batch, loaded, intake))
        except DiskFullError:
            if len(taken) <= 1:
                raise
            # One commit did not fit; save what fits, one by one, until the disk is really full.
            for found in taken:
                yield from _import_files(case, [found], intake)
        else:
            yield from outcomes


def _group(first: Loaded, upcoming: Iterator[Loaded]) -> Iterator[Loaded]:
    """Yield the files that share a commit with ``first``."""
    loaded: Loaded | None = first
    size = count = 0
    until = time.monotonic() + GROUP_SECONDS
    while loaded is not None:
        yield loaded
        size, count = size + loaded.found.size, count + 1
        if count >= GROUP_FILES or size >= GROUP_BYTES or time.monotonic() >= until:
            return
        loaded = next(upcoming, None)


# --- one file -------------------------------------------------------------------------------------


def _import_file(batch: Batch, loaded: Loaded, intake: _Intake) -> FileOutcome:
    found = loaded.found
    if loaded.problem is not None:
        return failed(found.shown, loaded.problem, named=found.named)
    if loaded.data is None:
        return _import_large(batch, found, intake)
    if isinstance(loaded.extraction, Refusal):
        return _refused(found, loaded.extraction)
    if loaded.extraction is None:
        raise RuntimeError("loaded without extraction")
    known = batch.find(loaded.digest)
    if known is not None:
        return _duplicate(found, known, Sha256Hex(loaded.digest.hex()))
    copied = batch.copy_bytes(loaded.data, loaded.digest)
    return _append(batch, found, copied, loaded.extraction, intake)


class _TakenBackError(Exception):
    """The copy is not wanted; carries the outcome out of the savepoint."""

    def __init__(self, outcome: FileOutcome) -> None:
        super().__init__()
        self.outcome = outcome


def _import_large(batch: Batch, found: FoundFile, intake: _Intake) -> FileOutcome:
    """Stream a file into the case, interpret it from there, take it back if it is not wanted."""
    try:
        with batch.attempt():
            return _stream(batch, found, intake)
    except _TakenBackError as taken_back:
        return taken_back.outcome
    except (FileUnreadableError, FileChangedError) as error:
        return failed(found.shown, error, named=found.named)


def _stream(batch: Batch, found: FoundFile, intake: _Intake) -> FileOutcome:
    try:
        with found.path.open("rb", buffering=0) as source:
            before = os.fstat(source.fileno())
            importer = intake.loader.identify(source.read(HEAD_BYTES))
            if isinstance(importer, Refusal):
                return _refused(found, importer)
            source.seek(0)
            copied = batch.copy(source)
            after = os.fstat(source.fileno())
    except OSError as error:
        raise unreadable(found.path, error) from error
    if changed(before, after, copied.size):
        raise FileChangedError(path=str(found.path))
    if copied.duplicate_of is not None:
        raise _TakenBackError(_duplicate(found, copied.duplicate_of, copied.sha256))
    extraction = intake.loader.extract(importer, copied.stream, copied.size)
    if isinstance(extraction, Refusal):
        raise _TakenBackError(_refused(found, extraction))
    return _append(batch, found, copied, extraction, intake)


def _append(
    batch: Batch, found: FoundFile, copied: Copied, extraction: Extraction, intake: _Intake
) -> FileOutcome:
    exhibit = exhibit_of(
        found,
        size=copied.size,
        sha256=copied.sha256,
        extraction=extraction,
        stated=intake.stated,
        patterns=intake.patterns,
    )
    appended = batch.append(Kind.EXHIBIT, records.exhibit_to_data(exhibit))
    return FileOutcome(
        path=found.shown,
        status=Status.IMPORTED,
        seq=appended.seq,
        sha256=copied.sha256,
        reason="；".join(part for part in (exhibit.unreadable, *exhibit.origin.warnings) if part),
        code="unreadable" if exhibit.unreadable else "",
        named=found.named,
    )


def _duplicate(found: FoundFile, known: int, sha256: Sha256Hex) -> FileOutcome:
    return FileOutcome(
        path=found.shown,
        status=Status.DUPLICATE,
        seq=known,
        sha256=sha256,
        reason=f"内容与编号 {known} 完全相同，没有重复保存",
        code="duplicate",
        named=found.named,
    )


def _refused(found: FoundFile, refusal: Refusal) -> FileOutcome:
    return FileOutcome(
        path=found.shown,
        status=Status.SKIPPED,
        reason=refusal.reason,
        code=refusal.code,
        named=found.named,
    )
