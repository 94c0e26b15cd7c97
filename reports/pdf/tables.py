"""Tables in one look: thin rules, shaded head that repeats, rows that may split over pages."""

from collections.abc import Sequence

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


def grid(
    head: Sequence[Flowable],
    rows: Sequence[Sequence[Flowable | list[Flowable]]],
    widths_mm: Sequence[float],
    *,
    spans: Sequence[tuple[int, int, int]] = (),
) -> Table:
    """Return a table; ``spans`` are (row, first column, last column), rows without the head.

    A row with a span belongs to the one above it and stays on its page.
    """
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
    return _splittable(table)


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
    table.wrap(look.BODY_WIDTH, look.BODY_HEIGHT)
    if max(table._rowHeights) > _TALL * look.BODY_HEIGHT:
        table.splitInRow = 1
    return table


def heading(kit: Kit, text: str) -> list[Flowable]:
    """Return the heading of a table that may go over pages; room for its first rows is kept."""
    return [CondPageBreak(_FIRST_ROWS), kit.text.paragraph(text, kit.styles.table_heading)]


def head(kit: Kit, *labels: str) -> list[Flowable]:
    """Return the head row."""
    return [kit.text.paragraph(label, kit.styles.cell_bold) for label in labels]
