# ruff: noqa: PT012 - what fails in the block of a bag is what is tested
import errno
import hashlib
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import bagit
import pytest

from evidence import private
from evidence.errors import EvidenceError, OutputExistsError, OutputNotWritableError
from reports.bundle.bag import Bag, new_bag

INFO = (("Bagging-Date", "2026-11-24"), ("External-Identifier", "ab" * 16))


def _fill(bag: Bag) -> str:
    bag.copy("data/exhibits/E001.m4a", (b"one", b"", b"two"))
    bag.write("data/packet.pdf", b"%PDF")
    bag.write("data/text/empty.txt", b"")
    bag.write("verify/how-to-verify.txt", "怎样核验\n".encode())
    return bag.finish(INFO)


def _make(target: Path) -> str:
    with new_bag(target) as bag:
        manifest = _fill(bag)
        bag.publish()
    return manifest


def _leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_library_of_congress_accepts_the_bag(tmp_path: Path) -> None:
    _make(tmp_path / "bag")
    found = bagit.Bag(str(tmp_path / "bag"))
    assert found.validate()
    assert found.info["Payload-Oxum"] == "10.3"
    assert found.version_info == (1, 0)


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
@pytest.mark.parametrize("name", ["manifest-sha256.txt", "tagmanifest-sha256.txt"])
def test_sha256sum_accepts_the_manifests(tmp_path: Path, name: str) -> None:
    _make(tmp_path / "bag")
    subprocess.run(["sha256sum", "--strict", "-c", name], cwd=tmp_path / "bag", check=True)


def test_the_manifests_list_every_file_once(tmp_path: Path) -> None:
    digest = _make(tmp_path / "bag")
    bag = tmp_path / "bag"
    lists = [bag / "manifest-sha256.txt", bag / "tagmanifest-sha256.txt"]
    listed = [line.split("  ")[1] for path in lists for line in path.read_text().splitlines()]
    present = [str(p.relative_to(bag)) for p in bag.rglob("*") if p.is_file()]
    assert sorted([*listed, "tagmanifest-sha256.txt"]) == sorted(present)
    assert digest == hashlib.sha256(lists[1].read_bytes()).hexdigest()


def test_the_same_contents_give_the_same_bytes_under_any_name(tmp_path: Path) -> None:
    assert _make(tmp_path / "one") == _make(tmp_path / "另一个")
    names = ["one", "另一个"]
    trees = [
        {str(p.relative_to(tmp_path / n)): p.read_bytes() for p in (tmp_path / n).rglob("*.*")}
        for n in names
    ]
    assert trees[0] == trees[1]


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
@pytest.mark.parametrize("mask", [0, 0o077, 0o277, 0o777])
@pytest.mark.usefixtures("restore_umask")
def test_only_the_owner_can_read_it_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    os.umask(mask)
    _make(tmp_path / "bag")
    modes = {
        p.is_dir(): stat.S_IMODE(p.stat().st_mode)
        for p in [tmp_path / "bag", *(tmp_path / "bag").rglob("*")]
    }
    assert modes == {True: 0o700, False: 0o600}


def _a_file(target: Path) -> None:
    target.write_bytes(b"mine")


def _a_dangling_link(target: Path) -> None:
    target.symlink_to("nowhere")


@pytest.mark.parametrize("occupy", [Path.mkdir, _a_file, _a_dangling_link])
def test_whatever_is_at_the_target_stays(tmp_path: Path, occupy: Callable[[Path], None]) -> None:
    occupy(tmp_path / "bag")
    with pytest.raises(OutputExistsError):
        _make(tmp_path / "bag")
    assert _leftovers(tmp_path) == ["bag"]


@pytest.mark.parametrize("occupy", [Path.mkdir, _a_file, _a_dangling_link])
def test_what_comes_to_be_at_the_target_meanwhile_stays(
    tmp_path: Path, occupy: Callable[[Path], None]
) -> None:
    with pytest.raises(OutputExistsError), new_bag(tmp_path / "bag") as bag:
        _fill(bag)
        occupy(tmp_path / "bag")
        bag.publish()
    assert _leftovers(tmp_path) == ["bag"]


def test_of_two_that_write_the_same_bag_at_once_only_a_whole_one_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove = shutil.rmtree
    with pytest.raises(EvidenceError), new_bag(tmp_path / "bag") as first:
        _fill(first)

        def remove_slowly(folder: Path, *, ignore_errors: bool) -> None:
            remove(folder / "data", ignore_errors=ignore_errors)
            with pytest.raises(OutputNotWritableError):
                first.publish()
            remove(folder, ignore_errors=ignore_errors)

        with monkeypatch.context() as patch:
            patch.setattr(shutil, "rmtree", remove_slowly)
            second = Bag(tmp_path / "bag")
        second.begin()
        digest = _fill(second)
        second.publish()
        first.publish()
    assert _leftovers(tmp_path) == ["bag"]
    tags = (tmp_path / "bag" / "tagmanifest-sha256.txt").read_bytes()
    assert hashlib.sha256(tags).hexdigest() == digest
    assert bagit.Bag(str(tmp_path / "bag")).validate()


def test_whoever_is_stopped_as_the_folder_is_made_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = private.make_folder

    def stopped(path: Path, *, exist_ok: bool = False) -> None:
        make(path, exist_ok=exist_ok)
        raise KeyboardInterrupt

    monkeypatch.setattr(private, "make_folder", stopped)
    with pytest.raises(KeyboardInterrupt), new_bag(tmp_path / "bag"):
        pytest.fail("it was not stopped")
    assert _leftovers(tmp_path) == []


def test_dots_are_not_a_new_name(tmp_path: Path) -> None:
    with pytest.raises(OutputExistsError):
        _make(tmp_path / "no" / "..")


def test_folders_above_are_made(tmp_path: Path) -> None:
    _make(tmp_path / "材料" / "一" / "bag")
    assert (tmp_path / "材料" / "一" / "bag" / "bagit.txt").is_file()


def test_a_long_name_fits(tmp_path: Path) -> None:
    name = "材" * 80
    _make(tmp_path / name)
    assert _leftovers(tmp_path) == [name]


def test_a_file_in_the_way_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputNotWritableError) as caught:
        _make(tmp_path / "file" / "bag")
    assert caught.value.detail


class _SourceError(Exception):
    pass


def _failing_source() -> Iterator[bytes]:
    yield b"one"
    raise _SourceError


def test_what_goes_wrong_in_the_source_passes_through_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(_SourceError), new_bag(tmp_path / "bag") as bag:
        bag.copy("data/exhibits/E001.m4a", _failing_source())
    assert _leftovers(tmp_path) == []


def test_an_oserror_of_the_source_is_not_called_a_failed_write(tmp_path: Path) -> None:
    with (
        pytest.raises(OSError, match="decoder"),
        new_bag(tmp_path / "bag") as bag,
        bag.open("data/packet.pdf") as file,
    ):
        file.write(b"%PDF")
        raise OSError("decoder")
    assert _leftovers(tmp_path) == []


def test_what_fails_after_it_was_published_takes_it_back(tmp_path: Path) -> None:
    with pytest.raises(_SourceError), new_bag(tmp_path / "bag") as bag:
        _fill(bag)
        bag.publish()
        assert (tmp_path / "bag").is_dir()
        raise _SourceError
    assert _leftovers(tmp_path) == []


def test_a_bag_that_is_not_published_is_a_mistake_and_is_removed(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), new_bag(tmp_path / "bag") as bag:
        _fill(bag)
    assert _leftovers(tmp_path) == []


def test_a_path_is_written_once(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), new_bag(tmp_path / "bag") as bag:
        bag.write("data/a", b"")
        bag.write("data/a", b"")


class _Faults:
    """Counts the calls to the system and lets one of them fail."""

    def __init__(self, fail_at: int, code: int) -> None:
        self.calls = 0
        self.fail_at, self.code = fail_at, code

    def wrap(self, real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            self.calls += 1
            if self.calls == self.fail_at:
                raise OSError(self.code, os.strerror(self.code))
            return real(*arguments, **options)

        return call


def _with_faults(monkeypatch: pytest.MonkeyPatch, faults: _Faults) -> None:
    from reports.bundle import bag

    for owner, name in ((os, "open"), (os, "fsync"), (Path, "mkdir"), (Path, "rename")):
        monkeypatch.setattr(owner, name, faults.wrap(getattr(owner, name)))
    real_write = bag._File.write

    def write(self: object, data: bytes) -> int:
        with bag._writing(Path("bag")):
            faults.wrap(lambda: None)()
        return real_write(self, data)

    monkeypatch.setattr(bag._File, "write", write)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_whichever_call_fails_nothing_is_left_and_a_second_try_works(
    tmp_path: Path, code: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        counting = _Faults(0, code)
        _with_faults(patch, counting)
        _make(tmp_path / "counted")
    shutil.rmtree(tmp_path / "counted")
    assert counting.calls > 30
    for fail_at in range(1, counting.calls + 1):
        target = tmp_path / f"bag{fail_at}"
        with pytest.MonkeyPatch.context() as patch:
            _with_faults(patch, _Faults(fail_at, code))
            with pytest.raises(OutputNotWritableError) as caught:
                _make(target)
        assert caught.value.detail, fail_at
        assert _leftovers(tmp_path) == [], fail_at
        _make(target)
        assert bagit.Bag(str(target)).validate()
        shutil.rmtree(target)


def test_a_full_disk_is_called_one() -> None:
    from reports.bundle import bag

    with pytest.raises(OutputNotWritableError, match="磁盘空间不足"), bag._writing(Path("bag")):
        raise OSError(errno.ENOSPC, "No space left on device")


KILLED = """
import os, signal, sys
from pathlib import Path
from reports.bundle.bag import new_bag
with new_bag(Path(sys.argv[1])) as bag:
    bag.write("data/packet.pdf", b"%PDF")
    bag.finish(())
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is of POSIX")
def test_a_killed_run_leaves_no_bundle_and_a_second_try_works(tmp_path: Path) -> None:
    target = tmp_path / "bag"
    killed = subprocess.run([sys.executable, "-c", KILLED, str(target)], check=False)
    assert killed.returncode == -9
    assert not target.exists()
    assert all(name.startswith(".bag.partial-") for name in _leftovers(tmp_path))
    _make(target)
    assert bagit.Bag(str(target)).validate()


def test_the_errors_have_a_next_step() -> None:
    errors: list[EvidenceError] = [
        OutputExistsError(path="/a"),
        OutputNotWritableError(path="/a", detail="磁盘空间不足"),
    ]
    for error in errors:
        assert "\n" in str(error)
