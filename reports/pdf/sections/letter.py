"""投诉书, with a line for the wet signature that nobody fills in but the person."""

from reportlab.platypus import CondPageBreak, Flowable, PageBreak, Spacer

from reports.packet import Letter
from reports.pdf.document import Anchor
from reports.pdf.kit import Kit
from reports.pdf.tables import pairs


def letter(part: Letter, kit: Kit) -> list[Flowable]:
    """Return the letter."""
    text, style = kit.text, kit.styles
    story: list[Flowable] = [
        Anchor("letter", "投诉书"),
        text.paragraph(part.title, style.title),
        text.paragraph(f"致：{part.addressee}", style.listed),
        text.paragraph("一、投诉人", style.heading),
        pairs(kit, part.complainant_rows, label_mm=34),
        text.paragraph("二、被投诉机构", style.heading),
        pairs(kit, part.respondent_rows, label_mm=34),
    ]
    if part.loan_rows:
        story += [
            text.paragraph("三、借款情况", style.heading),
            pairs(kit, part.loan_rows, label_mm=34),
        ]
    numerals = iter("四五六七八" if part.loan_rows else "三四五六七")
    story.append(text.paragraph(f"{next(numerals)}、投诉请求", style.heading))
    story += _numbered(part.requests, kit)
    story.append(text.paragraph(f"{next(numerals)}、主要事实", style.heading))
    story += [text.paragraph(line, style.body) for line in part.facts]
    story.append(text.paragraph(f"{next(numerals)}、依据", style.heading))
    story += [text.paragraph(line, style.body) for line in part.basis]
    story.append(text.paragraph(f"{next(numerals)}、声明", style.heading))
    story += _numbered(part.statements, kit)
    story.append(text.paragraph(f"{next(numerals)}、附件", style.heading))
    story += _numbered(part.attachments, kit)
    story += [
        CondPageBreak(70),
        Spacer(1, 16),
        text.paragraph("投诉人（本人亲笔签名）：＿＿＿＿＿＿＿＿＿＿＿＿", style.right),
        text.paragraph("日期：＿＿＿＿年＿＿月＿＿日", style.right),
        PageBreak(),
    ]
    return story


def _numbered(lines: tuple[str, ...], kit: Kit) -> list[Flowable]:
    return [
        kit.text.paragraph(f"{number}. {line}", kit.styles.listed)
        for number, line in enumerate(lines, start=1)
    ]
