"""One entry: its fields, its bytes and its leaf hash."""

import dataclasses
import datetime as dt
import hashlib
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.core import canonical
from evidence.core.canonical import MAX_INTEGER, JsonValue
from evidence.core.entry import GENESIS, Entry, LeafHash, decode_entry, encode_entry, leaf_hash
from evidence.errors import CanonicalFormError, EntryFormError
from tests.evidence.core.strategies import objects

kinds = st.builds(
    str.__add__,
    st.sampled_from(string.ascii_lowercase),
    st.text(string.ascii_lowercase + string.digits + "_", max_size=31),
)
recorded = st.datetimes(
    timezones=st.just(dt.UTC),
    min_value=dt.datetime(1, 1, 2),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=dt.datetime(9999, 12, 30),  # noqa: DTZ001
).map(lambda t: t.isoformat(timespec="milliseconds").replace("+00:00", "Z"))
entries = st.builds(
    Entry,
    seq=st.integers(0, MAX_INTEGER),
    prev=st.binary(min_size=32, max_size=32).map(LeafHash),
    nonce=st.binary(min_size=16, max_size=16),
    kind=kinds,
    recorded_at=recorded,
    data=objects,
)

SOUND: dict[str, JsonValue] = {
    "v": 1,
    "seq": 7,
    "prev": "ab" * 32,
    "nonce": "cd" * 16,
    "kind": "note",
    "recorded_at": "2026-11-24T12:00:00.000Z",
    "data": {"text": "十月十四日"},
}


def field(action: object, argument: object) -> str:
    """Call and return the field that is refused."""
    with pytest.raises(EntryFormError) as caught:
        action(argument)  # type: ignore[operator]
    return caught.value.field


@given(entries)
def test_what_is_encoded_decodes_to_the_same_entry(entry: Entry) -> None:
    assert decode_entry(encode_entry(entry)) == entry


@given(entries)
def test_what_is_decoded_encodes_to_the_same_bytes(entry: Entry) -> None:
    body = encode_entry(entry)
    assert encode_entry(decode_entry(body)) == body


@given(entries)
def test_the_body_says_every_field_and_nothing_else(entry: Entry) -> None:
    assert canonical.decode(encode_entry(entry)) == {
        "v": 1,
        "seq": entry.seq,
        "prev": entry.prev.hex(),
        "nonce": entry.nonce.hex(),
        "kind": entry.kind,
        "recorded_at": entry.recorded_at,
        "data": entry.data,
    }


def test_every_flip_of_every_byte_is_refused_or_another_entry() -> None:
    body = canonical.encode(SOUND)
    sound = decode_entry(body)
    for at in range(len(body)):
        for flip in range(1, 256):
            changed = body[:at] + bytes([body[at] ^ flip]) + body[at + 1 :]
            assert leaf_hash(changed) != leaf_hash(body)
            try:
                seen = decode_entry(changed)
            except (CanonicalFormError, EntryFormError):
                continue
            assert seen != sound
            assert encode_entry(seen) == changed


@given(st.binary(max_size=40))
def test_leaf_hash_is_the_rfc_6962_leaf(body: bytes) -> None:
    assert leaf_hash(body) == hashlib.sha256(b"\0" + body).digest()


def test_leaf_hash_of_nothing_is_the_published_one() -> None:
    # transparency-dev/merkle, testonly/constants.go: the leaf of the empty input.
    expected = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert leaf_hash(b"").hex() == expected


def test_the_first_entry_links_to_64_zeros() -> None:
    assert GENESIS.hex() == "0" * 64


@pytest.mark.parametrize("name", sorted(SOUND))
def test_missing_field_is_refused(name: str) -> None:
    body = canonical.encode({k: v for k, v in SOUND.items() if k != name})
    assert field(decode_entry, body) == name


def test_unknown_field_is_refused() -> None:
    assert field(decode_entry, canonical.encode({**SOUND, "extra": 1})) == "extra"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("v", 0),
        ("v", 2),
        ("v", True),
        ("v", "1"),
        ("v", None),
        ("seq", -1),
        ("seq", True),
        ("seq", "7"),
        ("seq", None),
        ("prev", ""),
        ("prev", "AB" * 32),
        ("prev", "ab" * 31),
        ("prev", "ab" * 33),
        ("prev", "ab" * 31 + "a\n"),
        ("prev", "ab" * 32 + "\n"),
        ("prev", "٤" * 64),
        ("prev", 0),
        ("prev", None),
        ("nonce", ""),
        ("nonce", "CD" * 16),
        ("nonce", "cd" * 15),
        ("nonce", "cd" * 17),
        ("nonce", "cd" * 16 + "\n"),
        ("kind", ""),
        ("kind", "Note"),
        ("kind", "1note"),
        ("kind", "no-te"),
        ("kind", "note\n"),
        ("kind", "n" * 33),
        ("kind", "标注"),
        ("kind", 1),
        ("recorded_at", ""),
        ("recorded_at", "2026-11-24 12:00:00Z"),
        ("recorded_at", "2026-11-24T12:00:00"),
        ("recorded_at", "2026-11-24T12:00:00+00:00"),
        ("recorded_at", "2026-11-24T12:00:00z"),
        ("recorded_at", "2026-11-24t12:00:00Z"),
        ("recorded_at", "2026-11-24T12:00Z"),
        ("recorded_at", "2026-11-24T12:00:00.Z"),
        ("recorded_at", "2026-11-24T12:00:00.1234567890Z"),
        ("recorded_at", "2026-11-24T12:00:00Z\n"),
        ("recorded_at", "2026-11-24T24:00:00Z"),
        ("recorded_at", "2026-11-24T12:60:00Z"),
        ("recorded_at", "2026-11-24T12:00:60Z"),
        ("recorded_at", "2026-13-01T12:00:00Z"),
        ("recorded_at", "2026-00-01T12:00:00Z"),
        ("recorded_at", "2026-11-00T12:00:00Z"),
        ("recorded_at", "2026-11-31T12:00:00Z"),
        ("recorded_at", "2026-02-29T12:00:00Z"),
        ("recorded_at", "0000-01-01T12:00:00Z"),
        ("recorded_at", "２０２６-11-24T12:00:00Z"),
        ("data", []),
        ("data", None),
        ("data", "{}"),
    ],
)
def test_malformed_field_is_refused(name: str, value: JsonValue) -> None:
    assert field(decode_entry, canonical.encode({**SOUND, name: value})) == name


@pytest.mark.parametrize("fraction", ["", ".1", ".123", ".123456", ".123456789"])
def test_fractions_of_a_second_may_have_up_to_nine_digits(fraction: str) -> None:
    moment = f"2026-11-24T12:00:00{fraction}Z"
    body = canonical.encode({**SOUND, "recorded_at": moment})
    assert decode_entry(body).recorded_at == moment


def test_recorded_days_that_exist_are_taken() -> None:
    body = canonical.encode({**SOUND, "recorded_at": "2028-02-29T23:59:59.999Z"})
    assert decode_entry(body).recorded_at == "2028-02-29T23:59:59.999Z"


def test_unknown_kind_is_an_entry_all_the_same() -> None:
    body = canonical.encode({**SOUND, "kind": "kind_of_2030"})
    assert decode_entry(body).kind == "kind_of_2030"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seq", -1),
        ("prev", b"\0" * 31),
        ("nonce", b"\0" * 15),
        ("kind", "Note"),
        ("recorded_at", "2026-11-24"),
        ("recorded_at", "2026-02-30T00:00:00Z"),
        ("data", []),
    ],
)
def test_what_decode_refuses_is_never_encoded(name: str, value: object) -> None:
    entry = dataclasses.replace(
        decode_entry(canonical.encode(SOUND)),
        **{name: value},  # type: ignore[arg-type]
    )
    assert field(encode_entry, entry) == name


def test_seq_beyond_the_integer_range_is_not_encoded() -> None:
    entry = dataclasses.replace(decode_entry(canonical.encode(SOUND)), seq=MAX_INTEGER + 1)
    with pytest.raises(CanonicalFormError):
        encode_entry(entry)
