"""Turn back the bit that is proven to be another than it was, for what is taken out of a wreck.

Rules:

1. A value is taken only if its hash, or its seal, fits once the bit is turned back. Nothing else
   has that hash, so that it is the value that was stored; why the bit was another is not known.
2. The file is not changed, and what was mended is named.
"""

import contextlib
import dataclasses
from collections.abc import Iterable, Iterator

from evidence.core.entry import leaf_hash
from evidence.store import schema
from evidence.store.bit_flip import Flip
from evidence.store.cause import Cause, Thing
from evidence.store.sealing import PLAIN, BrokenSealError, Place
from evidence.store.wreck import State, Wreck


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """Old numbers of what is whole once a bit is turned back."""

    entries: tuple[int, ...] = ()
    originals: tuple[int, ...] = ()


NOTHING = Mended()


def mend(wreck: Wreck, causes: Iterable[Cause]) -> Mended:
    """Let the wreck give what its ``causes`` prove, and return what that is."""
    entries: set[int] = set()
    originals: set[int] = set()
    for cause in causes:
        if cause.flip is None:
            continue
        if cause.thing in (Thing.ENTRY, Thing.LEAF) and _entry(wreck, cause):
            entries.add(cause.seq)
        elif cause.thing is Thing.ORIGINAL and _original(wreck, cause.seq, cause.flip):
            originals.add(cause.seq)
    return Mended(entries=tuple(sorted(entries)), originals=tuple(sorted(originals)))


def _entry(wreck: Wreck, cause: Cause) -> bool:
    found, flip = wreck.entries[cause.seq], cause.flip
    if cause.thing is Thing.LEAF:
        return wreck.mend_entry(cause.seq, leaf_hash(found.body), found.body)
    for leaf, stored in wreck.stored_bodies(cause.seq):
        if flip is None or flip.at >= len(stored):
            continue
        with contextlib.suppress(BrokenSealError):
            body = wreck.sealer.unseal(Place("entry", cause.seq, 0), flip.undone(stored))
            if wreck.mend_entry(cause.seq, leaf, body):
                return True
    return False


def _original(wreck: Wreck, seq: int, flip: Flip) -> bool:
    idx, at = divmod(flip.at, schema.CHUNK_BYTES)
    if wreck.sealer.name == PLAIN:
        stored = next((piece for i, piece in enumerate(wreck.pieces(seq)) if i == idx), None)
        if stored is not None:
            wreck.mend_piece(seq, idx, dataclasses.replace(flip, at=at).undone(stored))
    else:
        _sealed(wreck, seq, flip)
    return wreck.originals[seq].state is State.WHOLE


def _sealed(wreck: Wreck, seq: int, flip: Flip) -> None:
    """Mend the one piece that opens; a sealed piece is longer than what is in it."""
    for idx, stored in _stored_pieces(wreck, seq):
        at = flip.at - idx * schema.CHUNK_BYTES
        if not 0 <= at < len(stored):
            continue
        with contextlib.suppress(BrokenSealError):
            turned = dataclasses.replace(flip, at=at).undone(stored)
            wreck.mend_piece(seq, idx, wreck.sealer.unseal(Place("chunk", seq, idx), turned))
            return


def _stored_pieces(wreck: Wreck, seq: int) -> Iterator[tuple[int, bytes]]:
    """Yield place and bytes, as they are stored, of each piece that can be read."""
    for idx, cells in wreck.piece_cells.get(seq, {}).items():
        for cell in cells:
            match wreck.file.values(cell):
                case (_, _, bytes(stored)):
                    yield idx, stored
