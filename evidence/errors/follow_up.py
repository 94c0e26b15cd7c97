"""What a person says they handed in, and what came back."""

import dataclasses
from typing import ClassVar

from evidence.errors.base import ExitCode, InputError


@dataclasses.dataclass(eq=False)
class NoPacketError(InputError):
    """Nothing was made that could have been handed in on that day."""

    code: ClassVar[str] = "packet-missing"
    message: ClassVar[str] = "没有在 {day} 或之前生成的、可以提交的材料包"
    hint: ClassVar[str] = (
        "用“liuhen list --kind packet”看有哪些材料包和日期。"
        "没有用材料包、自己投诉过的，请同时写明“--to”和“--respondent”。"
    )
    day: str


@dataclasses.dataclass(eq=False)
class SupplementError(InputError):
    """The packet that is to be added to is none for this respondent."""

    code: ClassVar[str] = "supplement-other"
    message: ClassVar[str] = "编号 {seq} 不是给这家机构的材料包，不能补充它"
    hint: ClassVar[str] = "用“liuhen list --kind packet”看编号；不写“--supplement”会自动选择。"
    seq: int


@dataclasses.dataclass(eq=False)
class SubmittedBeforeError(InputError):
    """The packet was said to be handed in before, and nothing names it again."""

    code: ClassVar[str] = "submitted-before"
    message: ClassVar[str] = "编号 {packet} 的材料包已经记过提交（编号 {seq}，{day}）"
    hint: ClassVar[str] = (
        "确实又交了一次的，请写明“--packet {packet}”；要记下受理、转送、答复，请加“--event”。"
    )
    packet: int
    seq: int
    day: str


@dataclasses.dataclass(eq=False)
class SubmissionDayError(InputError):
    """The day cannot be: it lies ahead, or before what it follows."""

    code: ClassVar[str] = "submission-day"
    exit_code: ClassVar[ExitCode] = ExitCode.USAGE
    message: ClassVar[str] = "日期 {day} 不对：应当在 {first} 到 {last} 之间"
    hint: ClassVar[str] = "写法示例：--at 2026-10-14。只写您确定的日期。"
    day: str
    first: str
    last: str


@dataclasses.dataclass(eq=False)
class NoSubmissionError(InputError):
    """There is nothing that was handed in, or several things, so that it is not clear which."""

    code: ClassVar[str] = "submission-unclear"
    message: ClassVar[str] = "不清楚是关于哪一次提交：现在有 {count} 条还没有了结的提交记录"
    hint: ClassVar[str] = (
        "用“liuhen list --kind submission”看编号，再加“--of 提交编号”。"
        "还没有记过的，先用 submitted 命令记下提交。"
    )
    count: int
