"""``liuhen number``: whose telephone number it is."""

from typing import TYPE_CHECKING

import click

from cli import labels, output
from cli.app import argument, declare
from cli.context import CliContext
from cli.display import safe
from cli.i18n import N_, _
from cli.params import one_of
from cli.progress import progress
from evidence.core import phone
from evidence.core.records import NumberRecord, NumberRole
from evidence.errors import NothingRequestedError

if TYPE_CHECKING:
    from evidence.store.case_file import CaseFile

DETAILS = N_(
    "归到机构名下的号码，它的录音和短信会自动归到这家机构。身份可以写："
    "collector 催收人员、lender 放贷机构、self 本人、family 家人、colleague 同事、"
    "friend 朋友、other 其他。亲友和同事的号码在投诉材料里会遮盖。"
)


@declare(
    "number",
    details=DETAILS,
    examples=(
        "liuhen number 13800000011 --respondent 甲某消费金融 --name 李经理",
        "liuhen number 13800000004 --role family --name 母亲",
    ),
)
@argument("number", metavar=N_("号码"), explain=N_("电话号码，可以带 +86、空格或短横线。"))
@click.option(
    "--respondent", metavar=N_("名称"), help=N_("属于哪家被投诉机构（名称或其中一部分）。")
)
@click.option(
    "--role",
    type=one_of(labels.ROLES, N_("身份")),
    metavar=N_("身份"),
    help=N_("是谁的号码；写了机构时默认 collector。"),
)
@click.option("--name", default="", metavar=N_("称呼"), help=N_("对方怎么称呼。"))
@click.pass_obj
def command(
    state: CliContext, number: str, respondent: str | None, role: str | None, name: str
) -> None:
    """Say whose number it is."""
    from evidence.store import statements

    if role is None and respondent is None:
        raise NothingRequestedError(example="liuhen number 13800000004 --role family")
    with state.append() as case:
        view = case.view()
        owner = statements.find_respondent(view, respondent) if respondent is not None else None
        record = NumberRecord(
            number=number,
            role=NumberRole(role or NumberRole.COLLECTOR),
            respondent=owner.seq if owner else None,
            name=name,
        )
        appended = statements.set_number(case, record)
        reread = _read_again(case) if owner is not None else 0
    key = phone.normalise(number)
    exhibits = [e.seq for e in view.exhibits if e.stands and e.record.party.number == key]
    owner_name = owner.record.name if owner else ""
    if state.as_json:
        output.emit_json(
            {
                "seq": appended.seq,
                "number": key,
                "role": record.role.value,
                "respondent": owner.seq if owner else None,
                "name": name,
                "exhibits": exhibits,
                "rows": reread,
            }
        )
    else:
        parts = (key, labels.role(record.role), safe(name), safe(owner_name))
        output.emit("  ".join(part for part in parts if part))
    output.say(_("已保存，编号 #{seq}。").format(seq=appended.seq))
    if exhibits:
        output.say(_("案件里有 {count} 份证据来自这个号码。").format(count=len(exhibits)))
    if reread:
        output.say(_("从案件里已有的备份和详单补读了 {count} 条通话和短信。").format(count=reread))


def _read_again(case: "CaseFile") -> int:
    """Take the rows of the exports in the case that belong to a respondent now."""
    from evidence.ingest.reread import read_again

    with progress(_("补读备份")) as told:
        return sum(summary.taken for _seq, summary in read_again(case, progress=told))
