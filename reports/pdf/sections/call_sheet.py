"""12378 通话单: one page in large type to read from while calling."""

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepInFrame, PageBreak, Table, TableStyle

from reports.packet import CallSheet
from reports.pdf import styles as look
from reports.pdf.document import Anchor
from reports.pdf.kit import Kit
from reports.pdf.tables import pairs


def call_sheet(sheet: CallSheet, kit: Kit) -> list[Flowable]:
    """Return the page."""
    text, style = kit.text, kit.styles

    def part(title: str) -> Flowable:
        return text.paragraph(title, style.large_heading)

    page: list[Flowable] = [
        text.paragraph("12378 通话单", style.title),
        part("一、开头这样说"),
        text.paragraph(sheet.opening, style.large),
        part("二、主要事实（约两分钟）"),
        *(text.paragraph(line, style.large) for line in sheet.script),
        part("三、请对方做的事"),
        *(text.paragraph(f"{n}. {a}", style.listed) for n, a in enumerate(sheet.ask_for, start=1)),
        part("四、手边备好"),
        pairs(kit, sheet.have_ready, label_mm=38),
        part("五、通话时记下"),
        _blanks(sheet, kit),
        part("六、关于 12378"),
        *(text.paragraph(line, style.small) for line in sheet.knows),
    ]
    # One page whatever the words: what does not fit is made smaller, never cut.
    whole = KeepInFrame(look.BODY_WIDTH, look.BODY_HEIGHT - 2, page, mode="shrink")
    return [Anchor("call-sheet", "12378 通话单"), whole, PageBreak()]


def _blanks(sheet: CallSheet, kit: Kit) -> Table:
    rows = [[kit.text.paragraph(label, kit.styles.cell_bold), ""] for label in sheet.blanks]
    table = Table(rows, colWidths=[38 * mm, 126 * mm], rowHeights=6.4 * mm, hAlign="LEFT")
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.4, look.RULE),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("BACKGROUND", (0, 0), (0, -1), look.SHADE),
            ]
        )
    )
    return table
