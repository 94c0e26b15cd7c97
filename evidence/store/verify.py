"""Check a whole case file: every entry, every link, every byte of every original.

Rules:

1. Everything is derived again from the stored bytes and then compared with what is stored.
2. All problems are collected; the first one does not hide the others.
3. What was not checked is ``NOT_CHECKED`` and is never shown as passed.
4. A chain that its holder could have written anew proves nothing about its own past; only a
   checkpoint kept elsewhere does. Without one the check ``anchor`` says so.

The checks, in order: (1) structure of the file, (2) entries and links, (3) originals, (4) the
case's key, (5) an earlier checkpoint.
"""

import concurrent.futures
import dataclasses
import enum
import hashlib
import itertools
import operator
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.engine import Connection

from evidence.core import checkpoint, merkle, records
from evidence.core.checkpoint import SignedCheckpoint
from evidence.core.entry import GENESIS, Entry, LeafHash, decode_entry, leaf_hash
from evidence.core.merkle import RootHash
from evidence.core.records import Kind
from evidence.errors import CaseDamagedError, EvidenceError
from evidence.progress import Progress, silent
from evidence.store import schema
from evidence.store.case_file import CaseFile

WORKERS = 2
"""Threads that read and hash originals; SQLite and hashlib both release the interpreter lock."""

RUN_BYTES = 32 * 1024 * 1024
RUN_EXHIBITS = 256
"""Neighbouring originals up to this much are read with one query."""

MAX_RESULTS = 1000
"""Problems listed one by one; the rest is counted."""


class Verdict(enum.StrEnum):
    """What may be said of one thing, or of the whole."""

    INTACT = "INTACT"
    NOT_INTACT = "NOT INTACT"
    NOT_CHECKED = "NOT CHECKED"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """One check, or one problem that it found."""

    name: str
    """Stable ASCII name: ``entry-link``, ``original-digest`` …"""
    verdict: Verdict
    detail: str = ""
    """ASCII; for a log, not for the borrower."""
    seq: int | None = None
    expected: str = ""
    found: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CaseReport:
    """The outcome for a whole case file."""

    entries: int
    exhibits: int
    original_bytes: int
    root: str
    """Hex Merkle root over the recomputed leaves."""
    results: tuple[CheckResult, ...]

    @property
    def verdict(self) -> Verdict:
        """NOT INTACT if any check says so, else INTACT for what was checked."""
        if any(r.verdict is Verdict.NOT_INTACT for r in self.results):
            return Verdict.NOT_INTACT
        return Verdict.INTACT


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Expected:
    """What an exhibit's entry says about its original."""

    seq: int
    size: int
    sha256: str


@dataclasses.dataclass(slots=True, kw_only=True)
class _Log:
    """What reading the entries gave."""

    leaves: list[LeafHash]
    exhibits: list[_Expected]
    public_key: str
    case_id: str
    problems: list[CheckResult]


def verify_case(
    path: Path, *, against: SignedCheckpoint | None = None, progress: Progress = silent
) -> CaseReport:
    """Check the case at ``path``; ``progress`` is told bytes of originals.

    Raises:
        CaseMissingError, NotACaseError, CaseTooNewError: if it is no case that can be checked.
        CaseDamagedError: if SQLite cannot read it far enough to check anything.
    """
    with CaseFile.open_read(path) as case:
        results = _check_structure(case)
        log = _check_entries(case)
        results += log.problems or [_intact("entries", f"{len(log.leaves)} entries")]
        originals = _check_originals(path, log.exhibits, progress)
        orphans = _check_orphans(case, log.exhibits)
        results += originals + orphans or [_intact("originals", f"{len(log.exhibits)} originals")]
        results.append(_check_key(case, log))
    results += _check_against(log, against)
    return CaseReport(
        entries=len(log.leaves),
        exhibits=len(log.exhibits),
        original_bytes=sum(e.size for e in log.exhibits),
        root=merkle.root(log.leaves).hex(),
        results=tuple(_capped(results)),
    )


# (1) structure ------------------------------------------------------------------------------------


def _check_structure(case: CaseFile) -> list[CheckResult]:
    with case.reader() as connection:
        # Chunks are left out here: check 3 reads every one of them.
        problems = [
            line
            for table in (schema.entry, schema.original, schema.meta)
            for line in schema.structure_problems(connection, table)
        ]
        missing = schema.trigger_names() - schema.found_triggers(connection)
    results = [_broken("file-structure", detail=line) for line in problems]
    if missing:
        results.append(_broken("triggers", detail=",".join(sorted(missing))))
    return results or [_intact("file-structure")]


# (2) entries and links ----------------------------------------------------------------------------


def _check_entries(case: CaseFile) -> _Log:
    log = _Log(leaves=[], exhibits=[], public_key="", case_id="", problems=[])
    stored = case.leaves()
    link = GENESIS
    for place, (seq, body) in enumerate(case.bodies()):
        leaf = leaf_hash(body)
        log.leaves.append(leaf)
        if seq != place:
            log.problems.append(_broken("entry-order", seq=seq, expected=str(place)))
        if place >= len(stored) or stored[place] != leaf:
            log.problems.append(_broken("entry-leaf", seq=seq, found=leaf.hex()))
        try:
            entry = decode_entry(body)
        except EvidenceError as error:
            log.problems.append(_broken("entry-form", seq=seq, detail=error.code))
        else:
            _check_entry(log, entry, seq=seq, link=link)
        link = leaf
    if not log.leaves:
        log.problems.append(_broken("entry-form", detail="no entries"))
    return log


def _check_entry(log: _Log, entry: Entry, *, seq: int, link: LeafHash) -> None:
    if entry.seq != seq:
        log.problems.append(_broken("entry-order", seq=seq, found=str(entry.seq)))
    if entry.prev != link:
        log.problems.append(
            _broken("entry-link", seq=seq, expected=link.hex(), found=entry.prev.hex())
        )
    if (seq == 0) != (entry.kind == Kind.CASE):
        log.problems.append(_broken("entry-order", seq=seq, found=entry.kind))
    try:
        _collect(log, entry)
    except (KeyError, ValueError, TypeError) as error:
        log.problems.append(_broken("entry-form", seq=seq, detail=repr(error)))


def _collect(log: _Log, entry: Entry) -> None:
    if entry.kind == Kind.EXHIBIT:
        exhibit = records.exhibit_from_data(entry.data)
        log.exhibits.append(_Expected(seq=entry.seq, size=exhibit.size, sha256=exhibit.sha256))
    elif entry.kind == Kind.CASE:
        case = records.case_from_data(entry.data)
        log.public_key, log.case_id = case.public_key, case.case_id


# (3) originals ------------------------------------------------------------------------------------


def _check_originals(
    path: Path, exhibits: Sequence[_Expected], progress: Progress
) -> list[CheckResult]:
    counter = _Counter(sum(e.size for e in exhibits), progress)
    queue = iter(_runs(exhibits))
    lock = threading.Lock()

    def work() -> list[CheckResult]:
        found: list[CheckResult] = []
        with CaseFile.open_read(path) as case:
            while True:
                with lock:
                    run = next(queue, None)
                if run is None:
                    return found
                found += _check_run(case, run, counter)

    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        jobs = [pool.submit(work) for _ in range(min(WORKERS, len(exhibits)))]
        return sorted((r for job in jobs for r in job.result()), key=lambda r: r.seq or 0)


def _runs(exhibits: Sequence[_Expected]) -> Iterator[list[_Expected]]:
    """Cut the exhibits into runs of neighbours that are read with one query each."""
    run: list[_Expected] = []
    for expected in exhibits:
        run.append(expected)
        if sum(e.size for e in run) >= RUN_BYTES or len(run) >= RUN_EXHIBITS:
            yield run
            run = []
    if run:
        yield run


def _check_run(case: CaseFile, run: list[_Expected], counter: "_Counter") -> list[CheckResult]:
    found: dict[int, tuple[int, str]] = {}
    gaps: list[CheckResult] = []
    chunks = case.chunks(run[0].seq, run[-1].seq)
    for seq, pieces in itertools.groupby(chunks, key=operator.itemgetter(0)):
        digest = hashlib.sha256()
        size = 0
        for place, (_, idx, piece) in enumerate(pieces):
            if idx != place:
                gaps.append(_broken("original-missing", seq=seq, detail=f"chunk {place}"))
                break
            digest.update(piece)
            size += len(piece)
            counter.add(len(piece))
        found[seq] = (size, digest.hexdigest())
    known_gaps = {gap.seq for gap in gaps}
    empty = (0, hashlib.sha256().hexdigest())
    return gaps + [
        problem
        for expected in run
        if expected.seq not in known_gaps
        for problem in _compare(expected, *found.get(expected.seq, empty))
    ]


def _compare(expected: _Expected, size: int, digest: str) -> Iterator[CheckResult]:
    if size != expected.size:
        yield _broken(
            "original-size", seq=expected.seq, expected=str(expected.size), found=str(size)
        )
    elif digest != expected.sha256:
        yield _broken("original-digest", seq=expected.seq, expected=expected.sha256, found=digest)


def _check_orphans(case: CaseFile, exhibits: Sequence[_Expected]) -> list[CheckResult]:
    """Compare the list of originals with the exhibits, and look for chunks of nobody."""
    sizes = {e.seq: e.size for e in exhibits}
    with case.reader() as connection:
        listed, chunked = _listed(connection), _chunked(connection)
    problems = [
        _broken("original-missing", seq=seq, expected=str(size), found=str(listed.get(seq)))
        for seq, size in sizes.items()
        if listed.get(seq) != size
    ]
    strangers = (listed.keys() | chunked) - sizes.keys()
    return problems + [_broken("original-orphan", seq=seq) for seq in sorted(strangers)]


def _listed(connection: Connection) -> dict[int, int]:
    rows = connection.execute(select(schema.original.c.seq, schema.original.c.size))
    return {row.seq: row.size for row in rows}


def _chunked(connection: Connection) -> set[int]:
    rows = connection.execute(select(schema.chunk.c.seq).distinct())
    return {seq for (seq,) in rows}


# (4) the case's key -------------------------------------------------------------------------------


def _check_key(case: CaseFile, log: _Log) -> CheckResult:
    try:
        held = case.public_key().hex()
    except CaseDamagedError as error:
        return _broken("signing-key", detail=error.detail)
    if held != log.public_key:
        return _broken("signing-key", expected=log.public_key, found=held)
    return _intact("signing-key")


# (5) an earlier checkpoint ------------------------------------------------------------------------


def _check_against(log: _Log, against: SignedCheckpoint | None) -> list[CheckResult]:
    if against is None:
        return [CheckResult(name="anchor", verdict=Verdict.NOT_CHECKED)]
    claimed = against.checkpoint
    if claimed.case_id != log.case_id:
        return [_broken("anchor-case", expected=log.case_id, found=claimed.case_id)]
    results: list[CheckResult] = []
    key = bytes.fromhex(log.public_key) if len(log.public_key) == 64 else b""
    if not checkpoint.verify_signature(against, key):
        results.append(_broken("anchor-signature"))
    if claimed.size > len(log.leaves):
        results.append(
            _broken("anchor-size", expected=str(claimed.size), found=str(len(log.leaves)))
        )
    else:
        root: RootHash = merkle.root(log.leaves[: claimed.size])
        if root != claimed.root:
            results.append(_broken("anchor-root", expected=claimed.root.hex(), found=root.hex()))
    return results or [_intact("anchor", f"{claimed.size} entries")]


# -------------------------------------------------------------------------------------------------


class _Counter:
    """Adds up bytes from several threads and tells how far the work is."""

    def __init__(self, total: int, progress: Progress) -> None:
        self._total = total
        self._progress = progress
        self._done = 0
        self._lock = threading.Lock()

    def add(self, count: int) -> None:
        with self._lock:
            self._done += count
            self._progress(self._done, self._total)


def _intact(name: str, detail: str = "") -> CheckResult:
    return CheckResult(name=name, verdict=Verdict.INTACT, detail=detail)


def _broken(
    name: str, *, detail: str = "", seq: int | None = None, expected: str = "", found: str = ""
) -> CheckResult:
    return CheckResult(
        name=name,
        verdict=Verdict.NOT_INTACT,
        detail=detail,
        seq=seq,
        expected=expected,
        found=found,
    )


def _capped(results: list[CheckResult]) -> list[CheckResult]:
    if len(results) <= MAX_RESULTS:
        return results
    more = f"{len(results) - MAX_RESULTS} more"
    return [*results[:MAX_RESULTS], _broken("more-problems", detail=more)]
