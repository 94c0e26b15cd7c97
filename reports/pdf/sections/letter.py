"""The letter, with a line for the wet signature that nobody fills in but the person."""

from collections.abc import Iterator

from reportlab.platypus import CondPageBreak, Flowable, PageBreak, Spacer, Table, TableStyle

from reports.complaint import Letter, LetterPart
from reports.pdf import styles as look
from reports.pdf.document import Anchor
from reports.pdf.kit import Kit
from reports.pdf.tables import FONT, pairs

_NUMERALS = "一二三四五六七八九十"


def letter(part: Letter, kit: Kit) -> list[Flowable]:
    """Return the letter."""
    text, style = kit.text, kit.styles
    story: list[Flowable] = [
        Anchor("letter", part.name),
        text.paragraph(part.title, style.title),
        *_notices(part, kit),
        text.paragraph(f"致：{part.addressee}", style.listed),
    ]
    numerals = iter(_NUMERALS)
    for one in part.parts:
        story += _part(one, numerals, kit)
    story += [
        CondPageBreak(70),
        Spacer(1, 16),
        text.paragraph(f"{part.signer}：＿＿＿＿＿＿＿＿＿＿＿＿", style.right),
        text.paragraph("日期：＿＿＿＿年＿＿月＿＿日", style.right),
        PageBreak(),
    ]
    return story


def _part(part: LetterPart, numerals: Iterator[str], kit: Kit) -> list[Flowable]:
    text, style = kit.text, kit.styles
    made: list[Flowable] = []
    if part.heading:
        made.append(text.paragraph(f"{next(numerals)}、{part.heading}", style.heading))
    if part.rows:
        made.append(pairs(kit, part.rows, label_mm=34))
    if part.numbered:
        made += [
            text.paragraph(f"{number}. {line}", style.listed)
            for number, line in enumerate(part.lines, start=1)
        ]
    else:
        made += [text.paragraph(line, style.body) for line in part.lines]
    if part.edited:
        made.append(text.paragraph(part.edited, style.small))
    return made


def _notices(part: Letter, kit: Kit) -> list[Flowable]:
    """Return the box above the letter: for the person, before it is handed in."""
    if not part.notices:
        return []
    lines = [kit.text.paragraph(f"· {line}", kit.styles.cell) for line in part.notices]
    title = kit.text.paragraph("提交之前请先看", kit.styles.cell_bold)
    box = Table([[[title, *lines]]], colWidths=[look.BODY_WIDTH], hAlign="LEFT")
    box.setStyle(
        TableStyle(
            [
                FONT,
                ("BOX", (0, 0), (-1, -1), 0.8, look.INK),
                ("LEFTPADDING", (0, 0), (-1, -1), 6),
                ("RIGHTPADDING", (0, 0), (-1, -1), 6),
                ("TOPPADDING", (0, 0), (-1, -1), 4),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
            ]
        )
    )
    return [box, Spacer(1, 6)]
