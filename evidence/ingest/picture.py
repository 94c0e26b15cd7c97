"""Pictures: pixel size and the time the camera or phone wrote into them.

Rules:

1. Width and height are those of the stored pixels; an EXIF rotation is noted, not applied.
2. The EXIF time is when the picture was taken. Without an offset it is read as Chinese standard
   time and says so.
3. Only headers are trusted for size; the pixels are decoded once to learn whether they can be.
4. Only what the first bytes say is tried, and only formats of photos and screenshots. Pillow knows
   others, and has another program run the PostScript that it finds.
"""

import datetime as dt
import warnings
from typing import Any, BinaryIO

from evidence.core import moment
from evidence.core.mask import MAX_PIXELS
from evidence.core.moment import CHINA, Meaning, Moment, Precision, Source
from evidence.core.records import Medium
from evidence.ingest import sniff
from evidence.ingest.base import Extraction

_ORIENTATION = 0x0112
_SOFTWARE = 0x0131
_DATE_TIME = 0x0132
_EXIF_IFD = 0x8769
_ORIGINAL = 0x9003
_OFFSET_TIME = 0x9010
_OFFSET_ORIGINAL = 0x9011
_SUBSEC_ORIGINAL = 0x9291
_USER_COMMENT = 0x9286

_FORMATS = {
    "image/png": ("PNG",),
    "image/jpeg": ("JPEG",),
    "image/gif": ("GIF",),
    "image/webp": ("WEBP",),
    "image/heic": ("HEIF", "AVIF"),
    "image/avif": ("AVIF",),
}
"""Names of Pillow; a picture with a general brand may be of either kind that uses it."""


class PictureImporter:
    """Everything that Pillow and its HEIF plugin can open."""

    name = "picture"
    uses_decoder = True
    general = False

    def identify(self, head: bytes) -> bool:
        """Tell whether the first bytes are a picture's."""
        found = sniff.sniff(head)
        return found is not None and sniff.is_picture(found)

    def extract(self, original: BinaryIO, size: int) -> Extraction:  # noqa: ARG002 - Importer's shape
        """Return the facts of a picture."""
        found = sniff.sniff(original.read(65536))
        media_type = found.media_type if found else "application/octet-stream"
        original.seek(0)
        try:
            return _read(original, media_type)
        except Exception as error:  # noqa: BLE001 - whatever the decoder raises is a recorded failure
            return Extraction(
                importer=self.name,
                media_type=media_type,
                medium=Medium.SCREENSHOT,
                unreadable=f"图片无法打开，可能没有传完整或已损坏（{type(error).__name__}）",
            )


def open_picture(original: BinaryIO) -> Any:
    """Open a picture with Pillow, its pixels not read yet (rule 4).

    Raises:
        OSError: if it is none, or not one of those that can be evidence.
    """
    from PIL import Image, UnidentifiedImageError

    start = original.tell()
    found = sniff.sniff(original.read(64))
    original.seek(start)
    formats = _FORMATS.get(found.media_type) if found else None
    if formats is None:
        raise UnidentifiedImageError
    if "HEIF" in formats:
        import pillow_heif

        pillow_heif.register_heif_opener()
    if any(name not in Image.OPEN for name in formats):
        Image.init()
    return Image.open(original, formats=[name for name in formats if name in Image.OPEN])


def _read(original: BinaryIO, media_type: str) -> Extraction:
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # our own limit is below, and it keeps the header's facts
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        picture = open_picture(original)
        width, height = picture.size
        remarks: list[str] = []
        unreadable, decoded = "", False
        if width * height > MAX_PIXELS:
            remarks.append("图片太大，只读取了尺寸")
        else:
            # An eighth of the size is decoded faster and fails just the same on missing data.
            picture.draft(None, (max(1, width // 8), max(1, height // 8)))
            try:
                picture.load()
                decoded = True
            except (OSError, ValueError, SyntaxError, EOFError, UnidentifiedImageError) as error:
                unreadable = f"图片只能读到一部分，可能没有传完整（{type(error).__name__}）"
        exif, moments = Image.Exif(), tuple[Moment, ...]()
        # Without EXIF in its header a PNG is decoded to look for it behind the pixels.
        if decoded or "exif" in picture.info:
            try:
                exif = picture.getexif()
                moments = _taken(exif)
            except Exception as error:  # noqa: BLE001 - damaged EXIF says nothing about the picture
                remarks.append(
                    f"图片附带的拍摄信息（EXIF）已损坏，没有采用（{type(error).__name__}）"
                )
    facts = [("width", "picture header"), ("height", "picture header")]
    orientation = exif.get(_ORIENTATION)
    if orientation not in (None, 1):
        facts.append(("orientation", f"EXIF {orientation}"))
    software = exif.get(_SOFTWARE)
    if isinstance(software, str) and software.strip():
        facts.append(("software", software.strip()[:200]))
    return Extraction(
        importer=PictureImporter.name,
        media_type=media_type,
        medium=Medium.SCREENSHOT,
        codec=(picture.format or "").lower(),
        width=width,
        height=height,
        moments=moments,
        facts=tuple(facts),
        warnings=tuple(remarks),
        unreadable=unreadable,
    )


def _taken(exif: Any) -> tuple[Moment, ...]:
    """Return EXIF DateTimeOriginal, or DateTime, with offset and fraction if there are any."""
    inner = exif.get_ifd(_EXIF_IFD)
    text = inner.get(_ORIGINAL) or exif.get(_DATE_TIME)
    if not isinstance(text, str):
        return ()
    name = "DateTimeOriginal" if inner.get(_ORIGINAL) else "DateTime"
    offset = inner.get(_OFFSET_ORIGINAL) or inner.get(_OFFSET_TIME)
    try:
        return (_taken_at(name, text, offset, str(inner.get(_SUBSEC_ORIGINAL) or "")),)
    except ValueError:
        return ()


def _taken_at(name: str, text: str, offset: object, subsec: str) -> Moment:
    """Return the moment of one EXIF time; raises ValueError for what is no time."""
    instant = dt.datetime.strptime(text.strip("\0 "), "%Y:%m:%d %H:%M:%S").replace(tzinfo=CHINA)
    zone = _zone(offset)
    fraction = subsec.strip("\0 ")
    exact = len(fraction) >= 3 and fraction.isdecimal() and fraction.isascii()
    if exact:
        instant = instant.replace(microsecond=int(fraction[:3]) * 1000)
    return moment.at(
        instant.replace(tzinfo=zone or CHINA),
        precision=Precision.MILLISECOND if exact else Precision.SECOND,
        source=Source.EXIF,
        meaning=Meaning.CAPTURED,
        basis=f"EXIF {name}={text}" + (f" {offset}" if offset else ""),
        tz_assumed=zone is None,
    )


def _zone(offset: object) -> dt.tzinfo | None:
    """Return the offset; None for a missing one and for what is none, such as +99:00."""
    if not isinstance(offset, str):
        return None
    try:
        return dt.datetime.strptime(offset.strip("\0 "), "%z").tzinfo
    except ValueError:
        return None


def turned(plain: Any, orientation: int) -> Any:
    """Return the picture as displayed (EXIF 2.32 table 6)."""
    from PIL.Image import Transpose

    method = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }.get(orientation)
    return plain if method is None else plain.transpose(method)
