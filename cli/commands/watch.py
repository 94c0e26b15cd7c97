"""``liuhen watch``: import what arrives in a folder, until it is stopped."""

import contextlib
import itertools
import signal
import stat
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import output
from cli.app import argument, declare, flag
from cli.context import LOCK_AFTER, CliContext
from cli.display import safe
from cli.i18n import N_, _
from cli.idle import Idle
from cli.import_text import outcome_json, outcome_lines
from evidence.errors import FileUnreadableError
from evidence.outside import mode_of

if TYPE_CHECKING:
    from evidence.ingest.find_files import FoundFile

DETAILS = N_(
    "还在复制或下载的文件会等它完成；同样的内容不会导入两次，关掉再开也一样。"
    "按 Ctrl-C 停止，正在导入的那一批会先存完。\n"
    "当面输入过密码的案件，很久没有新文件（电脑睡眠的时间也算）就自动结束，密钥不会一直留在"
    "内存里；"
    "再运行同一条命令，这期间来的文件都会导入。"
)
LOCKED = N_(
    "很久没有新文件，已自动结束，案件已锁上。要继续，请再运行同一条命令，"
    "还没有导入的文件都会接着导入。"
)
GROUP = 20
"""Files between two looks at whether to stop."""


@declare(
    "watch",
    details=DETAILS,
    examples=("liuhen watch 手机同步", "liuhen watch 手机同步 --once"),
)
@argument("folder", metavar=N_("文件夹"), explain=N_("要盯住的文件夹，连同下级。"))
@click.option(
    "--interval",
    type=click.FloatRange(0.1, 3600),
    default=2.0,
    metavar=N_("秒"),
    help=N_("每隔几秒看一次（默认 2）。"),
)
@click.option(
    "--settle",
    type=click.FloatRange(0.1, 3600),
    default=4.0,
    metavar=N_("秒"),
    help=N_("文件几秒没有变化才算复制完（默认 4）。"),
)
@click.option(
    "--lock-after",
    type=click.FloatRange(min=0),
    default=LOCK_AFTER,
    metavar=N_("分钟"),
    help=N_("当面输入过密码时，几分钟没有新文件就结束（默认 15，0 表示不自动结束）。"),
)
@flag("--once", help=N_("现有文件导入完就结束。"))
@click.pass_obj
def command(
    state: CliContext,
    /,
    *,
    folder: str,
    interval: float,
    settle: float,
    lock_after: float,
    once: bool,
) -> None:
    """Watch a folder."""
    from evidence.ingest.arrivals import Arrivals
    from evidence.ingest.find_files import find_files

    path = Path(folder)
    if not stat.S_ISDIR(mode_of(path)):
        raise FileUnreadableError(path=folder, detail=N_("没有这个文件夹"))
    with state.append():
        pass  # say now, not at the first file, that the case cannot be used
    arrivals = Arrivals(settle=settle)
    idle = Idle(lock_after * 60 if state.key_typed else 0, clock=state.clock)
    watched = _Folder(path)
    imported = 0
    with _stopped() as stop:
        output.say(_("正在盯住：{folder}（按 Ctrl-C 停止）").format(folder=safe(folder)))
        while not stop.is_set():
            watched.look()
            found, _problems = find_files([path])
            ready = arrivals.complete(found, now=time.monotonic())
            for group in _groups(ready):
                if stop.is_set():
                    break
                imported += _import(state, group)
            if once and not arrivals.waiting:
                break
            if idle.too_long(came=bool(ready), under_way=bool(arrivals.waiting)):
                output.say(_(LOCKED))
                break
            stop.wait(interval)
    output.say(_("已停止，这次共导入 {count} 个文件。").format(count=imported))


class _Folder:
    """Says when the folder has gone, such as a phone that was unplugged, and when it is back."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._there = True

    def look(self) -> None:
        there = stat.S_ISDIR(mode_of(self._path))
        if there == self._there:
            return
        self._there = there
        shown = safe(str(self._path))
        if there:
            output.say(_("文件夹又能看到了，接着盯住：{folder}").format(folder=shown))
        else:
            output.warn(
                _(
                    "现在看不到这个文件夹，新文件没有导入：{folder}。"
                    "手机、U 盘断开了的请重新接上，接上以后自动继续。"
                ).format(folder=shown)
            )


@contextlib.contextmanager
def _stopped() -> Iterator[threading.Event]:
    """Give an event that Ctrl-C and a request to terminate set."""
    stop = threading.Event()
    wanted = (signal.SIGINT, signal.SIGTERM)
    before = {name: signal.signal(name, lambda *_: stop.set()) for name in wanted}
    try:
        yield stop
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def _groups(ready: Sequence["FoundFile"]) -> Iterator[list["FoundFile"]]:
    upcoming = iter(ready)
    while group := list(itertools.islice(upcoming, GROUP)):
        yield group


def _import(state: CliContext, files: Sequence["FoundFile"]) -> int:
    """Import one group; what the case has already is not mentioned."""
    from evidence.ingest.intake import import_files
    from evidence.ingest.reader import MediaReader

    count = 0
    with state.append() as case, MediaReader() as reader:
        for outcome in import_files(case, files, reader=reader, patterns=state.patterns()):
            count += outcome.status == "imported"
            if outcome.status == "duplicate" and not (outcome.rows and outcome.rows.taken):
                continue
            if state.as_json:
                output.emit_json_line(outcome_json(outcome))
            else:
                output.emit_lines(outcome_lines(case, outcome, state.rules()))
    return count
