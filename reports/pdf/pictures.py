"""Drawing what is not text: pictures with marked regions, waveforms, the chart of calls."""

import io
from collections.abc import Sequence
from typing import Any

from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable

from evidence.core import timecode
from evidence.core.night import FIRST_HOUR, LAST_HOUR
from evidence.core.records import Region, Span
from reports.media import PictureMedia, WaveformMedia
from reports.packet import CallCount
from reports.pdf import styles as look
from reports.pdf.fonts import BOLD, SANS

SLICE_OVERLAP = 0.04
"""Part of a slice that is shown again on the next page."""

MAX_SLICES = 30
"""A picture that would need more pages is shown small, on one."""

COLUMN_WIDTH = 96 * mm
"""Room for a picture that has its facts beside it."""

_SLICE_HEIGHT = 225 * mm
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
        measuring: bool,
    ) -> None:
        """Show rows ``top`` to ``top + height`` at ``scale`` points per pixel."""
        super().__init__()
        self.media, self.first, self.rows, self.scale = media, top, height, scale
        self.regions, self.measuring = regions, measuring
        self.width, self.height = media.width * scale, height * scale
        self.hAlign = "CENTER"

    def wrap(self, *_available: float) -> tuple[float, float]:
        """Return the size in points."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the slice, its frame and the regions that reach into it."""
        canvas = self.canv
        if not self.measuring:
            canvas.drawImage(self._image(), 0, 0, self.width, self.height)
        canvas.setLineWidth(0.4)
        canvas.setStrokeColor(look.RULE)
        canvas.rect(0, 0, self.width, self.height, stroke=1, fill=0)
        for number, region in self.regions:
            self._outline(canvas, number, region)

    def _image(self) -> Any:
        whole = self.first == 0 and self.rows == self.media.height
        if whole and self.media.media_type == "image/jpeg":
            # Embedded as it is. A path would name it in the PDF, and bundles are made in a folder
            # of random name: same packet, same bytes.
            return ImageReader(io.BytesIO(self.media.path.read_bytes()))
        from PIL import Image

        if self.media.media_type == "image/heic":
            import pillow_heif

            pillow_heif.register_heif_opener()
        with Image.open(self.media.path) as picture:
            box = (0, self.first, self.media.width, self.first + self.rows)
            part = picture.convert("RGB").crop(box)
        held = io.BytesIO()
        part.save(held, "PNG")
        held.seek(0)
        return ImageReader(held)

    def _outline(self, canvas: Any, number: int, region: Region) -> None:
        top = max(region.top, self.first)
        bottom = min(region.top + region.height, self.first + self.rows)
        if top >= bottom:
            return
        canvas.setStrokeColor(look.INK)
        canvas.setLineWidth(1.6)
        y = self.height - (bottom - self.first) * self.scale
        canvas.rect(
            region.left * self.scale,
            y,
            region.width * self.scale,
            (bottom - top) * self.scale,
            stroke=1,
            fill=0,
        )
        canvas.setFont(BOLD, 8)
        canvas.setFillColor(look.INK)
        canvas.drawRightString(-3, y + (bottom - top) * self.scale - 8, f"第{number}项")


def slices(
    media: PictureMedia, regions: Sequence[tuple[int, Region]], *, measuring: bool
) -> list[PictureBox]:
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
        made.append(
            PictureBox(
                media, top=top, height=height, scale=scale, regions=regions, measuring=measuring
            )
        )
        if top + height >= media.height:
            return made
        top += step


class Waveform(Flowable):  # type: ignore[misc]  # reportlab has no types
    """The loudness of a recording over time, with the marked passages shaded and numbered."""

    def __init__(self, media: WaveformMedia, marks: Sequence[tuple[int, Span]]) -> None:
        """Draw ``media`` over the width of the page."""
        super().__init__()
        self.media, self.marks = media, marks
        self.width, self.height = look.BODY_WIDTH, 26 * mm
        self.spaceBefore = self.spaceAfter = 4

    def wrap(self, *_available: float) -> tuple[float, float]:
        """Return the size in points."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw shading, bars, axis and labels."""
        canvas = self.canv
        base, room = 10.0, self.height - 20
        length = max(1, self.media.duration_ms)
        for number, span in self.marks:
            left = span.start_ms / length * self.width
            width = max(1.0, (span.end_ms - span.start_ms) / length * self.width)
            canvas.setFillColor(look.MARK)
            canvas.rect(left, base, width, room, stroke=0, fill=1)
            canvas.setFillColor(look.INK)
            canvas.setFont(BOLD, 7)
            canvas.drawString(left, base + room + 2, str(number))
        canvas.setStrokeColor(look.INK)
        canvas.setLineWidth(0.5)
        step = self.width / max(1, len(self.media.peaks))
        middle = base + room / 2
        path = canvas.beginPath()
        for place, peak in enumerate(self.media.peaks):
            reach = max(0.3, peak / 1000 * room / 2)
            path.moveTo((place + 0.5) * step, middle - reach)
            path.lineTo((place + 0.5) * step, middle + reach)
        canvas.drawPath(path, stroke=1, fill=0)
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


class HourChart(Flowable):  # type: ignore[misc]  # reportlab has no types
    """Calls by hour of the day, the night hours shaded."""

    def __init__(self, days: Sequence[CallCount]) -> None:
        """Add up ``days``."""
        super().__init__()
        self.counts = [sum(d.by_hour[h] for d in days) for h in range(24)]
        self.width, self.height = look.BODY_WIDTH, 42 * mm
        self.spaceBefore = self.spaceAfter = 4

    def wrap(self, *_available: float) -> tuple[float, float]:
        """Return the size in points."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw 24 bars with their counts."""
        canvas = self.canv
        base, room = 14.0, self.height - 28
        column = self.width / 24
        most = max([*self.counts, 1])
        for hour, count in enumerate(self.counts):
            left = hour * column
            if hour >= FIRST_HOUR or hour < LAST_HOUR:
                canvas.setFillColor(look.SHADE)
                canvas.rect(left, base, column, room + 12, stroke=0, fill=1)
            if count:
                canvas.setFillColor(look.GREY)
                height = count / most * room
                canvas.rect(left + 3, base, column - 6, height, stroke=0, fill=1)
                canvas.setFillColor(look.INK)
                canvas.setFont(SANS, 7.5)
                canvas.drawCentredString(left + column / 2, base + height + 2, str(count))
            canvas.setFillColor(look.GREY)
            canvas.setFont(SANS, 7)
            canvas.drawCentredString(left + column / 2, 4, f"{hour}时")
        canvas.setStrokeColor(look.RULE)
        canvas.setLineWidth(0.4)
        canvas.line(0, base, self.width, base)
