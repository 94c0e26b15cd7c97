"""Whatever is written is for its owner only, and never goes over or through what is there."""

import os
import shutil
import signal
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import LENDER, Liuhen, Process, World

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes and signals are of POSIX")


@pytest.fixture(params=[0o000, 0o077, 0o777], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def hear_every_signal() -> None:
    """Whoever runs the tests in the background has had some signals ignored for all below."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), signal.SIG_DFL)


def outputs(world: World, folder: Path) -> dict[str, tuple[object, ...]]:
    """Return every way to have something written, by the name of the option's command."""
    to = ("packet", "--to", "12378")
    return {
        "packet --write-text": (*to, "--write-text", folder / "words.txt"),
        "export": ("export", world.call, "-o", folder / "original.wav"),
        "clip": ("export", world.call, "--from", "0", "--to", "1", "-o", folder / "clip.wav"),
        "mask": ("mask", world.screenshot, "-o", folder / "masked.png"),
        "checkpoint": ("checkpoint", "-o", folder / "checkpoint.txt"),
        "timestamp request": ("timestamp", "request", "-o", folder / "a.tsq"),
        "deadlines": ("deadlines", "--ics", folder / "dates.ics"),
        "backup": ("backup", "-o", folder / "backup.liuhen"),
        "restore": ("--case", folder / "restored.liuhen", "restore", world.case),
        "init": ("--case", folder / "new.liuhen", "init"),
        "packet": (*to, "--yes", "--clips", "-o", folder / "packet"),
    }


@pytest.fixture
def ready(liuhen: Liuhen, world: World) -> Liuhen:
    liuhen.ok("mask", world.screenshot, "--region", "0,0,9,9", "--reason", "脸")
    return liuhen


def everything(folder: Path) -> list[Path]:
    return [Path(top) / name for top, *names in os.walk(folder) for part in names for name in part]


def test_all_that_is_written_is_for_its_owner_only_whatever_the_umask(
    ready: Liuhen, world: World, tmp_path: Path, umask: int
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    out.chmod(0o700)
    calls = outputs(world, out)
    calls["packet"] = (*calls["packet"][:-1], out / "deep" / "er" / "packet")
    calls["init"] = ("--case", out / "case" / "new.liuhen", "init")
    for args in calls.values():
        ready.ok(*args)
    found = everything(out)
    assert len(found) > 30
    for path in found:
        mode = stat.S_IMODE(path.lstat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), (path, oct(mode), oct(umask))


def dangling(target: Path, _important: Path) -> None:
    target.symlink_to("nowhere")


def to_a_file(target: Path, important: Path) -> None:
    target.symlink_to(important)


def a_file(target: Path, _important: Path) -> None:
    target.write_text("mine")


def a_folder(target: Path, _important: Path) -> None:
    target.mkdir()


def a_pipe(target: Path, _important: Path) -> None:
    os.mkfifo(target)


@pytest.mark.parametrize("occupy", [dangling, to_a_file, a_file, a_folder, a_pipe])
def test_nothing_is_written_over_or_through_what_is_there(
    ready: Liuhen, world: World, tmp_path: Path, occupy: object
) -> None:
    assert callable(occupy)
    important = tmp_path / "important"
    important.write_text("mine")
    for name, args in outputs(world, tmp_path / "out").items():
        folder = tmp_path / "out"
        folder.mkdir()
        target = next(a for a in reversed(args) if isinstance(a, Path) and a.parent == folder)
        occupy(target, important)
        before = target.lstat()
        result = ready(*args)
        assert result.code in (3, 4), (name, result)
        assert target.name in result.err, name
        assert (target.lstat().st_ino, target.lstat().st_mtime_ns) == (
            before.st_ino,
            before.st_mtime_ns,
        )
        assert [path.name for path in folder.iterdir()] == [target.name], name
        assert important.read_text() == "mine"
        shutil.rmtree(folder)


# --- told to stop ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_packet_that_is_stopped_leaves_nothing_behind(
    process: Process, tmp_path: Path, name: str
) -> None:
    out, shared = tmp_path / "out", tmp_path / "shared"
    out.mkdir()
    shared.mkdir()
    args = ("packet", "--to", "12378", "--respondent", LENDER, "--yes", "-o", out / "packet")
    started = process.start(*args, env={"TMPDIR": str(shared)}, preexec_fn=hear_every_signal)
    until = time.monotonic() + 30
    while not list(out.glob(".packet.partial-*")) and time.monotonic() < until:
        time.sleep(0.005)
        assert started.poll() is None, started.communicate()
    hidden = next(out.glob(".packet.partial-*"))
    assert stat.S_IMODE(hidden.stat().st_mode) == 0o700
    started.send_signal(getattr(signal, name))
    _out, err = started.communicate(timeout=30)
    assert started.returncode == 130, err
    assert list(out.iterdir()) == []
    assert list(shared.iterdir()) == []
    assert process("verify").code == 0
