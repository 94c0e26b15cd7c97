"""``liuhen packet``: the complaint for one respondent and one channel."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import labels, output
from cli.app import UsageProblem, declare, flag
from cli.context import CliContext
from cli.display import pairs, safe
from cli.i18n import N_, _
from cli.params import one_of
from cli.progress import progress
from cli.review_text import counts, review_json, review_lines
from evidence.core.packet_record import Severity
from evidence.core.rules import Rules
from evidence.errors import ExitCode

if TYPE_CHECKING:
    from evidence.core.case_view import CaseView, Recorded
    from evidence.core.packet_record import ReviewItem
    from evidence.core.records import Respondent
    from reports.build import BuiltPacket

DETAILS = N_(
    "只写入您标注过的内容和有关证据，别家机构的不会进来。材料包里有可以打印的 packet.pdf、"
    "原始证据和核验资料。材料由您自己核对、签名、提交；本程序不会替您发送。"
)


@declare(
    "packet",
    details=DETAILS,
    examples=(
        "liuhen packet --to 12378 --respondent 甲某消费金融 -o packet-12378",
        "liuhen packet --to nfra --respondent 甲某消费金融 -o packet-nfra",
        "liuhen packet --to police --respondent 甲某消费金融 -o packet-police",
    ),
)
@click.option(
    "--to",
    "channel",
    required=True,
    type=one_of(labels.CHANNELS, N_("渠道")),
    metavar=N_("渠道"),
    help=N_(
        "12378 电话热线；nfra 金融监管总局网站；nfra-report 向总局举报；institution 机构自己；"
        "local-finance 地方金融管理局；police 公安机关；nifa 互联网金融协会。"
    ),
)
@click.option("--respondent", metavar=N_("名称"), help=N_("被投诉机构；案件里只有一家时可以不写。"))
@click.option(
    "-o",
    "--output",
    "out",
    type=click.Path(),
    required=True,
    metavar=N_("文件夹"),
    help=N_("写到哪里（新文件夹）。"),
)
@flag("--yes", help=N_("照样显示检查清单，不再询问。"))
@click.pass_obj
def command(
    state: CliContext, channel: str, respondent: str | None, out: str, yes: bool
) -> ExitCode:
    """Make a packet."""
    from evidence.ingest.reader import MediaReader
    from reports.build import build_packet
    from reports.packet import Channel

    rules = state.rules()

    def show(review: "tuple[ReviewItem, ...]") -> None:
        _ask(state, review, yes=yes)

    with state.append() as case:
        wanted = chosen_respondent(case.view(), respondent)
        try:
            with MediaReader() as reader, progress(_("生成材料")) as told:
                built = build_packet(
                    case,
                    channel=Channel(channel),
                    respondent_name=wanted.record.name,
                    out=Path(out),
                    clock=state.clock,
                    reader=reader,
                    rules=rules,
                    progress=told,
                    show=show,
                )
        except _DeclinedError:
            output.say(_("没有生成。"))
            return ExitCode.UNEXPECTED
    _tell(state, built, rules)
    return ExitCode.OK


class _DeclinedError(Exception):
    """The person does not want the packet after all."""


def _ask(state: CliContext, review: "Sequence[ReviewItem]", *, yes: bool) -> None:
    """Show the review, and let the person decide whether to go on."""
    if not review:
        return
    output.say(_("生成前请看一遍（{counts}）：").format(counts=counts(review)))
    for line in review_lines(review):
        output.say(line)
    grave = any(item.severity is Severity.GRAVE for item in review)
    asked = state.interactive and not yes
    if asked and not click.confirm(_("就这样生成吗"), default=not grave, err=True):
        raise _DeclinedError


def chosen_respondent(view: "CaseView", name: str | None) -> "Recorded[Respondent]":
    """Return the respondent of this name, or the only one."""
    from evidence.store.statements import find_respondent

    if name is not None:
        return find_respondent(view, name)
    if len(view.respondents) == 1:
        return view.respondents[0]
    known = _("、").join(r.record.name for r in view.respondents)
    if not known:
        raise UsageProblem(
            _("还没有被投诉机构，请先运行“liuhen respondent add 机构全称 --type 类型”"),
            click.get_current_context(),
        )
    raise UsageProblem(
        _("请用“--respondent”指明机构：{known}").format(known=known), click.get_current_context()
    )


def _tell(state: CliContext, built: "BuiltPacket", rules: Rules) -> None:
    packet = built.packet
    pdf = built.path / "data" / "packet.pdf"
    if state.as_json:
        output.emit_json(_json(built, pdf))
        return
    rows = (
        (_("材料包"), safe(str(built.path))),
        (_("打印件"), safe(str(pdf))),
        (_("渠道"), labels.channel(packet.channel)),
        (_("被投诉机构"), safe(packet.respondent.name)),
        (_("疑似违规点"), _("{count} 项").format(count=len(packet.findings))),
        (_("证据"), _("{count} 份").format(count=len(packet.exhibits))),
        (_("校验码"), packet.integrity.short_code),
    )
    output.emit_lines(pairs(rows, columns=output.columns()))
    output.say(rules.packet_channels[packet.channel.value].remark)
    output.next_step(
        _("打开打印件逐页核对，改正后重新生成；确认无误再打印、签名、提交。校验码请另外记下来。")
    )


def _json(built: "BuiltPacket", pdf: Path) -> dict[str, object]:
    packet = built.packet
    return {
        "path": str(built.path),
        "pdf": str(pdf),
        "seq": built.seq,
        "channel": packet.channel.value,
        "respondent": packet.respondent.name,
        "made_at": packet.made_at,
        "findings": [
            {"number": f.number, "tag": f.tag_seq, "conduct": f.conduct_id} for f in packet.findings
        ],
        "exhibits": [{"label": e.label, "seq": e.seq, "sha256": e.sha256} for e in packet.exhibits],
        "review": review_json(packet.review),
        "entries": packet.integrity.entries_total,
        "disclosed": packet.integrity.entries_disclosed,
        "withheld": packet.integrity.entries_withheld,
        "code": packet.integrity.short_code,
        "manifest_sha256": built.manifest_sha256,
    }
