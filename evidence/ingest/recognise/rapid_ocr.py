"""Pictures to text with RapidOCR, whose models come with its package.

Rules:

1. A long screenshot is read in strips that overlap. Around the middle of an overlap lines are taken
   from both strips, and what stands at the same place is kept once: no line is lost or doubled.
2. Boxes are in the pixels of the stored picture, also where EXIF says that it is shown turned.
3. Nothing is left out for low confidence; each line says how sure the engine is.
4. ONNX Runtime reports nothing to its maker and leaves nothing in the home folder.
"""

import dataclasses
import importlib.metadata
import warnings
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from evidence.core.mask import MAX_PIXELS
from evidence.core.records import Region
from evidence.core.transcript import TranscriptLine
from evidence.ingest.picture import open_picture
from evidence.ingest.recognise.base import Recognised, UnreadableError, report_nothing

STRIP = 2400
"""Height of a strip in pixels; a picture up to a fifth higher is read at once."""

OVERLAP = 240
"""Pixels that neighbouring strips share at least; more than the height of any line."""

SLACK = 60
"""Pixels around the middle of an overlap in which both strips are listened to: the engine does not
put the same line at the same place twice."""

_SLENDER = 4
"""The engine enlarges the short side of what it is given, whatever becomes of the long one, and
does not look for lines in very wide pictures: a side is at least this part of the other."""

_ORIENTATION = 0x0112
_TURNS = {3: 180, 6: 270, 8: 90}
"""EXIF orientation → degrees counter-clockwise that show the picture upright."""

Box = tuple[int, int, int, int]
"""Left, top, right, bottom."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One line, in the pixels of the picture as it is shown."""

    box: Box
    text: str
    confidence: int
    """In thousandths."""

    @property
    def middle(self) -> float:
        """Its height in the picture."""
        return (self.box[1] + self.box[3]) / 2


class RapidOcr:
    """One engine, loaded once and used for many pictures."""

    def __init__(self) -> None:
        """Load the models; takes about a second.

        Raises:
            ImportError: if the extra ``ocr`` is not installed.
        """
        import logging

        logging.disable(logging.INFO)
        report_nothing()
        import onnxruntime
        from rapidocr import RapidOCR

        onnxruntime.disable_telemetry_events()  # where the variable is not heard: on Windows

        # By itself it drops the lines that it is less than half sure of (rule 3).
        self._read: Any = RapidOCR(params={"Global.text_score": 0.0})
        packages = ("rapidocr", "onnxruntime")
        self._name = " + ".join(f"{p} {importlib.metadata.version(p)}" for p in packages)

    def recognise(self, original: BinaryIO) -> Recognised:
        """Return the lines of a picture, from top to bottom.

        Raises:
            UnreadableError: if the picture is too large or cannot be decoded.
        """
        picture, turned = _upright(original)
        found: list[Found] = []
        end = 0
        for top, height in strips(picture.height):
            strip = picture.crop((0, top, picture.width, top + height))
            found = joined(found, tuple(self._lines(strip, top)), border=(top + end) / 2)
            end = top + height
        lines = tuple(
            TranscriptLine(
                text=line.text,
                region=_region(
                    _stored(line.box, turned, picture.size), _size(turned, picture.size)
                ),
                confidence=line.confidence,
            )
            for line in found
        )
        return Recognised(engine=self._name, lines=lines)

    def _lines(self, strip: Any, top: int) -> Iterator[Found]:
        import numpy

        result = self._read(numpy.asarray(_stout(strip))[:, :, ::-1])
        if result.boxes is None:
            return
        for corners, text, score in zip(result.boxes, result.txts, result.scores, strict=True):
            xs, ys = [float(x) for x, _ in corners], [float(y) + top for _, y in corners]
            if text.strip():
                box = (int(min(xs)), int(min(ys)), int(max(xs)) + 1, int(max(ys)) + 1)
                yield Found(box=box, text=text, confidence=round(float(score) * 1000))


def strips(height: int) -> Iterator[tuple[int, int]]:
    """Yield top and height of the strips of a picture; of several each is as high (rule 1)."""
    if height <= STRIP + STRIP // 5:
        yield 0, height
        return
    top = 0
    while top + STRIP < height:
        yield top, STRIP
        top += STRIP - OVERLAP
    yield height - STRIP, STRIP


def joined(above: Sequence[Found], below: Sequence[Found], *, border: float) -> list[Found]:
    """Return the lines of the strips so far and of the next one (rule 1).

    Args:
        above: the lines so far.
        below: the lines of the next strip.
        border: the middle of what both strips show.
    """
    kept = [line for line in above if line.middle < border + SLACK]
    fresh = [
        line
        for line in below
        if line.middle >= border - SLACK and not any(_same_place(line, known) for known in kept)
    ]
    return kept + fresh


def _same_place(one: Found, other: Found) -> bool:
    """Tell whether two boxes share more than half of the smaller one."""
    left, top = max(one.box[0], other.box[0]), max(one.box[1], other.box[1])
    right, bottom = min(one.box[2], other.box[2]), min(one.box[3], other.box[3])
    shared = max(right - left, 0) * max(bottom - top, 0)
    return 2 * shared > min(_area(one.box), _area(other.box))


def _area(box: Box) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])


def _upright(original: BinaryIO) -> tuple[Any, int]:
    """Return the picture as it is shown, and the degrees that it was turned."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # our own limit is below
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            picture: Image.Image = open_picture(original)
            if picture.width * picture.height > MAX_PIXELS:
                raise UnreadableError("图片太大，没有识别")
            turned = _TURNS.get(picture.getexif().get(_ORIENTATION, 1), 0)
            shown = _opaque(picture)
        except (OSError, ValueError, SyntaxError, EOFError) as error:
            raise UnreadableError(f"图片无法解码（{type(error).__name__}）") from error
    return (shown.rotate(turned, expand=True) if turned else shown), turned


def _opaque(picture: Any) -> Any:
    """Return the picture in three colours; what shines through is white, as in an album."""
    from PIL import Image

    if picture.has_transparency_data:
        colours = picture.convert("RGBA")
        white = Image.new("RGBA", colours.size, "white")
        return Image.alpha_composite(white, colours).convert("RGB")
    return picture.convert("RGB")


def _stout(strip: Any) -> Any:
    """Return a strip with white beside or under it if it is very thin or very wide."""
    from PIL import Image

    width, height = strip.size
    wanted = max(width, height // _SLENDER, 1), max(height, width // _SLENDER, 1)
    if wanted == strip.size:
        return strip
    ground = Image.new("RGB", wanted, "white")
    ground.paste(strip, (0, 0))
    return ground


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
