"""Check 3 of ``verify``: every byte of every original, its pieces and its row in the list.

Rules:

1. An original is whole if its pieces are those that ``Batch`` would have made of it, in order,
   and their bytes have the size and digest that the entry says.
2. Neighbours are read with one query. If SQLite cannot read a page of them, they are read one by
   one, so that the damage is told of the original that it hits and the others are still checked.
3. What no exhibit speaks of does not belong in the case.
"""

import concurrent.futures
import contextlib
import dataclasses
import hashlib
import itertools
import operator
import queue
import threading
from collections.abc import Iterator, Sequence
from typing import Self

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


class OriginalsCheck:
    """Hashes originals in threads of its own while the entries that name them are still read.

    Use it as a context manager; ``add`` each exhibit in order, then ask for the ``problems``.
    """

    def __init__(self, case: CaseFile, progress: Progress) -> None:
        """Check originals of ``case``; ``progress`` is told bytes."""
        self._case = case
        listed = sum(max(size, 0) for size, _ in case.originals().values())
        self._counter = _Counter(listed, progress)
        self._run: list[ExpectedOriginal] = []
        self._run_bytes = 0
        self._queue: queue.SimpleQueue[list[ExpectedOriginal] | None] = queue.SimpleQueue()
        self._pool = concurrent.futures.ThreadPoolExecutor(WORKERS)
        self._jobs: list[concurrent.futures.Future[list[CheckResult]]] = []

    def __enter__(self) -> Self:
        """Return the check itself."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop the threads; what was not begun stays unchecked, which only an error leaves."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._queue.get_nowait()
        self._stop()
        self._pool.shutdown()

    def add(self, expected: ExpectedOriginal) -> None:
        """Check one more original."""
        self._run.append(expected)
        self._run_bytes += expected.size
        if self._run_bytes >= RUN_BYTES or len(self._run) >= RUN_EXHIBITS:
            self._hand_over()

    def problems(self) -> list[CheckResult]:
        """Return what is wrong, in order, once all are checked."""
        if self._run:
            self._hand_over()
        self._stop()
        found = [r for job in self._jobs for r in job.result()]
        return sorted(found, key=lambda r: r.seq or 0)

    def _hand_over(self) -> None:
        """Give the gathered neighbours, which are read with one query, to the threads."""
        self._queue.put(self._run)
        self._run, self._run_bytes = [], 0
        if len(self._jobs) < WORKERS:
            self._jobs.append(self._pool.submit(self._work))

    def _stop(self) -> None:
        for _ in range(WORKERS):
            self._queue.put(None)

    def _work(self) -> list[CheckResult]:
        found: list[CheckResult] = []
        with self._case.another_reader() as mine:
            while (run := self._queue.get()) is not None:
                found += _check_run(mine, run, self._counter)
        return found


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
