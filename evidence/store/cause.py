"""Why something in a case is not what its hash says: the pattern that the difference has.

Rules:

1. A pattern is told only if the bytes bear it out. One bit is proven by the hash that fits again
   (``bit_flip``); whole sectors of the same byte, and rows that cannot be read, are what disks do;
   a value that fits its own hash and not the history, and a row that is gone from a file whose
   structure is whole, are what no disk does. All else is ``UNKNOWN``: damage and a change by
   somebody look the same.
2. No pattern says who did it. A bit can be turned, and a sector be emptied, on purpose.
3. Bits are turned only while the work stays within a bound; what was not tried is said.
"""

import dataclasses
import enum
import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator

from evidence.core.entry import LeafHash, decode_entry, leaf_hash
from evidence.errors import EvidenceError
from evidence.progress import Progress, silent
from evidence.store import bit_flip, schema
from evidence.store.bit_flip import Flip
from evidence.store.pages import Cell, PageFile
from evidence.store.sealing import PLAIN, BrokenSealError, Place
from evidence.store.wreck import OldEntry, OldOriginal, State, Wreck

SECTOR_BYTES = 512
"""The smallest piece of a disk; larger ones are made of these."""

USUAL_WORK = 20_000_000_000
"""Bytes hashed to turn bits if nothing is said: some ten seconds."""

_PAGE_NUMBER_BYTES = 4
_LEAF_PREFIX = b"\x00"
_FILLINGS = (b"\x00", b"\xff")
"""What a disk gives for a sector that was never written, lost, or erased."""


class Thing(enum.StrEnum):
    """What does not fit."""

    ENTRY = "entry"
    LEAF = "leaf"
    """The hash beside an entry; the entry itself is whole."""
    LINK = "link"
    """An entry fits its own hash and not the entry before it."""
    ORIGINAL = "original"
    LISTED = "listed"
    """The row in the list of originals; the original itself is whole."""
    KEY = "key"
    """The case's signing key."""


class Pattern(enum.StrEnum):
    """How it differs (rule 1)."""

    BIT = "bit"
    SECTORS = "sectors"
    MISSING = "missing"
    """Some of it cannot be read, or went with a part of the file."""
    REMOVED = "removed"
    """It is not there, and the structure of the file does without it."""
    REWRITTEN = "rewritten"
    ODD = "odd"
    """It fits its hash, and says what this program does not write."""
    UNKNOWN = "unknown"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One thing that does not fit, and why."""

    seq: int
    thing: Thing
    pattern: Pattern
    kind: str = ""
    """Of the entry, as far as it can be read."""
    name: str = ""
    """Of the original, as it was imported; empty if not known."""
    flip: Flip | None = None
    """Of ``BIT``: where, in the value as it is stored."""
    sectors: tuple[range, ...] = ()
    """Of ``SECTORS``: which bytes of the file."""
    tried: bool = True
    """Of ``UNKNOWN``: whether every bit was turned."""


class _Search:
    """What is known of the whole file, and how much may still be hashed (rule 3)."""

    def __init__(self, most: int | None, gone: Pattern, progress: Progress) -> None:
        self._left = most
        self.gone = gone
        self.progress = progress

    def allows(self, work: int) -> bool:
        if self._left is None:
            return True
        if work > self._left:
            return False
        self._left -= work
        return True


def causes(
    wreck: Wreck,
    *,
    built_well: bool,
    most: int | None = USUAL_WORK,
    progress: Progress = silent,
) -> tuple[Cause, ...]:
    """Return everything that does not fit, in order, with its pattern.

    ``built_well`` says that SQLite finds nothing wrong with the structure of the whole file.
    ``most`` bounds the bytes that are hashed to turn bits; None is no bound.
    """
    search = _Search(most, Pattern.REMOVED if built_well else Pattern.MISSING, progress)
    found = [*_entries(wreck, search), *_originals(wreck, search), *_key(wreck, search)]
    return tuple(sorted(found, key=lambda cause: cause.seq))


# --- entries --------------------------------------------------------------------------------------


def _entries(wreck: Wreck, search: _Search) -> Iterator[Cause]:
    odd = set(wreck.odd)
    for seq in range(wreck.highest + 1):
        found = wreck.entries.get(seq)
        if found is None:
            yield Cause(seq=seq, thing=Thing.ENTRY, pattern=search.gone)
        elif found.state in (State.MISMATCH, State.DAMAGED):
            yield _entry_cause(wreck, found, search)
        elif seq in odd:
            kind = found.entry.kind if found.entry is not None else ""
            yield Cause(seq=seq, thing=Thing.ENTRY, pattern=Pattern.ODD, kind=kind)
        elif not found.linked and _is_rewritten(wreck, found):
            kind = found.entry.kind if found.entry is not None else ""
            yield Cause(seq=seq, thing=Thing.LINK, pattern=Pattern.REWRITTEN, kind=kind)


def _is_rewritten(wreck: Wreck, found: OldEntry) -> bool:
    """Tell whether a whole entry does not continue the one before it, which is whole as well."""
    before = wreck.entries.get(found.seq - 1)
    if found.seq == 0:
        return True
    return before is not None and before.state is State.WHOLE


def _entry_cause(wreck: Wreck, found: OldEntry, search: _Search) -> Cause:
    seq = found.seq
    if _is_elsewhere(found):
        # Its number is a byte or two of the page, which damage can hit as well.
        kind = _kind(found.body)
        return Cause(seq=seq, thing=Thing.ENTRY, pattern=Pattern.UNKNOWN, kind=kind)
    blank = _blank_sectors(wreck.file, wreck.cells[seq])
    if found.leaf is not None:
        flip = _leaf_flip(wreck, found)
        if flip is not None:
            kind = _kind(found.body)
            return Cause(seq=seq, thing=Thing.LEAF, pattern=Pattern.BIT, kind=kind, flip=flip)
    if blank:
        return Cause(seq=seq, thing=Thing.ENTRY, pattern=Pattern.SECTORS, sectors=blank)
    tried = True
    for leaf, stored in wreck.stored_bodies(seq):
        flip, done, kind = _body_flip(wreck, seq, leaf, stored, search)
        if flip is not None:
            return Cause(seq=seq, thing=Thing.ENTRY, pattern=Pattern.BIT, kind=kind, flip=flip)
        tried = tried and done
    if found.state is State.DAMAGED:
        emptied = any(not stored for _, stored in wreck.stored_bodies(seq))
        pattern = search.gone if emptied else Pattern.MISSING
        return Cause(seq=seq, thing=Thing.ENTRY, pattern=pattern)
    kind = _kind(found.body)
    return Cause(seq=seq, thing=Thing.ENTRY, pattern=Pattern.UNKNOWN, kind=kind, tried=tried)


def _is_elsewhere(found: OldEntry) -> bool:
    """Tell whether an entry fits its hash and stands under another number than its own."""
    return bool(found.body) and leaf_hash(found.body) == found.leaf


def _leaf_flip(wreck: Wreck, found: OldEntry) -> Flip | None:
    """Return the bit by which the stored hash differs from that of the body, or of its link."""
    after = wreck.entries.get(found.seq + 1)
    wanted = [leaf_hash(found.body)] if found.body else []
    if not found.body and after is not None and after.entry is not None:
        wanted.append(after.entry.prev)
    flips = (bit_flip.between(found.leaf or b"", leaf) for leaf in wanted)
    return next((flip for flip in flips if flip is not None), None)


def _body_flip(
    wreck: Wreck, seq: int, leaf: LeafHash, stored: bytes, search: _Search
) -> tuple[Flip | None, bool, str]:
    """Return the bit of a stored body, whether all were turned, and the kind of the entry."""
    if not search.allows(bit_flip.work(len(stored))):
        return None, False, ""
    if wreck.sealer.name == PLAIN:
        flip = bit_flip.find(stored, leaf, prefix=_LEAF_PREFIX, progress=search.progress)
    else:
        flip = bit_flip.find_by(
            stored, _opens(wreck, Place("entry", seq, 0)), progress=search.progress
        )
    if flip is None:
        return None, True, ""
    body = wreck.sealer.unseal(Place("entry", seq, 0), flip.undone(stored))
    return flip, True, _kind(body)


def _opens(wreck: Wreck, place: Place) -> Callable[[bytes], bool]:
    def opens(stored: bytes) -> bool:
        try:
            wreck.sealer.unseal(place, stored)
        except BrokenSealError:
            return False
        return True

    return opens


def _kind(body: bytes) -> str:
    try:
        return decode_entry(body).kind if body else ""
    except EvidenceError:
        return ""


# --- originals ------------------------------------------------------------------------------------


def _originals(wreck: Wreck, search: _Search) -> Iterator[Cause]:
    for seq in wreck.mislisted:
        yield _listed_cause(wreck, seq, search)
    lost = (*wreck.originals_of(State.DAMAGED), *wreck.originals_of(State.MISMATCH))
    for seq in sorted(lost):
        cause = _original_cause(wreck, wreck.originals[seq], search)
        yield dataclasses.replace(cause, kind="exhibit", name=wreck.name_of(seq))


def _listed_cause(wreck: Wreck, seq: int, search: _Search) -> Cause:
    """Compare the row of the list with an original that is whole."""
    original, (size, key) = wreck.originals[seq], wreck.listed.get(seq, (-1, b""))
    flip = None
    if size == original.size:
        flip = bit_flip.between(key, wreck.sealer.lookup(original.sha256))
    elif size >= 0 and (size ^ original.size).bit_count() == 1:
        flip = Flip(at=0, mask=size ^ original.size)
    pattern = Pattern.BIT if flip else search.gone if not key else Pattern.UNKNOWN
    return Cause(
        seq=seq,
        thing=Thing.LISTED,
        pattern=pattern,
        kind="exhibit",
        name=wreck.name_of(seq),
        flip=flip,
    )


def _original_cause(wreck: Wreck, original: OldOriginal, search: _Search) -> Cause:
    seq = original.seq
    blank = _blank_sectors(
        wreck.file, itertools.chain.from_iterable(wreck.piece_cells.get(seq, {}).values())
    )
    if blank:
        return Cause(seq=seq, thing=Thing.ORIGINAL, pattern=Pattern.SECTORS, sectors=blank)
    if _fits_the_list(wreck, original):
        return Cause(seq=seq, thing=Thing.ORIGINAL, pattern=Pattern.REWRITTEN)
    flip, tried = _original_flip(wreck, original, search)
    if flip is not None:
        return Cause(seq=seq, thing=Thing.ORIGINAL, pattern=Pattern.BIT, flip=flip)
    if _is_cut(wreck, seq):
        return Cause(seq=seq, thing=Thing.ORIGINAL, pattern=Pattern.MISSING)
    if _has_gap(wreck, original):
        return Cause(seq=seq, thing=Thing.ORIGINAL, pattern=search.gone)
    return Cause(seq=seq, thing=Thing.ORIGINAL, pattern=Pattern.UNKNOWN, tried=tried)


def _fits_the_list(wreck: Wreck, original: OldOriginal) -> bool:
    """Tell whether size and bytes are those of the list, and not those of a whole entry.

    Nothing but a program writes other bytes, their size, and what they are recognised by.
    """
    entry = wreck.entries.get(original.seq)
    if original.seq not in wreck.listed or entry is None or entry.state is not State.WHOLE:
        return False
    size, key = wreck.listed[original.seq]
    digest, found = hashlib.sha256(), 0
    for piece in wreck.pieces(original.seq):
        if piece is None:
            return False
        digest.update(piece)
        found += len(piece)
    return found == size and wreck.sealer.lookup(digest.digest()) == key


def _is_cut(wreck: Wreck, seq: int) -> bool:
    """Tell whether the row of a piece ends too early."""
    pieces = wreck.piece_cells.get(seq, {}).values()
    return any(all(wreck.file.values(cell) is None for cell in cells) for cells in pieces)


def _has_gap(wreck: Wreck, original: OldOriginal) -> bool:
    """Tell whether a piece is not there at all."""
    needed = -(-original.size // schema.CHUNK_BYTES)
    return not set(range(needed)) <= wreck.piece_cells.get(original.seq, {}).keys()


def _original_flip(
    wreck: Wreck, original: OldOriginal, search: _Search
) -> tuple[Flip | None, bool]:
    """Return the bit of an original, as its bytes are counted, and whether all were turned."""
    if wreck.sealer.name != PLAIN:
        return _sealed_flip(wreck, original, search)
    digest = wreck.expected(original.seq)
    if original.state is not State.MISMATCH or digest is None:
        return None, True
    if not search.allows(bit_flip.work(original.size)):
        return None, False
    data = b"".join(piece or b"" for piece in wreck.pieces(original.seq))
    return bit_flip.find(data, digest, progress=search.progress), True


def _sealed_flip(wreck: Wreck, original: OldOriginal, search: _Search) -> tuple[Flip | None, bool]:
    """Turn the bits of the one piece whose seal is broken."""
    seq = original.seq
    broken: list[tuple[int, bytes]] = []
    for idx, cells in wreck.piece_cells.get(seq, {}).items():
        for cell in cells:
            values = wreck.file.values(cell)
            stored = values[2] if values is not None else None
            if isinstance(stored, bytes) and not _opens(wreck, Place("chunk", seq, idx))(stored):
                broken.append((idx, stored))
    if len(broken) != 1:
        return None, True
    ((idx, stored),) = broken
    if not search.allows(2 * bit_flip.work(len(stored))):
        return None, False
    flip = bit_flip.find_by(
        stored, _opens(wreck, Place("chunk", seq, idx)), progress=search.progress
    )
    if flip is None:
        return None, True
    return dataclasses.replace(flip, at=idx * schema.CHUNK_BYTES + flip.at), True


# --- the rest -------------------------------------------------------------------------------------


def _key(wreck: Wreck, search: _Search) -> Iterator[Cause]:
    """Compare the signing key with the public one that the first entry names."""
    if wreck.key_fits is not False:
        return
    record, stored = wreck.case_record, wreck.meta.get("signing_key", b"")
    wanted = bytes.fromhex(record.public_key) if record is not None else b""

    def is_right(turned: bytes) -> bool:
        return wreck.public_key(turned) == wanted

    flip = bit_flip.find_by(stored, is_right) if stored else None
    pattern = Pattern.BIT if flip else Pattern.UNKNOWN if stored else search.gone
    yield Cause(seq=-1, thing=Thing.KEY, pattern=pattern, flip=flip)


def _blank_sectors(file: PageFile, cells: Iterable[Cell]) -> tuple[range, ...]:
    """Return the runs of one byte in rows that begin and end where sectors of the file do."""
    places = sorted({place for cell in cells for place in file.places(cell)}, key=lambda r: r.start)
    found: list[range] = []
    for filling in _FILLINGS:
        runs: list[range] = []
        for place in places:
            for run in _filled(file, place, filling):
                if runs and runs[-1].stop >= run.start:
                    runs[-1] = range(runs[-1].start, max(run.stop, runs[-1].stop))
                else:
                    runs.append(run)
        found += [run for run in runs if _ends_there(file, run, filling)]
    return tuple(sorted(found, key=lambda run: run.start))


def _filled(file: PageFile, place: range, filling: bytes) -> Iterator[range]:
    """Yield the sectors that lie in or over ``place`` and hold nothing but ``filling``."""
    first = place.start // SECTOR_BYTES * SECTOR_BYTES
    data = file.raw(first, place.stop - first + -place.stop % SECTOR_BYTES)
    for at in range(0, len(data) - SECTOR_BYTES + 1, SECTOR_BYTES):
        if data[at : at + SECTOR_BYTES] == filling * SECTOR_BYTES:
            yield range(first + at, first + at + SECTOR_BYTES)


def _ends_there(file: PageFile, run: range, filling: bytes) -> bool:
    """Tell whether a run does not go on before or behind its sectors."""
    before = file.raw(run.start - 1, 1) if run.start else b""
    # The rest of a row goes on behind the number of the next page.
    skipped = 0 if run.stop % schema.PAGE_BYTES else _PAGE_NUMBER_BYTES
    return filling not in (before, file.raw(run.stop + skipped, 1))
