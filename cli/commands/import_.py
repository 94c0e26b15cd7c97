"""``liuhen import``: files into the case, each with its own outcome."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import labels, output
from cli.app import argument, declare
from cli.context import CliContext
from cli.describe import exhibit_text, moment_text
from cli.display import pad, safe, width, wrap
from cli.i18n import N_, _
from cli.params import one_of, when
from cli.progress import Bar, bar
from evidence.core.moment import Moment
from evidence.errors import ExitCode, NothingFoundError

if TYPE_CHECKING:
    from evidence.ingest.intake import FileOutcome, Stated
    from evidence.store.case_file import CaseFile

DETAILS = N_(
    "按内容识别录音、截图和文本，先原样存下，再读出时长、时间、号码等。同样的内容只存一份。"
    "一个文件出问题不影响其他文件；显示“已保存”之后断电也不会丢。"
)


@declare(
    "import",
    details=DETAILS,
    examples=(
        "liuhen import samples/demo/files",
        "liuhen import samples/media/s_nb.amr --at '2026-10-14 21:05' --direction in",
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
) -> ExitCode:
    """Import files and folders."""
    from evidence.ingest.intake import import_paths
    from evidence.ingest.reader import MediaReader

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
            patterns=patterns,
            progress=drawn.update,
        )
        outcomes = list(_told(state, case, found, drawn))
    if not outcomes:
        raise NothingFoundError(path=" ".join(paths))
    _summarise(outcomes)
    return _exit_code(outcomes)


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
            output.emit_json_line(_json(outcome))
        else:
            drawn.clear()
            output.emit_lines(_lines(case, outcome))
        yield outcome


def _json(outcome: "FileOutcome") -> dict[str, object]:
    return {
        "path": outcome.path,
        "status": outcome.status.value,
        "seq": outcome.seq,
        "sha256": outcome.sha256,
        "reason": outcome.reason,
        "code": outcome.code,
    }


def _lines(case: "CaseFile", outcome: "FileOutcome") -> Iterator[str]:
    from evidence.core import records

    head = f"#{outcome.seq}" if outcome.seq is not None else "—"
    status = labels.status(outcome.status)
    if outcome.status == "imported" and outcome.seq is not None:
        exhibit = records.exhibit_from_data(case.entry(outcome.seq).data)
        medium, when_text = labels.medium(exhibit.medium), moment_text(exhibit.occurred)
        lead = f"{pad(head, 5)} {status}  {medium}  "
        room = max((output.columns() or 10_000) - width(lead), 20)
        for part in wrap(f"{exhibit_text(exhibit, {})}  {when_text}", room):
            yield lead + part
            lead = " " * width(lead)
    else:
        yield f"{pad(head, 5)} {pad(status, 6)}  {safe(outcome.path)}"
    if outcome.reason:
        for part in outcome.reason.split("\n"):
            yield f"      {safe(part)}"


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
    if count["imported"]:
        output.next_step(_("用“liuhen list”查看，用“liuhen tag 编号 行为类型 --quote 原话”标注。"))


def _exit_code(outcomes: list["FileOutcome"]) -> ExitCode:
    """Return 3 if a file failed, or one that the person named was not taken."""
    unusable = any(o.status == "failed" or (o.named and o.status == "skipped") for o in outcomes)
    return ExitCode.INPUT_UNUSABLE if unusable else ExitCode.OK
