"""``liuhen mask``: what of a picture or recording readers of a packet do not get."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import output
from cli.app import UsageProblem, argument, declare, flag
from cli.context import CliContext
from cli.display import safe, table
from cli.i18n import N_, _
from cli.mask_text import mask_text
from cli.output_file import new_file
from cli.params import position, region, seq
from evidence.core.mask import Mask, combined, mask_to_data
from evidence.core.records import Kind, Region, Span
from evidence.errors import NothingRequestedError

if TYPE_CHECKING:
    from evidence.core.case_view import Recorded

DETAILS = N_(
    "原文件不会改动。生成材料时，程序另做一份副本：图片的区域涂黑，录音的片段换成提示音；"
    "打印件和材料包里只有这份副本，原件留在案件里，它的 SHA-256 仍写在证据清单上。"
    "区域按图片看上去的方向算。遮盖错了，用“liuhen withdraw 编号 --reason 理由”撤回。"
)


@declare(
    "mask",
    details=DETAILS,
    examples=(
        "liuhen mask 23 --region 40,420,760,150 --reason 家人的头像和昵称",
        "liuhen mask 138 --from 00:03 --to 00:05 --reason 念出了同事的名字",
        "liuhen mask 23 --region 40,420,760,150 -o masked.png",
        "liuhen mask --list",
    ),
)
@argument("on", metavar=N_("编号"), explain=N_("图片或录音的编号。"), type=seq, required=False)
@click.option(
    "--region",
    "boxes",
    type=region,
    multiple=True,
    metavar=N_("左,上,宽,高"),
    help=N_("图片里的区域，单位像素；可以写几个。"),
)
@click.option(
    "--from", "first", type=position, metavar=N_("分:秒"), help=N_("录音片段从哪里开始。")
)
@click.option("--to", "last", type=position, metavar=N_("分:秒"), help=N_("录音片段到哪里结束。"))
@click.option(
    "--reason", default="", metavar=N_("理由"), help=N_("为什么遮盖，会印在材料上，请不要写姓名。")
)
@click.option(
    "-o",
    "--output",
    "out",
    type=click.Path(),
    metavar=N_("文件"),
    help=N_("写出遮盖后的副本（图片 .png，录音 .wav），先看一遍、听一遍。"),
)
@flag("--list", "show_list", help=N_("列出已有的遮盖。"))
@click.pass_obj
def command(
    state: CliContext,
    /,
    *,
    on: int | None,
    boxes: tuple[Region, ...],
    first: int | None,
    last: int | None,
    reason: str,
    out: str | None,
    show_list: bool,
) -> None:
    """Mask places of an exhibit, or list what is masked."""
    if show_list:
        _list(state, on)
        return
    if on is None:
        raise UsageProblem(_("缺少图片或录音的编号"), click.get_current_context())
    if (first is None) != (last is None):
        raise UsageProblem(_("“--from”和“--to”要一起写"), click.get_current_context())
    spans = (Span(start_ms=first, end_ms=last),) if first is not None and last is not None else ()
    if boxes or spans or out is None:
        _save(state, Mask(on=on, regions=boxes, spans=spans, reason=reason.strip()))
    if out is not None:
        _write(state, on, Path(out), told=bool(boxes or spans))


def _save(state: CliContext, record: Mask) -> None:
    from evidence.store.masks import add_mask

    with state.append() as case:
        appended = add_mask(case, record)
    if state.as_json:
        output.emit_json({"seq": appended.seq, **mask_to_data(record)})
        return
    output.emit(f"#{appended.seq}  #{record.on} {mask_text(record)}")
    output.say(
        _("已保存遮盖，编号 #{seq}。以后生成的材料里，这里看不到、听不到。").format(
            seq=appended.seq
        )
    )
    output.say(_("以前已经交出去的材料不受影响。"))


def _write(state: CliContext, on: int, path: Path, *, told: bool) -> None:
    """Write the copy that a packet would show."""
    from evidence.core import records
    from evidence.ingest.reader import MediaReader
    from evidence.store.statements import standing

    with state.read() as case:
        standing(case, on, frozenset({Kind.EXHIBIT}))
        mask = combined(m.record for m in case.view().masks_of(on))
        if mask is None:
            raise NothingRequestedError(
                example="liuhen mask 23 --region 40,420,760,150 --reason 家人的头像和昵称"
            )
        exhibit = records.exhibit_from_data(case.entry(on).data)
        with new_file(path) as file, MediaReader() as reader:
            reader.redact(case.original(on), file, exhibit=exhibit, seq=on, mask=mask)
    if state.as_json and not told:
        output.emit_json({"on": on, "path": str(path)})
        return
    if not state.as_json:
        output.emit(safe(str(path)))
    output.say(_("已写出遮盖后的副本。原文件没有改动。"))


def _list(state: CliContext, on: int | None) -> None:
    with state.read() as case:
        view = case.view()
    masks = [m for m in view.masks if on is None or m.record.on == on]
    if state.as_json:
        output.emit_json({"masks": [_json(m) for m in masks]})
        return
    standing = [m for m in masks if m.stands]
    if not standing:
        output.say(_("还没有遮盖任何地方。"))
        return
    names = {e.seq: e.record.name for e in view.exhibits}
    rows = [
        (f"#{m.seq}", f"#{m.record.on} {safe(names.get(m.record.on, ''))}", mask_text(m.record))
        for m in standing
    ]
    head = (_("编号"), _("证据"), _("遮盖"))
    output.emit_lines(table(head, rows, columns=output.columns()))


def _json(mask: "Recorded[Mask]") -> dict[str, object]:
    return {
        "seq": mask.seq,
        "recorded_at": mask.recorded_at,
        "withdrawn_by": mask.withdrawn.seq if mask.withdrawn else None,
        **mask_to_data(mask.record),
    }
