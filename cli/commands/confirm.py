"""``liuhen confirm``: suggestions become tags."""

import click

from cli import output
from cli.app import UsageProblem, argument, declare
from cli.context import CliContext
from cli.describe import conduct_list
from cli.i18n import N_, _
from cli.params import seq
from evidence.errors import UnknownConductError

DETAILS = N_("请先核对原文。行为类型不对时用“--conduct”改，改了只能一次确认一条。")


@declare(
    "confirm",
    details=DETAILS,
    examples=("liuhen confirm 218 222", "liuhen confirm 224 --conduct threat"),
)
@argument("seqs", metavar=N_("编号"), explain=N_("提示的编号。"), type=seq, nargs=-1, required=True)
@click.option("--conduct", metavar=N_("行为类型"), help=N_("改成另一种行为类型。"))
@click.pass_obj
def command(state: CliContext, /, *, seqs: tuple[int, ...], conduct: str | None) -> None:
    """Confirm suggestions."""
    from evidence.store.suggestions import confirm

    rules = state.rules()
    chosen = rules.conduct_id(conduct) if conduct is not None else None
    if conduct is not None and chosen is None:
        raise UnknownConductError(conduct=conduct, known=conduct_list(rules))
    if conduct is not None and len(seqs) != 1:
        raise UsageProblem(_("改行为类型时只能一次确认一条"), click.get_current_context())
    with state.append() as case:
        for number in seqs:
            made = confirm(case, number, conducts=rules.conducts, conduct=chosen)
            if state.as_json:
                output.emit_json_line({"seq": made.seq, "suggestion": number})
            else:
                output.say(
                    _("提示 #{number} 已确认，标注编号 #{seq}。").format(
                        number=number, seq=made.seq
                    )
                )
