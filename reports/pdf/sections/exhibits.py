"""证据: each exhibit with its facts, what it shows, and the way back to the findings."""

from reportlab.lib.units import mm
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    KeepTogether,
    PageBreak,
    Spacer,
    Table,
    TableStyle,
)

from evidence.core import timecode
from reports.media import PictureMedia, WaveformMedia
from reports.packet import Finding, Packet, PacketExhibit
from reports.pdf import styles as look
from reports.pdf.document import Anchor, End
from reports.pdf.kit import Kit
from reports.pdf.pictures import COLUMN_WIDTH, PictureBox, Waveform, is_readable, slices
from reports.pdf.sections.extracts import extract
from reports.pdf.sections.findings import said
from reports.pdf.sections.transcripts import narrow, transcripts
from reports.pdf.tables import BARE, grid, head, pairs

_SIDE_MM = 66
"""Width of the facts beside a picture."""


def exhibits(packet: Packet, kit: Kit) -> list[Flowable]:
    """Return all exhibit sections."""
    story: list[Flowable] = [Anchor("exhibits", "证据")]
    for exhibit in packet.exhibits:
        own = [f for f in packet.findings if f.exhibit_label == exhibit.label]
        story += _ended(_exhibit(exhibit, own, kit), exhibit.label)
    return story


def _ended(story: list[Flowable], label: str) -> list[Flowable]:
    """Mark the end of an exhibit on its last page, before the break behind it."""
    breaks = [story.pop()] if isinstance(story[-1], PageBreak) else []
    return [*story, End(label), *breaks]


def _exhibit(exhibit: PacketExhibit, own: list[Finding], kit: Kit) -> list[Flowable]:
    text, style = kit.text, kit.styles
    opening: list[Flowable] = [
        Anchor(f"exhibit-{exhibit.label}", f"{exhibit.label} {exhibit.name}", level=1),
        text.paragraph(f"证据 {exhibit.label}　{exhibit.form}", style.heading),
    ]
    media = kit.media.get(exhibit.label)
    if isinstance(media, PictureMedia):
        return [CondPageBreak(look.BODY_HEIGHT), *opening, *_picture(exhibit, media, own, kit)]
    story: list[Flowable] = [*opening, pairs(kit, _facts(exhibit), label_mm=26), Spacer(1, 2)]
    if isinstance(media, WaveformMedia):
        marks = [(f.number, f.span) for f in own if f.span is not None]
        whole = timecode.display(media.duration_ms)
        masked = exhibit.masked.spans if exhibit.masked else ()
        hidden = "，黑底为已遮盖的片段" if masked else ""
        caption = f"波形（全长 {whole}，灰底为标注片段，数字为序号{hidden}）"
        story += [
            text.paragraph(caption, style.caption),
            Waveform(media, marks, masked=masked),
        ]
    if own:
        story += [_passages(own, kit), Spacer(1, 4)]
    story += [text.paragraph(line, style.small) for line in exhibit.clips]
    below = [*transcripts(exhibit.transcripts, kit), *_words(exhibit, kit), Spacer(1, 10)]
    if exhibit.extract is not None:
        return [*story, *extract(exhibit.extract, kit), *below]
    # A recording is read as a whole: what fits on one page is not torn apart.
    return [KeepTogether(story), *below]


def _facts(exhibit: PacketExhibit) -> list[tuple[str, str]]:
    whole = exhibit.bundle_path and not exhibit.masked
    return [
        ("原文件名", exhibit.name),
        ("形成时间", exhibit.occurred_text),
        ("时间依据", exhibit.occurred_basis),
        *(("来源矛盾", line) for line in exhibit.conflict_texts),
        *([("对方", exhibit.counterpart)] if exhibit.counterpart else []),
        *(("通话核对", line) for line in exhibit.call_checks),
        ("技术信息", "；".join(f"{label} {value}" for label, value in exhibit.facts)),
        ("来源", exhibit.source),
        ("入库", f"{exhibit.recorded_text}（本程序时钟），案件第 {exhibit.seq} 条"),
        *([("文字遮盖", exhibit.hidden_words)] if exhibit.hidden_words else []),
        *([("遮盖", "。".join((*exhibit.masked.said, "")))] if exhibit.masked else []),
        *([("外部时间戳", exhibit.anchor_text)] if exhibit.anchor_text else []),
        ("SHA-256" if whole else "原件 SHA-256", exhibit.sha256),
        *([("副本 SHA-256", exhibit.masked.sha256)] if exhibit.masked else []),
        *([("摘录表 SHA-256", exhibit.extract.csv_sha256)] if exhibit.extract else []),
    ]


def _picture(
    exhibit: PacketExhibit, media: PictureMedia, own: list[Finding], kit: Kit
) -> list[Flowable]:
    """Return a picture with its facts beside it, or above it when there is too much of either."""
    regions = [(f.number, f.region) for f in own if f.region is not None]
    parts = slices(media, regions)
    beside: list[Flowable] = [pairs(kit, _facts(exhibit), label_mm=17, total_mm=_SIDE_MM)]
    beside.append(Spacer(1, 5))
    for finding in own:
        beside += _beside(finding, kit)
    beside += _words(exhibit, kit)
    beside += _too_small(parts, exhibit, kit)
    if len(parts) == 1:
        # The words read from a picture stand beside it, or on the page after it.
        for side, after in (
            ([*beside, *narrow(exhibit.transcripts, kit)], []),
            (beside, transcripts(exhibit.transcripts, kit)),
        ):
            if _height(side) < look.BODY_HEIGHT - 50:
                return [_side_by_side(parts[0], side), *after, PageBreak()]
    story: list[Flowable] = [pairs(kit, _facts(exhibit), label_mm=26), Spacer(1, 4)]
    if own:
        story += [_passages(own, kit), Spacer(1, 4)]
    story += _words(exhibit, kit)
    story += _too_small(parts, exhibit, kit)
    for number, part in enumerate(parts, start=1):
        if len(parts) > 1:
            line = f"长图第 {number} 段，共 {len(parts)} 段，相邻两段有少量重叠"
            story.append(kit.text.paragraph(line, kit.styles.caption))
        story += [part, Spacer(1, 4)]
    return [*story, *transcripts(exhibit.transcripts, kit), PageBreak()]


def _too_small(parts: list[PictureBox], exhibit: PacketExhibit, kit: Kit) -> list[Flowable]:
    """Say that a picture cannot be read on paper, and where it can be."""
    if is_readable(parts):
        return []
    media = parts[0].media
    where = f"，请看原始文件 {exhibit.bundle_path}" if exhibit.bundle_path else ""
    line = f"图片为 {media.width} × {media.height} 像素，缩印后看不清{where}。"
    return [kit.text.paragraph(line, kit.styles.caption)]


def _height(beside: list[Flowable]) -> float:
    return sum(
        float(f.wrap(_SIDE_MM * mm, look.BODY_HEIGHT)[1] + f.getSpaceAfter()) for f in beside
    )


def _side_by_side(picture: Flowable, beside: list[Flowable]) -> Table:
    table = Table([[picture, beside]], colWidths=[COLUMN_WIDTH + 6, _SIDE_MM * mm])
    table.setStyle(TableStyle(BARE))
    return table


def _beside(finding: Finding, kit: Kit) -> list[Flowable]:
    text, style = kit.text, kit.styles
    title = f"第 {finding.number} 项　{finding.conduct_label}"
    lines: list[Flowable] = [text.linked(title, f"finding-{finding.number}", style.cell_bold)]
    lines.append(text.paragraph(said(finding), style.cell))
    if finding.comment:
        lines.append(text.paragraph(f"本人说明：{finding.comment}", style.cell))
    lines.append(text.paragraph(finding.occurred_text, style.cell_small))
    return [*lines, Spacer(1, 4)]


def _words(exhibit: PacketExhibit, kit: Kit) -> list[Flowable]:
    """Return what cannot be shown, the full text of a text exhibit, and the person's notes."""
    text, style = kit.text, kit.styles
    story: list[Flowable] = []
    if exhibit.unreadable:
        line = f"此文件无法解码（{exhibit.unreadable}），原始字节已原样保存并随材料包提供。"
        story.append(text.paragraph(line, style.quote))
    if exhibit.text:
        title = "全文（标有“〔已遮盖〕”处以外原样）" if exhibit.hidden_words else "全文（原样）"
        story.append(text.paragraph(title, style.subheading))
        story += [text.paragraph(line or " ", style.quote) for line in exhibit.text.split("\n")]
    if exhibit.notes:
        story.append(text.paragraph("本人说明", style.subheading))
        story += [text.paragraph(note, style.quote) for note in exhibit.notes]
    return story


def _passages(own: list[Finding], kit: Kit) -> Flowable:
    text, cell = kit.text, kit.styles.cell
    return grid(
        head(kit, "序号", "疑似行为", "位置", "标注的原话"),
        [
            [
                text.linked(str(f.number), f"finding-{f.number}", cell),
                text.paragraph(f.conduct_label, cell),
                text.paragraph(f.place, cell),
                text.paragraph(said(f), cell),
            ]
            for f in own
        ],
        (12, 34, 40, 78),
    )
