"""Every error that bad input or a damaged case can cause, as one tree.

Rules:

* Each class has a stable ASCII ``code`` (printed by ``--json``), an ``exit_code`` from
  DESIGN section 7, typed fields, a Chinese ``message`` (what happened, to which thing) and a
  ``hint`` (what to do next, with the command). The two texts are translation msgids; the command
  line translates them, this package never does.
* Misuse by our own code is not here: it raises ``TypeError`` or ``RuntimeError``.
"""

import dataclasses
import enum
from typing import ClassVar


class ExitCode(enum.IntEnum):
    """Process exit codes. They are an interface: never reuse a number."""

    OK = 0
    UNEXPECTED = 1
    USAGE = 2
    INPUT_UNUSABLE = 3
    CASE_UNUSABLE = 4
    MISSING_CAPABILITY = 5
    NOT_INTACT = 10
    INCOMPLETE = 11
    INTERRUPTED = 130


@dataclasses.dataclass(eq=False)
class EvidenceError(Exception):
    """Base of the tree. Catch it at the edge of the program only."""

    code: ClassVar[str] = "evidence-error"
    exit_code: ClassVar[ExitCode] = ExitCode.UNEXPECTED
    message: ClassVar[str] = "出现未预期的问题"
    hint: ClassVar[str] = ""

    def fields(self) -> dict[str, object]:
        """Return the typed fields by name, for messages and ``--json``."""
        return {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}

    def __str__(self) -> str:
        """Return the Chinese message followed by the next step."""
        fields = self.fields()
        text = self.message.format(**fields)
        return f"{text}\n{self.hint.format(**fields)}" if self.hint else text


# --- bytes -------------------------------------------------------------------------------------


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
    hint: ClassVar[str] = "请使用“liuhen checkpoint -o 文件”保存的原文件，不要用编辑器改动它。"
    reason: str


# --- the case file ------------------------------------------------------------------------------


@dataclasses.dataclass(eq=False)
class CaseError(EvidenceError):
    """The case file as a whole cannot be used."""

    exit_code: ClassVar[ExitCode] = ExitCode.CASE_UNUSABLE
    path: str


@dataclasses.dataclass(eq=False)
class CaseMissingError(CaseError):
    """There is no case file at the path."""

    code: ClassVar[str] = "case-missing"
    message: ClassVar[str] = "没有找到案件文件：{path}"
    hint: ClassVar[str] = (
        "如果还没有建立案件，请运行“liuhen init”；如果案件在别处，请用“--case 文件”指明。"
    )


@dataclasses.dataclass(eq=False)
class CaseExistsError(CaseError):
    """``init`` would overwrite a file."""

    code: ClassVar[str] = "case-exists"
    message: ClassVar[str] = "这个位置已经有文件，没有覆盖：{path}"
    hint: ClassVar[str] = "要继续原来的案件，直接使用即可；要另建案件，请用“--case 新文件 init”。"


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
class CaseNotWritableError(CaseError):
    """The case file or its folder does not allow writing."""

    code: ClassVar[str] = "case-not-writable"
    message: ClassVar[str] = "无法写入案件文件（{detail}）：{path}"
    hint: ClassVar[str] = "请检查文件和所在文件夹的权限，或把案件复制到可写的磁盘再用“--case”打开。"
    detail: str


@dataclasses.dataclass(eq=False)
class CaseBusyError(CaseError):
    """Another process holds the write lock for too long."""

    code: ClassVar[str] = "case-busy"
    message: ClassVar[str] = "案件正被另一个留痕进程使用：{path}"
    hint: ClassVar[str] = "请等它完成后再试。"


@dataclasses.dataclass(eq=False)
class DiskFullError(CaseError):
    """No space left while writing; the transaction was rolled back."""

    code: ClassVar[str] = "disk-full"
    message: ClassVar[str] = "磁盘空间不足，未能保存到：{path}"
    hint: ClassVar[str] = "此前已显示“已保存”的内容都在。请腾出空间后重新运行同一条命令。"


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


# --- files coming in ----------------------------------------------------------------------------


@dataclasses.dataclass(eq=False)
class InputError(EvidenceError):
    """Something given to a command cannot be used."""

    code: ClassVar[str] = "input-unusable"
    exit_code: ClassVar[ExitCode] = ExitCode.INPUT_UNUSABLE


@dataclasses.dataclass(eq=False)
class FileUnreadableError(InputError):
    """A file or folder is missing or cannot be opened."""

    code: ClassVar[str] = "file-unreadable"
    message: ClassVar[str] = "无法读取（{detail}）：{path}"
    hint: ClassVar[str] = "请检查路径是否写对、文件是否还在、是否有读取权限，然后重新导入这一个。"
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


# --- what a person says about the case ------------------------------------------------------------


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
    """The conduct is not in the rules data."""

    code: ClassVar[str] = "conduct-unknown"
    message: ClassVar[str] = "不认识的行为类型：{conduct}"
    hint: ClassVar[str] = "可用的类型：{known}"
    conduct: str
    known: str


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


# --- packet -------------------------------------------------------------------------------------


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
