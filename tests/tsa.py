"""A timestamp authority for tests: RFC 3161 answers, good and forged, for any moment.

``Authority.answer`` without a moment asks ``openssl ts -reply``, which signs at the clock's time.
With ``at`` or a ``Forgery`` the token is put together here, so that a certificate can have expired
since, and each field can be wrong on its own; ``openssl ts -verify`` accepts what is not forged
(tests/test_tsa.py). Everything is invented.
"""

import dataclasses
import datetime as dt
import hashlib
import subprocess
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
KeyKind = Literal["rsa", "p256", "p384", "p521"]
Purpose = Literal["critical", "not critical", "none", "with another", "another"]
"""How the signer's certificate names its purpose: RFC 3161 section 2.3 wants ``critical``."""

START = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
END = dt.datetime(2049, 1, 1, tzinfo=dt.UTC)
POLICY = "1.2.3.4.1"

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_DIGEST_OIDS = {
    "sha1": "1.3.14.3.2.26",
    "sha256": "2.16.840.1.101.3.4.2.1",
    "sha384": "2.16.840.1.101.3.4.2.2",
    "sha512": "2.16.840.1.101.3.4.2.3",
    "sm3": "1.2.156.10197.1.401",
}
_ECDSA_OIDS = {
    "sha1": "1.2.840.10045.4.1",
    "sha256": "1.2.840.10045.4.3.2",
    "sha384": "1.2.840.10045.4.3.3",
    "sha512": "1.2.840.10045.4.3.4",
}
_RSA_ENCRYPTION = "1.2.840.113549.1.1.1"
_RSA_PSS = "1.2.840.113549.1.1.10"
_SIGNED_DATA = "1.2.840.113549.1.7.2"
_TST_INFO = "1.2.840.113549.1.9.16.1.4"
_CONTENT_TYPE = "1.2.840.113549.1.9.3"
_MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
_SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12"
_SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Forgery:
    """What is wrong, or merely unusual, about a token; None leaves a field as it must be."""

    status: int = 0
    """PKIStatus: 0 granted, 1 granted with changes, 2 refused."""
    imprint: bytes | None = None
    """Digest in place of the request's."""
    imprint_algorithm: str | None = None
    nonce: int | None = None
    """Nonce in place of the request's; -1 leaves it out."""
    moment: bytes | None = None
    """genTime as it is written, in place of the moment's own form."""
    content_type: str = _TST_INFO
    named_type: str | None = None
    """The type that the signed attributes name, if another than ``content_type``."""
    signers: int = 1
    """How often the signer's part is there."""
    message_digest: bytes | None = None
    bound: Literal["v2", "v2 sha512", "v1", "no", "to another"] = "v2"
    """The signed attribute that names the signer's certificate."""
    signature: Literal["right", "flipped", "other key"] = "right"
    digest: str = "sha256"
    pss: bool = False
    certificates: tuple[bytes, ...] | None = None
    """DER certificates in place of the signer's and the intermediate's."""
    trailing: bytes = b""
    """Bytes after the response."""


PLAIN = Forgery()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Authority:
    """A root, perhaps an intermediate, and the signer of tokens. Made by ``make_authority``."""

    folder: Path
    """Where its files are: root.pem, signer.pem, signer.key, chain.pem."""
    root: x509.Certificate
    intermediate: x509.Certificate | None
    certificate: x509.Certificate
    key: Key | None
    """The key that signs; None if OpenSSL keeps it."""

    @property
    def root_pem(self) -> bytes:
        """The root certificate, as somebody else would hand it over."""
        return pem(self.root)

    @property
    def root_path(self) -> Path:
        """The file of ``root_pem``."""
        return self.folder / "root.pem"

    def answer(
        self, request: bytes, *, at: dt.datetime | None = None, forgery: Forgery | None = None
    ) -> bytes:
        """Return the DER response to a DER request: the bytes of a ``.tsr``."""
        if at is None and forgery is None:
            return self._answer_with_openssl(request)
        moment = at or dt.datetime.now(dt.UTC)
        return self._answer_by_hand(request, moment, forgery or PLAIN)

    def refuse(self) -> bytes:
        """Return a response that grants nothing and has no token."""
        return sequence(sequence(integer(2), sequence(der(0x0C, b"refused"))))

    def _answer_with_openssl(self, request: bytes) -> bytes:
        (self.folder / "request.tsq").write_bytes(request)
        subprocess.run(
            [
                "openssl",
                "ts",
                "-reply",
                "-config",
                "tsa.cnf",
                "-queryfile",
                "request.tsq",
                "-out",
                "response.tsr",
            ],
            cwd=self.folder,
            check=True,
            capture_output=True,
        )
        return (self.folder / "response.tsr").read_bytes()

    def _answer_by_hand(self, request: bytes, at: dt.datetime, forgery: Forgery) -> bytes:
        content = _tst_info(request, at, forgery)
        signed = sorted(self._attributes(content, forgery))
        others = [] if self.intermediate is None else [self.intermediate]
        certificates = forgery.certificates
        if certificates is None:
            certificates = tuple(sorted(_der(c) for c in (self.certificate, *others)))
        signer = sequence(
            integer(1),
            sequence(
                self.certificate.issuer.public_bytes(), integer(self.certificate.serial_number)
            ),
            _algorithm(_DIGEST_OIDS[forgery.digest]),
            der(0xA0, *signed),
            self._signature_algorithm(forgery),
            der(0x04, self._signature(der(0x31, *signed), forgery)),
        )
        token = sequence(
            oid(_SIGNED_DATA),
            der(
                0xA0,
                sequence(
                    integer(3),
                    der(0x31, _algorithm(_DIGEST_OIDS[forgery.digest])),
                    sequence(oid(forgery.content_type), der(0xA0, der(0x04, content))),
                    *([der(0xA0, *certificates)] if certificates else []),
                    der(0x31, *([signer] * forgery.signers)),
                ),
            ),
        )
        return sequence(sequence(integer(forgery.status)), token) + forgery.trailing

    def _attributes(self, content: bytes, forgery: Forgery) -> list[bytes]:
        digest = forgery.message_digest
        if digest is None:
            digest = hashlib.new(forgery.digest, content).digest()
        attributes = [
            _attribute(_CONTENT_TYPE, oid(forgery.named_type or forgery.content_type)),
            _attribute(_MESSAGE_DIGEST, der(0x04, digest)),
        ]
        own = _der(self.certificate)
        if forgery.bound == "v1":
            name = sequence(sequence(sequence(der(0x04, hashlib.sha1(own).digest()))))
            attributes.append(_attribute(_SIGNING_CERTIFICATE, name))
        elif forgery.bound == "v2 sha512":
            algorithm, hashed = _algorithm(_DIGEST_OIDS["sha512"]), hashlib.sha512(own).digest()
            name = sequence(sequence(sequence(algorithm, der(0x04, hashed))))
            attributes.append(_attribute(_SIGNING_CERTIFICATE_V2, name))
        elif forgery.bound != "no":
            bound = _der(self.root) if forgery.bound == "to another" else own
            name = sequence(sequence(sequence(der(0x04, hashlib.sha256(bound).digest()))))
            attributes.append(_attribute(_SIGNING_CERTIFICATE_V2, name))
        return attributes

    def _signature_algorithm(self, forgery: Forgery) -> bytes:
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            return sequence(oid(_ECDSA_OIDS[forgery.digest]))
        if not forgery.pss:
            return _algorithm(_RSA_ENCRYPTION)
        inner = _algorithm(_DIGEST_OIDS[forgery.digest])
        mask = sequence(oid("1.2.840.113549.1.1.8"), inner)
        parts = (der(0xA0, inner), der(0xA1, mask), der(0xA2, integer(32)))
        return sequence(oid(_RSA_PSS), sequence(*parts))

    def _signature(self, data: bytes, forgery: Forgery) -> bytes:
        key = self.key
        assert key is not None
        if forgery.signature == "other key":
            key = _new_key("rsa" if isinstance(key, rsa.RSAPrivateKey) else "p256")
        algorithm = _HASHES[forgery.digest]
        if isinstance(key, ec.EllipticCurvePrivateKey):
            made = key.sign(data, ec.ECDSA(algorithm))
        elif forgery.pss:
            made = key.sign(data, padding.PSS(padding.MGF1(algorithm), 32), algorithm)
        else:
            made = key.sign(data, padding.PKCS1v15(), algorithm)
        if forgery.signature == "flipped":
            made = made[:-1] + bytes([made[-1] ^ 1])
        return made


def make_authority(
    folder: Path,
    *,
    name: str = "某某时间戳服务中心",
    key: KeyKind = "rsa",
    not_before: dt.datetime = START,
    not_after: dt.datetime = END,
    purpose: Purpose = "critical",
    key_usage: Literal["right", "wrong", "none"] = "right",
    odd_critical: bool = False,
    intermediate: Literal["none", "good", "not a CA", "may not sign", "expired"] = "none",
    path_length: int | None = None,
    root_is_ca: bool = True,
    root_key_kind: KeyKind | None = None,
    limited: bool = False,
) -> Authority:
    """Make an authority in a new folder.

    ``path_length`` is the root's; ``odd_critical`` gives the signer's certificate a critical
    extension that nobody knows; ``limited`` gives the intermediate critical name constraints,
    which the signer keeps to.
    """
    folder.mkdir(parents=True)
    root_key = _new_key(root_key_kind or key)
    root_name = f"{name} 根证书"
    root = _certificate(
        root_name,
        root_name,
        root_key,
        root_key,
        _ca(root_is_ca, path_length),
        START,
        END,
    )
    above, above_key, middle = root_name, root_key, None
    if intermediate != "none":
        above, above_key = f"{name} 中间证书", _new_key(key)
        end = dt.datetime(2021, 1, 1, tzinfo=dt.UTC) if intermediate == "expired" else END
        extensions = _ca(intermediate != "not a CA", None, sign=intermediate != "may not sign")
        if limited:
            elsewhere = x509.NameConstraints(None, [x509.DNSName("elsewhere.example")])
            extensions = (*extensions, (elsewhere, True))
        middle = _certificate(above, root_name, above_key, root_key, extensions, START, end)
    own = _new_key(key)
    extensions = _signer(purpose, key_usage)
    if odd_critical:
        unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4.5"), der(0x05))
        extensions = (*extensions, (unknown, True))
    certificate = _certificate(name, above, own, above_key, extensions, not_before, not_after)
    made = Authority(
        folder=folder, root=root, intermediate=middle, certificate=certificate, key=own
    )
    _write_files(made)
    return made


def make_request(data: bytes, *, digest: str = "sha256", nonce: int | None = 0x4C48) -> bytes:
    """Return the DER request for a timestamp over ``data``: the bytes of a ``.tsq``."""
    imprint = sequence(
        _algorithm(_DIGEST_OIDS[digest]), der(0x04, hashlib.new(digest, data).digest())
    )
    number = b"" if nonce is None else integer(nonce)
    return sequence(integer(1), imprint, number, der(0x01, b"\xff"))


def pem(certificate: x509.Certificate) -> bytes:
    """Return a certificate as PEM."""
    return certificate.public_bytes(serialization.Encoding.PEM)


# --- certificates ---------------------------------------------------------------------------------

_Extensions = tuple[tuple[x509.ExtensionType, bool], ...]


def _new_key(kind: KeyKind) -> Key:
    if kind == "rsa":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    curves = {"p256": ec.SECP256R1(), "p384": ec.SECP384R1(), "p521": ec.SECP521R1()}
    return ec.generate_private_key(curves[kind])


def _usage(*, sign_certificates: bool = False, sign_data: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=sign_data,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=sign_certificates,
        crl_sign=sign_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _ca(ca: bool, path_length: int | None, *, sign: bool = True) -> _Extensions:
    basic = x509.BasicConstraints(ca=ca, path_length=path_length if ca else None)
    return (basic, True), (_usage(sign_certificates=sign, sign_data=not sign), True)


def _signer(purpose: Purpose, key_usage: str) -> _Extensions:
    stamping, other = ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.CODE_SIGNING
    usages = {
        "critical": [stamping],
        "not critical": [stamping],
        "with another": [stamping, other],
        "another": [other],
    }
    extensions: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(ca=False, path_length=None), True)
    ]
    if key_usage != "none":
        right = key_usage == "right"
        extensions.append((_usage(sign_data=right, sign_certificates=not right), True))
    if purpose != "none":
        extensions.append((x509.ExtendedKeyUsage(usages[purpose]), purpose != "not critical"))
    return tuple(extensions)


def _certificate(
    subject: str,
    issuer: str,
    key: Key,
    issuer_key: Key,
    extensions: _Extensions,
    not_before: dt.datetime,
    not_after: dt.datetime,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(issuer_key, hashes.SHA256())


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


_CONFIG = f"""\
[tsa]
default_tsa = own
[own]
serial = serial
signer_cert = signer.pem
certs = chain.pem
signer_key = signer.key
signer_digest = sha256
default_policy = {POLICY}
digests = sha256, sha384, sha512
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_alg = sha256
"""


def _write_files(made: Authority) -> None:
    assert made.key is not None
    own_key = made.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    files = {
        "root.pem": made.root_pem,
        "signer.pem": pem(made.certificate),
        "signer.key": own_key,
        "chain.pem": pem(made.intermediate or made.certificate),
        "tsa.cnf": _CONFIG.encode(),
        "serial": b"01\n",
    }
    for name, data in files.items():
        (made.folder / name).write_bytes(data)


# --- tokens ---------------------------------------------------------------------------------------


def _tst_info(request: bytes, at: dt.datetime, forgery: Forgery) -> bytes:
    _, body, _ = read(request)
    _, _, rest = read(body)  # version
    imprint, rest = _whole(rest)
    nonce = b""
    while rest:
        part, rest = _whole(rest)
        if part[0] == 0x02:
            nonce = part
    if forgery.nonce is not None:
        nonce = b"" if forgery.nonce < 0 else integer(forgery.nonce)
    if forgery.imprint is not None or forgery.imprint_algorithm is not None:
        algorithm = _algorithm(_DIGEST_OIDS[forgery.imprint_algorithm or "sha256"])
        imprint = sequence(algorithm, der(0x04, forgery.imprint or b""))
    moment = forgery.moment or at.astimezone(dt.UTC).strftime("%Y%m%d%H%M%SZ").encode()
    return sequence(integer(1), oid(POLICY), imprint, integer(7), der(0x18, moment), nonce)


def _algorithm(name: str) -> bytes:
    return sequence(oid(name), der(0x05))


def _attribute(name: str, value: bytes) -> bytes:
    return sequence(oid(name), der(0x31, value))


# --- DER ------------------------------------------------------------------------------------------


def der(tag: int, *parts: bytes) -> bytes:
    """Return one DER value."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(length)]) + length + content


def sequence(*parts: bytes) -> bytes:
    """Return a SEQUENCE."""
    return der(0x30, *parts)


def integer(value: int) -> bytes:
    """Return an INTEGER that is not negative."""
    return der(0x02, value.to_bytes(value.bit_length() // 8 + 1))


def oid(name: str) -> bytes:
    """Return an OBJECT IDENTIFIER."""
    first, second, *rest = (int(part) for part in name.split("."))
    encoded = bytearray()
    for arc in (first * 40 + second, *rest):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(0x80 | arc & 0x7F)
        encoded += bytes(reversed(groups))
    return der(0x06, bytes(encoded))


def read(data: bytes) -> tuple[int, bytes, bytes]:
    """Return tag, content and what follows of the first DER value."""
    size, start = data[1], 2
    if size & 0x80:
        start = 2 + (size & 0x7F)
        size = int.from_bytes(data[2:start])
    return data[0], data[start : start + size], data[start + size :]


def _whole(data: bytes) -> tuple[bytes, bytes]:
    rest = read(data)[2]
    return data[: len(data) - len(rest)], rest
