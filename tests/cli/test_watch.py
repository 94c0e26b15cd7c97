"""``liuhen watch`` as a real process on a real folder."""

import contextlib
import dataclasses
import json
import queue
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from tests.cli.conftest import CALL, Liuhen, Process, write_sound

QUICK = ("--interval", "0.1", "--settle", "0.6")
LONGEST = 30.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class Watching:
    """A running watch, and what it told so far."""

    process: "subprocess.Popen[str]"
    said: "queue.Queue[str]"
    listener: threading.Thread

    def next(self) -> dict[str, Any]:
        """Wait for the next file that it tells of."""
        return dict(json.loads(self.said.get(timeout=LONGEST)))

    def silent(self, seconds: float) -> bool:
        """Tell whether nothing is told for a while."""
        time.sleep(seconds)
        return self.said.empty()

    def stop(self, name: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop and return its exit code."""
        self.process.send_signal(name)
        code = self.process.wait(timeout=LONGEST)
        self.listener.join(LONGEST)
        return code


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "手机同步"
    made.mkdir()
    return made


@pytest.fixture
def watch(process: Process, folder: Path) -> Iterator[Callable[[], Watching]]:
    """Return how to start watching; returns once it says that it watches."""
    with contextlib.ExitStack() as stack:

        def start() -> Watching:
            started = process.start("watch", folder, *QUICK, "--json")
            stack.callback(_end, started)
            assert started.stderr is not None
            assert str(folder) in started.stderr.readline()
            said: queue.Queue[str] = queue.Queue()
            assert started.stdout is not None
            listener = threading.Thread(target=_listen, args=(started.stdout, said), daemon=True)
            listener.start()
            return Watching(process=started, said=said, listener=listener)

        yield start


def _end(started: "subprocess.Popen[str]") -> None:
    if started.poll() is None:
        started.kill()
    started.wait()
    for pipe in (started.stdout, started.stderr):
        if pipe is not None:
            pipe.close()


def _listen(pipe: IO[str], said: "queue.Queue[str]") -> None:
    for line in pipe:
        said.put(line)


def test_file_that_is_copied_slowly_is_imported_once_and_whole(
    watch: Callable[[], Watching], folder: Path, liuhen: Liuhen
) -> None:
    watching = watch()
    data = CALL.read_bytes()
    step = len(data) // 8 + 1
    with (folder / "a.amr").open("wb", buffering=0) as out:
        for start in range(0, len(data), step):
            out.write(data[start : start + step])
            assert watching.silent(0.2)
    told = watching.next()
    assert told["status"] == "imported"
    assert watching.stop() == 0
    assert watching.said.empty()
    assert liuhen.json("show", told["seq"])["data"]["size"] == len(data)
    assert liuhen.intact()


def test_download_is_imported_when_it_gets_its_name(
    watch: Callable[[], Watching], folder: Path
) -> None:
    shutil.copy(CALL, folder / "a.amr.part")
    watching = watch()
    assert watching.silent(1.2)
    (folder / "a.amr.part").rename(folder / "a.amr")
    assert str(watching.next()["path"]).endswith("a.amr")
    assert watching.stop() == 0


def test_restart_imports_nothing_twice_and_what_is_new(
    watch: Callable[[], Watching], folder: Path, liuhen: Liuhen
) -> None:
    shutil.copy(CALL, folder / "a.amr")
    first = watch()
    assert first.next()["status"] == "imported"
    assert first.stop() == 0
    size = liuhen.size()
    write_sound(folder / "b.wav", 0.2)
    again = watch()
    assert str(again.next()["path"]).endswith("b.wav")
    assert again.stop() == 0
    assert liuhen.size() == size + 1
    assert liuhen.intact()


@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_when_told_as_soon_as_it_says_that_it_watches(
    watch: Callable[[], Watching], liuhen: Liuhen, name: signal.Signals
) -> None:
    assert watch().stop(name) == 0
    assert liuhen.intact()


def test_stopped_in_the_middle_it_keeps_what_it_told(
    watch: Callable[[], Watching], folder: Path, liuhen: Liuhen
) -> None:
    for number in range(40):
        write_sound(folder / f"{number:02d}.wav", 0.1 + number / 100)
    watching = watch()
    first = watching.next()
    assert watching.stop(signal.SIGINT) == 0
    told = [first, *map(json.loads, watching.said.queue)]
    assert {t["status"] for t in told} == {"imported"}
    assert liuhen.intact()
    for row in told:
        assert liuhen.json("show", row["seq"])["data"]["name"] == Path(row["path"]).name


def test_another_command_can_write_while_a_folder_is_watched(
    watch: Callable[[], Watching], folder: Path, liuhen: Liuhen
) -> None:
    watching = watch()
    liuhen.ok("note", "他们又打电话来了")
    shutil.copy(CALL, folder / "a.amr")
    assert watching.next()["status"] == "imported"
    assert watching.stop() == 0


def test_a_folder_that_is_pulled_out_is_told_and_gone_on_with(
    watch: Callable[[], Watching], folder: Path
) -> None:
    watching = watch()
    pipe = watching.process.stderr
    assert pipe is not None
    told: queue.Queue[str] = queue.Queue()
    threading.Thread(target=_listen, args=(pipe, told), daemon=True).start()
    away = folder.rename(folder.with_name("away"))
    assert str(folder) in told.get(timeout=LONGEST)
    shutil.copy(CALL, away / "a.amr")
    away.rename(folder)
    assert str(folder) in told.get(timeout=LONGEST)
    assert watching.next()["status"] == "imported"
    assert watching.stop() == 0


# --- --once ---------------------------------------------------------------------------------------


def test_once_imports_what_is_there_and_ends(process: Process, folder: Path) -> None:
    shutil.copy(CALL, folder / "a.amr")
    (folder / "left behind.part").write_bytes(b"half")
    (folder / "empty.amr").touch()
    (folder / "bad.exe").write_bytes(b"MZ" + bytes(100))
    result = process("watch", folder, *QUICK, "--once", "--json")
    assert result.code == 0
    found = {Path(row["path"]).name: row["status"] for row in result.json_lines}
    assert found == {"a.amr": "imported", "bad.exe": "skipped"}


def test_no_folder_is_refused(liuhen: Liuhen, folder: Path) -> None:
    assert liuhen.refused("watch", folder / "没有") == "file-unreadable 3"


def test_no_case_is_said_before_the_first_file(empty: Liuhen, folder: Path) -> None:
    assert empty("watch", folder, "--json").error == "case-missing"
