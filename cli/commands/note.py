"""``liuhen note``: what the person says."""

import sys

import click

from cli import output
from cli.app import argument, declare
from cli.context import CliContext
from cli.describe import moment_text, saved_text
from cli.i18n import N_, _
from cli.params import seq, when
from evidence.core.moment import Moment
from evidence.core.records import Note

DETAILS = N_("说明会原样保存，写进投诉材料的“情况说明”。请只写自己知道的事实：何时、谁、说了什么。")


@declare(
    "note",
    details=DETAILS,
    examples=(
        "liuhen note '10月14日一天接到很多催收电话' --respondent 甲某消费金融",
        "liuhen note '这是我母亲手机上的录音' --on 40",
    ),
)
@argument("text", metavar=N_("文字"), explain=N_("说明的内容；写 - 则从标准输入读取。"))
@click.option("--on", type=seq, metavar=N_("编号"), help=N_("说明哪一份证据。"))
@click.option("--at", type=when, metavar=N_("时间"), help=N_("所说的事发生的时间。"))
@click.option("--respondent", metavar=N_("名称"), help=N_("关于哪家被投诉机构。"))
@click.pass_obj
def command(
    state: CliContext, text: str, on: int | None, at: Moment | None, respondent: str | None
) -> None:
    """Write a note."""
    from evidence.store import statements

    if text == "-":
        text = sys.stdin.read().rstrip("\n")
    with state.append() as case:
        owner = None
        if respondent is not None:
            owner = statements.find_respondent(case.view(), respondent).seq
        note = Note(text=text, on=on, occurred=at, respondent=owner)
        appended = statements.add_note(case, note)
    if state.as_json:
        output.emit_json({"seq": appended.seq, "recorded_at": appended.recorded_at})
        return
    output.emit(f"#{appended.seq}")
    output.say(
        _("已保存情况说明，编号 #{seq}，记录时间 {time}。").format(
            seq=appended.seq, time=saved_text(appended.recorded_at)
        )
    )
    if at is not None:
        output.say(_("所说的时间：{time}").format(time=moment_text(at)))
