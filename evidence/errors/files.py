"""Files and folders that come in, and those that are written."""

import dataclasses
from typing import ClassVar

from evidence.errors.base import EvidenceError, ExitCode, InputError


@dataclasses.dataclass(eq=False)
class FileUnreadableError(InputError):
    """A file or folder is missing or cannot be opened."""

    code: ClassVar[str] = "file-unreadable"
    message: ClassVar[str] = "无法读取（{detail}）：{path}"
    hint: ClassVar[str] = (
        "请检查路径是否写对、文件是否还在、是否有读取权限，然后对这一个再运行一次。"
    )
    path: str
    detail: str


@dataclasses.dataclass(eq=False)
class NotABundleError(InputError):
    """A folder that was to be checked is no bundle of this program."""

    code: ClassVar[str] = "not-a-bundle"
    message: ClassVar[str] = "这个文件夹不是留痕的投诉材料包：{path}"
    hint: ClassVar[str] = (
        "请指明材料包的文件夹本身（里面有 bagit.txt 和 data），或单独的检查点文件。"
    )
    path: str


@dataclasses.dataclass(eq=False)
class BundleZippedError(InputError):
    """A bundle was given packed, as one file."""

    code: ClassVar[str] = "bundle-zipped"
    message: ClassVar[str] = "这是压缩包，不是材料包的文件夹：{path}"
    hint: ClassVar[str] = (
        "请先解压，再指明解压出来的那个文件夹；也可以用浏览器打开 verify.html，把压缩包拖进去核验。"
    )
    path: str


@dataclasses.dataclass(eq=False)
class NotComparableError(InputError):
    """What a case was to be compared with is nothing that it can be compared with."""

    code: ClassVar[str] = "not-comparable"
    message: ClassVar[str] = "不能与它比较（{detail}）：{given}"
    hint: ClassVar[str] = (
        "“--against”后面可以写：检查点文件、材料包的文件夹、打印件每页上的检查点短码"
        "（16 个数字和字母，放在引号里）、完整性说明页二维码里的文字，或同一案件的另一份文件。"
    )
    given: str
    detail: str


@dataclasses.dataclass(eq=False)
class FileChangedError(InputError):
    """The file changed while it was being copied."""

    code: ClassVar[str] = "file-changed"
    message: ClassVar[str] = "读取过程中文件发生了变化，没有导入：{path}"
    hint: ClassVar[str] = "请等文件复制完成后重新导入。"
    path: str


@dataclasses.dataclass(eq=False)
class PatternFileError(InputError):
    """A person's own file name patterns are not of the right form."""

    code: ClassVar[str] = "patterns-unusable"
    message: ClassVar[str] = "文件名规则文件不能用（{detail}）：{path}"
    hint: ClassVar[str] = (
        "请改正这一处，或先把这个文件改名移开（程序自带的规则不受影响），然后重新运行。"
    )
    path: str
    detail: str


@dataclasses.dataclass(eq=False)
class NothingFoundError(InputError):
    """The folders to import hold no file."""

    code: ClassVar[str] = "nothing-found"
    message: ClassVar[str] = "没有找到可以导入的文件：{path}"
    hint: ClassVar[str] = "请确认文件夹里有录音、截图或文本；隐藏文件不会被导入。"
    path: str


@dataclasses.dataclass(eq=False)
class MediaUnreadableError(InputError):
    """A stored recording or picture cannot be decoded; its bytes are kept."""

    code: ClassVar[str] = "media-unreadable"
    message: ClassVar[str] = "编号 {seq} 无法解码（{detail}）"
    hint: ClassVar[str] = (
        "原文件完好保存，可用“liuhen export {seq} -o 文件”取出，用其他播放器试试。"
    )
    seq: int
    detail: str


@dataclasses.dataclass(eq=False)
class OutputExistsError(EvidenceError):
    """An output path is taken; nothing was overwritten."""

    code: ClassVar[str] = "output-exists"
    exit_code: ClassVar[ExitCode] = ExitCode.INPUT_UNUSABLE
    message: ClassVar[str] = "输出位置已经存在，没有覆盖：{path}"
    hint: ClassVar[str] = "请换一个不存在的名字，例如在后面加上日期。"
    path: str


@dataclasses.dataclass(eq=False)
class OutputNotWritableError(EvidenceError):
    """An output path cannot be written."""

    code: ClassVar[str] = "output-not-writable"
    exit_code: ClassVar[ExitCode] = ExitCode.INPUT_UNUSABLE
    message: ClassVar[str] = "无法写出文件（{detail}）：{path}"
    hint: ClassVar[str] = "请检查磁盘空间和文件夹权限，或换一个输出位置。"
    path: str
    detail: str
