"""摘录: the rows of an export whose original is withheld, as tables that go over pages."""

from collections.abc import Sequence

from reportlab.platypus import Flowable, Spacer

from evidence.core import timecode
from evidence.core.records import Medium
from reports.packet import Extract, ExtractLine
from reports.pdf.kit import Kit
from reports.pdf.tables import grid, head, heading


def extract(part: Extract, kit: Kit) -> list[Flowable]:
    """Return the table of calls, the thread of messages, and what must be known of them."""
    text, style = kit.text, kit.styles
    story: list[Flowable] = [text.paragraph(part.withheld, style.quote)]
    story += [text.paragraph(line, style.small) for line in part.remarks]
    calls = [line for line in part.lines if line.medium is Medium.CALL]
    messages = [line for line in part.lines if line.medium is not Medium.CALL]
    if calls:
        story += heading(kit, f"通话（{len(calls)} 条，按时间排列）")
        story.append(text.paragraph(_meanings(calls), style.small))
        story.append(_calls(calls, kit))
    if messages:
        story += heading(kit, f"短信（{len(messages)} 条，按时间排列）")
        story.append(_messages(messages, kit))
    return [*story, Spacer(1, 4)]


def _calls(lines: Sequence[ExtractLine], kit: Kit) -> Flowable:
    titles = ("第几条", "时间", "对方", "方向", "结果", "时长", "同一次通话还见于", "第几项")
    rows = [_call(line, kit) for line in lines]
    return grid(head(kit, *titles), rows, (13, 33, 36, 19, 15, 12, 24, 12))


def _messages(lines: Sequence[ExtractLine], kit: Kit) -> Flowable:
    titles = ("第几条", "时间", "对方", "内容（原样）", "第几项")
    rows = [_message(line, kit) for line in lines]
    return grid(head(kit, *titles), rows, (13, 41, 34, 64, 12))


def _call(line: ExtractLine, kit: Kit) -> list[Flowable | list[Flowable]]:
    text, cell = kit.text, kit.styles.cell
    length = timecode.display(line.seconds * 1000) if line.seconds else ""
    return [
        _position(line, kit),
        text.paragraph(line.time, cell),
        text.paragraph(line.counterpart, cell),
        text.paragraph(line.direction, cell),
        text.paragraph(line.outcome, cell),
        text.paragraph(length, cell),
        text.paragraph(line.corroboration, cell),
        _findings(line, kit),
    ]


def _message(line: ExtractLine, kit: Kit) -> list[Flowable | list[Flowable]]:
    text, style = kit.text, kit.styles
    when: list[Flowable] = [text.paragraph(line.time, style.cell)]
    if line.time_meaning:
        when.append(text.paragraph(line.time_meaning, style.cell_small))
    if line.other_time:
        other = f"短信中心 {line.other_time}"
        when.append(text.paragraph(other, style.cell_small))
    who: list[Flowable] = [text.paragraph(line.counterpart, style.cell)]
    said = "，".join(part for part in (line.direction, line.outcome) if part)
    who.append(text.paragraph(said, style.cell_small))
    if line.claimed_sender:
        who.append(text.paragraph(f"自称：{line.claimed_sender}", style.cell_small))
    words: list[Flowable] = [text.paragraph(line.text or "（没有文字）", style.cell)]
    if line.attachments:
        listed = "、".join(line.attachments)
        words.append(text.paragraph(f"附件（没有读取）：{listed}", style.cell_small))
    return [_position(line, kit), when, who, words, _findings(line, kit)]


def _position(line: ExtractLine, kit: Kit) -> list[Flowable]:
    place: list[Flowable] = [kit.text.paragraph(str(line.record), kit.styles.cell)]
    where = f"行 {line.line}" if line.line is not None else line.part
    if where:
        place.append(kit.text.paragraph(where, kit.styles.cell_small))
    return place


def _findings(line: ExtractLine, kit: Kit) -> list[Flowable]:
    return [
        kit.text.linked(str(number), f"finding-{number}", kit.styles.cell)
        for number in line.finding_numbers
    ]


def _meanings(calls: Sequence[ExtractLine]) -> str:
    """Return what the times of a table of calls are the times of."""
    found = dict.fromkeys(line.time_meaning for line in calls if line.time_meaning)
    return f"时间（北京时间）为原件所记的{'、'.join(found)}时刻；时长为分:秒。"
