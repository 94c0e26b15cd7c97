"""``liuhen submitted``: what was handed in, and what came back."""

import datetime as dt
from typing import Any

import click

from cli import labels, output
from cli.app import declare
from cli.context import CliContext
from cli.describe import submission_text
from cli.i18n import N_, _
from cli.params import one_of, seq, when
from evidence.core.moment import CHINA, Meaning, Moment, Precision, Source
from evidence.core.submission import Event, submission_to_data

DETAILS = N_(
    "不带选项，就是记下今天提交了最近生成的那份材料。以后对方受理、转送、答复，也用它记下来："
    "submitted 已提交、accepted 已受理或立案、forwarded 已转送机构、extended 告知延长、"
    "answered 已答复、refused 不予受理、review 已申请核查、review_answered 核查已答复、"
    "closed 已了结。记下哪天发生的，“liuhen deadlines”才算得准。记错了可以撤回。"
    "程序不会替您提交任何东西。"
)


@declare(
    "submitted",
    details=DETAILS,
    examples=(
        "liuhen submitted --receipt 20261124-00017",
        "liuhen submitted --event forwarded",
    ),
)
@click.option(
    "--event",
    type=one_of(labels.EVENTS, N_("事项")),
    default=Event.SUBMITTED.value,
    metavar=N_("事项"),
    help=N_("发生了什么，见上；不写就是已提交。"),
)
@click.option("--at", type=when, metavar=N_("日期"), help=N_("哪天；不写就是今天。"))
@click.option("--receipt", default="", metavar=N_("编号"), help=N_("对方给的受理编号。"))
@click.option("--operator", default="", metavar=N_("姓名"), help=N_("接电话或经办的人、工号。"))
@click.option("--how", default="", metavar=N_("方式"), help=N_("电话、网上、邮寄、当面……"))
@click.option("--note", default="", metavar=N_("文字"), help=N_("对方说了什么。"))
@click.option(
    "--packet",
    type=seq,
    metavar=N_("编号"),
    help=N_("提交的是哪份材料包；不写就是最近的一份。"),
)
@click.option("--of", type=seq, metavar=N_("编号"), help=N_("关于哪一次提交；只有一次时不用写。"))
@click.option(
    "--to",
    "channel",
    type=one_of(labels.CHANNELS, N_("渠道")),
    metavar=N_("渠道"),
    help=N_("交到哪里；有材料包时不用写。"),
)
@click.option("--respondent", metavar=N_("名称"), help=N_("哪家机构；只有一家时不用写。"))
@click.pass_obj
def command(state: CliContext, /, event: str, at: Moment | None, **given: Any) -> None:
    """Record an event of a submission."""
    from evidence.store import submissions

    now = state.clock()
    happened = Event(event)
    words = {name: given.pop(name) for name in ("receipt", "operator", "how", "note")}
    packet, of = given.pop("packet"), given.pop("of")
    given["at"] = at or _today(now)
    given["today"] = now.astimezone(CHINA).date()
    given["words"] = submissions.Words(**words)
    with state.append() as case:
        if happened is Event.SUBMITTED:
            appended, record = submissions.submit(case, packet=packet, **given)
        else:
            appended, record = submissions.follow(case, event=happened, of=of, **given)
    if state.as_json:
        output.emit_json({"seq": appended.seq, **submission_to_data(record)})
    else:
        output.emit(f"#{appended.seq}  {submission_text(record)}")
    output.say(_("已保存。记错了可以用“liuhen withdraw 编号 --reason 理由”撤回。"))
    output.next_step(_("用“liuhen deadlines”看接下来的期限和该做什么。"))


def _today(now: dt.datetime) -> Moment:
    return Moment(
        value=now.astimezone(CHINA).date().isoformat(),
        precision=Precision.DAY,
        source=Source.USER,
        meaning=Meaning.STATED,
        basis="",
    )
