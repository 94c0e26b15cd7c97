"""Check 3 of ``verify``: every byte of every original, its pieces and its row in the list.

Rules:

1. An original is whole if its pieces are those that ``Batch`` would have made of it, in order,
   and their bytes have the size and digest that the entry says.
2. Neighbours are read with one query. If SQLite cannot read a page of them, they are read one by
   one, so that the damage is told of the original that it hits and the others are still checked.
3. What no exhibit speaks of does not belong in the case.
"""

import collections
import concurrent.futures
import dataclasses
import hashlib
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from sqlalchemy import select

from evidence.errors import CaseDamagedError
from evidence.progress import Progress, SharedProgress
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


_Runs: TypeAlias = "collections.deque[Sequence[ExpectedOriginal]]"
"""Neighbours that no thread has taken yet."""


def check_bytes(
    case: CaseFile, exhibits: Sequence[ExpectedOriginal], progress: Progress
) -> list[CheckResult]:
    """Read and hash the original of every exhibit; ``progress`` is told bytes."""
    runs = collections.deque(_neighbours(exhibits))
    told = SharedProgress(sum(max(expected.size, 0) for expected in exhibits), progress)
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        try:
            jobs = [pool.submit(_work, case, runs, told) for _ in range(min(WORKERS, len(runs)))]
            found = [r for job in jobs for r in job.result()]
        finally:
            # What is not begun when the work is broken off stays unchecked.
            runs.clear()
    return sorted(found, key=lambda r: r.seq or 0)


def _neighbours(exhibits: Sequence[ExpectedOriginal]) -> Iterator[Sequence[ExpectedOriginal]]:
    """Yield neighbours that are read with one query."""
    first = size = 0
    for place, expected in enumerate(exhibits):
        size += expected.size
        if size >= RUN_BYTES or place + 1 - first >= RUN_EXHIBITS:
            yield exhibits[first : place + 1]
            first, size = place + 1, 0
    if exhibits[first:]:
        yield exhibits[first:]


def _work(case: CaseFile, runs: _Runs, told: SharedProgress) -> list[CheckResult]:
    """Check runs, in a thread with a reader of its own, until none is left."""
    found: list[CheckResult] = []
    with case.another_reader() as mine:
        while (run := _next(runs)) is not None:
            found += _check_run(mine, run, told)
    return found


def _next(runs: _Runs) -> Sequence[ExpectedOriginal] | None:
    try:
        return runs.popleft()
    except IndexError:
        return None


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
    case: CaseFile, run: Sequence[ExpectedOriginal], told: SharedProgress
) -> list[CheckResult]:
    reading = {e.seq: _Reading(e) for e in run}
    try:
        for seq, idx, piece in case.chunks(run[0].seq, run[-1].seq):
            told.add(len(piece))
            if seq in reading:
                reading[seq].take(idx, piece)
    except CaseDamagedError as error:
        if len(run) == 1:
            return [broken("original-damaged", seq=run[0].seq, detail=error.detail)]
        return [r for expected in run for r in _check_run(case, [expected], told)]
    return [problem for r in reading.values() if (problem := r.outcome()) is not None]


class _Reading:
    """What was read so far of one original (rule 1)."""

    __slots__ = ("_digest", "_expected", "_pieces", "_problem", "_size")

    def __init__(self, expected: ExpectedOriginal) -> None:
        self._expected = expected
        self._digest = hashlib.sha256()
        self._size = 0
        self._pieces = 0
        self._problem: CheckResult | None = None

    def take(self, idx: int, piece: bytes) -> None:
        """Add the next piece."""
        place, size = self._pieces, self._size
        if idx != place:
            self._fail("original-missing", place)
        elif not piece or size != place * schema.CHUNK_BYTES or len(piece) > schema.CHUNK_BYTES:
            self._fail("original-chunks", place)
        self._digest.update(piece)
        self._size = size + len(piece)
        self._pieces = place + 1

    def _fail(self, code: str, place: int) -> None:
        if self._problem is None:
            self._problem = broken(code, seq=self._expected.seq, detail=f"chunk {place}")

    def outcome(self) -> CheckResult | None:
        """Return what is wrong, if anything, once all pieces were taken."""
        expected, found = self._expected, self._digest.hexdigest()
        if self._problem:
            return self._problem
        if self._size != expected.size:
            return broken(
                "original-size",
                seq=expected.seq,
                expected=str(expected.size),
                found=str(self._size),
            )
        if found != expected.sha256.hex():
            return broken(
                "original-digest", seq=expected.seq, expected=expected.sha256.hex(), found=found
            )
        return None
