"""The options of ``liuhen packet`` with which a person chooses and writes the letter's words."""

import contextlib
import dataclasses
import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import letter_editor, output
from cli.app import UsageProblem, flag
from cli.context import CliContext
from cli.display import safe
from cli.i18n import N_, _
from cli.letter_editor import Edited
from cli.output_file import new_file
from cli.params import seq
from evidence.outside import read_small

if TYPE_CHECKING:
    from evidence.core.letter_text import LetterText
    from evidence.store.case_file import CaseFile
    from reports.begin import Begun
    from reports.packet import Channel
    from reports.wishes import Wishes

_EDITORS = ("VISUAL", "EDITOR")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LetterOptions:
    """What was asked for on the command line."""

    asks: tuple[str, ...]
    edit: bool
    text: str | None
    write_text: str | None
    supplement: int | None
    fresh: bool


def letter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options to a command."""
    options = (
        click.option(
            "--ask",
            "asks",
            multiple=True,
            metavar=N_("请求"),
            help=N_("只提这些请求（可以写几次）；不写则按标注的行为决定。"),
        ),
        flag("--edit", help=N_("打开编辑器，改投诉书的开头、请求和其他说明。")),
        click.option(
            "--text",
            type=click.Path(),
            metavar=N_("文件"),
            help=N_("用这个文件里您改过的文字（先用 --write-text 写出来）。"),
        ),
        click.option(
            "--write-text",
            type=click.Path(),
            metavar=N_("文件"),
            help=N_("只写出可以修改的文字，不生成材料。"),
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def supplement_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say which earlier packet is added to."""
    command = flag("--fresh", help=N_("不做成补充材料，编号从头排。"))(command)
    return click.option(
        "--supplement",
        type=seq,
        metavar=N_("编号"),
        help=N_("补充哪份材料包；不写就是同一渠道最近一份记过提交的。"),
    )(command)


def check(state: CliContext, chosen: LetterOptions, out: str | None) -> None:
    """Refuse options that contradict each other."""
    context = click.get_current_context()
    given = [bool(chosen.edit), chosen.text is not None, chosen.write_text is not None]
    if sum(given) > 1:
        raise UsageProblem(_("“--edit”“--text”“--write-text”只能用一个"), context)
    if chosen.fresh and chosen.supplement is not None:
        raise UsageProblem(_("“--fresh”和“--supplement”只能用一个"), context)
    if chosen.text is not None and chosen.asks:
        raise UsageProblem(_("用“--text”时，请求写在文件里，不能再用“--ask”"), context)
    if out is None and chosen.write_text is None:
        raise UsageProblem(_("缺少选项“-o / --output”"), context)
    editor = any(os.environ.get(name) for name in _EDITORS)
    if chosen.edit and not editor and not state.interactive:
        raise UsageProblem(
            _("这里不能打开编辑器，请用“--write-text 文件”写出来，改好再用“--text 文件”"), context
        )


@contextlib.contextmanager
def settled(
    state: CliContext,
    case: "CaseFile",
    channel: "Channel",
    respondent: str,
    chosen: LetterOptions,
    *,
    edited: Edited | None,
) -> "Iterator[Wishes | None]":
    """Give what the person wishes; None if the words were only to be written to a file.

    They are asked in an editor unless they were ``edited`` before the case was opened. What they
    wrote there stays in a file unless the block ends well.

    Raises:
        EditorError: if the editor did not start or failed.
        LetterTextError: if their words cannot be used.
    """
    from evidence.store.clock import rfc3339
    from reports.begin import begin
    from reports.decide.requests import keys
    from reports.wishes import Wishes

    wished = Wishes(
        asks=keys(channel, chosen.asks), supplement=chosen.supplement, fresh=chosen.fresh
    )
    if not chosen.edit and chosen.text is None and chosen.write_text is None:
        yield wished
        return
    if not chosen.asks and chosen.text is None:
        wished = dataclasses.replace(wished, letter=_last_words(case, channel, respondent))
    begun = begin(
        case,
        channel=channel,
        respondent_name=respondent,
        made_at=rfc3339(state.clock()),
        rules=state.rules(),
        wishes=wished,
    )
    if chosen.write_text is not None:
        _write(state, begun, Path(chosen.write_text))
        yield None
    elif chosen.text is not None:
        yield _with_words(begun, Path(chosen.text))
    elif edited is not None:
        yield _with_edited(begun, edited)
    else:
        with letter_editor.edited(_draft(begun).encode()) as here:
            yield _with_edited(begun, here)


@contextlib.contextmanager
def edited_ahead(
    state: CliContext, channel: str, respondent: str | None, chosen: LetterOptions
) -> "Iterator[Edited | None]":
    """Let the person change the words before the case is opened, if they type its passphrase.

    Another process writes the words, so that this one has no key while the editor is open.
    """
    from cli.passphrase import is_typed

    if not chosen.edit or not is_typed(state):
        yield None
        return
    arguments = ["--to", channel, *itertools.chain(*(("--ask", ask) for ask in chosen.asks))]
    if respondent is not None:
        arguments += ["--respondent", respondent]
    if chosen.supplement is not None:
        arguments += ["--supplement", str(chosen.supplement)]
    if chosen.fresh:
        arguments.append("--fresh")
    with letter_editor.edited_elsewhere(state, ("packet", *arguments, "--write-text")) as edited:
        yield edited


def _last_words(case: "CaseFile", channel: "Channel", respondent: str) -> "LetterText | None":
    """Return what the person wrote for the last packet to the same hands, to go on from there."""
    from evidence.store.statements import find_respondent

    view = case.view()
    seq = find_respondent(view, respondent).seq
    same = [
        p.record.letter
        for p in view.packets
        if p.record.channel == channel.value and view.respondent_seq(p.record.respondent) == seq
    ]
    if not same or same[-1] is None:
        return None
    output.say(_("接着上一份材料里您改过的文字写。"))
    return same[-1]


def _write(state: CliContext, begun: "Begun", path: Path) -> None:
    """Write the words that can be changed to a new file."""
    with new_file(path) as file:
        file.write(_draft(begun).encode())
    if state.as_json:
        output.emit_json({"text": str(path)})
        return
    output.say(_("已写出：{path}").format(path=safe(str(path))))
    output.next_step(_("用记事本改好、保存，再运行同样的命令，把“--write-text”换成“--text”。"))


def _with_edited(begun: "Begun", edited: Edited) -> "Wishes":
    return begun.context.wishes if edited.path is None else _with_words(begun, edited.path)


def _with_words(begun: "Begun", path: Path) -> "Wishes":
    from reports import letter_file
    from reports.decide.own_text import check as check_words

    context = begun.context
    text = letter_file.decode(read_small(path, letter_file.MAX_BYTES), str(path))
    words = letter_file.parse(text, letter_file.purpose(context), str(path))
    check_words(context, words, str(path))
    return dataclasses.replace(context.wishes, letter=words)


def _draft(begun: "Begun") -> str:
    from reports import decide, letter_file

    words, generated = decide.letter_draft(begun.context)
    return letter_file.render(letter_file.purpose(begun.context), words, generated)
