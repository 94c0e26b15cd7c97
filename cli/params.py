"""Values on the command line: each turns text into a value or says in Chinese what it needs.

They are plain functions for ``type=``; what they raise is a ``ValueFormError``.
"""

import re
from collections.abc import Callable, Mapping

from cli.i18n import N_, _
from evidence.core import timecode
from evidence.core.moment import Moment, parse_user_time
from evidence.core.records import Region
from evidence.errors import ValueFormError

SMALLEST = 100_000
"""Bytes; a smaller part would hold no page with its fonts."""
_UNITS = {"K": 1_000, "M": 1_000_000}


def seq(text: str) -> int:
    """Return the number of an entry; ``#12`` is accepted as it is shown."""
    digits = text.removeprefix("#")
    if re.fullmatch(r"[0-9]{1,15}", digits) is None:
        raise ValueFormError(value=text, what=N_("编号"), example="12")
    return int(digits)


def when(text: str) -> Moment:
    """Return a time as a person writes it."""
    return parse_user_time(text)


def position(text: str) -> int:
    """Return a place in a recording in milliseconds."""
    return timecode.parse(text)


def region(text: str) -> Region:
    """Return a box of a picture: left, top, width, height in pixels."""
    parts = text.replace("，", ",").split(",")
    if len(parts) != 4 or not all(re.fullmatch(r" *[0-9]{1,6} *", part) for part in parts):
        raise ValueFormError(value=text, what=N_("图片区域"), example="40,300,1000,180")
    left, top, width, height = (int(part) for part in parts)
    return Region(left=left, top=top, width=width, height=height)


def file_size(text: str) -> int:
    """Return bytes: ``5MB``, ``800KB``; a million and a thousand, to be on the safe side."""
    found = re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]{1,3})?) *([KkMm])[Bb]?", text.strip())
    size = round(float(found[1]) * _UNITS[found[2].upper()]) if found else 0
    if size < SMALLEST:
        raise ValueFormError(value=text, what=N_("大小（至少 100KB）"), example="5MB")
    return size


def one_of(words: Mapping[str, str], what: str) -> Callable[[str], str]:
    """Return a type that takes an identifier of ``words`` or its Chinese word."""

    def choice(text: str) -> str:
        if text in words:
            return text
        for identity, word in words.items():
            if text == word:
                return identity
        example = " / ".join(
            _("{name}（{type}）").format(name=i, type=_(word)) for i, word in words.items()
        )
        raise ValueFormError(value=text, what=what, example=example)

    return choice
