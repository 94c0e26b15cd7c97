"""Running the program: in this process for most tests, as a real process where it matters."""

import dataclasses
import datetime as dt
import json
import os
import random
import shutil
import subprocess
import sys
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click.testing
import pytest
from PIL import Image

from cli.context import CliContext
from cli.main import main
from evidence.store.key_slots import Kdf

REPOSITORY = Path(__file__).parents[2]
SAMPLES = REPOSITORY / "samples"
CALL = SAMPLES / "media" / "s_nb.amr"
START = dt.datetime(2026, 11, 20, 8, 0, tzinfo=dt.UTC)
LENDER = "甲某消费金融有限公司"
COLLECTOR = "13800000011"
WORDS = "四匹马 喝 蓝色的茶"
CHEAP = Kdf(memory_kib=32, iterations=1, lanes=1)
ESCAPES = "\x1b]0;evil\x07\x1b[31m\x9b2J\u202e"
"""A title, a colour, a C1 clear and a text that runs backwards."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Result:
    """What one run of the program left."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)

    @property
    def json_lines(self) -> list[Any]:
        """The JSON objects on stdout, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def error(self) -> str:
        """The stable code of the error."""
        return str(self.json["error"]["code"])


@dataclasses.dataclass(frozen=True, kw_only=True)
class Liuhen:
    """The program on one case."""

    case: Path
    clock: Callable[[], dt.datetime]

    def __call__(self, *args: object, stdin: str | None = None) -> Result:
        """Run the program in this process; the case comes from ``LIUHEN_CASE``."""
        runner = click.testing.CliRunner()
        state = CliContext(clock=self.clock)
        env = {"LIUHEN_CASE": str(self.case)}
        with runner.isolation(input=stdin, env=env) as (out, err, _both):
            code = main([str(arg) for arg in args], state=state)
            sys.stdout.flush()
            sys.stderr.flush()
        result = Result(code=code, out=out.getvalue().decode(), err=err.getvalue().decode())
        assert_no_traceback(result)
        return result

    def ok(self, *args: object, stdin: str | None = None) -> Result:
        """Run the program and expect that it succeeds."""
        result = self(*args, stdin=stdin)
        assert result.code == 0, result
        return result

    def json(self, *args: object) -> Any:
        """Run the program with ``--json``, expect success and return the document."""
        return self.ok(*args, "--json").json

    def refused(self, *args: object) -> str:
        """Run the program with and without ``--json`` and return the code of the error.

        Whoever refuses tells why on stderr, changes nothing and exits with a code of its own.
        """
        before = self.size() if self.case.is_file() else None
        plain, structured = self(*args), self(*args, "--json")
        assert plain.code == structured.code != 0, (plain, structured)
        assert plain.err.strip()
        assert before is None or self.size() == before
        return f"{structured.error} {plain.code}"

    def size(self) -> int:
        """Return how many entries the case has."""
        return int(self.json("list")["entries"])

    def intact(self) -> bool:
        """Verify the case."""
        return self("verify").code == 0


def assert_no_traceback(result: Result) -> None:
    assert "Traceback" not in result.err + result.out, result.err


@pytest.fixture(autouse=True)
def strange_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Take the real home and the settings of whoever runs the tests away."""
    home = tmp_path / "home"
    home.mkdir()
    for name in ("LIUHEN_CASE", "LIUHEN_LANG", "LIUHEN_DEBUG", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    return home


def ticking() -> Callable[[], dt.datetime]:
    """Return a clock that goes on by one second each time that it is read."""
    ticks = iter(range(1_000_000))
    return lambda: START + dt.timedelta(seconds=next(ticks))


@pytest.fixture
def empty(tmp_path: Path) -> Liuhen:
    """Return the program where no case is yet."""
    return Liuhen(case=tmp_path / "new.liuhen", clock=ticking())


@dataclasses.dataclass(frozen=True, kw_only=True)
class World:
    """A small case and the numbers of what is in it."""

    case: Path
    sound: Path
    picture: Path
    lender: int
    call: int
    screenshot: int
    tag: int
    note: int


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Make the case with the commands themselves, once."""
    folder = tmp_path_factory.mktemp("cli-world")
    sound = folder / f"通话录音@丙某李经理({COLLECTOR})_20261014210503.wav"
    picture = folder / "Screenshot_2026-10-14-21-05-33-482_com.android.mms.png"
    write_sound(sound)
    Image.new("RGB", (120, 200), "white").save(picture)
    liuhen = Liuhen(case=folder / "case.liuhen", clock=ticking())
    liuhen.ok("init", "--title", "测试案件")
    liuhen.ok("complainant", "--name", "林某", "--phone", "13800000001")
    lender = liuhen.json("respondent", "add", LENDER, "--type", "consumer_finance")["seq"]
    liuhen.ok("number", COLLECTOR, "--respondent", LENDER, "--name", "李经理")
    call = liuhen.ok("import", sound, "--json").json["seq"]
    shot = liuhen.ok("import", picture, "--json").json["seq"]
    tag = liuhen.json("tag", call, "threat", "--from", "0:00.2", "--to", "0:01", "--quote", "等着")
    note = liuhen.json("note", "天天打电话", "--on", call)
    return World(
        case=liuhen.case,
        sound=sound,
        picture=picture,
        lender=lender,
        call=call,
        screenshot=shot,
        tag=tag["seq"],
        note=note["seq"],
    )


def write_sound(path: Path, seconds: float = 1.5) -> None:
    """Write a wave file with noise, the same each time."""
    frames = random.Random(1).randbytes(2 * int(8000 * seconds))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(frames)


@pytest.fixture
def liuhen(world: World, tmp_path: Path) -> Liuhen:
    """Return the program on a copy of the small case."""
    later = ticking()
    case = Path(shutil.copy(world.case, tmp_path / "case.liuhen"))
    return Liuhen(case=case, clock=lambda: later() + dt.timedelta(hours=1))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the demo once and return its folder, with what it said; tests do not change it."""
    folder = tmp_path_factory.mktemp("demo")
    liuhen = Liuhen(case=folder / "own.liuhen", clock=ticking())
    said = liuhen.ok("demo", "-o", folder / "demo-output", "--json")
    (folder / "said.json").write_text(said.out)
    return folder / "demo-output"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Process:
    """The program as a real process."""

    case: Path
    folder: Path

    @property
    def env(self) -> dict[str, str]:
        """The environment: nothing of the tester's but what Python needs."""
        kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG", "LC_ALL")}
        # A process with a limit on its files would leave half-written bytecode behind.
        kept["PYTHONDONTWRITEBYTECODE"] = "1"
        return {**kept, "PYTHONPATH": str(REPOSITORY), "LIUHEN_CASE": str(self.case)}

    def command(self, *args: object) -> list[str]:
        """Return the command line."""
        return [sys.executable, "-m", "cli.main", *map(str, args)]

    def start(self, *args: object, **options: Any) -> "subprocess.Popen[str]":
        """Start the program."""
        env = {**self.env, **options.pop("env", {})}
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        return subprocess.Popen(
            self.command(*args), cwd=self.folder, env=env, text=True, encoding="utf-8", **pipes
        )

    def __call__(self, *args: object, stdin: str = "", **options: Any) -> Result:
        """Run the program to its end."""
        started = self.start(*args, stdin=subprocess.PIPE, **options)
        out, err = started.communicate(stdin, timeout=60)
        result = Result(code=started.returncode, out=out, err=err)
        assert_no_traceback(result)
        return result


@pytest.fixture
def process(liuhen: Liuhen, tmp_path: Path) -> Process:
    """Return the program as a process, on a copy of the small case."""
    return Process(case=liuhen.case, folder=tmp_path)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sealed(Liuhen):
    """The program on one case, with a passphrase in the environment and a quick derivation."""

    words: str = WORDS

    def __call__(self, *args: object, stdin: str | None = None) -> Result:
        runner = click.testing.CliRunner()
        state = CliContext(clock=self.clock, kdf=CHEAP)
        env = {"LIUHEN_CASE": str(self.case), "LIUHEN_PASSPHRASE": self.words or None}
        with runner.isolation(input=stdin, env=env) as (out, err, _both):
            code = main([str(arg) for arg in args], state=state)
            sys.stdout.flush()
            sys.stderr.flush()
        assert "Traceback" not in err.getvalue().decode()
        return Result(code=code, out=out.getvalue().decode(), err=err.getvalue().decode())

    def knowing(self, words: str) -> "Sealed":
        return dataclasses.replace(self, words=words)


@pytest.fixture
def sealed(tmp_path: Path) -> Sealed:
    """Return the program on a new case with a passphrase."""
    made = Sealed(case=tmp_path / "case" / "case.liuhen", clock=ticking())
    made.ok("init", "--passphrase", "--title", "甲某e贷催收")
    return made
