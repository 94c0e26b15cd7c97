"""疑似违规点一览表: what, when, in whose words, where it is proved, which rule."""

from reportlab.platypus import Flowable, PageBreak, Spacer

from reports.packet import Finding, Packet
from reports.pdf.document import Anchor
from reports.pdf.kit import Kit
from reports.pdf.tables import grid, head


def findings(packet: Packet, kit: Kit) -> list[Flowable]:
    """Return the table."""
    text, style = kit.text, kit.styles
    lead = (
        "下列事项均为本人标注，属于疑似；是否违规由受理机关认定。"
        "引号内的话由本人记录，以录音、图片等原件为准；时间的依据见证据清单。"
        "电子版中点击证据编号可跳到对应证据页。"
    )
    rows: list[list[Flowable | list[Flowable]]] = []
    spans: list[tuple[int, int, int]] = []
    for finding in packet.findings:
        rows.append(_row(finding, kit))
        spans.append((len(rows), 1, 4))  # the row that follows
        rows.append(["", _provisions(finding, kit), "", "", ""])
    return [
        Anchor("findings", "疑似违规点一览表"),
        text.paragraph("疑似违规点一览表", style.title),
        text.paragraph(lead, style.small),
        grid(
            head(kit, "序号", "时间和对方", "疑似行为", "原话和位置", "证据"),
            rows,
            (11, 42, 27, 68, 16),
            spans=spans,
        ),
        *_remarks(packet.findings, kit),
        Spacer(1, 6),
        PageBreak(),
    ]


def _row(finding: Finding, kit: Kit) -> list[Flowable | list[Flowable]]:
    text, cell = kit.text, kit.styles.cell
    words: list[Flowable] = [text.paragraph(said(finding), cell)]
    words.append(text.paragraph(f"位置：{finding.place}", cell))
    if finding.comment:
        words.append(text.paragraph(f"本人说明：{finding.comment}", cell))
    when: list[Flowable] = [text.paragraph(finding.occurred_text, cell)]
    if finding.counterpart:
        when.append(text.paragraph(f"对方：{finding.counterpart}", cell))
    exhibit = (
        text.linked(finding.exhibit_label, f"exhibit-{finding.exhibit_label}", cell)
        if finding.exhibit_label
        else text.paragraph("情况说明", cell)
    )
    return [
        [
            text.paragraph(str(finding.number), cell, anchor=f"finding-{finding.number}"),
            *([text.paragraph(NEW, kit.styles.cell_bold)] if finding.new else []),
        ],
        when,
        text.paragraph(finding.conduct_label, cell),
        words,
        exhibit,
    ]


def _provisions(finding: Finding, kit: Kit) -> list[Flowable]:
    """Return one paragraph: the rules by what may be said of the act against them."""
    groups: dict[str, list[str]] = {}
    for citation in finding.citations:
        groups.setdefault(citation.wording, []).append(citation.text)
    lines = [f"{wording}：{'、'.join(names)}" for wording, names in groups.items()]
    if not lines:
        lines.append(NO_CITATION)
    if finding.date_remark:
        lines.append(finding.date_remark)
    return [kit.text.paragraph("；".join(lines), kit.styles.cell_small)]


def _remarks(findings: tuple[Finding, ...], kit: Kit) -> list[Flowable]:
    """Return what must be read beside the rules that are only named, once for each instrument."""
    remarks: dict[str, dict[str, None]] = {}
    for finding in findings:
        for citation in finding.citations:
            parts = dict.fromkeys(part for part in citation.remark.split("；") if part)
            remarks.setdefault(citation.instrument, {}).update(parts)
    return [
        kit.text.paragraph(f"注：《{instrument}》{'；'.join(parts)}。", kit.styles.small)
        for instrument, parts in remarks.items()
        if parts
    ]


NEW = "新增"
NO_CITATION = "本渠道没有可引用的条款，请受理机关认定；如涉及治安管理，另向公安机关反映"


def said(finding: Finding) -> str:
    """Return the words, or why there are none."""
    if finding.quote:
        return f"“{finding.quote}”"
    return "（见图片标注区域）" if finding.region else "（未写明原话）"
