"""Whom we are told to trust, and whether a timestamp leads there.

Rules:

1. Roots always come from outside: this program has none of its own. Their fingerprints are shown.
2. The chain is judged at the time that the token states: a certificate that has expired since is
   fine, one that was not valid then is not (RFC 3161 section 4, point 1).
3. The chain is built by OpenSSL (through rfc3161-client), which also checks the signature, the
   imprint and the nonce again, independently of ``evidence.core.rfc3161``. Each root is tried on
   its own, so that it is known which one a chain leads to.
4. Revocation is not checked: no list is fetched, nothing leaves the machine.
"""

import dataclasses
import hashlib
from typing import TYPE_CHECKING

from evidence.core import der
from evidence.errors import (
    RootCertificateError,
    TimestampExpiredError,
    TimestampFormError,
    TimestampUntrustedError,
)

if TYPE_CHECKING:
    from cryptography import x509

    from evidence.core.rfc3161 import Token

MAX_ROOTS = 200
MAX_ROOT_BYTES = 1024 * 1024


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """A root certificate that somebody gave us."""

    certificate: "x509.Certificate"

    @property
    def name(self) -> str:
        """Whose it is, as it says itself."""
        from evidence.core.rfc3161 import subject_text

        return subject_text(self.certificate)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, hex."""
        from cryptography.hazmat.primitives.serialization import Encoding

        return hashlib.sha256(self.certificate.public_bytes(Encoding.DER)).hexdigest()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What somebody gave us to judge timestamps with."""

    roots: tuple[Root, ...] = ()
    between: "tuple[x509.Certificate, ...]" = ()
    """Certificates that are no roots: they may stand in a chain, but never end it."""

    def __add__(self, other: "Trust") -> "Trust":
        """Return both together."""
        return Trust(
            roots=tuple(dict.fromkeys((*self.roots, *other.roots))),
            between=tuple(dict.fromkeys((*self.between, *other.between))),
        )


NOBODY = Trust()
"""No root was given."""


def parse_trust(data: bytes, path: str) -> Trust:
    """Read one DER certificate or any number of PEM ones; ``path`` is for the message.

    Raises:
        RootCertificateError: if no self-signed certificate is among them.
    """
    from cryptography import x509

    if len(data) > MAX_ROOT_BYTES:
        raise RootCertificateError(path=path, reason="文件过大")
    try:
        if b"-----BEGIN" in data:
            found = x509.load_pem_x509_certificates(data)
        else:
            found = [x509.load_der_x509_certificate(data)]
        own = [c for c in found if c.issuer == c.subject]
    except (ValueError, TypeError) as error:  # a name of an impossible type is a TypeError
        raise RootCertificateError(path=path, reason="不是证书") from error
    if len(found) > MAX_ROOTS:
        raise RootCertificateError(path=path, reason="证书太多")
    if not own:
        raise RootCertificateError(path=path, reason="里面没有自签的根证书")
    return Trust(
        roots=tuple(Root(certificate=c) for c in own),
        between=tuple(c for c in found if c not in own),
    )


def check_chain(response: bytes, token: "Token", message: bytes, trust: Trust) -> tuple[Root, ...]:
    """Return the roots that the signer's certificate leads to, judged at the token's time.

    Raises:
        TimestampExpiredError: if none, because a certificate was not valid then.
        TimestampUntrustedError: if none, for any other reason.
        TimestampFormError: if OpenSSL cannot read the response.
    """
    try:
        return _check_chain(response, token, message, trust)
    except ValueError as error:  # a certificate that cannot be read to its end
        raise TimestampFormError(reason=f"tsr: {error}") from error


def _check_chain(response: bytes, token: "Token", message: bytes, trust: Trust) -> tuple[Root, ...]:
    import rfc3161_client

    from evidence.core.rfc3161 import subject_text

    # rfc3161-client insists on DER order in the set of certificates, which is not signed and which
    # openssl and others write in the order of the chain (RFC 5652 section 5.1 allows BER).
    decoded = rfc3161_client.decode_timestamp_response(_sorted_certificates(response))
    info = token.info
    digest = hashlib.new(info.imprint.algorithm, message).digest()
    reached, reasons = [], []
    for root in trust.roots:
        # One builder for each root: a builder shares its lists with those made from it.
        verifier = rfc3161_client.VerifierBuilder(
            roots=[root.certificate], intermediates=list(trust.between), nonce=info.nonce
        ).build()
        try:
            verifier.verify(decoded, digest)
        except rfc3161_client.VerificationError as error:
            reasons.append(str(error))
        else:
            reached.append(root)
    if reached:
        return tuple(reached)
    for certificate in (*token.certificates, *(r.certificate for r in trust.roots)):
        before, after = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        if not before <= info.at <= after:
            raise TimestampExpiredError(time=info.gen_time, subject=subject_text(certificate))
    raise TimestampUntrustedError(authority=token.authority, reason=_reason(reasons))


def _sorted_certificates(response: bytes) -> bytes:
    status, token = der.parse(response).children()
    kind, wrapped = token.children()
    (signed,) = wrapped.children()
    fields = b"".join(
        der.encode(field.tag, b"".join(sorted(part.encoded for part in field.children())))
        if field.tag == 0xA0
        else field.encoded
        for field in signed.children()
    )
    inner = der.encode(0xA0, der.encode(der.SEQUENCE, fields))
    rebuilt = der.encode(der.SEQUENCE, kind.encoded + inner)
    return der.encode(der.SEQUENCE, status.encoded + rebuilt)


def _reason(reasons: list[str]) -> str:
    """Return what OpenSSL says of the last root, without its wrapping."""
    if not reasons:
        return "没有给根证书"
    told = reasons[-1].rpartition("Verify error:")[2] if "Verify error:" in reasons[-1] else ""
    return told.strip(' "}])') or "签名方式不支持"
