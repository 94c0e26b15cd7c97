"""What is printed of a checkpoint reads back as the same, however a person types it."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.core.merkle import RootHash
from evidence.core.printed import (
    PrintedCheckpoint,
    ShortCode,
    parse_code,
    parse_text,
    short_code,
)

PRINTED = PrintedCheckpoint(
    case_id="00112233445566778899aabbccddeeff",
    size=216,
    root=RootHash(bytes(range(32))),
    time="2026-11-24T16:30:00.000Z",
)
QR_ALPHANUMERIC = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


def test_the_text_has_only_characters_of_the_dense_mode_of_a_qr_code() -> None:
    assert set(PRINTED.text) <= QR_ALPHANUMERIC


@pytest.mark.parametrize("change", [str, str.lower, lambda t: f"\n {t.replace(' ', '  ')} "])
def test_the_text_reads_back_whatever_blanks_and_case(change: "type[str]") -> None:
    assert parse_text(change(PRINTED.text)) == PRINTED


@given(place=st.integers(0, 150), new=st.sampled_from("0AG _"))
def test_a_changed_text_says_something_else_or_nothing(place: int, new: str) -> None:
    text = PRINTED.text
    changed = text[:place] + new + text[place + 1 :]
    if changed != text:
        assert parse_text(changed) != PRINTED


@pytest.mark.parametrize(
    "text",
    ["", "LIUHEN1", PRINTED.text.replace("LIUHEN1", "LIUHEN2"), PRINTED.text + " X"]
    + [PRINTED.text.replace("SIZE:216", size) for size in ("SIZE:0216", "SIZE:+216", "SIZE:0")],
)
def test_what_is_no_text_of_a_code_is_none(text: str) -> None:
    assert parse_text(text) is None


def test_a_short_code_is_the_digest_of_the_note() -> None:
    digits = hashlib.sha256(b"note").hexdigest()[:16].upper()
    assert short_code(b"note").digits == digits
    assert short_code(b"note").text == "-".join(digits[i : i + 4] for i in (0, 4, 8, 12))


@pytest.mark.parametrize(
    "typed",
    [
        "0123-4567-89AB-CDEF",
        "0123 4567 89ab cdef",
        "0123456789abcdef",
        " 0123—4567－89AB　CDEF\n",
        "０１２３－４５６７－８９ａｂ－ＣＤＥＦ",
        "O123-4567-89AB-CDEF",
        "ol23-4567-89ab-cdef",
        "检查点 0123-4567-89AB-CDEF",
    ],
)
def test_a_short_code_is_read_with_any_blanks(typed: str) -> None:
    assert parse_code(typed) == ShortCode(digits="0123456789ABCDEF")


@pytest.mark.parametrize(
    "typed",
    ["", "0123", "0123-4567-89AB-CDEG", "0123-4567-89AB-CDEF-0", "检查 0123-4567-89AB-CDEF"],
)
def test_what_is_no_short_code_is_none(typed: str) -> None:
    assert parse_code(typed) is None


def test_codes_differ_by_their_digits() -> None:
    code = ShortCode(digits="0123456789ABCDEF")
    assert code.distance(code) == 0
    assert code.distance(ShortCode(digits="0123456789ABCDFE")) == 2
