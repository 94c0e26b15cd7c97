"""所涉条款: each provision once; text only where it may be quoted."""

import itertools

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
    for _, group in itertools.groupby(packet.annex, key=_block):
        story += _provisions(list(group), kit)
    story.append(PageBreak())
    return story


def _block(provision: AnnexProvision) -> tuple[str, str]:
    """Tell which provisions share a heading: those of one instrument that are only named."""
    return provision.instrument, provision.article if provision.quote else ""


def _provisions(group: list[AnnexProvision], kit: Kit) -> list[Flowable]:
    text, style = kit.text, kit.styles
    first = group[0]
    articles = "、".join(dict.fromkeys(p.article for p in group if p.article))
    facts = [first.level, first.issuer, first.doc_no, first.in_force]
    states = "；".join(dict.fromkeys(p.state for p in group))
    line = " · ".join(fact for fact in facts if fact)
    story: list[Flowable] = [
        text.paragraph(f"《{first.instrument}》{articles}", style.subheading),
        text.paragraph(f"{line} · 核对情况：{states}", style.small),
    ]
    if first.quote:
        story += [text.paragraph(p, style.quote) for p in first.quote.split("\n")]
    remarks = dict.fromkeys(part for p in group for part in p.remark.split("；") if part)
    if remarks:
        story.append(text.paragraph(f"说明：{'；'.join(remarks)}。", style.quote))
    return story
