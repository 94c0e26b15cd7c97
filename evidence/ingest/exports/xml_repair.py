"""Make the XML that phones really write readable to a strict parser, losing no text.

SMS Backup & Restore writes an emoji as two references to surrogates (``&#55357;&#56846;``), which
no XML parser takes; recovering parsers silently drop the rest of the element instead. This works
on bytes, before the parser, on pieces cut at ``<``, so that no character, reference or pair of
references is ever divided.

1. Base64 in ``data`` attributes is dropped while it streams by (a phone's videos are there).
2. References to surrogate pairs become the character; half a pair becomes U+FFFD.
3. References to control characters, and raw ones, which XML cannot hold, travel through the parser
   as private-use characters and are put back by ``restore``.
4. A ``&`` that begins none of XML's own references is meant literally.
5. Bytes that are no UTF-8 become U+FFFD, one by one; surrogates encoded one by one are joined.
6. Line breaks and tabs that stand raw in a value would become spaces: they are written as
   references.
"""

import codecs
import functools
import re
from collections.abc import Iterator
from typing import BinaryIO

from evidence.core.export_row import Position
from evidence.ingest.exports.base import MAX_RECORD, too_long

BLOCK = 128 * 1024
_LONG = 64 * 1024
"""From this length on an unfinished tag is looked at for base64."""

_DECLARED = re.compile(
    rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"'](?P<name>[A-Za-z0-9._-]{1,40})[\"']"
)
_GB = frozenset({"gb2312", "gbk", "gb18030", "gb_2312-80", "cp936"})

_NAME = rb"[\w:.\-]++"
_OPEN_DATA = re.compile(
    rb"<" + _NAME + rb"(?:\s++" + _NAME + rb"\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'))*+"
    rb"\s++data\s*+=\s*+[\"']"
)
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/=\s]++|&#1[03];)*+")

_CONTROLS = bytes(c for c in range(32) if c not in (9, 10, 13))
_SUSPECT = re.compile(
    rb"&(?:#[0-9xXa-fA-F]{1,12};(?:&#[0-9xXa-fA-F]{1,12};)*|(?!amp;|lt;|gt;|quot;|apos;))"
)
_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]{1,11})|([0-9]{1,12}));")
_RAW_PAIR = re.compile(rb"\xed([\xa0-\xaf])([\x80-\xbf])\xed([\xb0-\xbf])([\x80-\xbf])")
_BREAK_IN_TAG = {c: re.compile(c + rb"(?!\s*+(?:<|\Z))") for c in (b"\n", b"\r", b"\t")}
_ATTRIBUTE = re.compile(rb"(\s" + _NAME + rb"\s*+=\s*+)(\"[^\"<]*+\"|'[^'<]*+')")

# Plane 16, private use: U+10FE00 + c stands for control character c, U+10FE20 and U+10FE21 for
# U+FFFE and U+FFFF; U+10FE3F marks one of these 64 that the text really holds.
_STAND_IN = 0x10FE00
_STAND_IN_PREFIX = b"\xf4\x8f\xb8"
_REAL = "\U0010fe3f"
_REAL_BYTES = _REAL.encode()
_RESTORE = re.compile("\U0010fe3f(.)|([\U0010fe00-\U0010fe21])")
_RAW_NONCHARACTERS = {
    b"\xef\xbf\xbe": chr(_STAND_IN + 0x20).encode(),
    b"\xef\xbf\xbf": chr(_STAND_IN + 0x21).encode(),
}
_CONTROL_TABLE = {bytes((c,)): chr(_STAND_IN + c).encode() for c in _CONTROLS}


class XmlRepair:
    """The repair of one file."""

    def __init__(self) -> None:
        """Begin at the file's first byte."""
        self.escaped = False
        """Stand-ins were used: every value must go through ``restore``."""
        self.lines_moved = False
        """Line breaks were rewritten or dropped: the parser's lines are no longer the file's."""

    def pieces(self, original: BinaryIO) -> Iterator[bytes]:
        """Give the repaired bytes, as UTF-8, in pieces that begin with ``<`` or the file's begin.

        Raises:
            ExportFormError: for a tag longer than any real one.
        """
        pending, kept = b"", b""
        for block in utf8_blocks(original):
            pending += block
            if kept:
                pending, kept = self._drop(pending, kept)
                if kept:
                    continue
            cut = pending.rfind(b"<")
            if cut > 0:
                yield self.repair(pending[:cut])
                pending = pending[cut:]
            if len(pending) > _LONG and (opened := _OPEN_DATA.match(pending)):
                pending, kept = self._drop(pending[opened.end() :], opened[0])
            if len(pending) > MAX_RECORD:
                raise too_long(Position(record=0), "其中一项内容")
        yield self.repair(kept + pending)

    def repair(self, piece: bytes) -> bytes:
        """Return ``piece`` as the parser takes it."""
        try:
            piece.decode("utf-8")
        except UnicodeDecodeError:
            piece = _RAW_PAIR.sub(_join_raw, piece).decode("utf-8", "replace").encode()
        if _STAND_IN_PREFIX in piece:
            self.escaped = True
            piece = re.sub(_STAND_IN_PREFIX + rb"[\x80-\xbf]", _REAL_BYTES + rb"\g<0>", piece)
        if len(piece.translate(None, _CONTROLS)) != len(piece):
            piece = self._replace(piece, _CONTROL_TABLE)
        if b"\xef\xbf\xbe" in piece or b"\xef\xbf\xbf" in piece:
            piece = self._replace(piece, _RAW_NONCHARACTERS)
        if b"&" in piece:
            piece = _SUSPECT.sub(self._reference, piece)
        if any(c in piece and p.search(piece) for c, p in _BREAK_IN_TAG.items()):
            kept = _ATTRIBUTE.sub(_keep_breaks, piece)
            self.lines_moved |= kept != piece
            piece = kept
        return piece

    def restore(self, text: str) -> str:
        """Return ``text`` with the characters that the stand-ins stand for."""
        return _RESTORE.sub(_put_back, text) if self.escaped else text

    def _drop(self, pending: bytes, kept: bytes) -> tuple[bytes, bytes]:
        """Drop base64 from the begin of ``pending``; return the rest and the tag kept open.

        Anything that is no base64 ends the dropping and goes to the parser, so that a missing
        quote is an error and never swallows what follows.
        """
        run = _BASE64.match(pending)
        end = run.end() if run else 0
        self.lines_moved |= b"\n" in pending[:end]
        rest = pending[end:]
        return (rest, kept) if not rest else (kept + rest, b"")

    def _replace(self, piece: bytes, table: dict[bytes, bytes]) -> bytes:
        self.escaped = True
        for raw, stand_in in table.items():
            piece = piece.replace(raw, stand_in)
        return piece

    def _reference(self, match: re.Match[bytes]) -> bytes:
        run = match[0]
        fixed, escaped = _fixed(run) if len(run) <= _CACHED else _fix(run)
        self.escaped |= escaped
        return fixed


def utf8_blocks(original: BinaryIO) -> Iterator[bytes]:
    """Give the file as UTF-8: UTF-16 by its mark, GB18030 by its declaration, else as it is."""
    head = original.read(BLOCK)
    encoding = _encoding(head)
    if encoding is None:
        while head:
            yield head
            head = original.read(BLOCK)
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    while head:
        yield decoder.decode(head).encode("utf-8", "replace")
        head = original.read(BLOCK)
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def utf8_head(head: bytes) -> bytes:
    """Return the first bytes of a file as UTF-8, without a mark."""
    encoding = _encoding(head)
    if encoding:
        head = head.decode(encoding, "replace").encode("utf-8", "replace")
    return head.removeprefix(codecs.BOM_UTF8)


def _encoding(head: bytes) -> str | None:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    declared = _DECLARED.search(head[:1024])
    if declared and declared["name"].decode("ascii").lower() in _GB:
        return "gb18030"
    return None


def _fix(run: bytes) -> tuple[bytes, bool]:
    """Return a run of references with those that XML refuses rewritten (rules 2 to 4).

    Also whether stand-ins were used.
    """
    if run == b"&":
        return b"&amp;", False
    found = list(_REFERENCE.finditer(run))
    if sum(len(one[0]) for one in found) != len(run):  # such as "&#12ab;": no reference at all
        return run.replace(b"&", b"&amp;"), False
    points = [int(one[1], 16) if one[1] else int(one[2]) for one in found]
    out = []
    escaped = False
    at = 0
    while at < len(points):
        point = points[at]
        following = points[at + 1] if at + 1 < len(points) else 0
        if 0xD800 <= point < 0xDC00 and 0xDC00 <= following < 0xE000:
            out.append(_astral(point, following).encode())
            at += 2
            continue
        if 0xD800 <= point < 0xE000 or point > 0x10FFFF:
            out.append(b"\xef\xbf\xbd")
        elif (point < 32 and point not in (9, 10, 13)) or point in (0xFFFE, 0xFFFF):
            out.append(chr(_STAND_IN + (point if point < 32 else point - 0xFFDE)).encode())
            escaped = True
        elif _STAND_IN <= point < _STAND_IN + 64:
            out.append(_REAL_BYTES + chr(point).encode())
            escaped = True
        else:
            out.append(found[at][0])
        at += 1
    return b"".join(out), escaped


_CACHED = 64
"""Runs up to this length repeat: the same emoji, the same line break."""
_fixed = functools.lru_cache(maxsize=4096)(_fix)


def _join_raw(match: re.Match[bytes]) -> bytes:
    first, second, third, fourth = (part[0] & 0x3F for part in match.groups())
    return _astral(0xD000 | first << 6 | second, 0xD000 | third << 6 | fourth).encode()


def _astral(high: int, low: int) -> str:
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _keep_breaks(match: re.Match[bytes]) -> bytes:
    value = match[2].replace(b"\r", b"&#13;").replace(b"\n", b"&#10;").replace(b"\t", b"&#9;")
    return match[1] + value


def _put_back(match: re.Match[str]) -> str:
    if match[1]:
        return match[1]
    offset = ord(match[2]) - _STAND_IN
    return chr(offset if offset < 32 else offset + 0xFFDE)
