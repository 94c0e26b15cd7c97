"""``liuhen erase``: the content of a record is gone for good; its number and hash stay."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from cli import asking, labels, output
from cli.app import UsageProblem, argument, declare, flag
from cli.context import CliContext
from cli.describe import lines
from cli.i18n import N_, _
from cli.params import seq
from evidence.errors import DependentsError, ExitCode

if TYPE_CHECKING:
    from evidence.store.batch import Appended
    from evidence.store.case_file import CaseFile
    from evidence.store.erase import Plan

DETAILS = N_(
    "删除后谁也恢复不了，包括您自己。提到它的文字稿、标注、说明、系统提示和撤回理由里"
    "可能有同样的话，要一起删除。编号、哈希、种类和删除的理由永远留在案件里，核验照样能做；"
    "理由会一直看得到，不要把要删的内容写进去。"
    "只是不想用在材料里，用“liuhen withdraw 编号 --reason 理由”。\n"
    "案件以外的都删不到：备份和复制出去的案件文件、已经生成或交出的材料包、手机里的原件；"
    "固态硬盘和云同步也可能留着旧数据。"
)


@declare(
    "erase",
    details=DETAILS,
    examples=(
        "liuhen erase 34 --reason 误导入了家人的照片 --dry-run",
        "liuhen erase 34 --reason 误导入了家人的照片 --with-dependents --yes",
    ),
)
@argument("target", metavar=N_("编号"), explain=N_("要删除的记录。"), type=seq)
@click.option("--reason", required=True, metavar=N_("理由"), help=N_("为什么删除（必填）。"))
@flag("--with-dependents", help=N_("提到它的记录也一起删除。"))
@flag("--dry-run", help=N_("只看会删除什么，不真的删除。"))
@flag("--yes", help=N_("不再询问。"))
@click.pass_obj
def command(
    state: CliContext, target: int, reason: str, *, with_dependents: bool, dry_run: bool, yes: bool
) -> ExitCode:
    """Erase a record."""
    from evidence.store import erase

    with state.append() as case:
        planned = erase.plan(case, target)
        _tell(state, case, planned)
        if dry_run:
            _emit(state, planned, ())
            output.say(_("没有删除：这只是预览。"))
            return ExitCode.OK
        asked = state.interactive and not yes
        if planned.dependents and not with_dependents and not asked:
            listed = "、".join(map(str, planned.dependents))
            raise DependentsError(seq=target, seqs=listed)
        if not yes and not _agreed(state, len(planned.kinds)):
            output.say(_("没有删除。"))
            return ExitCode.UNEXPECTED
        appended = erase.erase(case, planned, reason=reason, with_dependents=True)
    _emit(state, planned, appended)
    output.say(
        _("已删除 {count} 条的内容，删除记录的编号是 #{seq}。").format(
            count=len(appended), seq=appended[0].seq
        )
    )
    output.next_step(
        _("运行“liuhen verify”核验；再检查备份、复制出去的案件文件和材料包里是否还有它。")
    )
    return ExitCode.OK


def _tell(state: CliContext, case: "CaseFile", planned: "Plan") -> None:
    """Say what goes, what stays, and where it may still be."""
    known = {line.seq: line for line in lines(case.view(), state.rules())}
    output.say(_("将要永久删除下列内容，不能恢复："))
    for number, kind in planned.kinds:
        line = known.get(number)
        text = line.text if line is not None else ""
        output.say(f"  #{number}  {line.label if line else labels.kind(kind)}  {text}".rstrip())
    if planned.dependents:
        output.say(
            _("（#{seq} 以外的 {count} 条提到它，可能有同样的话，所以一起删除）").format(
                seq=planned.target, count=len(planned.dependents)
            )
        )
    output.say(_("会留下：编号、哈希、种类、大致的大小，以及删除的时间和理由。"))
    if planned.packets:
        listed = _("、").join(f"#{number}" for number in planned.packets)
        output.warn(_("已经生成的材料包里还有它，删不到：{seqs}").format(seqs=listed))
    output.warn(_("备份、复制出去的文件、手机里的原件，以及固态硬盘上的旧数据也删不到。"))


def _agreed(state: CliContext, count: int) -> bool:
    if not state.interactive:
        problem = _("删除不能恢复；不在终端里运行时，要加上“--yes”才会删除")
        raise UsageProblem(problem, click.get_current_context())
    question = _("确定永久删除这 {count} 条的内容吗").format(count=count)
    return asking.confirm(state, question, default=False)


def _emit(state: CliContext, planned: "Plan", appended: "Sequence[Appended]") -> None:
    if state.as_json:
        by = {
            number: made.seq for (number, _kind), made in zip(planned.kinds, appended, strict=False)
        }
        erased = [
            {"seq": number, "kind": kind, "by": by.get(number)} for number, kind in planned.kinds
        ]
        output.emit_json({"target": planned.target, "erased": erased, "packets": planned.packets})
        return
    for made in appended:
        output.emit(f"#{made.seq}")
