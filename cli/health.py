"""What ``liuhen doctor`` looks at: the program's parts, the case file, the room on the disk.

Rules:

1. Each check says what it found and, where something is wrong, what to do.
2. A damaged case is only read. What can still be read and taken out is counted, entry by entry.
"""

import contextlib
import importlib.metadata
import importlib.resources
import os
import shutil
import sys
from collections.abc import Generator, Iterator
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import evidence
from cli import describe, labels
from cli.checks import Check, Depth, State
from cli.contents import Looked, contents_checks, disk_check, error_check, structure_checks
from cli.display import safe
from cli.i18n import N_, _
from evidence.errors import (
    CaseDamagedError,
    CaseMissingError,
    CaseStructureError,
    EvidenceError,
    NotACaseError,
)

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


def case_checks(path: Path, unlock: "Unlock", depth: Depth) -> Iterator[Check]:
    """Yield the checks of the case at ``path`` and of the disk that it is on.

    ``unlock`` is asked for the key if the contents are looked at, or have to be taken out.
    """
    from evidence.store import protection
    from evidence.store.case_file import CaseFile

    yield _space(path)
    yield from filter(None, (_writable(path), _journal(path)))
    try:
        case = CaseFile.open_read(path, unlock=protection.locked)
    except CaseMissingError:
        text = _("还没有案件：{path}").format(path=safe(str(path)))
        advice = _(
            "还没有建立的，运行“liuhen init”；误删了或换了电脑的，先不要建新案件，"
            "有备份的运行“liuhen restore 备份”。"
        )
        yield Check(name="case", state=State.WARNING, text=text, advice=advice)
        return
    except EvidenceError as error:
        yield error_check("case", State.FAILED, error)
        unreadable = isinstance(error, CaseDamagedError | CaseStructureError | NotACaseError)
        if unreadable and path.is_file():
            yield from _damage(path, unlock, depth, built_well=False)
        return
    with case:
        text = _("案件文件可以打开：{path}").format(path=safe(str(path)))
        yield Check(name="case", state=State.OK, text=text)
        yield _protection(path)
        looked = None
        if depth is not Depth.QUICK:
            looked = yield from contents_checks(path, unlock)
        if looked is None:
            looked = yield from _structure(case)
    if not looked.well:
        yield from _damage(path, unlock, depth, built_well=looked.built_well)


def _structure(case: "CaseFile") -> Generator[Check, None, Looked]:
    """Yield what SQLite says of the file."""
    from evidence.store import disk, schema

    problems = list(_problems(case))
    triggers: list[str] = []
    with contextlib.suppress(EvidenceError), case.reader() as connection:
        triggers = schema.changed_triggers(connection)
    if problems and not disk.gives_all(case.path):
        yield disk_check()
        return Looked(built_well=False, well=False)
    yield from structure_checks(triggers, problems)
    return Looked(built_well=not problems, well=not problems and not triggers)


def _problems(case: "CaseFile") -> list[str]:
    from evidence.store import schema

    try:
        with case.reader() as connection:
            return schema.structure_problems(connection)
    except EvidenceError as error:
        return [error_check("structure", State.FAILED, error).text]


def _damage(path: Path, unlock: "Unlock", depth: Depth, *, built_well: bool) -> Iterator[Check]:
    from cli.damage import damage_checks

    try:
        yield from damage_checks(path, unlock, built_well=built_well, deep=depth is Depth.DEEP)
    except EvidenceError as error:
        yield error_check("salvage", State.WARNING, error)


def _writable(path: Path) -> Check | None:
    """Say why nothing could be saved, if that is so."""
    if not os.access(path, os.F_OK):
        return None
    if not os.access(path, os.W_OK):
        text = _("案件文件是只读的，只能看，不能存新的内容")
    elif not os.access(path.absolute().parent, os.W_OK):
        text = _("案件所在的文件夹不能写，只能看，不能存新的内容")
    else:
        return None
    advice = _("检查文件和文件夹的权限；在只读的磁盘上时，把案件复制到别的磁盘再用“--case”打开。")
    return Check(name="writable", state=State.WARNING, text=text, advice=advice)


def _journal(path: Path) -> Check | None:
    """Say that a write was interrupted; opening the case takes back what was half-done."""
    from evidence.store import stranger

    if not os.access(path, os.F_OK) or not os.access(stranger.journal_of(path), os.F_OK):
        return None
    text = _("上次（或别的窗口）的写入还没有结束或被打断；打开案件时会自动退回到那之前")
    advice = _(
        "不要删除旁边以“-journal”结尾的文件；复制案件时要和它一起复制，"
        "最好用“liuhen backup -o 文件”。"
    )
    return Check(name="journal", state=State.WARNING, text=text, advice=advice)


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
        return error_check("patterns", State.WARNING, error)
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
