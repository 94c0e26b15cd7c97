"""``liuhen import``: files into the case, each with its own outcome."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import labels, output
from cli.app import argument, declare, flag
from cli.context import CliContext
from cli.i18n import N_, _
from cli.import_text import outcome_json, outcome_lines
from cli.params import one_of, when
from cli.progress import Bar, bar
from evidence.core.moment import Moment
from evidence.errors import ExitCode, NothingFoundError

if TYPE_CHECKING:
    from evidence.ingest.intake import FileOutcome, Stated
    from evidence.store.case_file import CaseFile

DETAILS = N_(
    "按内容识别录音、截图和文本，先原样存下，再读出时长、时间、号码等。同样的内容只存一份。"
    "一个文件出问题不影响其他文件；显示“已保存”之后断电也不会丢。\n"
    "短信备份、通话记录备份和运营商详单整份保存，只把归到被投诉机构的号码的通话和短信逐条读出；"
    "先用“liuhen number 号码 --respondent 名称”说明号码是谁的，再导入；"
    "也可以用“--numbers”另外指定。"
    "已经导入过的备份可以再导入一次，只补读新指定的号码。"
)


@declare(
    "import",
    details=DETAILS,
    examples=(
        "liuhen import samples/demo/files",
        "liuhen import samples/media/s_nb.amr --at '2026-10-14 21:05' --direction in",
        "liuhen import samples/demo/files/电脑 --numbers 13800000011,075500000011",
    ),
)
@argument(
    "paths",
    metavar=N_("路径"),
    explain=N_("文件或文件夹；文件夹连同下级一起导入。"),
    nargs=-1,
    required=True,
)
@click.option("--at", type=when, metavar=N_("时间"), help=N_("发生时间，例如 '2026-10-14 21:05'。"))
@click.option("--number", metavar=N_("号码"), help=N_("对方号码。"))
@click.option(
    "--direction",
    type=one_of(labels.DIRECTIONS, N_("方向")),
    metavar=N_("方向"),
    help=N_("in 打入，out 打出。"),
)
@click.option("--respondent", metavar=N_("名称"), help=N_("归到哪家被投诉机构。"))
@click.option(
    "--numbers",
    metavar=N_("号码,号码"),
    help=N_("备份和详单里还要读出哪些号码的通话和短信。"),
)
@flag("--all", "everything", help=N_("备份和详单里的通话和短信全部读出（可能含私人内容）。"))
@click.pass_obj
def command(
    state: CliContext,
    /,
    *,
    paths: tuple[str, ...],
    at: Moment | None,
    number: str | None,
    direction: str | None,
    respondent: str | None,
    numbers: str | None,
    everything: bool,
) -> ExitCode:
    """Import files and folders."""
    from evidence.ingest.intake import RowChoice, import_paths
    from evidence.ingest.reader import MediaReader

    picked = _picked(numbers)
    patterns = state.patterns()
    with (
        state.append() as case,
        MediaReader() as reader,
        bar(_("导入")) as drawn,
    ):
        stated = _stated(case, at, number, direction, respondent)
        found = import_paths(
            case,
            [Path(p) for p in paths],
            reader=reader,
            stated=stated,
            rows=RowChoice(everything=everything, numbers=picked, respondent=stated.respondent),
            patterns=patterns,
            progress=drawn.update,
        )
        outcomes = list(_told(state, case, found, drawn))
    if not outcomes:
        raise NothingFoundError(path=" ".join(paths))
    _summarise(outcomes)
    return _exit_code(outcomes)


def _picked(numbers: str | None) -> frozenset[str]:
    import re

    from evidence.core import phone
    from evidence.errors import ValueFormError

    written = [n for n in re.split(r"[,，、;；]", numbers or "") if n.strip()]
    for text in written:
        if not phone.normalise(text):
            raise ValueFormError(value=text, what=N_("电话号码"), example="13800000011")
    return frozenset(phone.normalise(text) for text in written)


def _stated(
    case: "CaseFile",
    at: Moment | None,
    number: str | None,
    direction: str | None,
    respondent: str | None,
) -> "Stated":
    from evidence.core import phone
    from evidence.core.records import Direction
    from evidence.errors import ValueFormError
    from evidence.ingest.intake import Stated
    from evidence.store.statements import find_respondent

    key = phone.normalise(number or "")
    if number is not None and not key:
        raise ValueFormError(value=number, what=N_("电话号码"), example="13800000011")
    owner = find_respondent(case.view(), respondent).seq if respondent is not None else None
    return Stated(
        at=at,
        number=key,
        direction=Direction(direction) if direction else None,
        respondent=owner,
    )


def _told(
    state: CliContext, case: "CaseFile", outcomes: Iterable["FileOutcome"], drawn: Bar
) -> Iterator["FileOutcome"]:
    """Tell each outcome as soon as it is final."""
    for outcome in outcomes:
        if state.as_json:
            output.emit_json_line(outcome_json(outcome))
        else:
            drawn.clear()
            output.emit_lines(outcome_lines(case, outcome, state.rules()))
        yield outcome


def _summarise(outcomes: list["FileOutcome"]) -> None:
    count = {name: sum(o.status == name for o in outcomes) for name in labels.STATUSES}
    output.say(
        _(
            "共 {total} 个文件：已保存 {imported}，重复 {duplicate}，"
            "跳过 {skipped}，失败 {failed}。"
        ).format(total=len(outcomes), **count)
    )
    if count["failed"]:
        output.say(_("失败的没有保存，请按上面的说明处理后重新导入；其余的不受影响。"))
    untaken = [
        o for o in outcomes if o.rows and o.rows.calls + o.rows.messages and not o.rows.taken
    ]
    if any(not o.rows.known for o in untaken if o.rows):
        output.next_step(
            _(
                "备份里的号码还没有归到机构：先用“liuhen number 号码 --respondent 名称”说明，"
                "再把同一个文件导入一次，只会补读，不会重复。"
            )
        )
    if count["imported"]:
        output.next_step(_("用“liuhen list”查看，用“liuhen tag 编号 行为类型 --quote 原话”标注。"))


def _exit_code(outcomes: list["FileOutcome"]) -> ExitCode:
    """Return 3 if a file failed, or one that the person named was not taken."""
    unusable = any(o.status == "failed" or (o.named and o.status == "skipped") for o in outcomes)
    return ExitCode.INPUT_UNUSABLE if unusable else ExitCode.OK
