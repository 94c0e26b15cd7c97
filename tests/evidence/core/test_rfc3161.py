"""A timestamp response is read strictly and passes only if every single check does."""

import datetime as dt
from pathlib import Path

import pytest

from evidence.core import der, rfc3161, token_checks, trust
from evidence.core.der import DerError
from evidence.core.trust import Trust
from evidence.errors import (
    EvidenceError,
    RootCertificateError,
    TimestampExpiredError,
    TimestampFormError,
    TimestampUntrustedError,
)
from tests import tsa
from tests.tsa import Authority, Forgery
from tests.tsa_uncommon import make_uncommon_authority

MESSAGE = b"liuhen/00112233445566778899aabbccddeeff\n7\n"
REQUEST = tsa.make_request(MESSAGE)
AT = dt.datetime(2026, 11, 20, 8, 30, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    folder = tmp_path_factory.mktemp("tsa") / "own"
    return tsa.make_authority(folder, key="p256", intermediate="good")


def trusted(authority: Authority) -> Trust:
    return trust.parse_trust(authority.root_pem, "root.pem")


def code_of(response: bytes, roots: Trust, request: bytes = REQUEST) -> str:
    """Return the code of the error that taking in a response ends with; empty if none."""
    try:
        token = rfc3161.parse_response(response)
        token_checks.check_token(token, MESSAGE, rfc3161.parse_request(request))
        trust.check_chain(response, token, MESSAGE, roots)
    except EvidenceError as error:
        return error.code
    return ""


def test_a_good_answer_says_who_when_and_what(authority: Authority) -> None:
    response = authority.answer(REQUEST)
    token = rfc3161.parse_response(response)
    token_checks.check_token(token, MESSAGE, rfc3161.parse_request(REQUEST))
    assert token.authority == "某某时间戳服务中心"
    assert token.info.policy == tsa.POLICY
    assert token.info.accuracy_ms == 1000
    assert abs(token.info.at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=5)
    (root,) = trust.check_chain(response, token, MESSAGE, trusted(authority))
    assert root.certificate == authority.root


@pytest.mark.parametrize(
    ("forgery", "code"),
    [
        (Forgery(), ""),
        (Forgery(digest="sha512"), ""),
        (Forgery(bound="v1"), ""),
        (Forgery(bound="v2 sha512"), ""),
        (Forgery(status=1), "timestamp-refused"),
        (Forgery(status=2), "timestamp-refused"),
        (Forgery(imprint=bytes(32)), "timestamp-other-checkpoint"),
        (Forgery(imprint=bytes(20), imprint_algorithm="sha1"), "timestamp-other-checkpoint"),
        (Forgery(nonce=1), "timestamp-foreign-nonce"),
        (Forgery(nonce=-1), "timestamp-foreign-nonce"),
        (Forgery(content_type="1.2.840.113549.1.7.1"), "timestamp-forged"),
        (Forgery(message_digest=bytes(32)), "timestamp-forged"),
        (Forgery(signature="flipped"), "timestamp-forged"),
        (Forgery(signature="other key"), "timestamp-forged"),
        (Forgery(bound="no"), "timestamp-certificate"),
        (Forgery(bound="to another"), "timestamp-certificate"),
        (Forgery(digest="sha1"), "timestamp-unsupported"),
        (Forgery(certificates=()), "timestamp-malformed"),
        (Forgery(trailing=b"\0"), "timestamp-malformed"),
    ],
    ids=str,
)
def test_one_wrong_thing_is_enough(authority: Authority, forgery: Forgery, code: str) -> None:
    response = authority.answer(REQUEST, at=AT, forgery=forgery)
    assert code_of(response, trusted(authority)) == code


@pytest.mark.parametrize(
    ("purpose", "code"),
    [
        ("not critical", "timestamp-certificate"),
        ("none", "timestamp-certificate"),
        ("with another", "timestamp-certificate"),
        ("another", "timestamp-certificate"),
    ],
)
def test_a_certificate_is_for_timestamps_alone_and_says_so_critically(
    tmp_path: Path, purpose: tsa.Purpose, code: str
) -> None:
    made = tsa.make_authority(tmp_path / "tsa", key="p256", purpose=purpose)
    assert code_of(made.answer(REQUEST, at=AT), trusted(made)) == code


def test_what_cannot_be_checked_is_not_called_forged(tmp_path: Path) -> None:
    rsa = tsa.make_authority(tmp_path / "rsa", key="rsa")
    pss = rsa.answer(REQUEST, at=AT, forgery=Forgery(pss=True))
    assert code_of(pss, trusted(rsa)) == "timestamp-unsupported"
    for kind in ("sm2", "ed25519"):
        made = make_uncommon_authority(tmp_path / kind, kind)
        then = made.certificate.not_valid_before_utc + dt.timedelta(days=1)
        for digest in ("sha256", "sm3"):
            answer = made.answer(REQUEST, at=then, forgery=Forgery(digest=digest))
            assert code_of(answer, trusted(made)) == "timestamp-unsupported"


def test_a_certificate_that_has_expired_since_is_fine(tmp_path: Path) -> None:
    made = tsa.make_authority(
        tmp_path / "tsa", key="p256", not_after=dt.datetime(2022, 1, 1, tzinfo=dt.UTC)
    )
    then = dt.datetime(2021, 12, 31, tzinfo=dt.UTC)
    assert code_of(made.answer(REQUEST, at=then), trusted(made)) == ""


def test_a_certificate_that_was_not_valid_then_is_not(tmp_path: Path) -> None:
    made = tsa.make_authority(
        tmp_path / "tsa", key="p256", not_after=dt.datetime(2022, 1, 1, tzinfo=dt.UTC)
    )
    response = made.answer(REQUEST, at=AT)
    with pytest.raises(TimestampExpiredError) as raised:
        trust.check_chain(response, rfc3161.parse_response(response), MESSAGE, trusted(made))
    assert raised.value.time == "2026-11-20T08:30:00Z"


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"intermediate": "not a CA"}, "timestamp-untrusted"),
        ({"intermediate": "may not sign"}, "timestamp-untrusted"),
        ({"intermediate": "good", "path_length": 0}, "timestamp-untrusted"),
        ({"intermediate": "expired"}, "timestamp-expired"),
        ({"root_is_ca": False}, "timestamp-untrusted"),
    ],
    ids=str,
)
def test_a_chain_is_only_as_good_as_each_link(
    tmp_path: Path, how: dict[str, object], code: str
) -> None:
    made = tsa.make_authority(tmp_path / "tsa", key="p256", **how)  # type: ignore[arg-type]  # its options
    assert code_of(made.answer(REQUEST, at=AT), trusted(made)) == code


def test_only_given_roots_count_and_each_is_tried_on_its_own(
    authority: Authority, tmp_path: Path
) -> None:
    stranger = tsa.make_authority(tmp_path / "stranger", key="p256")
    response = authority.answer(REQUEST, at=AT)
    token = rfc3161.parse_response(response)
    assert code_of(response, trusted(stranger)) == "timestamp-untrusted"
    both = trusted(stranger) + trusted(authority)
    assert trust.check_chain(response, token, MESSAGE, both) == trusted(authority).roots
    with pytest.raises(TimestampUntrustedError):
        trust.check_chain(response, token, MESSAGE, Trust())
    # What an earlier call was given is not remembered.
    assert code_of(response, trusted(stranger)) == "timestamp-untrusted"


def test_an_intermediate_may_be_given_but_never_ends_a_chain(authority: Authority) -> None:
    assert authority.intermediate is not None
    middle = tsa.pem(authority.intermediate)
    with pytest.raises(RootCertificateError):
        trust.parse_trust(middle, "middle.pem")
    alone = Forgery(certificates=(_der(authority.certificate),))
    response = authority.answer(REQUEST, at=AT, forgery=alone)
    assert code_of(response, trusted(authority)) == "timestamp-untrusted"
    both = trust.parse_trust(middle + authority.root_pem, "chain.pem")
    assert code_of(response, both) == ""
    stranger = Trust(between=both.between)
    assert code_of(response, stranger) == "timestamp-untrusted"


def test_roots_are_read_as_pem_and_as_der(authority: Authority) -> None:
    (from_der,) = trust.parse_trust(_der(authority.root), "root.crt").roots
    assert (from_der,) == trusted(authority).roots
    assert len(from_der.fingerprint) == 64
    for junk in (b"", b"junk", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
        with pytest.raises(RootCertificateError):
            trust.parse_trust(junk, "root.crt")


def test_name_of_an_impossible_type_is_told_as_unreadable(authority: Authority) -> None:
    response = authority.answer(REQUEST, at=AT)
    at = response.index(bytes.fromhex("0603550406")) + 5  # behind the name "country"
    changed = response[:at] + b"\x03" + response[at + 1 :]  # a bit string
    assert code_of(changed, trusted(authority)) == "timestamp-malformed"


def test_no_flipped_byte_of_an_answer_passes(authority: Authority) -> None:
    response = authority.answer(REQUEST, at=AT)
    roots = trusted(authority)
    # The name of the signature's algorithm is not signed: one ECDSA name may become another.
    named = response.index(bytes.fromhex("06082a8648ce3d040302"), len(response) - 100)
    free = range(named, named + 10)
    for place in range(len(response)):
        if place in free:
            continue
        changed = bytearray(response)
        changed[place] ^= 1 << place % 8
        assert code_of(bytes(changed), roots), place


def test_a_name_of_an_impossible_type_is_malformed(authority: Authority) -> None:
    answer = authority.answer(REQUEST, at=AT)
    common_name = bytes.fromhex("0603550403")
    places = [i for i in range(len(answer)) if answer.startswith(common_name + b"\x0c", i)]
    assert places
    for place in places:  # a text becomes a bit string
        odd = answer[: place + 5] + b"\x03" + answer[place + 6 :]
        assert code_of(odd, trusted(authority))


def test_a_cut_answer_is_malformed(authority: Authority) -> None:
    response = authority.answer(REQUEST, at=AT)
    for size in range(0, len(response), 11):
        with pytest.raises(TimestampFormError):
            rfc3161.parse_response(response[:size])
    with pytest.raises(TimestampFormError):
        rfc3161.parse_response(bytes(rfc3161.MAX_BYTES + 1))


@pytest.mark.parametrize(
    "hexed",
    ["", "30", "30800000", "30810100", "30820081", "1f0100", "3002050000", "30030500"],
)
def test_der_has_one_form_only(hexed: str) -> None:
    with pytest.raises(DerError):
        der.parse(bytes.fromhex(hexed))


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"\xff"])
def test_an_integer_is_short_and_not_negative(content: bytes) -> None:
    with pytest.raises(DerError):
        der.parse(der.encode(der.INTEGER, content)).integer()


@pytest.mark.parametrize("name", ["1.2.840.113549.1.9.16.1.4", "2.999.3", "0.9.2342"])
def test_object_identifiers_read_as_they_were_written(name: str) -> None:
    first, second, *rest = map(int, name.split("."))
    encoded = bytearray()
    for arc in (first * 40 + second, *rest):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(0x80 | arc & 0x7F)
        encoded += bytes(reversed(groups))
    assert der.parse(der.encode(der.OID, bytes(encoded))).oid() == name


def _der(certificate: object) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.DER)  # type: ignore[attr-defined, no-any-return]
