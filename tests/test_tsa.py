"""The authority of the tests is one: other implementations accept its tokens, and refuse forged."""

import datetime as dt
import shutil
import subprocess
from pathlib import Path

import pytest
import rfc3161_client
from rfc3161_client import VerifierBuilder

from tests.tsa import Authority, Forgery, KeyKind, make_authority, make_request

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")

DATA = b"liuhen/00112233445566778899aabbccddeeff\n"
AT = dt.datetime(2026, 11, 24, 16, 30, tzinfo=dt.UTC)


def openssl_accepts(made: Authority, request: bytes, response: bytes, *, at: dt.datetime) -> bool:
    (made.folder / "x.tsq").write_bytes(request)
    (made.folder / "x.tsr").write_bytes(response)
    command = ["openssl", "ts", "-verify", "-queryfile", "x.tsq", "-in", "x.tsr"]
    command += ["-CAfile", "root.pem", "-attime", str(int(at.timestamp()))]
    run = subprocess.run(command, cwd=made.folder, capture_output=True, check=False)
    return run.returncode == 0


@pytest.mark.parametrize("key", ["rsa", "p256", "p384"])
@pytest.mark.parametrize("intermediate", ["none", "good"])
def test_others_accept_both_kinds_of_answer(
    tmp_path: Path, key: KeyKind, intermediate: str
) -> None:
    made = make_authority(tmp_path / "tsa", key=key, intermediate=intermediate)
    request = make_request(DATA)
    assert openssl_accepts(made, request, made.answer(request), at=dt.datetime.now(dt.UTC))
    assert openssl_accepts(made, request, made.answer(request, at=AT), at=AT)
    builder = VerifierBuilder().add_root_certificate(made.root)
    verifier = builder.nonce(0x4C48).build()
    # OpenSSL does not sort the certificates; rfc3161-client refuses to read such a token.
    answer = made.answer(request, at=AT) if intermediate == "good" else made.answer(request)
    decoded = rfc3161_client.decode_timestamp_response(answer)
    assert verifier.verify_message(decoded, DATA)
    assert not openssl_accepts(made, request, made.refuse(), at=AT)


@pytest.mark.parametrize("bound", ["v1", "v2", "v2 sha512"])
def test_openssl_accepts_unusual_answers(tmp_path: Path, bound: str) -> None:
    made = make_authority(tmp_path / "tsa")
    request = make_request(DATA, digest="sha512", nonce=None)
    forgery = Forgery(bound=bound, digest="sha384", status=1)
    assert openssl_accepts(made, request, made.answer(request, forgery=forgery), at=AT)


def test_openssl_refuses_each_forgery(tmp_path: Path) -> None:
    made = make_authority(tmp_path / "tsa", key="p256")
    request = make_request(DATA)
    for forgery in (
        Forgery(status=2),
        Forgery(imprint=bytes(32)),
        Forgery(nonce=5),
        Forgery(message_digest=bytes(32)),
        Forgery(bound="no"),
        Forgery(bound="to another"),
        Forgery(signature="flipped"),
        Forgery(signature="other key"),
        Forgery(certificates=()),
    ):
        answer = made.answer(request, at=AT, forgery=forgery)
        assert not openssl_accepts(made, request, answer, at=AT), forgery


def test_openssl_refuses_each_wrong_certificate(tmp_path: Path) -> None:
    before = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    wrong = {
        "no purpose": make_authority(tmp_path / "1", key="p256", purpose="none"),
        "not critical": make_authority(tmp_path / "2", key="p256", purpose="not critical"),
        "two purposes": make_authority(tmp_path / "3", key="p256", purpose="with another"),
        "expired": make_authority(tmp_path / "4", key="p256", not_after=before),
        "no CA": make_authority(tmp_path / "5", key="p256", intermediate="not a CA"),
        "too long": make_authority(tmp_path / "6", key="p256", intermediate="good", path_length=0),
    }
    request = make_request(DATA)
    for name, made in wrong.items():
        answer = made.answer(request, at=AT)
        assert not openssl_accepts(made, request, answer, at=AT), name
    valid_then = dt.datetime(2025, 6, 1, tzinfo=dt.UTC)
    expired = wrong["expired"]
    answer = expired.answer(request, at=valid_then)
    assert openssl_accepts(expired, request, answer, at=valid_then)
