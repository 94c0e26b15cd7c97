"""``liuhen doctor``: can the program and the case be used."""

import dataclasses

import click

from cli import output
from cli.app import declare
from cli.context import CliContext
from cli.display import pad, wrap
from cli.health import Check, State, case_checks, name_check, program_checks
from cli.i18n import N_, _
from evidence.errors import ExitCode

DETAILS = N_(
    "检查程序的组件、录音解码、字体、磁盘空间和案件文件的结构，只读不改。"
    "内容有没有被改动，用“liuhen verify”检查。"
)
_MARKS = {State.OK: N_("正常"), State.WARNING: N_("留意"), State.FAILED: N_("有问题")}
_LEFT = 8


@declare(
    "doctor",
    details=DETAILS,
    examples=("liuhen doctor", "liuhen doctor --name 13800000011_20261014210533.amr"),
)
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar=N_("文件名"),
    help=N_("只看这个文件名：符合哪条规则，读出了什么；可以写几次。"),
)
@click.pass_obj
def command(state: CliContext, names: tuple[str, ...]) -> ExitCode:
    """Look at everything, or at file names."""
    if names:
        patterns = state.patterns()
        _tell_all(state, [name_check(name, patterns) for name in names])
        return ExitCode.OK
    program = list(program_checks(state.patterns_path))
    case = list(case_checks(state.case_path, state.unlock))
    checks = [
        dataclasses.replace(c, text=state.pasteable(c.text), advice=state.pasteable(c.advice))
        for c in (*program, *case)
    ]
    _tell_all(state, checks)
    if any(check.state is State.FAILED for check in case):
        return ExitCode.CASE_UNUSABLE
    if any(check.state is State.FAILED for check in program):
        return ExitCode.MISSING_CAPABILITY
    return ExitCode.OK


def _tell_all(state: CliContext, checks: list[Check]) -> None:
    if state.as_json:
        output.emit_json({"checks": [dataclasses.asdict(check) for check in checks]})
        return
    for check in checks:
        _tell(check)


def _tell(check: Check) -> None:
    columns = output.columns()
    head = pad(_(_MARKS[check.state]), _LEFT)
    text = check.text
    if check.advice:
        text += "\n" + _("下一步：{text}").format(text=check.advice)
    for piece in wrap(text, max((columns or 10_000) - _LEFT, 20)):
        output.emit(head + piece)
        head = " " * _LEFT
