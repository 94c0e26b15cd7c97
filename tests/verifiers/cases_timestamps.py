"""Cases of items ``timestamp NNN``: tokens good and forged, what they cover, who signed them."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.tsa import Authority, Forgery, der, integer, make_request, read, sequence
from tests.tsa_uncommon import Uncommon
from tests.verifiers.case import Cases, Given
from tests.verifiers.forge import CHECKPOINT, KEY, STAMPED_AT, Bundle, Workshop, other_signature

TIMESTAMPS = Cases()

FIRST = "timestamp 001"
TSR, TSQ, NOTE = (f"data/anchor/001.{end}" for end in ("tsr", "tsq", "checkpoint"))
LONG_AGO = dt.datetime(2021, 6, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def _stamped(
    *,
    roots: bool = True,
    real: bool = True,
    after: Callable[[Bundle], None] = lambda b: None,
    authority: dict[str, Any] | None = None,
    **stamp: Any,
) -> Callable[[Workshop], Given]:
    """Return the maker of a bundle with one timestamp; ``after`` changes it and it is sealed."""

    def make(w: Workshop) -> Given:
        bundle = w.real() if real else w.own()
        own = w.authority(**(authority or {}))
        bundle.stamp(own, **stamp)
        after(bundle)
        bundle.seal()
        return Given(bundle=bundle.root, roots=(own.root_path,) if roots else ())

    return make


# --- good -----------------------------------------------------------------------------------------

for _name, _options in {
    "timestamp by openssl": {"at": None},
    "timestamp by openssl with an intermediate": {
        "at": None,
        "authority": {"key": "rsa", "intermediate": "good"},
    },
    "timestamp by hand": {},
    "timestamp with an RSA key": {"authority": {"key": "rsa"}},
    "timestamp with a P-384 key": {"authority": {"key": "p384"}},
    "timestamp with an intermediate": {"authority": {"intermediate": "good"}},
    "timestamp with a root that allows one intermediate": {
        "authority": {"intermediate": "good", "path_length": 1}
    },
    "timestamp with SHA-512": {"digest": "sha512", "forgery": Forgery(digest="sha512")},
    "timestamp with SHA-384": {"digest": "sha384", "forgery": Forgery(digest="sha384")},
    "timestamp bound by SHA-1": {"forgery": Forgery(bound="v1")},
    "timestamp bound by SHA-512": {"forgery": Forgery(bound="v2 sha512")},
    "timestamp granted with changes": {"forgery": Forgery(status=1)},
    "timestamp with a fraction that ends in zero": {
        "forgery": Forgery(moment=b"20261125080000.500Z")
    },
    "timestamp without a nonce": {"nonce": None},
    "timestamp with a long nonce": {"nonce": 2**63 + 5},
    "timestamp without its request": {"after": lambda b: b.remove(TSQ)},
    "timestamp by a signer without key usage": {"authority": {"key_usage": "none"}},
    "timestamp by a certificate that has expired since": {
        "at": LONG_AGO,
        "authority": {"not_after": LONG_AGO + DAY},
    },
    "timestamp by a certificate of the day": {
        "authority": {"not_before": STAMPED_AT - DAY, "not_after": STAMPED_AT + DAY}
    },
}.items():
    TIMESTAMPS.intact(FIRST, name=_name)(_stamped(**_options))


@TIMESTAMPS.intact(FIRST)
def timestamp_over_an_earlier_checkpoint(w: Workshop) -> Given:
    bundle, own = w.own(), w.authority()
    bundle.stamp(own, note=bundle.note(size=10))
    return Given(bundle=bundle.root, roots=(own.root_path,))


@TIMESTAMPS.intact(FIRST, "timestamp 002")
def timestamps_of_two_authorities(w: Workshop) -> Given:
    bundle, one, two = w.own(), w.authority(), w.authority(name="另一家时间戳机构")
    bundle.stamp(one)
    bundle.stamp(two, number=2, note=bundle.note(size=10))
    return Given(bundle=bundle.root, roots=(one.root_path, two.root_path))


@TIMESTAMPS.intact(FIRST)
def roots_of_both_authorities_in_one_file(w: Workshop) -> Given:
    bundle, own, other = w.real(), w.authority(), w.authority(name="另一家时间戳机构")
    bundle.stamp(own)
    both = w.place("roots.pem")
    both.parent.mkdir(parents=True)
    both.write_bytes(b"# words\n" + other.root_pem + b"\n" + own.root_pem)
    return Given(bundle=bundle.root, roots=(both,))


@TIMESTAMPS.intact()
def request_that_waits_for_its_answer(w: Workshop) -> Bundle:
    bundle = w.real()
    bundle.stamp(w.authority())
    bundle.remove(TSR)
    bundle.seal()
    return bundle


# --- without roots --------------------------------------------------------------------------------

TIMESTAMPS.incomplete(FIRST, name="timestamp and no root")(_stamped(roots=False))
TIMESTAMPS.incomplete(FIRST, name="timestamp of anybody and no root")(
    _stamped(roots=False, authority={"name": "不知是谁"})
)

# --- what nobody here can judge is neither right nor forged -------------------------------------

for _name, _options in {
    "signed with RSA-PSS": {"authority": {"key": "rsa"}, "forgery": Forgery(pss=True)},
    "with a P-521 key": {"authority": {"key": "p521"}},
    "with a root of P-521": {"authority": {"root_key_kind": "p521"}},
    "with an intermediate of limited names": {
        "authority": {"intermediate": "good", "limited": True}
    },
}.items():
    TIMESTAMPS.incomplete(FIRST, name=f"timestamp {_name}")(_stamped(**_options))


def _uncommon(kind: Uncommon, *, roots: bool = True, **forgery: Any) -> Callable[[Workshop], Given]:
    def make(w: Workshop) -> Given:
        bundle, own = w.real(), w.uncommon(kind)
        bundle.stamp(own, at=own.certificate.not_valid_before_utc + DAY, forgery=Forgery(**forgery))
        return Given(bundle=bundle.root, roots=(own.root_path,) if roots else ())

    return make


TIMESTAMPS.incomplete(FIRST, name="timestamp signed with SM2")(_uncommon("sm2"))
TIMESTAMPS.incomplete(FIRST, name="timestamp signed with SM2, no root")(
    _uncommon("sm2", roots=False)
)
TIMESTAMPS.incomplete(FIRST, name="timestamp signed with SM2 over SM3")(
    _uncommon("sm2", digest="sm3")
)
TIMESTAMPS.incomplete(FIRST, name="timestamp signed with Ed25519")(_uncommon("ed25519"))


# --- forged ---------------------------------------------------------------------------------------

for _name, _options in {
    "refused": {"forgery": Forgery(status=2)},
    "over another digest": {"forgery": Forgery(imprint=bytes(32))},
    "over a digest of SHA-1": {"digest": "sha1"},
    "with another nonce": {"forgery": Forgery(nonce=5)},
    "without the nonce of its request": {"forgery": Forgery(nonce=-1)},
    "of another content": {"forgery": Forgery(content_type="1.2.840.113549.1.7.1")},
    "with another digest of its content": {"forgery": Forgery(message_digest=bytes(32))},
    "that names no signer": {"forgery": Forgery(bound="no")},
    "that names another signer": {"forgery": Forgery(bound="to another")},
    "with a changed signature": {"forgery": Forgery(signature="flipped")},
    "with a changed signature of RSA": {
        "forgery": Forgery(signature="flipped"),
        "authority": {"key": "rsa"},
    },
    "with a changed signature of P-384": {
        "forgery": Forgery(signature="flipped"),
        "authority": {"key": "p384"},
    },
    "signed with another key": {"forgery": Forgery(signature="other key")},
    "signed with another RSA key": {
        "forgery": Forgery(signature="other key"),
        "authority": {"key": "rsa"},
    },
    "without certificates": {"forgery": Forgery(certificates=())},
    "with bytes after it": {"forgery": Forgery(trailing=b"\0")},
    "by a certificate without purpose": {"authority": {"purpose": "none"}},
    "by a certificate whose purpose is not critical": {"authority": {"purpose": "not critical"}},
    "by a certificate of two purposes": {"authority": {"purpose": "with another"}},
    "by a certificate of another purpose": {"authority": {"purpose": "another"}},
    "by a certificate that signs certificates": {"authority": {"key_usage": "wrong"}},
    "by a certificate with an unknown critical part": {"authority": {"odd_critical": True}},
    "whose signature names another type": {"forgery": Forgery(named_type="1.2.840.113549.1.7.1")},
    "of another type than its signature names": {
        "forgery": Forgery(
            content_type="1.2.840.113549.1.7.1", named_type="1.2.840.113549.1.9.16.1.4"
        )
    },
    "with two signers": {"forgery": Forgery(signers=2)},
    "with a time in another zone": {"forgery": Forgery(moment=b"20261125160000+0800")},
    "with a time that no calendar has": {"forgery": Forgery(moment=b"20261131080000Z")},
}.items():
    TIMESTAMPS.broken(FIRST, name=f"timestamp {_name}")(_stamped(**_options))
    TIMESTAMPS.broken(FIRST, name=f"timestamp {_name}, no root")(_stamped(roots=False, **_options))


def _changed(path: str, change: Callable[[bytes], bytes]) -> Callable[[Workshop], Given]:
    return _stamped(after=lambda bundle: bundle.edit(path, change))


def _flipped_after(mark: bytes, offset: int) -> Callable[[bytes], bytes]:
    """Flip a byte behind ``mark``, for places that the signature covers."""

    def flip(data: bytes) -> bytes:
        place = data.index(mark) + offset
        return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]

    return flip


def _last_part_longer(data: bytes) -> bytes:
    """Let the last part, the signature, claim to be longer than what holds it."""
    size = next(n for n in range(60, 80) if data[-n - 2 : -n] == bytes([4, n]))
    return data[: -size - 1] + bytes([size + 1]) + data[-size:]


_TIME = b"\x18\x0f20261125"
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_DATA = bytes.fromhex("06092a864886f70d010701")
_TEXT = bytes.fromhex("0c092a864886f70d010702")
for _name, _change in {
    "year flipped": _flipped_after(_TIME, 5),
    "second flipped": _flipped_after(_TIME, 15),
    "policy flipped": _flipped_after(bytes.fromhex("06042a030401"), 5),
    "last byte flipped": lambda d: d[:-1] + bytes([d[-1] ^ 1]),
    "cut off": lambda d: d[:-1],
    "emptied": lambda d: b"",
    "of garbage": lambda d: b"\x30\x84\xff\xff\xff\xff" + d,
    "of endless sequences": lambda d: b"\x30\x80" * 5000,
    "of zeros": lambda d: bytes(100),
    "of four megabytes": lambda d: d + bytes(4_000_000),
    "of an empty sequence": lambda d: b"\x30\x00",
    "longer by its own account": lambda d: d[:2] + (int.from_bytes(d[2:4]) + 1).to_bytes(2) + d[4:],
    "of a type that takes a million bytes": lambda d: sequence(
        sequence(integer(0)), sequence(der(6, b"\x2a" + b"\xff" * 1_000_000 + b"\x01"))
    ),
    "of three hundred thousand parts": lambda d: sequence(*[b"\x05\x00"] * 300_000),
    "whose last part is longer by its own account": _last_part_longer,
    "with a long length": lambda d: b"\x30\x85\0\0\0" + d[2:],
    "with a third part": lambda d: sequence(read(d)[1], b"\x05\x00"),
    "granted by something else than a number": lambda d: d.replace(b"\x02\x01", b"\x0a\x01", 1),
    "with data in place of signed data": lambda d: d.replace(_SIGNED_DATA, _DATA, 1),
    "with a text in place of a type": lambda d: d.replace(_SIGNED_DATA, _TEXT, 1),
}.items():
    TIMESTAMPS.broken(FIRST, name=f"timestamp, {_name}")(_changed(TSR, _change))

TIMESTAMPS.broken(FIRST, name="timestamp in place of which is a refusal")(
    _changed(TSR, lambda d: sequence(sequence(b"\x02\x01\x02")))
)
TIMESTAMPS.broken(FIRST, name="timestamp whose request has another nonce")(
    _stamped(after=lambda b: b.write(TSQ, make_request(b.read(NOTE), nonce=5)))
)
TIMESTAMPS.broken(FIRST, name="timestamp whose request has no nonce")(
    _stamped(after=lambda b: b.write(TSQ, make_request(b.read(NOTE), nonce=None)))
)
TIMESTAMPS.broken(FIRST, name="timestamp whose request is over something else")(
    _stamped(after=lambda b: b.write(TSQ, make_request(b"something else")))
)
TIMESTAMPS.broken(FIRST, name="timestamp whose request uses another digest")(
    _stamped(after=lambda b: b.write(TSQ, make_request(b.read(NOTE), digest="sha512")))
)
TIMESTAMPS.broken(FIRST, name="timestamp whose request is garbage")(_changed(TSQ, lambda d: d[:9]))
TIMESTAMPS.broken(FIRST, name="timestamp whose request is empty")(_changed(TSQ, lambda d: b""))


# --- of another checkpoint ------------------------------------------------------------------------


@TIMESTAMPS.broken(FIRST)
def token_of_another_checkpoint(w: Workshop) -> Given:
    bundle, own = w.own(), w.authority()
    bundle.stamp(own, covers=bundle.note(size=10))
    return Given(bundle=bundle.root, roots=(own.root_path,))


def _over(note: Callable[[Workshop, Bundle], bytes]) -> Callable[[Workshop], Given]:
    """Return the maker of a bundle whose token is right for a note that is not the log's."""

    def make(w: Workshop) -> Given:
        bundle, own = w.own(), w.authority()
        bundle.stamp(own, note=note(w, bundle))
        return Given(bundle=bundle.root, roots=(own.root_path,))

    return make


for _name, _note in {
    "by another key": lambda w, b: b.note(key=w.other_key()),
    "of another case": lambda w, b: b.note(case_id="0" * 32),
    "of another root": lambda w, b: b.note(root=bytes(32)),
    "of another size": lambda w, b: b.note(size=9, root=bytes(32)),
    "of more entries than there are": lambda w, b: b.note(size=17, root=bytes(32)),
    "of no entries": lambda w, b: b.note(size=0),
    "that is malformed": lambda w, b: b.read(CHECKPOINT).replace(b"\n", b"\r\n"),
    "that is empty": lambda w, b: b"",
    "that is something else": lambda w, b: b"something else\n",
    "that is signed wrongly": lambda w, b: other_signature(b.note()),
}.items():
    TIMESTAMPS.broken(FIRST, name=f"timestamp over a checkpoint {_name}")(_over(_note))
TIMESTAMPS.broken(FIRST, name="timestamp without its checkpoint")(
    _stamped(after=lambda b: b.remove(NOTE))
)


@TIMESTAMPS.broken("manifests", unchecked=("signature", FIRST))
def timestamp_without_the_key(w: Workshop) -> Given:
    bundle, own = w.real(), w.authority()
    bundle.stamp(own)
    bundle.remove(KEY)
    bundle.seal()
    return Given(bundle=bundle.root, roots=(own.root_path,))


@TIMESTAMPS.broken("root", "signature", FIRST)
def timestamp_kept_over_a_log_written_anew(w: Workshop) -> Given:
    # The key of entry 0 is the forger's, and the old token covers what it covered.
    bundle, own = w.real(), w.authority()
    bundle.stamp(own)
    bundle.rewrite()
    bundle.write(CHECKPOINT, w.real().read(CHECKPOINT))
    bundle.seal()
    return Given(bundle=bundle.root, roots=(own.root_path,))


@TIMESTAMPS.broken(FIRST)
def log_written_anew_after_the_timestamp(w: Workshop) -> Given:
    bundle, own = w.own(), w.authority()
    bundle.stamp(own)
    bundle.rewrite(words="written later")
    return Given(bundle=bundle.root, roots=(own.root_path,))


# --- chains ---------------------------------------------------------------------------------------

for _name, _options in {
    "not yet valid": {"not_before": STAMPED_AT + DAY},
    "expired by then": {"not_after": STAMPED_AT - DAY},
}.items():
    TIMESTAMPS.broken(FIRST, name=f"timestamp by a certificate {_name}")(
        _stamped(authority=_options)
    )
    TIMESTAMPS.broken(FIRST, name=f"timestamp by a certificate {_name}, no root")(
        _stamped(roots=False, authority=_options)
    )

for _name, _options in {
    "an intermediate that is no CA": {"intermediate": "not a CA"},
    "an intermediate that may not sign": {"intermediate": "may not sign"},
    "an expired intermediate": {"intermediate": "expired"},
    "more intermediates than the root allows": {"intermediate": "good", "path_length": 0},
    "a root that is no CA": {"root_is_ca": False},
}.items():
    TIMESTAMPS.broken(FIRST, name=f"timestamp with {_name}")(_stamped(authority=_options))


@TIMESTAMPS.broken(FIRST)
def timestamp_of_another_authority(w: Workshop) -> Given:
    bundle = w.real()
    bundle.stamp(w.authority())
    other = w.authority(name="另一家时间戳机构")
    return Given(bundle=bundle.root, roots=(other.root_path,))


def _forged_authority(w: Workshop, **options: Any) -> tuple[Authority, Authority]:
    """Return an authority and one with the same names and other keys."""
    return w.authority(**options), w.authority(**options, not_after=STAMPED_AT + 99 * DAY)


@TIMESTAMPS.broken(FIRST)
def timestamp_of_a_forged_authority(w: Workshop) -> Given:
    real, forged = _forged_authority(w)
    bundle = w.real()
    bundle.stamp(forged)
    return Given(bundle=bundle.root, roots=(real.root_path,))


@TIMESTAMPS.broken(FIRST)
def timestamp_of_a_forged_authority_that_brings_its_root(w: Workshop) -> Given:
    real, forged = _forged_authority(w)
    bundle = w.real()
    brought = (forged.certificate, forged.root)
    certificates = tuple(c.public_bytes(Encoding.DER) for c in brought)
    bundle.stamp(forged, forgery=Forgery(certificates=certificates))
    return Given(bundle=bundle.root, roots=(real.root_path,))


@TIMESTAMPS.broken(FIRST)
def timestamp_of_a_forged_intermediate(w: Workshop) -> Given:
    real, forged = _forged_authority(w, intermediate="good")
    bundle = w.real()
    bundle.stamp(forged)
    return Given(bundle=bundle.root, roots=(real.root_path,))


@TIMESTAMPS.broken(FIRST)
def timestamp_without_the_intermediate(w: Workshop) -> Given:
    bundle, own = w.real(), w.authority(intermediate="good")
    only = (own.certificate.public_bytes(Encoding.DER),)
    bundle.stamp(own, forgery=Forgery(certificates=only))
    return Given(bundle=bundle.root, roots=(own.root_path,))


@TIMESTAMPS.broken("timestamp 002", intact=(FIRST,))
def one_of_two_timestamps_forged(w: Workshop) -> Given:
    bundle, own = w.real(), w.authority()
    bundle.stamp(own)
    bundle.stamp(own, number=2, forgery=Forgery(signature="flipped"))
    return Given(bundle=bundle.root, roots=(own.root_path,))


@TIMESTAMPS.broken(FIRST)
def timestamp_with_certificates_that_all_certify_each_other(w: Workshop) -> Given:
    key = ec.generate_private_key(ec.SECP256R1())

    def issue(subject: str, *extensions: x509.ExtensionType) -> x509.Certificate:
        builder = x509.CertificateBuilder(
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "循环")]),
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]),
            key.public_key(),
            x509.random_serial_number(),
            STAMPED_AT - dt.timedelta(days=9),
            STAMPED_AT + dt.timedelta(days=9),
        )
        for extension in extensions:
            builder = builder.add_extension(extension, critical=True)
        return builder.sign(key, SHA256())

    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    signer = issue("签名者", purpose)
    circle = [issue("循环", x509.BasicConstraints(ca=True, path_length=None)) for _ in range(30)]
    forger = dataclasses.replace(w.authority(), certificate=signer, key=key)
    brought = tuple(c.public_bytes(Encoding.DER) for c in (signer, *circle))
    bundle = w.real()
    bundle.stamp(forger, forgery=Forgery(certificates=brought))
    return Given(bundle=bundle.root, roots=(w.authority().root_path,))
