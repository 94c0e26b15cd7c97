"""``liuhen doctor``: can the program and the case be used."""

import contextlib
import dataclasses
from pathlib import Path

import click

from cli import output
from cli.app import UsageProblem, declare, flag
from cli.checks import Check, Depth, State
from cli.context import CliContext
from cli.damage import tell_salvaged
from cli.display import pad, wrap
from cli.health import case_checks, name_check, program_checks
from cli.i18n import N_, _
from cli.progress import progress
from evidence.errors import (
    CaseDamagedError,
    CaseStructureError,
    CaseTooNewError,
    ExitCode,
    NotACaseError,
    NotDamagedError,
)

DETAILS = N_(
    "检查程序的组件、录音解码、字体、磁盘空间、案件文件的结构，并逐条核验内容，只读不改。"
    "案件损坏时会说明坏了哪些、像什么原因、还有多少是完好的、下一步怎么办。\n"
    "退出码：4 案件文件打不开或结构损坏，10 能打开、但有内容与入库时不一致。"
)
_MARKS = {State.OK: N_("正常"), State.WARNING: N_("留意"), State.FAILED: N_("有问题")}
_LEFT = 8
_OF_CONTENTS = {"contents", "cause"}
"""Checks that fail where the file itself can be used."""


@declare(
    "doctor",
    details=DETAILS,
    examples=(
        "liuhen doctor",
        "liuhen doctor --name 13800000011_20261014210533.amr",
    ),
)
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar=N_("文件名"),
    help=N_("只看这个文件名：符合哪条规则，读出了什么；可以写几次。"),
)
@flag("--quick", help=N_("只看结构，不核验内容；案件很大时用。"))
@flag("--deep", help=N_("内容对不上时，逐位试出是不是只差一位；原件大时要几小时。"))
@flag("--salvage", help=N_("案件文件损坏时，把完好的记录和原文件抢救到一个新案件。"))
@click.option(
    "-o",
    "--output",
    "out",
    type=click.Path(),
    metavar=N_("文件"),
    help=N_("抢救到哪里；不会覆盖已有的文件。"),
)
@click.pass_obj
def command(
    state: CliContext,
    names: tuple[str, ...],
    *,
    quick: bool,
    deep: bool,
    salvage: bool,
    out: str | None,
) -> ExitCode:
    """Look at everything, or at file names, or take out what is whole."""
    if quick and deep:
        raise UsageProblem(_("“--quick”和“--deep”不能一起写"), click.get_current_context())
    if salvage != (out is not None):
        raise UsageProblem(_("“--salvage”和“-o”要一起写"), click.get_current_context())
    if out is not None:
        return _salvage(state, Path(out), deep=deep)
    if names:
        patterns = state.patterns()
        _tell_all(state, [name_check(name, patterns) for name in names])
        return ExitCode.OK
    depth = Depth.QUICK if quick else Depth.DEEP if deep else Depth.USUAL
    program = list(program_checks(state.patterns_path))
    case = list(case_checks(state.case_path, state.unlock, depth))
    checks = [
        dataclasses.replace(c, text=state.pasteable(c.text), advice=state.pasteable(c.advice))
        for c in (*program, *case)
    ]
    _tell_all(state, checks)
    failed = {check.name for check in case if check.state is State.FAILED}
    if failed - _OF_CONTENTS:
        return ExitCode.CASE_UNUSABLE
    if failed:
        return ExitCode.NOT_INTACT
    if any(check.state is State.FAILED for check in program):
        return ExitCode.MISSING_CAPABILITY
    return ExitCode.OK


def _salvage(state: CliContext, out: Path, *, deep: bool) -> ExitCode:
    """Take what is whole into a new case, and what one proven bit keeps from being whole."""
    from evidence.store import sqlite_file
    from evidence.store.cause import USUAL_WORK, causes
    from evidence.store.mend import mend
    from evidence.store.salvage import salvage_case
    from evidence.store.wreck import Wreck

    path = state.case_path
    sqlite_file.require_plain(path)
    _take_back(path)
    with Wreck(path, unlock=state.unlock) as wreck:
        built_well = not sqlite_file.problems(path)
        if wreck.is_whole and built_well:
            raise NotDamagedError(path=str(path))
        with progress(_("找原因")) as told:
            most = None if deep else USUAL_WORK
            found = causes(wreck, built_well=built_well, most=most, progress=told)
        mended = mend(wreck, found)
        with progress(_("抢救")) as told:
            made = salvage_case(
                wreck,
                out,
                clock=state.clock,
                unlock=state.unlock,
                mended=mended,
                progress=told,
            )
    tell_salvaged(made, as_json=state.as_json)
    return ExitCode.OK


def _take_back(path: Path) -> None:
    """Take back what a killed writer left half-done, if the file is whole enough for that.

    Raises:
        CaseError: if something else keeps the case from being opened than its own contents, such
            as what lies beside it, or a disk that is read-only; a whole case needs no salvage.
    """
    from evidence.store import killed_writer, sqlite_file

    with contextlib.suppress(
        CaseDamagedError, CaseStructureError, CaseTooNewError, NotACaseError
    ):  # so it is read page by page
        sqlite_file.require_file(path)
        killed_writer.roll_back(path)


def _tell_all(state: CliContext, checks: list[Check]) -> None:
    if state.as_json:
        document: dict[str, object] = {"damage": None, "safe": None}
        for check in checks:
            document.update(check.document)
        output.emit_json({"checks": [check.to_json() for check in checks], **document})
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
