import json
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)
from hypothesis import given
from hypothesis import strategies as st

from evidence.core.entry import LeafHash
from reports.bundle import proofs
from reports.bundle.proofs import IndexedExhibit

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ROWS = st.builds(
    IndexedExhibit,
    seq=st.integers(0, 2**53 - 1),
    sha256=st.binary(min_size=32, max_size=32).map(bytes.hex),
    name=NAMES,
)
LABELS = st.integers(0, 999_999).map(lambda n: f"E{n:03d}")


@given(st.lists(st.binary(min_size=32, max_size=32).map(LeafHash), max_size=20))
def test_leaves_round_trip_both_ways(leaves: list[LeafHash]) -> None:
    data = proofs.format_leaves(leaves)
    assert proofs.parse_leaves(data) == leaves
    assert proofs.format_leaves(proofs.parse_leaves(data)) == data


@given(st.dictionaries(LABELS, ROWS, max_size=5))
def test_the_list_of_exhibits_round_trips_both_ways(index: dict[str, IndexedExhibit]) -> None:
    data = proofs.format_index(index)
    assert proofs.parse_index(data) == index
    assert proofs.format_index(proofs.parse_index(data)) == data


@given(st.binary(min_size=32, max_size=32))
def test_a_key_round_trips_both_ways(key: bytes) -> None:
    assert proofs.parse_key(proofs.format_key(key)) == key


@pytest.mark.parametrize(
    "data",
    [b"\n", b"00" * 32, b"00" * 32 + b"\r\n", b"AB" * 32 + b"\n", b"00" * 32 + b"\n\n", b"\xff\n"],
)
def test_leaves_of_any_other_form_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"line [12]$"):
        proofs.parse_leaves(data)


def _index(**changes: object) -> bytes:
    row = {"name": "a.m4a", "seq": 3, "sha256": "ab" * 32, **changes}
    rows = {"E001": {k: v for k, v in row.items() if v is not None}}
    return (json.dumps(rows, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def test_the_list_of_exhibits_as_written_here_is_accepted() -> None:
    assert proofs.parse_index(_index())["E001"].seq == 3


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]\n",
        b"null\n",
        b'{"E001": 1}\n',
        b"[" * 100_000,
        b"\xff",
        _index(seq=-1),
        _index(seq=True),
        _index(seq=3.0),
        _index(seq="3"),
        _index(seq=None),
        _index(sha256="AB" * 32),
        _index(sha256="ab"),
        _index(name=1),
        _index(more=1),
        _index().replace(b"E001", b"E1"),
        _index().replace(b"E001", b"../E001"),
        _index().replace(b"a.m4a", b"\\ud800"),
        _index().replace(b'"name"', b'"seq": 9,\n  "name"'),
        _index().rstrip(b"\n"),
        _index() + b"\n",
    ],
)
def test_a_list_of_exhibits_of_any_other_form_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        proofs.parse_index(data)


def test_the_key_is_what_cryptography_writes_and_reads() -> None:
    key = Ed25519PrivateKey.generate().public_key()
    pem = proofs.format_key(key.public_bytes_raw())
    assert pem == key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert load_pem_public_key(pem).public_bytes_raw() == key.public_bytes_raw()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_reads_the_key(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_bytes(proofs.format_key(bytes(range(32))))
    shown = subprocess.run(
        ["openssl", "pkey", "-pubin", "-in", "key.pem", "-noout", "-text"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    assert "ED25519" in shown.upper()
    assert "00:01:02:03" in shown


@pytest.mark.parametrize("data", [b"", b"\n\n\n", proofs.format_key(bytes(32)) + b"\n"])
def test_a_key_of_any_other_form_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"not|bytes"):
        proofs.parse_key(data)


def test_every_changed_byte_of_a_key_is_noticed() -> None:
    pem = proofs.format_key(bytes(range(32)))
    for place in range(len(pem)):
        changed = bytearray(pem)
        changed[place] ^= 1
        try:
            assert proofs.parse_key(bytes(changed)) != bytes(range(32))
        except ValueError:
            continue
