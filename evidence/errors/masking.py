"""Masks that cannot be applied."""

import dataclasses
from typing import ClassVar

from evidence.errors.base import InputError


@dataclasses.dataclass(eq=False)
class MaskImpossibleError(InputError):
    """No masked copy could ever be made of an exhibit."""

    code: ClassVar[str] = "mask-impossible"
    message: ClassVar[str] = "编号 {seq} 不能遮盖：{detail}"
    hint: ClassVar[str] = (
        "程序读不出里面的内容，做不出遮盖过的副本。不想交出这份证据，"
        "可以用“liuhen withdraw {seq} --reason 理由”撤回它。"
    )
    seq: int
    detail: str


@dataclasses.dataclass(eq=False)
class MaskFailedError(InputError):
    """The masked copy of an exhibit could not be made, so there is no packet."""

    code: ClassVar[str] = "mask-failed"
    message: ClassVar[str] = "证据（编号 {seq}）遮盖过的副本没有做成（{detail}），没有生成材料"
    hint: ClassVar[str] = (
        "没有遮盖的原件不会代替它放进去。请再试一次；还不行，"
        "可以用“liuhen withdraw {seq} --reason 理由”撤回这份证据，再生成材料。"
    )
    seq: int
    detail: str
