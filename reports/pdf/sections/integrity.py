"""完整性说明: what was checked, how to check it again, and what it does not prove."""

from reportlab.platypus import Flowable, Spacer

from reports.packet import Packet
from reports.pdf.document import Anchor
from reports.pdf.kit import Kit
from reports.pdf.tables import grid, head, pairs


def integrity(packet: Packet, kit: Kit) -> list[Flowable]:
    """Return the part; it comes last, when all missing characters are known."""
    text, style, part = kit.text, kit.styles, packet.integrity
    counts = (
        f"共 {part.entries_total} 条，本材料公开 {part.entries_disclosed} 条，"
        f"隐去 {part.entries_withheld} 条（只公开其哈希）"
    )
    rows = [
        ("案件编号", part.case_id),
        ("记录条数", counts),
        ("根值", part.root_hex),
        ("检查点短码", part.short_code),
        ("案件公钥", part.public_key_hex),
        ("生成程序", packet.program),
    ]
    story: list[Flowable] = [
        Anchor("integrity", "完整性说明"),
        text.paragraph("完整性说明", style.title),
        pairs(kit, rows, label_mm=30),
        text.paragraph("检查点（与 data/anchor/checkpoint 相同）", style.subheading),
        *(text.paragraph(line or " ", style.code) for line in part.checkpoint_text.split("\n")),
        text.paragraph("生成时的核对", style.subheading),
        grid(
            head(kit, "项目", "结果", "说明"),
            [[text.paragraph(cell, style.cell) for cell in check] for check in part.checks],
            (48, 20, 96),
        ),
    ]
    if part.timestamps:
        story.append(text.paragraph("可信时间戳", style.subheading))
        story += [
            text.paragraph(f"{t.time_text}　{t.authority}　覆盖前 {t.covers_size} 条", style.quote)
            for t in part.timestamps
        ]
    story.append(text.paragraph("能说明什么", style.subheading))
    story += [text.paragraph(f"· {line}", style.quote) for line in part.proves]
    story.append(text.paragraph("不能证明什么", style.subheading))
    story += [text.paragraph(f"· {line}", style.quote) for line in part.does_not_prove]
    story.append(text.paragraph("怎样核验", style.subheading))
    story += [
        text.paragraph(f"{number}. {line}", style.quote)
        for number, line in enumerate(part.how_to_check, start=1)
    ]
    story.append(text.paragraph("字符显示", style.subheading))
    story.append(text.paragraph(_missing(kit), style.quote))
    story.append(Spacer(1, 4))
    return story


def _missing(kit: Kit) -> str:
    if not kit.text.missing:
        return "本材料中的字符都能显示。"
    listed = "、".join(f"[{code}] {count} 处" for code, count in sorted(kit.text.missing.items()))
    return f"下列字符（多为表情符号或不可见字符）字体无法显示，已用编号代替，没有删去：{listed}。"
