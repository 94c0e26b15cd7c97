"""Canonical JSON: exact bytes out, and nothing but those bytes in."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.core import canonical
from evidence.core.canonical import (
    MAX_BYTES,
    MAX_CONTAINERS,
    MAX_DEPTH,
    MAX_INTEGER,
    JsonValue,
    decode,
    encode,
)
from evidence.errors import CanonicalFormError
from tests.evidence.core.strategies import objects, values

_ESCAPES = {
    0x08: "\\b",
    0x09: "\\t",
    0x0A: "\\n",
    0x0C: "\\f",
    0x0D: "\\r",
    0x22: '\\"',
    0x5C: "\\\\",
}


def naive(value: JsonValue) -> bytes:
    """An encoder written from RFC 8785 alone, sharing nothing with the one under test."""
    if value is None:
        return b"null"
    if value is True:
        return b"true"
    if value is False:
        return b"false"
    if isinstance(value, int):
        return b"%d" % value
    if isinstance(value, str):
        return naive_string(value)
    if isinstance(value, list | tuple):
        return b"[" + b",".join(map(naive, value)) + b"]"
    # Section 3.2.3: sorted by the UTF-16 code units of the names.
    members = sorted(value.items(), key=lambda kv: kv[0].encode("utf-16-be"))
    return b"{" + b",".join(naive_string(k) + b":" + naive(v) for k, v in members) + b"}"


def naive_string(text: str) -> bytes:
    """Section 3.2.2.2."""
    out = []
    for character in text:
        code = ord(character)
        if code in _ESCAPES:
            out.append(_ESCAPES[code])
        elif code < 0x20:
            out.append(f"\\u{code:04x}")
        else:
            out.append(character)
    return ('"' + "".join(out) + '"').encode("utf-8")


def reason(action: object, *arguments: object) -> str:
    """Call and return the reason of the refusal."""
    with pytest.raises(CanonicalFormError) as caught:
        action(*arguments)  # type: ignore[operator]
    return caught.value.reason


# --- round trip and oracle ------------------------------------------------------------------------


@given(objects)
def test_what_is_encoded_decodes_to_the_same_value(value: dict[str, JsonValue]) -> None:
    assert decode(encode(value)) == value


@given(objects)
def test_what_is_decoded_encodes_to_the_same_bytes(value: dict[str, JsonValue]) -> None:
    body = naive(value)
    assert encode(decode(body)) == body


@given(objects)
def test_bytes_equal_those_of_an_independent_encoder(value: dict[str, JsonValue]) -> None:
    assert encode(value) == naive(value)


@given(objects)
def test_bytes_are_json_that_any_parser_reads(value: dict[str, JsonValue]) -> None:
    assert json.loads(encode(value)) == value


@given(st.binary(max_size=64))
def test_decode_never_raises_anything_but_its_own_error(data: bytes) -> None:
    try:
        value = decode(data)
    except CanonicalFormError:
        return
    assert naive(value) == data


@given(objects, st.data())
def test_every_kind_of_noise_in_a_body_is_refused_or_seen(
    value: dict[str, JsonValue], data: st.DataObject
) -> None:
    body = encode(value)
    at = data.draw(st.integers(0, len(body)))
    noise = data.draw(st.binary(min_size=1, max_size=3))
    _assert_refused_or_other(body[:at] + noise + body[at:], value)


def _assert_refused_or_other(changed: bytes, value: dict[str, JsonValue]) -> None:
    try:
        seen = decode(changed)
    except CanonicalFormError:
        return
    # 1 == True in Python, so compare what the oracle writes.
    assert naive(seen) == changed
    assert naive(seen) != naive(value)


def test_every_flip_of_every_byte_is_refused_or_decodes_to_another_value() -> None:
    value: dict[str, JsonValue] = {
        "a": ['\u0000\u001f"\\/', True, False, None, -1, 0, 9007199254740991],
        "b": {"": "催收\U0001f600", "z": []},
        "c": "\u007f\u2028",
    }
    body = encode(value)
    for at in range(len(body)):
        for flip in range(1, 256):
            changed = body[:at] + bytes([body[at] ^ flip]) + body[at + 1 :]
            _assert_refused_or_other(changed, value)


def test_every_deletion_and_swap_is_refused_or_decodes_to_another_value() -> None:
    value: dict[str, JsonValue] = {"k": ["ab", 10, {"x": None, "y": "z"}], "n": -12}
    body = encode(value)
    for at in range(len(body)):
        _assert_refused_or_other(body[:at] + body[at + 1 :], value)
        _assert_refused_or_other(body[:at], value)
        if body[at : at + 1] != body[at + 1 : at + 2] and at + 1 < len(body):
            swapped = body[:at] + body[at + 1 : at + 2] + body[at : at + 1] + body[at + 2 :]
            _assert_refused_or_other(swapped, value)


# --- RFC 8785 -------------------------------------------------------------------------------------


def test_rfc_8785_string_vector_of_section_3_2_2() -> None:
    text = "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/"
    assert encode({"string": text}) == '{"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'.encode()


def test_rfc_8785_literals_vector_of_section_3_2_2() -> None:
    assert encode({"literals": [None, True, False]}) == b'{"literals":[null,true,false]}'


@pytest.mark.parametrize("code", range(0x20))
def test_control_characters_have_their_one_escape(code: int) -> None:
    assert encode({"s": chr(code)}) == b'{"s":' + naive_string(chr(code)) + b"}"


@pytest.mark.parametrize(
    "text", ["/", "\u007f", "\u0080", "\u2028", "\u2029", "\ufeff", "<>&'", "\U0010ffff", "\ufffe"]
)
def test_nothing_else_is_escaped(text: str) -> None:
    assert encode({"s": text}) == f'{{"s":"{text}"}}'.encode()


@pytest.mark.parametrize(
    "body",
    [
        b'{"s":"\\/"}',
        b'{"s":"\\u0041"}',
        b'{"s":"\\u000A"}',
        b'{"s":"\\u000a"}',
        b'{"s":"\\u001F"}',
        b'{"s":"\\u007f"}',
        b'{"s":"\\u20ac"}',
        b'{"s":"\\ud83d\\ude00"}',
        b'{"\\u0041":1}',
    ],
)
def test_another_spelling_of_a_string_is_refused(body: bytes) -> None:
    assert reason(decode, body) == "not-canonical"


def test_keys_are_sorted_by_code_unit() -> None:
    assert encode({"b": 1, "a": 2, "B": 3, "": 4, "\x7f": 5, "aa": 6}) == (
        b'{"":4,"B":3,"a":2,"aa":6,"b":1,"\x7f":5}'
    )


def test_text_is_not_normalised() -> None:
    composed, decomposed = "\u00e9", "e\u0301"
    assert encode({"s": composed}) != encode({"s": decomposed})
    assert decode(encode({"s": decomposed + "！㎡①"})) == {"s": decomposed + "！㎡①"}


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ({"x": 1.0}, "type-float"),
        ({"x": -0.0}, "type-float"),
        ({"x": float("nan")}, "type-float"),
        ({"x": float("inf")}, "type-float"),
        ({"x": MAX_INTEGER + 1}, "integer-out-of-range"),
        ({"x": -MAX_INTEGER - 1}, "integer-out-of-range"),
        ({"x": 10**5000}, "integer-out-of-range"),
        ({"x": b"bytes"}, "type-bytes"),
        ({"x": {1}}, "type-set"),
        ({"é": 1}, "key-not-ascii"),
        ({1: 1}, "key-not-ascii"),
        ({None: 1}, "key-not-ascii"),
        ({"x": {"键": 1}}, "key-not-ascii"),
        ({"x": "\ud800"}, "lone-surrogate"),
        ({"x": "a\udfff"}, "lone-surrogate"),
        ({"x": "\ud83d\ude00"}, "lone-surrogate"),
    ],
)
def test_value_without_canonical_form_is_refused(value: dict[str, JsonValue], why: str) -> None:
    assert reason(encode, value) == why


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b'{"a":1',
        b'{"a":1}}',
        b'{"a":1}{}',
        b'{"a":1}\x00',
        b"\xef\xbb\xbf{}",
        b'{"a":1,}',
        b"{'a':1}",
        b'{"a":01}',
        b'{"a":+1}',
        b'{"a":.5}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":-Infinity}',
        b'{"a":nan}',
        b'{"a":0x10}',
        b'{"a":"\\ud800"}',
        b'{"a":"\\udfff"}',
        b'{"a":True}',
        b'{"a":/**/1}',
        b'{"a":"\n"}',
        b'{"a":"\xff"}',
        b'{"a":"\xed\xa0\x80"}',
        b'{"a":"\xc0\xaf"}',
        '{"a":"x"}'.encode("utf-16"),
    ],
)
def test_bytes_that_are_no_json_are_refused(body: bytes) -> None:
    assert reason(decode, body) == "not-json"


@pytest.mark.parametrize("body", [b"[]", b"1", b'"x"', b"null", b"true"])
def test_anything_but_an_object_is_refused(body: bytes) -> None:
    assert reason(decode, body) == "not-an-object"


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": 1}',
        b' {"a":1}',
        b'{"a":1}\n',
        b'{"a":1} ',
        b'{ "a":1}',
        b'{"a":[1, 2]}',
        b'{"a":-0}',
        b'{"b":1,"a":1}',
        b'{"a":1,"a":1}',
        b'{"a":1,"a":2}',
    ],
)
def test_json_that_encode_would_not_write_is_refused(body: bytes) -> None:
    assert reason(decode, body) == "not-canonical"


def test_integers_beyond_the_range_are_refused_when_read() -> None:
    assert reason(decode, b'{"a":9007199254740992}') == "integer-out-of-range"
    assert reason(decode, b'{"a":-9007199254740992}') == "integer-out-of-range"
    assert reason(decode, b'{"a":' + b"1" * 10_000 + b"}") == "not-json"


@pytest.mark.parametrize("number", [b"1.0", b"1e3", b"1E3", b"-0.0", b"1" * 30])
def test_numbers_that_are_no_integers_are_refused_when_read(number: bytes) -> None:
    assert reason(decode, b'{"a":' + number + b"}") == "type-float"


def test_non_ascii_keys_are_refused_when_read() -> None:
    assert reason(decode, '{"é":1}'.encode()) == "key-not-ascii"


def test_depth_is_limited_on_both_sides() -> None:
    def nested(depth: int) -> dict[str, JsonValue]:
        value: JsonValue = 1
        for _ in range(depth - 1):
            value = [value]
        return {"x": value}

    assert decode(encode(nested(MAX_DEPTH))) == nested(MAX_DEPTH)
    assert reason(encode, nested(MAX_DEPTH + 1)) == "too-deep"
    assert reason(decode, naive(nested(MAX_DEPTH + 1))) == "too-deep"


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_nesting_without_end_is_refused_and_not_a_crash(opening: bytes) -> None:
    body = b'{"x":' + opening * 900_000
    assert reason(decode, body) == "not-json"


def test_more_arrays_than_fit_into_memory_are_refused_in_both_directions() -> None:
    many = b'{"x":[' + b"[]," * MAX_CONTAINERS + b"[]]}"
    assert reason(decode, many) == "too-many"
    assert reason(encode, {"x": [[]] * MAX_CONTAINERS}) == "too-many"


def test_brackets_in_a_text_are_no_arrays() -> None:
    value = {"x": '[{\\"' * MAX_CONTAINERS}
    assert decode(encode(value)) == value


def test_length_is_limited_on_both_sides() -> None:
    frame = len(b'{"x":""}')
    longest = {"x": "a" * (MAX_BYTES - frame)}
    assert decode(encode(longest)) == longest
    too_long = {"x": "a" * (MAX_BYTES - frame + 1)}
    assert reason(encode, too_long) == "too-long"
    assert reason(decode, naive(too_long)) == "too-long"


@given(values)
def test_tuples_and_lists_are_the_same_array(value: JsonValue) -> None:
    assert canonical.encode({"x": (value,)}) == canonical.encode({"x": [value]})
