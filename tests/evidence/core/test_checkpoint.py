"""Checkpoints: one form, printed back identically, and any change of it is noticed."""

import base64
import dataclasses
import hashlib
import json
import random

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.core import checkpoint, merkle
from evidence.core.checkpoint import Checkpoint, SignedCheckpoint
from evidence.core.merkle import RootHash
from evidence.errors import CheckpointFormError, ExitCode
from tests.evidence.core.strategies import hex_digits

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))).public_key().public_bytes_raw()
CASE_ID = "00112233445566778899aabbccddeeff"
ROOT = RootHash(hashlib.sha256(b"root").digest())
SIGNED = checkpoint.sign(Checkpoint(case_id=CASE_ID, size=42, root=ROOT), KEY)
TEXT = SIGNED.text

checkpoints = st.builds(
    Checkpoint,
    case_id=hex_digits(32),
    size=st.integers(0, 10**16 - 1),
    root=st.binary(min_size=32, max_size=32).map(RootHash),
)


def reason(data: bytes) -> str:
    with pytest.raises(CheckpointFormError) as caught:
        checkpoint.parse(data)
    assert caught.value.exit_code is ExitCode.INPUT_UNUSABLE
    return caught.value.reason


def accepted(data: bytes) -> bool:
    """Tell whether a reader who knows the key would take ``data``."""
    try:
        signed = checkpoint.parse(data)
    except CheckpointFormError:
        return False
    assert signed.text == data
    return checkpoint.verify_signature(signed, PUBLIC)


def opened(note: bytes, name: str, public_key: bytes) -> bytes:
    """Open a note as C2SP signed-note describes it, without the code under test."""
    text, _, signatures = note.decode().rpartition("\n\n")
    text += "\n"
    for line in signatures.splitlines():
        dash, key_name, encoded = line.split(" ")
        blob = base64.b64decode(encoded, validate=True)
        expected = hashlib.sha256(name.encode() + b"\n\x01" + public_key).digest()[:4]
        if (dash, key_name, blob[:4]) == ("\u2014", name, expected):
            Ed25519PublicKey.from_public_bytes(public_key).verify(blob[4:], text.encode())
            return text.encode()
    raise InvalidSignature


# --- form -----------------------------------------------------------------------------------------


@given(checkpoints)
def test_what_is_written_reads_the_same(made: Checkpoint) -> None:
    signed = checkpoint.sign(made, KEY)
    assert checkpoint.parse(signed.text) == signed


@given(checkpoints)
def test_what_is_read_is_written_the_same(made: Checkpoint) -> None:
    text = checkpoint.sign(made, KEY).text
    assert checkpoint.parse(text).text == text


@settings(max_examples=50)
@given(checkpoints)
def test_any_reader_of_signed_notes_opens_it(made: Checkpoint) -> None:
    text = opened(checkpoint.sign(made, KEY).text, made.origin, PUBLIC)
    origin, size, root, end = text.decode().split("\n")
    assert (origin, int(size), base64.b64decode(root), end) == (
        f"liuhen/{made.case_id}",
        made.size,
        made.root,
        "",
    )


def test_lines_are_those_of_the_published_example() -> None:
    # The example of c2sp.org/tlog-checkpoint, under an origin of this program.
    published = (
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    )
    root = RootHash(base64.b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="))
    made = Checkpoint(case_id=CASE_ID, size=20852163, root=root)
    assert made.text.decode().split("\n")[1:] == published.split("\n")[1:]
    assert checkpoint.parse(checkpoint.sign(made, KEY).text).checkpoint == made


def test_published_example_of_another_log_is_refused() -> None:
    note = (
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4UR"
        "YN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    )
    assert reason(note.encode()) == "origin"


def test_key_id_and_signature_are_those_of_the_published_note() -> None:
    # The key and note of golang.org/x/mod/sumdb/note, which c2sp.org/signed-note grew from.
    key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    note = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n\n"
        "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqf"
        "qdngotpRZb6KE6RyyBwJnAM=\n"
    )
    name, key_id, encoded = key.split("+", 2)
    public_key = base64.b64decode(encoded)[1:]
    assert checkpoint.key_id(name, public_key).hex() == key_id
    assert opened(note.encode(), name, public_key).endswith(b"problem is.\n")


def test_size_of_an_empty_log_is_zero() -> None:
    made = Checkpoint(case_id=CASE_ID, size=0, root=merkle.EMPTY_ROOT)
    assert accepted(checkpoint.sign(made, KEY).text)


def test_signing_twice_gives_the_same_bytes() -> None:
    assert checkpoint.sign(SIGNED.checkpoint, KEY).text == TEXT


# --- every change is noticed ----------------------------------------------------------------------


def test_unchanged_checkpoint_is_taken() -> None:
    assert accepted(TEXT)


def test_every_flip_of_every_byte_is_refused_or_breaks_the_signature() -> None:
    for at in range(len(TEXT)):
        for flip in range(1, 256):
            changed = TEXT[:at] + bytes([TEXT[at] ^ flip]) + TEXT[at + 1 :]
            assert not accepted(changed), (at, flip)


def test_every_insertion_of_a_byte_is_refused_or_breaks_the_signature() -> None:
    for at in range(len(TEXT) + 1):
        for byte in range(256):
            assert not accepted(TEXT[:at] + bytes([byte]) + TEXT[at:]), (at, byte)


def test_every_deletion_is_refused_or_breaks_the_signature() -> None:
    for first in range(len(TEXT)):
        for last in range(first + 1, min(first + 80, len(TEXT)) + 1):
            assert not accepted(TEXT[:first] + TEXT[last:]), (first, last)


def test_every_cut_is_refused() -> None:
    for length in range(len(TEXT)):
        reason(TEXT[:length])


def test_swapped_and_repeated_lines_are_refused() -> None:
    lines = TEXT.splitlines(keepends=True)
    for i in range(len(lines)):
        reason(b"".join([*lines[:i], lines[i], *lines[i:]]))
        for j in range(i + 1, len(lines)):
            swapped = list(lines)
            swapped[i], swapped[j] = swapped[j], swapped[i]
            assert not accepted(b"".join(swapped))


@given(st.binary(max_size=300))
def test_noise_is_refused_and_never_a_crash(data: bytes) -> None:
    reason(data)


@given(st.data())
def test_mangled_checkpoint_is_refused_or_breaks_the_signature(data: st.DataObject) -> None:
    rng = random.Random(data.draw(st.integers(0, 2**32)))  # a repeatable mangling
    changed = bytearray(TEXT)
    for _ in range(rng.randrange(1, 6)):
        at = rng.randrange(len(changed))
        changed[at : at + rng.randrange(3)] = rng.randbytes(rng.randrange(3))
    if bytes(changed) != TEXT:
        assert not accepted(bytes(changed))


# --- the parser is strict -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("\n42\n", "\n042\n", "size"),
        ("\n42\n", "\n+42\n", "size"),
        ("\n42\n", "\n-42\n", "size"),
        ("\n42\n", "\n 42\n", "size"),
        ("\n42\n", "\n42 \n", "size"),
        ("\n42\n", "\n4_2\n", "size"),
        ("\n42\n", "\n42.0\n", "size"),
        ("\n42\n", "\n0x2a\n", "size"),
        ("\n42\n", "\n٤٢\n", "size"),
        ("\n42\n", "\n４２\n", "size"),
        ("\n42\n", "\n\n", "size"),
        ("\n42\n", "\n00\n", "size"),
        ("\n42\n", "\n" + "9" * 17 + "\n", "size"),
        ("\n42\n", "\n42\r\n", "size"),
        ("=\n\n", "\n\n", "root"),
        ("=\n\n", "==\n\n", "root"),
        ("=\n\n", "=\n\n\n", "line-count"),
        ("=\n\n", "=\nextension\n\n", "line-count"),
        ("=\n\n", "=\n \n", "line-count"),
        ("liuhen/0", "liuhen/00", "origin"),
        ("liuhen/", "LIUHEN/", "origin"),
        ("liuhen/", " liuhen/", "origin"),
        ("aabbccddeeff\n42", "AABBCCDDEEFF\n42", "origin"),
        ("aabbccddeeff\n42", "aabbccddeef\n42", "origin"),
        ("\u2014 ", "- ", "signature-line"),
        ("\u2014 ", "\u2013 ", "signature-line"),
        ("\u2014 ", "\u2014  ", "signature-line"),
        ("\u2014 ", "\u2014\t", "signature-line"),
        ("\u2014 liuhen/0", "\u2014 liuhen/1", "signature-line"),
        ("\u2014 liuhen/0", "\u2014 Liuhen/0", "signature-line"),
    ],
)
def test_another_spelling_is_refused(old: str, new: str, why: str) -> None:
    text = TEXT.decode()
    assert old in text
    assert reason(text.replace(old, new, 1).encode()) == why


def test_base64_with_spare_bits_set_is_refused() -> None:
    root = base64.b64encode(ROOT).decode()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    spare = root[:-2] + alphabet[alphabet.index(root[-2]) ^ 1] + "="
    assert base64.b64decode(spare) == ROOT
    assert reason(TEXT.replace(root.encode(), spare.encode())) == "not-canonical"


@pytest.mark.parametrize("length", [0, 31, 33])
def test_root_of_another_length_is_refused(length: int) -> None:
    encoded = base64.b64encode(bytes(length))
    assert reason(TEXT.replace(base64.b64encode(ROOT), encoded)) == "root"


@pytest.mark.parametrize("length", [0, 4, 67, 69])
def test_signature_of_another_length_is_refused(length: int) -> None:
    blob = base64.b64encode(SIGNED.key_id + SIGNED.signature)
    changed = TEXT.replace(blob, base64.b64encode(bytes(length)))
    assert reason(changed) in ("signature", "signature-line")


def test_second_signature_is_refused() -> None:
    assert reason(TEXT + TEXT.splitlines(keepends=True)[-1]) == "line-count"


def test_bytes_that_are_no_utf_8_are_refused() -> None:
    assert reason(b"\xff" + TEXT) == "not-utf-8"


def test_byte_order_mark_is_refused() -> None:
    assert reason(b"\xef\xbb\xbf" + TEXT) == "origin"


def test_long_file_is_refused_before_it_is_read() -> None:
    assert reason(TEXT + b"\n" * checkpoint.MAX_BYTES) == "too-long"


# --- signatures -----------------------------------------------------------------------------------


def test_signature_of_another_key_is_not_taken() -> None:
    assert checkpoint.verify_signature(SIGNED, PUBLIC)
    assert not checkpoint.verify_signature(SIGNED, OTHER)


def test_key_id_of_another_key_is_not_taken_with_a_sound_signature() -> None:
    forged = dataclasses.replace(SIGNED, key_id=checkpoint.key_id(SIGNED.checkpoint.origin, OTHER))
    assert not checkpoint.verify_signature(forged, PUBLIC)
    assert not checkpoint.verify_signature(forged, OTHER)


@pytest.mark.parametrize(
    "change", [{"size": 41}, {"case_id": "f" * 32}, {"root": merkle.EMPTY_ROOT}]
)
def test_signature_does_not_fit_another_checkpoint(change: dict[str, object]) -> None:
    other = dataclasses.replace(SIGNED.checkpoint, **change)  # type: ignore[arg-type]
    forged = SignedCheckpoint(
        checkpoint=other,
        key_id=checkpoint.key_id(other.origin, PUBLIC),
        signature=SIGNED.signature,
    )
    assert not checkpoint.verify_signature(forged, PUBLIC)


def test_signature_with_the_group_order_added_is_not_taken() -> None:
    # RFC 8032 section 5.1.7: S must be below L, or one text would have two signatures.
    order = 2**252 + 27742317777372353535851937790883648493
    half = int.from_bytes(SIGNED.signature[32:], "little") + order
    doubled = dataclasses.replace(
        SIGNED, signature=SIGNED.signature[:32] + half.to_bytes(32, "little")
    )
    assert not checkpoint.verify_signature(doubled, PUBLIC)


@pytest.mark.parametrize("key", [b"", b"\0" * 31, b"\0" * 33, b"\xff" * 32])
def test_bytes_that_are_no_key_verify_nothing(key: bytes) -> None:
    made = dataclasses.replace(SIGNED, key_id=checkpoint.key_id(SIGNED.checkpoint.origin, key))
    assert not checkpoint.verify_signature(made, key)


def test_json_of_a_checkpoint_is_no_checkpoint() -> None:
    assert reason(json.dumps({"size": 42}).encode()) == "line-count"


def test_root_with_a_character_beyond_ascii_is_refused() -> None:
    lines = b"liuhen/" + b"0" * 32 + "\n1\n\u06e2AAA\n\n".encode()
    note = lines + "\u2014 liuhen/".encode() + b"0" * 32 + b" AAAA\n"
    with pytest.raises(CheckpointFormError):
        checkpoint.parse(note)
