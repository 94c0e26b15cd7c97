"""The help of a command: Chinese titles, at most 80 columns, measured as a terminal shows it."""

from typing import TYPE_CHECKING

import click

from cli import commands
from cli.display import pad, width, wrap
from cli.i18n import _

if TYPE_CHECKING:
    from cli.app import Command

COLUMNS = 80
_INDENT = "  "
_LEFT = 24
"""Widest left part of a list; a longer one has its text on the next line."""

_SHARED = frozenset({"--case", "--json", "--help", "--version"})


def help_text(command: "Command", ctx: click.Context) -> str:
    """Return the whole help of a command."""
    blocks = [
        [_("用法：{usage}").format(usage=usage(ctx))],
        wrap(_(command.help or ""), COLUMNS),
    ]
    if command.details:
        blocks.append(wrap(_(command.details), COLUMNS))
    if command.examples:
        blocks.append([_("示例:"), *(_INDENT + line for line in command.examples)])
    blocks += _sections(command, ctx)
    return "\n\n".join("\n".join(block) for block in blocks)


def usage(ctx: click.Context) -> str:
    """Return the command's path with its arguments."""
    pieces = [ctx.command_path, _("[选项]")]
    pieces += [argument_name(p) for p in ctx.command.params if isinstance(p, click.Argument)]
    if isinstance(ctx.command, click.Group):
        pieces.append(_("命令"))
    return " ".join(pieces)


def argument_name(param: click.Argument) -> str:
    """Return an argument as the usage line shows it."""
    name = _(param.metavar or param.name or "")
    if param.nargs != 1:
        name += "…"
    return name if param.required else f"[{name}]"


def option_name(param: click.Option) -> str:
    """Return an option with its value as the help shows it."""
    names = ", ".join(sorted((*param.opts, *param.secondary_opts), key=len))
    return names if param.is_flag else f"{names} {_(param.metavar or '')}".rstrip()


def _sections(command: "Command", ctx: click.Context) -> list[list[str]]:
    blocks: list[list[str]] = []
    arguments = [p for p in command.params if isinstance(p, click.Argument)]
    if arguments:
        rows = [(argument_name(p), _(getattr(p, "explain", ""))) for p in arguments]
        blocks.append([_("参数:"), *_list(rows)])
    if isinstance(command, click.Group):
        blocks += _command_sections(command, ctx)
    options = [p for p in command.get_params(ctx) if isinstance(p, click.Option) and not p.hidden]
    own = [p for p in options if not _SHARED.intersection(p.opts)]
    shared = [p for p in options if _SHARED.intersection(p.opts)]
    if own:
        blocks.append([_("选项:"), *_list([(option_name(p), _(p.help or "")) for p in own])])
    title = _("通用选项:") if own else _("选项:")
    blocks.append([title, *_list([(option_name(p), _(p.help or "")) for p in shared])])
    return blocks


def _command_sections(command: click.Group, ctx: click.Context) -> list[list[str]]:
    if ctx.parent is not None:
        rows = [(name, _(found.help or "")) for name, found in command.commands.items()]
        return [[_("命令:"), *_list(rows)]]
    blocks = []
    for title, names in commands.SECTIONS.items():
        rows = [(name, _(summary)) for name, summary in names.items()]
        blocks.append([_("命令 · {title}:").format(title=_(title)), *_list(rows)])
    return blocks


def _list(rows: list[tuple[str, str]]) -> list[str]:
    left = min(max(width(name) for name, _text in rows), _LEFT) + 2
    lines: list[str] = []
    for name, text in rows:
        head = _INDENT + pad(name, left)
        if width(name) > left - 2:
            lines.append(_INDENT + name)
            head = _INDENT + " " * left
        for piece in wrap(text, COLUMNS - left - len(_INDENT)):
            lines.append((head + piece).rstrip())
            head = _INDENT + " " * left
    return lines
