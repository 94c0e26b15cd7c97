"""通话统计: rule, sources, chart, and a table that a reader can add up again."""

from reportlab.platypus import CondPageBreak, Flowable, Spacer

from reports.packet import Packet
from reports.pdf import styles as look
from reports.pdf.charts import HourChart, day_charts
from reports.pdf.document import Anchor
from reports.pdf.kit import Kit
from reports.pdf.tables import grid, head


def statistics(packet: Packet, kit: Kit) -> list[Flowable]:
    """Return the part."""
    text, style, part = kit.text, kit.styles, packet.statistics
    story: list[Flowable] = [
        Anchor("statistics", "通话统计"),
        text.paragraph("通话统计", style.title),
        text.paragraph(f"计数规则：{part.rule}", style.quote),
        text.paragraph(f"数据来源：{part.source}", style.quote),
        text.paragraph(f"未统计的内容：{part.limits}", style.quote),
    ]
    if part.days:
        story += [
            text.paragraph("按一天中的小时（灰底为 22:00 至次日 8:00）", style.subheading),
            HourChart(part.days),
            text.paragraph("按日期和小时（每行一天，数字为次数）", style.subheading),
            *day_charts(part.days),
            text.paragraph("按日期", style.subheading),
            grid(
                head(kit, "日期", "通话次数", "其中夜间", "各小时次数", "证据编号"),
                [
                    [
                        text.paragraph(cell, style.cell)
                        for cell in (
                            day.day,
                            str(sum(day.by_hour)),
                            str(day.night),
                            "　".join(f"{h}时 {n} 次" for h, n in enumerate(day.by_hour) if n),
                            "、".join(day.exhibit_labels),
                        )
                    ]
                    for day in part.days
                ]
                + [
                    [
                        text.paragraph(cell, style.cell_bold)
                        for cell in ("合计", str(part.total), str(part.night_total), "", "")
                    ]
                ],
                (26, 20, 20, 58, 40),
            ),
        ]
    else:
        story.append(text.paragraph("没有时间明确的通话录音可供统计。", style.quote))
    story.append(Spacer(1, 6))
    if part.undated:
        labels = "、".join(part.undated)
        line = f"时间不明或有矛盾、未计入的录音：{labels}。"
        story.append(text.paragraph(line, style.quote))
    story += [text.paragraph(line, style.quote) for line in part.remarks if part.days]
    return story


def notes(packet: Packet, kit: Kit) -> list[Flowable]:
    """Return 情况说明: what the person wrote down, as they wrote it."""
    if not packet.notes:
        return [Spacer(1, 16)]
    return [
        Spacer(1, 16),
        CondPageBreak(look.BODY_HEIGHT * 0.25),
        Anchor("notes", "情况说明"),
        kit.text.paragraph("情况说明", kit.styles.title),
        kit.text.paragraph("以下为投诉人自己的记录，属于本人陈述。", kit.styles.small),
        *(kit.text.paragraph(f"· {note}", kit.styles.quote) for note in packet.notes),
        Spacer(1, 16),
    ]
