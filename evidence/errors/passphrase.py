"""A passphrase that is missing, wrong or too weak, and a recovery code."""

import dataclasses
from typing import ClassVar

from evidence.errors.base import CaseError, InputError


@dataclasses.dataclass(eq=False)
class PassphraseRequiredError(CaseError):
    """The case has a passphrase, and there is nobody to ask for it."""

    code: ClassVar[str] = "passphrase-required"
    message: ClassVar[str] = "这个案件有密码，没有密码打不开：{path}"
    hint: ClassVar[str] = (
        "在终端里直接运行，程序会问密码；或者设置环境变量 LIUHEN_PASSPHRASE；"
        "或者用“--passphrase-file 文件”，文件第一行是密码。"
    )


@dataclasses.dataclass(eq=False)
class WrongPassphraseError(CaseError):
    """The passphrase does not open the case."""

    code: ClassVar[str] = "wrong-passphrase"
    message: ClassVar[str] = "密码不对，案件没有打开，也没有任何改动：{path}"
    hint: ClassVar[str] = (
        "检查大小写、输入法和空格后再试。密码忘了，"
        "可以用恢复码换一个新的：“liuhen passphrase reset”。"
    )


@dataclasses.dataclass(eq=False)
class WrongRecoveryCodeError(CaseError):
    """The recovery code is well-formed and does not open the case."""

    code: ClassVar[str] = "wrong-recovery-code"
    message: ClassVar[str] = "恢复码打不开这个案件，没有任何改动：{path}"
    hint: ClassVar[str] = (
        "它可能属于另一个案件，或者后来换过新的恢复码。旧备份要用当时的密码或恢复码打开。"
    )


@dataclasses.dataclass(eq=False)
class KeySlotDamagedError(CaseError):
    """What the passphrase or the recovery code opens is damaged in the file."""

    code: ClassVar[str] = "key-slot-damaged"
    message: ClassVar[str] = "案件文件里保存密钥的地方损坏了（{detail}）：{path}"
    hint: ClassVar[str] = (
        "这不是密码错。如果坏的是密码那一份，请用恢复码：“liuhen passphrase reset”；"
        "两份都坏了，只能从备份找回。"
    )
    detail: str


@dataclasses.dataclass(eq=False)
class CaseResealedError(CaseError):
    """Another process set or removed the passphrase while this one had the case open."""

    code: ClassVar[str] = "case-resealed"
    message: ClassVar[str] = "运行期间，案件的密码被另一个留痕进程设置或取消了：{path}"
    hint: ClassVar[str] = "此前显示“已保存”的内容都在。请重新运行同一条命令。"


@dataclasses.dataclass(eq=False)
class ResealUnsureError(CaseError):
    """The new file took the old one's place, but the disk did not say that it will stay so."""

    code: ClassVar[str] = "reseal-unsure"
    message: ClassVar[str] = (
        "案件已经改写好并换上，但磁盘没有确认，断电后可能退回改写以前的样子：{path}"
    )
    hint: ClassVar[str] = (
        "刚设了密码的，现在要用密码打开；恢复码没有显示出来，用“liuhen passphrase recovery”"
        "另要一个。请运行“liuhen backup -o 文件”备份到别的磁盘，再检查这个磁盘。"
    )


@dataclasses.dataclass(eq=False)
class NoPassphraseError(CaseError):
    """The command is about a passphrase, and the case has none."""

    code: ClassVar[str] = "no-passphrase"
    message: ClassVar[str] = "这个案件没有密码：{path}"
    hint: ClassVar[str] = "要加上密码，请运行“liuhen passphrase set”。"


@dataclasses.dataclass(eq=False)
class PassphraseSetError(CaseError):
    """The case has a passphrase already."""

    code: ClassVar[str] = "passphrase-set"
    message: ClassVar[str] = "这个案件已经有密码：{path}"
    hint: ClassVar[str] = "要换一个密码，请运行“liuhen passphrase change”。"


@dataclasses.dataclass(eq=False)
class WeakPassphraseError(InputError):
    """A new passphrase that is easily guessed, or holds what cannot be typed again."""

    code: ClassVar[str] = "weak-passphrase"
    message: ClassVar[str] = "这个密码不能用：{reason}"
    hint: ClassVar[str] = (
        "用四五个互不相干的词连成一句，自己记得住、别人猜不到；"
        "不要用电话号码、生日、身份证号。什么都没有改动。"
    )
    reason: str


@dataclasses.dataclass(eq=False)
class PassphraseFileError(InputError):
    """A file that should hold a passphrase or a recovery code cannot be read."""

    code: ClassVar[str] = "passphrase-file"
    message: ClassVar[str] = "读不出密码文件（{detail}）：{path}"
    hint: ClassVar[str] = "文件应是 UTF-8 文字，第一行就是密码（或恢复码），不加引号。"
    path: str
    detail: str


@dataclasses.dataclass(eq=False)
class SecretRequiredError(InputError):
    """A new passphrase or a recovery code is needed, and there is nobody to ask for it."""

    code: ClassVar[str] = "secret-required"
    message: ClassVar[str] = "没有给出要输入的密码或恢复码"
    hint: ClassVar[str] = "在终端里直接运行，程序会问；或者用“{option} 文件”，写在文件第一行。"
    option: str


@dataclasses.dataclass(eq=False)
class RecoveryCodeError(InputError):
    """A recovery code that was copied wrongly."""

    code: ClassVar[str] = "recovery-code"
    message: ClassVar[str] = "恢复码抄得不对：{reason}"
    hint: ClassVar[str] = (
        "恢复码是 7 组，每组 5 个字母或数字；只用数字 2 到 9 和大写字母，"
        "没有 I、L、O、S、U。对照纸上的再输一次。"
    )
    reason: str


@dataclasses.dataclass(eq=False)
class RecoveryGroupError(InputError):
    """One group of a recovery code was copied wrongly."""

    code: ClassVar[str] = "recovery-group"
    message: ClassVar[str] = "恢复码第 {group} 组抄错了"
    hint: ClassVar[str] = "对照纸上的第 {group} 组再输一次；注意区分 2 和 Z、8 和 B、5 和 6。"
    group: int
