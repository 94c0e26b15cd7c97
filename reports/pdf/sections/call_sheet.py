"""12378 通话单: one page in large type to read from while calling."""

import dataclasses

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepInFrame, PageBreak, Table, TableStyle

from reports.complaint import CallSheet
from reports.pdf import styles as look
from reports.pdf.document import Anchor
from reports.pdf.kit import Kit
from reports.pdf.tables import FONT
from reports.pdf.text import Typesetter

_SIZES = (14.0, 13.5, 13.0, 12.5, 12.0, 11.5, 11.0, 10.5, 10.0)
"""Sizes of what is read aloud, largest first; the first that fits on the page is taken."""


def call_sheet(sheet: CallSheet, kit: Kit) -> list[Flowable]:
    """Return the page: one, whatever the words, in the largest type that fits.

    What does not fit in the smallest size is made smaller as a whole, never cut.
    """
    trial = dataclasses.replace(kit, text=Typesetter(glyphs=kit.text.glyphs))
    size = next((s for s in _SIZES if _fits(_page(sheet, trial, s))), _SIZES[-1])
    return [Anchor("call-sheet", "12378 通话单"), _frame(_page(sheet, kit, size)), PageBreak()]


def _frame(page: list[Flowable]) -> KeepInFrame:
    return KeepInFrame(look.BODY_WIDTH, look.BODY_HEIGHT - 2, page, mode="shrink")


def _fits(page: list[Flowable]) -> bool:
    frame = _frame(page)
    frame.canv = None
    frame.wrap(look.BODY_WIDTH, look.BODY_HEIGHT)
    return bool(getattr(frame, "_scale", 1) == 1)


def _page(sheet: CallSheet, kit: Kit, size: float) -> list[Flowable]:
    text, style = kit.text, kit.styles
    large = style.large.clone("spoken", fontSize=size, leading=round(size * 1.45, 1))

    def part(title: str) -> Flowable:
        return text.paragraph(title, style.large_heading)

    return [
        text.paragraph("12378 通话单", style.title),
        *([text.paragraph(sheet.notice, style.subheading)] if sheet.notice else []),
        part("一、开头这样说"),
        text.paragraph(sheet.opening, large),
        part(f"二、主要事实（连开头约 {sheet.minutes} 分钟）"),
        *(text.paragraph(line, large) for line in sheet.script),
        part("三、请对方做的事"),
        *(text.paragraph(f"{n}. {a}", large) for n, a in enumerate(sheet.ask_for, start=1)),
        part("四、手边备好"),
        _ready(sheet, kit),
        part("五、通话时记下"),
        _blanks(sheet, kit),
        part("六、关于 12378"),
        *(text.paragraph(line, style.small) for line in sheet.knows),
    ]


def _ready(sheet: CallSheet, kit: Kit) -> Table:
    """Return what to have at hand, two facts to a row, so that there is room to write below."""
    cells: list[Flowable] = []
    for label, value in sheet.have_ready:
        cells.append(kit.text.paragraph(label, kit.styles.cell_bold))
        cells.append(kit.text.paragraph(value, kit.styles.cell))
    cells += [kit.text.paragraph(" ", kit.styles.cell)] * (-len(cells) % 4)
    rows = [cells[start : start + 4] for start in range(0, len(cells), 4)]
    table = Table(rows, colWidths=[w * mm for w in (26, 56, 26, 56)], hAlign="LEFT")
    table.setStyle(_boxes(0, 2))
    return table


def _blanks(sheet: CallSheet, kit: Kit) -> Table:
    rows = [[kit.text.paragraph(label, kit.styles.cell_bold), ""] for label in sheet.blanks]
    table = Table(rows, colWidths=[38 * mm, 126 * mm], rowHeights=7.4 * mm, hAlign="LEFT")
    table.setStyle(_boxes(0))
    return table


def _boxes(*label_columns: int) -> TableStyle:
    return TableStyle(
        [
            FONT,
            ("GRID", (0, 0), (-1, -1), 0.4, look.RULE),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("LEFTPADDING", (0, 0), (-1, -1), 4),
            ("RIGHTPADDING", (0, 0), (-1, -1), 4),
            *[("BACKGROUND", (c, 0), (c, -1), look.SHADE) for c in label_columns],
        ]
    )
