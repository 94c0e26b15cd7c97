"""A timestamp counts only with a checkpoint of this very log, and only with its own summary."""

import dataclasses
import hashlib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from evidence.core import checkpoint, merkle, stamped
from evidence.core.checkpoint import Checkpoint
from evidence.core.entry import LeafHash
from evidence.core.merkle import RootHash
from evidence.core.stamped import Log, Stamped
from evidence.core.timestamp import Timestamp
from evidence.errors import EvidenceError, TimestampFormError, TimestampNotOfCaseError
from tests import tsa
from tests.tsa import Authority

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
LEAVES = [LeafHash(hashlib.sha256(bytes([n])).digest()) for n in range(9)]
LOG = Log(case_id="ab" * 16, public_key=KEY.public_key().public_bytes_raw(), leaves=LEAVES)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return tsa.make_authority(tmp_path_factory.mktemp("tsa") / "own", key="p256")


def note(
    size: int = 5,
    *,
    case_id: str = LOG.case_id,
    key: Ed25519PrivateKey = KEY,
    root: RootHash | None = None,
) -> bytes:
    right = merkle.root(LEAVES[:size])
    return checkpoint.sign(Checkpoint(case_id=case_id, size=size, root=root or right), key).text


def stamp(authority: Authority, data: bytes) -> Stamped:
    request = tsa.make_request(data)
    answer = authority.answer(request, forgery=tsa.PLAIN)
    return Stamped(response=answer, request=request, checkpoint=data)


def test_a_checkpoint_of_the_log_is_taken_whatever_came_after_it(authority: Authority) -> None:
    for size in (1, 5, 9):
        checked = stamped.check_stamped(stamp(authority, note(size)), LOG)
        assert checked.signed.checkpoint.size == size


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (note(case_id="cd" * 16), "another case"),
        (note(key=OTHER_KEY), "signature"),
        (note(root=RootHash(bytes(32))), "root"),
        (note(10, root=merkle.root(LEAVES)), "size 10 of 9"),
        (note(0, root=merkle.EMPTY_ROOT), "size 0 of 9"),
        (b"no note", "checkpoint line-count"),
    ],
)
def test_any_other_checkpoint_is_refused(authority: Authority, data: bytes, reason: str) -> None:
    with pytest.raises(TimestampNotOfCaseError) as raised:
        stamped.check_stamped(stamp(authority, data), LOG)
    assert raised.value.reason == reason


def stored(authority: Authority) -> Timestamp:
    given = stamp(authority, note())
    return stamped.summary(stamped.check_stamped(given, LOG), given, ("ef" * 32,))


def test_what_is_stored_gives_back_its_three_files(authority: Authority) -> None:
    record = stored(authority)
    assert stamped.summary(stamped.check_stored(record, LOG), stamped.stamped_of(record), ()) == (
        dataclasses.replace(record, roots=())
    )


@pytest.mark.parametrize(
    "change",
    [
        {"attested_at": "2020-01-01T00:00:00Z"},
        {"accuracy_ms": 1},
        {"size": 4},
        {"root": "00" * 32},
        {"authority": "别人"},
        {"policy": "1.2.3"},
        {"serial": "1"},
        {"response": "MAA="},
        {"response": "?"},
        {"request": "MAA="},
        {"checkpoint": "x"},
    ],
    ids=str,
)
def test_a_summary_that_says_anything_else_is_told(
    authority: Authority, change: dict[str, object]
) -> None:
    record = dataclasses.replace(stored(authority), **change)  # type: ignore[arg-type]  # its fields
    with pytest.raises(EvidenceError):
        stamped.check_stored(record, LOG)


def test_the_prefix_roots_are_the_roots_of_the_prefixes() -> None:
    roots = list(merkle.prefix_roots(LEAVES))
    assert roots == [merkle.root(LEAVES[:size]) for size in range(1, len(LEAVES) + 1)]
    assert list(merkle.prefix_roots([])) == []


def test_a_response_that_is_too_long_is_not_even_read(authority: Authority, tmp_path: Path) -> None:
    from evidence.core import rfc3161

    with pytest.raises(TimestampFormError) as raised:
        rfc3161.parse_response(bytes(rfc3161.MAX_BYTES + 1))
    assert raised.value.reason == "too long"
