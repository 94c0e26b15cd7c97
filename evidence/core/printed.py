"""What of a checkpoint fits on paper: the short code on every page, and the text of the QR code.

QR code, one line of characters that its alphanumeric mode has::

    LIUHEN1 CASE:<case id> SIZE:<entries> ROOT:<hex root> TIME:<when the packet was made>

Rules:

1. The short code is the first 16 hex digits of SHA-256 of the signed note. It names a checkpoint
   and holds nothing of it; whoever has the case can find the note again.
2. A person types both: blanks, the case of letters and full-width forms do not matter. The code
   is of hex digits, so that ``O`` and ``I`` in it can only be meant for 0 and 1; the word that the
   page prints before it may be copied too. Nothing else may differ.
3. ``TIME`` is the program's clock. It is for the reader; nothing confirms it.
"""

import dataclasses
import hashlib
import re
import unicodedata

from evidence.core.merkle import RootHash

_TEXT = re.compile(
    r"LIUHEN1 CASE:([0-9A-F]{32}) SIZE:([1-9][0-9]{0,15}) ROOT:([0-9A-F]{64}) TIME:([0-9TZ:.-]+)"
)
_CODE = re.compile(r"[0-9A-F]{16}")
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212\uff0d\u3000]+")
_MISREAD = str.maketrans("OIL", "011")
_WORD = "检查点"
"""What stands before the code on a page."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PrintedCheckpoint:
    """What a QR code says."""

    case_id: str
    size: int
    root: RootHash
    time: str
    """RFC 3339."""

    @property
    def text(self) -> str:
        """The text of the QR code."""
        case, root = self.case_id.upper(), self.root.hex().upper()
        return f"LIUHEN1 CASE:{case} SIZE:{self.size} ROOT:{root} TIME:{self.time}"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ShortCode:
    """What stands on every page: ``0123-4567-89AB-CDEF``."""

    digits: str

    @property
    def text(self) -> str:
        """The digits in groups of four."""
        return "-".join(self.digits[i : i + 4] for i in range(0, 16, 4))

    def distance(self, other: "ShortCode") -> int:
        """Return in how many digits two codes differ."""
        return sum(a != b for a, b in zip(self.digits, other.digits, strict=True))


def short_code(note: bytes) -> ShortCode:
    """Return the code of a signed note."""
    return ShortCode(digits=hashlib.sha256(note).hexdigest()[:16].upper())


def parse_text(text: str) -> PrintedCheckpoint | None:
    """Return what the text of a QR code says; None if it is none."""
    match = _TEXT.fullmatch(" ".join(_narrow(text).split()))
    if match is None:
        return None
    case_id, size, root, time = match.groups()
    return PrintedCheckpoint(
        case_id=case_id.lower(), size=int(size), root=RootHash(bytes.fromhex(root)), time=time
    )


def parse_code(text: str) -> ShortCode | None:
    """Return the short code that somebody typed, with or without blanks; None if it is none."""
    digits = _SEPARATORS.sub("", text).removeprefix(_WORD).lstrip(":：")
    digits = _narrow(digits).translate(_MISREAD)
    return ShortCode(digits=digits) if _CODE.fullmatch(digits) else None


def _narrow(text: str) -> str:
    # Only of what was typed, never of anything stored or printed.
    return unicodedata.normalize("NFKC", text).upper()
