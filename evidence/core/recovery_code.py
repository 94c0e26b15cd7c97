"""A recovery code: a random secret to be written on paper and typed in again.

Rules:

1. Seven groups of five characters. The first four of a group are random, 28 in all, which is 136
   bits; the fifth checks its group, so that the program can say which group was copied wrongly.
2. The alphabet has 29 characters, none of which is easily taken for another: no 0, 1, I, L, O, S
   and U. As 29 is a prime, one wrong character, two swapped neighbours and two swapped groups are
   always noticed.
3. Reading is generous about what does not matter: small letters, full-width letters, spaces and
   dashes of every kind.
"""

import math
import unicodedata
from typing import NewType

from evidence.errors import RecoveryCodeError, RecoveryGroupError

RecoverySecret = NewType("RecoverySecret", bytes)
"""The 28 random characters as ASCII."""

ALPHABET = "23456789ABCDEFGHJKMNPQRTVWXYZ"
GROUPS = 7
GROUP_RANDOM = 4
RANDOM_BYTES = 32
"""Random bytes that ``from_random`` takes: so many more than needed that no character is likelier
than another by more than 2**-119."""

_BASE = len(ALPHABET)
_LENGTH = GROUPS * GROUP_RANDOM


def from_random(drawn: bytes) -> RecoverySecret:
    """Return the secret that ``RANDOM_BYTES`` random bytes give."""
    if len(drawn) != RANDOM_BYTES or math.log2(_BASE) * _LENGTH < 128:
        raise RuntimeError("too few random bits")
    number = int.from_bytes(drawn)
    characters = []
    for _ in range(_LENGTH):
        number, digit = divmod(number, _BASE)
        characters.append(ALPHABET[digit])
    return RecoverySecret("".join(characters).encode())


def printed(secret: RecoverySecret) -> str:
    """Return the code as it is shown: ``ABCDE-…``."""
    text = secret.decode()
    starts = range(0, _LENGTH, GROUP_RANDOM)
    groups = [text[start : start + GROUP_RANDOM] for start in starts]
    return "-".join(group + _check(number, group) for number, group in enumerate(groups))


def parse(text: str) -> RecoverySecret:
    """Read a code that a person typed.

    Raises:
        RecoveryCodeError, RecoveryGroupError: if it was copied wrongly; says where.
    """
    folded = unicodedata.normalize("NFKC", text).upper()
    kept = "".join(c for c in folded if unicodedata.category(c) not in ("Zs", "Pd", "Cc", "Cf"))
    if any(c not in ALPHABET for c in kept):
        raise RecoveryCodeError(reason="里面有恢复码不用的字符")
    size = GROUP_RANDOM + 1
    if len(kept) != GROUPS * size:
        raise RecoveryCodeError(reason="字数不对，应有 35 个")
    groups = [kept[start : start + size] for start in range(0, len(kept), size)]
    for number, group in enumerate(groups):
        if _check(number, group[:GROUP_RANDOM]) != group[GROUP_RANDOM]:
            raise RecoveryGroupError(group=number + 1)
    return RecoverySecret("".join(group[:GROUP_RANDOM] for group in groups).encode())


def _check(number: int, group: str) -> str:
    """Return the character that checks group ``number`` (rule 2)."""
    total = number + sum((place + 2) * ALPHABET.index(c) for place, c in enumerate(group))
    return ALPHABET[total % _BASE]
