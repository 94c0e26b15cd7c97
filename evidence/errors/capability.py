"""Parts of the program or of the system that are not there."""

import dataclasses
from typing import ClassVar

from evidence.errors.base import EvidenceError, ExitCode, InputError


@dataclasses.dataclass(eq=False)
class MissingCapabilityError(EvidenceError):
    """Something optional is not installed."""

    code: ClassVar[str] = "capability-missing"
    exit_code: ClassVar[ExitCode] = ExitCode.MISSING_CAPABILITY
    message: ClassVar[str] = "缺少组件，无法{purpose}：{component}"
    hint: ClassVar[str] = "请在安装留痕的环境里运行“pip install --force-reinstall .”。"
    purpose: str
    component: str


@dataclasses.dataclass(eq=False)
class MissingExtraError(EvidenceError):
    """An optional extra is not installed."""

    code: ClassVar[str] = "extra-missing"
    exit_code: ClassVar[ExitCode] = ExitCode.MISSING_CAPABILITY
    message: ClassVar[str] = "没有安装可选组件，无法{purpose}：{component}"
    hint: ClassVar[str] = (
        "请在安装留痕的文件夹里运行“pip install '.[{extra}]'”；不装也可以自己把文字打进去。"
    )
    purpose: str
    component: str
    extra: str


@dataclasses.dataclass(eq=False)
class EditorError(EvidenceError):
    """The person's editor could not be started, or ended with an error."""

    code: ClassVar[str] = "editor-failed"
    exit_code: ClassVar[ExitCode] = ExitCode.MISSING_CAPABILITY
    message: ClassVar[str] = "编辑器没有正常打开或关闭，没有生成材料"
    hint: ClassVar[str] = (
        "请检查环境变量 EDITOR 写的编辑器；或用“packet --write-text 新文件”写出文字，"
        "用任何编辑器改好，再用“--text”。"
    )


@dataclasses.dataclass(eq=False)
class SpeechModelError(InputError):
    """A folder holds no speech model that is known here."""

    code: ClassVar[str] = "speech-model"
    message: ClassVar[str] = "不能用这个文件夹里的语音模型（{detail}）：{path}"
    hint: ClassVar[str] = (
        "请指明解压后的模型文件夹，里面要有 tokens.txt 和 model.onnx（SenseVoice、Paraformer）"
        "或 Whisper 的 encoder、decoder。"
    )
    path: str
    detail: str
