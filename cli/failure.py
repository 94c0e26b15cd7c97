"""What the person is told when something goes wrong, and the exit code that goes with it.

Rules:

1. Every failure says what happened, to which thing, and what to do next; nobody sees a traceback
   unless ``LIUHEN_DEBUG=1``.
2. Talk goes to stderr. With ``--json`` one object ``{"error": {...}}`` goes to stdout as well;
   its ``code`` is stable, its texts are not.
3. Usage errors are told apart by type, never by their English words.
"""

import dataclasses
import errno
import os
import traceback
from collections.abc import Mapping
from pathlib import Path

import click

from cli import labels, output
from cli.app import UsageProblem
from cli.asking import UnansweredError
from cli.context import CliContext
from cli.display import safe, safe_lines
from cli.help_text import argument_name
from cli.i18n import N_, _
from evidence.errors import (
    BackupNotIntactError,
    BackupUnreadableError,
    CaseDamagedError,
    CaseError,
    CaseUnreadableError,
    DiskFullError,
    EvidenceError,
    ExitCode,
    OriginalUnreadableError,
)

DEBUG_VARIABLE = "LIUHEN_DEBUG"

_PROGRAM_WORDS = frozenset({"what", "example", "purpose", "detail", "reason"})
"""Fields of errors that hold the program's own Chinese words, not the person's."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One failure in words."""

    code: str
    message: str
    hint: str = ""
    exit_code: ExitCode
    fields: Mapping[str, object] = dataclasses.field(default_factory=dict)


_NAMES_A_CASE = (CaseError, BackupNotIntactError, BackupUnreadableError)
"""Errors whose hints are about the file that they name."""


def report(error: BaseException, state: CliContext, *, one_line: bool) -> ExitCode:
    """Tell about ``error`` and return the exit code; ``one_line`` keeps JSON Lines lines."""
    if os.environ.get(DEBUG_VARIABLE):
        output.say("".join(traceback.format_exception(error)))
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        where = error.filename if isinstance(error.filename, str) else str(state.case_path)
        error = DiskFullError(path=where)
    error = _of_the_disk(error, state)
    told = _words(error)
    about = error.path if isinstance(error, _NAMES_A_CASE) else None
    told = dataclasses.replace(told, hint=state.pasteable(told.hint, about=about))
    if state.as_json:
        document = {
            "error": {
                "code": told.code,
                "message": told.message,
                "hint": told.hint,
                **told.fields,
            }
        }
        (output.emit_json_line if one_line else output.emit_json)(document)
    output.say(_("错误：{text}").format(text=_visible(told.message)))
    if told.hint:
        output.next_step(_visible(told.hint))
    return told.exit_code


def _of_the_disk(error: BaseException, state: CliContext) -> BaseException:
    """Return the error as one of the disk, if that is why SQLite calls a file malformed."""
    from evidence.store import disk

    if type(error) is CaseDamagedError and not disk.gives_all(Path(error.path)):
        return CaseUnreadableError(path=error.path, detail=disk.UNREAD)
    if isinstance(error, OriginalUnreadableError) and not disk.gives_all(state.case_path):
        return dataclasses.replace(error, detail=disk.UNREAD)
    return error


def _words(error: BaseException) -> Told:
    if isinstance(error, EvidenceError):
        fields = error.fields()
        shown = {name: _shown(name, value) for name, value in fields.items()}
        return Told(
            code=error.code,
            message=_(error.message).format(**shown),
            hint=_(error.hint).format(**shown),
            exit_code=error.exit_code,
            fields=fields,
        )
    if isinstance(error, click.UsageError):
        message, hint = _usage_text(error)
        return Told(code="usage", message=message, hint=hint, exit_code=ExitCode.USAGE)
    if isinstance(error, UnansweredError):
        return Told(
            code="unanswered",
            message=_("很久没有人回答，已自动结束，案件已锁上，这条命令没有改动案件。"),
            hint=_("要继续，请再运行同一条命令。"),
            exit_code=ExitCode.INTERRUPTED,
        )
    if isinstance(error, KeyboardInterrupt | EOFError | click.Abort):
        return Told(
            code="interrupted",
            message=_("已中断。此前显示“已保存”的内容都在，其余的没有保存。"),
            exit_code=ExitCode.INTERRUPTED,
        )
    return Told(
        code="unexpected",
        message=_("程序内部出错（{kind}），没有完成。").format(kind=type(error).__name__),
        hint=_(
            "此前显示“已保存”的内容都在。请运行“liuhen doctor”检查；"
            "要把问题报告给开发者，请先设置环境变量 LIUHEN_DEBUG=1 再运行一次，"
            "附上显示的内容（先删去其中的个人信息）。"
        ),
        exit_code=ExitCode.UNEXPECTED,
    )


def _visible(text: str) -> str:
    return "\n".join(safe_lines(text))


def _shown(name: str, value: object) -> object:
    """Return a field in words, on one line: no name passes for a line of the program.

    A list is the program's own choices, each of which has a line.
    """
    if isinstance(value, tuple):
        return "".join(f"\n  {safe(str(choice))}" for choice in value)
    shown = _in_words(name, value)
    return safe(shown) if isinstance(shown, str) else shown


def _in_words(name: str, value: object) -> object:
    if name in ("found", "wanted") and isinstance(value, str):
        return _("、").join(labels.kind_or_medium(part) for part in value.split("/"))
    if name in ("detail", "reason") and isinstance(value, str):
        return labels.system_words(value)
    if name in _PROGRAM_WORDS and isinstance(value, str):
        return _(value)
    return value


def _usage_text(error: click.UsageError) -> tuple[str, str]:
    """Return message and next step of a usage error."""
    path = error.ctx.command_path if error.ctx else "liuhen"
    hint = _("用“{path} --help”查看写法和例子。").format(path=path)
    return _usage_message(error), hint


def _usage_message(error: click.UsageError) -> str:  # noqa: PLR0911 - one return per type
    match error:
        case UsageProblem():
            return error.message
        case click.NoSuchOption():
            if error.possibilities:
                return _("没有“{option}”这个选项，是不是想用：{close}").format(
                    option=error.option_name, close=_("、").join(error.possibilities)
                )
            return _("没有“{option}”这个选项").format(option=error.option_name)
        case click.MissingParameter():
            return _("缺少{what}").format(what=_parameter(error.param))
        case click.BadParameter():
            return _("{what}的值不对").format(what=_parameter(error.param))
        case click.BadOptionUsage():
            if _is_flag(error):
                return _("选项“{option}”后面不跟值").format(option=error.option_name)
            return _("选项“{option}”后面要跟一个值").format(option=error.option_name)
        case _:
            return _("命令写得不完整或有多余的内容")


def _parameter(param: click.Parameter | None) -> str:
    if isinstance(param, click.Argument):
        return _("参数“{name}”").format(name=argument_name(param).rstrip("…"))
    if isinstance(param, click.Option):
        return _("选项“{name}”").format(name=max(param.opts, key=len))
    return _(N_("参数"))


def _is_flag(error: click.BadOptionUsage) -> bool:
    if error.ctx is None:
        return False
    return any(
        isinstance(p, click.Option) and p.is_flag and error.option_name in p.opts
        for p in error.ctx.command.params
    )
