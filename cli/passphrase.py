"""Where a passphrase comes from, and how a new one and a recovery code are asked for and shown.

Rules:

1. The passphrase of a case is the first line of ``--passphrase-file``, else ``LIUHEN_PASSPHRASE``,
   else what the person types. It is never an argument: others can see those.
2. A typed one that is wrong may be typed again; a given one is wrong at once.
3. A recovery code is shown once, as data on stdout, and is not kept anywhere.
"""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from cli import asking, output
from cli.context import CliContext
from cli.display import safe
from cli.i18n import N_, _
from evidence.core import passphrase, recovery_code
from evidence.core.passphrase import Passphrase
from evidence.core.recovery_code import RecoverySecret
from evidence.errors import (
    FileUnreadableError,
    InputError,
    PassphraseFileError,
    PassphraseRequiredError,
    SecretRequiredError,
    WeakPassphraseError,
    WrongPassphraseError,
)
from evidence.outside import read_secret
from evidence.store import protection
from evidence.store.key_slots import Locks
from evidence.store.sealing import KeySealer, LockedSealer

S = TypeVar("S", Passphrase, RecoverySecret)
VARIABLE = "LIUHEN_PASSPHRASE"
NEW_FILE_OPTION = "--new-passphrase-file"
CODE_FILE_OPTION = "--code-file"
TRIES = 3
_MOST_BYTES = 64 * 1024


def unlocked(state: CliContext, path: Path, locks: Locks) -> KeySealer:
    """Return the key of the case at ``path``, asking for its passphrase if need be."""
    given = given_passphrase(state)
    if given is not None:
        return protection.by_passphrase(path, locks, passphrase.normalised(given))
    if not state.can_ask:
        raise PassphraseRequiredError(path=str(path))
    for left in range(TRIES - 1, -1, -1):
        typed = asking.hidden(state, _("案件密码"))
        try:
            key = protection.by_passphrase(path, locks, passphrase.normalised(typed))
        except WrongPassphraseError:
            if not left:
                raise
            output.say(_("密码不对，还可以再试 {left} 次。").format(left=left))
        else:
            state.key_typed = True
            return key
    raise RuntimeError("unreachable")


def is_typed(state: CliContext) -> bool:
    """Tell whether a person has to type the passphrase of the case; it is not asked for here."""
    from evidence.store.case_file import CaseFile

    given = state.passphrase_file is not None or os.environ.get(VARIABLE)
    if given or not state.can_ask:
        return False
    with CaseFile.open_read(state.case_path, unlock=protection.locked) as case:
        return isinstance(case.sealer, LockedSealer)


def given_passphrase(state: CliContext) -> str | None:
    """Return what the file or the environment says, if either is there (rule 1)."""
    if state.passphrase_file is not None:
        return first_line(state.passphrase_file)
    return os.environ.get(VARIABLE) or None


def chosen(state: CliContext) -> Passphrase:
    """Return the passphrase for a case that has none yet, from the usual places or typed twice."""
    given = given_passphrase(state)
    if given is not None:
        return passphrase.accepted(given)
    return _typed_twice(state, "--passphrase-file")


def replacement(state: CliContext, new_file: str | None) -> Passphrase:
    """Return the passphrase that takes the place of another, from a file or typed twice."""
    if new_file is not None:
        return passphrase.accepted(first_line(new_file))
    return _typed_twice(state, NEW_FILE_OPTION)


def asked_recovery(state: CliContext, code_file: str | None) -> RecoverySecret:
    """Return the recovery code from a file or as it is typed."""
    if code_file is not None:
        return recovery_code.parse(first_line(code_file))
    if not state.can_ask:
        raise SecretRequiredError(option=CODE_FILE_OPTION)
    return _again(lambda: recovery_code.parse(asking.line(state, _("恢复码"), required=True)))


def first_line(name: str) -> str:
    """Return the first line of a file, and warn if others can read it.

    Raises:
        PassphraseFileError: if it cannot be read, is no text, or begins with an empty line.
    """
    try:
        data, mode = read_secret(Path(name).expanduser(), _MOST_BYTES)
    except FileUnreadableError as error:
        raise PassphraseFileError(path=name, detail=error.detail) from error
    try:
        line = data.decode("utf-8-sig").partition("\n")[0].removesuffix("\r")
    except UnicodeDecodeError as error:
        raise PassphraseFileError(path=name, detail="不是 UTF-8 文字") from error
    if not line:
        raise PassphraseFileError(path=name, detail="第一行是空的")
    if os.name == "posix" and stat.S_ISREG(mode) and mode & 0o077:
        output.warn(
            _("这台电脑上的其他用户也能读密码文件：{path}。请运行 chmod 600。").format(
                path=safe(name)
            )
        )
    return line


def show_recovery(secret: RecoverySecret) -> None:
    """Show a new recovery code and say what it is for."""
    output.say(_("恢复码（只显示这一次）："))
    output.emit(recovery_code.printed(secret))
    output.say(
        _(
            "请现在抄在纸上或打印出来，放在安全的地方，不要和电脑放在一起，不要拍照存手机。\n"
            "忘记密码时，它是唯一的办法：“liuhen passphrase reset”。"
            "密码和恢复码都没有了，谁也打不开这个案件，我们也不能。"
        )
    )


def _typed_twice(state: CliContext, option: str) -> Passphrase:
    if not state.can_ask:
        raise SecretRequiredError(option=option)
    output.say(
        _("密码至少 12 个字母（一个汉字算两个）。用几个互不相干的词连成一句；输入时不显示。")
    )
    return _again(lambda: _typed_pair(state))


def _typed_pair(state: CliContext) -> Passphrase:
    first = passphrase.accepted(asking.hidden(state, _("新密码")))
    if passphrase.normalised(asking.hidden(state, _("再输一次"))) != first:
        raise WeakPassphraseError(reason=N_("两次输入的不一样"))
    return first


def _again(ask: Callable[[], S]) -> S:
    """Ask again, a few times, when what was typed cannot be used."""
    for left in range(TRIES - 1, -1, -1):
        try:
            return ask()
        except InputError as error:
            if not left:
                raise
            fields = {k: _(v) if isinstance(v, str) else v for k, v in error.fields().items()}
            output.say(_(error.message).format(**fields))
    raise RuntimeError("unreachable")
