"""What bytes are, by their first bytes; names and extensions are not asked.

A table of signatures rather than a library: the small ones tried misjudge AMR, 3GP and HEIC, and
the good one needs a system library.
"""

import dataclasses
import re


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Sniffed:
    """A recognised type."""

    media_type: str
    extension: str
    """The usual extension with its dot, for the bundle."""


_AUDIO = {
    b"#!AMR-WB\n": Sniffed(media_type="audio/amr-wb", extension=".amr"),
    b"#!AMR\n": Sniffed(media_type="audio/amr", extension=".amr"),
    b"fLaC": Sniffed(media_type="audio/flac", extension=".flac"),
    b"OggS": Sniffed(media_type="audio/ogg", extension=".ogg"),
    b"ID3": Sniffed(media_type="audio/mpeg", extension=".mp3"),
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11": Sniffed(media_type="audio/x-ms-wma", extension=".wma"),
}
_PICTURES = {
    b"\x89PNG\r\n\x1a\n": Sniffed(media_type="image/png", extension=".png"),
    b"\xff\xd8\xff": Sniffed(media_type="image/jpeg", extension=".jpg"),
    b"GIF87a": Sniffed(media_type="image/gif", extension=".gif"),
    b"GIF89a": Sniffed(media_type="image/gif", extension=".gif"),
}
_DOCUMENTS = {
    b"%PDF-": Sniffed(media_type="application/pdf", extension=".pdf"),
    b"PK\x03\x04": Sniffed(media_type="application/zip", extension=".zip"),
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": Sniffed(
        media_type="application/x-ole-storage", extension=".xls"
    ),
}
_PROGRAMS = (
    (b"\x7fELF", "ELF"),
    (b"MZ", "Windows"),
    (b"\xcf\xfa\xed\xfe", "macOS"),
    (b"\xce\xfa\xed\xfe", "macOS"),
    (b"\xca\xfe\xba\xbe", "Java/macOS"),
    (b"dex\n", "Android"),
    (b"\x00asm", "WebAssembly"),
    (b"#!/", "script"),
    (b"SQLite format 3\x00", "database"),
)
_PACKED = ((b"AndroidManifest.xml", "Android"), (b"META-INF/MANIFEST.MF", "Java"))
"""File names that only a program in a ZIP archive has near its beginning."""

_HEIF_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})


def sniff(head: bytes) -> Sniffed | None:
    """Return what the first bytes are, or None; plain text is not judged here."""
    for table in (_AUDIO, _PICTURES, _DOCUMENTS):
        for magic, found in table.items():
            if head.startswith(magic):
                return found
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return Sniffed(media_type="audio/wav", extension=".wav")
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Sniffed(media_type="image/webp", extension=".webp")
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"free", b"wide") and len(head) >= 12:
        return _iso_media(head)
    return _frame_sync(head)


def program_kind(head: bytes) -> str:
    """Return which kind of program or database the bytes are; empty if none."""
    if head.startswith(b"PK\x03\x04"):
        return next((kind for name, kind in _PACKED if name in head), "")
    return next((kind for magic, kind in _PROGRAMS if head.startswith(magic)), "")


def is_picture(found: Sniffed) -> bool:
    """Tell whether the type is a picture."""
    return found.media_type.startswith("image/")


def is_audio(found: Sniffed) -> bool:
    """Tell whether the type is, or may hold, sound."""
    return found.media_type.startswith(("audio/", "video/"))


def _iso_media(head: bytes) -> Sniffed:
    """Tell the ISO base media files apart by their major brand (ISO/IEC 14496-12)."""
    brand = head[8:12] if head[4:8] == b"ftyp" else b""
    if brand in _HEIF_BRANDS:
        return Sniffed(media_type="image/heic", extension=".heic")
    if brand in _AVIF_BRANDS:
        return Sniffed(media_type="image/avif", extension=".avif")
    if brand.startswith(b"3g"):
        return Sniffed(media_type="audio/3gpp", extension=".3gp")
    return Sniffed(media_type="audio/mp4", extension=".m4a")


def _frame_sync(head: bytes) -> Sniffed | None:
    """Recognise bare ADTS and MPEG audio by two frame headers in a row."""
    if len(head) < 8 or head[0] != 0xFF:
        return None
    if head[1] & 0xF6 == 0xF0:  # ADTS: sync 0xFFF, layer 0
        length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
        follows = head[length : length + 2]
        if length >= 7 and (len(follows) < 2 or (follows[0] == 0xFF and follows[1] & 0xF6 == 0xF0)):
            return Sniffed(media_type="audio/aac", extension=".aac")
        return None
    layer, bitrate, rate = head[1] & 0x06, head[2] & 0xF0, head[2] & 0x0C
    sync = head[1] & 0xE0 == 0xE0 and layer and bitrate != 0xF0 and rate != 0x0C
    if sync and re.search(rb"\xff[\xe2-\xff]", head[4:4096]):
        return Sniffed(media_type="audio/mpeg", extension=".mp3")
    return None
