"""``liuhen review``: what to look at before a packet is made; nothing is changed."""

import click

from cli import labels, output
from cli.app import declare
from cli.commands.packet import chosen_respondent
from cli.context import CliContext
from cli.display import fitted
from cli.i18n import N_, _
from cli.letter_words import supplement_options
from cli.params import one_of
from cli.review_text import counts, review_json, review_lines

DETAILS = N_(
    "逐条列出生成材料之前该看的地方：缺什么、哪里说服力不够、哪里可能对您不利，能改的写出命令。"
    "只看不改。程序只提醒，由您决定。"
)


@declare(
    "review",
    details=DETAILS,
    examples=("liuhen review --to 12378 --respondent 甲某消费金融",),
)
@click.option(
    "--to",
    "channel",
    required=True,
    type=one_of(labels.CHANNELS, N_("渠道")),
    metavar=N_("渠道"),
    help=N_("准备交到哪里，写法同 packet。"),
)
@click.option("--respondent", metavar=N_("名称"), help=N_("被投诉机构；案件里只有一家时可以不写。"))
@supplement_options
@click.pass_obj
def command(
    state: CliContext,
    /,
    channel: str,
    respondent: str | None,
    supplement: int | None,
    fresh: bool,
) -> None:
    """Show the review."""
    from evidence.store.clock import rfc3339
    from reports.begin import begin
    from reports.packet import Channel
    from reports.wishes import Wishes

    with state.read() as case:
        begun = begin(
            case,
            channel=Channel(channel),
            respondent_name=chosen_respondent(case.view(), respondent).record.name,
            made_at=rfc3339(state.clock()),
            rules=state.rules(),
            wishes=Wishes(supplement=supplement, fresh=fresh),
        )
    if state.as_json:
        output.emit_json({"review": review_json(begun.review)})
        return
    lines = map(state.pasteable, review_lines(begun.review))
    output.emit_lines(fitted(lines, columns=output.columns()))
    output.say(counts(begun.review))
    output.next_step(_("改好要改的，再用 packet 命令生成；也可以就这样生成，由您决定。"))
