"""What a passphrase is: one line of text that gives the same bytes on every system.

Rules:

1. The bytes are those of RFC 8265 (OpaqueString, section 4.2): every space of Unicode becomes the
   ASCII space, then Unicode NFC, then UTF-8. A word typed on another system opens the case also
   if that system writes its accents or Hangul in another form. Nothing else is changed: upper and
   lower case, full-width letters and spaces at either end all count.
2. A new passphrase that is easily guessed is refused. An old one is only normalised.
"""

import unicodedata
from typing import NewType

from evidence.errors import WeakPassphraseError

Passphrase = NewType("Passphrase", bytes)
"""The normalised UTF-8 bytes."""

MIN_WIDTH = 12
"""Least length, where a Chinese character counts as two."""

MIN_DISTINCT = 5
MAX_CHARACTERS = 1024


def normalised(text: str) -> Passphrase:
    """Return the bytes of ``text`` (rule 1)."""
    spaced = "".join(" " if unicodedata.category(c) == "Zs" else c for c in text)
    # What is no text cannot have been accepted before; it then simply does not open the case.
    return Passphrase(unicodedata.normalize("NFC", spaced).encode("utf-8", "surrogatepass"))


def accepted(text: str) -> Passphrase:
    """Return the bytes of a new passphrase.

    Raises:
        WeakPassphraseError: with the reason in plain words.
    """
    refusals = (
        (not text.strip(), WeakPassphraseError(reason="是空的")),
        (_has_control(text), WeakPassphraseError(reason="里面有打不出来的控制字符")),
        (len(text) > MAX_CHARACTERS, WeakPassphraseError(reason="太长")),
        (text.isdecimal(), WeakPassphraseError(reason="全是数字，太容易被试出来")),
        (
            _width(text) < MIN_WIDTH,
            WeakPassphraseError(reason="太短，至少 12 个字母（一个汉字算两个）"),
        ),
        (
            len(set(text)) < MIN_DISTINCT,
            WeakPassphraseError(reason="只有几个字反复，太容易被试出来"),
        ),
    )
    for applies, error in refusals:
        if applies:
            raise error
    return normalised(text)


def _has_control(text: str) -> bool:
    return any(unicodedata.category(c) in ("Cc", "Cs") for c in text)


def _width(text: str) -> int:
    return sum(1 if c.isascii() else 2 for c in text)
