"""``liuhen rules``: the provisions, with how well each is established."""

import dataclasses

import click

from cli import output
from cli.app import argument, declare
from cli.context import CliContext
from cli.describe import conduct_list
from cli.display import pairs, table
from cli.i18n import N_, _
from evidence.core.rules import Conduct, Provision, Rules
from evidence.errors import UnknownConductError, UnknownProvisionError

DETAILS = N_(
    "每条都写明层级、施行时间和核对情况。只有逐字核对过的才会在材料里加引号引用，其余只列名称。"
    "这是资料，不是法律意见。"
)


@declare(
    "rules",
    details=DETAILS,
    examples=("liuhen rules", "liuhen rules cpm2022-41", "liuhen rules --conduct threat"),
)
@argument("provision", metavar=N_("编号"), explain=N_("条款编号；不写则列出全部。"), required=False)
@click.option("--conduct", metavar=N_("行为类型"), help=N_("这种行为对应哪些条款。"))
@click.pass_obj
def command(state: CliContext, provision: str | None, conduct: str | None) -> None:
    """Show the rules."""
    rules = state.rules()
    if conduct is not None:
        _show_conduct(state, rules, conduct)
    elif provision is not None:
        found = rules.provisions.get(provision)
        if found is None:
            raise UnknownProvisionError(provision=provision)
        _show_provision(state, rules, found)
    else:
        _show_all(state, rules)


def _show_all(state: CliContext, rules: Rules) -> None:
    provisions = rules.provisions.values()
    if state.as_json:
        output.emit_json({"provisions": [_json(p, rules) for p in provisions]})
        return
    _table(tuple(provisions), rules)
    output.next_step(_("用“liuhen rules 编号”看原文和核对情况。"))


def _show_conduct(state: CliContext, rules: Rules, text: str) -> None:
    known = rules.conduct_id(text)
    if known is None:
        raise UnknownConductError(conduct=text, known=conduct_list(rules))
    conduct = rules.conducts[known]
    if state.as_json:
        output.emit_json(_conduct_json(conduct, rules))
        return
    output.emit(f"{conduct.id}  {conduct.label}")
    cite = tuple(rules.provisions[i] for i in conduct.cite)
    names = tuple(rules.provisions[i] for i in conduct.name_only)
    output.emit(_("可以引用："))
    _table(cite, rules)
    if names:
        output.emit(_("只列名称："))
        _table(names, rules)
    output.say(_("材料里实际写哪几条，还取决于机构类型、渠道和行为发生的时间。"))


def _show_provision(state: CliContext, rules: Rules, found: Provision) -> None:
    if state.as_json:
        output.emit_json(_json(found, rules))
        return
    used = [c.label for c in rules.conducts.values() if found.id in (*c.cite, *c.name_only)]
    rows = (
        (_("编号"), found.id),
        (_("名称"), f"《{found.instrument}》{found.article_raw}"),
        (_("层级"), found.level),
        (_("发布机关"), found.issuer),
        (_("文号"), found.doc_no),
        (_("公布"), found.issued),
        (_("施行"), _in_force(found, rules)),
        (_("能否引用"), _use(found, rules)),
        (_("核对情况"), found.state),
        (_("注明"), found.remark),
        (_("原文") if found.quotable else _("大意（不是原文）"), found.text),
        (_("行为类型"), _("；").join(used)),
    )
    output.emit_lines(pairs(rows, columns=output.columns()))


def _table(provisions: tuple[Provision, ...], rules: Rules) -> None:
    headers = (_("编号"), _("层级"), _("能否引用"), _("名称"))
    rows = [
        (p.id, p.level, _use(p, rules), f"《{p.instrument}》{p.article_raw}") for p in provisions
    ]
    output.emit_lines(table(headers, rows, columns=output.columns()))


def _use(found: Provision, rules: Rules) -> str:
    if found.id in rules.never_cite:
        return _("不引用")
    return _("可引原文") if found.quotable else _("只列名称")


def _in_force(found: Provision, rules: Rules) -> str:
    if found.effective_from is None:
        return rules.in_force_unknown
    if found.effective_to is None:
        return _("{first} 起").format(first=found.effective_from)
    return _("{first} 至 {last}").format(first=found.effective_from, last=found.effective_to)


def _json(found: Provision, rules: Rules) -> dict[str, object]:
    dates = {
        name: value.isoformat() if value is not None else None
        for name, value in (
            ("effective_from", found.effective_from),
            ("effective_to", found.effective_to),
        )
    }
    return {**dataclasses.asdict(found), **dates, "never_cite": found.id in rules.never_cite}


def _conduct_json(conduct: Conduct, rules: Rules) -> dict[str, object]:
    return {
        "id": conduct.id,
        "label": conduct.label,
        "cite": [_json(rules.provisions[i], rules) for i in conduct.cite],
        "name_only": [_json(rules.provisions[i], rules) for i in conduct.name_only],
    }
