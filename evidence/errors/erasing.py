"""Entries whose body and bytes are gone, or are to go."""

import dataclasses
from typing import ClassVar

from evidence.errors.base import InputError


@dataclasses.dataclass(eq=False)
class ErasedError(InputError):
    """The entry was erased; its seq and leaf stay."""

    code: ClassVar[str] = "erased"
    message: ClassVar[str] = "编号 {seq} 的内容已经删除（见编号 {by}），取不出来了"
    hint: ClassVar[str] = "用“liuhen show {by}”看删除的时间和理由；原件还在手机里时可以重新导入。"
    seq: int
    by: int


@dataclasses.dataclass(eq=False)
class NotErasableError(InputError):
    """An entry of this kind is not erased by itself."""

    code: ClassVar[str] = "not-erasable"
    message: ClassVar[str] = "编号 {seq} 不能单独删除：{reason}"
    hint: ClassVar[str] = (
        "只是不想用在投诉材料里，可以用“liuhen withdraw 编号 --reason 理由”撤回；"
        "用“liuhen show {seq}”看它是什么。"
    )
    seq: int
    reason: str


@dataclasses.dataclass(eq=False)
class DependentsError(InputError):
    """Other entries speak of the entry and may repeat its words."""

    code: ClassVar[str] = "erase-dependents"
    message: ClassVar[str] = "编号 {seq} 还有别的记录提到它，里面可能有同样的话：编号 {seqs}"
    hint: ClassVar[str] = "要一起删除，请加上“--with-dependents”；先看看会删什么，请用“--dry-run”。"
    seq: int
    seqs: str


@dataclasses.dataclass(eq=False)
class EraseRevivesError(InputError):
    """Without the entry, something stands again that it had replaced or taken back."""

    code: ClassVar[str] = "erase-revives"
    message: ClassVar[str] = "删了编号 {seq}，编号 {revived} 就又生效了，没有删除"
    hint: ClassVar[str] = "请先删除编号 {revived}，再删编号 {seq}。"
    seq: int
    revived: int
