"""Files into the case: copy and hash first, then interpret the copy, then append.

Rules:

1. A file is reported as saved only after the commit that holds it is durable. Several small files
   share one commit.
2. What goes wrong with one file is its own outcome and never loses the others.
3. Importers see the copy that is stored, never the file itself.
4. The same bytes are one exhibit, whatever they are called.
5. An export's rows go into the same commit as the export. An export that the case has already is
   read again for the rows that are wanted now.
"""

import dataclasses
import io
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from evidence.core import records
from evidence.core.records import Kind, Sha256Hex
from evidence.errors import DiskFullError, FileChangedError, FileUnreadableError
from evidence.ingest.base import Extraction, Importer, Refusal
from evidence.ingest.counting import Counting, Meter
from evidence.ingest.exports.importer import ExportImporter
from evidence.ingest.facts import Stated, exhibit_of
from evidence.ingest.find_files import FoundFile, find_files
from evidence.ingest.loading import HEAD_BYTES, Loaded, Loader, changed
from evidence.ingest.outcome import FileOutcome, Status, failed
from evidence.ingest.patterns import Patterns
from evidence.ingest.reader import MediaReader
from evidence.ingest.rows import RowChoice, RowSummary, RowTaker
from evidence.outside import open_plain, unreadable
from evidence.progress import Progress, silent
from evidence.store.batch import Batch, Copied
from evidence.store.case_file import CaseFile

__all__ = ["FileOutcome", "RowChoice", "Stated", "Status", "import_files", "import_paths"]

GROUP_BYTES = 256 * 1024 * 1024
"""Files share a commit up to this many bytes …"""

GROUP_FILES = 256
"""… or this many files …"""

ROWS_BUFFER = 1024 * 1024
"""Bytes that are read ahead in an export."""

GROUP_SECONDS = 3.0
"""… or for this long, so that slow decoding does not delay the word that earlier files are safe."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Intake:
    """What every file of one import shares."""

    loader: Loader
    stated: Stated
    patterns: Patterns | None
    taker: RowTaker
    meter: Meter


def import_paths(
    case: CaseFile,
    paths: Sequence[Path],
    *,
    reader: MediaReader,
    stated: Stated | None = None,
    rows: RowChoice | None = None,
    patterns: Patterns | None = None,
    progress: Progress = silent,
) -> Iterator[FileOutcome]:
    """Import files and folders; yield each file's outcome once it is final.

    ``progress`` is told bytes. Hidden files and a system's leftovers in folders are passed over.

    Args:
        case: open for appending.
        paths: files and folders.
        reader: reads what needs a decoder.
        stated: what the person says about these files.
        rows: whose rows of exports are taken; by default those of numbers that belong to a
            respondent.
        patterns: the file name conventions; by default the built-in ones.
        progress: told bytes of files that are read.

    Raises:
        DiskFullError, CaseNotWritableError, CaseBusyError: about the case file; outcomes yielded
            before stand.
    """
    files, problems = find_files(paths)
    yield from problems
    yield from import_files(
        case,
        files,
        reader=reader,
        stated=stated,
        rows=rows,
        patterns=patterns,
        progress=progress,
    )


def import_files(
    case: CaseFile,
    files: Sequence[FoundFile],
    *,
    reader: MediaReader,
    stated: Stated | None = None,
    rows: RowChoice | None = None,
    patterns: Patterns | None = None,
    progress: Progress = silent,
) -> Iterator[FileOutcome]:
    """Import files that were found; as ``import_paths``."""
    with Loader(reader) as loader:
        intake = _Intake(
            loader=loader,
            stated=stated or Stated(),
            patterns=patterns,
            taker=RowTaker(rows or RowChoice()),
            meter=Meter(sum(f.size for f in files), progress),
        )
        yield from _import_files(case, files, intake)


def _import_files(
    case: CaseFile, files: Sequence[FoundFile], intake: _Intake
) -> Iterator[FileOutcome]:
    upcoming = _Upcoming(intake.loader.load(files))
    while (first := upcoming.take()) is not None:
        if _is_export(first):
            # Before the transaction: a second reader would stand in our own writer's way.
            intake.taker.prepare(case.view)
        taken: list[FoundFile] = []
        outcomes: list[FileOutcome] = []
        try:
            with case.batch() as batch:
                for loaded in _group(first, upcoming, intake):
                    taken.append(loaded.found)
                    outcomes.append(_import_file(batch, loaded, intake))
                    intake.meter.finish(loaded.found.size)
        except DiskFullError:
            intake.taker.settle(durable=False)
            if len(taken) <= 1:
                raise
            # One commit did not fit; save what fits, one by one, until the disk is really full.
            for found in taken:
                yield from _import_files(case, [found], intake)
        except BaseException:
            intake.taker.settle(durable=False)
            raise
        else:
            intake.taker.settle(durable=True)
            yield from outcomes


class _Upcoming:
    """The prepared files, of which the next can be put back."""

    def __init__(self, files: Iterator[Loaded]) -> None:
        self._files = files
        self._held: Loaded | None = None

    def take(self) -> Loaded | None:
        held, self._held = self._held, None
        return held if held is not None else next(self._files, None)

    def put_back(self, loaded: Loaded) -> None:
        self._held = loaded


def _is_export(loaded: Loaded) -> bool:
    return isinstance(loaded.importer, ExportImporter)


def _group(first: Loaded, upcoming: _Upcoming, intake: _Intake) -> Iterator[Loaded]:
    """Yield the files that share a commit with ``first``."""
    loaded: Loaded | None = first
    size = count = 0
    until = time.monotonic() + GROUP_SECONDS
    while loaded is not None:
        yield loaded
        size, count = size + loaded.found.size, count + 1
        if count >= GROUP_FILES or size >= GROUP_BYTES or time.monotonic() >= until:
            return
        loaded = upcoming.take()
        if loaded is not None and _is_export(loaded) and not intake.taker.ready:
            upcoming.put_back(loaded)
            return


# --- one file -------------------------------------------------------------------------------------


def _import_file(batch: Batch, loaded: Loaded, intake: _Intake) -> FileOutcome:
    found = loaded.found
    if loaded.problem is not None:
        return failed(found.told, loaded.problem, named=found.named)
    if isinstance(loaded.extraction, Refusal):
        return _refused(found, loaded.extraction)
    if loaded.data is None:
        return _import_large(batch, found, intake)
    if loaded.extraction is None:
        raise RuntimeError("loaded without extraction")
    known = batch.find(loaded.digest)
    if known is not None:
        outcome = _duplicate(found, known, Sha256Hex(loaded.digest.hex()))
    else:
        copied = batch.copy_bytes(loaded.data, loaded.digest)
        outcome = _append(batch, found, copied, loaded.extraction, intake)
    original = io.BytesIO(loaded.data)
    size = len(loaded.data)
    return _with_rows(batch, outcome, loaded.importer, original=original, size=size, intake=intake)


def _with_rows(
    batch: Batch,
    outcome: FileOutcome,
    importer: Importer | None,
    *,
    original: io.RawIOBase | io.BytesIO,
    size: int,
    intake: _Intake,
) -> FileOutcome:
    """Take the wanted rows of an export, whose entry is in the batch or in the case."""
    if not isinstance(importer, ExportImporter) or outcome.seq is None:
        return outcome

    def told(count: int) -> None:
        intake.meter.part(size, 0.5 + 0.5 * count / size)

    counted = Counting(original, told)
    with io.BufferedReader(counted, ROWS_BUFFER) as stream:
        rows = intake.taker.take(
            batch,
            importer.reader,
            stream,
            size=size,
            name=Path(outcome.path).name,
            export=outcome.seq,
        )
    return dataclasses.replace(outcome, rows=rows, reason=_reason(outcome.reason, rows))


def _reason(reason: str, rows: RowSummary) -> str:
    said = [reason]
    if rows.broken_off:
        said.append(f"没有读到末尾（{rows.broken_off}），前面读出的已保存，原文件完整保存")
    if rows.problem_count:
        said.append(f"有 {rows.problem_count} 行无法读出")
    return "；".join(part for part in said if part)


class _TakenBackError(Exception):
    """The copy is not wanted; carries the outcome out of the savepoint."""

    def __init__(self, outcome: FileOutcome, importer: Importer | None = None) -> None:
        super().__init__()
        self.outcome = outcome
        self.importer = importer


def _import_large(batch: Batch, found: FoundFile, intake: _Intake) -> FileOutcome:
    """Stream a file into the case, interpret it from there, take it back if it is not wanted."""
    importer: Importer | None
    try:
        with batch.attempt():
            outcome, importer = _stream(batch, found, intake)
    except _TakenBackError as taken_back:
        outcome, importer = taken_back.outcome, taken_back.importer
    except (FileUnreadableError, FileChangedError) as error:
        return failed(found.told, error, named=found.named)
    if outcome.seq is None:
        return outcome
    original = batch.original(outcome.seq, found.size)
    return _with_rows(batch, outcome, importer, original=original, size=found.size, intake=intake)


def _stream(batch: Batch, found: FoundFile, intake: _Intake) -> tuple[FileOutcome, Importer]:
    def told(count: int) -> None:
        if count > found.size:
            raise FileChangedError(path=str(found.path))  # it may grow without end
        intake.meter.part(found.size, 0.5 * count / found.size)

    try:
        with open_plain(found.path, follow=found.named) as source:
            before = os.fstat(source.fileno())
            copied = batch.copy(Counting(source, told))
            after = os.fstat(source.fileno())
    except OSError as error:
        raise unreadable(found.path, error) from error
    if changed(before, after, copied.size):
        raise FileChangedError(path=str(found.path))
    importer = intake.loader.identify(copied.stream.read(HEAD_BYTES))
    if isinstance(importer, Refusal):
        raise _TakenBackError(_refused(found, importer))
    if copied.duplicate_of is not None:
        known = _duplicate(found, copied.duplicate_of, copied.sha256)
        raise _TakenBackError(known, importer)
    copied.stream.seek(0)
    extraction = intake.loader.extract(importer, copied.stream, copied.size)
    if isinstance(extraction, Refusal):
        raise _TakenBackError(_refused(found, extraction))
    return _append(batch, found, copied, extraction, intake), importer


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
        path=found.told,
        status=Status.IMPORTED,
        seq=appended.seq,
        sha256=copied.sha256,
        reason="；".join(part for part in (exhibit.unreadable, *exhibit.origin.warnings) if part),
        code="unreadable" if exhibit.unreadable else "",
        named=found.named,
    )


def _duplicate(found: FoundFile, known: int, sha256: Sha256Hex) -> FileOutcome:
    return FileOutcome(
        path=found.told,
        status=Status.DUPLICATE,
        seq=known,
        sha256=sha256,
        reason=f"内容与编号 {known} 完全相同，没有重复保存",
        code="duplicate",
        named=found.named,
    )


def _refused(found: FoundFile, refusal: Refusal) -> FileOutcome:
    return FileOutcome(
        path=found.told,
        status=Status.SKIPPED,
        reason=refusal.reason,
        code=refusal.code,
        named=found.named,
    )
