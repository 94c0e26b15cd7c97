"""Does a timestamp hold together by itself and answer its request? (``evidence.core.rfc3161``)

The checks of ``check_token``, in order (RFC 3161 section 2.4.2, RFC 5652 section 5.4, RFC 5816):
(1) status granted, (2) imprint over the checkpoint, (3) nonce of the request, (4) content type and
message digest in the signed attributes, (5) the signer's certificate bound by ESSCertID,
(6) its purpose critical and time stamping alone, its other limits known, valid at genTime,
(7) the signature.
"""

import hashlib

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from evidence.core import der
from evidence.core.der import DerError, Value
from evidence.core.rfc3161 import OTHERS, Request, Signer, Token, digest_name
from evidence.errors import (
    TimestampCertificateError,
    TimestampExpiredError,
    TimestampForgedError,
    TimestampFormError,
    TimestampImprintError,
    TimestampNonceError,
    TimestampUnsupportedError,
)

_TST_INFO = "1.2.840.113549.1.9.16.1.4"
_CONTENT_TYPE = "1.2.840.113549.1.9.3"
_MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
_SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12"
_SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
_RSA = frozenset(f"1.2.840.113549.1.1.{arc}" for arc in (1, 11, 12, 13))
_ECDSA = frozenset({"1.2.840.10045.2.1", *(f"1.2.840.10045.4.3.{arc}" for arc in (2, 3, 4))})
"""Names for the signature that fit the kind of key; SHA-1 is not among them.

RSA-PSS is not either: rfc3161-client, which builds the chain, cannot read it.
"""

_BAD_EXTENSIONS = (
    x509.ExtensionNotFound,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
    ValueError,
)


def check_token(token: Token, message: bytes, request: Request | None) -> None:
    """Check that a token holds together, is over ``message`` and answers ``request``.

    Raises:
        TimestampImprintError, TimestampNonceError, TimestampForgedError,
        TimestampCertificateError, TimestampExpiredError, TimestampFormError,
        TimestampUnsupportedError: at the first check that fails.
    """
    try:
        _check_token(token, message, request)
    except (ValueError, TypeError) as error:  # a value inside has not the form that it must have
        raise TimestampFormError(reason=f"tsr: {error}") from error


def _check_token(token: Token, message: bytes, request: Request | None) -> None:
    # (2) what it is over
    if not token.info.imprint.covers(message):
        raise TimestampImprintError
    # (3) that it answers the request
    if request is not None:
        if request.imprint != token.info.imprint:
            raise TimestampImprintError
        if token.info.nonce != request.nonce:
            raise TimestampNonceError
    # (4) the attributes that are signed
    signer = token.signer
    if token.content_type != _TST_INFO or _oid_of(signer, _CONTENT_TYPE) != _TST_INFO:
        raise TimestampForgedError(reason="content type")
    digest = signer.attributes.get(_MESSAGE_DIGEST)
    if digest is None or digest.tag != der.OCTET_STRING:
        raise TimestampForgedError(reason="message digest")
    if digest.content != hashlib.new(signer.digest, token.content).digest():
        raise TimestampForgedError(reason="message digest")
    _check_bound(token)  # (5)
    _check_purpose(token.certificate)  # (6)
    _check_time(token)
    _check_signature(token)  # (7)


def _oid_of(signer: Signer, attribute: str) -> str:
    value = signer.attributes.get(attribute)
    return value.oid() if value is not None and value.tag == der.OID else ""


def _check_bound(token: Token) -> None:
    """The first ESSCertID names the signer's certificate (RFC 2634 5.4.1, RFC 5035 section 4)."""
    encoded = token.certificate.public_bytes(Encoding.DER)
    attributes = token.signer.attributes
    try:
        if _SIGNING_CERTIFICATE_V2 in attributes:
            first = _first_id(attributes[_SIGNING_CERTIFICATE_V2])
            named = first[0].tag == der.SEQUENCE
            algorithm = digest_name(first[0]) if named else "sha256"
            digest = first[1 if named else 0]
        elif _SIGNING_CERTIFICATE in attributes:
            algorithm, digest = "sha1", _first_id(attributes[_SIGNING_CERTIFICATE])[0]
        else:
            raise TimestampCertificateError(reason="签名没有指明证书")
        expected = digest.expect(der.OCTET_STRING).content
    except (DerError, IndexError) as error:
        raise TimestampCertificateError(reason="签名没有指明证书") from error
    if hashlib.new(algorithm, encoded).digest() != expected:
        raise TimestampCertificateError(reason="签名指明的是另一份证书")


def _first_id(attribute: Value) -> list[Value]:
    identities = attribute.expect(der.SEQUENCE).children()[0]
    return identities.expect(der.SEQUENCE).children()[0].expect(der.SEQUENCE).children()


def _check_purpose(certificate: x509.Certificate) -> None:
    """RFC 3161 section 2.3: the purpose is time stamping alone, and critical."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except _BAD_EXTENSIONS as error:
        raise TimestampCertificateError(reason="没有写明用途") from error
    if list(found.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise TimestampCertificateError(reason="不是专用于时间戳")
    if not found.critical:
        raise TimestampCertificateError(reason="用途没有标为关键")
    for extension in certificate.extensions:
        if extension.critical and isinstance(extension.value, x509.UnrecognizedExtension):
            raise TimestampCertificateError(reason="有不认识的限制")
        if isinstance(extension.value, x509.KeyUsage) and not _may_sign(extension.value):
            raise TimestampCertificateError(reason="密钥用途不对")


def _may_sign(usage: x509.KeyUsage) -> bool:
    """RFC 3161 section 2.3: digitalSignature or nonRepudiation, and nothing else."""
    signs = usage.digital_signature or usage.content_commitment
    more = usage.key_cert_sign or usage.crl_sign or usage.key_encipherment
    return signs and not (more or usage.data_encipherment or usage.key_agreement)


def _check_time(token: Token) -> None:
    certificate = token.certificate
    before, after = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not before <= token.info.at <= after:
        raise TimestampExpiredError(time=token.info.gen_time, subject=token.authority)


def _check_signature(token: Token) -> None:
    signer = token.signer
    algorithm: hashes.HashAlgorithm = {
        "sha256": hashes.SHA256(),
        "sha384": hashes.SHA384(),
        "sha512": hashes.SHA512(),
    }[signer.digest]
    try:
        key = token.certificate.public_key()
        if isinstance(key, ec.EllipticCurvePublicKey) and signer.algorithm in _ECDSA:
            key.verify(signer.signature, signer.signed, ec.ECDSA(algorithm))
        elif isinstance(key, rsa.RSAPublicKey) and signer.algorithm in _RSA:
            key.verify(signer.signature, signer.signed, padding.PKCS1v15(), algorithm)
        else:
            raise _unsupported(signer)
    except UnsupportedAlgorithm as error:
        raise _unsupported(signer) from error
    except (InvalidSignature, ValueError) as error:
        raise TimestampForgedError(reason="签名与内容不符") from error


def _unsupported(signer: Signer) -> TimestampUnsupportedError:
    return TimestampUnsupportedError(method=OTHERS.get(signer.algorithm, signer.algorithm))
