"""Check 3 of ``verify``: every byte of every original, its pieces and its row in the list.

Rules:

1. An original is whole if its pieces are those that ``Batch`` would have made of it, in order,
   and their bytes have the size and digest that the entry says.
2. Neighbours are read with one query. If SQLite cannot read a page of them, they are read one by
   one, so that the damage is told of the original that it hits and the others are still checked.
3. What no exhibit speaks of does not belong in the case.
"""

import concurrent.futures
import dataclasses
import hashlib
import itertools
import operator
import threading
from collections.abc import Iterator, Sequence

from sqlalchemy import select

from evidence.errors import CaseDamagedError
from evidence.progress import Progress
from evidence.store import schema
from evidence.store.case_file import CaseFile
from evidence.store.verdict import CheckResult, broken

WORKERS = 2
"""Threads that read and hash originals; SQLite and hashlib both release the interpreter lock."""

RUN_BYTES = 32 * 1024 * 1024
RUN_EXHIBITS = 256
"""Neighbouring originals up to this much are read with one query."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedOriginal:
    """What an exhibit's entry says about its original."""

    seq: int
    size: int
    sha256: bytes


def check_originals(
    case: CaseFile, exhibits: Sequence[ExpectedOriginal], progress: Progress
) -> list[CheckResult]:
    """Return the problems of the originals' bytes; ``progress`` is told bytes."""
    counter = _Counter(sum(e.size for e in exhibits), progress)
    queue = iter(_runs(exhibits))
    lock = threading.Lock()

    def work() -> list[CheckResult]:
        found: list[CheckResult] = []
        with case.another_reader() as mine:
            while True:
                with lock:
                    run = next(queue, None)
                if run is None:
                    return found
                found += _check_run(mine, run, counter)

    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        jobs = [pool.submit(work) for _ in range(min(WORKERS, len(exhibits)))]
        return sorted((r for job in jobs for r in job.result()), key=lambda r: r.seq or 0)


def check_list(
    case: CaseFile, exhibits: Sequence[ExpectedOriginal], *, emptied: frozenset[int] = frozenset()
) -> list[CheckResult]:
    """Compare the list of originals with the exhibits, and look for chunks of nobody.

    ``emptied`` are the erased entries, of which ``verify_erased`` has looked at what is left.
    """
    listed = case.originals()
    problems: list[CheckResult] = []
    for expected in exhibits:
        size, key = listed.get(expected.seq, (None, b""))
        if size != expected.size:
            problems.append(
                broken(
                    "original-missing",
                    seq=expected.seq,
                    expected=str(expected.size),
                    found=str(size),
                )
            )
        elif key != case.lookup_key(expected.sha256):
            problems.append(broken("original-lookup", seq=expected.seq, found=key.hex()))
    strangers = (listed.keys() | _chunk_owners(case)) - {e.seq for e in exhibits}
    strangers -= emptied
    return problems + [broken("original-orphan", seq=seq) for seq in sorted(strangers)]


def _chunk_owners(case: CaseFile) -> set[int]:
    with case.reader() as connection:
        return {seq for (seq,) in connection.execute(select(schema.chunk.c.seq).distinct())}


def _runs(exhibits: Sequence[ExpectedOriginal]) -> Iterator[list[ExpectedOriginal]]:
    """Cut the exhibits into runs of neighbours that are read with one query each."""
    run: list[ExpectedOriginal] = []
    for expected in exhibits:
        run.append(expected)
        if sum(e.size for e in run) >= RUN_BYTES or len(run) >= RUN_EXHIBITS:
            yield run
            run = []
    if run:
        yield run


def _check_run(
    case: CaseFile, run: list[ExpectedOriginal], counter: "_Counter"
) -> list[CheckResult]:
    wanted = {e.seq: e for e in run}
    problems: dict[int, CheckResult] = {}
    try:
        chunks = case.chunks(run[0].seq, run[-1].seq)
        for seq, pieces in itertools.groupby(chunks, key=operator.itemgetter(0)):
            expected = wanted.pop(seq, None)
            problem = expected and _check_pieces(expected, pieces, counter)
            if problem:
                problems[seq] = problem
    except CaseDamagedError as error:
        if len(run) == 1:
            return [broken("original-damaged", seq=run[0].seq, detail=error.detail)]
        return [r for expected in run for r in _check_run(case, [expected], counter)]
    for seq, expected in wanted.items():
        problem = _check_pieces(expected, iter(()), counter)
        if problem:
            problems[seq] = problem
    return list(problems.values())


def _check_pieces(
    expected: ExpectedOriginal, pieces: Iterator[tuple[int, int, bytes]], counter: "_Counter"
) -> CheckResult | None:
    """Return what is wrong with an original, if anything (rule 1)."""
    digest = hashlib.sha256()
    size = 0
    for place, (_, idx, piece) in enumerate(pieces):
        if idx != place:
            return broken("original-missing", seq=expected.seq, detail=f"chunk {place}")
        if not piece or size != place * schema.CHUNK_BYTES or len(piece) > schema.CHUNK_BYTES:
            return broken("original-chunks", seq=expected.seq, detail=f"chunk {place}")
        digest.update(piece)
        size += len(piece)
        counter.add(len(piece))
    if size != expected.size:
        return broken(
            "original-size", seq=expected.seq, expected=str(expected.size), found=str(size)
        )
    if digest.digest() != expected.sha256:
        return broken(
            "original-digest",
            seq=expected.seq,
            expected=expected.sha256.hex(),
            found=digest.hexdigest(),
        )
    return None


class _Counter:
    """Adds up bytes from several threads and tells how far the work is."""

    def __init__(self, total: int, progress: Progress) -> None:
        self._total = total
        self._progress = progress
        self._done = 0
        self._lock = threading.Lock()

    def add(self, count: int) -> None:
        with self._lock:
            # What is read a second time (rule 2) is counted once.
            self._done = min(self._done + count, self._total)
            self._progress(self._done, self._total)
