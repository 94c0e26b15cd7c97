"""网页填写文本: the pieces for a web form, for the person who fills it in."""

from reportlab.platypus import Flowable, PageBreak, Spacer

from reports.packet import Packet
from reports.pdf.document import Anchor
from reports.pdf.kit import Kit


def paste_texts(packet: Packet, kit: Kit) -> list[Flowable]:
    """Return the part; it comes last, for the authority does not need it."""
    text, style = kit.text, kit.styles
    lead = (
        "供投诉人在网页表单中逐项填写，不是投诉书的内容。同样的文字在材料包的 data/text "
        "文件夹中，可以直接复制。字数上限不是官方数字，以官方公布为准。"
    )
    story: list[Flowable] = [
        PageBreak(),
        Anchor("paste-texts", "网页填写文本"),
        text.paragraph("网页填写文本", style.title),
        text.paragraph(lead, style.small),
    ]
    for piece in packet.paste_texts:
        limit = f"，上限按 {piece.limit} 字" if piece.limit else ""
        title = f"{piece.title}（{len(piece.text)} 字{limit}）"
        story.append(text.paragraph(title, style.subheading))
        story += [text.paragraph(line or " ", style.quote) for line in piece.text.split("\n")]
        if piece.moved:
            story.append(text.paragraph(f"注意：{piece.moved}", style.small))
        story.append(Spacer(1, 4))
    return story
