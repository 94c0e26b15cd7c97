"""Check 3 of ``verify``: every byte of every original, its pieces and its row in the list.

Rules:

1. The list says where originals lie, so that hashing can begin before the entries are read; what
   was found is compared with what the entries say, and with the list, afterwards.
2. Spans are cut so that every seq is in one of them: an original that is not listed is read, too.
3. Half of it is hashed in a process of its own, if one was started, or else in a thread. What the
   process finds wrong is read again here.
4. What no exhibit speaks of does not belong in the case.
"""

import collections
import concurrent.futures
import contextlib
import dataclasses
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Self

from evidence.progress import Progress, SharedProgress
from evidence.store import digests
from evidence.store.case_file import CaseFile
from evidence.store.digest_process import DigestProcess, Span, StoredOriginal
from evidence.store.sealing import KeySealer
from evidence.store.verdict import CheckResult, broken

SPAN_BYTES = 16 * 1024 * 1024
SPAN_ORIGINALS = 256
"""Neighbouring originals up to this much are read with one query."""

_LAST = 2**63 - 1
"""The highest row number of SQLite."""

_NOTHING = StoredOriginal(-1, 0, hashlib.sha256().digest())
"""An original of no bytes has no pieces."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedOriginal:
    """What an exhibit's entry says about its original."""

    seq: int
    size: int
    sha256: bytes


class OriginalsReading:
    """Hashes the originals of a case while its owner does other things. A context manager."""

    def __init__(
        self, case: CaseFile, progress: Progress, *, process: DigestProcess | None = None
    ) -> None:
        """Take the case; ``progress`` is told bytes."""
        self.listed = case.originals()
        total = sum(max(size, 0) for size, _ in self.listed.values())
        self._case = case
        self._process = process
        self._spans = collections.deque(_spans(self.listed))
        self._told = SharedProgress(total, progress)
        self._over = False
        self._pool = concurrent.futures.ThreadPoolExecutor(1)
        self._other: concurrent.futures.Future[list[StoredOriginal]] | None = None

    def __enter__(self) -> Self:
        """Begin, if there is a process for it: a thread would only get in the owner's way."""
        if self._process is not None:
            self._other = self._pool.submit(self._in_a_process, self._process)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Leave what is not begun when the work is broken off."""
        self._over = True
        if self._process is not None:
            self._process.kill()
        self._pool.shutdown()

    def check(self, exhibits: Sequence[ExpectedOriginal]) -> list[CheckResult]:
        """Compare all that is stored with what the entries say, once all was read.

        Raises:
            CaseDamagedError: if SQLite cannot tell which originals there are.
        """
        if self._other is None:
            self._other = self._pool.submit(self._in_a_thread)
        found = {one.seq: one for one in (*self._read(self._case), *self._other.result())}
        problems: list[CheckResult] = []
        for expected in exhibits:
            problem = _problem(expected, found.get(expected.seq, _NOTHING))
            if problem is not None and self._process is not None:
                # No fault of another process may speak against the case.
                problem = _problem(expected, self._again(expected.seq))
            problems += [] if problem is None else [problem]
        return sorted(problems, key=lambda p: p.seq or 0)

    def _again(self, seq: int) -> StoredOriginal:
        return next(iter(digests.read(self._case, (seq, seq))), _NOTHING)

    def _in_a_thread(self) -> list[StoredOriginal]:
        if not self._spans:
            return []
        with self._case.another_reader() as case:
            return self._read(case)

    def _in_a_process(self, process: DigestProcess) -> list[StoredOriginal]:
        found: list[StoredOriginal] = []
        sealer = self._case.sealer
        # Whatever the process does wrong, its spans are read here.
        with contextlib.suppress(OSError, TypeError, ValueError):
            process.open(
                self._case.path, sealer.name, sealer.key if isinstance(sealer, KeySealer) else b""
            )
            while (span := self._next()) is not None:
                try:
                    answer = process.read(span)
                except BaseException:
                    self._spans.appendleft(span)
                    raise
                found += answer
                self._told.add(sum(one.size for one in answer))
        return found + self._in_a_thread()

    def _read(self, case: CaseFile) -> list[StoredOriginal]:
        """Read spans until none is left."""
        found: list[StoredOriginal] = []
        while (span := self._next()) is not None:
            found += digests.read(case, span, self._told.add)
        return found

    def _next(self) -> Span | None:
        with contextlib.suppress(IndexError):
            return None if self._over else self._spans.popleft()
        return None


def _spans(listed: Mapping[int, tuple[int, bytes]]) -> Iterator[Span]:
    """Yield spans that hold every seq from 0 on, cut behind every so many originals."""
    first = size = count = 0
    for seq in sorted(listed):
        size, count = size + listed[seq][0], count + 1
        if size >= SPAN_BYTES or count >= SPAN_ORIGINALS:
            yield first, seq
            first, size, count = seq + 1, 0, 0
    if first <= _LAST:
        yield first, _LAST


def _problem(expected: ExpectedOriginal, found: StoredOriginal) -> CheckResult | None:
    seq = expected.seq
    if found.problem:
        return broken(found.problem, seq=seq, detail=found.detail)
    if found.size != expected.size:
        return broken("original-size", seq=seq, expected=str(expected.size), found=str(found.size))
    if found.sha256 != expected.sha256:
        was, now = expected.sha256.hex(), found.sha256.hex()
        return broken("original-digest", seq=seq, expected=was, found=now)
    return None


def check_list(
    case: CaseFile,
    listed: Mapping[int, tuple[int, bytes]],
    exhibits: Sequence[ExpectedOriginal],
    *,
    emptied: frozenset[int] = frozenset(),
) -> list[CheckResult]:
    """Compare the list of originals with the exhibits, and look for chunks of nobody.

    ``emptied`` are the erased entries, of which ``verify_erased`` has looked at what is left.
    """
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
    strangers = {*listed, *case.chunk_owners()} - {e.seq for e in exhibits}
    strangers -= emptied
    return problems + [broken("original-orphan", seq=seq) for seq in sorted(strangers)]
