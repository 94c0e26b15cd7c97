"""``liuhen respondent add`` and ``list``: against whom."""

import dataclasses
from typing import Any

import click

from cli import output
from cli.app import UsageProblem, argument, declare_group, flag
from cli.context import CliContext
from cli.describe import respondent_text
from cli.display import pairs, safe
from cli.i18n import N_, _
from evidence.core import records
from evidence.core.case_view import CaseView
from evidence.core.records import Respondent
from evidence.core.rules import RespondentType, Rules
from evidence.errors import UnknownRespondentError

DETAILS = N_("被投诉机构是借款合同上的“贷款人”。催收公司和助贷平台写在它名下，因为由它负责。")
ADD_DETAILS = N_(
    "类型决定适用的条款和受理部门，写编号或中文都可以：\n"
    "bank 银行贷款、credit_card 信用卡、consumer_finance 消费金融公司、trust 信托公司、"
    "auto_finance 汽车金融公司、microloan 小额贷款公司、platform 助贷平台、agency 催收公司、"
    "private 无牌个人、高利贷"
)


@declare_group(
    "respondent",
    details=DETAILS,
    examples=(
        "liuhen respondent add 甲某消费金融有限公司 --type consumer_finance",
        "liuhen respondent list",
    ),
)
def command() -> None:
    """Hold the two commands."""


@command.declare(
    "add",
    summary=N_("添加一家被投诉机构，或更正它的信息。"),
    details=ADD_DETAILS,
    examples=(
        "liuhen respondent add 甲某消费金融有限公司 --type consumer_finance \\",
        "    --product 甲某e贷 --agency 丙某资产管理有限公司",
        "liuhen respondent add 甲某消费金融有限公司 --update --contract JX-DEMO-0000001",
    ),
)
@argument("name", metavar=N_("名称"), explain=N_("机构全称，照合同或借据写。"))
@click.option("--type", "type_text", metavar=N_("类型"), help=N_("机构类型，见上。"))
@click.option("--product", metavar=N_("名称"), help=N_("借款产品。"))
@click.option("--contract", "contract_no", metavar=N_("编号"), help=N_("合同或借据编号。"))
@click.option("--principal", metavar=N_("金额"), help=N_("借款本金（元）。"))
@click.option("--rate", "annual_rate", metavar=N_("利率"), help=N_("年利率，例如 24%。"))
@click.option("--repaid", metavar=N_("金额"), help=N_("已还金额（元）。"))
@click.option("--overdue-since", metavar=N_("日期"), help=N_("从哪天开始逾期。"))
@click.option("--agency", metavar=N_("名称"), help=N_("它委托的催收公司。"))
@click.option("--platform", metavar=N_("名称"), help=N_("借款时用的平台或 APP。"))
@click.option("--guarantor", metavar=N_("名称"), help=N_("担保人或担保公司。"))
@click.option("--lender", metavar=N_("名称"), help=N_("合同上的贷款人（机构是平台或催收公司时）。"))
@click.option("--borrowed-on", metavar=N_("日期"), help=N_("借款日期。"))
@click.option("--claimed", metavar=N_("金额"), help=N_("对方说还欠多少（元）。"))
@flag("--update", help=N_("更正已有的机构：只写要改的，旧的一条会保留。"))
@click.pass_obj
def add(
    state: CliContext, /, name: str, type_text: str | None, update: bool, **texts: str | None
) -> None:
    """Add or correct a respondent."""
    from evidence.store import statements

    rules = state.rules()
    given = {field: text for field, text in texts.items() if text is not None}
    with state.append() as case:
        base = _known(case.view(), name) if update else Respondent(name=name, type="")
        kind = _type_id(rules, type_text) if type_text is not None else base.type
        if not kind:
            raise UsageProblem(_missing_type(rules))
        record = dataclasses.replace(base, type=kind, supersedes=None, **given)
        appended = statements.add_respondent(
            case, record, types=rules.respondent_types, update=update
        )
    found = rules.respondent_types[record.type]
    if state.as_json:
        output.emit_json({"seq": appended.seq, **_details(record, found)})
    else:
        output.emit(f"#{appended.seq}  {respondent_text(record, rules)}")
    output.say(_("已保存，编号 #{seq}。").format(seq=appended.seq))
    if not found.supervised_by_12378:
        output.warn(found.advice)
        output.say(_("正确的受理方：{addressee}").format(addressee=found.addressee))
    output.next_step(
        _(
            "说明哪些号码是它的：liuhen number 号码 --respondent 名称\n"
            "        导入证据：liuhen import 文件或文件夹"
        )
    )


@command.declare(
    "list",
    summary=N_("列出被投诉机构。"),
    examples=("liuhen respondent list", "liuhen respondent list --json"),
)
@click.pass_obj
def list_(state: CliContext) -> None:
    """Show the respondents."""
    rules = state.rules()
    with state.read() as case:
        respondents = case.view().respondents
    types = rules.respondent_types
    if state.as_json:
        output.emit_json(
            {
                "respondents": [
                    {"seq": r.seq, **_details(r.record, types.get(r.record.type))}
                    for r in respondents
                ]
            }
        )
        return
    for respondent in respondents:
        output.emit(f"#{respondent.seq}  {respondent_text(respondent.record, rules)}")
        rows = _rows(respondent.record, types.get(respondent.record.type))
        output.emit_lines("    " + line for line in pairs(rows))
    if not respondents:
        output.say(_("还没有添加被投诉机构。"))
        output.next_step(_("liuhen respondent add 机构全称 --type 类型"))


def _known(view: CaseView, name: str) -> Respondent:
    for respondent in view.respondents:
        if respondent.record.name == name:
            return respondent.record
    raise UnknownRespondentError(name=name)


def _type_id(rules: Rules, text: str) -> str:
    labels = {t.label: t.id for t in rules.respondent_types.values()}
    return labels.get(text, text)


def _missing_type(rules: Rules) -> str:
    known = "".join(f"\n  {t.id}  {t.label}" for t in rules.respondent_types.values())
    return _("缺少选项“--type”。可用的类型：{known}").format(known=known)


def _details(record: Respondent, found: RespondentType | None) -> dict[str, Any]:
    return {
        **records.respondent_to_data(record),
        "type_label": found.label if found else "",
        "supervised_by_12378": found.supervised_by_12378 if found else None,
        "addressee": found.addressee if found else "",
        "channels": list(found.channels) if found else [],
    }


def _rows(record: Respondent, found: RespondentType | None) -> tuple[tuple[str, str], ...]:
    return (
        (_("贷款人"), safe(record.lender)),
        (_("借款产品"), safe(record.product)),
        (_("合同编号"), safe(record.contract_no)),
        (_("借款本金"), safe(record.principal)),
        (_("借款日期"), safe(record.borrowed_on)),
        (_("年利率"), safe(record.annual_rate)),
        (_("已还金额"), safe(record.repaid)),
        (_("逾期开始"), safe(record.overdue_since)),
        (_("对方主张的欠款"), safe(record.claimed)),
        (_("催收公司"), safe(record.agency)),
        (_("平台"), safe(record.platform)),
        (_("担保人"), safe(record.guarantor)),
        (_("受理方"), found.addressee if found else ""),
        (_("可以用的“--to”"), _("、").join(found.channels) if found else ""),
    )
