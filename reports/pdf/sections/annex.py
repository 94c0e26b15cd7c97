"""所涉条款: each provision once; text only where it may be quoted."""

from reportlab.platypus import Flowable, PageBreak

from reports.packet import AnnexProvision, Packet
from reports.pdf.document import Anchor
from reports.pdf.kit import Kit


def annex(packet: Packet, kit: Kit) -> list[Flowable]:
    """Return the part."""
    lead = (
        "按层级排列。只有逐字核对过的条文才引用原文；其余只列名称和条号，"
        "推荐性国家标准和行业自律文件不是法律，材料中只说“不符合要求”。"
    )
    story: list[Flowable] = [
        Anchor("annex", "所涉条款"),
        kit.text.paragraph("所涉条款", kit.styles.title),
        kit.text.paragraph(lead, kit.styles.small),
    ]
    for provision in packet.annex:
        story += _provision(provision, kit)
    story.append(PageBreak())
    return story


def _provision(provision: AnnexProvision, kit: Kit) -> list[Flowable]:
    text, style = kit.text, kit.styles
    facts = [provision.level, provision.issuer, provision.doc_no, provision.in_force]
    line = " · ".join(fact for fact in facts if fact)
    title = f"《{provision.instrument}》{provision.article}"
    story: list[Flowable] = [
        text.paragraph(title, style.subheading, anchor=f"provision-{provision.id}"),
        text.paragraph(f"{line} · 核对情况：{provision.state}", style.small),
    ]
    if provision.quote:
        story += [text.paragraph(p, style.quote) for p in provision.quote.split("\n")]
    if provision.remark:
        story.append(text.paragraph(f"说明：{provision.remark}。", style.quote))
    return story
