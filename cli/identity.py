"""Plausibility of an identity number and a telephone number; it warns, it never refuses."""

import re

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_ID_NUMBER = re.compile(r"[0-9]{17}[0-9X]")


def id_number_is_plausible(text: str) -> bool:
    """Tell whether an 18-digit identity number has the right check digit (GB 11643-1999)."""
    number = text.upper()
    if _ID_NUMBER.fullmatch(number) is None:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return number[17] == _CHECK_DIGITS[total % 11]


def mask_id_number(text: str) -> str:
    """Return an identity number with the middle hidden."""
    if len(text) < 8:
        return "*" * len(text)
    return text[:4] + "*" * (len(text) - 8) + text[-4:]
