"""``liuhen timestamp``: only an answer that passes every check is saved; nothing else changes."""

import datetime as dt
import hashlib
import shutil
from pathlib import Path

import pytest

from cli import http_post
from evidence.core import rfc3161
from tests import tsa
from tests.cli.conftest import Liuhen, World
from tests.tsa import Authority, Forgery
from tests.tsa_server import Reply, answering, serve

AT = dt.datetime(2026, 11, 20, 10, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    folder = tmp_path_factory.mktemp("tsa") / "own"
    return tsa.make_authority(folder, key="p256", intermediate="good")


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return tsa.make_authority(tmp_path_factory.mktemp("tsa") / "stranger", key="p256", name="别家")


@pytest.fixture
def asked(liuhen: Liuhen, tmp_path: Path) -> Path:
    """Write a request; return where its answer belongs."""
    liuhen.ok("timestamp", "request", "-o", tmp_path / "a.tsq")
    return tmp_path / "a.tsr"


def answer(authority: Authority, reply: Path, forgery: Forgery | None = None) -> None:
    request = reply.with_suffix(".tsq").read_bytes()
    reply.write_bytes(authority.answer(request, at=AT, forgery=forgery))


def test_a_request_is_over_the_checkpoint_beside_it(liuhen: Liuhen, tmp_path: Path) -> None:
    told = liuhen.json("timestamp", "request", "-o", tmp_path / "a.tsq")
    request = rfc3161.parse_request((tmp_path / "a.tsq").read_bytes())
    note = (tmp_path / "a.checkpoint").read_bytes()
    assert request.imprint.algorithm == "sha256"
    assert request.imprint.digest == hashlib.sha256(note).digest()
    assert request.nonce is not None
    assert told["size"] == liuhen.size()
    assert note.decode() == liuhen.ok("checkpoint").out


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_answers_the_request_and_the_answer_is_saved(
    liuhen: Liuhen, authority: Authority, asked: Path
) -> None:
    size = liuhen.size()
    asked.write_bytes(authority.answer(asked.with_suffix(".tsq").read_bytes()))
    told = liuhen.json("timestamp", "attach", asked, "--root", authority.root_path)
    assert told["covers"] == told["seq"] == size
    assert told["authority"] == "某某时间戳服务中心"
    assert [r["sha256"] for r in told["roots"]] == [
        hashlib.sha256(_der(authority.root)).hexdigest()
    ]
    assert liuhen.intact()


def test_the_whole_answer_is_kept_with_its_request_and_checkpoint(
    liuhen: Liuhen, authority: Authority, asked: Path
) -> None:
    import base64

    answer(authority, asked)
    seq = liuhen.json("timestamp", "attach", asked, "--root", authority.root_path)["seq"]
    data = liuhen.json("show", seq)["data"]
    assert base64.b64decode(data["response"]) == asked.read_bytes()
    assert base64.b64decode(data["request"]) == asked.with_suffix(".tsq").read_bytes()
    assert data["checkpoint"].encode() == asked.with_suffix(".checkpoint").read_bytes()
    assert data["attested_at"] == "2026-11-20T10:00:00Z"


def test_entries_may_come_between_request_and_answer(
    liuhen: Liuhen, authority: Authority, asked: Path
) -> None:
    size = liuhen.size()
    liuhen.ok("note", "之后的说明")
    answer(authority, asked)
    told = liuhen.json("timestamp", "attach", asked, "--root", authority.root_path)
    assert told["covers"] == size
    listed = liuhen.json("timestamp", "list")
    assert listed["uncovered"] == 2  # the note and the timestamp itself
    assert [item["seq"] for item in listed["items"]] == [told["seq"]]


def test_a_lost_checkpoint_is_made_again_from_the_case(
    liuhen: Liuhen, authority: Authority, asked: Path
) -> None:
    liuhen.ok("note", "之后的说明")
    answer(authority, asked)
    asked.with_suffix(".checkpoint").unlink()
    told = liuhen.json("timestamp", "attach", asked, "--root", authority.root_path)
    assert told["duplicate"] is False


def test_a_lost_request_is_told_before_anything_is_saved(
    liuhen: Liuhen, authority: Authority, asked: Path
) -> None:
    answer(authority, asked)
    asked.with_suffix(".tsq").unlink()
    refused = liuhen.refused("timestamp", "attach", asked, "--root", authority.root_path)
    assert refused == "timestamp-request-missing 3"


def test_the_same_answer_twice_is_one_timestamp(
    liuhen: Liuhen, authority: Authority, asked: Path
) -> None:
    answer(authority, asked)
    args = ("timestamp", "attach", asked, "--root", authority.root_path)
    first, second = liuhen.json(*args), liuhen.json(*args)
    assert (first["duplicate"], second["duplicate"]) == (False, True)
    assert first["seq"] == second["seq"]
    assert len(liuhen.json("timestamp", "list")["items"]) == 1


def test_several_authorities_give_several_timestamps(
    liuhen: Liuhen, authority: Authority, stranger: Authority, asked: Path, tmp_path: Path
) -> None:
    answer(authority, asked)
    other = tmp_path / "b.tsr"
    shutil.copy(asked.with_suffix(".tsq"), tmp_path / "b.tsq")
    answer(stranger, other)
    for reply in (asked, other):
        roots = ("--root", authority.root_path, "--root", stranger.root_path)
        liuhen.ok("timestamp", "attach", reply, *roots)
    names = [item["authority"] for item in liuhen.json("timestamp", "list")["items"]]
    assert names == ["某某时间戳服务中心", "别家"]


@pytest.mark.parametrize(
    ("forgery", "told"),
    [
        (Forgery(status=2), "timestamp-refused 3"),
        (Forgery(nonce=5), "timestamp-foreign-nonce 3"),
        (Forgery(imprint=bytes(32)), "timestamp-other-checkpoint 3"),
        (Forgery(bound="to another"), "timestamp-certificate 3"),
        (Forgery(signature="flipped"), "timestamp-forged 10"),
        (Forgery(trailing=b"\0"), "timestamp-malformed 3"),
    ],
    ids=str,
)
def test_an_answer_with_one_thing_wrong_is_refused(
    liuhen: Liuhen, authority: Authority, asked: Path, forgery: Forgery, told: str
) -> None:
    answer(authority, asked, forgery)
    refused = liuhen.refused("timestamp", "attach", asked, "--root", authority.root_path)
    assert refused == told


def test_an_answer_of_somebody_unknown_is_refused(
    liuhen: Liuhen, authority: Authority, stranger: Authority, asked: Path
) -> None:
    answer(authority, asked)
    refused = liuhen.refused("timestamp", "attach", asked, "--root", stranger.root_path)
    assert refused == "timestamp-untrusted 3"


def test_an_answer_signed_with_an_expired_certificate_is_refused(
    liuhen: Liuhen, asked: Path, tmp_path: Path
) -> None:
    old = tsa.make_authority(
        tmp_path / "tsa", key="p256", not_after=dt.datetime(2022, 1, 1, tzinfo=dt.UTC)
    )
    answer(old, asked)
    refused = liuhen.refused("timestamp", "attach", asked, "--root", old.root_path)
    assert refused == "timestamp-expired 3"


def test_an_answer_about_another_case_is_refused(
    liuhen: Liuhen, empty: Liuhen, authority: Authority, tmp_path: Path
) -> None:
    empty.ok("init")
    empty.ok("timestamp", "request", "-o", tmp_path / "x.tsq")
    answer(authority, tmp_path / "x.tsr")
    args = ("timestamp", "attach", tmp_path / "x.tsr", "--root", authority.root_path)
    assert liuhen.refused(*args) == "timestamp-not-of-case 10"
    (tmp_path / "x.checkpoint").unlink()
    assert liuhen.refused(*args) == "timestamp-other-checkpoint 3"


def test_a_root_must_be_given_and_be_one(liuhen: Liuhen, authority: Authority, asked: Path) -> None:
    answer(authority, asked)
    assert liuhen("timestamp", "attach", asked).code == 2
    signer = authority.folder / "signer.pem"
    assert liuhen.refused("timestamp", "attach", asked, "--root", signer) == "root-unusable 3"


def test_a_request_is_never_written_over(liuhen: Liuhen, tmp_path: Path) -> None:
    for name in ("a.checkpoint", "b.tsq"):
        (tmp_path / name).write_text("here before")
    for name in ("a.tsq", "b.tsq"):
        assert liuhen.refused("timestamp", "request", "-o", tmp_path / name) == "output-exists 3"
    kept = {path.name for path in tmp_path.glob("[ab].*")}
    assert kept == {"a.checkpoint", "b.tsq"}


# --- the lag of each exhibit ------------------------------------------------------------------


def test_each_exhibit_says_since_when_outside_time_covers_it(
    liuhen: Liuhen, authority: Authority, asked: Path, world: World
) -> None:
    assert liuhen.json("show", world.call)["anchor"] is None
    answer(authority, asked)
    seq = liuhen.json("timestamp", "attach", asked, "--root", authority.root_path)["seq"]
    told = liuhen.json("show", world.call)["anchor"]
    assert told["timestamp"] == seq
    assert told["since"] == "occurred"
    # The name says 2026-10-14 21:05:03 in China; attested at 10:00 UTC on 20 November.
    event = dt.datetime(2026, 10, 14, 13, 5, 4, tzinfo=dt.UTC)
    assert told["lag_seconds"] == (AT - event).total_seconds()
    items = {i["seq"]: i for i in liuhen.json("list")["items"]}
    assert items[world.call]["anchor"] == told
    assert "anchor" not in items[world.note]


def test_a_lag_without_a_claimed_time_does_not_look_like_one_since_the_event(
    liuhen: Liuhen, authority: Authority, tmp_path: Path
) -> None:
    (tmp_path / "undated.txt").write_text("没有时间的话", encoding="utf-8")
    seq = liuhen.ok("import", tmp_path / "undated.txt", "--json").json["seq"]
    liuhen.ok("timestamp", "request", "-o", tmp_path / "b.tsq")
    answer(authority, tmp_path / "b.tsr")
    liuhen.ok("timestamp", "attach", tmp_path / "b.tsr", "--root", authority.root_path)
    assert liuhen.json("show", seq)["anchor"]["since"] == "recorded_at"
    row = next(x for x in liuhen.ok("list").out.splitlines() if f"#{seq} " in x)
    assert "≤" in row
    assert " ≤" not in row


def test_an_exhibit_that_came_later_is_covered_by_nothing(
    liuhen: Liuhen, authority: Authority, asked: Path, tmp_path: Path
) -> None:
    answer(authority, asked)
    liuhen.ok("timestamp", "attach", asked, "--root", authority.root_path)
    (tmp_path / "later.txt").write_text("之后存进来的话", encoding="utf-8")
    later = liuhen.ok("import", tmp_path / "later.txt", "--json").json["seq"]
    assert liuhen.json("show", later)["anchor"] is None
    assert "—" in next(x for x in liuhen.ok("list").out.splitlines() if f"#{later} " in x)


# --- over the network -----------------------------------------------------------------------------


def test_fetch_sends_the_request_alone_and_saves_the_answer(
    liuhen: Liuhen, authority: Authority
) -> None:
    with serve(answering(authority)) as server:
        told = liuhen.json("timestamp", "fetch", server.url, "--root", authority.root_path)
    assert told["covers"] == told["seq"]
    assert server.content_types == ["application/timestamp-query"]
    request = rfc3161.parse_request(server.bodies[0])
    assert request.nonce is not None
    assert len(server.bodies[0]) < 100


REPLIES: dict[str, Reply] = {
    "error": (500, {}, b"broken"),
    "page": (200, {"Content-Type": "text/html"}, b"<html>"),
    "endless": (200, {}, bytes(rfc3161.MAX_BYTES + 1)),
    "nothing": (200, {}, b""),
    "moved": (302, {"Location": "http://example.invalid/tsa"}, b""),
    "moved, keep POST": (307, {"Location": "http://example.invalid/tsa"}, b""),
}


@pytest.mark.parametrize("kind", REPLIES)
def test_a_useless_server_changes_nothing(liuhen: Liuhen, authority: Authority, kind: str) -> None:
    expected = "timestamp-malformed 3" if kind == "nothing" else "fetch-failed 3"
    with serve(lambda _body: REPLIES[kind]) as server:
        args = ("timestamp", "fetch", server.url, "--root", authority.root_path)
        assert liuhen.refused(*args) == expected


def test_a_redirect_is_told_and_not_followed(liuhen: Liuhen, authority: Authority) -> None:
    with (
        serve(answering(authority)) as other,
        serve(lambda _body: (307, {"Location": other.url}, b"")) as server,
    ):
        result = liuhen("timestamp", "fetch", server.url, "--root", authority.root_path)
    assert result.code == 3
    assert other.url in result.err
    assert other.bodies == []


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1/",
        "file:///etc/hostname",
        "127.0.0.1",
        "http://",
        "http://[::1/",
        "http://127.0.0.1/ a",
        "http://127.0.0.1/\nX: y",
    ],
)
def test_only_addresses_of_the_web_are_asked(
    liuhen: Liuhen, authority: Authority, url: str
) -> None:
    refused = liuhen.refused("timestamp", "fetch", url, "--root", authority.root_path)
    assert refused == "fetch-failed 3"


@pytest.mark.parametrize("endless_headers", [False, True])
def test_a_server_that_drips_is_left(
    liuhen: Liuhen, authority: Authority, monkeypatch: pytest.MonkeyPatch, endless_headers: bool
) -> None:
    monkeypatch.setattr(http_post, "ALL_SECONDS", 0.3)
    with serve(
        lambda _body: (200, {}, b"x" * 40), pause=0.05, endless_headers=endless_headers
    ) as server:
        args = ("timestamp", "fetch", server.url, "--root", authority.root_path)
        assert liuhen.refused(*args) == "fetch-failed 3"
        assert server.sent < 40


def test_nobody_there_is_told(liuhen: Liuhen, authority: Authority, world: World) -> None:
    with serve(answering(authority)) as server:
        pass
    args = ("timestamp", "fetch", server.url, "--root", authority.root_path)
    assert liuhen.refused(*args) == "fetch-failed 3"


def _der(certificate: object) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.DER)  # type: ignore[attr-defined, no-any-return]
