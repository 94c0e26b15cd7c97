"""``liuhen backup``: a checked copy of the whole case."""

import functools
from pathlib import Path

import click

from cli import copy_text, output
from cli.app import declare
from cli.context import CliContext
from cli.display import safe
from cli.i18n import N_, _
from cli.progress import progress
from evidence.errors import ExitCode

DETAILS = N_(
    "案件正在使用、别的窗口正在导入时也可以备份。写好以后从磁盘重新读出，每条记录、每份原文件"
    "都核验过才算完成。已有的文件不会被覆盖，写到一半失败不会留下东西。\n"
    "请备份到另一个磁盘（U 盘、移动硬盘），每次用新的文件名，旧的备份先留着。"
    "备份里有案件的全部内容，谁拿到都能读（设了密码的除外）。"
)


@declare("backup", details=DETAILS, examples=("liuhen backup -o backup-20261125.liuhen",))
@click.option(
    "-o",
    "--output",
    "out",
    type=click.Path(),
    required=True,
    metavar=N_("文件"),
    help=N_("写到哪里；最好在另一个磁盘上。"),
)
@click.pass_obj
def command(state: CliContext, out: str) -> ExitCode:
    """Copy the case."""
    from evidence.store.backup import back_up, on_the_same_disk

    path = Path(out)
    with progress(_("备份")) as told:
        check = functools.partial(copy_text.verified, state)
        copied = back_up(state.case_path, path, check=check, progress=told)
    code = copy_text.short_code(state, copied)
    ended = copy_text.emit(copied, code, as_json=state.as_json)
    if on_the_same_disk(state.case_path, path):
        output.warn(_("备份和案件在同一个磁盘上，磁盘坏了会一起丢。请再复制一份到别的磁盘。"))
    output.next_step(
        _("把校验码另外记下来。要用备份时：liuhen --case 新文件 restore {path}").format(
            path=safe(str(path))
        )
    )
    return ended
