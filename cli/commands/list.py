"""``liuhen list``: the records of the case."""

from collections.abc import Callable, Mapping

import click

from cli import anchor_text, clock_text, labels, output
from cli.app import declare
from cli.context import CliContext
from cli.describe import Line, lines
from cli.display import table
from cli.i18n import N_, _
from cli.params import one_of
from evidence.core.anchor_lag import AnchorLag, exhibit_lags

DETAILS = N_(
    "种类可以写：exhibit 证据、record 备份和详单里的通话和短信、transcript 文字稿、"
    "note 情况说明、tag 标注、suggestion 系统提示、respondent 被投诉机构、number 号码、"
    "complainant 投诉人、withdraw 撤回、erase 删除、packet 投诉材料包、"
    "timestamp 可信时间戳。撤回的记录也会列出并标明；已删除的只剩删除它的那一条。"
)


@declare(
    "list",
    details=DETAILS,
    examples=("liuhen list", "liuhen list --kind exhibit --respondent 甲某消费金融"),
)
@click.option(
    "--kind",
    "wanted",
    multiple=True,
    type=one_of(labels.KINDS, N_("种类")),
    metavar=N_("种类"),
    help=N_("只列这一种，可以写多次。"),
)
@click.option("--respondent", metavar=N_("名称"), help=N_("只列这家机构名下的。"))
@click.pass_obj
def command(state: CliContext, wanted: tuple[str, ...], respondent: str | None) -> None:
    """List the records."""
    from evidence.store.statements import find_respondent

    with state.read() as case:
        view = case.view()
    owner = find_respondent(view, respondent).seq if respondent is not None else None
    found = [
        line
        for line in lines(view, state.rules())
        if (not wanted or line.kind in wanted) and (owner is None or line.respondent == owner)
    ]
    lags = exhibit_lags(view)
    if state.as_json:
        output.emit_json(
            {
                "case_id": view.case.case_id,
                "entries": view.size,
                "clock_set_back": clock_text.to_json(view.set_back),
                "unknown_kinds": dict(view.unknown_kinds),
                "items": [_json(line, lags) for line in found],
            }
        )
        return
    headers = [_("编号"), _("种类"), _("时间"), _("内容")]
    rows = map(_row, found)
    if view.timestamps and any(line.seq in lags for line in found):
        headers.insert(3, _("时间戳间隔"))
        rows = map(_row_with_lag(lags), found)
    if found:
        # Written at once: ten thousand single writes take longer than making the lines.
        output.emit("\n".join(table(headers, rows, columns=output.columns())))
    output.say(_("共 {count} 条。").format(count=len(found)))
    if view.unknown_kinds:
        count = sum(view.unknown_kinds.values())
        output.warn(
            _(
                "另有 {count} 条记录是这个版本的留痕不认识的种类，可能是更新的版本写的："
                "没有列出来，还在案件里。请改用写它的那个版本查看。"
            ).format(count=count)
        )
    if view.set_back:
        output.say(clock_text.note(view.set_back))
    if not view.exhibits:
        output.next_step(_("导入证据：liuhen import 文件或文件夹"))


Lags = Mapping[int, AnchorLag | None]


def _json(line: Line, lags: Lags) -> dict[str, object]:
    if line.seq not in lags:
        return line.to_json()
    return {**line.to_json(), "anchor": anchor_text.to_json(lags[line.seq])}


def _row(line: Line) -> tuple[str, ...]:
    return f"#{line.seq}", line.label, line.when, line.text


def _row_with_lag(lags: Lags) -> Callable[[Line], tuple[str, ...]]:
    def row(line: Line) -> tuple[str, ...]:
        lag = anchor_text.short(lags[line.seq]) if line.seq in lags else ""
        return f"#{line.seq}", line.label, line.when, lag, line.text

    return row
