"""``liuhen tag``: mark a conduct at a place in an exhibit."""

import dataclasses

import click

from cli import output
from cli.app import UsageProblem, argument, declare, flag
from cli.context import CliContext
from cli.describe import conduct_list, tag_text
from cli.display import table
from cli.i18n import N_, _
from cli.params import position, region, seq, when
from evidence.core.moment import Moment
from evidence.core.records import Region, Span, Tag
from evidence.core.rules import Rules
from evidence.errors import UnknownConductError

DETAILS = N_(
    "行为类型写编号或中文，例如 threat 或“恐吓、威胁”；用“liuhen tag --list”看全部类型。"
    "标注是您的判断，材料里写作“疑似”，由受理部门认定。"
)


@declare(
    "tag",
    details=DETAILS,
    examples=(
        "liuhen tag 138 threat --from 00:01 --to 00:05 --quote '明天就有人送花圈'",
        "liuhen tag 23 侮辱、辱骂 --quote '狗东西' --region 60,420,760,150",
        "liuhen tag --list",
    ),
)
@argument("on", metavar=N_("编号"), explain=N_("证据或情况说明的编号。"), type=seq, required=False)
@argument("conduct", metavar=N_("行为类型"), explain=N_("编号或中文。"), required=False)
@click.option(
    "--from", "first", type=position, metavar=N_("分:秒"), help=N_("录音片段从哪里开始。")
)
@click.option("--to", "last", type=position, metavar=N_("分:秒"), help=N_("录音片段到哪里结束。"))
@click.option("--quote", default="", metavar=N_("原话"), help=N_("对方的原话，逐字写。"))
@click.option(
    "--region",
    "box",
    type=region,
    metavar=N_("左,上,宽,高"),
    help=N_("图片里的区域，单位像素，按图片看上去的方向算。"),
)
@click.option(
    "--at", type=when, metavar=N_("时间"), help=N_("这一行为发生的时间，与证据的时间不同时写。")
)
@click.option("--respondent", metavar=N_("名称"), help=N_("算在哪家机构名下。"))
@click.option(
    "--contacted",
    metavar=N_("号码"),
    help=N_("被联系或被告知的家人、同事、朋友的号码；材料里只印遮盖后的号码。"),
)
@click.option("--comment", default="", metavar=N_("说明"), help=N_("补充说明。"))
@flag("--list", "show_list", help=N_("列出全部行为类型。"))
@click.pass_obj
def command(
    state: CliContext,
    /,
    *,
    on: int | None,
    conduct: str | None,
    first: int | None,
    last: int | None,
    quote: str,
    box: Region | None,
    at: Moment | None,
    respondent: str | None,
    contacted: str | None,
    comment: str,
    show_list: bool,
) -> None:
    """Mark a conduct, or list the kinds of conduct."""
    rules = state.rules()
    if show_list:
        _list(state, rules)
        return
    if on is None or conduct is None:
        raise UsageProblem(_("缺少证据编号或行为类型"), click.get_current_context())
    if (first is None) != (last is None):
        raise UsageProblem(_("“--from”和“--to”要一起写"), click.get_current_context())
    known = rules.conduct_id(conduct)
    if known is None:
        raise UnknownConductError(conduct=conduct, known=conduct_list(rules))
    span = Span(start_ms=first, end_ms=last) if first is not None and last is not None else None
    tag = Tag(
        on=on, conduct=known, quote=quote, span=span, region=box, occurred=at, comment=comment
    )
    _save(state, rules, tag, respondent, contacted)


def _save(
    state: CliContext, rules: Rules, tag: Tag, respondent: str | None, contacted: str | None
) -> None:
    from evidence.core.attribution import attribute
    from evidence.store import statements

    with state.append() as case:
        if respondent is not None:
            owner = statements.find_respondent(case.view(), respondent).seq
            tag = dataclasses.replace(tag, respondent=owner)
        if contacted is not None:
            person = statements.find_third_person(case.view(), contacted).seq
            tag = dataclasses.replace(tag, contacted=person)
        appended = statements.add_tag(case, tag, conducts=rules.conducts)
        view = case.view()
    made = next(t for t in view.tags if t.seq == appended.seq)
    counted = attribute(view).of_tag(made)
    if state.as_json:
        output.emit_json({"seq": appended.seq, "on": tag.on, "respondent": counted})
        return
    output.emit(f"#{appended.seq}  #{tag.on} {tag_text(tag, rules)}")
    output.say(_("已保存标注，编号 #{seq}。").format(seq=appended.seq))
    if not tag.quote:
        output.say(_("建议用“--quote”写下对方的原话，说服力更强。"))
    if counted is None:
        output.warn(
            _(
                "编号 {seq} 还没有归到任何被投诉机构，这条标注暂时不会进入投诉材料。"
                "用“liuhen number 号码 --respondent 名称”说明号码，或标注时加“--respondent 名称”。"
            ).format(seq=tag.on)
        )
    else:
        output.next_step(_("标完以后生成材料：liuhen packet --to 12378 -o 文件夹"))


def _list(state: CliContext, rules: Rules) -> None:
    conducts = rules.conducts.values()
    if state.as_json:
        output.emit_json({"conducts": [{"id": c.id, "label": c.label} for c in conducts]})
        return
    rows = [(c.id, c.label) for c in conducts]
    output.emit_lines(table((_("编号"), _("行为类型")), rows, columns=output.columns()))
