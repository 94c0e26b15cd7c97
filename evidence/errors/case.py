"""The case file as a whole."""

import dataclasses
from typing import ClassVar

from evidence.errors.base import CaseError


@dataclasses.dataclass(eq=False)
class CaseMissingError(CaseError):
    """There is no case file at the path."""

    code: ClassVar[str] = "case-missing"
    message: ClassVar[str] = "没有找到案件文件：{path}"
    hint: ClassVar[str] = (
        "案件在别处的，用“--case 文件”指明；还没有建立案件的，运行“liuhen init”。"
        "误删了、换了电脑或 U 盘没插好的，先不要建新案件：看看回收站、U 盘和旧电脑，"
        "有备份的运行“liuhen restore 备份”。"
    )


@dataclasses.dataclass(eq=False)
class CaseExistsError(CaseError):
    """``init`` would overwrite a file."""

    code: ClassVar[str] = "case-exists"
    message: ClassVar[str] = "这个位置已经有文件，没有覆盖：{path}"
    hint: ClassVar[str] = (
        "要继续原来的案件，直接使用即可；要另建一个，请用“--case 新文件”再运行同一条命令。"
    )


@dataclasses.dataclass(eq=False)
class NotACaseError(CaseError):
    """The file is not a case of this program."""

    code: ClassVar[str] = "not-a-case"
    message: ClassVar[str] = "这不是留痕的案件文件：{path}"
    hint: ClassVar[str] = "请用“--case 文件”指明正确的案件文件（通常以 .liuhen 结尾）。"


@dataclasses.dataclass(eq=False)
class CaseTooNewError(CaseError):
    """The case was written by a later version."""

    code: ClassVar[str] = "case-too-new"
    message: ClassVar[str] = (
        "案件文件由更新版本的留痕写成（格式 {found}，本程序支持到 {supported}）：{path}"
    )
    hint: ClassVar[str] = "请升级留痕后再打开；文件没有被改动。"
    found: int
    supported: int


@dataclasses.dataclass(eq=False)
class CaseDamagedError(CaseError):
    """SQLite reports damage, or a stored body cannot be read."""

    code: ClassVar[str] = "case-damaged"
    message: ClassVar[str] = "案件文件已损坏（{detail}）：{path}"
    hint: ClassVar[str] = "请先复制一份留底，再运行“liuhen doctor”查看损坏范围；不要删除这个文件。"
    detail: str


@dataclasses.dataclass(eq=False)
class CaseUnreadableError(CaseDamagedError):
    """The disk does not give a part of the file."""

    code: ClassVar[str] = "case-unreadable"
    message: ClassVar[str] = "磁盘读不出案件文件的一部分（{detail}）：{path}"
    hint: ClassVar[str] = (
        "这是磁盘的问题，不说明内容被人改过。先不要再往这个磁盘里存；有备份就用备份。"
        "没有备份时，运行“liuhen doctor --salvage -o 文件”，"
        "把读得出来的抢救到另一个磁盘；这个磁盘和文件都留着。"
    )


@dataclasses.dataclass(eq=False)
class CaseStructureError(CaseError):
    """The tables or the header are not those that this program writes; by whom is not known."""

    code: ClassVar[str] = "case-structure"
    message: ClassVar[str] = "案件文件的结构与留痕写出的不一样（{detail}）：{path}"
    hint: ClassVar[str] = (
        "是磁盘出错、被别的程序改过，还是别人另做的，从文件里看不出来。不要往里存；"
        "请先复制一份留底，从备份找回，或运行“liuhen doctor”看还能取出什么。"
    )
    detail: str


@dataclasses.dataclass(eq=False)
class CaseCompanionError(CaseError):
    """Beside the case lies a file that SQLite would read as a part of it, and that is not ours."""

    code: ClassVar[str] = "case-companion"
    message: ClassVar[str] = "案件旁边的“{beside}”不是留痕留下的，没有打开案件：{path}"
    hint: ClassVar[str] = (
        "请把“{beside}”移到别的文件夹（不要删除），再运行同一条命令；"
        "如果是别人把它和案件一起给您的，请只用案件文件本身。"
    )
    beside: str


@dataclasses.dataclass(eq=False)
class CaseNotWritableError(CaseError):
    """The case file or its folder does not allow writing."""

    code: ClassVar[str] = "case-not-writable"
    message: ClassVar[str] = "无法写入案件文件（{detail}）：{path}"
    hint: ClassVar[str] = "请检查文件和所在文件夹的权限，或把案件复制到可写的磁盘再用“--case”打开。"
    detail: str


@dataclasses.dataclass(eq=False)
class CaseUnfinishedError(CaseNotWritableError):
    """A killed writer's half-done write must be taken back first, and nothing can be written."""

    code: ClassVar[str] = "case-unfinished"
    message: ClassVar[str] = (
        "上一次写入被打断了，要先退回到那之前才能打开，可是这里不能写（{detail}）：{path}"
    )
    hint: ClassVar[str] = (
        "把案件文件和旁边名字相同、以“-journal”结尾的文件一起复制到可以写的磁盘，"
        "再用“--case”打开那一份；只复制其中一个会坏。"
    )


@dataclasses.dataclass(eq=False)
class CaseBusyError(CaseError):
    """Another process holds the write lock for too long."""

    code: ClassVar[str] = "case-busy"
    message: ClassVar[str] = "案件正被另一个留痕进程使用：{path}"
    hint: ClassVar[str] = "请等它完成后再试。"


@dataclasses.dataclass(eq=False)
class CopyDiffersError(CaseError):
    """A copy that was written does not read back as its source."""

    code: ClassVar[str] = "copy-differs"
    message: ClassVar[str] = "写好的副本读回来与原来不一样，已经删掉；原文件没有改动：{path}"
    hint: ClassVar[str] = "目标磁盘可能有坏块，请换一个磁盘再运行同一条命令。"


@dataclasses.dataclass(eq=False)
class NotDamagedError(CaseError):
    """A case that is whole needs no salvage, which would cut off its history."""

    code: ClassVar[str] = "not-damaged"
    message: ClassVar[str] = "案件文件没有损坏，不需要抢救：{path}"
    hint: ClassVar[str] = "照常使用即可；要另存一份，请用“liuhen backup -o 文件”。"


@dataclasses.dataclass(eq=False)
class NothingToSalvageError(CaseError):
    """A damaged file holds nothing that is whole."""

    code: ClassVar[str] = "nothing-to-salvage"
    message: ClassVar[str] = "在这个文件里没有找到完好的记录或原件：{path}"
    hint: ClassVar[str] = (
        "请保留这个文件，不要删除；从备份找回，或把磁盘交给做数据恢复的人，说明这是 SQLite 文件。"
    )


@dataclasses.dataclass(eq=False)
class DiskFullError(CaseError):
    """No space left while writing; the transaction was rolled back."""

    code: ClassVar[str] = "disk-full"
    message: ClassVar[str] = "磁盘空间不足，未能保存到：{path}"
    hint: ClassVar[str] = "此前已显示“已保存”的内容都在。请腾出空间后重新运行同一条命令。"


@dataclasses.dataclass(eq=False)
class NoRoomError(CaseError):
    """A copy would not fit; nothing was begun."""

    code: ClassVar[str] = "no-room"
    message: ClassVar[str] = "放不下：要 {needed} MB，那个磁盘只剩 {room} MB，没有开始写：{path}"
    hint: ClassVar[str] = "请腾出空间，或换一个磁盘，再运行同一条命令。"
    needed: int
    room: int
