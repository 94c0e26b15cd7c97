"""``liuhen``: reads the command line, runs one command, and turns every failure into words."""

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

from cli import output
from cli.app import Root, version_option
from cli.context import CliContext
from cli.i18n import N_
from evidence.errors import ExitCode

SUMMARY = N_("留痕：把催收骚扰的证据存好、标清楚，整理成可以提交的投诉材料。")
DETAILS = N_(
    "所有内容保存在本机的一个案件文件里，除了您自己运行 timestamp fetch，"
    "本程序不联网、不上传。原文件一字节不改，每条记录都进入哈希链，以后可以检查有没有被改动。"
)
EXAMPLES = (
    "liuhen demo -o demo-output",
    "liuhen --case demo-output/case.liuhen list",
)


def root() -> Root:
    """Return the top command."""
    made = Root("liuhen", help=SUMMARY, details=DETAILS, examples=EXAMPLES)
    made.params.append(version_option())
    return made


def main(arguments: Sequence[str] | None = None, *, state: CliContext | None = None) -> int:
    """Run the program and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    state = state or CliContext()
    output.use_safe_encoding(utf8=_wants_json(given))
    _clean_up_when_told_to_stop()
    _leave_no_image_of_memory()
    try:
        code = _run(arguments, state)
        sys.stdout.flush()
    except BrokenPipeError:
        return _reader_left()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the edge of the program
        state.as_json = state.as_json or _wants_json(given)
        return _report(error, state, given)
    return code


def _clean_up_when_told_to_stop() -> None:
    """Treat a closed window and a shutdown like Ctrl-C: what is half-done is taken away."""
    if threading.current_thread() is not threading.main_thread():
        return
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # not every system has each
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _stop)


def _leave_no_image_of_memory() -> None:
    """Let no crash write the memory, in which passphrase, key and records are, to the disk."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # not every system has this limit
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _run(arguments: Sequence[str] | None, state: CliContext) -> int:
    try:
        result = root().main(arguments, "liuhen", standalone_mode=False, obj=state)
    except SystemExit as left:
        # click ends the process itself when the reader of a pipe has left.
        raise BrokenPipeError from left
    return result if isinstance(result, int) else ExitCode.OK


def _report(error: BaseException, state: CliContext, given: Sequence[str]) -> int:
    from cli import failure

    try:
        return failure.report(error, state, one_line="import" in given)
    except BrokenPipeError:
        return _reader_left()


def _reader_left() -> int:
    """Stop quietly: whoever read our output has had enough."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    return ExitCode.UNEXPECTED


def _wants_json(given: Sequence[str]) -> bool:
    """Tell whether ``--json`` was given, even where the rest could not be understood."""
    options = given[: given.index("--")] if "--" in given else given
    return "--json" in options


if __name__ == "__main__":
    sys.exit(main())
