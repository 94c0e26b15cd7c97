"""``liuhen complainant``: who complains."""

import dataclasses

import click

from cli import asking, identity, output
from cli.app import declare
from cli.context import CliContext
from cli.display import pairs, safe
from cli.i18n import N_, _
from evidence.core import phone, records
from evidence.core.records import Complainant

DETAILS = N_(
    "不带选项时显示现在的内容；还没有填写时逐项询问。只写要改的选项，其余保持不变。"
    "这些内容只用在投诉材料里。"
)


@declare(
    "complainant",
    details=DETAILS,
    examples=(
        "liuhen complainant --name 林某 --phone 13800000001",
        "liuhen complainant",
    ),
)
@click.option("--name", metavar=N_("姓名"), help=N_("投诉人姓名。"))
@click.option("--id-number", metavar=N_("号码"), help=N_("身份证件号码。"))
@click.option("--phone", "telephone", metavar=N_("号码"), help=N_("联系电话。"))
@click.option("--address", metavar=N_("地址"), help=N_("联系地址。"))
@click.option("--email", metavar=N_("邮箱"), help=N_("电子邮箱。"))
@click.pass_obj
def command(state: CliContext, /, telephone: str | None, **texts: str | None) -> None:
    """Set or show the complainant."""
    given = {name: text for name, text in {**texts, "phone": telephone}.items() if text is not None}
    with state.read() as case:
        current = case.view().complainant
    known = current.record if current else None
    if not given and known is None and state.interactive:
        given = _ask(state)
    if given:
        known = _save(state, known or Complainant(name=""), given)
    _show(state, known)


def _save(state: CliContext, known: Complainant, given: dict[str, str]) -> Complainant:
    from evidence.store import statements

    settled = dataclasses.replace(known, **given)
    with state.append() as case:
        appended = statements.set_complainant(case, settled)
        respondents = case.view().respondents
    for warning in _warnings(settled):
        output.warn(warning)
    output.say(_("已保存，编号 #{seq}。").format(seq=appended.seq))
    if not respondents:
        output.next_step(_("添加机构：liuhen respondent add 机构全称 --type 类型"))
    return settled


def _ask(state: CliContext) -> dict[str, str]:
    output.say(_("请填写投诉人，不想填的直接回车（姓名必填）。"))
    questions = (
        ("name", _("姓名")),
        ("id_number", _("身份证件号码")),
        ("phone", _("联系电话")),
        ("address", _("联系地址")),
        ("email", _("电子邮箱")),
    )
    answers = {name: asking.line(state, text) for name, text in questions}
    return {name: text.strip() for name, text in answers.items() if text.strip() or name == "name"}


def _warnings(record: Complainant) -> list[str]:
    warnings = []
    if record.id_number and not identity.id_number_is_plausible(record.id_number):
        warnings.append(_("身份证件号码不是有效的 18 位居民身份证号，请核对（已按所填保存）。"))
    number = phone.normalise(record.phone)
    kinds = (phone.NumberClass.MOBILE, phone.NumberClass.LANDLINE)
    if record.phone and phone.classify(number) not in kinds:
        warnings.append(_("联系电话不像手机或座机号码，请核对（已按所填保存）。"))
    return warnings


def _show(state: CliContext, record: Complainant | None) -> None:
    if state.as_json:
        data = records.complainant_to_data(record) if record else None
        output.emit_json({"complainant": data})
        return
    if record is None:
        output.say(_("还没有填写投诉人。"))
        output.next_step(_("liuhen complainant --name 姓名 --phone 手机号"))
        return
    rows = (
        (_("姓名"), safe(record.name)),
        (_("身份证件号码"), safe(identity.mask_id_number(record.id_number))),
        (_("联系电话"), safe(record.phone)),
        (_("联系地址"), safe(record.address)),
        (_("电子邮箱"), safe(record.email)),
    )
    output.emit_lines(pairs(rows, columns=output.columns()))
