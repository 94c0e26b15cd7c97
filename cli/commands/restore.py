"""``liuhen restore``: a case again from a backup, where no case is yet."""

import functools
from pathlib import Path

import click

from cli import copy_text, output
from cli.app import argument, declare
from cli.context import CliContext
from cli.i18n import N_, _
from cli.progress import progress
from evidence.errors import (
    BackupNotIntactError,
    BackupUnreadableError,
    CaseDamagedError,
    CaseMissingError,
    ExitCode,
    NotABackupError,
    NotACaseError,
)

DETAILS = N_(
    "先核验备份，再复制到案件的位置，写好后从磁盘重新读出再核验一次。案件的位置上已经有文件时"
    "不会覆盖：请用“--case”写一个新的位置，看过没有问题再决定用哪一个。备份文件不会被改动。"
)


@declare(
    "restore",
    details=DETAILS,
    examples=("liuhen --case restored.liuhen restore demo-output/case.liuhen",),
)
@argument("backup", metavar=N_("备份文件"), explain=N_("“liuhen backup -o 文件”写出的文件。"))
@click.pass_obj
def command(state: CliContext, backup: str) -> ExitCode:
    """Make the case from a backup."""
    from evidence.store import disk
    from evidence.store.backup import restore
    from evidence.store.verdict import Verdict

    source = Path(backup)
    with progress(_("核验备份")) as told:
        try:
            before = copy_text.verified(state, source, told)
        except (CaseMissingError, NotACaseError) as error:
            raise NotABackupError(path=backup) from error
        except CaseDamagedError as error:
            if disk.gives_all(source):
                raise
            raise BackupUnreadableError(path=backup) from error
    if before is not None and before.verdict is not Verdict.INTACT:
        if any(one.name == "disk-read" for one in before.results):
            raise BackupUnreadableError(path=backup)
        raise BackupNotIntactError(path=backup)
    with progress(_("恢复")) as told:
        check = functools.partial(copy_text.verified, state)
        copied = restore(source, state.case_path, check=check, progress=told)
    code = copy_text.short_code(state, copied)
    ended = copy_text.emit(copied, code, as_json=state.as_json)
    output.next_step(
        _(
            "与备份时记下的校验码比较；用“liuhen list”看看是不是要的那一份。"
            "以后只在一份里接着写：原来那份还在的话，两份都写，记录就对不上了。"
        )
    )
    return ended
