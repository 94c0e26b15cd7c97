"""What a packet lacks."""

import dataclasses
from typing import ClassVar

from evidence.errors.base import InputError


@dataclasses.dataclass(eq=False)
class NoComplainantError(InputError):
    """A packet needs a complainant."""

    code: ClassVar[str] = "complainant-missing"
    message: ClassVar[str] = "还没有填写投诉人，不能生成投诉材料"
    hint: ClassVar[str] = "请先运行“liuhen complainant --name 姓名 --phone 手机号”。"


@dataclasses.dataclass(eq=False)
class NoFindingError(InputError):
    """A packet needs at least one confirmed tag for the respondent."""

    code: ClassVar[str] = "finding-missing"
    message: ClassVar[str] = "“{respondent}”名下还没有标注任何疑似违规点，不能生成投诉材料"
    hint: ClassVar[str] = (
        "请先用“liuhen list”找到证据编号，再运行“liuhen tag 编号 行为类型 --quote 原话”。"
    )
    respondent: str


@dataclasses.dataclass(eq=False)
class FindingsLeftOutError(InputError):
    """Every tag for the respondent is on something that does not go into a packet."""

    code: ClassVar[str] = "findings-left-out"
    message: ClassVar[str] = (
        "“{respondent}”的标注（编号 {seqs}）都在不能放进材料的文件上，不能生成投诉材料"
    )
    hint: ClassVar[str] = (
        "备份、详单含有大量私人信息，已写明属于别的机构的证据也不放进来。"
        "请导入相应的录音或截图，对它们运行“liuhen tag 编号 行为类型 --quote 原话”。"
    )
    respondent: str
    seqs: str


@dataclasses.dataclass(eq=False)
class NothingForChannelError(InputError):
    """Nothing that is tagged concerns the addressee of the packet."""

    code: ClassVar[str] = "findings-not-for-channel"
    message: ClassVar[str] = (
        "“{respondent}”名下标注的行为（编号 {seqs}）都不属于“--to {channel}”管的事，不能生成材料"
    )
    hint: ClassVar[str] = "这些行为请向放贷机构或它的监管部门投诉；用“liuhen rules”看有哪些条款。"
    respondent: str
    channel: str
    seqs: str


@dataclasses.dataclass(eq=False)
class LetterTextError(InputError):
    """The letter's words that a person wrote cannot be used."""

    code: ClassVar[str] = "letter-text"
    message: ClassVar[str] = "投诉书文字不能使用（{detail}）：{path}"
    hint: ClassVar[str] = (
        "改好再试一次；要重新开始，用“packet --write-text 新文件”写出一份原样的文字。"
    )
    path: str
    detail: str


@dataclasses.dataclass(eq=False)
class PasteLimitsError(InputError):
    """A person's own lengths for the paste texts are not of the right form."""

    code: ClassVar[str] = "paste-limits"
    message: ClassVar[str] = "字数上限文件不能用（{detail}）：{path}"
    hint: ClassVar[str] = "写法示例：第一行 [limits]，下面每行一项，例如 facts = 2000。"
    path: str
    detail: str


@dataclasses.dataclass(eq=False)
class PageTooLargeError(InputError):
    """One page of the PDF is larger than a part may be."""

    code: ClassVar[str] = "page-too-large"
    message: ClassVar[str] = "第 {page} 页单独就有 {size} 字节，超过每册上限 {limit} 字节，没有生成"
    hint: ClassVar[str] = "请把“--split”写大一些，或不用“--split”，只交整份 packet.pdf。"
    page: int
    size: int
    limit: int
