"""Entry kind ``salvage``: that a case was made from what a damaged file still held.

Rules:

1. The case that it stands in is a new one, with a key and a history of its own. It continues
   nothing: a checkpoint of the old case says nothing about it, and the other way round.
2. The old bodies are kept byte for byte in an exhibit (``bodies``), one on a line, so that anybody
   can hash them and follow their links as far as they go.
3. What is taken over is stated anew: same kind and data, but for the numbers of other entries.
   ``numbers`` says which old number became which.
"""

import dataclasses
from collections.abc import Mapping

from evidence.core.canonical import JsonObject, JsonValue
from evidence.core.record_json import as_object, integer, items, plain, text

_TO_EXHIBITS = ("on", "export", "transcript", "corrects", "suggestion", "target", "of")
"""Fields without whose entry the one that has them says nothing."""

_TO_OTHERS = ("respondent", "supersedes", "packet")
"""Fields that are left out where their entry is not taken over."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Salvage:
    """From what, and how much of it was whole."""

    bodies: int
    """The exhibit that holds the old bodies."""
    file_size: int
    file_sha256: str
    """Of the damaged file, which is to be kept; empty if the disk did not give all of it."""
    entries: int
    """Old entries whose body hashes to the leaf that stood beside it."""
    prefix: int
    """How many of them, from the first on, are linked without a gap."""
    prefix_root: str
    """Hex root over the leaves of the prefix."""
    case_id: str = ""
    """Of the old case, if its first entry could be read."""
    missing: tuple[int, ...] = ()
    """Old entries that could not be read."""
    mismatched: tuple[int, ...] = ()
    """Old entries that could be read and are not what their leaf says; why is not known."""
    originals_damaged: tuple[int, ...] = ()
    originals_mismatched: tuple[int, ...] = ()
    mended: tuple[int, ...] = ()
    """Old entries of which one bit was turned back, so that the hash fits; counted as whole."""
    originals_mended: tuple[int, ...] = ()
    numbers: tuple[tuple[int, int], ...] = ()
    """Pairs of old and new number."""

    def to_data(self) -> dict[str, JsonValue]:
        """Return the JSON form."""
        pairs: list[JsonValue] = [{"old": old, "new": new} for old, new in self.numbers]
        data = plain(self, skip=frozenset({"numbers"}))
        return {**data, "numbers": pairs} if pairs else data


def salvage_to_data(record: Salvage) -> dict[str, JsonValue]:
    """Return entry data of kind ``salvage``."""
    return record.to_data()


def salvage_from_data(data: JsonObject) -> Salvage:
    """Read entry data of kind ``salvage``."""
    pairs = (as_object(pair) for pair in items(data, "numbers"))
    return Salvage(
        bodies=int(str(data["bodies"])),
        file_size=int(str(data["file_size"])),
        file_sha256=text(data, "file_sha256"),
        entries=int(str(data["entries"])),
        prefix=int(str(data["prefix"])),
        prefix_root=str(data["prefix_root"]),
        case_id=text(data, "case_id"),
        missing=_numbers(data, "missing"),
        mismatched=_numbers(data, "mismatched"),
        originals_damaged=_numbers(data, "originals_damaged"),
        originals_mismatched=_numbers(data, "originals_mismatched"),
        mended=_numbers(data, "mended"),
        originals_mended=_numbers(data, "originals_mended"),
        numbers=tuple((integer(p, "old") or 0, integer(p, "new") or 0) for p in pairs),
    )


def renumbered(data: JsonObject, numbers: Mapping[int, int]) -> dict[str, JsonValue] | None:
    """Return entry data with the new numbers; None if what it speaks of was not taken over."""
    made = dict(data)
    for field in _TO_EXHIBITS:
        old = integer(data, field)
        if old is None:
            continue
        if old not in numbers:
            return None
        made[field] = numbers[old]
    for field in _TO_OTHERS:
        old = integer(data, field)
        if old is not None:
            made.pop(field)
            made |= {field: numbers[old]} if old in numbers else {}
    if "calls" in data:
        calls = items(data, "calls")
        if not all(isinstance(old, int) and old in numbers for old in calls):
            return None
        made["calls"] = [numbers[int(str(old))] for old in calls]
    return made


def _numbers(data: JsonObject, key: str) -> tuple[int, ...]:
    return tuple(int(str(value)) for value in items(data, key))
