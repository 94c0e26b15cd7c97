"""Strict reading of the rules data: each field is asked for once, with its type.

Rules:

1. A key that stands twice in one object is refused; ``json`` alone would keep the last.
2. A field that is missing, of another type or left over is refused.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping


class Row:
    """One JSON object, whose fields are taken out by name and type."""

    def __init__(self, fields: Mapping[str, object], what: str) -> None:
        self._left = dict(fields)
        self._what = what

    def text(self, key: str) -> str:
        """Return a text that is not empty."""
        value = self._take(key)
        if not isinstance(value, str) or not value:
            raise self._bad(key)
        return value

    def text_or_empty(self, key: str) -> str:
        """Return a text; null is the empty text."""
        value = self._take(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self._bad(key)
        return value

    def flag(self, key: str) -> bool:
        """Return true or false."""
        value = self._take(key)
        if not isinstance(value, bool):
            raise self._bad(key)
        return value

    def integer(self, key: str) -> int:
        """Return a whole number above zero."""
        value = self._take(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self._bad(key)
        return value

    def date(self, key: str) -> dt.date | None:
        """Return a day, or None for null."""
        value = self._take(key)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self._bad(key)
        day = dt.date.fromisoformat(value)
        if day.isoformat() != value:
            raise self._bad(key)
        return day

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts without repetition."""
        value = self._take(key)
        if not isinstance(value, list):
            raise self._bad(key)
        return self._texts(key, value)

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        """Return a list of pairs of texts."""
        value = self._take(key)
        if not isinstance(value, list):
            raise self._bad(key)
        found: list[tuple[str, str]] = []
        for item in value:
            match item:
                case [str() as one, str() as two]:
                    found.append((one, two))
                case _:
                    raise self._bad(key)
        return tuple(found)

    def text_map(self, key: str) -> Mapping[str, str]:
        """Return an object whose values are texts."""
        value = self._take(key)
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            raise self._bad(key)
        return {str(k): str(v) for k, v in value.items()}

    def text_lists(self, key: str) -> Mapping[str, tuple[str, ...]]:
        """Return an object whose values are lists of texts."""
        value = self._take(key)
        if not isinstance(value, dict) or not all(isinstance(v, list) for v in value.values()):
            raise self._bad(key)
        return {str(k): self._texts(key, v) for k, v in value.items()}

    def finish(self) -> None:
        """Refuse fields that nobody asked for."""
        if self._left:
            raise ValueError(f"{self._what}: unknown fields {sorted(self._left)}")

    def _texts(self, key: str, value: list[object]) -> tuple[str, ...]:
        texts = tuple(item for item in value if isinstance(item, str))
        if len(texts) != len(value) or len(set(texts)) != len(texts):
            raise self._bad(key)
        return texts

    def _take(self, key: str) -> object:
        if key not in self._left:
            raise ValueError(f"{self._what}: no field {key!r}")
        return self._left.pop(key)

    def _bad(self, key: str) -> ValueError:
        return ValueError(f"{self._what}: field {key!r}")


def table(text: str) -> Row:
    """Return the one object that a JSON text is."""
    value = _loads(text)
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return Row(value, "table")


def rows(text: str) -> Iterable[Row]:
    """Give each object of a JSON list; after each one, its fields must be used up."""
    value = _loads(text)
    if not isinstance(value, list):
        raise ValueError("not a list")
    for place, item in enumerate(value):
        if not isinstance(item, dict):
            raise ValueError(f"row {place} is no object")
        row = Row(item, str(item.get("id", f"row {place}")))
        yield row
        row.finish()


def _loads(text: str) -> object:
    value: object = json.loads(text, object_pairs_hook=_once)
    return value


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(f"a key stands twice in {sorted(found)}")
    return found
