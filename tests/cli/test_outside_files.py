"""Whatever a person names as a file may be something else: a pipe, a device, a folder, a lie.

Each command must say so at once, name it, and neither wait nor fill the memory.
"""

import contextlib
import os
import resource
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evidence import outside
from tests.cli.conftest import LENDER, Liuhen, World
from tests.tsa import make_authority

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/statm").exists(), reason="devices and limits as Linux has them"
)

GIB = 1024**3
MORE_MEMORY = GIB
"""Bytes of address space that the program may take to refuse ten gibibytes of zeros."""


@pytest.fixture(autouse=True)
def never_waits() -> Iterator[None]:
    """Fail instead of waiting for ever."""

    def late(*_: object) -> None:
        raise TimeoutError("it waits")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(20)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def little_memory() -> Iterator[None]:
    """Let whoever reads without a bound run out of memory."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + MORE_MEMORY, hard))
    yield
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def fifo(folder: Path) -> Path:
    os.mkfifo(folder / "odd")
    return folder / "odd"


def device(_folder: Path) -> Path:
    return Path("/dev/zero")


def directory(folder: Path) -> Path:
    (folder / "odd").mkdir()
    return folder / "odd"


def loop(folder: Path) -> Path:
    (folder / "odd").symlink_to("odd")
    return folder / "odd"


def endpoint(folder: Path) -> Path:
    # The whole path may be too long for a socket.
    with socket.socket(socket.AF_UNIX) as made, contextlib.chdir(folder):
        made.bind("odd")
    return folder / "odd"


def sparse(folder: Path) -> Path:
    with (folder / "odd").open("wb") as file:
        file.truncate(10 * GIB)
    return folder / "odd"


def blank(folder: Path) -> Path:
    (folder / "odd").touch()
    return folder / "odd"


def no_name(_folder: Path) -> Path:
    return Path("x" * 5000)


KINDS = (fifo, device, directory, loop, endpoint, sparse, blank, no_name)
Make = Callable[[Path], Path]
Call = tuple[tuple[object, ...], dict[str, str]]


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a certificate that can be trusted, so that what comes after it is looked at."""
    return make_authority(tmp_path_factory.mktemp("authority") / "a", key="p256").root_path


def calls(odd: Path, world: World, folder: Path, root: Path) -> dict[str, Call]:
    """Return every way to name a file that is only read, with the environment it needs."""
    packet = ("packet", "--to", "nfra", "--respondent", LENDER, "--yes", "-o", folder / "out")
    given = {
        "verify --against": ("verify", "--against", odd),
        "verify --root": ("verify", "--root", odd),
        "timestamp attach": ("timestamp", "attach", odd, "--root", root),
        "timestamp attach --root": ("timestamp", "attach", world.picture, "--root", odd),
        "packet --text": (*packet, "--text", odd),
        "transcript import": ("transcript", "import", world.call, odd),
        "import": ("import", odd),
    }
    settings = {
        "LIUHEN_FILENAME_PATTERNS": ("import", world.picture),
        "LIUHEN_SUGGEST_PATTERNS": ("suggest",),
        "LIUHEN_PASTE_LIMITS": packet,
    }
    return {
        **{name: (args, {}) for name, args in given.items()},
        **{name: (args, {name: str(odd)}) for name, args in settings.items()},
    }


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__)
def test_what_is_no_usable_file_is_refused_at_once_by_every_command_that_reads_one(
    liuhen: Liuhen,
    world: World,
    root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    make: Make,
) -> None:
    odd = make(tmp_path)
    for name, (args, env) in calls(odd, world, tmp_path, root).items():
        if make is blank and name == "LIUHEN_FILENAME_PATTERNS":
            continue  # no convention of one's own is a usable file
        with monkeypatch.context() as patch:
            for variable, value in env.items():
                patch.setenv(variable, value)
            result = liuhen(*args)
        assert result.code in (2, 3), (name, result)
        assert odd.name in result.out + result.err or "--against" in args, (name, result)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("make", [m for m in KINDS if m is not sparse], ids=lambda m: m.__name__)
def test_what_is_no_case_is_refused_at_once_by_every_command_that_opens_one(
    empty: Liuhen, tmp_path: Path, make: Make
) -> None:
    odd = make(tmp_path)
    for args in (
        ("--case", odd, "list"),
        ("--case", odd, "verify"),
        ("--case", odd, "note", "说明"),
        ("--case", tmp_path / "new", "restore", odd),
    ):
        result = empty(*args)
        assert result.code == 4, (args, result)
        assert odd.name in result.err, args
    assert empty("--case", odd, "doctor").code in (0, 4)
    assert not (tmp_path / "new").exists()


def test_a_packed_packet_is_told_to_be_unpacked(liuhen: Liuhen, tmp_path: Path) -> None:
    packed = tmp_path / "packet.zip"
    packed.write_bytes(b"PK\x03\x04" + bytes(100))
    assert liuhen.refused("verify", "--against", packed) == "bundle-zipped 3"


# --- the passphrase may come through a pipe -------------------------------------------------------


@pytest.fixture
def locked(liuhen: Liuhen, tmp_path: Path) -> tuple[Liuhen, str]:
    secret = "几个互不相干的词连成一句"
    file = tmp_path / "secret.txt"
    file.write_text(f"{secret}\n", encoding="utf-8")
    file.chmod(0o600)
    liuhen.ok("passphrase", "set", "--passphrase-file", file)
    return liuhen, secret


def test_a_passphrase_can_come_through_a_pipe(locked: tuple[Liuhen, str], tmp_path: Path) -> None:
    liuhen, secret = locked
    pipe = fifo(tmp_path)
    line = f"{secret}\n".encode()
    writer = threading.Thread(target=pipe.write_bytes, args=(line,))
    writer.start()
    result = liuhen("list", "--passphrase-file", pipe)
    writer.join()
    assert result.code == 0
    assert "chmod" not in result.err


def test_a_passphrase_that_never_comes_is_not_waited_for_without_end(
    locked: tuple[Liuhen, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    liuhen, _secret = locked
    monkeypatch.setattr(outside, "PIPE_SECONDS", 0.05)
    pipe = fifo(tmp_path)
    assert liuhen("list", "--passphrase-file", pipe, "--json").error == "passphrase-file"


def test_a_passphrase_file_that_is_none_is_refused_at_once(
    locked: tuple[Liuhen, str], tmp_path: Path
) -> None:
    liuhen, _secret = locked
    for make in (device, directory, loop, endpoint, blank):
        folder = tmp_path / make.__name__
        folder.mkdir()
        result = liuhen("list", "--passphrase-file", make(folder), "--json")
        assert f"{result.error} {result.code}" == "passphrase-file 3", make
