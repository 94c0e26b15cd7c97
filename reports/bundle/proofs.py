"""The proof files of a bundle: leaves, list of exhibits, public key (DESIGN section 5).

Each has a ``format`` and a ``parse``; a parser accepts only what ``format`` would write again,
byte for byte.
"""

import base64
import binascii
import dataclasses
import json
import re
from collections.abc import Iterable

from evidence.core.entry import LeafHash

_HEX_64 = re.compile(r"[0-9a-f]{64}")
_LABEL = re.compile(r"E[0-9]{3,6}")
_LEAF_LINE = 65
_SPKI_PREFIX = bytes.fromhex("302a300506032b6570032100")
"""DER of SubjectPublicKeyInfo before the 32 bytes of an Ed25519 key (RFC 8410 section 4)."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class IndexedExhibit:
    """One row of ``exhibits.json``."""

    seq: int
    sha256: str
    name: str
    """Original file name."""


def format_leaves(leaves: Iterable[LeafHash]) -> bytes:
    """Return ``leaves.txt``: one leaf hash a line, in hex."""
    return "".join(f"{leaf.hex()}\n" for leaf in leaves).encode("ascii")


def parse_leaves(data: bytes) -> list[LeafHash]:
    """Return the leaf hashes.

    Raises:
        ValueError: naming the first line (from 1) that is none.
    """
    leaves: list[LeafHash] = []
    for start in range(0, len(data), _LEAF_LINE):
        line = data[start : start + _LEAF_LINE]
        text = line[:-1].decode("latin-1")
        if line[-1:] != b"\n" or _HEX_64.fullmatch(text) is None:
            raise ValueError(f"line {len(leaves) + 1}")
        leaves.append(LeafHash(bytes.fromhex(text)))
    return leaves


def format_index(index: dict[str, IndexedExhibit]) -> bytes:
    """Return ``exhibits.json`` by label."""
    rows = {label: dataclasses.asdict(row) for label, row in index.items()}
    text = json.dumps(rows, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode()


def parse_index(data: bytes) -> dict[str, IndexedExhibit]:
    """Return the exhibits by label.

    Raises:
        ValueError: for anything that ``format_index`` would not write.
    """
    try:
        rows = json.loads(data.decode("utf-8"))
        index = {label: _row(label, row) for label, row in rows.items()}
    except (AttributeError, KeyError, TypeError, RecursionError) as error:
        raise ValueError("not a list of exhibits") from error
    if format_index(index) != data:
        raise ValueError("not as this program writes it")
    return index


def _row(label: str, row: dict[str, object]) -> IndexedExhibit:
    seq, sha256, name = row["seq"], row["sha256"], row["name"]
    if _LABEL.fullmatch(label) is None or type(seq) is not int or seq < 0:
        raise ValueError(label)
    if not isinstance(sha256, str) or not isinstance(name, str):
        raise TypeError(label)
    if _HEX_64.fullmatch(sha256) is None:
        raise ValueError(label)
    return IndexedExhibit(seq=seq, sha256=sha256, name=name)


def format_key(public_key: bytes) -> bytes:
    """Return an Ed25519 key as SubjectPublicKeyInfo PEM (RFC 8410, RFC 7468), for openssl."""
    if len(public_key) != 32:
        raise ValueError("an Ed25519 public key has 32 bytes")
    body = base64.b64encode(_SPKI_PREFIX + public_key).decode("ascii")
    return f"-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n".encode("ascii")


def parse_key(data: bytes) -> bytes:
    """Return the 32 bytes of the key.

    Raises:
        ValueError: for anything that ``format_key`` would not write.
    """
    lines = data.split(b"\n")
    if len(lines) != 4:
        raise ValueError("not three lines")
    try:
        key = base64.b64decode(lines[1], validate=True)[len(_SPKI_PREFIX) :]
    except binascii.Error as error:
        raise ValueError("not base64") from error
    if format_key(key) != data:
        raise ValueError("not as this program writes it")
    return key
