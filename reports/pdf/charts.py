"""Charts of calls: by hour of the day, and by day and hour."""

from collections.abc import Sequence

from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from evidence.core.night import FIRST_HOUR, LAST_HOUR
from reports.packet import CallCount
from reports.pdf import styles as look
from reports.pdf.fonts import SANS

DAYS_PER_CHART = 40
"""Days of one chart; more go on in the next one."""

_DAY_WIDTH = 46.0
_ROW = 11.0
_HEAD = 12.0


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
            if _at_night(hour):
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
        canvas, column = self.canv, (self.width - _DAY_WIDTH) / 24
        body = self.height - _HEAD
        for hour in range(24):
            left = _DAY_WIDTH + hour * column
            if _at_night(hour):
                canvas.setFillColor(look.SHADE)
                canvas.rect(left, 0, column, body, stroke=0, fill=1)
            canvas.setFillColor(look.GREY)
            canvas.setFont(SANS, 7)
            canvas.drawCentredString(left + column / 2, body + 3, f"{hour}时")
        for row, day in enumerate(self.days):
            y = body - (row + 1) * _ROW
            canvas.setFillColor(look.INK)
            canvas.setFont(SANS, 7.5)
            canvas.drawString(0, y + 3, day.day)
            for hour, count in enumerate(day.by_hour):
                if count:
                    left = _DAY_WIDTH + hour * column
                    canvas.setFillColor(look.GREY)
                    canvas.rect(left + 0.5, y + 0.5, column - 1, _ROW - 1, stroke=0, fill=1)
                    canvas.setFillColor(look.PAPER)
                    canvas.drawCentredString(left + column / 2, y + 3, str(count))
        self._lines(column, body)

    def _lines(self, column: float, body: float) -> None:
        canvas = self.canv
        canvas.setStrokeColor(look.RULE)
        canvas.setLineWidth(0.25)
        for row in range(len(self.days) + 1):
            canvas.line(_DAY_WIDTH, row * _ROW, self.width, row * _ROW)
        for hour in range(25):
            x = _DAY_WIDTH + hour * column
            canvas.line(x, 0, x, body)


def day_charts(days: Sequence[CallCount]) -> list[DayChart]:
    """Return charts of all days, in pieces that fit a page."""
    starts = range(0, len(days), DAYS_PER_CHART)
    return [DayChart(days[start : start + DAYS_PER_CHART]) for start in starts]


def _at_night(hour: int) -> bool:
    return hour >= FIRST_HOUR or hour < LAST_HOUR
