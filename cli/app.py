"""The shape of every command: shared options, Chinese help, usage errors of our own.

Rules:

1. ``--case``, ``--passphrase-file`` and ``--json`` mean the same before and after the command's
   name; the later one wins.
2. A command is declared with its one sentence (``cli.commands``), more words where needed, and
   examples that run on ``samples/``.
3. Texts are marked where they are declared and translated where they are shown.
"""

import importlib
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

import evidence
from cli import commands
from cli.context import CliContext
from cli.help_text import help_text
from cli.i18n import N_, _

F = TypeVar("F", bound=Callable[..., Any])


class UsageProblem(click.UsageError):
    """The command line cannot be understood; the message is final."""


class Argument(click.Argument):
    """An argument with a line of help."""

    def __init__(self, *args: Any, explain: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.explain = explain


class Command(click.Command):
    """A command with examples."""

    def __init__(
        self, *args: Any, details: str = "", examples: Sequence[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.details = details
        self.examples = tuple(examples)
        self.params += shared_options()

    def get_help_option(self, ctx: click.Context) -> click.Option | None:  # noqa: ARG002 - click's signature
        """Return the option that shows the help."""
        return _help_option() if self.add_help_option else None

    def get_help(self, ctx: click.Context) -> str:
        """Return the help."""
        return help_text(self, ctx)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments and refuse those that are too many."""
        ctx.allow_extra_args = True
        rest = super().parse_args(ctx, args)
        if rest and not isinstance(self, click.Group):
            raise UsageProblem(_("多余的参数：{args}").format(args=" ".join(rest)), ctx)
        for param in self.params:
            _refuse_broken_text(ctx, param)
        return rest


class Group(Command, click.Group):
    """A command that has commands of its own; alone it shows its help."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, invoke_without_command=True, **kwargs)
        self.callback = _help_if_alone

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the commands in the order in which they were declared."""
        return list(self.commands)

    def declare(
        self, name: str, *, summary: str, examples: Sequence[str], details: str = ""
    ) -> Callable[[Callable[..., Any]], Command]:
        """Declare a command of this group."""

        def add(function: Callable[..., Any]) -> Command:
            made = click.command(
                name, cls=Command, help=summary, details=details, examples=examples
            )(function)
            self.add_command(made)
            return made

        return add

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that was named."""
        name = str(args[0])
        found = self.get_command(ctx, name)
        if found is None:
            raise UsageProblem(_unknown_command(name, self.list_commands(ctx)), ctx)
        return name, found, args[1:]


class Root(Group):
    """``liuhen``: loads the module of a command when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the commands in the order of the help."""
        return list(commands.NAMES)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        cmd_name: str,
    ) -> click.Command | None:
        """Load and return a command."""
        if cmd_name not in commands.NAMES:
            return None
        found = importlib.import_module(commands.module(cmd_name)).command
        if not isinstance(found, click.Command):
            raise TypeError(cmd_name)
        return found


def declare(
    name: str, *, examples: Sequence[str], details: str = ""
) -> Callable[[Callable[..., Any]], Command]:
    """Declare a command of ``liuhen``."""
    return click.command(
        name, cls=Command, help=commands.summary(name), details=details, examples=examples
    )


def declare_group(
    name: str, *, examples: Sequence[str], details: str = ""
) -> Callable[[Callable[..., Any]], Group]:
    """Declare a command of ``liuhen`` that has commands of its own."""
    return click.command(
        name, cls=Group, help=commands.summary(name), details=details, examples=examples
    )


def argument(name: str, *, metavar: str, explain: str, **attributes: Any) -> Callable[[F], F]:
    """Declare an argument."""
    return click.argument(name, cls=Argument, metavar=metavar, explain=explain, **attributes)


def flag(*names: str, help: str) -> Callable[[F], F]:  # noqa: A002 - click's own name
    """Declare an option without a value."""
    return click.option(*names, is_flag=True, help=help)


def shared_options() -> list[click.Parameter]:
    """Return new instances of the options that every command takes."""
    return [
        click.Option(
            ["--case"],
            metavar=N_("文件"),
            expose_value=False,
            callback=_set_case,
            help=N_("案件文件；不写时用环境变量 LIUHEN_CASE，再没有就用默认位置。"),
        ),
        click.Option(
            ["--passphrase-file"],
            metavar=N_("文件"),
            expose_value=False,
            callback=_set_passphrase_file,
            help=N_(
                "案件有密码时，从这个文件的第一行读密码；不写时用 LIUHEN_PASSPHRASE 或当面问。"
            ),
        ),
        click.Option(
            ["--json"],
            is_flag=True,
            expose_value=False,
            callback=_set_json,
            help=N_("用 JSON 输出结果，供其他程序读取。"),
        ),
    ]


def version_option() -> click.Option:
    """Return the option that prints the version."""
    return click.Option(
        ["--version"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_show_version,
        help=N_("显示版本。"),
    )


def _help_option() -> click.Option:
    return click.Option(
        ["--help", "-h"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_show_help,
        help=N_("显示这份帮助。"),
    )


def _refuse_broken_text(ctx: click.Context, param: click.Parameter) -> None:
    """Refuse bytes that are no text, except in a path, which may be any bytes."""
    value = ctx.params.get(param.name or "")
    if not isinstance(value, str) or isinstance(param.type, click.Path):
        return
    try:
        value.encode()
    except UnicodeEncodeError:
        text = _("有不是文字的内容（终端的编码可能不是 UTF-8）：{value}").format(value=value)
        raise UsageProblem(text, ctx) from None


@click.pass_context
def _help_if_alone(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        click.echo(ctx.command.get_help(ctx))


def _set_case(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    if value is not None:
        ctx.ensure_object(CliContext).case_option = value


def _set_passphrase_file(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    if value is not None:
        ctx.ensure_object(CliContext).passphrase_file = value


def _set_json(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value:
        ctx.ensure_object(CliContext).as_json = True


def _show_help(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(ctx.command.get_help(ctx))
        ctx.exit()


def _show_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(f"liuhen {evidence.__version__}")
        ctx.exit()


def _unknown_command(name: str, known: Sequence[str]) -> str:
    import difflib

    close = difflib.get_close_matches(name, known, n=3)
    if close:
        return _("没有“{name}”这个命令，是不是想用：{close}").format(
            name=name, close=_("、").join(close)
        )
    return _("没有“{name}”这个命令").format(name=name)
