"""What ``liuhen doctor`` says of the contents of a case: each is verified, as ``verify`` does.

Rules:

1. What was not looked at is never called whole.
2. Whether the structure is whole is told apart from whether the contents are.
"""

import dataclasses
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cli import labels
from cli.checks import Check, State
from cli.display import safe
from cli.i18n import N_, _
from cli.progress import progress
from evidence.errors import CaseDamagedError, CaseStructureError, EvidenceError

if TYPE_CHECKING:
    from evidence.store.protection import Unlock
    from evidence.store.verdict import CheckResult

_MOST_NAMED = 5
_OTHER_DISK = N_("先不要再往这个磁盘里存，有备份就用备份；下面要抢救或复制的，都放到另一个磁盘。")
_STRUCTURE = ("file-structure", "schema")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """How it ended."""

    built_well: bool
    """Whether SQLite finds nothing wrong with the structure of the file."""
    well: bool


def contents_checks(path: Path, unlock: "Unlock") -> Generator[Check, None, Looked | None]:
    """Yield what verifying the case shows.

    Return None if nothing could be verified.
    """
    from evidence.store.verdict import Verdict
    from evidence.store.verify import verify_case

    try:
        with progress(_("检查内容")) as bar:
            report = verify_case(path, unlock=unlock, progress=bar)
    except EvidenceError as error:
        damaged = isinstance(error, CaseDamagedError | CaseStructureError)
        told = error_check("contents", State.FAILED if damaged else State.WARNING, error)
        text = _("内容没有核验：{reason}").format(reason=told.text)
        yield dataclasses.replace(told, text=text)
        return None
    wrong = [r for r in report.results if r.verdict is Verdict.NOT_INTACT]
    triggers = [n for r in wrong if r.name == "triggers" for n in r.detail.split(",")]
    problems = [r.detail for r in wrong if r.name in _STRUCTURE]
    if any(r.name == "disk-read" for r in wrong):
        yield disk_check()
        yield _contents([r for r in wrong if r.name not in (*_STRUCTURE, "disk-read", "triggers")])
        return Looked(built_well=False, well=False)
    yield from structure_checks(triggers, problems)
    yield _contents([r for r in wrong if r.name not in (*_STRUCTURE, "triggers")])
    return Looked(built_well=not problems, well=not wrong)


def structure_checks(triggers: Sequence[str], problems: Sequence[str]) -> Iterator[Check]:
    """Yield whether the file is built as this program builds it."""
    if triggers:
        yield _triggers(triggers)
    if problems:
        text = _("文件结构有损坏：{problem}").format(problem=safe(_first_line(problems[0])))
        advice = _("先把整个文件复制一份留底，不要删除。")
        yield Check(name="structure", state=State.FAILED, text=text, advice=advice)
    elif not triggers:
        yield Check(name="structure", state=State.OK, text=_("文件结构完好"))


def disk_check() -> Check:
    """Say that the disk is at fault, in the words of the error that other commands end with."""
    text = _("磁盘读不出案件文件的一部分，文件结构没有查完；这是磁盘的问题，不说明有人改过")
    return Check(name="disk", state=State.FAILED, text=text, advice=_(_OTHER_DISK))


def _contents(wrong: "Sequence[CheckResult]") -> Check:
    if not wrong:
        text = _(
            "逐条核验过：每条记录、每份原文件都与各自的哈希一致"
            "（与案件外的检查点比较，用“liuhen verify --against 检查点文件”）"
        )
        return Check(name="contents", state=State.OK, text=text, document={"damage": []})
    names = dict.fromkeys(labels.check(r.name) for r in wrong)
    shown = _("、").join(list(names)[:_MOST_NAMED]) + ("…" if len(names) > _MOST_NAMED else "")
    text = _("逐条核验，有 {count} 处没有通过：{names}").format(count=len(wrong), names=shown)
    advice = _("先把整个文件复制一份留底，不要删除，也不要再往里存。逐项结果用“liuhen verify”看。")
    return Check(name="contents", state=State.FAILED, text=text, advice=advice)


def _triggers(names: Sequence[str]) -> Check:
    """Say that nothing can be added where the triggers are not ours."""
    text = _("防止改写的触发器与留痕写出的不一样：{names}。可以看和核验，不能再往里存").format(
        names=safe(_("、").join(names[:_MOST_NAMED]))
    )
    advice = _("先复制一份留底，从备份找回；没有备份时，抢救到一个新案件再接着用。")
    return Check(name="triggers", state=State.FAILED, text=text, advice=advice)


def _first_line(problem: str) -> str:
    """Return the first line of SQLite's report that names a problem."""
    return next((x for x in problem.splitlines() if not x.startswith("***")), problem)


def error_check(name: str, state: State, error: EvidenceError) -> Check:
    """Return the check ``name`` that an error ended."""
    fields = {k: labels.system_words(str(v)) for k, v in error.fields().items()}
    text = safe(_(error.message).format(**fields))
    advice = safe(_(error.hint).format(**error.fields()))
    return Check(name=name, state=state, text=text, advice=advice)
