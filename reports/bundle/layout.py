"""Every path inside a bundle (DESIGN section 5), and the check that a path stays inside."""

import re
from pathlib import Path, PurePosixPath

PACKET = "data/packet.pdf"
LEAVES = "data/log/leaves.txt"
ENTRIES = "data/log/entries.jsonl"
EXHIBITS = "data/log/exhibits.json"
CHECKPOINT = "data/anchor/checkpoint"
KEY = "data/anchor/key.pem"
HOW_TO_VERIFY = "verify/how-to-verify.txt"

BAGIT = "bagit.txt"
BAG_INFO = "bag-info.txt"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"

BUNDLE_VERSION = "1"
"""Version of the layout of DESIGN section 5."""

BAGIT_DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
"""The bytes of ``bagit.txt`` (RFC 8493 section 2.1.1)."""

CLIPS = "data/redacted/clips.csv"
"""Which clip is of which recording."""

REQUIRED_PAYLOAD = (PACKET, LEAVES, ENTRIES, EXHIBITS, CHECKPOINT, KEY)
REQUIRED_TAGS = (BAGIT, BAG_INFO, MANIFEST)
"""Tag files that the tag manifest must list."""

MAX_PATH = 200
"""Longest path in a bundle, in characters."""

MAX_FILES = 100_000
"""Files and folders that are looked at."""

_DEVICE = r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|/|$)"
_PART_OF_PATH = rf"(?!(?i:{_DEVICE}))[A-Za-z0-9._-]*[A-Za-z0-9_-]"
_SAFE = re.compile(rf"{_PART_OF_PATH}(?:/{_PART_OF_PATH})*")
_LABEL = r"(E[0-9]{3,6})"
_EXHIBIT = re.compile(rf"data/exhibits/{_LABEL}\.[a-z0-9]{{1,8}}")
_REDACTED = re.compile(
    rf"data/redacted/(?:{_LABEL}(?:-[1-9][0-9]{{0,4}})?\.[a-z0-9]{{1,8}}|clips\.csv)"
)
_TIMESTAMP = re.compile(r"data/anchor/([0-9]{3})\.(tsr|tsq|checkpoint)")
_TEXT = re.compile(r"data/text/[a-z0-9][a-z0-9_-]{0,63}\.txt")
_PART = re.compile(r"data/parts/packet-[1-9][0-9]{0,3}\.pdf")
_KNOWN = frozenset({*REQUIRED_PAYLOAD, *REQUIRED_TAGS, TAG_MANIFEST})


def text(name: str) -> str:
    """Return the path of a paste text."""
    return f"data/text/{name}.txt"


def verifier(name: str) -> str:
    """Return the path of a program that checks the bundle, or of the explanation."""
    return f"verify/{name}"


def part(number: int) -> str:
    """Return the path of a part of the PDF."""
    return f"data/parts/packet-{number}.pdf"


def redacted(label: str, extension: str) -> str:
    """Return the path of a derived copy or table of an exhibit, or of a clip (``E001-14``)."""
    return f"data/redacted/{label}{extension}"


def timestamp(number: str, extension: str) -> str:
    """Return the path of one of the files of a timestamp: ``.tsr``, ``.tsq``, ``.checkpoint``."""
    return f"data/anchor/{number}{extension}"


def exhibit_label(path: str) -> str | None:
    """Return ``E001`` for the file of an exhibit, None for any other path."""
    match = _EXHIBIT.fullmatch(path)
    return None if match is None else match[1]


def is_redacted(path: str) -> bool:
    """Tell whether the file is a derived copy for the reader."""
    return _REDACTED.fullmatch(path) is not None


def timestamp_number(path: str) -> str | None:
    """Return ``001`` for a file of a trusted timestamp, None for any other path."""
    match = _TIMESTAMP.fullmatch(path)
    return None if match is None else match[1]


def is_known(path: str) -> bool:
    """Tell whether DESIGN section 5 has such a file."""
    patterns = (_EXHIBIT, _REDACTED, _TIMESTAMP, _TEXT, _PART)
    return path in _KNOWN or path.startswith("verify/") or any(p.fullmatch(path) for p in patterns)


def is_safe(path: str) -> bool:
    """Tell whether a path stays in the bundle and is the same file on every system."""
    return len(path) <= MAX_PATH and _SAFE.fullmatch(path) is not None


def inside(root: Path, path: str) -> Path:
    """Return the file of a bundle path; the path must be safe."""
    if not is_safe(path):
        raise ValueError(f"unsafe path {path!r}")
    return root.joinpath(*PurePosixPath(path).parts)
