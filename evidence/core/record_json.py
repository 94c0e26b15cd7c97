"""Records to and from the JSON of an entry's data: what every kind of record shares.

Rules:

1. What is not known (None, empty text, empty list, False) is left out when written.
2. A field that is missing, or has another type than it should, reads as not known.
"""

import dataclasses
import enum
from typing import Protocol, runtime_checkable

from evidence.core import moment
from evidence.core.canonical import JsonObject, JsonValue
from evidence.core.moment import Moment


@runtime_checkable
class HasData(Protocol):
    """A value that has a JSON form of its own."""

    def to_data(self) -> dict[str, JsonValue]:
        """Return the JSON form."""


def plain(record: object, *, skip: frozenset[str] = frozenset()) -> dict[str, JsonValue]:
    """Return the fields of a record as JSON values, leaving out what is not known."""
    data: dict[str, JsonValue] = {}
    for field in dataclasses.fields(record):  # type: ignore[arg-type]  # always a record class
        if field.name in skip:
            continue
        value = to_json(getattr(record, field.name))
        if value is not None and value not in ("", [], {}):
            data[field.name] = value
    return data


def to_json(value: object) -> JsonValue:
    """Return one field's JSON value."""
    if isinstance(value, enum.StrEnum):
        return value.value
    if isinstance(value, bool):
        return value or None
    if value is None or isinstance(value, int | str):
        return value
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    # Last: looking for a method takes longer than everything above.
    return value.to_data() if isinstance(value, HasData) else plain(value)


def text(data: JsonObject, key: str) -> str:
    """Return a text; empty if there is none."""
    value = data.get(key)
    return "" if value is None else str(value)


def integer(data: JsonObject, key: str) -> int | None:
    """Return an integer, if there is one."""
    value = data.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def flag(data: JsonObject, key: str) -> bool:
    """Return whether a flag is set."""
    return data.get(key) is True


def items(data: JsonObject, key: str) -> list[JsonValue]:
    """Return a list; empty if there is none."""
    value = data.get(key)
    return list(value) if isinstance(value, list) else []


def obj(data: JsonObject, key: str) -> JsonObject:
    """Return an object; empty if there is none."""
    return as_object(data.get(key))


def as_object(value: JsonValue) -> JsonObject:
    """Return ``value`` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def moment_of(data: JsonObject, key: str) -> Moment | None:
    """Return a claimed time, if there is one."""
    value = obj(data, key)
    return moment.from_data(value) if value else None
