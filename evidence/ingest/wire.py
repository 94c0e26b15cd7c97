"""How the parent and the decoding child talk: a JSON header and raw bytes, length first.

A frame is 4 bytes (big endian) length of the header, the header as UTF-8 JSON with ``bytes`` = n,
and n raw bytes. No pickles: what a broken child sends can only be data.
"""

import json
import struct
from typing import IO

from evidence.core.canonical import JsonValue

MAX_HEADER = 4 * 1024 * 1024
MAX_BYTES = 16 * 1024 * 1024
BLOCK = 1024 * 1024
"""The child reads the original in blocks of this many bytes."""


def send(stream: IO[bytes], header: dict[str, JsonValue], data: bytes | memoryview = b"") -> None:
    """Write one frame."""
    text = json.dumps({**header, "bytes": len(data)}).encode()
    stream.write(struct.pack(">I", len(text)) + text)
    if len(data):
        stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict[str, JsonValue], bytes]:
    """Read one frame.

    Raises:
        EOFError: if the other side is gone.
        ValueError: if what came is no frame.
    """
    (length,) = struct.unpack(">I", _exactly(stream, 4))
    if length > MAX_HEADER:
        raise ValueError("header too long")
    try:
        header = json.loads(_exactly(stream, length))
    except RecursionError as error:
        raise ValueError("header too deep") from error
    if not isinstance(header, dict):
        raise ValueError("header is no object")
    count = header.get("bytes")
    if type(count) is not int or not 0 <= count <= MAX_BYTES:
        raise ValueError("bytes")
    return header, _exactly(stream, count)


def _exactly(stream: IO[bytes], count: int) -> bytes:
    data = stream.read(count)
    if len(data) != count:
        raise EOFError
    return data
