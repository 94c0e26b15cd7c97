"""RFC 3161: what a timestamp request asks and what a response says, read strictly.

Rules:

1. Nothing is trusted here. ``evidence.core.token_checks`` tells whether a response holds together
   by itself and answers the request; only ``evidence.core.trust`` tells whether somebody known
   stands behind it.
2. What is hashed is the bytes that were sent, never bytes written again.
3. All problems are errors with a code; none is passed over.
"""

import dataclasses
import datetime as dt
import hashlib
import re
import warnings

from cryptography import x509
from cryptography.utils import CryptographyDeprecationWarning

from evidence.core import der
from evidence.core.der import DerError, Value
from evidence.errors import (
    TimestampFormError,
    TimestampRefusedError,
    TimestampUnsupportedError,
)

MAX_BYTES = 256 * 1024
"""Longest response that is looked at."""

_SIGNED_DATA = "1.2.840.113549.1.7.2"
OTHERS = {
    "1.2.156.10197.1.401": "SM3",
    "1.2.156.10197.1.501": "SM2",
    "1.2.840.113549.1.1.10": "RSA-PSS",
    "1.3.14.3.2.26": "SHA-1",
    "1.3.101.112": "Ed25519",
}
"""What may be met and cannot be checked here, for the message."""

_DIGESTS = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
_TIME = re.compile(rb"([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})(\.[0-9]{1,9})?Z")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """A digest and the name of its algorithm; empty for one that is too weak or not known."""

    algorithm: str
    digest: bytes

    def covers(self, data: bytes) -> bool:
        """Tell whether this is the digest of ``data``."""
        return bool(self.algorithm) and hashlib.new(self.algorithm, data).digest() == self.digest


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A ``.tsq``."""

    imprint: Imprint
    nonce: int | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """The one SignerInfo of a token."""

    issuer: bytes
    serial: int
    digest: str
    signed: bytes
    """The signed attributes as they are signed: SET OF."""
    attributes: dict[str, Value]
    algorithm: str
    signature: bytes


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """The TSTInfo: what the authority says."""

    imprint: Imprint
    nonce: int | None
    gen_time: str
    """RFC 3339, UTC, ``Z``, with the digits that the authority gave."""
    accuracy_ms: int | None
    policy: str
    serial: int

    @property
    def at(self) -> dt.datetime:
        """``gen_time`` as a time."""
        return dt.datetime.fromisoformat(self.gen_time)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What a granted ``.tsr`` holds."""

    info: Info
    content: bytes
    """The TSTInfo that is signed."""
    content_type: str
    signer: Signer
    certificates: tuple[x509.Certificate, ...]
    certificate: x509.Certificate
    """The signer's."""
    authority: str
    """Name of whoever signed, as the certificate says."""


def subject_text(certificate: x509.Certificate) -> str:
    """Return common name and organisation of a certificate, or its whole subject."""
    names = x509.NameOID
    found = [
        str(part.value)
        for name in (names.COMMON_NAME, names.ORGANIZATION_NAME)
        for part in certificate.subject.get_attributes_for_oid(name)
    ]
    return ", ".join(dict.fromkeys(found)) or certificate.subject.rfc4514_string()


def parse_request(data: bytes) -> Request:
    """Read a ``.tsq``.

    Raises:
        TimestampFormError: if it is none.
    """
    try:
        _version, imprint, *rest = der.parse(data).expect(der.SEQUENCE).children()
        numbers = [part.integer() for part in rest if part.tag == der.INTEGER]
        return Request(imprint=_imprint(imprint), nonce=numbers[0] if numbers else None)
    except ValueError as error:
        raise TimestampFormError(reason=f"tsq: {error}") from error


def parse_response(data: bytes) -> Token:
    """Read a ``.tsr``.

    Raises:
        TimestampFormError: if it is none, or holds something that this program cannot read.
        TimestampRefusedError: if it grants nothing (check 1).
        TimestampUnsupportedError: if its signer uses a digest that cannot be checked here.
    """
    if len(data) > MAX_BYTES:
        raise TimestampFormError(reason="too long")
    try:
        status, *token = der.parse(data).expect(der.SEQUENCE).children()
        code = status.expect(der.SEQUENCE).children()[0].integer()
        if code != 0:
            raise TimestampRefusedError(status=code)
        (info,) = token
        with warnings.catch_warnings():
            # A serial number of zero is the authority's own affair.
            warnings.simplefilter("ignore", CryptographyDeprecationWarning)
            return _token(info)
    except (ValueError, IndexError, TypeError) as error:  # TypeError: cryptography, odd names
        raise TimestampFormError(reason=f"tsr: {error}") from error


# --- reading --------------------------------------------------------------------------------------


def _token(info: Value) -> Token:
    kind, wrapped = info.expect(der.SEQUENCE).children()
    if kind.oid() != _SIGNED_DATA:
        raise DerError("no signed data")
    (signed,) = wrapped.expect(0xA0).children()
    version, _digests, encapsulated, *rest = signed.expect(der.SEQUENCE).children()
    _require(version, 3)
    content_type, content = encapsulated.expect(der.SEQUENCE).children()
    (octets,) = content.expect(0xA0).children()
    tst = octets.expect(der.OCTET_STRING).content
    certificates = tuple(
        _certificate(part)
        for field in rest
        if field.tag == 0xA0
        for part in field.children()
        if part.tag == der.SEQUENCE
    )
    (signer_info,) = rest[-1].expect(der.SET).children()
    signer = _signer(signer_info)
    certificate = _find(certificates, signer)
    return Token(
        info=_info(tst),
        content=tst,
        content_type=content_type.oid(),
        signer=signer,
        certificates=certificates,
        certificate=certificate,
        authority=subject_text(certificate),
    )


def _certificate(value: Value) -> x509.Certificate:
    try:
        found = x509.load_der_x509_certificate(value.encoded)
        # Names are read when they are asked for; one of an impossible type is a TypeError then.
        _ = found.subject, found.issuer
    except (x509.InvalidVersion, TypeError) as error:
        raise DerError(str(error)) from error
    return found


def _info(data: bytes) -> Info:
    version, policy, imprint, serial, time, *rest = der.parse(data).expect(der.SEQUENCE).children()
    _require(version, 1)
    numbers = [part.integer() for part in rest if part.tag == der.INTEGER]
    accuracy = [part for part in rest if part.tag == der.SEQUENCE]
    return Info(
        policy=policy.oid(),
        imprint=_imprint(imprint),
        serial=serial.integer(),
        gen_time=_time(time.expect(der.GENERALIZED_TIME).content),
        accuracy_ms=_accuracy(accuracy[0]) if accuracy else None,
        nonce=numbers[0] if numbers else None,
    )


def _imprint(value: Value) -> Imprint:
    algorithm, digest = value.expect(der.SEQUENCE).children()
    name = algorithm.expect(der.SEQUENCE).children()[0].oid()
    return Imprint(algorithm=_DIGESTS.get(name, ""), digest=digest.expect(der.OCTET_STRING).content)


def _time(content: bytes) -> str:
    match = _TIME.fullmatch(content)
    if match is None:
        raise DerError("genTime")
    year, month, day, hour, minute, second, fraction = (
        part.decode() if part else "" for part in match.groups()
    )
    text = f"{year}-{month}-{day}T{hour}:{minute}:{second}{fraction}Z"
    dt.datetime.fromisoformat(text)  # refuses 31 November
    return text


def _accuracy(value: Value) -> int:
    """Return the accuracy in milliseconds, rounded up."""
    micros = 0
    for part in value.children():
        number = Value(tag=der.INTEGER, content=part.content, encoded=part.encoded).integer()
        micros += number * {der.INTEGER: 1_000_000, 0x80: 1000, 0x81: 1}.get(part.tag, 0)
    if micros > 86_400_000_000:
        raise DerError("accuracy")
    return -(-micros // 1000)


def _signer(value: Value) -> Signer:
    version, identity, digest, *rest = value.expect(der.SEQUENCE).children()
    _require(version, 1)
    issuer, serial = identity.expect(der.SEQUENCE).children()
    attributes, algorithm, signature = rest[0].expect(0xA0), rest[1], rest[2]
    found: dict[str, Value] = {}
    for attribute in attributes.children():
        name, values = attribute.expect(der.SEQUENCE).children()
        (one,) = values.expect(der.SET).children()
        if name.oid() in found:
            raise DerError("attribute comes twice")
        found[name.oid()] = one
    return Signer(
        issuer=issuer.encoded,
        serial=serial.integer(),
        digest=_signed_digest(digest),
        signed=bytes([der.SET]) + attributes.encoded[1:],
        attributes=found,
        algorithm=algorithm.expect(der.SEQUENCE).children()[0].oid(),
        signature=signature.expect(der.OCTET_STRING).content,
    )


def _require(version: Value, number: int) -> None:
    if version.integer() != number:
        raise DerError(f"version {version.integer()}")


def digest_name(algorithm: Value) -> str:
    """Return the name of a digest that is strong enough; raises DerError for any other."""
    name = algorithm.expect(der.SEQUENCE).children()[0].oid()
    if name not in _DIGESTS:
        raise DerError(f"digest algorithm {name}")
    return _DIGESTS[name]


def _signed_digest(algorithm: Value) -> str:
    name = algorithm.expect(der.SEQUENCE).children()[0].oid()
    if name not in _DIGESTS:
        raise TimestampUnsupportedError(method=OTHERS.get(name, name))
    return _DIGESTS[name]


def _find(certificates: tuple[x509.Certificate, ...], signer: Signer) -> x509.Certificate:
    for certificate in certificates:
        named = certificate.issuer.public_bytes() == signer.issuer
        if named and certificate.serial_number == signer.serial:
            return certificate
    raise DerError("signer's certificate is not in the response")
