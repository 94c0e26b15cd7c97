"""``liuhen packet``: the complaint for one respondent and one channel."""

import contextlib
import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import asking, labels, letter_words, output
from cli.app import UsageProblem, declare, flag
from cli.context import CliContext
from cli.display import fitted
from cli.i18n import N_, _
from cli.letter_words import LetterOptions, letter_options, supplement_options
from cli.packet_text import tell
from cli.params import file_size, one_of
from cli.progress import progress
from cli.review_text import counts, review_lines
from evidence.core.packet_record import Severity
from evidence.errors import ExitCode
from evidence.outside import read_small

if TYPE_CHECKING:
    from evidence.core.case_view import CaseView, Recorded
    from evidence.core.packet_record import ReviewItem
    from evidence.core.records import Respondent
    from evidence.store.case_file import CaseFile
    from reports.build import BuiltPacket
    from reports.disclosure import Disclosure
    from reports.packet import Channel
    from reports.wishes import Wishes

DETAILS = N_(
    "只写入您标注过的内容和有关证据，别家机构的不会进来。材料包里有可以打印的 packet.pdf、"
    "原始证据和核验资料。材料由您自己核对、签名、提交；本程序不会替您发送。\n"
    "投诉可以提的请求（--ask）：stop 停止不当催收、third_party 停止联系第三人、identify 说明催收"
    "人员身份、correct 更正不实说法、apologise 赔礼道歉、reply 书面答复、plan 协商还款方案。"
)


@declare(
    "packet",
    details=DETAILS,
    examples=(
        "liuhen packet --to 12378 --respondent 甲某消费金融 -o packet-12378",
        "liuhen packet --to nfra --respondent 甲某消费金融 -o packet-nfra",
        "liuhen packet --to police --respondent 甲某消费金融 -o packet-police",
        "liuhen packet --to nfra --respondent 甲某消费金融 --write-text words.txt",
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
    metavar=N_("文件夹"),
    help=N_("写到哪里（新文件夹）。"),
)
@letter_options
@flag(
    "--show-third-parties",
    help=N_(
        "照原样印出家人、同事、朋友的姓名和号码，写到他们的文字材料也附原件（不写则遮盖并标明）。"
    ),
)
@flag("--with-originals", help=N_("有遮盖的证据，也附上没有遮盖的原件（打印件里仍然遮盖）。"))
@flag("--clips", help=N_("把标注的录音片段另外剪成文件附上，方便收听。"))
@click.option(
    "--split",
    type=file_size,
    metavar=N_("大小"),
    help=N_("把 PDF 另外分成不超过这个大小的几册，例如 5MB；网页附件有大小限制时用。"),
)
@click.option(
    "--limits",
    type=click.Path(),
    metavar=N_("文件"),
    help=N_("网页填写文本的字数上限（TOML 文件）；没有官方数字，照网页的提示写。"),
)
@supplement_options
@flag("--yes", help=N_("照样显示检查清单，不再询问。"))
@click.pass_obj
def command(
    state: CliContext,
    /,
    *,
    channel: str,
    respondent: str | None,
    out: str | None,
    split: int | None,
    limits: str | None,
    show_third_parties: bool,
    with_originals: bool,
    clips: bool,
    yes: bool,
    **words: Any,
) -> ExitCode:
    """Make a packet."""
    chosen = LetterOptions(**words)
    letter_words.check(state, chosen, out)
    from reports.disclosure import Disclosure
    from reports.packet import Channel

    with (
        contextlib.suppress(_DeclinedError),
        letter_words.edited_ahead(state, channel, respondent, chosen) as edited,
        state.append() as case,
    ):
        wanted = chosen_respondent(case.view(), respondent).record.name
        to = (Channel(channel), wanted, chosen)
        with letter_words.settled(state, case, *to, edited=edited) as wishes:
            if out is None or wishes is None:
                return ExitCode.OK
            built = _build(
                state,
                case,
                Channel(channel),
                wanted,
                wishes=dataclasses.replace(wishes, split=split, limits=_limits(state, limits)),
                disclosure=Disclosure(
                    show_third_parties=show_third_parties,
                    with_originals=with_originals,
                    clips=clips,
                ),
                out=Path(out),
                yes=yes,
            )
        tell(state, built, state.rules())
        return ExitCode.OK
    output.say(_("没有生成。"))
    return ExitCode.UNEXPECTED


def _limits(state: CliContext, given: str | None) -> tuple[tuple[str, int], ...]:
    """Return the lengths of the person's own file: the one given, else the usual one."""
    from reports import paste_limits

    path = Path(given) if given is not None else state.paste_limits_path
    if path is None:
        return ()
    data = read_small(path, paste_limits.MAX_BYTES)
    return tuple(paste_limits.parse(data, str(path)).items())


def _build(
    state: CliContext,
    case: "CaseFile",
    channel: "Channel",
    respondent: str,
    *,
    wishes: "Wishes",
    disclosure: "Disclosure",
    out: Path,
    yes: bool,
) -> "BuiltPacket":
    from evidence.ingest.reader import MediaReader
    from reports.build import build_packet

    def show(review: "tuple[ReviewItem, ...]") -> None:
        _ask(state, review, yes=yes)

    with MediaReader() as reader, progress(_("生成材料")) as told:
        return build_packet(
            case,
            channel=channel,
            respondent_name=respondent,
            out=out,
            clock=state.clock,
            reader=reader,
            rules=state.rules(),
            wishes=wishes,
            disclosure=disclosure,
            progress=told,
            show=show,
        )


class _DeclinedError(Exception):
    """The person does not want the packet after all."""


def _ask(state: CliContext, review: "Sequence[ReviewItem]", *, yes: bool) -> None:
    """Show the review, and let the person decide whether to go on."""
    if not review:
        return
    output.say(_("生成前请看一遍（{counts}）：").format(counts=counts(review)))
    for line in fitted(review_lines(review), columns=output.columns()):
        output.say(line)
    grave = any(item.severity is Severity.GRAVE for item in review)
    asked = state.interactive and not yes
    if asked and not asking.confirm(state, _("就这样生成吗"), default=not grave):
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
