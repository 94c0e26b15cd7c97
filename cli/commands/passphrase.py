"""``liuhen passphrase``: seal a case, change what opens it, or store it in clear again."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import asking, output
from cli.app import declare_group, flag
from cli.context import CliContext
from cli.i18n import N_, _
from cli.passphrase import (
    CODE_FILE_OPTION,
    NEW_FILE_OPTION,
    asked_recovery,
    chosen,
    replacement,
    show_recovery,
)
from cli.progress import progress
from evidence.core import recovery_code
from evidence.core.recovery_code import RecoverySecret
from evidence.errors import NoPassphraseError, PassphraseSetError

if TYPE_CHECKING:
    from evidence.store.case_file import CaseFile
    from evidence.store.key_slots import Locks
    from evidence.store.sealing import KeySealer, Sealer

DETAILS = N_(
    "有密码的案件，文件落到别人手里读不到内容，只看得出有多少条记录、多大、哪几条删除过。"
    "密码忘了只能用恢复码；两样都没有，谁也打不开。\n"
    "平时打开案件：程序会问密码；也可以用环境变量 LIUHEN_PASSPHRASE，"
    "或每条命令都有的“--passphrase-file 文件”。"
)
SET_DETAILS = N_(
    "整个案件重新写一遍并逐条核对，再换掉原来的文件；中途断电，原来的文件还在。"
    "磁盘上要有和案件一样大的空余。"
)
NEW_FILE_HELP = N_("从这个文件的第一行读新密码；不写时当面问两次。")


@declare_group(
    "passphrase",
    details=DETAILS,
    examples=("liuhen passphrase set", "liuhen passphrase change"),
)
def command() -> None:
    """Hold the commands."""


@command.declare(
    "set",
    summary=N_("给没有密码的案件加上密码，并显示恢复码。"),
    details=SET_DETAILS,
    examples=("liuhen passphrase set", "liuhen passphrase set --passphrase-file 密码.txt"),
)
@click.pass_obj
def set_(state: CliContext) -> None:
    """Seal the case."""
    from evidence.store.case_file import CaseFile
    from evidence.store.protection import protect
    from evidence.store.reseal import reseal

    def refuse(path: Path, locks: "Locks") -> "Sealer":  # noqa: ARG001 - the shape of Unlock
        raise PassphraseSetError(path=str(path))

    with CaseFile.open_append(state.case_path, clock=state.clock, unlock=refuse) as case:
        made = protect(chosen(state), kdf=state.kdf)
        with progress(_("加密")) as told:
            reseal(case, made, progress=told)
    _tell_recovery(state, made.recovery)
    output.say(_("案件已加上密码。以后每次打开都要输入。"))
    output.warn(
        _(
            "以前的备份、复制件、已经生成的材料包，以及磁盘上还没有被覆盖的旧内容，"
            "仍然没有加密。不再需要的备份请自己删除；没有把握时，把电脑的磁盘也加密。"
        )
    )


@command.declare(
    "change",
    summary=N_("换一个密码，恢复码不变。"),
    details=N_("只换打开案件的密码，内容不动。以前的备份仍用当时的密码打开。"),
    examples=("liuhen passphrase change", "liuhen passphrase change --new-passphrase-file 新.txt"),
)
@click.option(NEW_FILE_OPTION, "new_file", metavar=N_("文件"), help=NEW_FILE_HELP)
@click.pass_obj
def change(state: CliContext, new_file: str | None) -> None:
    """Put another passphrase in place of the old one."""
    with state.append() as case:
        key = _key(case)
        _put_passphrase(state, case, key, new_file)
    if state.as_json:
        output.emit_json({"changed": True})
    output.say(_("密码已换，恢复码不变。以前的备份仍用当时的密码打开。"))


@command.declare(
    "reset",
    summary=N_("忘了密码时，用恢复码设一个新密码。"),
    examples=("liuhen passphrase reset", "liuhen passphrase reset --code-file 恢复码.txt"),
)
@click.option(
    CODE_FILE_OPTION,
    "code_file",
    metavar=N_("文件"),
    help=N_("从这个文件的第一行读恢复码；不写时当面问。"),
)
@click.option(NEW_FILE_OPTION, "new_file", metavar=N_("文件"), help=NEW_FILE_HELP)
@click.pass_obj
def reset(state: CliContext, code_file: str | None, new_file: str | None) -> None:
    """Open the case with the recovery code and set a new passphrase."""
    from evidence.store.case_file import CaseFile
    from evidence.store.protection import by_recovery

    def unlock(path: Path, locks: "Locks") -> "Sealer":
        key = by_recovery(path, locks, asked_recovery(state, code_file))
        state.key_typed = code_file is None
        return key

    with CaseFile.open_append(state.case_path, clock=state.clock, unlock=unlock) as case:
        key = _key(case)
        output.say(_("恢复码正确。"))
        _put_passphrase(state, case, key, new_file)
    if state.as_json:
        output.emit_json({"changed": True})
    output.say(_("新密码已设好，恢复码照旧可用，请继续收好。"))


@command.declare(
    "recovery",
    summary=N_("换一个新的恢复码，旧的作废。"),
    details=N_("恢复码丢了、可能被别人看到了，就换一个。以前的备份仍认旧的恢复码。"),
    examples=("liuhen passphrase recovery", "liuhen passphrase recovery --json"),
)
@click.pass_obj
def recovery(state: CliContext) -> None:
    """Make and show another recovery code."""
    import secrets

    from evidence.store.key_slots import SlotName
    from evidence.store.protection import wrap
    from evidence.store.reseal import replace_slot

    made = recovery_code.from_random(secrets.token_bytes(recovery_code.RANDOM_BYTES))
    with state.append() as case:
        slot = wrap(SlotName.RECOVERY, _key(case), made, kdf=state.kdf)
        replace_slot(case, SlotName.RECOVERY, slot)
    _tell_recovery(state, made)
    output.say(_("旧的恢复码已作废，但以前的备份仍认旧的。"))


@command.declare(
    "remove",
    summary=N_("取消密码，案件改回不加密。"),
    details=SET_DETAILS,
    examples=("liuhen passphrase remove", "liuhen passphrase remove --yes"),
)
@flag("--yes", help=N_("不再询问。"))
@click.pass_obj
def remove(state: CliContext, yes: bool) -> None:
    """Store the case in clear."""
    from evidence.store.reseal import reseal

    with state.append() as case:
        _key(case)
        if state.interactive and not yes:
            output.say(_("取消以后，谁拿到这个文件，谁就能读到全部内容。"))
            if not asking.confirm(state, _("仍要取消密码吗"), default=False):
                raise click.Abort
        with progress(_("解密")) as told:
            reseal(case, None, progress=told)
    if state.as_json:
        output.emit_json({"removed": True})
    output.say(_("密码已取消，案件文件不再加密。"))


def _key(case: "CaseFile") -> "KeySealer":
    """Return the key of a case that has a passphrase."""
    from evidence.store.sealing import KeySealer

    if not isinstance(case.sealer, KeySealer):
        raise NoPassphraseError(path=str(case.path))
    return case.sealer


def _put_passphrase(
    state: CliContext, case: "CaseFile", key: "KeySealer", new_file: str | None
) -> None:
    from evidence.store.key_slots import SlotName
    from evidence.store.protection import wrap
    from evidence.store.reseal import replace_slot

    slot = wrap(SlotName.PASSPHRASE, key, replacement(state, new_file), kdf=state.kdf)
    replace_slot(case, SlotName.PASSPHRASE, slot)


def _tell_recovery(state: CliContext, secret: RecoverySecret) -> None:
    if state.as_json:
        output.emit_json({"recovery_code": recovery_code.printed(secret)})
    else:
        show_recovery(secret)
