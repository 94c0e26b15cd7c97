"""``liuhen checkpoint``: size and root of the case, signed, to be kept elsewhere."""

from pathlib import Path

import click

from cli import output
from cli.app import declare
from cli.context import CliContext
from cli.display import safe
from cli.i18n import N_, _
from cli.output_file import new_file

DETAILS = N_(
    "检查点是几行文字，概括到现在为止的全部记录。把它存到自己改不了的地方（发给可信的人、"
    "发到自己的邮箱、打印出来），以后就能检查这之前的记录有没有被改动。它不含任何个人信息。"
)


@declare(
    "checkpoint",
    details=DETAILS,
    examples=("liuhen checkpoint", "liuhen checkpoint -o checkpoint.txt"),
)
@click.option(
    "-o", "--output", "out", type=click.Path(), metavar=N_("文件"), help=N_("写到新文件里。")
)
@click.pass_obj
def command(state: CliContext, out: str | None) -> None:
    """Print or write a checkpoint."""
    with state.read() as case:
        signed = case.checkpoint()
    if out is not None:
        with new_file(Path(out)) as file:
            file.write(signed.text)
    if state.as_json:
        output.emit_json(
            {
                "origin": signed.checkpoint.origin,
                "size": signed.checkpoint.size,
                "root": signed.checkpoint.root.hex(),
                "text": signed.text.decode(),
                "path": out,
            }
        )
    elif out is not None:
        output.emit(safe(out))
    else:
        click.echo(signed.text.decode(), nl=False)
    output.say(_("检查点涵盖 {size} 条记录。").format(size=signed.checkpoint.size))
    output.next_step(_("把它存到案件以外的地方；以后用“liuhen verify --against 检查点文件”检查。"))
