"""What is left of a damaged case: every entry and original, each with what can be said of it.

Rules:

1. The file is only read, page by page (``pages``); SQLite's own structure need not be whole.
2. An entry is whole if its body hashes to the leaf beside it and says the seq it stands under; an
   original is whole if its bytes have the size and digest that a whole entry names.
3. What cannot be read is damage. What can be read and does not match is told as just that: a bit
   that flipped on the disk and a change by somebody look the same.
4. What is not there is only known below the highest number that is; whether more entries stood
   behind it, the file cannot say.
5. A number that the file has no room for is not believed, so that a crafted one costs nothing.
"""

import contextlib
import dataclasses
import enum
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from evidence.core import merkle, records
from evidence.core.case_entry import case_of, is_readable
from evidence.core.entry import GENESIS, Entry, LeafHash, decode_entry, leaf_hash
from evidence.core.records import CaseRecord, Kind
from evidence.errors import CaseDamagedError, EvidenceError
from evidence.store import meta, schema
from evidence.store.key_slots import Locks, SlotName
from evidence.store.pages import Cell, PageFile, PageState, Value
from evidence.store.protection import Unlock
from evidence.store.sealing import PLAIN, BrokenSealError, Place, PlainSealer, Sealer, is_known

_META = frozenset({"sealing", "signing_key", *SlotName})

_MOST_NUMBERS = 1_000_000
"""No case has as many entries."""
_MOST_ROWS = 500_000
"""More rows than a case has are not kept in memory."""
_LEAST_ROW = 36
"""Bytes of the shortest entry, an erased one, in its page."""


class State(enum.StrEnum):
    """What can be said of an entry or an original."""

    WHOLE = "whole"
    ERASED = "erased"
    """Of an entry: it has no body, and an ``erase`` entry says so."""
    DAMAGED = "damaged"
    """Some of it cannot be read, or is not there."""
    MISMATCH = "mismatch"
    """All of it can be read, and it is not what its hash says (rule 3)."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OldEntry:
    """An entry that was found."""

    seq: int
    state: State
    leaf: LeafHash | None = None
    """As stored beside the body."""
    body: bytes = b""
    entry: Entry | None = None
    linked: bool = False
    """Whether it links to the leaf of the entry before it."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OldOriginal:
    """An original that was found, or that a whole entry speaks of."""

    seq: int
    state: State
    size: int
    sha256: bytes
    """Of a whole one: of its bytes."""


class Wreck:
    """A damaged case file, searched once. Use it as a context manager."""

    def __init__(self, path: Path, *, unlock: Unlock) -> None:
        """Search the file at ``path``; ``unlock`` is asked if it has a passphrase.

        Raises:
            OSError: if the system does not let it be read.
            CaseDamagedError: if it holds more rows than a case has.
            EvidenceError: what ``unlock`` raises.
        """
        self.path = path
        self.meta: dict[str, bytes] = {}
        self.pages: dict[PageState, int] = dict.fromkeys(PageState, 0)
        self.cells: dict[int, list[Cell]] = {}
        """Rows that may be entries, by seq."""
        self.piece_cells: dict[int, dict[int, list[Cell]]] = {}
        """Rows that may be pieces of originals, by seq and place."""
        self.listed: dict[int, tuple[int, bytes]] = {}
        """Size and key of each original in the list, by seq."""
        self._mended: dict[tuple[int, int], bytes] = {}
        """Pieces of originals that are taken instead of those in the file."""
        with contextlib.ExitStack() as undo:
            self.file = undo.enter_context(PageFile(path))
            self._collect()
            self.sealer = self._unsealed(unlock)
            self.entries = self._judge_entries()
            self.originals = {o.seq: o for o in self._judge_originals()}
            self._close = undo.pop_all()

    def __enter__(self) -> Self:
        """Return the wreck itself."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close the file."""
        self._close.close()

    @property
    def highest(self) -> int:
        """The highest seq that anything was found of; -1 if nothing was."""
        return max((*self.entries, *self.piece_cells, *self.listed), default=-1)

    @property
    def missing(self) -> tuple[int, ...]:
        """Entries below the highest that are not there at all (rule 4)."""
        return tuple(seq for seq in range(self.highest + 1) if seq not in self.entries)

    @property
    def prefix(self) -> int:
        """How many entries from the first on are whole and linked."""
        count = 0
        while (found := self.entries.get(count)) is not None and found.linked:
            count += 1
        return count

    @property
    def prefix_root(self) -> str:
        """Hex root over the leaves of the prefix."""
        leaves = [self.entries[seq].leaf or GENESIS for seq in range(self.prefix)]
        return merkle.root(leaves).hex()

    @property
    def is_whole(self) -> bool:
        """Whether nothing of what is known to have been there is lost or changed."""
        lost = (State.DAMAGED, State.MISMATCH)
        if self.file.missing_bytes or self.mislisted or self.odd or self.key_fits is False:
            return False
        return self.prefix == self.highest + 1 > 0 and not any(map(self.originals_of, lost))

    @property
    def odd(self) -> tuple[int, ...]:
        """Whole entries of a known kind that lack what this program writes in such a one."""
        found = (e.seq for e in self.entries.values() if e.entry and not is_readable(e.entry))
        return tuple(sorted(found))

    @property
    def mislisted(self) -> tuple[int, ...]:
        """Originals that are whole and that the list has otherwise or not."""
        return tuple(
            o.seq
            for o in self.originals.values()
            if o.state is State.WHOLE
            and self.listed.get(o.seq) != (o.size, self.sealer.lookup(o.sha256))
        )

    @property
    def key_fits(self) -> bool | None:
        """Whether the signing key is the one that the first entry names, if that can be read."""
        case = self.case_record
        if case is None:
            return None
        return self.public_key(self.meta.get("signing_key", b"")).hex() == case.public_key

    @property
    def case_record(self) -> CaseRecord | None:
        """What the first entry says, if it is whole."""
        first = self.entries.get(0)
        if first is None or first.entry is None:
            return None
        try:
            return case_of(first.entry)
        except ValueError:
            return None

    def of(self, state: State) -> tuple[int, ...]:
        """Return the entries in ``state``, in order."""
        return tuple(sorted(e.seq for e in self.entries.values() if e.state is state))

    def originals_of(self, state: State) -> tuple[int, ...]:
        """Return the originals in ``state``, in order."""
        return tuple(sorted(o.seq for o in self.originals.values() if o.state is state))

    def name_of(self, seq: int) -> str:
        """Return what an original was called, if its entry is whole."""
        found = self.entries.get(seq)
        name = found.entry.data.get("name") if found is not None and found.entry else None
        return name if isinstance(name, str) else ""

    def expected(self, seq: int) -> bytes | None:
        """Return the digest that a whole entry names, else that of the list, if it is in clear."""
        found = self.entries.get(seq)
        if found is not None and found.entry is not None and found.entry.kind == Kind.EXHIBIT:
            with contextlib.suppress(KeyError, ValueError, TypeError):
                return bytes.fromhex(records.exhibit_from_data(found.entry.data).sha256)
        listed = self.listed.get(seq)
        return listed[1] if listed is not None and self.sealer.name == PLAIN else None

    def stored_bodies(self, seq: int) -> Iterator[tuple[LeafHash, bytes]]:
        """Yield hash and body, as they are stored, of each row under ``seq`` that can be read."""
        for cell in self.cells.get(seq, ()):
            match self.file.values(cell):
                case (_, bytes(leaf), bytes(stored)):
                    yield LeafHash(leaf), stored

    def public_key(self, stored: bytes) -> bytes:
        """Return the public part of a stored signing key; none (empty) if it is not one."""
        key = meta.unsealed_key(self.sealer, stored)
        if not key:
            return b""
        return Ed25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw()

    def pieces(self, seq: int) -> Iterator[bytes | None]:
        """Yield the pieces of an original in order; None for one that cannot be read."""
        found = self.piece_cells.get(seq, {})
        for idx in range(max(found, default=-1) + 1):
            mended = self._mended.get((seq, idx))
            yield self._piece(seq, idx, found.get(idx, [])) if mended is None else mended

    def mend_entry(self, seq: int, leaf: LeafHash, body: bytes) -> bool:
        """Take a body for an entry, if it fits ``leaf`` and says its number; return whether so."""
        made = self._judged(seq, leaf, body)
        if made.state is not State.WHOLE:
            return False
        self.entries[seq] = made
        self.entries = self._settled(self.entries)
        return True

    def mend_piece(self, seq: int, idx: int, piece: bytes) -> None:
        """Take a piece for an original, and judge that again."""
        self._mended[seq, idx] = piece
        old, known, (_, key) = (
            self.originals[seq],
            self.expected(seq),
            self.listed.get(seq, (0, b"")),
        )
        digest = key if known is None else known
        self.originals[seq] = self._judge_original(seq, old.size, digest, keyed=known is None)

    def locks(self) -> Locks:
        """Return what the file says in clear about how it is stored."""
        name = self.meta.get("sealing", b"").decode("ascii", "replace")
        slots = {s: self.meta[s.value] for s in SlotName if s.value in self.meta}
        return Locks(sealing=name if is_known(name) else PLAIN, slots=slots)

    # --- inside ---------------------------------------------------------------------------------

    def _collect(self) -> None:
        """Sort every row by the table that it has the shape of (rule 5)."""
        numbers = range(min(_MOST_NUMBERS, self.file.size // _LEAST_ROW))
        places = range(self.file.size // schema.CHUNK_BYTES + 1)
        rows = 0
        for number, state, cells in self.file.rows():
            self.pages[state] += 1
            for cell in cells:
                rows += self._sort(cell, numbers, places)
            if rows > _MOST_ROWS:
                raise CaseDamagedError(path=str(self.path), detail=f"page {number}: too many rows")

    def _sort(self, cell: Cell, numbers: range, places: range) -> bool:
        """Keep a row under its table, if it has the shape of one; return whether it was kept."""
        types, values = self.file.beginning(cell)
        match types, values:
            case (0, blob, _), _ if _is_blob(blob) and cell.rowid in numbers:
                self.cells.setdefault(cell.rowid, []).append(cell)
            case (0, _, 76), (None, int(size), bytes(lookup)) if cell.rowid in numbers:
                self.listed[cell.rowid] = size, lookup
            case (_, _, blob), (int(seq), int(idx), *_) if (
                _is_blob(blob) and seq in numbers and idx in places
            ):
                self.piece_cells.setdefault(seq, {}).setdefault(idx, []).append(cell)
            case (_, _), (str(key), bytes(value)) if key in _META:
                self.meta[key] = value
            case _:
                return False
        return True

    def _unsealed(self, unlock: Unlock) -> Sealer:
        locks = self.locks()
        return PlainSealer() if locks.sealing == PLAIN else unlock(self.path, locks)

    def _judge_entries(self) -> dict[int, OldEntry]:
        judged = {seq: self._best(seq, cells) for seq, cells in self.cells.items() if seq >= 0}
        return self._settled(judged)

    def _settled(self, judged: dict[int, OldEntry]) -> dict[int, OldEntry]:
        """Add what entries say of each other: which are erased, and how they are linked."""
        erased = {
            e.entry.data.get("target"): e.entry.data.get("leaf")
            for e in judged.values()
            if e.entry is not None and e.entry.kind == Kind.ERASE
        }
        for seq, found in judged.items():
            if found.leaf is not None and not found.body and erased.get(seq) == found.leaf.hex():
                judged[seq] = dataclasses.replace(found, state=State.ERASED)
        if "sealing" not in self.meta and not any(e.entry for e in judged.values()):
            # The page is lost that says whether bodies are sealed: they cannot be read at all.
            judged = {s: dataclasses.replace(e, state=State.DAMAGED) for s, e in judged.items()}
        for seq, found in judged.items():
            judged[seq] = dataclasses.replace(found, linked=self._is_linked(found, judged))
        return judged

    def _best(self, seq: int, cells: list[Cell]) -> OldEntry:
        order = list(State)
        return min((self._judge(seq, c) for c in cells), key=lambda e: order.index(e.state))

    def _judge(self, seq: int, cell: Cell) -> OldEntry:
        values = self.file.values(cell)
        _, held = self.file.beginning(cell)
        leaf = LeafHash(held[1]) if len(held) > 1 and isinstance(held[1], bytes) else None
        if leaf is None or values is None or not isinstance(values[2], bytes):
            return OldEntry(seq=seq, state=State.DAMAGED, leaf=leaf)
        if not values[2]:
            return OldEntry(seq=seq, state=State.DAMAGED, leaf=leaf)
        try:
            body = self.sealer.unseal(Place("entry", seq, 0), values[2])
        except BrokenSealError:
            return OldEntry(seq=seq, state=State.MISMATCH, leaf=leaf)
        return self._judged(seq, leaf, body)

    @staticmethod
    def _judged(seq: int, leaf: LeafHash, body: bytes) -> OldEntry:
        try:
            entry = decode_entry(body)
        except EvidenceError:
            return OldEntry(seq=seq, state=State.MISMATCH, leaf=leaf)
        if leaf_hash(body) != leaf or entry.seq != seq:
            return OldEntry(seq=seq, state=State.MISMATCH, leaf=leaf, body=body)
        return OldEntry(seq=seq, state=State.WHOLE, leaf=leaf, body=body, entry=entry)

    @staticmethod
    def _is_linked(found: OldEntry, judged: Mapping[int, OldEntry]) -> bool:
        if found.state is State.ERASED:
            return found.seq - 1 in judged  # its own link went with its body
        before = judged.get(found.seq - 1)
        link = GENESIS if found.seq == 0 else before.leaf if before is not None else None
        return found.entry is not None and link is not None and found.entry.prev == link

    def _judge_originals(self) -> Iterator[OldOriginal]:
        exhibits = {
            e.seq: e.entry
            for e in self.entries.values()
            if e.entry is not None and e.entry.kind == Kind.EXHIBIT
        }
        erased = set(self.of(State.ERASED))
        for seq in sorted(
            (exhibits.keys() | self.piece_cells.keys() | self.listed.keys()) - erased
        ):
            entry = exhibits.get(seq)
            if entry is not None:
                with contextlib.suppress(KeyError, ValueError, TypeError):
                    record = records.exhibit_from_data(entry.data)
                    yield self._judge_original(seq, record.size, bytes.fromhex(record.sha256))
            elif seq in self.listed:
                size, lookup = self.listed[seq]
                yield self._judge_original(seq, size, lookup, keyed=True)
            else:
                yield OldOriginal(seq=seq, state=State.DAMAGED, size=-1, sha256=b"")

    def _judge_original(
        self, seq: int, size: int, digest: bytes, *, keyed: bool = False
    ) -> OldOriginal:
        """Hash an original; ``keyed``: ``digest`` is the key under which it is listed."""
        hashed, found, complete = hashlib.sha256(), 0, True
        for piece in self.pieces(seq):
            if piece is None or found % schema.CHUNK_BYTES:
                complete = False
                break
            hashed.update(piece)
            found += len(piece)
        if not complete or found != size:
            return OldOriginal(seq=seq, state=State.DAMAGED, size=size, sha256=b"")
        made = hashed.digest()
        same = (self.sealer.lookup(made) if keyed else made) == digest
        state = State.WHOLE if same else State.MISMATCH
        return OldOriginal(seq=seq, state=state, size=size, sha256=made)

    def _piece(self, seq: int, idx: int, cells: list[Cell]) -> bytes | None:
        for cell in cells:
            values: tuple[Value, ...] | None = self.file.values(cell)
            if values is not None and isinstance(values[2], bytes):
                with contextlib.suppress(BrokenSealError):
                    return self.sealer.unseal(Place("chunk", seq, idx), values[2])
        return None


def _is_blob(kind: int) -> bool:
    return kind >= 12 and kind % 2 == 0
