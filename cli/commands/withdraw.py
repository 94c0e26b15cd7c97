"""``liuhen withdraw``: take an entry back; it stays in the log."""

import click

from cli import asking, output
from cli.app import argument, declare, flag
from cli.context import CliContext
from cli.describe import lines
from cli.i18n import N_, _
from cli.params import seq
from evidence.core.records import Withdraw
from evidence.errors import ExitCode

DETAILS = N_(
    "撤回后不再进入投诉材料。原记录和撤回的理由都留在案件里，任何人核验时都能看到数量没有少。"
)


@declare(
    "withdraw",
    details=DETAILS,
    examples=("liuhen withdraw 48 --reason 标错了位置", "liuhen withdraw 49 --reason 重复 --yes"),
)
@argument("target", metavar=N_("编号"), explain=N_("要撤回的记录。"), type=seq)
@click.option("--reason", required=True, metavar=N_("理由"), help=N_("为什么撤回（必填）。"))
@flag("--yes", help=N_("不再询问。"))
@click.pass_obj
def command(state: CliContext, target: int, reason: str, yes: bool) -> ExitCode:
    """Withdraw an entry."""
    from evidence.store import statements

    with state.append() as case:
        if state.interactive and not yes:
            found = next((ln for ln in lines(case.view(), state.rules()) if ln.seq == target), None)
            if found is not None:
                output.say(_("将要撤回：#{seq}  {text}").format(seq=target, text=found.text))
            if not asking.confirm(state, _("确定撤回吗"), default=False):
                output.say(_("没有撤回。"))
                return ExitCode.UNEXPECTED
        appended = statements.withdraw(case, Withdraw(target=target, reason=reason))
    if state.as_json:
        output.emit_json({"seq": appended.seq, "target": target})
    else:
        output.emit(f"#{appended.seq}")
    output.say(
        _("已撤回编号 {target}，撤回记录的编号是 #{seq}。").format(target=target, seq=appended.seq)
    )
    return ExitCode.OK
