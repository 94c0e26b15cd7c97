"""证据: each exhibit with its facts, what it shows, and the way back to the findings."""

from reportlab.platypus import CondPageBreak, Flowable, PageBreak, Spacer

from evidence.core import timecode
from reports.media import PictureMedia, WaveformMedia
from reports.packet import Finding, Packet, PacketExhibit
from reports.pdf import styles as look
from reports.pdf.document import Anchor
from reports.pdf.kit import Kit
from reports.pdf.pictures import Waveform, slices
from reports.pdf.tables import grid, head, pairs


def exhibits(packet: Packet, kit: Kit) -> list[Flowable]:
    """Return all exhibit sections."""
    story: list[Flowable] = [Anchor("exhibits", "证据")]
    for exhibit in packet.exhibits:
        own = [f for f in packet.findings if f.exhibit_label == exhibit.label]
        story += _exhibit(exhibit, own, kit)
    return story


def _exhibit(exhibit: PacketExhibit, own: list[Finding], kit: Kit) -> list[Flowable]:
    text, style = kit.text, kit.styles
    title = f"证据 {exhibit.label}　{exhibit.form}"
    rows = [
        ("原文件名", exhibit.name),
        ("形成时间", exhibit.occurred_text),
        ("时间依据", exhibit.occurred_basis),
        *(("时间矛盾", line) for line in exhibit.conflict_texts),
        *([("对方", exhibit.counterpart)] if exhibit.counterpart else []),
        *exhibit.facts,
        ("来源", exhibit.source),
        ("入库时间", f"{exhibit.recorded_text}（本程序时钟，案件编号 {exhibit.seq}）"),
        ("SHA-256", exhibit.sha256),
    ]
    story: list[Flowable] = [
        CondPageBreak(look.BODY_HEIGHT * 0.35),
        Anchor(f"exhibit-{exhibit.label}", f"{exhibit.label} {exhibit.name}", level=1),
        text.paragraph(title, style.heading),
        pairs(kit, rows, label_mm=26),
        Spacer(1, 4),
    ]
    if exhibit.unreadable:
        line = f"此文件无法解码（{exhibit.unreadable}），原始字节已原样保存并随材料包提供。"
        story.append(text.paragraph(line, style.quote))
    story += _shown(exhibit, own, kit)
    if own:
        story.append(_passages(own, kit))
        story.append(Spacer(1, 4))
    if exhibit.text:
        story.append(text.paragraph("全文（原样）", style.subheading))
        story += [text.paragraph(line or " ", style.quote) for line in exhibit.text.split("\n")]
    if exhibit.notes:
        story.append(text.paragraph("投诉人说明", style.subheading))
        story += [text.paragraph(note, style.quote) for note in exhibit.notes]
    story.append(Spacer(1, 10))
    if isinstance(kit.media.get(exhibit.label), PictureMedia):
        story.append(PageBreak())
    return story


def _shown(exhibit: PacketExhibit, own: list[Finding], kit: Kit) -> list[Flowable]:
    media = kit.media.get(exhibit.label)
    if isinstance(media, WaveformMedia):
        marks = [(f.number, f.span) for f in own if f.span is not None]
        caption = f"波形（全长 {timecode.display(media.duration_ms)}，灰底为标注片段，数字为序号）"
        return [kit.text.paragraph(caption, kit.styles.small), Waveform(media, marks)]
    if isinstance(media, PictureMedia):
        regions = [(f.number, f.region) for f in own if f.region is not None]
        parts = slices(media, regions, measuring=kit.measuring)
        story: list[Flowable] = []
        for number, part in enumerate(parts, start=1):
            if len(parts) > 1:
                line = f"长图第 {number} 段，共 {len(parts)} 段，相邻两段有少量重叠"
                story.append(kit.text.paragraph(line, kit.styles.small))
            story += [part, Spacer(1, 4)]
        return story
    return []


def _passages(own: list[Finding], kit: Kit) -> Flowable:
    text, cell = kit.text, kit.styles.cell
    return grid(
        head(kit, "序号", "疑似行为", "位置", "标注的原话"),
        [
            [
                text.linked(str(f.number), f"finding-{f.number}", cell),
                text.paragraph(f.conduct_label, cell),
                text.paragraph(f.place, cell),
                text.paragraph(f"“{f.quote}”" if f.quote else "（未写明原话）", cell),
            ]
            for f in own
        ],
        (12, 34, 40, 78),
    )
