"""Make a new case of what a damaged one still holds (``evidence.core.salvage`` has its rules).

Rules:

1. The damaged file is only read. The new one is made beside its place, verified, and only then
   takes its place; it never continues the old history.
2. An original is taken over only if its bytes have the digest that its whole old entry names. If
   its entry is lost, it becomes a document, if the list of originals bears out its bytes.
   An entry or original that one bit, proven by its hash, keeps from being whole (``mend``) is
   taken over with the bit as it was, and named.
3. What speaks of something that is not taken over stays in the old bodies only.
4. Packets, timestamps and erasures are about the old history and stay there. A case with a
   passphrase stays one: the same passphrase and recovery code open the new file.
"""

import dataclasses
import hashlib
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import evidence
from evidence.core import moment, records, salvage
from evidence.core.canonical import JsonObject
from evidence.core.case_entry import is_readable
from evidence.core.records import Exhibit, Kind, Medium, Origin, Sha256Hex
from evidence.core.salvage import Salvage
from evidence.errors import (
    CopyDiffersError,
    NothingToSalvageError,
    OriginalDamagedError,
    OutputExistsError,
)
from evidence.outside import open_plain
from evidence.progress import Progress, silent
from evidence.store.batch import Batch
from evidence.store.case_file import CaseFile
from evidence.store.clock import Clock
from evidence.store.mend import NOTHING, Mended
from evidence.store.protection import Seal, Unlock
from evidence.store.sealing import KeySealer
from evidence.store.verdict import Verdict
from evidence.store.verify import verify_case
from evidence.store.wreck import State, Wreck

_TAKEN_OVER = frozenset(Kind) - {
    Kind.CASE,
    Kind.ERASE,
    Kind.SALVAGE,
    Kind.PACKET,
    Kind.TIMESTAMP,
}
_FIRST = 3
"""Number of the first entry that is taken over, behind the case, the old bodies and ``salvage``."""

BODIES_NAME = "salvaged-entries.jsonl"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """An entry of the new case."""

    old: int
    kind: Kind
    data: JsonObject


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Salvaged:
    """The new case."""

    path: Path
    record: Salvage
    taken: int
    """Entries that were taken over."""
    originals: int
    """Originals among them, byte for byte."""
    left: int
    """Whole old entries that are in the old bodies only."""


def salvage_case(
    wreck: Wreck,
    out: Path,
    *,
    clock: Clock,
    unlock: Unlock,
    mended: Mended = NOTHING,
    progress: Progress = silent,
) -> Salvaged:
    """Write a new case to ``out``; ``progress`` is told entries; ``mended`` is what was mended.

    Raises:
        NothingToSalvageError: if nothing whole was found.
        OutputExistsError, CaseNotWritableError, DiskFullError: about ``out``.
        CopyDiffersError: if what was written does not verify; it is removed.
    """
    if os.path.lexists(out):
        raise OutputExistsError(path=str(out))
    taken = _plan(wreck)
    bodies = b"".join(wreck.entries[seq].body + b"\n" for seq in wreck.of(State.WHOLE))
    if not taken and not bodies:
        raise NothingToSalvageError(path=str(wreck.path))
    record = _record(wreck, taken, mended)
    with CaseFile.filling(out, clock=clock, title=_title(wreck), protection=_seal(wreck)) as case:
        with case.batch() as batch:
            _append_bodies(batch, bodies)
            batch.append(Kind.SALVAGE, salvage.salvage_to_data(record))
            for done, entry in enumerate(taken):
                _append(batch, wreck, entry)
                progress(done + 1, len(taken))
        if verify_case(case.path, unlock=unlock).verdict is not Verdict.INTACT:
            raise CopyDiffersError(path=str(wreck.path))
    whole = set(wreck.of(State.WHOLE))
    return Salvaged(
        path=out,
        record=record,
        taken=len(taken),
        originals=sum(entry.kind is Kind.EXHIBIT for entry in taken),
        left=len(whole - {entry.old for entry in taken} - {0}),
    )


def _plan(wreck: Wreck) -> list[_Taken]:
    """Return what is taken over, in the old order (rules 2 to 4)."""
    whole_originals = set(wreck.originals_of(State.WHOLE))
    taken: list[_Taken] = []
    numbers: dict[int, int] = {}
    for seq in range(wreck.highest + 1):
        found = wreck.entries.get(seq)
        entry = found.entry if found is not None and found.state is State.WHOLE else None
        data: JsonObject | None = None
        kind = Kind.EXHIBIT
        if entry is None:
            data = _orphan(wreck, seq) if seq in whole_originals else None
        elif entry.kind in _TAKEN_OVER and is_readable(entry):
            kind = Kind(entry.kind)
            if kind is not Kind.EXHIBIT or seq in whole_originals:
                data = salvage.renumbered(entry.data, numbers)
        if data is not None:
            numbers[seq] = _FIRST + len(taken)
            taken.append(_Taken(old=seq, kind=kind, data=data))
    return taken


def _orphan(wreck: Wreck, seq: int) -> JsonObject:
    """Return data for an original whose own entry is lost."""
    original = wreck.originals[seq]
    record = Exhibit(
        name=f"old-{seq}",
        size=original.size,
        sha256=Sha256Hex(original.sha256.hex()),
        media_type="application/octet-stream",
        medium=Medium.DOCUMENT,
        occurred=moment.unknown(),
        origin=Origin(
            importer="salvage",
            version=evidence.__version__,
            warnings=(f"原编号 {seq} 的记录已损坏，名称和时间没有留下来",),
        ),
    )
    return records.exhibit_to_data(record)


def _record(wreck: Wreck, taken: list[_Taken], mended: Mended) -> Salvage:
    old = wreck.case_record
    size, digest = _digest(wreck.path)
    return Salvage(
        bodies=1,
        file_size=size,
        file_sha256=digest,
        entries=len(wreck.of(State.WHOLE)),
        prefix=wreck.prefix,
        prefix_root=wreck.prefix_root,
        case_id=old.case_id if old is not None else "",
        missing=(*sorted({*wreck.missing, *wreck.of(State.DAMAGED)}),),
        mismatched=wreck.of(State.MISMATCH),
        originals_damaged=wreck.originals_of(State.DAMAGED),
        originals_mismatched=wreck.originals_of(State.MISMATCH),
        mended=mended.entries,
        originals_mended=mended.originals,
        numbers=tuple((entry.old, _FIRST + place) for place, entry in enumerate(taken)),
    )


def _digest(path: Path) -> tuple[int, str]:
    """Return size and digest of the damaged file; no digest if the disk does not give all of it."""
    digest, size = hashlib.sha256(), 0
    try:
        with open_plain(path) as file:
            while piece := file.read(1024 * 1024):
                digest.update(piece)
                size += len(piece)
    except OSError:
        return path.stat().st_size, ""
    return size, digest.hexdigest()


def _title(wreck: Wreck) -> str:
    old = wreck.case_record
    return old.title if old is not None else ""


def _seal(wreck: Wreck) -> Seal | None:
    if not isinstance(wreck.sealer, KeySealer):
        return None
    return Seal(sealer=wreck.sealer, slots=wreck.locks().slots)


def _append_bodies(batch: Batch, bodies: bytes) -> None:
    digest = hashlib.sha256(bodies)
    batch.copy_bytes(bodies, digest.digest())
    record = Exhibit(
        name=BODIES_NAME,
        size=len(bodies),
        sha256=Sha256Hex(digest.hexdigest()),
        media_type="application/x-ndjson",
        medium=Medium.DOCUMENT,
        occurred=moment.unknown(),
        origin=Origin(importer="salvage", version=evidence.__version__),
    )
    batch.append(Kind.EXHIBIT, records.exhibit_to_data(record))


def _append(batch: Batch, wreck: Wreck, entry: _Taken) -> None:
    if entry.kind is Kind.EXHIBIT:
        copied = batch.copy(io.BufferedReader(_Pieces(wreck.pieces(entry.old))))
        if copied.sha256 != entry.data["sha256"] or copied.duplicate_of is not None:
            raise OriginalDamagedError(seq=entry.old, detail="sha256")
    batch.append(entry.kind, entry.data)


class _Pieces(io.RawIOBase):
    """The pieces of an original as a stream."""

    def __init__(self, pieces: Iterator[bytes | None]) -> None:
        super().__init__()
        self._pieces = pieces
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # the buffer protocol has no name before 3.12
        while not self._rest:
            try:
                self._rest = next(self._pieces) or b""
            except StopIteration:
                return 0
        view = memoryview(buffer).cast("B")
        count = min(len(view), len(self._rest))
        view[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count
