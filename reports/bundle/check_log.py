"""Checks 2 to 4 of a bundle: entries against leaves, leaves against root, root against signature.

Rules:

1. Everything is derived again from the bytes of the bundle.
2. A check whose input is missing or unreadable is NOT CHECKED, and says what it lacked.
"""

import dataclasses
import itertools
import operator

from evidence.core import canonical, merkle, records
from evidence.core import checkpoint as checkpoints
from evidence.core.checkpoint import SignedCheckpoint
from evidence.core.entry import GENESIS, Entry, LeafHash, decode_entry, leaf_hash
from evidence.core.records import CaseRecord, Kind
from evidence.errors import CheckpointFormError, EvidenceError
from reports.bundle import folder as folders
from reports.bundle import layout, proofs
from reports.bundle.folder import Folder
from reports.bundle.results import Results

MAX_LEAVES = 65 * 2_000_000
"""Longest ``leaves.txt`` that is read, in bytes: two million entries."""

MAX_LINE = canonical.MAX_BYTES + 1
"""Longest line of ``entries.jsonl`` that is read, with its newline, in bytes."""

_MAX_KEY = 1024


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ExhibitFacts:
    """What an exhibit entry says about its bytes; the rest may be of a later version."""

    name: str
    size: int
    sha256: str


@dataclasses.dataclass(slots=True, kw_only=True)
class FoundLog:
    """What the files of ``data/log`` and ``data/anchor`` say; empty where they say nothing."""

    leaves: list[LeafHash] | None = None
    signed: SignedCheckpoint | None = None
    public_key: bytes | None = None
    seqs: list[int] = dataclasses.field(default_factory=list)
    """Disclosed entries whose bytes match their leaf."""
    case: CaseRecord | None = None
    exhibits: dict[int, ExhibitFacts] = dataclasses.field(default_factory=dict)
    """What disclosed exhibit entries say, by seq."""


def check_log(folder: Folder, results: Results) -> FoundLog:
    """Check the log of a bundle and return what it says."""
    log = FoundLog(
        leaves=_leaves(folder, results),
        signed=_checkpoint(folder, results),
        public_key=_key(folder, results),
    )
    _check_entries(folder, log, results)
    _check_root(log, results)
    _check_signature(log, results)
    _check_case_entry(log, results)
    return log


# --- reading --------------------------------------------------------------------------------------


def _leaves(folder: Folder, results: Results) -> list[LeafHash] | None:
    data = folders.read_whole(folder, layout.LEAVES, MAX_LEAVES, results)
    if data is None:
        return None
    try:
        leaves = proofs.parse_leaves(data)
    except ValueError as error:
        results.broken("leaves-form", detail=str(error))
        return None
    ordered = sorted(leaves)  # a set would take much more memory
    if any(map(operator.eq, ordered, itertools.islice(ordered, 1, None))):
        # Every body has its own seq and nonce, so no two leaves are ever equal.
        results.broken("leaves-form", detail="a leaf comes twice")
    return leaves


def _checkpoint(folder: Folder, results: Results) -> SignedCheckpoint | None:
    data = folders.read_whole(folder, layout.CHECKPOINT, checkpoints.MAX_BYTES, results)
    if data is None:
        return None
    try:
        return checkpoints.parse(data)
    except CheckpointFormError as error:
        results.broken("checkpoint-form", detail=error.reason)
        return None


def _key(folder: Folder, results: Results) -> bytes | None:
    data = folders.read_whole(folder, layout.KEY, _MAX_KEY, results)
    if data is None:
        return None
    try:
        return proofs.parse_key(data)
    except ValueError as error:
        results.broken("key-form", detail=str(error))
        return None


# (2) entries against leaves -----------------------------------------------------------------------


def _check_entries(folder: Folder, log: FoundLog, results: Results) -> None:
    since = results.problems
    if log.leaves is None or layout.ENTRIES not in folder.files:
        results.unchecked("entries", detail="leaves or entries missing")
        return
    try:
        with folders.open_file(folder, layout.ENTRIES) as file:
            number = 0
            while line := file.readline(MAX_LINE):
                number += 1
                if number > len(log.leaves):
                    results.broken("entry-order", detail="more lines than leaves")
                    break
                if not line.endswith(b"\n"):
                    results.broken("entry-form", detail=f"line {number}: too long or cut off")
                    break
                _check_line(line[:-1], number, log.leaves, log, results)
    except OSError as error:
        results.unchecked("file-unreadable", detail=f"{layout.ENTRIES}: {error.strerror}")
    if log.case is None and results.problems == since:
        results.broken("entry-form", seq=0, detail="not disclosed")
    results.settle("entries", since=since, detail=f"{len(log.seqs)} entries")


def _check_line(
    body: bytes, number: int, leaves: list[LeafHash], log: FoundLog, results: Results
) -> None:
    try:
        entry = decode_entry(body)
    except EvidenceError as error:
        results.broken("entry-form", detail=f"line {number}: {error.code}")
        return
    seq = entry.seq
    if seq >= len(leaves):
        results.broken("entry-order", seq=seq, expected=f"< {len(leaves)}")
        return
    if log.seqs and seq <= log.seqs[-1]:
        results.broken("entry-order", seq=seq, expected=f"> {log.seqs[-1]}")
        return
    leaf = leaf_hash(body)
    if leaf != leaves[seq]:
        results.broken("entry-leaf", seq=seq, expected=leaves[seq].hex(), found=leaf.hex())
        return
    link = leaves[seq - 1] if seq else GENESIS
    if entry.prev != link:
        results.broken("entry-link", seq=seq, expected=link.hex(), found=entry.prev.hex())
    log.seqs.append(seq)
    try:
        _collect(entry, log)
    except (KeyError, ValueError, TypeError) as error:
        results.broken("entry-form", seq=seq, detail=ascii(error))


def _collect(entry: Entry, log: FoundLog) -> None:
    if (entry.seq == 0) != (entry.kind == Kind.CASE):
        raise ValueError(f"kind {entry.kind}")
    if entry.kind == Kind.CASE:
        log.case = records.case_from_data(entry.data)
    elif entry.kind == Kind.EXHIBIT:
        name, size, sha256 = (entry.data[field] for field in ("name", "size", "sha256"))
        if not isinstance(name, str) or type(size) is not int or not isinstance(sha256, str):
            raise TypeError("exhibit")
        log.exhibits[entry.seq] = ExhibitFacts(name=name, size=size, sha256=sha256)


# (3) leaves against root --------------------------------------------------------------------------


def _check_root(log: FoundLog, results: Results) -> None:
    since = results.problems
    if log.leaves is None or log.signed is None:
        results.unchecked("root", detail="leaves or checkpoint missing")
        return
    claimed = log.signed.checkpoint
    if claimed.size != len(log.leaves):
        results.broken("leaves-count", expected=str(claimed.size), found=str(len(log.leaves)))
    root = merkle.root(log.leaves)
    if root != claimed.root:
        results.broken("root", expected=claimed.root.hex(), found=root.hex())
    results.settle("root", since=since, detail=root.hex())


# (4) root against signature -----------------------------------------------------------------------


def _check_signature(log: FoundLog, results: Results) -> None:
    since = results.problems
    if log.signed is None or log.public_key is None:
        results.unchecked("signature", detail="checkpoint or key missing")
        return
    if not checkpoints.verify_signature(log.signed, log.public_key):
        results.broken("signature")
    results.settle("signature", since=since)


def _check_case_entry(log: FoundLog, results: Results) -> None:
    since = results.problems
    if log.case is None or log.signed is None or log.public_key is None:
        results.unchecked("case-key", detail="case entry, checkpoint or key missing")
        return
    if log.case.public_key != log.public_key.hex():
        results.broken("case-key", expected=log.case.public_key, found=log.public_key.hex())
    if log.case.case_id != log.signed.checkpoint.case_id:
        results.broken("case-id", expected=log.case.case_id, found=log.signed.checkpoint.case_id)
    results.settle("case-key", since=since)
