"""``liuhen demo``: from the samples to finished packets, no questions asked."""

import itertools
import os
from pathlib import Path

import click

from cli import labels, output
from cli.app import declare
from cli.context import CliContext
from cli.display import pairs, safe
from cli.i18n import N_, _
from cli.progress import progress
from evidence.errors import OutputExistsError

DETAILS = N_(
    "人名、机构、号码全部虚构，录音是合成语音。不读取也不改动您自己的案件；"
    "看完把整个文件夹删掉即可。"
)


@declare(
    "demo",
    details=DETAILS,
    examples=("liuhen demo -o demo-output", "liuhen demo"),
)
@click.option(
    "-o",
    "--output",
    "out",
    type=click.Path(),
    metavar=N_("文件夹"),
    help=N_("写到哪里（新文件夹）；不写则用 liuhen-demo-1 等。"),
)
@click.pass_obj
def command(state: CliContext, out: str | None) -> None:
    """Run the demo."""
    from cli.demo_case import run_demo

    folder = Path(out) if out is not None else _free_folder()
    if os.path.lexists(folder):
        raise OutputExistsError(path=str(folder))
    with progress(_("演示")) as told:
        made = run_demo(
            folder, rules=state.rules(), clock=state.clock, say=output.say, progress=told
        )
    if state.as_json:
        output.emit_json(
            {
                "case": str(made.case),
                "imported": made.imported,
                "tags": made.tags,
                "packets": [
                    {"channel": b.packet.channel.value, "path": str(b.path), "seq": b.seq}
                    for b in made.packets
                ],
            }
        )
        return
    rows = [(_("案件文件"), safe(str(made.case)))]
    rows += [
        (labels.channel(b.packet.channel), safe(str(b.path / "data" / "packet.pdf")))
        for b in made.packets
    ]
    output.emit_lines(pairs(rows))
    output.next_step(
        _("打开上面的 PDF 看材料；用“liuhen --case {case} list”看案件里的记录。").format(
            case=safe(str(made.case))
        )
    )


def _free_folder() -> Path:
    return next(
        folder
        for number in itertools.count(1)
        if not os.path.lexists(folder := Path(f"liuhen-demo-{number}"))
    )
