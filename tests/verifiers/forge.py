"""What a forger can do to a bundle: change any file, seal it again, write the whole log anew.

Written from docs/reference/bundle.md alone; shares no code with the program or the verifiers.
"""

import base64
import datetime as dt
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.tsa import Authority, Forgery, make_authority, make_request
from tests.tsa_uncommon import Uncommon, UncommonAuthority, make_uncommon_authority

BAGIT = "bagit.txt"
BAG_INFO = "bag-info.txt"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
LEAVES = "data/log/leaves.txt"
ENTRIES = "data/log/entries.jsonl"
INDEX = "data/log/exhibits.json"
CHECKPOINT = "data/anchor/checkpoint"
KEY = "data/anchor/key.pem"
PACKET = "data/packet.pdf"

STAMPED_AT = dt.datetime(2026, 11, 25, 8, 0, tzinfo=dt.UTC)
SPKI = bytes.fromhex("302a300506032b6570032100")

Entry = dict[str, Any]


class Bundle:
    """A copy of a bundle that is being changed; the original is never written to."""

    def __init__(self, root: Path, key: Ed25519PrivateKey) -> None:
        self.root = root
        self.key = key
        """The forger's own, which signs what he makes anew."""

    # --- files ------------------------------------------------------------------------------------

    def read(self, path: str) -> bytes:
        return (self.root / path).read_bytes()

    def write(self, path: str, data: bytes) -> None:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)  # it may be a hard link to the original
        place.write_bytes(data)

    def edit(self, path: str, change: Callable[[bytes], bytes]) -> None:
        before = self.read(path)
        after = change(before)
        assert after != before, path
        self.write(path, after)

    def swap(self, path: str, old: str | bytes, new: str | bytes) -> None:
        old, new = (t.encode() if isinstance(t, str) else t for t in (old, new))
        self.edit(path, lambda data: data.replace(old, new, 1))

    def flip(self, path: str, position: int) -> None:
        data = bytearray(self.read(path))
        data[position] ^= 1
        self.write(path, bytes(data))

    def remove(self, path: str) -> None:
        (self.root / path).unlink()

    def files(self) -> list[str]:
        found = (p for p in self.root.rglob("*") if p.is_file() and not p.is_symlink())
        return sorted(str(p.relative_to(self.root)) for p in found)

    # --- manifests --------------------------------------------------------------------------------

    def seal(self) -> None:
        """Write both manifests and what the bag says of itself anew, as anybody can."""
        payload = [p for p in self.files() if p.startswith("data/")]
        self.write(MANIFEST, self._listed(payload))
        if (self.root / BAG_INFO).is_file():
            total = sum((self.root / p).stat().st_size for p in payload)
            stated = {b"Payload-Oxum": b"%d.%d" % (total, len(payload))}
            if CHECKPOINT in payload:
                note = self.read(CHECKPOINT)
                code = hashlib.sha256(note).hexdigest()[:16].upper().encode()
                stated[b"Liuhen-Checkpoint-Code"] = b"-".join(re.findall(b"....", code))
                if origin := re.match(rb"liuhen/([0-9a-f]{32})\n", note):
                    stated[b"External-Identifier"] = origin[1]
            info = self.read(BAG_INFO)
            for label, value in stated.items():
                info = re.sub(rb"(?m)^%b: .*\n" % label, b"%b: %b\n" % (label, value), info)
            self.write(BAG_INFO, info)
        self.seal_tags()

    def seal_tags(self) -> None:
        """Write the tag manifest anew; the payload's stays as it is."""
        tags = (p for p in self.files() if not p.startswith("data/") and p != TAG_MANIFEST)
        self.write(TAG_MANIFEST, self._listed(tags))

    def _listed(self, paths: Iterable[str]) -> bytes:
        rows = (f"{hashlib.sha256(self.read(p)).hexdigest()}  {p}\n" for p in paths)
        return "".join(rows).encode()

    # --- the log ----------------------------------------------------------------------------------

    @property
    def leaves(self) -> list[str]:
        return self.read(LEAVES).decode().split()

    @leaves.setter
    def leaves(self, leaves: list[str]) -> None:
        self.write(LEAVES, "".join(f"{leaf}\n" for leaf in leaves).encode())

    @property
    def lines(self) -> list[bytes]:
        return self.read(ENTRIES).splitlines()

    @lines.setter
    def lines(self, lines: list[bytes]) -> None:
        self.write(ENTRIES, b"".join(line + b"\n" for line in lines))

    @property
    def index(self) -> dict[str, Entry]:
        return json.loads(self.read(INDEX))

    @index.setter
    def index(self, index: dict[str, Entry]) -> None:
        text = json.dumps(index, ensure_ascii=False, indent=1, sort_keys=True)
        self.write(INDEX, f"{text}\n".encode())

    @property
    def case_id(self) -> str:
        return json.loads(self.lines[0])["data"]["case_id"]

    def rewrite(
        self,
        change: Callable[[Entry], None] = lambda entry: None,
        *,
        dump: Callable[[Entry], bytes] | None = None,
        key: bool = True,
        more: int = 0,
        words: str = "withheld",
    ) -> None:
        """Write every entry anew with the forger's key, and all that follows from it.

        ``change`` may alter an entry once it is linked; ``dump`` may write its body otherwise;
        ``more`` withheld entries are added at the end; withheld bodies say ``words``.
        """
        disclosed = {entry["seq"]: entry for entry in map(json.loads, self.lines)}
        leaves: list[str] = []
        lines: list[bytes] = []
        for seq in range(len(self.leaves) + more):
            entry = disclosed.get(seq) or _withheld(seq, words)
            entry["prev"] = leaves[-1] if leaves else "0" * 64
            if seq == 0 and key:
                entry["data"]["public_key"] = self.key.public_key().public_bytes_raw().hex()
            change(entry)
            body = (dump or canonical)(entry)
            leaves.append(leaf_hash(body))
            if seq in disclosed:
                lines.append(body)
        self.leaves, self.lines = leaves, lines
        self.write_key()
        self.sign()
        self.seal()

    def relink(self, lines: list[bytes]) -> None:
        """Let ``leaves.txt`` agree with given lines by their place, and sign; for odd bodies."""
        leaves = self.leaves
        for line in lines:
            leaves[json.loads(line)["seq"]] = leaf_hash(line)
        self.leaves, self.lines = leaves, lines
        self.sign()
        self.seal()

    def write_key(self) -> None:
        public = self.key.public_key().public_bytes_raw()
        body = base64.b64encode(SPKI + public).decode()
        text = f"-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n"
        self.write(KEY, text.encode())

    def sign(self, path: str = CHECKPOINT, **changes: Any) -> None:
        """Write a checkpoint over ``leaves.txt`` by the forger's key."""
        self.write(path, self.note(**changes))

    def note(
        self,
        *,
        size: int | None = None,
        root: bytes | None = None,
        case_id: str | None = None,
        key: Ed25519PrivateKey | None = None,
    ) -> bytes:
        """Return a signed checkpoint; what is not given is as it must be."""
        leaves = [bytes.fromhex(leaf) for leaf in self.leaves]
        size = len(leaves) if size is None else size
        root = merkle_root(leaves[:size]) if root is None else root
        origin = f"liuhen/{case_id or self.case_id}"
        return signed_note(
            f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n", key or self.key
        )

    # --- timestamps -------------------------------------------------------------------------------

    def stamp(
        self,
        authority: Authority,
        *,
        number: int = 1,
        note: bytes | None = None,
        covers: bytes | None = None,
        at: dt.datetime | None = STAMPED_AT,
        forgery: Forgery | None = None,
        request: bytes | None = None,
        digest: str = "sha256",
        nonce: int | None = 0x4C48,
    ) -> None:
        """Add a timestamp over ``covers`` (or the checkpoint that is stored) and seal."""
        note = self.read(CHECKPOINT) if note is None else note
        asked = make_request(note if covers is None else covers, digest=digest, nonce=nonce)
        place = f"data/anchor/{number:03d}"
        self.write(f"{place}.checkpoint", note)
        self.write(f"{place}.tsq", asked if request is None else request)
        self.write(f"{place}.tsr", authority.answer(asked, at=at, forgery=forgery))
        self.seal()


class Workshop:
    """What the table's cases are made from: a real bundle, and authorities made when needed."""

    def __init__(self, real: Path, folder: Path) -> None:
        self._real = real
        self._folder = folder
        self._made = 0
        self._authorities: dict[str, Authority] = {}
        self._uncommon: dict[str, UncommonAuthority] = {}
        self._key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"forger").digest())
        self._own = self.real()
        self._own.rewrite()

    def real(self) -> Bundle:
        """Return a copy of what the program wrote."""
        return self._copy(self._real)

    def own(self) -> Bundle:
        """Return a copy of the same bundle written anew: the forger holds the key of this one."""
        return self._copy(self._own.root)

    def copy(self, bundle: Bundle) -> Bundle:
        """Return a copy of a bundle."""
        return self._copy(bundle.root)

    def place(self, name: str) -> Path:
        """Return a path where nothing is yet."""
        self._made += 1
        return self._folder / f"{self._made:04d}" / name

    def authority(self, **options: Any) -> Authority:
        """Return the authority with these options; the same each time."""
        options.setdefault("key", "p256")
        wanted = repr(sorted(options.items()))
        if wanted not in self._authorities:
            made = make_authority(self.place("tsa"), **options)
            self._authorities[wanted] = made
        return self._authorities[wanted]

    def uncommon(self, kind: Uncommon) -> UncommonAuthority:
        """Return the authority whose signatures nobody here can judge; the same each time."""
        if kind not in self._uncommon:
            self._uncommon[kind] = make_uncommon_authority(self.place("tsa"), kind)
        return self._uncommon[kind]

    def other_key(self) -> Ed25519PrivateKey:
        """Return a second key of the forger."""
        return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"other").digest())

    def _copy(self, source: Path) -> Bundle:
        root = self.place("packet")
        shutil.copytree(source, root, symlinks=True, copy_function=os.link)
        return Bundle(root, self._key)


def canonical(entry: Entry) -> bytes:
    """Return the body of an entry as the program writes it."""
    text = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def leaf_hash(body: bytes) -> str:
    """Return SHA-256(0x00 || body) in hex."""
    return hashlib.sha256(b"\x00" + body).hexdigest()


def merkle_root(leaves: list[bytes]) -> bytes:
    """Return the root of RFC 6962 section 2.1, as it is defined there."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    left, right = merkle_root(leaves[:split]), merkle_root(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def signed_note(text: str, key: Ed25519PrivateKey, *, key_id: bytes | None = None) -> bytes:
    """Return a signed note (C2SP signed-note) whose key name is its first line."""
    name = text.partition("\n")[0]
    public = key.public_key().public_bytes_raw()
    own_id = hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]
    signature = (own_id if key_id is None else key_id) + key.sign(text.encode())
    return f"{text}\n\u2014 {name} {base64.b64encode(signature).decode()}\n".encode()


def other_signature(note: bytes) -> bytes:
    """Return a signed note of the same form with one digit of the signature changed."""
    digit = b"A" if note[-20:-19] != b"A" else b"B"
    return note[:-20] + digit + note[-19:]


def _withheld(seq: int, words: str) -> Entry:
    return {
        "data": {"text": f"{words} {seq}"},
        "kind": "note",
        "nonce": hashlib.sha256(b"%d" % seq).hexdigest()[:32],
        "recorded_at": "2026-11-20T08:00:00.000Z",
        "seq": seq,
        "v": 1,
    }
