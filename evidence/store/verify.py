"""Check a whole case file: every entry, every link, every byte of every original.

Rules:

1. Everything is derived again from the stored bytes and then compared with what is stored.
2. All problems are collected; the first one does not hide the others.
3. What was not checked is ``NOT_CHECKED`` and is never shown as passed.
4. A chain that its holder could have written anew proves nothing about its own past; only a
   checkpoint kept elsewhere does. Without one the check ``anchor`` says so.

5. An entry that was erased is checked by the leaf that it left; a body that is gone without an
   ``erase`` entry is damage, and so is one that is there in spite of it.

The checks, in order: (1) structure of the file, (2) entries and links, erasures
(``verify_erased``), (3) originals (``verify_originals``), (4) the case's key and what opens it,
(5) timestamps and an earlier checkpoint (``verify_anchors``).
"""

import dataclasses
from pathlib import Path

from evidence.core import case_view, clock_order, merkle
from evidence.core.clock_order import SetBack
from evidence.core.entry import GENESIS, Entry, LeafHash, decode_entry, leaf_hash
from evidence.core.erasure import Erasure
from evidence.core.records import CaseRecord, Exhibit, Kind
from evidence.core.timestamp import Timestamp
from evidence.core.trust import NOBODY, Trust
from evidence.errors import CaseDamagedError, CaseStructureError, EvidenceError
from evidence.progress import Progress, silent
from evidence.store import disk, meta, protection, schema
from evidence.store.case_file import CaseFile, read_locks
from evidence.store.digest_process import DigestProcess
from evidence.store.protection import Unlock
from evidence.store.sealing import PLAIN
from evidence.store.verdict import CheckResult, Verdict, broken, intact
from evidence.store.verify_anchors import Anchor, check_against, check_timestamps, log_of
from evidence.store.verify_erased import Claim, check_erased
from evidence.store.verify_originals import (
    ExpectedOriginal,
    OriginalsReading,
    check_list,
)

__all__ = ["CaseReport", "CheckResult", "Verdict", "verify_case"]

_NOT_READ = frozenset({"file-structure", "entry-damaged", "original-damaged"})
"""Problems that may be the disk's, which SQLite does not tell from a malformed file."""

_OF_PIECES = frozenset(
    {
        "original-damaged",
        "original-missing",
        "original-size",
        "original-chunks",
        "original-orphan",
    }
)
"""Problems that come from a broken structure, too, of which check 1 leaves the pieces out."""

MAX_RESULTS = 1000
"""Problems listed one by one; the rest is counted."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CaseReport:
    """The outcome for a whole case file."""

    entries: int
    exhibits: int
    original_bytes: int
    root: str
    """Hex Merkle root over the recomputed leaves; empty if not all could be read."""
    safe: int | None = None
    """If SQLite does not read the file: so many entries from the first on are whole and linked."""
    erased: tuple[Claim, ...]
    """Entries whose body and bytes were erased; the leaf of each is the stored one."""
    set_back: tuple[SetBack, ...] = ()
    """Where the program's clock ran backwards; the case is no less intact for it."""
    results: tuple[CheckResult, ...]

    @property
    def verdict(self) -> Verdict:
        """NOT INTACT if any check says so, else INTACT for what was checked."""
        if any(r.verdict is Verdict.NOT_INTACT for r in self.results):
            return Verdict.NOT_INTACT
        return Verdict.INTACT


@dataclasses.dataclass(slots=True, kw_only=True)
class _Log:
    """What reading the entries gave."""

    leaves: list[LeafHash]
    exhibits: list[ExpectedOriginal]
    public_key: str
    case_id: str
    problems: list[CheckResult]
    empty: dict[int, LeafHash]
    """Entries without a body, with the leaf that they left."""
    claims: list[Claim]
    stamps: list[tuple[int, Timestamp]]
    set_back: list[SetBack]
    recorded_at: str
    """Of the last entry that was read."""


def verify_case(
    path: Path,
    *,
    against: Anchor | None = None,
    roots: Trust = NOBODY,
    progress: Progress = silent,
    unlock: Unlock = protection.no_key,
    process: DigestProcess | None = None,
) -> CaseReport:
    """Check the case at ``path``; ``progress`` is told bytes of originals.

    ``process``, if the caller has started one, hashes half of them.

    Raises:
        CheckpointCodeError: if ``against`` is a short code that looks mistyped.
        CaseMissingError, NotACaseError, CaseTooNewError: if it is no case that can be checked.
        CaseDamagedError, CaseStructureError: if nothing of a case can be found in it.
    """
    try:
        report = _verify(path, against, roots, unlock, progress=progress, process=process)
    except (CaseDamagedError, CaseStructureError) as error:
        report = _verify_damaged(path, against, unlock, error)
    wrong = {r.name for r in report.results if r.verdict is Verdict.NOT_INTACT}
    if wrong.isdisjoint(_NOT_READ) or disk.gives_all(path):
        return report
    unread = broken("disk-read", detail=disk.UNREAD)
    return dataclasses.replace(report, results=(unread, *report.results))


def _verify(
    path: Path,
    against: Anchor | None,
    roots: Trust,
    unlock: Unlock,
    *,
    progress: Progress,
    process: DigestProcess | None,
) -> CaseReport:
    with CaseFile.open_read(path, unlock=unlock) as case:
        results = _check_structure(case)
        with OriginalsReading(case, progress, process=process) as reading:
            log = _check_entries(case)
            originals = reading.check(log.exhibits)
        gone = check_erased(case, log.claims, empty=log.empty, leaves=log.leaves)
        log.problems += gone.problems
        results += log.problems or [intact("entries", f"{len(log.leaves)} entries")]
        if gone.erased:
            results.append(intact("erased", f"{len(gone.erased)} entries"))
        originals += check_list(case, reading.listed, log.exhibits, emptied=gone.emptied)
        if any(r.name in _OF_PIECES for r in originals):
            results = _with_pieces(case, results)
        results += originals or [intact("originals", f"{len(log.exhibits)} originals")]
        results.append(_check_key(case, log))
        results += _check_slots(case)
        known = log_of(log.case_id, log.public_key, log.leaves)
        results += check_timestamps(log.stamps, known, roots)
        results += check_against(case, known, against)
    return CaseReport(
        entries=len(log.leaves),
        exhibits=len(log.exhibits),
        original_bytes=sum(e.size for e in log.exhibits),
        root=merkle.root(log.leaves).hex(),
        erased=gone.erased,
        set_back=tuple(log.set_back),
        results=tuple(_capped(results)),
    )


def _verify_damaged(
    path: Path,
    against: Anchor | None,
    unlock: Unlock,
    error: CaseDamagedError | CaseStructureError,
) -> CaseReport:
    # What reads a wreck page by page takes a while to import, and few cases are wrecks.
    from evidence.store.verify_damaged import damaged_anchor, damaged_results, search
    from evidence.store.wreck import State

    wreck = search(path, unlock)
    if wreck is None:
        raise error
    with wreck:
        results = [*damaged_results(wreck, error), damaged_anchor(wreck, against)]
        whole = wreck.originals_of(State.WHOLE)
        return CaseReport(
            entries=len(wreck.of(State.WHOLE)),
            exhibits=len(whole),
            original_bytes=sum(wreck.originals[seq].size for seq in whole),
            root="",
            erased=(),
            safe=wreck.prefix,
            results=tuple(_capped(results)),
        )


# (1) structure ------------------------------------------------------------------------------------


def _check_structure(case: CaseFile) -> list[CheckResult]:
    with case.reader() as connection:
        if schema.has_free_pages(connection):
            problems = schema.structure_problems(connection)
        else:
            # Chunks are left out here: check 3 reads every one of them.
            problems = [
                line
                for table in schema.tables(connection)
                if table is not schema.chunk
                for line in schema.structure_problems(connection, table)
            ]
        if not problems and not meta.says_how(connection):
            problems = ["sealing"]
        triggers = schema.changed_triggers(connection)
        strangers = [] if problems else meta.strangers(connection)
    if case.path.stat().st_size % schema.PAGE_BYTES:
        # SQLite reads the missing rest of a page as zeros; nothing may be added to such a file.
        problems.append("cut off inside a page")
    results = [broken("file-structure", detail=line) for line in problems]
    if triggers:
        results.append(broken("triggers", detail=",".join(triggers)))
    if strangers:
        results.append(broken("meta-rows", detail=", ".join(strangers)))
    return results or [intact("file-structure")]


def _with_pieces(case: CaseFile, results: list[CheckResult]) -> list[CheckResult]:
    """Look at the structure of all of the file, since pieces of originals are not as they were."""
    try:
        with case.reader() as connection:
            problems = schema.structure_problems(connection)
    except CaseDamagedError as error:
        problems = [error.detail]
    if not problems:
        return results
    others = [r for r in results if r.name != "file-structure"]
    return [*(broken("file-structure", detail=line) for line in problems), *others]


# (2) entries and links ----------------------------------------------------------------------------


def _check_entries(case: CaseFile) -> _Log:
    log = _Log(
        leaves=[],
        exhibits=[],
        public_key="",
        case_id="",
        problems=[],
        empty={},
        claims=[],
        stamps=[],
        set_back=[],
        recorded_at="",
    )
    stored = case.leaves()
    link = GENESIS
    for place, (seq, sealed) in enumerate(case.stored_bodies()):
        try:
            body = case.open_body(seq, sealed)
        except CaseDamagedError:
            # Its leaf cannot be derived; with the stored one the rest can still be compared.
            log.problems.append(broken("entry-seal", seq=seq))
            link = stored[place] if place < len(stored) else GENESIS
            log.leaves.append(link)
            continue
        if seq != place:
            log.problems.append(broken("entry-order", seq=seq, expected=str(place)))
        if not body and place < len(stored):
            # Whether that may be is said further on in the log (rule 5).
            link = log.empty[seq] = stored[place]
            log.leaves.append(link)
            continue
        leaf = leaf_hash(body)
        log.leaves.append(leaf)
        if place >= len(stored) or stored[place] != leaf:
            log.problems.append(broken("entry-leaf", seq=seq, found=leaf.hex()))
        try:
            entry = decode_entry(body)
        except EvidenceError as error:
            log.problems.append(broken("entry-form", seq=seq, detail=error.code))
        else:
            _check_entry(log, entry, seq=seq, link=link)
        link = leaf
    if not log.leaves:
        log.problems.append(broken("entry-form", detail="no entries"))
    return log


def _check_entry(log: _Log, entry: Entry, *, seq: int, link: LeafHash) -> None:
    if entry.seq != seq:
        log.problems.append(broken("entry-order", seq=seq, found=str(entry.seq)))
    if entry.prev != link:
        log.problems.append(
            broken("entry-link", seq=seq, expected=link.hex(), found=entry.prev.hex())
        )
    if (seq == 0) != (entry.kind == Kind.CASE):
        log.problems.append(broken("entry-order", seq=seq, found=entry.kind))
    step = clock_order.set_back(log.recorded_at, seq, entry.recorded_at)
    if step is not None:
        log.set_back.append(step)
    log.recorded_at = entry.recorded_at
    try:
        _collect(log, entry)
    except (KeyError, ValueError, TypeError, IndexError) as error:
        log.problems.append(broken("entry-form", seq=seq, detail=repr(error)))


def _collect(log: _Log, entry: Entry) -> None:
    # An entry of a known kind that lacks what the kind needs stops ``list``: it is no sound entry.
    match case_view.read(entry):
        case Exhibit() as exhibit:
            digest = bytes.fromhex(exhibit.sha256)
            if digest.hex() != exhibit.sha256:
                raise ValueError("sha256")
            log.exhibits.append(ExpectedOriginal(seq=entry.seq, size=exhibit.size, sha256=digest))
        case Erasure() as record:
            claim = Claim(seq=entry.seq, recorded_at=entry.recorded_at, record=record)
            log.claims.append(claim)
        case Timestamp() as stamp:
            log.stamps.append((entry.seq, stamp))
        case CaseRecord() as case:
            log.public_key, log.case_id = case.public_key, case.case_id


# (4) the case's key -------------------------------------------------------------------------------


def _check_key(case: CaseFile, log: _Log) -> CheckResult:
    try:
        held = case.public_key().hex()
    except CaseDamagedError as error:
        return broken("signing-key", detail=error.detail)
    if held != log.public_key:
        return broken("signing-key", expected=log.public_key, found=held)
    return intact("signing-key")


def _check_slots(case: CaseFile) -> list[CheckResult]:
    """Check that both the passphrase and the recovery code can still open the case."""
    locks = read_locks(case.path)
    if locks.sealing == PLAIN:
        return []
    damaged = protection.damaged_slots(locks)
    return [broken("key-slots", detail=name) for name in damaged] or [intact("key-slots")]


def _capped(results: list[CheckResult]) -> list[CheckResult]:
    if len(results) <= MAX_RESULTS:
        return results
    more = f"{len(results) - MAX_RESULTS} more"
    return [*results[:MAX_RESULTS], broken("more-problems", detail=more)]
