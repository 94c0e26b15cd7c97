"""The rows of ``meta``: how the case is stored, who may open it, and its signing key.

``sealing`` and the two slots are in clear, the signing key is sealed as everything else.
"""

import sqlite3
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from evidence.errors import CaseDamagedError, CaseResealedError
from evidence.store import schema, sealing
from evidence.store.key_slots import Locks, SlotName
from evidence.store.sealing import BrokenSealError, Place, Sealer

_TABLE_LOST = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR)
_SEALING = "sealing"
_SIGNING_KEY = "signing_key"
_OURS = (_SEALING, _SIGNING_KEY, *SlotName)
_MOST_NAMED = 5
_LONGEST_NAME = 40
_IN_CLEAR = select(schema.meta).where(schema.meta.c.key.in_([_SEALING, *SlotName]))
_KEY_PLACE = Place("meta.signing_key", 0, 0)
_KEY_BYTES = 32


def read_locks(path: Path, connection: Connection) -> Locks:
    """Return what the case says in clear; one that says nothing readable is read as plain.

    Nothing can be appended to such a case, but what is left of it can be taken out.

    Raises:
        CaseDamagedError: if it has a passphrase and does not say how it is stored.
    """
    try:
        rows = {row.key: row.value for row in connection.execute(_IN_CLEAR)}
    except DBAPIError as error:
        if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF not in _TABLE_LOST:
            raise
        rows = {}
    name = rows.get(_SEALING, b"").decode("ascii", "replace")
    slots = {slot: rows[slot.value] for slot in SlotName if slot.value in rows}
    if slots and (name == sealing.PLAIN or not sealing.is_known(name)):
        raise CaseDamagedError(path=str(path), detail="sealing")
    return Locks(sealing=name if sealing.is_known(name) else sealing.PLAIN, slots=slots)


def require_same(path: Path, connection: Connection, sealer: Sealer) -> None:
    """Refuse to read a file that is now stored in another way than when it was opened.

    Raises:
        CaseResealedError.
    """
    if read_locks(path, connection).sealing != sealer.name:
        raise CaseResealedError(path=str(path))


def require_sealing(path: Path, connection: Connection, sealer: Sealer) -> None:
    """Refuse to add to a file that does not say that it is stored as ``sealer`` stores.

    Raises:
        CaseResealedError, CaseDamagedError.
    """
    if not says_how(connection):
        raise CaseDamagedError(path=str(path), detail="sealing")
    require_same(path, connection, sealer)


def says_how(connection: Connection) -> bool:
    """Tell whether the case names a way of storing that is known."""
    query = select(schema.meta.c.value).where(schema.meta.c.key == _SEALING)
    found = connection.execute(query).scalar_one_or_none()
    return sealing.is_known((found or b"").decode("ascii", "replace"))


def strangers(connection: Connection) -> list[str]:
    """Return the first rows that this program never writes, by name; at most ``_MOST_NAMED``."""
    query = select(schema.meta.c.key).where(schema.meta.c.key.not_in(_OURS)).limit(_MOST_NAMED)
    return [str(key)[:_LONGEST_NAME] for (key,) in connection.execute(query)]


def write_new(
    connection: Connection, sealer: Sealer, slots: Mapping[SlotName, bytes], key: bytes
) -> None:
    """Write the rows of a new file; ``key`` is the raw signing key."""
    rows = {
        _SEALING: sealer.name.encode(),
        **{name.value: value for name, value in slots.items()},
        _SIGNING_KEY: sealer.seal(_KEY_PLACE, key),
    }
    connection.execute(
        insert(schema.meta), [{"key": name, "value": value} for name, value in rows.items()]
    )


def replace_slot(connection: Connection, name: SlotName, value: bytes) -> None:
    """Put a slot in the place of the one that was there."""
    connection.execute(delete(schema.meta).where(schema.meta.c.key == name.value))
    connection.execute(insert(schema.meta).values(key=name.value, value=value))


def raw_signing_key(path: Path, connection: Connection, sealer: Sealer) -> bytes:
    """Return the case's private key, 32 raw bytes.

    Raises:
        CaseDamagedError: if it is missing or changed.
    """
    query = select(schema.meta.c.value).where(schema.meta.c.key == _SIGNING_KEY)
    stored = connection.execute(query).scalar_one_or_none()
    key = unsealed_key(sealer, stored or b"")
    if not key:
        raise CaseDamagedError(path=str(path), detail="signing key")
    return key


def unsealed_key(sealer: Sealer, stored: bytes) -> bytes:
    """Return the private key that was stored; none (empty) if it is not one, or changed."""
    try:
        key = sealer.unseal(_KEY_PLACE, stored)
    except BrokenSealError:
        return b""
    return key if len(key) == _KEY_BYTES else b""


def signing_key(path: Path, connection: Connection, sealer: Sealer) -> Ed25519PrivateKey:
    """Return the case's private key; raises as ``raw_signing_key``."""
    return Ed25519PrivateKey.from_private_bytes(raw_signing_key(path, connection, sealer))
