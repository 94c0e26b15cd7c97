"""Exports that are in the case, read again for numbers that have become known since."""

import io
from collections.abc import Iterator

from evidence.core.case_view import CaseView, Recorded
from evidence.core.records import Exhibit
from evidence.ingest.counting import Counting, Meter
from evidence.ingest.exports.base import ExportReader
from evidence.ingest.exports.registry import readers
from evidence.ingest.rows import RowChoice, RowSummary, RowTaker
from evidence.progress import Progress, silent
from evidence.store.case_file import CaseFile

_BUFFER = 1024 * 1024


def exports_of(view: CaseView) -> tuple[Recorded[Exhibit], ...]:
    """Return the standing exhibits whose rows can be read."""
    known = {reader.name for reader in readers()}
    return tuple(e for e in view.exhibits if e.stands and e.record.origin.importer in known)


def read_again(
    case: CaseFile, *, rows: RowChoice | None = None, progress: Progress = silent
) -> Iterator[tuple[int, RowSummary]]:
    """Take from every stored export the rows that belong now; yield its seq and what was found.

    Each export is one commit; ``progress`` is told bytes.

    Raises:
        OriginalDamagedError: if a stored export cannot be read.
    """
    view = case.view()
    wanted = exports_of(view)
    if not wanted:
        return
    by_name = {reader.name: reader for reader in readers()}
    taker = RowTaker(rows or RowChoice())
    taker.prepare(lambda: view)
    meter = Meter(sum(e.record.size for e in wanted), progress)
    for entry in wanted:
        summary = _read(case, entry, by_name[entry.record.origin.importer], taker, meter)
        meter.finish(entry.record.size)
        yield entry.seq, summary


def _read(
    case: CaseFile,
    entry: Recorded[Exhibit],
    reader: ExportReader,
    taker: RowTaker,
    meter: Meter,
) -> RowSummary:
    size = entry.record.size

    def told(count: int) -> None:
        meter.part(size, count / size)

    try:
        with case.batch() as batch:
            original = Counting(batch.original(entry.seq, size), told)
            with io.BufferedReader(original, _BUFFER) as stream:
                summary = taker.take(
                    batch, reader, stream, size=size, name=entry.record.name, export=entry.seq
                )
    except BaseException:
        taker.settle(durable=False)
        raise
    taker.settle(durable=True)
    return summary
