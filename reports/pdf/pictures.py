"""Pictures with marked regions, and waveforms with marked passages."""

import functools
from collections.abc import Sequence
from typing import Any

from reportlab.lib.rl_accel import fp_str
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.pathobject import PDFPathObject
from reportlab.platypus import Flowable

from evidence.core import timecode
from evidence.core.records import Region, Span
from evidence.ingest.picture import open_picture, turned
from reports.media import PictureMedia, WaveformMedia
from reports.pdf import embedded
from reports.pdf import styles as look
from reports.pdf.fonts import BOLD, SANS

SLICE_OVERLAP = 0.04
"""Part of a slice that is shown again on the next page."""

MAX_SLICES = 30
"""A picture that would need more pages is shown small, on one."""

COLUMN_WIDTH = 96 * mm
"""Room for a picture that has its facts beside it."""

_SLICE_HEIGHT = 225 * mm
_MARK_SIZE = 7
"""Size of the numbers over a waveform."""

_REGION_SIZE = 8
"""Size of the numbers beside a picture."""

_REGION_ROOM = 50
"""Points in the margin for them; what is wider is written smaller."""

_BRACKET_SIZE = 6.5
"""Size of the words beside what two slices both show."""

_THIN = 3 * mm
"""Narrower pictures cannot be read."""

_SMALLEST_SCALE = 0.08
"""Points per pixel below which letters of a screenshot are smaller than 3 points."""

_READABLE = 0.82
"""A picture may be narrowed to this part of the column before it is cut into slices."""


class PictureBox(Flowable):  # type: ignore[misc]  # reportlab has no types
    """One slice of a picture with the outlines of the regions marked in it."""

    def __init__(
        self,
        media: PictureMedia,
        *,
        top: int,
        height: int,
        scale: float,
        regions: Sequence[tuple[int, Region]],
        repeated: tuple[int, int] = (0, 0),
    ) -> None:
        """Show rows ``top`` to ``top + height`` at ``scale`` points per pixel.

        ``repeated``: how many of the first rows the slice before shows, too, and how many of the
        last the one after.
        """
        super().__init__()
        self.repeated = repeated
        self.media, self.first, self.rows, self.scale = media, top, height, scale
        self.regions = regions
        self.width, self.height = media.width * scale, height * scale
        self.hAlign = "CENTER"

    def wrap(self, *_available: float) -> tuple[float, float]:
        """Return the size in points."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the slice, its frame and the regions that reach into it."""
        canvas = self.canv
        whole = self.first == 0 and self.rows == self.media.height
        if not whole or not embedded.draw(canvas, self.media, self.width, self.height):
            canvas.drawImage(self._decoded(), 0, 0, self.width, self.height)
        canvas.setLineWidth(0.4)
        canvas.setStrokeColor(look.RULE)
        canvas.rect(0, 0, self.width, self.height, stroke=1, fill=0)
        tops: list[tuple[int, float]] = []
        for number, region in self.regions:
            top = self._outline(canvas, region)
            tops += [(number, top)] if top is not None else []
        canvas.setFillColor(look.INK)
        for top, text in region_labels(tops):
            size = min(_REGION_SIZE, _REGION_SIZE * _REGION_ROOM / stringWidth(text, BOLD, 8))
            canvas.setFont(BOLD, size)
            canvas.drawRightString(-3, top - _REGION_SIZE, text)
        above, below = (rows * self.scale for rows in self.repeated)
        self._bracket(canvas, self.height - above, above, "与上一段重复")
        self._bracket(canvas, 0, below, "与下一段重复")

    def _bracket(self, canvas: Any, y: float, height: float, text: str) -> None:
        """Mark what two slices both show, right of the picture."""
        if not height:
            return
        left, tick = self.width + 2, 3
        canvas.setStrokeColor(look.GREY)
        canvas.setFillColor(look.GREY)
        canvas.setLineWidth(0.6)
        canvas.lines(
            (
                (left, y, left + tick, y),
                (left, y + height, left + tick, y + height),
                (left + tick, y, left + tick, y + height),
            )
        )
        canvas.setFont(SANS, _BRACKET_SIZE)
        canvas.drawString(left + tick + 2, y + (height - _BRACKET_SIZE) / 2 + 1, text)

    def _decoded(self) -> Any:
        """Return the slice as pixels."""
        with self.media.path.open("rb") as file, open_picture(file) as picture:
            box = (0, self.first, self.media.width, self.first + self.rows)
            return ImageReader(turned(picture.convert("RGB"), self.media.orientation).crop(box))

    def _outline(self, canvas: Any, region: Region) -> float | None:
        """Draw what of a region lies in this slice, and return its upper edge."""
        top = max(region.top, self.first)
        bottom = min(region.top + region.height, self.first + self.rows)
        if top >= bottom:
            return None
        canvas.setStrokeColor(look.INK)
        canvas.setLineWidth(1.6)
        y = self.height - (bottom - self.first) * self.scale
        height = (bottom - top) * self.scale
        canvas.rect(
            region.left * self.scale, y, region.width * self.scale, height, stroke=1, fill=0
        )
        return float(y + height)


def region_labels(tops: Sequence[tuple[int, float]]) -> list[tuple[float, str]]:
    """Return where to write which numbers beside a picture, so that none covers another.

    ``tops`` are (number, upper edge in points from below). Those too close share one label.
    """
    labels: list[tuple[float, list[int]]] = []
    for number, top in sorted(tops, key=lambda t: (-t[1], t[0])):
        if labels and labels[-1][0] - top < _REGION_SIZE + 1:
            labels[-1][1].append(number)
        else:
            labels.append((top, [number]))
    return [(top, f"第{_numbers(numbers)}项") for top, numbers in labels]


def is_readable(parts: Sequence[PictureBox]) -> bool:
    """Tell whether a picture is shown large enough to be read: not so if it is long and thin."""
    shown = parts[0]
    shrunk = shown.rows == shown.media.height and len(parts) == 1
    return min(shown.width, shown.height) >= _THIN and not (
        shrunk and shown.scale < _SMALLEST_SCALE
    )


def slices(media: PictureMedia, regions: Sequence[tuple[int, Region]]) -> list[PictureBox]:
    """Return a picture in slices that are readable on A4 and fit the page."""
    scale = min(COLUMN_WIDTH / media.width, 1.2)
    if media.height * scale * _READABLE <= _SLICE_HEIGHT:
        scale = min(scale, _SLICE_HEIGHT / media.height)
    rows = max(1, int(_SLICE_HEIGHT / scale))
    step = max(1, int(rows * (1 - SLICE_OVERLAP)))
    if media.height > rows + step * (MAX_SLICES - 1):
        scale = _SLICE_HEIGHT / media.height
        rows = step = media.height
    made: list[PictureBox] = []
    top = 0
    while True:
        height = min(rows, media.height - top)
        last = top + height >= media.height
        repeated = (rows - step if top else 0, 0 if last else rows - step)
        made.append(
            PictureBox(
                media, top=top, height=height, scale=scale, regions=regions, repeated=repeated
            )
        )
        if last:
            return made
        top += step


class Waveform(Flowable):  # type: ignore[misc]  # reportlab has no types
    """The loudness of a recording over time, with the marked passages shaded and numbered."""

    def __init__(
        self,
        media: WaveformMedia,
        marks: Sequence[tuple[int, Span]],
        *,
        masked: Sequence[Span] = (),
    ) -> None:
        """Draw ``media`` over the width of the page, masked passages as black bars."""
        super().__init__()
        self.media, self.marks, self.masked = media, marks, masked
        self.width, self.height = look.BODY_WIDTH, 21 * mm
        self.spaceBefore = self.spaceAfter = 4

    def wrap(self, *_available: float) -> tuple[float, float]:
        """Return the size in points."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw shading, bars, axis and labels; nothing if it cannot be decoded after all."""
        peaks = self.media.peaks()
        if peaks is None:
            return
        canvas = self.canv
        base, room = 10.0, self.height - 20
        length = max(1, self.media.duration_ms)
        canvas.setFillColor(look.MARK)
        for _, span in self.marks:
            left = span.start_ms / length * self.width
            width = max(1.0, (span.end_ms - span.start_ms) / length * self.width)
            canvas.rect(left, base, width, room, stroke=0, fill=1)
        canvas.setFillColor(look.INK)
        canvas.setFont(BOLD, _MARK_SIZE)
        starts = [(number, span.start_ms / length * self.width) for number, span in self.marks]
        for left, text in mark_labels(starts, self.width):
            canvas.drawString(left, base + room + 2, text)
        canvas.setStrokeColor(look.INK)
        canvas.setLineWidth(0.5)
        step = self.width / max(1, len(peaks))
        middle = base + room / 2
        bars = _Bars()
        for place, peak in enumerate(peaks):
            reach = max(0.3, peak / 1000 * room / 2)
            bars.upright((place + 0.5) * step, middle - reach, middle + reach)
        canvas.drawPath(bars, stroke=1, fill=0)
        canvas.setFillColor(look.INK)
        for span in self.masked:
            left = span.start_ms / length * self.width
            right = min(span.end_ms / length, 1) * self.width
            canvas.rect(left, base, max(1.0, right - left), room, stroke=0, fill=1)
        canvas.setLineWidth(0.4)
        canvas.setStrokeColor(look.RULE)
        canvas.rect(0, base, self.width, room, stroke=1, fill=0)
        canvas.setFont(SANS, 7)
        canvas.setFillColor(look.GREY)
        for part in range(5):
            text = timecode.display(round(length * part / 4 / 1000) * 1000)
            x = self.width * part / 4
            draw = (canvas.drawString, canvas.drawCentredString, canvas.drawRightString)
            draw[0 if part == 0 else 2 if part == 4 else 1](x, 1, text)


class _Bars(PDFPathObject):  # type: ignore[misc]  # reportlab has no types
    """Upright lines; the same places and heights come in every waveform."""

    def upright(self, x: float, low: float, high: float) -> None:
        """Add a line."""
        at = _number(x)
        self._code_append(f"{at} {_number(low)} m")
        self._code_append(f"{at} {_number(high)} l")


@functools.lru_cache(maxsize=4096)
def _number(value: float) -> str:
    return str(fp_str(value))


def mark_labels(starts: Sequence[tuple[int, float]], room: float) -> list[tuple[float, str]]:
    """Return where to write which numbers, so that none covers another or leaves the page.

    ``starts`` are (number, distance from the left). Numbers that would touch share one label:
    ``14、15``, or ``14–17`` where they follow each other.
    """
    labels: list[tuple[float, list[int]]] = []
    for number, left in sorted(starts, key=lambda s: (s[1], s[0])):
        if labels and left < labels[-1][0] + _label_width(labels[-1][1]) + 2:
            labels[-1][1].append(number)
        else:
            labels.append((left, [number]))
        while len(labels) > 1 and _label_left(labels[-1], room) < (
            labels[-2][0] + _label_width(labels[-2][1]) + 2
        ):
            labels[-2][1].extend(labels.pop()[1])
    return [(_label_left(label, room), _numbers(label[1])) for label in labels]


def _label_left(label: tuple[float, list[int]], room: float) -> float:
    return max(0.0, min(label[0], room - _label_width(label[1])))


def _label_width(numbers: Sequence[int]) -> float:
    return float(stringWidth(_numbers(numbers), BOLD, _MARK_SIZE))


def _numbers(numbers: Sequence[int]) -> str:
    """Return ``1、3–5``."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "、".join(
        f"{run[0]}–{run[-1]}" if len(run) > 2 else "、".join(map(str, run)) for run in runs
    )
