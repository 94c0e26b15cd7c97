"""Authorities whose signatures this program and its verifiers cannot judge: SM2 and Ed25519.

Keys, certificates and signatures are OpenSSL's; the token is put together as in ``tests.tsa``.
Everything is invented.
"""

import dataclasses
import subprocess
from pathlib import Path
from typing import Literal

from cryptography import x509

from tests.tsa import Authority, Forgery, oid, sequence

Uncommon = Literal["sm2", "ed25519"]

_NAMES = {"sm2": "1.2.156.10197.1.501", "ed25519": "1.3.101.112"}
_NEW = {"sm2": ("EC", "-pkeyopt", "ec_paramgen_curve:SM2"), "ed25519": ("ed25519",)}
_ID = ("-sigopt", "distid:1234567812345678")
"""The signer's identity that GB/T 35276 gives to whoever states none."""
_EXTENSIONS = """\
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[signer]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
"""


@dataclasses.dataclass(frozen=True, kw_only=True)
class UncommonAuthority(Authority):
    """An authority whose key stays with OpenSSL."""

    kind: Uncommon

    def _signature_algorithm(self, forgery: Forgery) -> bytes:
        return sequence(oid(_NAMES[self.kind]))

    def _signature(self, data: bytes, forgery: Forgery) -> bytes:
        (self.folder / "signed").write_bytes(data)
        options = ("-digest", "sm3", "-pkeyopt", _ID[1]) if self.kind == "sm2" else ()
        files = ("-inkey", "signer.key", "-in", "signed", "-out", "signature")
        _openssl(self.folder, "pkeyutl", "-sign", "-rawin", *files, *options)
        return (self.folder / "signature").read_bytes()


def make_uncommon_authority(folder: Path, kind: Uncommon) -> UncommonAuthority:
    """Make an authority in a new folder."""
    folder.mkdir(parents=True)
    (folder / "extensions").write_text(_EXTENSIONS)
    options = ("-sm3", *_ID) if kind == "sm2" else ()
    checked = ("-vfyopt", _ID[1]) if kind == "sm2" else ()
    for who in ("root", "signer"):
        _openssl(folder, "genpkey", "-algorithm", *_NEW[kind], "-out", f"{who}.key")
        subject = ("-subj", f"/C=CN/CN={kind} {who}")
        _openssl(
            folder, "req", "-new", "-key", f"{who}.key", "-out", f"{who}.csr", *subject, *options
        )
        issuer = ("-signkey", "root.key")
        if who == "signer":
            issuer = ("-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial")
        made = ("-in", f"{who}.csr", "-out", f"{who}.pem", "-days", "9000")
        extensions = ("-extfile", "extensions", "-extensions", who)
        _openssl(folder, "x509", "-req", *made, *issuer, *extensions, *options, *checked)
    root, signer = (
        x509.load_pem_x509_certificate((folder / f"{who}.pem").read_bytes())
        for who in ("root", "signer")
    )
    return UncommonAuthority(
        folder=folder, root=root, intermediate=None, certificate=signer, key=None, kind=kind
    )


def _openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)
