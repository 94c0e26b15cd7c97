"""What a person says about the case."""

import dataclasses
from typing import ClassVar

from evidence.errors.base import ExitCode, InputError


@dataclasses.dataclass(eq=False)
class UnknownSeqError(InputError):
    """No entry has this number."""

    code: ClassVar[str] = "seq-unknown"
    message: ClassVar[str] = "案件里没有编号 {seq} 的条目"
    hint: ClassVar[str] = "用“liuhen list”查看现有编号。"
    seq: int


@dataclasses.dataclass(eq=False)
class WrongKindError(InputError):
    """The entry is of a kind that the command cannot work on."""

    code: ClassVar[str] = "wrong-kind"
    message: ClassVar[str] = "编号 {seq} 是“{found}”，这个操作需要“{wanted}”"
    hint: ClassVar[str] = "用“liuhen show {seq}”看看它是什么，用“liuhen list”找到要操作的编号。"
    seq: int
    found: str
    wanted: str


@dataclasses.dataclass(eq=False)
class WithdrawnError(InputError):
    """The entry was withdrawn before."""

    code: ClassVar[str] = "withdrawn"
    message: ClassVar[str] = "编号 {seq} 已在编号 {by} 中撤回，不能再对它操作"
    hint: ClassVar[str] = "如果撤回错了，请重新标注一条新的；原条目和撤回记录都会保留。"
    seq: int
    by: int


@dataclasses.dataclass(eq=False)
class UnknownConductError(InputError):
    """The conduct is not in the rules data; ``known`` are those that are."""

    code: ClassVar[str] = "conduct-unknown"
    message: ClassVar[str] = "不认识的行为类型：{conduct}"
    hint: ClassVar[str] = "可用的类型：{known}"
    conduct: str
    known: tuple[str, ...]


@dataclasses.dataclass(eq=False)
class UnknownProvisionError(InputError):
    """The provision is not in the rules data."""

    code: ClassVar[str] = "provision-unknown"
    message: ClassVar[str] = "没有这个条款编号：{provision}"
    hint: ClassVar[str] = "用“liuhen rules”查看全部条款编号。"
    provision: str


@dataclasses.dataclass(eq=False)
class SpanError(InputError):
    """A passage lies outside the recording, is reversed or empty."""

    code: ClassVar[str] = "span-outside"
    message: ClassVar[str] = "编号 {seq} 的片段 {start}–{end} 不对"
    hint: ClassVar[str] = "允许的范围是 {first}–{last}，并且开始要早于结束。"
    seq: int
    start: str
    end: str
    first: str
    last: str


@dataclasses.dataclass(eq=False)
class SpanNotApplicableError(InputError):
    """A passage was given for something without a known duration."""

    code: ClassVar[str] = "span-not-applicable"
    message: ClassVar[str] = "编号 {seq} 不是可以播放的录音，不能标注时间片段"
    hint: ClassVar[str] = "可以去掉“--from/--to”，用“--quote”写下原话。"
    seq: int


@dataclasses.dataclass(eq=False)
class RegionError(InputError):
    """A region lies outside the picture, or the exhibit is no picture."""

    code: ClassVar[str] = "region-outside"
    message: ClassVar[str] = "编号 {seq} 的区域 {region} 不对"
    hint: ClassVar[str] = "区域写成“左,上,宽,高”（像素），图片大小是 {width}×{height}。"
    seq: int
    region: str
    width: int
    height: int


@dataclasses.dataclass(eq=False)
class NotAThirdPersonError(InputError):
    """A number that was not stated to be that of family, a colleague or a friend."""

    code: ClassVar[str] = "not-a-third-person"
    message: ClassVar[str] = "还没有说明 {number} 是哪位家人、同事或朋友的号码"
    hint: ClassVar[str] = (
        "先运行“liuhen number {number} --role family --name 称呼”"
        "（同事用 colleague，朋友用 friend）。"
    )
    number: str


@dataclasses.dataclass(eq=False)
class UnknownRespondentError(InputError):
    """No respondent has this name."""

    code: ClassVar[str] = "respondent-unknown"
    message: ClassVar[str] = "案件里没有被投诉机构“{name}”"
    hint: ClassVar[str] = (
        "用“liuhen respondent list”查看，或用“liuhen respondent add 名称 --type 类型”添加。"
    )
    name: str


@dataclasses.dataclass(eq=False)
class RespondentExistsError(InputError):
    """A respondent of this name is in the case."""

    code: ClassVar[str] = "respondent-exists"
    message: ClassVar[str] = "案件里已经有被投诉机构“{name}”（编号 {seq}）"
    hint: ClassVar[str] = "信息要更正时加上“--update”，旧的一条会保留。"
    name: str
    seq: int


@dataclasses.dataclass(eq=False)
class ValueFormError(InputError):
    """A value given by the person does not have the needed form."""

    code: ClassVar[str] = "value-malformed"
    exit_code: ClassVar[ExitCode] = ExitCode.USAGE
    message: ClassVar[str] = "“{value}”不是有效的{what}"
    hint: ClassVar[str] = "写法示例：{example}"
    value: str
    what: str
    example: str


@dataclasses.dataclass(eq=False)
class NothingRequestedError(InputError):
    """A command was given nothing to do."""

    code: ClassVar[str] = "nothing-requested"
    exit_code: ClassVar[ExitCode] = ExitCode.USAGE
    message: ClassVar[str] = "没有要保存的内容"
    hint: ClassVar[str] = "{example}"
    example: str


@dataclasses.dataclass(eq=False)
class CautionError(InputError):
    """A caution about the borrower's own words cannot be confirmed."""

    code: ClassVar[str] = "suggestion-caution"
    message: ClassVar[str] = "编号 {seq} 是关于您自己的话的提醒，不能变成标注"
    hint: ClassVar[str] = "看过之后可以用“liuhen dismiss 提示编号”收起来。"
    seq: int


@dataclasses.dataclass(eq=False)
class SuggestionConfirmedError(InputError):
    """A suggestion was confirmed before."""

    code: ClassVar[str] = "suggestion-confirmed"
    message: ClassVar[str] = "编号 {seq} 已经确认过，标注是编号 {by}"
    hint: ClassVar[str] = "要改的话，先用“liuhen withdraw 编号 --reason 理由”撤回那条标注。"
    seq: int
    by: int


@dataclasses.dataclass(eq=False)
class TranscriptLineError(InputError):
    """A transcript has no such line."""

    code: ClassVar[str] = "transcript-line"
    message: ClassVar[str] = "编号 {seq} 的文字没有第 {line} 行"
    hint: ClassVar[str] = "它有 {last} 行；用“liuhen show {seq}”看每一行的行号。"
    seq: int
    line: int
    last: int


@dataclasses.dataclass(eq=False)
class TranscriptFileError(InputError):
    """A transcript file cannot be read."""

    code: ClassVar[str] = "transcript-file"
    message: ClassVar[str] = "文字稿无法使用（{detail}）：{path}"
    hint: ClassVar[str] = "支持 .srt、.vtt、.lrc，或每行写“分:秒 文字”的 .txt，时间不能超出录音。"
    path: str
    detail: str
