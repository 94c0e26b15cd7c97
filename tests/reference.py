"""The reference pages that are made from the program itself.

``python -m tests.reference`` writes them anew; ``tests/cli/test_reference.py`` fails while a page
and the program differ.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from cli import commands
from cli.context import CliContext
from cli.main import root
from evidence import errors
from evidence.errors import EvidenceError, ExitCode

FOLDER = Path(__file__).parents[1] / "docs" / "reference"

_MADE = "<!-- 由 `python -m tests.reference` 从程序生成，请勿手工修改。 -->"

EXIT_CODES: Mapping[ExitCode, str] = {
    ExitCode.OK: "完成。",
    ExitCode.UNEXPECTED: "程序内部出错，或您回答了“不”，或读取输出的程序先退出了。",
    ExitCode.USAGE: "命令写得不对：缺少参数、没有这个选项、时间或号码的写法不对。",
    ExitCode.INPUT_UNUSABLE: "给的东西用不了：文件读不了、没有这个编号、片段超出录音、还没有标注。",
    ExitCode.CASE_UNUSABLE: "案件文件用不了：没有、损坏、只读、由更新的版本写成，或磁盘已满。",
    ExitCode.MISSING_CAPABILITY: "缺少组件，例如解码器或字体。",
    ExitCode.NOT_INTACT: "核验没有通过：内容与入库时的记录不一致。",
    ExitCode.INCOMPLETE: "检查过的都完好，但有没检查到的项目。",
    ExitCode.INTERRUPTED: "被中断（Ctrl-C），或问了话很久没有人回答。此前显示“已保存”的都在。",
}

EDGE_CODES: Mapping[str, tuple[ExitCode, str]] = {
    "usage": (ExitCode.USAGE, "命令行写得不对"),
    "interrupted": (ExitCode.INTERRUPTED, "被中断"),
    "unanswered": (ExitCode.INTERRUPTED, "很久没有人回答，已自动结束"),
    "unexpected": (ExitCode.UNEXPECTED, "程序内部出错"),
}
"""What the command line adds to the tree of errors (``cli.failure``)."""

OUTCOME_CODES: Mapping[str, str] = {
    "unreadable": "已保存，但录音或图片无法解码",
    "duplicate": "同样的内容已经在案件里，没有重复保存",
    "empty": "空文件，没有导入",
    "program": "程序文件，没有导入",
    "unknown-type": "不认识的内容，没有导入",
    "symlink": "文件夹里的快捷方式，不跟随",
    "not-a-file": "设备或管道，没有导入",
}
"""What ``import --json`` says of one file beside the codes of errors."""


def pages() -> Mapping[str, str]:
    """Return the text of each page by its file name."""
    return {"cli.md": _cli(), "exit-codes.md": _exit_codes(), "errors.md": _errors()}


def every_command() -> Iterator[tuple[str, click.Command, click.Context]]:
    """Yield the path of every command with the command, groups before their commands."""
    top = root()
    context = click.Context(top, info_name="liuhen", obj=CliContext())
    yield "liuhen", top, context
    for name in commands.NAMES:
        yield from _below(top, name, context)


def _below(
    group: click.Group, name: str, parent: click.Context
) -> Iterator[tuple[str, click.Command, click.Context]]:
    command = group.get_command(parent, name)
    assert command is not None
    context = click.Context(command, info_name=name, parent=parent)
    yield context.command_path, command, context
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            yield from _below(command, inner, context)


def every_error() -> list[type[EvidenceError]]:
    """Return the errors that have a code of their own, in order of their code."""
    found = {
        value.code: value
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, EvidenceError) and "code" in vars(value)
    }
    return [found[code] for code in sorted(found)]


def _cli() -> str:
    lines = ["# 命令", "", _MADE, "", "每个命令的说明与 `liuhen 命令 --help` 显示的完全相同。", ""]
    for path, command, context in every_command():
        lines += [f"## {path}", "", "```text", command.get_help(context), "```", ""]
    return "\n".join(lines)


def _exit_codes() -> str:
    lines = ["# 退出码", "", _MADE, "", "退出码是接口：含义不变，号码不重复使用。", ""]
    lines += ["| 退出码 | 名称 | 含义 |", "|---|---|---|"]
    lines += [f"| {code.value} | {code.name} | {EXIT_CODES[code]} |" for code in ExitCode]
    return "\n".join([*lines, ""])


def _errors() -> str:
    rows = {e.code: (e.exit_code, e.message) for e in every_error()}
    rows |= EDGE_CODES
    lines = ["# 错误代码", "", _MADE, ""]
    lines += ['`--json` 时错误写成 `{"error": {"code": …, "message": …, "hint": …, …}}`。', ""]
    lines += ["代码不变，文字可以改。退出码见 [exit-codes.md](exit-codes.md)。", ""]
    lines += ["| 代码 | 退出码 | 文字 |", "|---|---|---|"]
    lines += [f"| `{code}` | {rows[code][0].value} | {rows[code][1]} |" for code in sorted(rows)]
    lines += ["", "## 导入时一个文件的结果", ""]
    lines += ["`import --json` 每个文件一行，其中的 `code` 是空的、上面的代码，或：", ""]
    lines += ["| 代码 | 含义 |", "|---|---|"]
    lines += [f"| `{code}` | {text} |" for code, text in OUTCOME_CODES.items()]
    return "\n".join([*lines, ""])


def main() -> None:
    """Write the pages."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
