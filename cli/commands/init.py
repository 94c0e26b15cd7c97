"""``liuhen init``: make a new case."""

import os
from typing import TYPE_CHECKING

import click

from cli import output
from cli.app import declare, flag
from cli.context import CliContext
from cli.display import pairs, safe
from cli.i18n import N_, _
from evidence.core import recovery_code
from evidence.errors import CaseExistsError

if TYPE_CHECKING:
    from evidence.store.protection import Protection

DETAILS = N_(
    "案件是一个文件，原始证据也存在里面，复制这一个文件就是备份。已经有案件的位置不会被覆盖。"
)


@declare(
    "init",
    details=DETAILS,
    examples=("liuhen init", 'liuhen --case ./my-case.liuhen init --title "甲某e贷催收"'),
)
@click.option("--title", default="", metavar=N_("名称"), help=N_("案件名称，只给自己看。"))
@flag("--passphrase", "wanted", help=N_("给案件加上密码：输入两次，并显示一个恢复码，请抄下来。"))
@click.pass_obj
def command(state: CliContext, title: str, wanted: bool) -> None:
    """Make a new case."""
    from evidence.store.case_file import CaseFile

    path = state.case_path
    if os.path.lexists(path):
        raise CaseExistsError(path=str(path))  # before anybody thinks up a passphrase
    made = _protection(state) if wanted else None
    with CaseFile.create(path, clock=state.clock, title=title, protection=made) as case:
        view = case.view()
    shown = str(path.absolute())
    if state.as_json:
        record = view.case
        document = {
            "path": shown,
            "case_id": record.case_id,
            "title": record.title,
            "public_key": record.public_key,
        }
        if made:
            document["recovery_code"] = recovery_code.printed(made.recovery)
        output.emit_json(document)
        return
    rows = (
        (_("案件文件"), safe(shown)),
        (_("案件编号"), view.case.case_id),
        (_("名称"), safe(title)),
    )
    output.emit_lines(pairs(rows, columns=None))
    if made:
        from cli.passphrase import show_recovery

        show_recovery(made.recovery)
        output.say(_("案件已建立，有密码保护。"))
    else:
        output.say(
            _(
                "案件已建立。文件里没有密码保护，请放在只有自己能打开的地方，"
                "或者用“liuhen passphrase set”加上密码。"
            )
        )
    output.next_step(
        _(
            "填写投诉人：liuhen complainant --name 姓名 --phone 手机号\n"
            "        添加机构：liuhen respondent add 机构全称 --type 类型\n"
            "        导入证据：liuhen import 文件或文件夹"
        )
    )


def _protection(state: CliContext) -> "Protection":
    from cli.passphrase import chosen
    from evidence.store.protection import protect

    return protect(chosen(state), kdf=state.kdf)
