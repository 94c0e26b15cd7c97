"""A strict reader of DER: just enough to find the parts of a timestamp response.

Rules:

1. Definite lengths in their shortest form only; one value fills the input exactly.
2. Every value remembers the bytes that it was read from, so that what is hashed is what was sent.
3. Anything else is a ``DerError``; recursion is bounded by the caller's own steps.
"""

import dataclasses

SEQUENCE, SET, INTEGER, BOOLEAN = 0x30, 0x31, 0x02, 0x01
OCTET_STRING, OID, NULL, GENERALIZED_TIME = 0x04, 0x06, 0x05, 0x18


class DerError(ValueError):
    """Bytes that are not the DER expected at this place."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One tag with its content."""

    tag: int
    content: bytes
    encoded: bytes
    """Tag, length and content, as they were read."""

    def children(self) -> list["Value"]:
        """Return the values inside a constructed one."""
        if not self.tag & 0x20:
            raise DerError(f"tag {self.tag:02x} is not constructed")
        found, at = [], 0
        while at < len(self.content):
            value, at = _read(self.content, at)
            found.append(value)
        return found

    def expect(self, tag: int) -> "Value":
        """Return the value itself if it has this tag."""
        if self.tag != tag:
            raise DerError(f"tag {self.tag:02x} instead of {tag:02x}")
        return self

    def integer(self) -> int:
        """Return an INTEGER that is not negative."""
        content = self.expect(INTEGER).content
        if not content or (len(content) > 1 and content[0] == 0 and content[1] < 0x80):
            raise DerError("integer form")
        number = int.from_bytes(content, "big", signed=True)
        if number < 0:
            raise DerError("negative integer")
        return number

    def oid(self) -> str:
        """Return an OBJECT IDENTIFIER in dotted form."""
        arcs, number = [], 0
        content = self.expect(OID).content
        if not content or content[-1] & 0x80:
            raise DerError("object identifier form")
        for byte in content:
            if number == 0 and byte == 0x80:
                raise DerError("object identifier form")
            number = number << 7 | byte & 0x7F
            if not byte & 0x80:
                arcs.append(number)
                number = 0
        first = min(arcs[0] // 40, 2)
        return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


def parse(data: bytes) -> Value:
    """Return the one value that ``data`` is."""
    value, end = _read(data, 0)
    if end != len(data):
        raise DerError("bytes after the end")
    return value


def encode(tag: int, content: bytes) -> bytes:
    """Return tag, length and content."""
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def _read(data: bytes, at: int) -> tuple[Value, int]:
    if at + 2 > len(data):
        raise DerError("cut off")
    tag, size, start = data[at], data[at + 1], at + 2
    if tag & 0x1F == 0x1F:
        raise DerError("long tag")
    if size & 0x80:
        count = size & 0x7F
        if not 1 <= count <= 4 or start + count > len(data):
            raise DerError("length form")
        size = int.from_bytes(data[start : start + count], "big")
        start += count
        if size < 0x80 or size.bit_length() <= 8 * (count - 1):
            raise DerError("length form")
    end = start + size
    if end > len(data):
        raise DerError("cut off")
    return Value(tag=tag, content=data[start:end], encoded=data[at:end]), end
