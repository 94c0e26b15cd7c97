"""What a backup and a restored case say of themselves."""

from pathlib import Path
from typing import TYPE_CHECKING

from cli import output
from cli.context import CliContext
from cli.display import pairs, safe
from cli.i18n import _
from evidence.errors import ExitCode, PassphraseRequiredError
from evidence.progress import Progress, silent

if TYPE_CHECKING:
    from evidence.store.backup import Copied
    from evidence.store.verify import CaseReport


def emit(copied: "Copied", code: str, *, as_json: bool) -> ExitCode:
    """Print what was copied, and return how it ended; ``code`` is the short checkpoint code."""
    verdict = copied.verdict.value
    if as_json:
        output.emit_json(
            {
                "path": str(copied.path),
                "entries": copied.entries,
                "root": copied.root,
                "size": copied.size,
                "code": code or None,
                "same_as_source": True,
                "verdict": verdict,
            }
        )
    else:
        rows = (
            (_("文件"), safe(str(copied.path))),
            (_("大小"), _("{size} 字节").format(size=f"{copied.size:,}")),
            (_("记录"), _("{count} 条").format(count=copied.entries)),
            (_("根哈希"), copied.root),
            (_("校验码"), code),
        )
        output.emit_lines(pairs(rows, columns=output.columns()))
    if verdict == "INTACT":
        output.say(_("写好后已从磁盘重新读出核验：每条记录、每份原文件都完好（INTACT）。"))
        return ExitCode.OK
    if verdict == "NOT CHECKED":
        output.say(_("写好后已逐行比较，与原来相同；没有密码，里面的内容没有核验（NOT CHECKED）。"))
        return ExitCode.INCOMPLETE
    output.say(_("写好后已逐行比较，与原来相同；但案件本身没有通过核验（NOT INTACT）。"))
    output.next_step(
        _("用“liuhen verify”看是什么问题。不要用这一份替换以前的好备份，以前的备份都留着。")
    )
    return ExitCode.NOT_INTACT


def verified(state: CliContext, path: Path, progress: Progress = silent) -> "CaseReport | None":
    """Verify a copy; None if it has a passphrase that nobody is there to give."""
    from evidence.store.verify import verify_case

    try:
        return verify_case(path, progress=progress, unlock=state.unlock)
    except PassphraseRequiredError:
        return None


def short_code(state: CliContext, copied: "Copied") -> str:
    """Return the short code of the checkpoint over a copy, as a packet prints it."""
    if copied.report is None:
        return ""
    from evidence.core.printed import short_code as code_of
    from evidence.store.case_file import CaseFile

    with CaseFile.open_read(copied.path, unlock=state.unlock) as case:
        return code_of(case.checkpoint().text).text
