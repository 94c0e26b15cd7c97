"""Pictures to text with RapidOCR, whose models come with its package.

Rules:

1. A long screenshot is read in strips that overlap; a line in the overlap is taken from the strip
   in whose middle it lies, so that it is whole and counted once.
2. Boxes are in the pixels of the stored picture, also where EXIF says that it is shown turned.
3. Nothing is left out for low confidence; each line says how sure the engine is.
"""

import importlib.metadata
import warnings
from collections.abc import Iterator
from typing import Any, BinaryIO

from evidence.core.records import Region
from evidence.core.transcript import TranscriptLine
from evidence.ingest.picture import MAX_PIXELS
from evidence.ingest.recognise.base import Recognised

STRIP = 2400
"""Height of a strip in pixels; a picture up to a fifth higher is read at once."""

OVERLAP = 240
"""Pixels that neighbouring strips share; more than the height of any line."""

_ORIENTATION = 0x0112
_TURNS = {3: 180, 6: 270, 8: 90}
"""EXIF orientation → degrees counter-clockwise that show the picture upright."""

Box = tuple[int, int, int, int]
"""Left, top, right, bottom."""


class RapidOcr:
    """One engine, loaded once and used for many pictures."""

    def __init__(self) -> None:
        """Load the models; takes about a second.

        Raises:
            ImportError: if the extra ``ocr`` is not installed.
        """
        import logging

        logging.disable(logging.INFO)
        from rapidocr import RapidOCR

        self._read: Any = RapidOCR()  # its result type is a union of every stage's
        packages = ("rapidocr", "onnxruntime")
        self._name = " + ".join(f"{p} {importlib.metadata.version(p)}" for p in packages)

    def recognise(self, original: BinaryIO) -> Recognised:
        """Return the lines of a picture, from top to bottom.

        Raises:
            ValueError: if the picture is too large.
            OSError: if it cannot be decoded.
        """
        picture, turned = _upright(original)
        found: list[tuple[Box, str, int]] = []
        for top, height in strips(picture.height):
            strip = picture.crop((0, top, picture.width, top + height))
            found += self._strip(strip, top, picture.height)
        lines = tuple(
            TranscriptLine(
                text=text,
                region=_region(_stored(box, turned, picture.size), _size(turned, picture.size)),
                confidence=confidence,
            )
            for box, text, confidence in found
        )
        return Recognised(engine=self._name, lines=lines)

    def _strip(self, strip: Any, top: int, whole: int) -> Iterator[tuple[Box, str, int]]:
        import numpy

        pixels = numpy.asarray(strip.convert("RGB"))[:, :, ::-1]
        result = self._read(pixels)
        if result.boxes is None:
            return
        first, last = core(top, strip.height, whole)
        for corners, text, score in zip(result.boxes, result.txts, result.scores, strict=True):
            xs, ys = [float(x) for x, _ in corners], [float(y) + top for _, y in corners]
            middle = (min(ys) + max(ys)) / 2
            if first <= middle < last and text.strip():
                box = (int(min(xs)), int(min(ys)), int(max(xs)) + 1, int(max(ys)) + 1)
                yield box, text, round(float(score) * 1000)


def strips(height: int) -> Iterator[tuple[int, int]]:
    """Yield top and height of the strips of a picture (rule 1)."""
    if height <= STRIP + STRIP // 5:
        yield 0, height
        return
    top = 0
    while True:
        yield top, min(STRIP, height - top)
        if top + STRIP >= height:
            return
        top += STRIP - OVERLAP


def core(top: int, height: int, whole: int) -> tuple[float, float]:
    """Return the part of a strip whose lines are taken from it."""
    first = 0 if top == 0 else top + OVERLAP / 2
    last = whole + 1 if top + height >= whole else top + height - OVERLAP / 2
    return first, last


def _upright(original: BinaryIO) -> tuple[Any, int]:
    """Return the picture as it is shown, and the degrees that it was turned."""
    import pillow_heif
    from PIL import Image

    pillow_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = None  # our own limit is below
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        picture = Image.open(original)
        if picture.width * picture.height > MAX_PIXELS:
            raise ValueError("图片太大")
        turned = _TURNS.get(picture.getexif().get(_ORIENTATION, 1), 0)
        shown: Image.Image = picture.convert("RGB")
    return (shown.rotate(turned, expand=True) if turned else shown), turned


def _stored(box: Box, turned: int, shown: tuple[int, int]) -> Box:
    """Return a box of the shown picture in the pixels of the stored one (rule 2)."""
    left, top, right, bottom = box
    width, height = shown
    match turned:
        case 180:
            return width - right, height - bottom, width - left, height - top
        case 270:  # stored x is shown y, stored y runs against shown x
            return top, width - right, bottom, width - left
        case 90:
            return height - bottom, left, height - top, right
        case _:
            return box


def _size(turned: int, shown: tuple[int, int]) -> tuple[int, int]:
    return shown if turned in (0, 180) else (shown[1], shown[0])


def _region(box: Box, size: tuple[int, int]) -> Region:
    left, top = max(box[0], 0), max(box[1], 0)
    right, bottom = min(box[2], size[0]), min(box[3], size[1])
    return Region(left=left, top=top, width=max(right - left, 1), height=max(bottom - top, 1))
