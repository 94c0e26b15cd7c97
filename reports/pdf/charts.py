"""Charts of calls: by hour of the day, and by day and hour.

Answered calls are filled, unanswered ones hatched, and those of which nothing says so are left
white: a copy in black and white shows the same.
"""

from collections.abc import Sequence
from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from evidence.core.night import FIRST_HOUR, LAST_HOUR
from reports.packet import CallCount
from reports.pdf import styles as look
from reports.pdf.fonts import SANS

DAYS_PER_CHART = 40
"""Days of one chart; more go on in the next one."""

LEGEND = (("接通", "filled"), ("未接", "hatched"), ("是否接通不明", "blank"))

_GUTTER = 46.0
_ROW = 11.0
_HEAD = 12.0
_HATCH = 3.0
"""Points between two strokes of a hatched area."""


class HourChart(Flowable):  # type: ignore[misc]  # reportlab has no types
    """Calls by hour of the day, the night hours shaded, the numbers below."""

    def __init__(self, days: Sequence[CallCount]) -> None:
        """Add up ``days``."""
        super().__init__()
        kinds = (
            ("接通", "filled", [d.answered_by_hour for d in days]),
            ("未接", "hatched", [d.unanswered_by_hour for d in days]),
            ("不明", "blank", [d.unclear_by_hour for d in days]),
        )
        summed = [(label, fill, _summed(hours)) for label, fill, hours in kinds]
        self.rows = [row for row in summed if any(row[2])]
        self.width = look.BODY_WIDTH
        self.below = _HEAD + _ROW * len(self.rows)
        self.height = 44 * mm + self.below
        self.spaceBefore = self.spaceAfter = 4

    def wrap(self, *_available: float) -> tuple[float, float]:
        """Return the size in points."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw 24 stacked bars, and the number of each kind in each hour below."""
        canvas, column = self.canv, (self.width - _GUTTER) / 24
        base, room = self.below, self.height - self.below - 12
        totals = [sum(counts[hour] for _, _, counts in self.rows) for hour in range(24)]
        most = max([*totals, 1])
        for hour in range(24):
            left = _GUTTER + hour * column
            if _at_night(hour):
                canvas.setFillColor(look.SHADE)
                canvas.rect(left, 0, column, self.height, stroke=0, fill=1)
        for hour in range(24):
            left, bottom = _GUTTER + hour * column, base
            for _, fill, counts in self.rows:
                height = counts[hour] / most * room
                _area(canvas, fill, (left + 3, bottom, column - 6, height))
                bottom += height
            canvas.setFillColor(look.INK)
            canvas.setFont(SANS, 7.5)
            if totals[hour]:
                canvas.drawCentredString(left + column / 2, bottom + 2, str(totals[hour]))
            canvas.setFillColor(look.GREY)
            canvas.setFont(SANS, 7)
            canvas.drawCentredString(left + column / 2, base - 9, f"{hour}时")
        self._numbers(column)
        canvas.setStrokeColor(look.RULE)
        canvas.setLineWidth(0.4)
        canvas.line(_GUTTER, base, self.width, base)

    def _numbers(self, column: float) -> None:
        canvas = self.canv
        canvas.setFillColor(look.INK)
        canvas.setFont(SANS, 7)
        for place, (label, _, counts) in enumerate(self.rows):
            y = self.below - _HEAD - (place + 1) * _ROW + 3
            canvas.drawString(0, y, f"{label} {sum(counts)}")
            for hour, count in enumerate(counts):
                if count:
                    x = _GUTTER + (hour + 0.5) * column
                    canvas.drawCentredString(x, y, str(count))


class DayChart(Flowable):  # type: ignore[misc]  # reportlab has no types
    """One row for each day, one column for each hour; the number of calls where there are any."""

    def __init__(self, days: Sequence[CallCount]) -> None:
        """Draw ``days``, at most ``DAYS_PER_CHART``."""
        super().__init__()
        self.days = tuple(days)
        self.width, self.height = look.BODY_WIDTH, _HEAD + _ROW * len(self.days)
        self.spaceBefore = self.spaceAfter = 4

    def wrap(self, *_available: float) -> tuple[float, float]:
        """Return the size in points."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the night hours, the cells with calls, lines and labels."""
        canvas, column = self.canv, (self.width - _GUTTER) / 24
        body = self.height - _HEAD
        for hour in range(24):
            left = _GUTTER + hour * column
            if _at_night(hour):
                canvas.setFillColor(look.SHADE)
                canvas.rect(left, 0, column, body, stroke=0, fill=1)
            canvas.setFillColor(look.GREY)
            canvas.setFont(SANS, 7)
            canvas.drawCentredString(left + column / 2, body + 3, f"{hour}时")
        self._lines(column, body)
        for row, day in enumerate(self.days):
            y = body - (row + 1) * _ROW
            canvas.setFillColor(look.INK)
            canvas.setFont(SANS, 7.5)
            canvas.drawString(0, y + 3, day.day)
            for hour in range(24):
                self._cell(day, hour, (_GUTTER + hour * column, y, column, _ROW))

    def _cell(self, day: CallCount, hour: int, box: tuple[float, float, float, float]) -> None:
        """Draw the calls of one hour: filled if any was answered, else framed."""
        canvas, count = self.canv, day.by_hour[hour]
        if not count:
            return
        left, bottom, width, height = box
        answered = day.answered_by_hour[hour] > 0
        canvas.setFillColor(look.GREY if answered else look.PAPER)
        canvas.setStrokeColor(look.GREY)
        canvas.setLineWidth(0.8)
        canvas.rect(left + 0.9, bottom + 0.9, width - 1.8, height - 1.8, stroke=1, fill=1)
        canvas.setFillColor(look.PAPER if answered else look.INK)
        canvas.drawCentredString(left + width / 2, bottom + 3, str(count))

    def _lines(self, column: float, body: float) -> None:
        canvas = self.canv
        canvas.setStrokeColor(look.RULE)
        canvas.setLineWidth(0.25)
        for row in range(len(self.days) + 1):
            canvas.line(_GUTTER, row * _ROW, self.width, row * _ROW)
        for hour in range(25):
            x = _GUTTER + hour * column
            canvas.line(x, 0, x, body)


class Legend(Flowable):  # type: ignore[misc]  # reportlab has no types
    """What filled, hatched and white bars mean."""

    def __init__(self) -> None:
        """Explain ``LEGEND``."""
        super().__init__()
        self.width, self.height = look.BODY_WIDTH, 12.0

    def wrap(self, *_available: float) -> tuple[float, float]:
        """Return the size in points."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw a sample of each kind with its word."""
        canvas, left = self.canv, _GUTTER
        for word, fill in LEGEND:
            _area(canvas, fill, (left, 1.5, 12, 8))
            canvas.setFillColor(look.INK)
            canvas.setFont(SANS, 7.5)
            canvas.drawString(left + 16, 3, word)
            left += 30 + 7.5 * len(word)


def day_charts(days: Sequence[CallCount]) -> list[DayChart]:
    """Return charts of all days, in pieces that fit a page."""
    starts = range(0, len(days), DAYS_PER_CHART)
    return [DayChart(days[start : start + DAYS_PER_CHART]) for start in starts]


def _summed(hours: Sequence[tuple[int, ...]]) -> list[int]:
    return [sum(day[hour] for day in hours) for hour in range(24)]


def _area(canvas: Any, fill: str, box: tuple[float, float, float, float]) -> None:
    """Draw a filled, hatched or white box with its outline; none where it has no height."""
    left, bottom, width, height = box
    if height <= 0:
        return
    canvas.setStrokeColor(look.GREY)
    canvas.setLineWidth(0.6)
    canvas.setFillColor(look.GREY if fill == "filled" else look.PAPER)
    canvas.rect(left, bottom, width, height, stroke=1, fill=1)
    if fill != "hatched":
        return
    canvas.saveState()
    path = canvas.beginPath()
    path.rect(left, bottom, width, height)
    canvas.clipPath(path, stroke=0, fill=0)
    start = bottom - width
    while start < bottom + height:
        canvas.line(left, start, left + width, start + width)
        start += _HATCH
    canvas.restoreState()


def _at_night(hour: int) -> bool:
    return hour >= FIRST_HOUR or hour < LAST_HOUR
