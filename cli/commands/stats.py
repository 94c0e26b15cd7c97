"""``liuhen stats``: how often they called."""

from collections.abc import Iterator

import click

from cli import output
from cli.app import declare
from cli.context import CliContext
from cli.describe import respondent_text
from cli.display import table
from cli.i18n import N_, _
from evidence.core.call_counts import CallCounts, DayCount

DETAILS = N_(
    "同一次通话在录音、手机通话记录和运营商详单里只计一次；只计对方打来的。"
    "未接来电只有手机通话记录里有，详单只列接通的。夜间指 22:00 至次日 8:00，"
    "时间不能确定整个落在里面的不算。这些次数不是法定上限。"
)


@declare(
    "stats",
    details=DETAILS,
    examples=("liuhen stats", "liuhen stats --respondent 甲某消费金融 --json"),
)
@click.option("--respondent", metavar=N_("名称"), help=N_("只统计这家机构。"))
@click.pass_obj
def command(state: CliContext, respondent: str | None) -> None:
    """Show the counts."""
    from evidence.core import calls
    from evidence.core.call_counts import count
    from evidence.store.statements import find_respondent

    with state.read() as case:
        view = case.view()
    joined = calls.join(view)
    wanted = view.respondents
    if respondent is not None:
        wanted = (find_respondent(view, respondent),)
    found = [(r, count(view, joined, r.seq)) for r in wanted]
    if state.as_json:
        output.emit_json({"respondents": [{"name": r.record.name, **_json(c)} for r, c in found]})
        return
    rules = state.rules()
    for recorded, counts in found:
        output.emit(respondent_text(recorded.record, rules))
        output.emit_lines(_lines(counts))
    if not any(counts.counted for _recorded, counts in found):
        output.next_step(
            _(
                "导入录音、通话记录备份或运营商详单，"
                "并用“liuhen number 号码 --respondent 名称”说明号码。"
            )
        )


def _lines(counts: CallCounts) -> Iterator[str]:
    if counts.days:
        headers = (_("日期"), _("来电"), _("接通"), _("未接"), _("不明"), _("夜间"), _("时刻"))
        rows = [_row(day) for day in counts.days]
        total = [sum(int(row[column] or 0) for row in rows) for column in range(1, 6)]
        rows.append((_("合计"), *map(_number, total), ""))
        yield from table(headers, rows, columns=output.columns())
    for counted in counts.border:
        yield _("夜间边界，不计入夜间：{time}").format(time=f"{counted.start:%Y-%m-%d %H:%M:%S}")
    if counts.undated:
        yield _("时间不明、未计入的通话：{seqs}").format(
            seqs=_("、").join(f"#{seq}" for call in counts.undated for seq in call.seqs)
        )
    if counts.outgoing:
        yield _("您打出的 {count} 次不计入。").format(count=len(counts.outgoing))


def _row(day: DayCount) -> tuple[str, ...]:
    hours = _("　").join(
        _("{hour}时 {count} 次").format(hour=hour, count=number)
        for hour, number in enumerate(day.by_hour())
        if number
    )
    numbers = (len(day.calls), day.answered, day.unanswered, day.unclear, day.night)
    return (day.day.isoformat(), *map(_number, numbers), hours)


def _number(value: int) -> str:
    return str(value) if value else ""


def _json(counts: CallCounts) -> dict[str, object]:
    return {
        "days": [
            {
                "day": day.day.isoformat(),
                "total": len(day.calls),
                "answered": day.answered,
                "unanswered": day.unanswered,
                "unclear": day.unclear,
                "night": day.night,
                "by_hour": list(day.by_hour()),
                "calls": [
                    {
                        "start": counted.start.isoformat(),
                        "number": counted.call.number,
                        "answered": counted.call.answered,
                        "night": counted.at_night,
                        "corroborated": counted.call.corroborated,
                        "seqs": list(counted.call.seqs),
                    }
                    for counted in day.calls
                ],
            }
            for day in counts.days
        ],
        "border": [counted.start.isoformat() for counted in counts.border],
        "undated": [list(call.seqs) for call in counts.undated],
        "outgoing": len(counts.outgoing),
    }
