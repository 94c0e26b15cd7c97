"""Tables in one look: thin rules, shaded head that repeats, rows that may split over pages."""

from collections.abc import Callable, Sequence

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, Table, TableStyle

from reports.pdf import styles as look
from reports.pdf.fonts import SERIF
from reports.pdf.kit import Kit

_PAD = 3

FONT = ("FONTNAME", (0, 0), (-1, -1), SERIF)
"""For every table: reportlab sets its own default font, which is not embedded, for empty cells."""

BARE = (
    FONT,
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
)
"""Style of a table that only places things side by side."""

_FIRST_ROWS = 110
"""Points that the heading of a table needs below it: head and first rows."""

_TALL = 0.7
"""Part of a page above which a row may break inside."""

_LONG = 60
"""Rows above which a table is cut into pages here."""


def grid(
    head: Sequence[Flowable],
    rows: Sequence[Sequence[Flowable | list[Flowable]]],
    widths_mm: Sequence[float],
    *,
    spans: Sequence[tuple[int, int, int]] = (),
) -> Flowable:
    """Return a table; ``spans`` are (row, first column, last column), rows without the head.

    A row with a span belongs to the one above it and stays on its page.
    """

    def part(start: int, end: int) -> Table:
        inside = [(r - start, a, b) for r, a, b in spans if start <= r < end]
        return _grid(head, rows[start:end], widths_mm, inside)

    count = len(rows)
    if count <= _LONG:
        return _splittable(part(0, count))
    heights: list[float] = []
    for start in range(0, count, _LONG):
        measured = _measured(part(start, min(start + _LONG, count)))._rowHeights
        heights += measured[1:] if heights else measured
    if _tall(heights):
        return _splittable(part(0, count))
    return _Long(part, heights, frozenset(row for row, _, _ in spans))


def _grid(
    head: Sequence[Flowable],
    rows: Sequence[Sequence[Flowable | list[Flowable]]],
    widths_mm: Sequence[float],
    spans: Sequence[tuple[int, int, int]],
) -> Table:
    commands = [
        FONT,
        ("GRID", (0, 0), (-1, -1), 0.4, look.RULE),
        ("BACKGROUND", (0, 0), (-1, 0), look.SHADE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), _PAD),
        ("RIGHTPADDING", (0, 0), (-1, -1), _PAD),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
    for row, first, last in spans:
        commands.append(("SPAN", (first, row + 1), (last, row + 1)))
        commands.append(("NOSPLIT", (0, row), (-1, row + 1)))
    table = Table(
        [list(head), *[list(row) for row in rows]],
        colWidths=[w * mm for w in widths_mm],
        repeatRows=1,
        hAlign="LEFT",
    )
    table.setStyle(TableStyle(commands))
    return table


class _Long(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A table of many rows, from which each page takes its own.

    reportlab works through all rows that are left, and all their rules, at every page.
    """

    def __init__(
        self,
        part: Callable[[int, int], Table],
        heights: Sequence[float],
        joined: frozenset[int],
        start: int = 0,
    ) -> None:
        """Begin with row ``start``.

        Args:
            part: makes the table of a head and rows from one to before another.
            heights: of the head and of all rows.
            joined: rows that stay with the one above.
            start: first row that is left.
        """
        super().__init__()
        self._part, self._heights, self._joined, self._start = part, heights, joined, start

    def wrap(self, availWidth: float, _availHeight: float) -> tuple[float, float]:  # noqa: N803
        """Return the size of what is left."""
        return availWidth, self._heights[0] + sum(self._heights[self._start + 1 :])

    def split(self, _availWidth: float, availHeight: float) -> list[Flowable]:  # noqa: N803
        """Return the table of the rows that fit, and what is left."""
        used, end, count = self._heights[0], self._start, len(self._heights) - 1
        for row in range(self._start, count):
            used += self._heights[row + 1]
            if used > availHeight:
                break
            if row + 1 not in self._joined:
                end = row + 1
        if end == self._start:
            return []
        shown = self._part(self._start, end)
        if end == count:
            return [shown]
        return [shown, _Long(self._part, self._heights, self._joined, end)]

    def draw(self) -> None:
        """Draw what is left, which fits on the page."""
        table = self._part(self._start, len(self._heights) - 1)
        table.wrapOn(self.canv, look.BODY_WIDTH, look.BODY_HEIGHT)
        table.drawOn(self.canv, 0, 0)


def pairs(
    kit: Kit, rows: Sequence[tuple[str, str]], *, label_mm: float = 30, total_mm: float = 164
) -> Table:
    """Return label and value rows."""
    cells = [
        [
            kit.text.paragraph(label, kit.styles.cell_bold),
            kit.text.paragraph(value, kit.styles.cell),
        ]
        for label, value in rows
    ]
    table = Table(
        cells,
        colWidths=[label_mm * mm, (total_mm - label_mm) * mm],
        hAlign="LEFT",
    )
    table.setStyle(
        TableStyle(
            [
                FONT,
                ("GRID", (0, 0), (-1, -1), 0.4, look.RULE),
                ("BACKGROUND", (0, 0), (0, -1), look.SHADE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 4),
                ("RIGHTPADDING", (0, 0), (-1, -1), 4),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ]
        )
    )
    return _splittable(table)


def _splittable(table: Table) -> Table:
    """Let rows break inside only when one is too tall to move to a page of its own."""
    if _tall(_measured(table)._rowHeights):
        table.splitInRow = 1
    return table


def _measured(table: Table) -> Table:
    table.wrap(look.BODY_WIDTH, look.BODY_HEIGHT)
    return table


def _tall(heights: Sequence[float]) -> bool:
    return bool(max(heights) > _TALL * look.BODY_HEIGHT)


def heading(kit: Kit, text: str) -> list[Flowable]:
    """Return the heading of a table that may go over pages; room for its first rows is kept."""
    return [CondPageBreak(_FIRST_ROWS), kit.text.paragraph(text, kit.styles.table_heading)]


def head(kit: Kit, *labels: str) -> list[Flowable]:
    """Return the head row."""
    return [kit.text.paragraph(label, kit.styles.cell_bold) for label in labels]
