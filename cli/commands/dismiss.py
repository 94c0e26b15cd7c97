"""``liuhen dismiss``: suggestions that are not taken up."""

import click

from cli import output
from cli.app import argument, declare
from cli.context import CliContext
from cli.i18n import N_, _
from cli.params import seq

DETAILS = N_("不采用的提示仍留在案件里，以后不再提示。")


@declare("dismiss", details=DETAILS, examples=("liuhen dismiss 214 215",))
@argument("seqs", metavar=N_("编号"), explain=N_("提示的编号。"), type=seq, nargs=-1, required=True)
@click.pass_obj
def command(state: CliContext, /, *, seqs: tuple[int, ...]) -> None:
    """Dismiss suggestions."""
    from evidence.store.suggestions import dismiss

    with state.append() as case:
        for number in seqs:
            made = dismiss(case, number)
            if state.as_json:
                output.emit_json_line({"seq": made.seq, "suggestion": number})
            else:
                output.say(_("提示 #{number} 不采用，已记下。").format(number=number))
