"""``liuhen timeline``: what happened when."""

import itertools
from collections.abc import Iterator

import click

from cli import output
from cli.app import declare
from cli.context import CliContext
from cli.display import pad, width, wrap
from cli.i18n import N_, _
from cli.moment_words import date_text, time_text
from cli.timeline import Event, timeline

DETAILS = N_("时间是北京时间，只显示确实知道的部分；截图的时间是截图的时刻。撤回的不列出。")
_LEFT = 14


@declare(
    "timeline",
    details=DETAILS,
    examples=("liuhen timeline", "liuhen timeline --respondent 甲某消费金融 --json"),
)
@click.option("--respondent", metavar=N_("名称"), help=N_("只列这家机构名下的。"))
@click.pass_obj
def command(state: CliContext, respondent: str | None) -> None:
    """Show the timeline."""
    from evidence.store.statements import find_respondent

    with state.read() as case:
        view = case.view()
    owner = find_respondent(view, respondent).seq if respondent is not None else None
    events = timeline(view, state.rules(), respondent=owner)
    if state.as_json:
        output.emit_json({"events": [_json(event) for event in events]})
        return
    for day, group in itertools.groupby(events, key=_day):
        output.emit(day)
        for event in group:
            output.emit_lines(_lines(event))
    output.say(_("共 {count} 条。").format(count=len(events)))


def _json(event: Event) -> dict[str, object]:
    return {
        **event.line.to_json(),
        "occurred": event.moment.to_data() if event.moment else None,
    }


def _day(event: Event) -> str:
    if event.start is not None:
        return date_text(event.start)
    if event.moment is not None and event.moment.value is not None:
        return _("年份不明")
    return _("时间不明")


def _lines(event: Event) -> Iterator[str]:
    clock = ""
    if event.moment is not None and event.moment.value is not None:
        text = time_text(event.moment)
        clock = text.removeprefix(_day(event)).strip()
    head = "  " + pad(clock, _LEFT)
    columns = output.columns()
    body = f"#{event.line.seq} {event.line.label}  {event.line.text}"
    room = max(columns - width(head), 20) if columns else width(body)
    for piece in wrap(body, room):
        yield (head + piece).rstrip()
        head = " " * (2 + _LEFT)
