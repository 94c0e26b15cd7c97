"""Zips of bundles, good and hostile."""

import struct
import zipfile
from pathlib import Path


def zipped(
    folder: Path,
    target: Path,
    *,
    method: int = zipfile.ZIP_DEFLATED,
    top: str = "packet/",
) -> Path:
    """Pack a bundle; ``top`` is the folder in the zip that holds it."""
    with zipfile.ZipFile(target, "w", method) as file:
        for path in sorted(folder.rglob("*")):
            if path.is_dir() and top:
                file.writestr(f"{top}{path.relative_to(folder)}/", b"")
            elif path.is_file():
                file.write(path, f"{top}{path.relative_to(folder)}")
    return target


def central(data: bytes, name: bytes) -> int:
    """Return where the entry of the directory that has ``name`` begins."""
    at = data.index(b"PK\x01\x02")
    while data[at : at + 4] == b"PK\x01\x02":
        length, extra, note = struct.unpack_from("<HHH", data, at + 28)
        if data[at + 46 : at + 46 + length] == name:
            return at
        at += 46 + length + extra + note
    raise KeyError(name)


def patched(data: bytes, at: int, value: bytes) -> bytes:
    """Return the bytes with some of them replaced."""
    return data[:at] + value + data[at + len(value) :]
