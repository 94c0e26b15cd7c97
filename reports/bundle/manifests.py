"""Manifests and ``bag-info.txt`` of BagIt (RFC 8493), written and read strictly.

``format_…(parse_…(data)) == data`` holds for what this program writes; what a parser refuses, it
refuses with the number of the line.
"""

import re
from collections.abc import Iterable, Mapping

from reports.bundle import layout

_LINE = re.compile(r"([0-9a-f]{64})  ([^\r\n]+)")
_INFO_LINE = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,63}): ([^\r\n]*)")


class LineError(ValueError):
    """A line that is not as this program writes it."""

    def __init__(self, line: int, reason: str) -> None:
        """Say which line, from 1; 0 is the whole file."""
        super().__init__(f"line {line}: {reason}")


def format_manifest(digests: Mapping[str, str]) -> bytes:
    """Return a manifest of SHA-256 digests in hex by path, in order of path."""
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(digests.items())).encode(
        "ascii"
    )


def parse_manifest(data: bytes) -> dict[str, str]:
    """Return the digests by path.

    Raises:
        LineError: for a malformed line, an unsafe path or a path that comes twice.
    """
    digests: dict[str, str] = {}
    for number, line in enumerate(_lines(data, "ascii"), start=1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise LineError(number, "not a digest, two spaces and a path")
        digest, path = match.groups()
        if not layout.is_safe(path):
            raise LineError(number, "unsafe path")
        if path in digests:
            raise LineError(number, "path comes twice")
        digests[path] = digest
    return digests


def format_info(pairs: Iterable[tuple[str, str]]) -> bytes:
    """Return ``bag-info.txt``: one ``Label: value`` a line."""
    lines = [f"{label}: {value}" for label, value in pairs]
    if any(_INFO_LINE.fullmatch(line) is None for line in lines):
        raise ValueError(lines)
    return "".join(f"{line}\n" for line in lines).encode()


def parse_info(data: bytes) -> dict[str, str]:
    """Return the values of ``bag-info.txt`` by label.

    Raises:
        LineError: for a malformed line or a label that comes twice.
    """
    values: dict[str, str] = {}
    for number, line in enumerate(_lines(data, "utf-8"), start=1):
        match = _INFO_LINE.fullmatch(line)
        if match is None:
            raise LineError(number, "not a label and a value")
        if match[1] in values:
            raise LineError(number, "label comes twice")
        values[match[1]] = match[2]
    return values


def _lines(data: bytes, encoding: str) -> list[str]:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise LineError(0, f"not {encoding}") from error
    *lines, last = text.split("\n")
    if last:
        raise LineError(len(lines) + 1, "no newline at the end")
    return lines
