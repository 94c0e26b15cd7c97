"""Manifests and ``bag-info.txt`` of BagIt (RFC 8493).

``format_…(parse_…(data)) == data`` holds for what this program writes; what a parser refuses, it
refuses with the number of the line. Manifests are read strictly. ``bag-info.txt`` is meant "for
human reading and editing" (section 2.2.2), so whatever that section allows is read.
"""

import re
from collections.abc import Iterable, Mapping

from reports.bundle import layout

_LINE = re.compile(r"([0-9a-f]{64})  ([^\r\n]+)")
_INFO_LINE = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,63}): ([^\r\n]*)")
_ANY_INFO_LINE = re.compile(r"([^ \t:]|[^ \t:][^:]*[^ \t:]):[ \t](.*)", re.DOTALL)


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
    lines = _lines(data, "ascii")
    if len(lines) > layout.MAX_FILES:
        raise LineError(0, "too many lines")
    for number, line in enumerate(lines, start=1):
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


def parse_info(data: bytes) -> tuple[tuple[str, str], ...]:
    """Return the labels and values of ``bag-info.txt`` in order; a label may come again.

    A value that goes on in the next line keeps its line break. Bytes that are not UTF-8 are kept
    as lone surrogates.

    Raises:
        LineError: for a line that is no label and value, and for a NUL byte.
    """
    pairs: list[tuple[str, str]] = []
    if b"\0" in data:
        raise LineError(0, "NUL byte")
    lines = re.split("\r\n|\r|\n", data.decode("utf-8", "surrogateescape"))
    for number, line in enumerate(lines[:-1] if lines[-1] == "" else lines, start=1):
        if pairs and line.startswith((" ", "\t")):
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]}\n{line.lstrip()}")
            continue
        match = _ANY_INFO_LINE.fullmatch(line)
        if match is None:
            raise LineError(number, "not a label and a value")
        pairs.append((match[1], match[2]))
    return tuple(pairs)


def _lines(data: bytes, encoding: str) -> list[str]:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise LineError(0, f"not {encoding}") from error
    *lines, last = text.split("\n")
    if last:
        raise LineError(len(lines) + 1, "no newline at the end")
    return lines
