"""Check a bundle as somebody who does not trust whoever made it (DESIGN section 5).

The checks, with the names under which they report:

1. manifests, tag files, nothing unlisted, no links: ``files``; what ``bag-info.txt`` says of
   the bundle: ``bag-info``
2. each disclosed entry hashes to its leaf and links to the leaf before: ``entries``
3. the root over all leaves is the checkpoint's: ``root``
4. the signature, and that the key is the one that the case began with: ``signature``, ``case-key``
5. each exhibit's bytes match the manifest and its entry: ``exhibits``
6. trusted timestamps (``check_timestamps``): ``timestamp``, ``timestamp-chain``
7. against the case itself: its first entries are the bundle's leaves, and it recorded this very
   bundle: ``case-prefix``, ``packet-record``

Rules:

1. All problems are collected; the first one does not hide the others.
2. What was not checked is NOT CHECKED and is never shown as passed.
3. The PDF and the texts are fixed by the manifests alone, which anybody can write anew; only the
   case's own record of the bundle (check 7) ties them to the log.
4. Whoever holds the key can make a whole case anew that passes checks 1 to 5. Only a checkpoint
   kept elsewhere, an outside timestamp or the case of the other side tells.
"""

import dataclasses
import stat
from collections.abc import Sequence
from pathlib import Path

from evidence.core import checkpoint as checkpoints
from evidence.core import records
from evidence.core.checkpoint import SignedCheckpoint
from evidence.core.entry import LeafHash, decode_entry, leaf_hash
from evidence.core.packet_record import PacketRecord, packet_from_data
from evidence.core.records import Kind
from evidence.core.trust import NOBODY, Trust
from evidence.errors import (
    BundleZippedError,
    EvidenceError,
    NotABundleError,
    NotComparableError,
)
from evidence.outside import read_small, unreadable
from evidence.progress import Progress, silent
from evidence.store.case_file import CaseFile
from evidence.store.verify import CheckResult, Verdict
from reports.bundle import layout
from reports.bundle.check_exhibits import check_exhibits, report_unchecked
from reports.bundle.check_files import check_files, digest_all
from reports.bundle.check_info import check_info
from reports.bundle.check_log import FoundLog, check_log
from reports.bundle.check_timestamps import check_timestamps
from reports.bundle.folder import Folder, list_folder
from reports.bundle.results import Results

_ZIP = b"PK\x03\x04"
"""The first bytes of a ZIP archive."""
_PDF = b"%PDF-"
_BEGINNING = 64
"""Bytes in which a checkpoint names itself, even one that an editor or a mail program changed."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class BundleReport:
    """The outcome for a whole bundle."""

    case_id: str
    """As the checkpoint says; empty if there is none that can be read."""
    entries: int
    """Entries that exist, by ``leaves.txt``."""
    disclosed: int
    """Entries whose body is in the bundle and matches its leaf."""
    exhibits: int
    files: int
    size: int
    """Bytes of all files."""
    checkpoint: SignedCheckpoint | None
    results: tuple[CheckResult, ...]

    @property
    def withheld(self) -> int:
        """Entries that exist and are not shown."""
        return self.entries - self.disclosed

    @property
    def verdict(self) -> Verdict:
        """NOT INTACT if any check says so, else INTACT for what was checked."""
        if any(r.verdict is Verdict.NOT_INTACT for r in self.results):
            return Verdict.NOT_INTACT
        return Verdict.INTACT

    @property
    def complete(self) -> bool:
        """Whether everything was checked that could have been."""
        return all(r.verdict is not Verdict.NOT_CHECKED for r in self.results)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _CaseLog:
    """What check 7 needs of the case."""

    case_id: str
    leaves: tuple[LeafHash, ...]
    packets: tuple[PacketRecord, ...]


def check_bundle(
    path: Path,
    *,
    case: CaseFile | None = None,
    roots: Trust = NOBODY,
    earlier: Sequence[Path] = (),
    progress: Progress = silent,
) -> BundleReport:
    """Check the bundle in the folder ``path``, against ``case`` and ``earlier`` bundles if given.

    ``progress`` is told bytes.

    Raises:
        FileUnreadableError: if there is no such folder.
        NotABundleError: if it has none of the files of a bundle.
    """
    results = Results()
    folder = _open(path, results)
    digests = digest_all(folder, results, progress)
    check_files(folder, digests, results)
    log = check_log(folder, results)
    check_info(folder, digests, log, results)
    exhibits = check_exhibits(folder, digests, log, results)
    report_unchecked(folder, results)
    check_timestamps(folder, log, roots, results)
    for other in earlier:
        _check_earlier(other, log, results)
    _check_case(log, digests.get(layout.TAG_MANIFEST, ""), case, results)
    return BundleReport(
        case_id=log.signed.checkpoint.case_id if log.signed else "",
        entries=len(log.leaves or ()),
        disclosed=len(log.seqs),
        exhibits=exhibits,
        files=len(folder.files),
        size=sum(folder.files.values()),
        checkpoint=log.signed,
        results=results.listed(),
    )


def read_checkpoint(path: Path) -> SignedCheckpoint:
    """Read a checkpoint that was saved as a file.

    Raises:
        FileUnreadableError: if it cannot be read.
        BundleZippedError: if it is a packed folder.
        NotComparableError: if it does not even begin as a checkpoint does.
        CheckpointFormError: if it is not byte for byte what this program writes.
    """
    data = read_small(path, checkpoints.MAX_BYTES)
    if data.startswith(_ZIP):
        raise BundleZippedError(path=str(path))
    if data.startswith(_PDF):
        raise NotComparableError(
            given=str(path),
            detail="这是 PDF；请写它每页上印的检查点短码，或它所在的材料包文件夹",
        )
    if not data:
        raise NotComparableError(given=str(path), detail="文件是空的")
    if checkpoints.PREFIX.encode() not in data[:_BEGINNING]:
        raise NotComparableError(given=str(path), detail="不是检查点文件")
    return checkpoints.parse(data)


def _open(path: Path, results: Results) -> Folder:
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    if not stat.S_ISDIR(mode):
        if read_small(path, len(_ZIP)).startswith(_ZIP):
            raise BundleZippedError(path=str(path))
        raise NotABundleError(path=str(path))
    folder = list_folder(path, results)
    if layout.BAGIT not in folder.files and layout.CHECKPOINT not in folder.files:
        raise NotABundleError(path=str(path))
    return folder


# an earlier bundle --------------------------------------------------------------------------------


def _check_earlier(path: Path, log: FoundLog, results: Results) -> None:
    """Check that an earlier bundle is the beginning of this one.

    Raises:
        FileUnreadableError, NotABundleError: if it is no bundle.
    """
    theirs = Results()
    found = check_log(_open(path, theirs), theirs)
    broken = [r for r in theirs.listed() if r.verdict is Verdict.NOT_INTACT]
    if broken:
        results.broken("earlier", detail=f"the earlier bundle itself: {broken[0].name}")
        return
    if log.leaves is None or log.signed is None or found.leaves is None or found.signed is None:
        results.unchecked("earlier", detail="leaves or checkpoint missing")
        return
    since = results.problems
    ours, before = log.signed.checkpoint, found.signed.checkpoint
    if before.case_id != ours.case_id:
        results.broken("earlier", expected=ours.case_id, found=before.case_id)
    if log.public_key is None or not checkpoints.verify_signature(found.signed, log.public_key):
        results.broken("earlier", detail="signed with another key")
    if len(found.leaves) > len(log.leaves):
        expected = f">= {len(found.leaves)} entries"
        results.broken("earlier", expected=expected, found=str(len(log.leaves)))
    pairs = enumerate(zip(found.leaves, log.leaves, strict=False))
    for seq, (old, new) in pairs:
        if old != new:
            results.broken("earlier", seq=seq, expected=old.hex(), found=new.hex())
            break  # every later leaf links to this one
    added = len(log.leaves) - len(found.leaves)
    results.settle("earlier", since=since, detail=f"{len(found.leaves)} entries, {added} added")


# (7) against the case -----------------------------------------------------------------------------


def _check_case(log: FoundLog, manifest: str, case: CaseFile | None, results: Results) -> None:
    if case is None or log.leaves is None or log.signed is None:
        detail = "no case given" if case is None else "leaves or checkpoint missing"
        results.unchecked("case-prefix", detail=detail)
        results.unchecked("packet-record", detail=detail)
        return
    own = _case_log(case)
    claimed = log.signed.checkpoint
    if own.case_id != claimed.case_id:
        results.broken("case-other", expected=own.case_id, found=claimed.case_id)
        return
    since = results.problems
    _compare_leaves(log.leaves, own.leaves, results)
    results.settle("case-prefix", since=since, detail=f"{len(log.leaves)} entries")
    same = [p for p in own.packets if (p.size, p.root) == (claimed.size, claimed.root.hex())]
    since = results.problems
    if not same:
        results.unchecked("packet-record", detail="the case has no record of this packet")
    elif manifest not in {p.manifest_sha256 for p in same}:
        results.broken("packet-record", expected=same[-1].manifest_sha256, found=manifest)
    results.settle("packet-record", since=since)


def _compare_leaves(leaves: list[LeafHash], own: tuple[LeafHash, ...], results: Results) -> None:
    if len(own) < len(leaves):
        results.broken("case-prefix", expected=f"{len(leaves)} entries", found=str(len(own)))
    for seq, (expected, found) in enumerate(zip(leaves, own, strict=False)):
        if expected != found:
            results.broken("case-prefix", seq=seq, expected=expected.hex(), found=found.hex())
            return  # every later leaf links to this one


def _case_log(case: CaseFile) -> _CaseLog:
    """Derive the leaves from the bodies; what does not decode is for the case's own check.

    An entry whose body is gone has the leaf that it left: the chain and the root hold it.
    """
    leaves: list[LeafHash] = []
    packets: list[PacketRecord] = []
    case_id = ""
    stored = case.leaves()
    for place, (seq, body) in enumerate(case.bodies()):
        leaves.append(leaf_hash(body) if body else stored[place])
        if seq and b'"kind":"packet"' not in body:
            continue
        try:
            entry = decode_entry(body)
            if entry.kind == Kind.CASE:
                case_id = records.case_from_data(entry.data).case_id
            elif entry.kind == Kind.PACKET:
                packets.append(packet_from_data(entry.data))
        except (EvidenceError, KeyError, ValueError, TypeError):
            continue
    return _CaseLog(case_id=case_id, leaves=tuple(leaves), packets=tuple(packets))
