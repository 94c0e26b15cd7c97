"""``liuhen deadlines``: which times run, until when, and what to do."""

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from cli import deadline_words, labels, output
from cli.app import declare
from cli.context import CliContext
from cli.describe import respondent_text
from cli.display import fitted, safe
from cli.i18n import N_, _
from cli.moment_words import time_text
from cli.output_file import new_file
from evidence.core.case_view import CaseView
from evidence.core.deadlines import Deadline, Matter, State
from evidence.core.periods import Period
from evidence.core.rules import Rules

DETAILS = N_(
    "根据您用 submitted 记下的日期，按法律条款算出转送、答复、核查的期限，逐项写明依据和现在"
    "该做什么。只算查到条款的期限；没有查到的渠道不编日期。日期只供参考，以官方答复为准。"
)
_RUNNING = (State.OPEN, State.TODAY, State.OVERDUE)
WEEKDAYS = (N_("周一"), N_("周二"), N_("周三"), N_("周四"), N_("周五"), N_("周六"), N_("周日"))


@declare(
    "deadlines",
    details=DETAILS,
    examples=(
        "liuhen deadlines",
        "liuhen deadlines --ics deadlines.ics",
        "liuhen deadlines --json",
    ),
)
@click.option(
    "--ics",
    type=click.Path(),
    metavar=N_("文件"),
    help=N_("另存为日历文件，可以导入手机日历；里面没有姓名、号码和机构名称。"),
)
@click.pass_obj
def command(state: CliContext, ics: str | None) -> None:
    """Show the deadlines."""
    from cli.calendar_file import calendar
    from evidence.core.deadlines import awaited, deadlines, matters
    from evidence.core.moment import CHINA
    from evidence.law import load_periods

    rules, now = state.rules(), state.clock()
    today = now.astimezone(CHINA).date()
    with state.read() as case:
        view = case.view()
    periods = load_periods(rules)
    found = deadlines(view, rules, periods, today=today)
    known = matters(view)
    dated = {d.matter.submission.seq for d in found}
    without = [m for m in known if m.submission.seq not in dated]
    running = [d for d in found if d.state in _RUNNING]
    if ics is not None:
        with new_file(Path(ics)) as file:
            file.write(calendar(running, case_id=view.case.case_id, now=now))
    if state.as_json:
        output.emit_json(
            {
                "today": today.isoformat(),
                "deadlines": [_json(d, view, today) for d in found],
                "without_deadline": [m.submission.seq for m in without],
                "assumptions": list(deadline_words.assumptions(found, rules)) if found else [],
                "ics": ics,
            }
        )
        return
    told = _told(found)
    for deadline in found:
        lines = _lines(deadline, view, rules, today, told=deadline in told)
        output.emit_lines(fitted(map(state.pasteable, lines), columns=output.columns()))
    types = {r.seq: rules.respondent_types.get(r.record.type) for r in view.respondents}
    for matter in without:
        period = awaited(matter, types.get(matter.respondent or -1), periods)
        lines = _lines_without(matter, period, view, rules)
        output.emit_lines(fitted(map(state.pasteable, lines), columns=output.columns()))
    _explain(found, known, rules)


def _told(found: Sequence[Deadline]) -> list[Deadline]:
    """Return the deadlines that say what to do: those that are due, and the next of each matter."""
    told: list[Deadline] = []
    waiting: set[int] = set()
    for deadline in found:
        seq = deadline.matter.submission.seq
        first = deadline.state is State.OPEN and seq not in waiting
        if first:
            waiting.add(seq)
        if first or deadline.state in (State.TODAY, State.OVERDUE, State.RESTARTED):
            told.append(deadline)
    return told


def _explain(found: Sequence[Deadline], known: Sequence[Matter], rules: Rules) -> None:
    if not known:
        output.say(_("还没有提交记录。提交之后，用 submitted 命令记下日期和受理编号。"))
        return
    if found:
        output.say(_("怎样算的："))
        said = (f"  {line}" for line in deadline_words.assumptions(found, rules))
        for line in fitted(said, columns=output.columns()):
            output.say(line)
    due = sum(d.state in (State.TODAY, State.OVERDUE) for d in found)
    if due:
        output.next_step(_("有 {count} 项到期或已过，请照“该做什么”一项一项来。").format(count=due))
    elif found:
        output.next_step(_("现在没有到期的，等消息就行；有了消息记下来，再看一次。"))


def _lines(
    deadline: Deadline, view: CaseView, rules: Rules, today: dt.date, *, told: bool
) -> Iterator[str]:
    yield _("{day}（{weekday}{left}）【{state}】{title}").format(
        day=deadline.day.isoformat(),
        weekday=_(WEEKDAYS[deadline.day.weekday()]),
        left=_left(deadline, today),
        state=deadline_words.state(deadline),
        title=deadline_words.title(deadline),
    )
    yield "  " + _matter_line(deadline.matter, view, rules)
    if deadline.state not in (*_RUNNING, State.RESTARTED):
        return
    if told:
        yield _("  该做什么：{text}").format(text=deadline_words.next_step(deadline))
        command = deadline_words.command(deadline)
        if command:
            yield _("  记下来：{command}").format(command=command)
    yield from (f"  {line}" for line in deadline_words.doubts(deadline))
    yield _("  依据：{text}").format(text=deadline_words.basis(deadline))


def _lines_without(
    matter: Matter, period: Period | None, view: CaseView, rules: Rules
) -> Iterator[str]:
    yield _matter_line(matter, view, rules)
    yield from (f"  {line}" for line in deadline_words.without(matter, period))


def _left(deadline: Deadline, today: dt.date) -> str:
    days = (deadline.day - today).days
    if deadline.state is State.OPEN:
        return _("，还有 {days} 天").format(days=days)
    return _("，过了 {days} 天").format(days=-days) if deadline.state is State.OVERDUE else ""


def _matter_line(matter: Matter, view: CaseView, rules: Rules) -> str:
    record = matter.submission.record
    found = next((r.record for r in view.respondents if r.seq == matter.respondent), None)
    parts = [
        f"#{matter.submission.seq}",
        respondent_text(found, rules) if found else "",
        labels.channel(record.channel),
        _("{day}提交").format(day=time_text(record.occurred)),
        _("受理编号 {receipt}").format(receipt=safe(matter.receipt)) if matter.receipt else "",
    ]
    return "  ".join(part for part in parts if part)


def _json(deadline: Deadline, view: CaseView, today: dt.date) -> dict[str, object]:
    period, submission = deadline.period, deadline.matter.submission
    names = {r.seq: r.record.name for r in view.respondents}
    return {
        "id": period.id,
        "submission": submission.seq,
        "respondent": names.get(deadline.matter.respondent or -1, ""),
        "channel": submission.record.channel,
        "receipt": deadline.matter.receipt,
        "start": deadline.start.isoformat(),
        "day": deadline.day.isoformat(),
        "days_left": (deadline.day - today).days,
        "state": deadline.state.value,
        "own": period.own,
        "title": deadline_words.title(deadline),
        "next": deadline_words.next_step(deadline),
        "command": deadline_words.command(deadline),
        "provision": period.provision.id,
        "quote": period.phrase,
        "condition": deadline.condition,
        "estimated": deadline.estimated,
        "certain": deadline.certain,
        "restarted_by": deadline.restarted_by,
        "doubts": deadline_words.doubts(deadline),
    }
