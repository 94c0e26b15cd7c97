"""``liuhen suggest``: what the program notices; the person decides."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from cli import output
from cli.app import declare, flag
from cli.context import CliContext
from cli.describe import suggestion_text
from cli.display import safe
from cli.i18n import N_, _
from evidence.core.case_view import Recorded
from evidence.core.rules import Rules
from evidence.core.suggestion import Suggestion, suggestion_to_data
from evidence.errors import ValueFormError

if TYPE_CHECKING:
    from evidence.core.suggest.pattern_file import PatternSet
    from evidence.store.case_file import CaseFile

DETAILS = N_(
    "查看文字稿、短信、情况说明里的话，和来电的次数、时间，找出可能的违规行为，并说明理由。"
    "系统提示不是证据，也不会进投诉材料；您确认之后才变成标注。提示可能有错，也会有遗漏。"
    "同一处只提示一次。也会提醒您自己说过的、对您不利的话。"
)


@declare(
    "suggest",
    details=DETAILS,
    examples=("liuhen suggest", "liuhen suggest --list"),
)
@flag("--list", "only_list", help=N_("不再查找，只列出还没有处理的提示。"))
@click.pass_obj
def command(state: CliContext, only_list: bool) -> None:
    """Look for signs of conduct."""
    fresh = frozenset[int]()
    if not only_list:
        with state.append() as case:
            fresh = frozenset(_find(case, _patterns(state)))
    with state.read() as case:
        view = case.view()
    found = view.open_suggestions()
    rules = state.rules()
    if state.as_json:
        output.emit_json({"suggestions": [_json(s, new=s.seq in fresh) for s in found]})
        return
    for recorded in found:
        output.emit_lines(_lines(recorded, rules))
    signs = [s for s in found if s.record.conduct]
    output.say(
        _("还没有处理的提示 {count} 条，其中新的 {fresh} 条。").format(
            count=len(found), fresh=len(fresh)
        )
    )
    if signs:
        output.next_step(
            _(
                "逐条核对原文后，用“liuhen confirm 提示编号”确认，"
                "或“liuhen dismiss 提示编号”不采用。"
            )
        )
    elif not found:
        output.next_step(_("先用“liuhen transcript ocr --all”识别截图里的文字，再运行一次。"))


def _patterns(state: CliContext) -> "PatternSet | None":
    """Read the person's own patterns on top of the program's, if there are any."""
    from evidence.core.suggest.builtin import load_patterns
    from evidence.core.suggest.pattern_file import MAX_BYTES, PatternFileError, read_patterns
    from evidence.outside import read_small

    path = state.suggest_patterns_path
    if path is None:
        return None
    conducts = frozenset(state.rules().conducts)
    try:
        text = read_small(path, MAX_BYTES).decode("utf-8")
        return read_patterns(text, file=path.name, conducts=conducts, base=load_patterns(conducts))
    except (UnicodeDecodeError, PatternFileError) as error:
        what = f"提示规则文件（{error}）"
        example = "docs/how-to/suggestions.md"
        raise ValueFormError(value=str(path), what=what, example=example) from error


def _find(case: "CaseFile", patterns: "PatternSet | None") -> Sequence[int]:
    from evidence.core.suggest.builtin import load_own_words, load_suggester
    from evidence.ingest import notice

    view = case.view()
    names = (view.complainant.record.name,) if view.complainant else ()
    suggester = load_suggester(names=names, extra=patterns)
    found = list(notice.words(notice.places(case, view), suggester, load_own_words()))
    found += notice.calls(view)
    return notice.append_new(case, view, found)


def _lines(recorded: Recorded[Suggestion], rules: Rules) -> Iterator[str]:
    record = recorded.record
    where = f"#{record.on}" if record.on is not None else ""
    head = f"#{recorded.seq}"
    yield f"{head}  {suggestion_text(record, rules)}  {where}".rstrip()
    yield f"      {safe(record.explanation)}"


def _json(recorded: Recorded[Suggestion], *, new: bool) -> dict[str, object]:
    return {"seq": recorded.seq, "new": new, **suggestion_to_data(recorded.record)}
