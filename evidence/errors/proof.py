"""Bytes that are not what they should be: entries, checkpoints, originals."""

import dataclasses
from typing import ClassVar

from evidence.errors.base import EvidenceError, ExitCode


@dataclasses.dataclass(eq=False)
class CanonicalFormError(EvidenceError):
    """Bytes or a value that canonical JSON does not allow (RFC 8785, restricted)."""

    code: ClassVar[str] = "not-canonical"
    exit_code: ClassVar[ExitCode] = ExitCode.NOT_INTACT
    message: ClassVar[str] = "条目不是规范的 JSON（{reason}）"
    hint: ClassVar[str] = "请先复制一份案件文件留底，再运行“liuhen verify”查看全部问题。"
    reason: str


@dataclasses.dataclass(eq=False)
class EntryFormError(EvidenceError):
    """A body whose fields do not have the form of DESIGN section 4."""

    code: ClassVar[str] = "entry-malformed"
    exit_code: ClassVar[ExitCode] = ExitCode.NOT_INTACT
    message: ClassVar[str] = "条目的字段不符合格式：{field}"
    hint: ClassVar[str] = "请先复制一份案件文件留底，再运行“liuhen verify”查看全部问题。"
    field: str


@dataclasses.dataclass(eq=False)
class CheckpointFormError(EvidenceError):
    """A checkpoint or signed note that is not byte for byte what this program would write."""

    code: ClassVar[str] = "checkpoint-malformed"
    exit_code: ClassVar[ExitCode] = ExitCode.INPUT_UNUSABLE
    message: ClassVar[str] = "检查点文件的格式不对（{reason}）"
    hint: ClassVar[str] = (
        "请使用“liuhen checkpoint -o 文件”保存的原文件：从邮件里取附件，不要复制正文，"
        "也不要用编辑器改动它。找不到了，可以用打印件每页上的检查点短码。"
    )
    reason: str


@dataclasses.dataclass(eq=False)
class NotIntactError(EvidenceError):
    """The log of a case does not verify, so nothing may be made from it."""

    code: ClassVar[str] = "case-not-intact"
    exit_code: ClassVar[ExitCode] = ExitCode.NOT_INTACT
    message: ClassVar[str] = "案件记录没有通过核验（{detail}），没有生成投诉材料"
    hint: ClassVar[str] = "请先复制一份案件文件留底，再运行“liuhen verify”查看全部问题。"
    detail: str


@dataclasses.dataclass(eq=False)
class OriginalDamagedError(EvidenceError):
    """The stored bytes of an original are not what its entry says."""

    code: ClassVar[str] = "original-damaged"
    exit_code: ClassVar[ExitCode] = ExitCode.NOT_INTACT
    message: ClassVar[str] = "编号 {seq} 的原件与入库时的记录不一致（{detail}）"
    hint: ClassVar[str] = "请运行“liuhen verify”查看全部问题，并从备份中找回案件文件。"
    seq: int
    detail: str


@dataclasses.dataclass(eq=False)
class OriginalUnreadableError(OriginalDamagedError):
    """The stored bytes of an original cannot be read; nothing is known of what they say."""

    code: ClassVar[str] = "original-unreadable"
    message: ClassVar[str] = "编号 {seq} 的原件读不出来（{detail}）；这不说明有人改过"
    hint: ClassVar[str] = (
        "有备份就从备份里取。没有备份时，请运行“liuhen doctor”看坏在哪里、还能抢救什么。"
    )


@dataclasses.dataclass(eq=False)
class NotABackupError(EvidenceError):
    """What is to be restored is not there, or is no case; no case may be made instead of it."""

    code: ClassVar[str] = "not-a-backup"
    exit_code: ClassVar[ExitCode] = ExitCode.CASE_UNUSABLE
    message: ClassVar[str] = "没有找到这个备份，或者它不是留痕的案件文件，没有恢复：{path}"
    hint: ClassVar[str] = (
        "请检查路径，U 盘要先插好。备份是“liuhen backup -o 文件”写出的文件，"
        "通常以 .liuhen 结尾；案件文件的复制件也可以。"
    )
    path: str


@dataclasses.dataclass(eq=False)
class BackupUnreadableError(EvidenceError):
    """The disk does not give a part of a backup that is to be restored."""

    code: ClassVar[str] = "backup-unreadable"
    exit_code: ClassVar[ExitCode] = ExitCode.CASE_UNUSABLE
    message: ClassVar[str] = "磁盘读不出这份备份的一部分，没有恢复：{path}"
    hint: ClassVar[str] = (
        "这是磁盘的问题，不说明备份被人改过。请换一份放在别的磁盘上的备份；没有时，"
        "运行“liuhen doctor --salvage -o 文件”，"
        "把读得出来的抢救到另一个磁盘；这个磁盘和备份都留着。"
    )
    path: str


@dataclasses.dataclass(eq=False)
class BackupNotIntactError(EvidenceError):
    """A backup that is to be restored does not verify."""

    code: ClassVar[str] = "backup-not-intact"
    exit_code: ClassVar[ExitCode] = ExitCode.NOT_INTACT
    message: ClassVar[str] = "这份备份没有通过核验，没有恢复：{path}"
    hint: ClassVar[str] = (
        "请换一份更早的备份；都不行时，先把它复制一份留底，"
        "再运行“liuhen doctor”看它坏在哪里、还能取出什么。"
    )
    path: str
