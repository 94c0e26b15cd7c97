"""通话统计: rule, sources, chart, and a table that a reader can add up again."""

from reportlab.platypus import CondPageBreak, Flowable, Spacer

from reports.packet import Packet, Statistics
from reports.pdf import styles as look
from reports.pdf.charts import HourChart, Legend, day_charts
from reports.pdf.document import Anchor
from reports.pdf.kit import Kit
from reports.pdf.tables import grid, head, heading


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
            text.paragraph("按来源", style.subheading),
            _by_source(part, kit),
            text.paragraph("按一天中的小时（灰底为 22:00 至次日 8:00）", style.subheading),
            Legend(),
            HourChart(part.days),
            text.paragraph(
                "按日期和小时（每行一天，数字为次数；深色格中有接通的，白格全部未接或不明）",
                style.subheading,
            ),
            *day_charts(part.days),
            *heading(kit, "按日期（“记载处”每处为一次，可逐处核对后相加）"),
            _by_day(part, kit),
        ]
    else:
        story.append(text.paragraph("没有时间明确的通话可供统计。", style.quote))
    story.append(Spacer(1, 6))
    story += [text.paragraph(line, style.quote) for line in part.remarks]
    return story


def _by_source(part: Statistics, kit: Kit) -> Flowable:
    """Return how many of the calls each kind of source has."""
    rows = [
        (s.name, s.total, s.answered, s.unanswered, s.unclear, s.only_here) for s in part.sources
    ]
    whole = (part.total, part.answered, part.unanswered, part.unclear)
    only = sum(s.only_here for s in part.sources)
    return grid(
        head(kit, "来源", "通话次数", "接通", "未接", "不明", "只见于此"),
        [
            *([kit.text.paragraph(str(c), kit.styles.cell) for c in row] for row in rows),
            [
                kit.text.paragraph(str(c), kit.styles.cell_bold)
                for c in ("合计（同一次通话只计一次）", *whole, only)
            ],
        ],
        (74, 20, 16, 16, 16, 22),
    )


def _by_day(part: Statistics, kit: Kit) -> Flowable:
    rows = [
        (
            day.day,
            sum(day.by_hour),
            day.answered,
            day.unanswered,
            day.unclear,
            day.night,
            day.sources,
        )
        for day in part.days
    ]
    whole = (part.total, part.answered, part.unanswered, part.unclear, part.night_total)
    return grid(
        head(kit, "日期", "次数", "接通", "未接", "不明", "夜间", "记载处"),
        [
            *([kit.text.paragraph(str(c), kit.styles.cell) for c in row] for row in rows),
            [kit.text.paragraph(str(c), kit.styles.cell_bold) for c in ("合计", *whole, "")],
        ],
        (24, 14, 14, 14, 14, 14, 70),
    )


def notes(packet: Packet, kit: Kit) -> list[Flowable]:
    """Return 情况说明: what the person wrote down, as they wrote it."""
    if not packet.notes:
        return [Spacer(1, 16)]
    return [
        Spacer(1, 16),
        CondPageBreak(look.BODY_HEIGHT * 0.25),
        Anchor("notes", "情况说明"),
        kit.text.paragraph("情况说明", kit.styles.title),
        kit.text.paragraph("以下为本人自己的记录，属于本人陈述。", kit.styles.small),
        *(kit.text.paragraph(f"· {note}", kit.styles.quote) for note in packet.notes),
        Spacer(1, 16),
    ]
