"""Entry kind ``erase``: that the body and the bytes of one entry are gone from the case.

Rules:

1. The erased entry keeps its seq and its leaf, so that the chain and the tree stay as they were.
   An ``erase`` entry names the leaf, the kind and the reason, and nothing else of what was there.
2. What speaks of an entry may repeat its words: a transcript, a quotation, the reason of a
   withdrawal. It goes with it, so that the words are really gone and no reference leads to nothing.
3. What fixes the history is never erased: the case, erasures, salvages,
   timestamps, packets.
4. Erasing never makes anything stand that does not stand now: a withdrawal goes only with what it
   withdrew, a correction only when what it corrects is gone (``evidence.store.erase`` looks).
5. A row of an export goes only with its export, which still holds its words.
"""

import dataclasses
from collections.abc import Collection, Iterable, Mapping

from evidence.core.canonical import JsonObject, JsonValue
from evidence.core.entry import Entry
from evidence.core.record_json import integer, items, plain, text
from evidence.core.records import Kind
from evidence.errors import NotErasableError

_KEPT = frozenset({Kind.CASE, Kind.ERASE, Kind.TIMESTAMP, Kind.PACKET, Kind.SALVAGE})
"""Rule 3."""

_REFERENCES = ("on", "export", "transcript", "corrects", "suggestion", "target", "of")
"""Fields that name an entry whose words may be repeated, in entries of any kind (rule 2)."""

_REFERENCE_LISTS = ("calls",)
_IN_PACKET = ("exhibits", "tags")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """One entry that is gone."""

    target: int
    leaf: str
    """Hex leaf hash that stays."""
    kind: str
    """What kind of entry it was."""
    reason: str
    along_with: int | None = None
    """The entry that the person named, if this one only spoke of it."""


def erasure_to_data(record: Erasure) -> dict[str, JsonValue]:
    """Return entry data of kind ``erase``."""
    return plain(record)


def erasure_from_data(data: JsonObject) -> Erasure:
    """Read entry data of kind ``erase``."""
    return Erasure(
        target=int(str(data["target"])),
        leaf=str(data["leaf"]),
        kind=text(data, "kind"),
        reason=text(data, "reason"),
        along_with=integer(data, "along_with"),
    )


def require_erasable(entry: Entry) -> None:
    """Refuse an entry that a person may not erase by naming it.

    Raises:
        NotErasableError: with the reason.
    """
    if entry.seq == 0 or entry.kind in _KEPT:
        raise NotErasableError(seq=entry.seq, reason="它是案件历史的一部分，没有它就无法核验")
    if entry.kind == Kind.RECORD:
        raise NotErasableError(
            seq=entry.seq, reason="它是从备份或详单里读出的，原文还在那份文件里；要删就删那份文件"
        )


def dependents(target: int, entries: Iterable[Entry]) -> tuple[int, ...]:
    """Return the entries that speak of ``target``, directly or through others, in order (rule 2).

    A reference leads to an earlier entry, so that one pass finds them all.
    """
    found = {target}
    for entry in entries:
        if entry.kind not in _KEPT and not found.isdisjoint(_references(entry.data)):
            found.add(entry.seq)
    return tuple(sorted(found - {target}))


def packets_with(gone: Collection[int], entries: Iterable[Entry]) -> tuple[int, ...]:
    """Return the packets that were made with any of ``gone``; those are outside the case."""
    return tuple(
        entry.seq
        for entry in entries
        if entry.kind == Kind.PACKET
        and any(seq in gone for field in _IN_PACKET for seq in items(entry.data, field))
    )


def by_target(erasures: Iterable[tuple[int, Erasure]]) -> Mapping[int, tuple[int, Erasure]]:
    """Return each erased entry's first erasure with the seq of the entry that says so."""
    found: dict[int, tuple[int, Erasure]] = {}
    for seq, erasure in erasures:
        found.setdefault(erasure.target, (seq, erasure))
    return found


def _references(data: JsonObject) -> frozenset[JsonValue]:
    single = (data.get(field) for field in _REFERENCES)
    listed = (value for field in _REFERENCE_LISTS for value in items(data, field))
    return frozenset(v for v in (*single, *listed) if type(v) is int)
