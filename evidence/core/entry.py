"""One entry of the log: the body bytes, their leaf hash and the link to the entry before.

Rules (DESIGN section 4):

1. The truth is the stored body. A hash is always taken over the stored bytes.
2. ``leaf = SHA-256(0x00 || body)`` is at once the chain link and the RFC 6962 leaf.
3. The first entry links to 64 zeros.
"""

import dataclasses
import datetime as dt
import hashlib
import re
from typing import NewType

from evidence.core import canonical
from evidence.core.canonical import JsonObject
from evidence.errors import EntryFormError

LeafHash = NewType("LeafHash", bytes)
"""32 bytes: SHA-256 of 0x00 and a body."""

BODY_VERSION = 1
NONCE_BYTES = 16
GENESIS = LeafHash(bytes(32))
"""What the first entry names as the entry before it."""

_FIELDS = frozenset({"v", "seq", "prev", "nonce", "kind", "recorded_at", "data"})
_HEX_64 = re.compile(r"[0-9a-f]{64}")
_HEX_32 = re.compile(r"[0-9a-f]{32}")
_KIND = re.compile(r"[a-z][a-z0-9_]{0,31}")
_RFC3339_UTC = re.compile(
    r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?Z"
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A decoded body. ``data`` belongs to the kind; a kind that is not known still verifies."""

    seq: int
    prev: LeafHash
    nonce: bytes
    kind: str
    recorded_at: str
    """The program's clock at append: RFC 3339, UTC, ``Z``."""
    data: JsonObject


def leaf_hash(body: bytes) -> LeafHash:
    """Return SHA-256(0x00 || body), the leaf of RFC 6962 section 2.1."""
    return LeafHash(hashlib.sha256(b"\x00" + body).digest())


def encode_entry(entry: Entry) -> bytes:
    """Return the canonical body of ``entry``.

    Raises:
        EntryFormError: if a field has a form that ``decode_entry`` would refuse.
        CanonicalFormError: if ``data`` holds what canonical JSON cannot.
    """
    record: dict[str, canonical.JsonValue] = {
        "v": BODY_VERSION,
        "seq": entry.seq,
        "prev": entry.prev.hex(),
        "nonce": entry.nonce.hex(),
        "kind": entry.kind,
        "recorded_at": entry.recorded_at,
        "data": entry.data,
    }
    _check_fields(record)
    return canonical.encode(record)


def decode_entry(body: bytes) -> Entry:
    """Return the entry whose canonical body is ``body``.

    Raises:
        EntryFormError: if a field is missing, unknown or malformed.
        CanonicalFormError: if the bytes are not canonical.
    """
    record = canonical.decode(body)
    _check_fields(record)
    return Entry(
        seq=record["seq"],  # type: ignore[arg-type]  # checked above
        prev=LeafHash(bytes.fromhex(record["prev"])),  # type: ignore[arg-type]  # checked above
        nonce=bytes.fromhex(record["nonce"]),  # type: ignore[arg-type]  # checked above
        kind=record["kind"],  # type: ignore[arg-type]  # checked above
        recorded_at=record["recorded_at"],  # type: ignore[arg-type]  # checked above
        data=record["data"],  # type: ignore[arg-type]  # checked above
    )


def _check_fields(record: JsonObject) -> None:
    if record.keys() != _FIELDS:
        raise EntryFormError(field=",".join(sorted(record.keys() ^ _FIELDS)))
    if type(record["v"]) is not int or record["v"] != BODY_VERSION:
        raise EntryFormError(field="v")
    seq = record["seq"]
    if type(seq) is not int or seq < 0:
        raise EntryFormError(field="seq")
    for field, pattern in (
        ("prev", _HEX_64),
        ("nonce", _HEX_32),
        ("kind", _KIND),
        ("recorded_at", _RFC3339_UTC),
    ):
        value = record[field]
        if not isinstance(value, str) or pattern.fullmatch(value) is None:
            raise EntryFormError(field=field)
    if not _is_day(str(record["recorded_at"])[:10]):
        raise EntryFormError(field="recorded_at")
    if not isinstance(record["data"], dict):
        raise EntryFormError(field="data")


def _is_day(text: str) -> bool:
    """Tell whether the calendar has the day; the pattern alone would let 31 November pass."""
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True
