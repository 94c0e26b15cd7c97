"""What ``liuhen doctor`` looks at: the program's parts, the case file, the room on the disk.

Rules:

1. Each check says what it found and, where something is wrong, what to do.
2. A damaged case is only read. What can still be read and taken out is counted, entry by entry.
"""

import dataclasses
import enum
import hashlib
import importlib.metadata
import importlib.resources
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import evidence
from cli import describe, labels
from cli.display import safe
from cli.i18n import N_, _
from evidence.errors import CaseMissingError, EvidenceError

if TYPE_CHECKING:
    from evidence.ingest.patterns import Patterns
    from evidence.store.case_file import CaseFile
    from evidence.store.protection import Unlock

PACKAGES = (
    *("av", "click", "cryptography", "phonenumbers", "pillow", "pillow-heif", "pydub"),
    *("reportlab", "rfc3161-client", "xlrd"),
)
DECODERS = {
    "mp3": "mp3",
    "aac": "m4a / 3gp",
    "amrnb": "amr",
    "amrwb": "amr-wb",
    "opus": "ogg",
    "flac": "flac",
    "pcm_s16le": "wav",
}
FONTS = ("NotoSerifSC-Regular.ttf", "NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")
LITTLE_SPACE = 200 * 1024 * 1024
"""Bytes below which the disk is called nearly full."""

_REINSTALL = N_("请在安装留痕的环境里重新安装：pip install --force-reinstall liuhen")

_ADD_PATTERN = N_(
    "文件照样可以导入，时间和号码用“--at”“--number”写。"
    "要让程序认得它，看 docs/how-to/file-names.md 里怎样添加自己的规则。"
)


class State(enum.StrEnum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    """Stable ASCII name."""
    state: State
    text: str
    advice: str = ""


def program_checks(patterns: Path | None = None) -> Iterator[Check]:
    """Yield the checks of the program itself, with the person's own file name ``patterns``."""
    version = ".".join(map(str, sys.version_info[:3]))
    text = _("留痕 {program}，Python {python}").format(program=evidence.__version__, python=version)
    yield Check(name="program", state=State.OK, text=text)
    yield _packages()
    yield _decoders()
    yield _pictures()
    yield _fonts()
    if patterns is not None:
        yield _patterns(patterns)


def name_check(name: str, patterns: "Patterns") -> Check:
    """Say which pattern a file name fits and what is read from it."""
    from evidence.ingest.filenames import read_filename

    facts = read_filename(PurePath(name).name, name, patterns=patterns)
    shown = safe(PurePath(name).name)
    if facts.pattern is None:
        text = _("不认得这样的文件名：{name}").format(name=shown)
        return Check(name="file-name", state=State.WARNING, text=text, advice=_(_ADD_PATTERN))
    what = [
        *(describe.moment_text(moment) for moment in facts.moments),
        *(describe.party_text(party, {}) for party in facts.parties),
        *([labels.direction(facts.direction)] if facts.direction else []),
        *(safe(_(warning)) for warning in facts.warnings),
    ]
    text = _("{name}：符合规则 {pattern}，读出 {what}").format(
        name=shown, pattern=safe(facts.pattern), what=_("，").join(what) or _("（无）")
    )
    return Check(name="file-name", state=State.OK, text=text)


def case_checks(path: Path, unlock: "Unlock") -> Iterator[Check]:
    """Yield the checks of the case at ``path`` and of the disk that it is on.

    ``unlock`` is asked for the key only if something has to be taken out of a damaged case.
    """
    from evidence.store import protection, schema
    from evidence.store.case_file import CaseFile

    yield _space(path)
    try:
        case = CaseFile.open_read(path, unlock=protection.locked)
    except CaseMissingError:
        text = _("还没有案件：{path}").format(path=safe(str(path)))
        yield Check(name="case", state=State.WARNING, text=text, advice=_("运行“liuhen init”。"))
        return
    except EvidenceError as error:
        yield Check(name="case", state=State.FAILED, text=_text(error), advice=_hint(error))
        return
    with case:
        text = _("案件文件可以打开：{path}").format(path=safe(str(path)))
        yield Check(name="case", state=State.OK, text=text)
        yield _protection(path)
        try:
            with case.reader() as connection:
                problems = schema.structure_problems(connection)
        except EvidenceError as error:
            problems = [_text(error)]
        if not problems:
            yield Check(
                name="structure",
                state=State.OK,
                text=_("文件结构完好（内容用“liuhen verify”核验）"),
            )
            return
        text = _("文件结构有损坏：{problem}").format(problem=safe(_first_line(problems[0])))
        advice = _(
            "先把整个文件复制一份留底，不要删除。请从备份找回；没有备份时看下面还能取出什么。"
        )
        yield Check(name="structure", state=State.FAILED, text=text, advice=advice)
    try:
        with CaseFile.open_read(path, unlock=unlock) as case:
            yield _salvage(case)
    except EvidenceError as error:
        yield Check(name="salvage", state=State.WARNING, text=_text(error), advice=_hint(error))


def _packages() -> Check:
    versions, missing = [], []
    for name in (*PACKAGES, "sqlalchemy"):
        try:
            versions.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        text = _("缺少组件：{names}").format(names=_("、").join(missing))
        return Check(name="packages", state=State.FAILED, text=text, advice=_(_REINSTALL))
    return Check(name="packages", state=State.OK, text=_("，").join(versions))


def _decoders() -> Check:
    try:
        import av
    except ImportError:
        text = _("不能读录音：缺少 av")
        return Check(name="decoders", state=State.FAILED, text=text, advice=_(_REINSTALL))
    missing = [kind for codec, kind in DECODERS.items() if not _has_codec(av.codec.Codec, codec)]
    if missing:
        text = _("有些录音格式不能解码：{kinds}").format(kinds=_("、").join(missing))
        return Check(name="decoders", state=State.WARNING, text=text, advice=_(_REINSTALL))
    text = _("可以解码的录音：{kinds}").format(kinds=_("、").join(DECODERS.values()))
    return Check(name="decoders", state=State.OK, text=text)


def _has_codec(codec: type, name: str) -> bool:
    try:
        codec(name, "r")
    except ValueError:
        return False
    return True


def _pictures() -> Check:
    try:
        import pillow_heif
        from PIL import features

        pillow_heif.register_heif_opener()
        kinds = ["png"] + [name for name in ("jpg", "webp") if features.check(name)] + ["heic"]
    except ImportError:
        text = _("不能读图片：缺少组件")
        return Check(name="pictures", state=State.FAILED, text=text, advice=_(_REINSTALL))
    text = _("可以读的图片：{kinds}").format(kinds=_("、").join(kinds))
    return Check(name="pictures", state=State.OK, text=text)


def _fonts() -> Check:
    folder = importlib.resources.files("reports").joinpath("assets", "fonts")
    missing = [name for name in FONTS if not folder.joinpath(name).is_file()]
    if missing:
        text = _("缺少中文字体：{names}").format(names=_("、").join(missing))
        return Check(name="fonts", state=State.FAILED, text=text, advice=_(_REINSTALL))
    return Check(name="fonts", state=State.OK, text=_("中文字体齐全"))


def _patterns(path: Path) -> Check:
    from evidence.ingest.patterns import built_in, load_patterns

    try:
        found = load_patterns(path)
    except EvidenceError as error:
        return Check(name="patterns", state=State.WARNING, text=_text(error), advice=_hint(error))
    known = built_in()
    count = len(found.names) + len(found.paths) - len(known.names) - len(known.paths)
    text = _("自己添加的文件名规则 {count} 条：{path}").format(count=count, path=safe(str(path)))
    return Check(name="patterns", state=State.OK, text=text)


def _space(path: Path) -> Check:
    folder = path.absolute().parent
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    text = _("磁盘剩余空间 {size} MB").format(size=f"{free // (1024 * 1024):,}")
    if free < LITTLE_SPACE:
        advice = _("空间快满了，请先腾出空间再导入。")
        return Check(name="space", state=State.WARNING, text=text, advice=advice)
    return Check(name="space", state=State.OK, text=text)


def _protection(path: Path) -> Check:
    """Say whether the case has a passphrase, and whether both ways to open it are whole."""
    from evidence.store import protection
    from evidence.store.case_file import read_locks
    from evidence.store.key_slots import SlotName
    from evidence.store.sealing import PLAIN

    locks = read_locks(path)
    if locks.sealing == PLAIN:
        text = _("案件没有密码：拿到文件的人能读到全部内容")
        advice = _("要加上密码，请运行“liuhen passphrase set”。")
        return Check(name="passphrase", state=State.OK, text=text, advice=advice)
    damaged = protection.damaged_slots(locks)
    if not damaged:
        text = _("案件有密码，密码和恢复码两种打开方式都完好")
        return Check(name="passphrase", state=State.OK, text=text)
    if damaged == [SlotName.RECOVERY]:
        text = _("案件有密码；恢复码那一份密钥已损坏，恢复码打不开案件了")
        advice = _("请趁还记得密码，换一个新的恢复码：liuhen passphrase recovery")
    elif damaged == [SlotName.PASSPHRASE]:
        text = _("案件有密码；密码那一份密钥已损坏，密码打不开案件了")
        advice = _("请用恢复码设一个新密码：liuhen passphrase reset")
    else:
        text = _("案件有密码；两份密钥都已损坏，这个文件打不开了")
        advice = _("请从备份找回。")
    return Check(name="passphrase", state=State.FAILED, text=text, advice=advice)


def _salvage(case: "CaseFile") -> Check:
    """Count what of a damaged case can still be read and taken out."""
    readable = whole = 0
    broken: list[int] = []
    for seq in range(_last(case) + 1):
        try:
            entry = case.entry(seq)
        except EvidenceError:
            broken.append(seq)
            continue
        readable += 1
        if entry.kind != "exhibit":
            continue
        if _original_is_whole(case, seq, str(entry.data["sha256"])):
            whole += 1
        else:
            broken.append(seq)
    text = _("还能读出 {entries} 条记录，其中 {exhibits} 份证据的原文件完好").format(
        entries=readable, exhibits=whole
    )
    if broken:
        text += _("；受损的编号：{seqs}").format(seqs=_("、").join(f"#{seq}" for seq in broken))
    advice = _("完好的可以用“liuhen export 编号 -o 文件”逐份取出。") if whole else ""
    return Check(name="salvage", state=State.WARNING, text=text, advice=advice)


def _first_line(problem: str) -> str:
    """Return the first line of SQLite's report that names a problem."""
    return next((x for x in problem.splitlines() if not x.startswith("***")), problem)


def _last(case: "CaseFile") -> int:
    try:
        return case.size() - 1
    except EvidenceError:
        return -1


def _original_is_whole(case: "CaseFile", seq: int, sha256: str) -> bool:
    digest = hashlib.sha256()
    try:
        for piece in case.original(seq).pieces():
            digest.update(piece)
    except EvidenceError:
        return False
    return digest.hexdigest() == sha256


def _text(error: EvidenceError) -> str:
    fields = {k: labels.system_words(str(v)) for k, v in error.fields().items()}
    return safe(_(error.message).format(**fields))


def _hint(error: EvidenceError) -> str:
    return safe(_(error.hint).format(**error.fields()))
