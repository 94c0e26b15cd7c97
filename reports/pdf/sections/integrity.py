"""完整性说明: what was checked, how to check it again, and what it does not prove."""

from reportlab.graphics.barcode import qr
from reportlab.graphics.shapes import Drawing
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table, TableStyle

from evidence.core.moment_text import recorded_text
from reports.packet import Anchors, Packet
from reports.pdf import styles as look
from reports.pdf.document import Anchor
from reports.pdf.kit import Kit
from reports.pdf.tables import BARE, grid, head, pairs

_CODE = 36 * mm
"""Side of the QR code: about 0.6 mm for each of its dots."""


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
        ("生成时间", recorded_text(packet.made_at)),
        ("生成程序", packet.program),
    ]
    story: list[Flowable] = [
        Anchor("integrity", "完整性说明"),
        text.paragraph("完整性说明", style.title),
        _with_code(pairs(kit, rows, label_mm=26, total_mm=126), part.qr_text),
        Spacer(1, 3),
        text.paragraph(part.qr_lead, style.small),
        text.paragraph("检查点（与 data/anchor/checkpoint 相同）", style.subheading),
        *(text.paragraph(line or " ", style.code) for line in part.checkpoint_text.split("\n")),
        text.paragraph("生成时的核对", style.subheading),
        grid(
            head(kit, "项目", "结果", "说明"),
            [[text.paragraph(cell, style.cell) for cell in check] for check in part.checks],
            (48, 20, 96),
        ),
    ]
    if part.anchors is not None:
        story += _anchors(part.anchors, kit)
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


def _with_code(facts: Table, words: str) -> Table:
    """Return the facts with the QR code that says the same beside them."""
    code = qr.QrCodeWidget(words, barLevel="M", barWidth=_CODE, barHeight=_CODE)
    drawing = Drawing(_CODE, _CODE)
    drawing.add(code)
    table = Table([[facts, drawing]], colWidths=[look.BODY_WIDTH - _CODE, _CODE])
    table.setStyle(TableStyle([*BARE, ("ALIGN", (1, 0), (1, 0), "RIGHT")]))
    return table


def _anchors(part: Anchors, kit: Kit) -> list[Flowable]:
    text, cell, small = kit.text, kit.styles.cell, kit.styles.cell_small
    stamps = [
        [
            text.paragraph(t.number, cell),
            text.paragraph(t.time_text, cell),
            [
                text.paragraph(t.authority, cell),
                *(text.paragraph(f"根证书 SHA-256 {root}", small) for root in t.roots),
            ],
            text.paragraph(t.covers_text, cell),
        ]
        for t in part.timestamps
    ]
    lags = [
        [text.paragraph(words, cell) for words in (row.label, row.time_text, row.span)]
        for row in part.lags
    ]
    return [
        text.paragraph("外部时间", kit.styles.subheading),
        text.paragraph(part.lead, kit.styles.quote),
        grid(
            head(kit, "编号", "签发时间", "签发方和收下时依据的根证书", "覆盖"),
            stamps,
            (12, 46, 76, 30),
        ),
        Spacer(1, 4),
        text.paragraph(part.lag_lead, kit.styles.quote),
        grid(head(kit, "证据", "第一份覆盖它的时间戳", "间隔"), lags, (14, 56, 94)),
        Spacer(1, 4),
        text.paragraph(part.uncovered, kit.styles.quote),
    ]


def _missing(kit: Kit) -> str:
    if not kit.text.missing:
        return "本材料中的字符都能显示。"
    listed = "、".join(f"[{code}] {count} 处" for code, count in sorted(kit.text.missing.items()))
    return f"下列字符（多为表情符号或不可见字符）字体无法显示，已用编号代替，没有删去：{listed}。"
