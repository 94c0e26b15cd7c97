"""``liuhen init``: make a new case."""

import click

from cli import output
from cli.app import declare
from cli.context import CliContext
from cli.display import pairs, safe
from cli.i18n import N_, _

DETAILS = N_(
    "案件是一个文件，原始证据也存在里面，复制这一个文件就是备份。已经有案件的位置不会被覆盖。"
)


@declare(
    "init",
    details=DETAILS,
    examples=("liuhen init", 'liuhen --case ./my-case.liuhen init --title "甲某e贷催收"'),
)
@click.option("--title", default="", metavar=N_("名称"), help=N_("案件名称，只给自己看。"))
@click.pass_obj
def command(state: CliContext, title: str) -> None:
    """Make a new case."""
    from evidence.store.case_file import CaseFile

    path = state.case_path
    with CaseFile.create(path, clock=state.clock, title=title) as case:
        view = case.view()
    shown = str(path.absolute())
    if state.as_json:
        record = view.case
        output.emit_json(
            {
                "path": shown,
                "case_id": record.case_id,
                "title": record.title,
                "public_key": record.public_key,
            }
        )
        return
    rows = (
        (_("案件文件"), safe(shown)),
        (_("案件编号"), view.case.case_id),
        (_("名称"), safe(title)),
    )
    output.emit_lines(pairs(rows, columns=None))
    output.say(_("案件已建立。文件里没有密码保护，请放在只有自己能打开的地方。"))
    output.next_step(
        _(
            "填写投诉人：liuhen complainant --name 姓名 --phone 手机号\n"
            "        添加机构：liuhen respondent add 机构全称 --type 类型\n"
            "        导入证据：liuhen import 文件或文件夹"
        )
    )
