"""The proof files of a bundle: leaves, disclosed entries, checkpoint, key (DESIGN section 5)."""

import json
from collections.abc import Iterable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from evidence.core.checkpoint import SignedCheckpoint
from evidence.core.entry import LeafHash
from reports.bundle import layout
from reports.bundle.bag import Bag
from reports.packet import Packet


def write_proofs(
    bag: Bag,
    packet: Packet,
    *,
    leaves: Iterable[LeafHash],
    bodies: Iterable[bytes],
    checkpoint: SignedCheckpoint,
    public_key: bytes,
) -> None:
    """Write leaves of every entry, bodies of the disclosed ones, checkpoint and key."""
    bag.copy(layout.LEAVES, (f"{leaf.hex()}\n".encode() for leaf in leaves))
    bag.copy(layout.ENTRIES, (body + b"\n" for body in bodies))
    index = {e.label: {"seq": e.seq, "sha256": e.sha256, "name": e.name} for e in packet.exhibits}
    text = json.dumps(index, ensure_ascii=False, indent=1, sort_keys=True)
    bag.write(layout.EXHIBITS, f"{text}\n".encode())
    bag.write(layout.CHECKPOINT, checkpoint.text)
    bag.write(layout.KEY, public_key_pem(public_key))


def public_key_pem(public_key: bytes) -> bytes:
    """Return an Ed25519 key as SubjectPublicKeyInfo PEM (RFC 8410), for openssl."""
    key = Ed25519PublicKey.from_public_bytes(public_key)
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
