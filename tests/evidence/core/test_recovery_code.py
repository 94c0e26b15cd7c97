"""A recovery code comes back from paper, and says where it was copied wrongly."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.core.recovery_code import ALPHABET, from_random, parse, printed
from evidence.errors import RecoveryCodeError, RecoveryGroupError

randoms = st.binary(min_size=32, max_size=32)
CODE = printed(from_random(bytes(range(32))))


@given(randoms)
def test_what_is_printed_is_read_back(drawn: bytes) -> None:
    secret = from_random(drawn)
    assert re.fullmatch(rf"([{ALPHABET}]{{5}}-){{6}}[{ALPHABET}]{{5}}", printed(secret))
    assert parse(printed(secret)) == secret


def test_code_holds_at_least_128_random_bits_and_no_character_that_looks_like_another() -> None:
    assert len(ALPHABET) ** len(parse(CODE)) >= 2**128
    assert not set(ALPHABET) & set("01ILOSU")


@pytest.mark.parametrize(
    "typed",
    [
        CODE.lower(),
        CODE.replace("-", " "),
        CODE.replace("-", ""),
        CODE.replace("-", "—"),
        " " + CODE + "\n",
        "".join(chr(ord(c) + 0xFEE0) for c in CODE),  # full width, as a Chinese keyboard types
    ],
)
def test_form_of_typing_does_not_matter(typed: str) -> None:
    assert parse(typed) == parse(CODE)


def groups_told(text: str) -> int:
    with pytest.raises(RecoveryGroupError) as caught:
        parse(text)
    return caught.value.group


def test_every_single_wrong_character_is_told_with_its_group() -> None:
    for place, right in enumerate(CODE):
        if right == "-":
            continue
        for wrong in set(ALPHABET) - {right}:
            assert groups_told(CODE[:place] + wrong + CODE[place + 1 :]) == place // 6 + 1


def test_swapped_neighbours_and_swapped_groups_are_told() -> None:
    for place in range(len(CODE) - 1):
        pair = CODE[place : place + 2]
        if "-" in pair or pair[0] == pair[1]:
            continue
        groups_told(CODE[:place] + pair[::-1] + CODE[place + 2 :])
    parts = CODE.split("-")
    for first, second in itertools.combinations(range(7), 2):
        swapped = list(parts)
        swapped[first], swapped[second] = swapped[second], swapped[first]
        assert groups_told("-".join(swapped)) == first + 1


@pytest.mark.parametrize("text", ["", CODE[:-1], CODE + "2", CODE[:-1] + "0", "密码" + CODE])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(RecoveryCodeError):
        parse(text)
