r"""Checkpoint: the size and root of a case, signed with the case's key.

Format (C2SP tlog-checkpoint inside a C2SP signed-note)::

    liuhen/<case id>\n
    <size, decimal>\n
    <root, standard base64 of 32 bytes>\n
    \n
    — <key name> <base64 of 4-byte key id and 64-byte Ed25519 signature>\n

Rules:

1. ``parse(text).text == text``: what would not be printed back identically is refused.
2. The key name is the origin line; the key id is the first 4 bytes of
   SHA-256(name || 0x0A || 0x01 || public key) (signed-note, section "Signatures").
3. This module neither makes keys nor signs: it takes and gives bytes.
"""

import base64
import dataclasses
import hashlib
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from evidence.core.merkle import RootHash
from evidence.errors import CheckpointFormError

MAX_BYTES = 4096
"""Longest signed checkpoint that is looked at."""

PREFIX = "liuhen/"
"""How the origin line begins."""

_ED25519 = b"\x01"
_ORIGIN = re.compile(PREFIX + r"[0-9a-f]{32}")
_SIGNATURE_LINE = re.compile("\u2014 ([^ +\n]+) ([A-Za-z0-9+/]+={0,2})")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What the log claims: this many entries with this Merkle root."""

    case_id: str
    """32 hex digits."""
    size: int
    root: RootHash

    @property
    def origin(self) -> str:
        """The first line: which log this is."""
        return f"{PREFIX}{self.case_id}"

    @property
    def text(self) -> bytes:
        """The signed bytes: three lines, each ending in a newline."""
        encoded = base64.b64encode(self.root).decode("ascii")
        return f"{self.origin}\n{self.size}\n{encoded}\n".encode("ascii")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SignedCheckpoint:
    """A checkpoint with the one signature of the case's key."""

    checkpoint: Checkpoint
    key_id: bytes
    signature: bytes

    @property
    def text(self) -> bytes:
        """The signed note, byte for byte as it is stored and timestamped."""
        encoded = base64.b64encode(self.key_id + self.signature).decode("ascii")
        line = f"\u2014 {self.checkpoint.origin} {encoded}\n"
        return self.checkpoint.text + b"\n" + line.encode()


def key_id(origin: str, public_key: bytes) -> bytes:
    """Return the 4-byte key id of an Ed25519 key (C2SP signed-note)."""
    return hashlib.sha256(origin.encode() + b"\n" + _ED25519 + public_key).digest()[:4]


def sign(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> SignedCheckpoint:
    """Return ``checkpoint`` signed with ``key``. Ed25519 signatures are deterministic."""
    public = key.public_key().public_bytes_raw()
    return SignedCheckpoint(
        checkpoint=checkpoint,
        key_id=key_id(checkpoint.origin, public),
        signature=key.sign(checkpoint.text),
    )


def verify_signature(signed: SignedCheckpoint, public_key: bytes) -> bool:
    """Tell whether the signature is by ``public_key`` (32 raw bytes) over the checkpoint."""
    if signed.key_id != key_id(signed.checkpoint.origin, public_key):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(
            signed.signature, signed.checkpoint.text
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def parse(data: bytes) -> SignedCheckpoint:
    """Return the signed checkpoint that ``data`` is.

    Raises:
        CheckpointFormError: unless ``parse(data).text == data``.
    """
    if len(data) > MAX_BYTES:
        raise CheckpointFormError(reason="too-long")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CheckpointFormError(reason="not-utf-8") from error
    lines = text.split("\n")
    if len(lines) != 6 or lines[3] != "" or lines[5] != "":
        raise CheckpointFormError(reason="line-count")
    origin, size, encoded_root, _, signature_line, _ = lines
    if _ORIGIN.fullmatch(origin) is None:
        raise CheckpointFormError(reason="origin")
    match = _SIGNATURE_LINE.fullmatch(signature_line)
    if match is None or match[1] != origin:
        raise CheckpointFormError(reason="signature-line")
    blob = _base64(match[2], "signature", 68)
    signed = SignedCheckpoint(
        checkpoint=Checkpoint(
            case_id=origin.removeprefix(PREFIX),
            size=_decimal(size),
            root=RootHash(_base64(encoded_root, "root", 32)),
        ),
        key_id=blob[:4],
        signature=blob[4:],
    )
    if signed.text != data:
        raise CheckpointFormError(reason="not-canonical")
    return signed


def _decimal(text: str) -> int:
    # int() alone would take "+42", " 42", "4_2" and other scripts' digits.
    if re.fullmatch(r"0|[1-9][0-9]{0,15}", text) is None:
        raise CheckpointFormError(reason="size")
    return int(text)


def _base64(text: str, what: str, length: int) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:  # binascii.Error is one; characters beyond ASCII are another
        raise CheckpointFormError(reason=what) from error
    if len(data) != length:
        raise CheckpointFormError(reason=what)
    return data
