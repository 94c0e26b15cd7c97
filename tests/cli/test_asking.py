"""Questions that nobody answers, and an editor that stays open, on a case whose key was typed."""

import re
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from evidence.core import passphrase
from evidence.store import protection
from evidence.store.case_file import CaseFile
from evidence.store.sealing import KeySealer
from tests.cli.conftest import REPOSITORY, WORDS, Liuhen, Process, Sealed, World, ticking
from tests.cli.terminal import Terminal, terminal

IMPATIENT = """
import sys
from cli.context import CliContext
from cli.main import main
sys.exit(main(state=CliContext(lock_after=0.005)))
"""
WITHOUT_ALARMS = "import signal; del signal.setitimer" + IMPATIENT
"""As on Windows, where nothing interrupts a question."""
OUR_WORDS = "请不要再打给我母亲。"
NEW = "新的 密码 也很长的"


@pytest.fixture
def locked(liuhen: Liuhen, tmp_path: Path) -> Process:
    """Return the program as a process, on a copy of the small case with a passphrase."""
    Sealed(case=liuhen.case, clock=ticking()).ok("passphrase", "set")
    return Process(case=liuhen.case, folder=tmp_path)


def opened(screen: Terminal) -> None:
    screen.wait_for("案件密码")
    screen.type(WORDS)


def packet(*options: object) -> Sequence[object]:
    return ("packet", "--to", "nfra", "-o", "packet", *options)


@pytest.mark.parametrize("program", [IMPATIENT, WITHOUT_ALARMS], ids=["alarms", "none"])
@pytest.mark.parametrize(
    ("args", "question"),
    [
        (("erase", "{note}", "--reason", "误写"), r"\[y/N\]"),
        (("passphrase", "change"), "新密码: "),
        (packet(), r"\[[Yy]/[Nn]\]"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_question_that_nobody_answers_ends_the_program_and_changes_nothing(
    locked: Process, world: World, program: str, args: Sequence[str], question: str
) -> None:
    given = [str(arg).format(note=world.note) for arg in args]
    before = locked.case.read_bytes(), sorted(locked.folder.iterdir())
    with terminal(locked, *given, program=program, LIUHEN_DEBUG="1") as screen:
        opened(screen)
        screen.wait_for(question)
        assert screen.code() == 130
        assert "UnansweredError" in screen.shown
        assert len(re.findall(question, screen.shown)) == 1
        assert screen.echoes or program is WITHOUT_ALARMS
    assert (locked.case.read_bytes(), sorted(locked.folder.iterdir())) == before


def test_each_question_waits_anew(tmp_path: Path, locked: Process) -> None:
    Sealed(case=tmp_path / "new.liuhen", clock=ticking()).ok("init", "--passphrase")
    new = Process(case=tmp_path / "new.liuhen", folder=tmp_path)
    slower = IMPATIENT.replace("0.005", "0.03")
    with terminal(new, "complainant", program=slower) as screen:
        opened(screen)
        for label, answer in (("姓名", "林某"), ("身份证", ""), ("电话", ""), ("地址", "")):
            screen.wait_for(label)
            screen.more(0.7)
            screen.type(answer)
        screen.wait_for("邮箱")
        screen.type("")
        assert screen.code() == 0


@pytest.mark.parametrize("given", [True, False], ids=["key-from-elsewhere", "no-passphrase"])
def test_question_waits_if_no_key_was_typed(process: Process, world: World, given: bool) -> None:
    env = {}
    if given:
        Sealed(case=process.case, clock=ticking()).ok("passphrase", "set")
        env = {"LIUHEN_PASSPHRASE": WORDS}
    args = ("withdraw", world.note, "--reason", "写错了")
    with terminal(process, *args, program=IMPATIENT, **env) as screen:
        screen.wait_for(r"\[y/N\]")
        for _ in range(4):
            assert screen.more(0.5)
        screen.type("y")
        assert screen.code() == 0


def test_every_question_is_asked_in_one_place() -> None:
    asks = re.compile(r"click\.(confirm|prompt|pause|getchar)|\binput\(|getpass")
    layers = (REPOSITORY / name for name in ("cli", "reports", "evidence"))
    files = [path for layer in layers for path in layer.rglob("*.py")]
    found = {path.name for path in files if asks.search(path.read_text(encoding="utf-8"))}
    assert found == {"asking.py"}


# --- the editor -----------------------------------------------------------------------------------


@pytest.fixture
def editor(tmp_path: Path) -> str:
    """Return an editor that adds a line when it is told to close."""
    script = tmp_path / "editor.py"
    script.write_text(
        "import pathlib, sys\n"
        "path = pathlib.Path(sys.argv[-1])\n"
        "if input('EDITING ') == 'save':\n"
        "    text = path.read_text(encoding='utf-8')\n"
        "    path.write_text(text.replace('【其他说明】\\n', '【其他说明】\\n"
        + OUR_WORDS
        + "', 1), encoding='utf-8')\n",
        encoding="utf-8",
    )
    return f"{sys.executable} {script}"


def test_no_key_is_in_memory_while_the_editor_is_open(locked: Process, editor: str) -> None:
    key = _key(locked.case)
    with terminal(locked, *packet("--edit"), EDITOR=editor, VISUAL="") as screen:
        opened(screen)
        screen.wait_for("EDITING")
        assert key not in _memory(screen.pid)
        screen.type("save")
        opened(screen)
        screen.wait_for(r"\[[Yy]/[Nn]\]")
        assert key in _memory(screen.pid)  # so the search finds one where it is
        screen.type("y")
        assert screen.code() == 0
    text = (locked.folder / "packet/data/text/facts.txt").read_text(encoding="utf-8")
    assert OUR_WORDS in text
    assert not list(locked.folder.glob("liuhen-text*"))


def test_words_are_kept_if_nobody_answers_after_the_editor(locked: Process, editor: str) -> None:
    given = {"program": IMPATIENT, "EDITOR": editor, "VISUAL": ""}
    with terminal(locked, *packet("--edit"), **given) as screen:
        opened(screen)
        screen.wait_for("EDITING")
        screen.type("save")
        opened(screen)
        assert screen.code() == 130
    assert OUR_WORDS in (locked.folder / "liuhen-text.txt").read_text(encoding="utf-8")
    assert not (locked.folder / "packet").exists()


def test_wrong_passphrase_opens_no_editor(locked: Process, editor: str) -> None:
    with terminal(locked, *packet("--edit"), EDITOR=editor, VISUAL="") as screen:
        for _ in range(3):
            screen.wait_for("案件密码")
            screen.type(NEW)
        assert screen.code() == 4
        assert "EDITING" not in screen.shown
    assert not list(locked.folder.glob("liuhen-text*"))


def _key(case: Path) -> bytes:
    words = passphrase.normalised(WORDS)
    unlock = lambda path, locks: protection.by_passphrase(path, locks, words)  # noqa: E731
    with CaseFile.open_read(case, unlock=unlock) as opened_case:
        assert isinstance(opened_case.sealer, KeySealer)
        return opened_case.sealer.key


def _memory(pid: int) -> bytes:
    """Return what a process has in memory."""
    found = []
    try:
        with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
            for line in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines():
                span, rights = line.split()[:2]
                if rights.startswith("rw"):
                    first, end = (int(part, 16) for part in span.split("-"))
                    memory.seek(first)
                    found.append(memory.read(end - first))
    except OSError as error:
        pytest.skip(f"the memory of a process cannot be read here: {error}")
    return b"".join(found)
