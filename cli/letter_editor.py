"""The person's own editor, on a file of the current folder with the words of a letter.

Rules:

1. The file goes when what is made of it was made. Until then it is the only place of their words.
2. No key that a person typed is kept while an editor is open, for hours maybe: another process
   writes the words and ends, and the passphrase is asked for again when the editor is closed.
"""

import contextlib
import dataclasses
import itertools
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from cli import output
from cli.context import CliContext
from cli.display import safe
from cli.i18n import _
from cli.output_file import new_file
from evidence import private
from evidence.errors import EditorError

_ENDS = 5
"""Seconds that a process which got the same Ctrl-C is given to end by itself."""


@dataclasses.dataclass(frozen=True, slots=True)
class Edited:
    """Where the words lie after the editor was closed."""

    path: Path | None
    """None if the person changed nothing."""


@contextlib.contextmanager
def edited(draft: bytes) -> Iterator[Edited]:
    """Let the person change a draft; the file of it is there until the block ends well.

    Raises:
        EditorError: if the editor did not start or failed.
    """
    path = Path(_kept_name())
    with new_file(path) as file:
        file.write(draft)
    with _in_editor(path, draft) as made:
        yield made


@contextlib.contextmanager
def edited_elsewhere(state: CliContext, command: Sequence[str]) -> Iterator[Edited]:
    """Do the same with a draft that ``command``, given the name of a new file, writes (rule 2).

    Raises:
        Exit: if that process failed; it has told why.
        EditorError: if the editor did not start or failed.
    """
    output.say(
        _("写文字的时候案件是锁上的：现在输入一次密码，关上编辑器以后、生成材料之前再输入一次。")
    )
    path = Path(_kept_name())
    _run(state, (*command, str(path)))
    with _in_editor(path, path.read_bytes()) as made:
        output.say(_("编辑器已关上。请再输入一次密码，接着生成材料。"))
        yield made


def _run(state: CliContext, command: Sequence[str]) -> None:
    """Run the program on the same case at the same terminal."""
    program = [sys.executable, "-P", "-m", "cli.main", "--json"]
    if state.case_option is not None:
        program += ["--case", state.case_option]
    with subprocess.Popen((*program, *command), stdout=subprocess.PIPE) as other:
        try:
            said, _nothing = other.communicate()
        except KeyboardInterrupt:
            with contextlib.suppress(subprocess.TimeoutExpired):
                raise click.exceptions.Exit(other.wait(_ENDS)) from None
            other.terminate()
            raise
    if other.returncode:
        if state.as_json:
            output.emit(said.decode().rstrip("\n"))
        raise click.exceptions.Exit(other.returncode)


@contextlib.contextmanager
def _in_editor(path: Path, draft: bytes) -> Iterator[Edited]:
    try:
        try:
            click.edit(filename=str(path))
        except click.ClickException as error:
            raise EditorError from error
        if _same(path, draft):
            output.say(_("没有保存修改，使用打开时的文字。"))
            private.remove(path)
            yield Edited(None)
        else:
            yield Edited(path)
            private.remove(path)
    except BaseException:
        if _same(path, draft):
            private.remove(path)
        elif path.exists():
            told = _("您写的文字保存在 {path}。再运行时用“--text {path}”代替“--edit”，就接着用它。")
            output.say(told.format(path=safe(str(path))))
        raise


def _same(path: Path, draft: bytes) -> bool:
    """Tell whether an editor left a file as it was, apart from the ends of its lines."""
    try:
        return path.read_bytes().replace(b"\r\n", b"\n") == draft
    except OSError:
        return False


def _kept_name() -> str:
    """Return a name in the current folder that nothing has yet."""
    names = (f"liuhen-text{number or ''}.txt" for number in itertools.count())
    return next(name for name in names if not os.path.lexists(name))
