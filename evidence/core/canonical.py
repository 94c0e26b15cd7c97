"""Canonical JSON: the only place that writes bytes that are hashed.

Rules (RFC 8785, JSON Canonicalization Scheme, restricted):

1. Values are objects, arrays, strings, integers within ±(2^53-1), booleans and null. No floats.
2. Object keys are ASCII, so sorting by code point equals RFC 8785's sorting by UTF-16 unit.
3. Strings are kept exactly as given: no Unicode normalisation. A lone surrogate has no UTF-8 form
   and is refused.
4. ``decode`` accepts only what ``encode`` would write again, byte for byte.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import orjson

from evidence.errors import CanonicalFormError

JsonValue: TypeAlias = "bool | int | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
JsonObject: TypeAlias = Mapping[str, JsonValue]

MAX_INTEGER = 2**53 - 1
MAX_DEPTH = 32
MAX_BYTES = 16 * 1024 * 1024
"""Largest body that is written or read, in bytes."""
MAX_CONTAINERS = 1_000_000
"""Most arrays and objects in it: each takes thirty times as much memory as bytes."""

_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)


def encode(value: JsonObject) -> bytes:
    """Return the canonical UTF-8 bytes of ``value``.

    Raises:
        CanonicalFormError: for a float, a non-ASCII key, an integer out of range, a lone surrogate,
            another type, nesting deeper than ``MAX_DEPTH``, or more than ``MAX_BYTES`` or
            ``MAX_CONTAINERS``.
    """
    _check(value, MAX_DEPTH)
    data = _dump(value)
    _check_size(data)
    return data


def decode(data: bytes) -> dict[str, JsonValue]:
    """Return the object that ``data`` encodes.

    Raises:
        CanonicalFormError: unless ``encode(decode(data)) == data``.
    """
    _check_size(data)
    try:
        value = orjson.loads(data)
    except ValueError as error:
        raise CanonicalFormError(reason="not-json") from error
    if not isinstance(value, dict):
        raise CanonicalFormError(reason="not-an-object")
    _check(value, MAX_DEPTH)
    if _dump(value) != data:
        raise CanonicalFormError(reason="not-canonical")
    return value


def _check_size(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise CanonicalFormError(reason="too-long")
    # A text may hold as many brackets as it likes; it is looked at only if there are that many.
    if _brackets(data) > MAX_CONTAINERS and _brackets(_STRING.sub(b"", data)) > MAX_CONTAINERS:
        raise CanonicalFormError(reason="too-many")


def _brackets(data: bytes) -> int:
    return data.count(b"[") + data.count(b"{")


def _dump(value: JsonObject) -> bytes:
    # orjson escapes exactly what RFC 8785 section 3.2.2.2 escapes: the two-character forms, and the
    # remaining control characters as lower-case \u00xx.
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError as error:  # all else was refused by _check
        raise CanonicalFormError(reason="lone-surrogate") from error


def _check(value: JsonObject, depth: int) -> None:
    """Refuse what the canonical form does not have; level by level, for calls cost time."""
    level: list[object] = [value]
    while level:
        if depth == 0:
            raise CanonicalFormError(reason="too-deep")
        below: list[object] = []
        for container in level:
            for item in _items(container):
                kind = type(item)
                if kind is str or item is None or kind is bool:
                    continue
                if kind is dict or kind is list or kind is tuple:
                    below.append(item)
                elif kind is not int:
                    raise CanonicalFormError(reason=f"type-{kind.__name__}")
                elif not -MAX_INTEGER <= item <= MAX_INTEGER:  # type: ignore[operator]  # int
                    raise CanonicalFormError(reason="integer-out-of-range")
        level, depth = below, depth - 1


def _items(container: object) -> Iterable[object]:
    if not isinstance(container, dict):
        return container  # type: ignore[return-value]  # a list or a tuple
    for key in container:
        if type(key) is not str or not key.isascii():
            raise CanonicalFormError(reason="key-not-ascii")
    return container.values()
