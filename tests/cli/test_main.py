"""The edge of the program: usage errors, languages, interruption, pipes, terminals, start."""

import fcntl
import json
import os
import pty
import re
import select
import shlex
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

import evidence
from cli import commands
from tests.cli.conftest import LENDER, REPOSITORY, Liuhen, Process, World, write_sound


def test_version_is_on_stdout(empty: Liuhen) -> None:
    assert empty.ok("--version").out == f"liuhen {evidence.__version__}\n"


def test_alone_it_shows_its_help_with_every_command(empty: Liuhen) -> None:
    out = empty.ok().out
    assert out == empty.ok("--help").out == empty.ok("-h").out
    assert all(name in out for name in commands.NAMES)


@pytest.mark.parametrize(
    "args",
    [
        ("nonsense",),
        ("impotr", "x"),
        ("--nonsense",),
        ("list", "--nonsense"),
        ("list", "--kind"),
        ("list", "extra"),
        ("list", "--respondent"),
        ("tag", "4"),
        ("show",),
        ("--json=1", "list"),
        ("withdraw", "4"),
        ("respondent", "ad"),
        ("respondent", "add"),
        ("packet",),
    ],
    ids=" ".join,
)
def test_what_cannot_be_understood_exits_2_and_names_the_help(
    liuhen: Liuhen, args: tuple[str, ...]
) -> None:
    result = liuhen(*args)
    assert result.code == 2
    assert result.out == ""
    assert "--help" in result.err
    assert liuhen("--json", *args).error == "usage"


def test_a_misspelt_command_or_option_is_answered_with_the_nearest(liuhen: Liuhen) -> None:
    assert "import" in liuhen("impotr", "x").err
    assert "--kind" in liuhen("list", "--kidn", "x").err


def test_json_means_the_same_before_and_after_the_command(liuhen: Liuhen) -> None:
    assert liuhen.ok("--json", "list").json == liuhen.ok("list", "--json").json


def test_english_keeps_codes_and_names_of_json_fields(
    liuhen: Liuhen, monkeypatch: pytest.MonkeyPatch
) -> None:
    chinese = liuhen("show", 999, "--json")
    monkeypatch.setenv("LIUHEN_LANG", "en")
    english = liuhen("show", 999, "--json")
    assert english.code == chinese.code
    assert set(english.json["error"]) == set(chinese.json["error"])
    assert english.error == chinese.error
    assert liuhen.ok("--help").out


def test_text_that_is_no_unicode_is_a_usage_error(process: Process) -> None:
    broken = os.fsdecode(b"\xff\xfe")
    for command in (("note", broken), ("withdraw", "4", "--reason", broken), ("show", broken)):
        assert process(*command).code == 2, command
    assert process("verify").code == 0


def test_a_terminal_of_another_encoding_never_breaks_the_program(
    process: Process, world: World
) -> None:
    for encoding in ("ascii", "gb18030", "cp1252"):
        env = {**process.env, "PYTHONIOENCODING": encoding}
        for args in (("list",), ("show", str(world.call)), ("show", "999")):
            done = subprocess.run(process.command(*args), env=env, capture_output=True, check=False)
            assert b"Traceback" not in done.stderr
            assert done.returncode == (3 if "999" in args else 0)
        command = process.command("list", "--json")
        done = subprocess.run(command, env=env, capture_output=True, check=True)
        assert json.loads(done.stdout.decode())["items"], "JSON is UTF-8 in every locale"


# --- interruption and pipes -----------------------------------------------------------------------


def test_ctrl_c_exits_130_and_the_case_still_verifies(process: Process, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(400):
        write_sound(folder / f"{number:03}.wav", 1 + number / 1000)
    out = tmp_path / "out"
    with (
        out.open("wb") as file,
        process.start(
            "import",
            folder,
            "--json",
            env={"PYTHONUNBUFFERED": "1"},
            stdout=file,
            start_new_session=True,
            preexec_fn=listen_to_ctrl_c,
        ) as running,
    ):
        while running.poll() is None and not out.stat().st_size:
            time.sleep(0.01)
        os.killpg(running.pid, signal.SIGINT)
        _, err = running.communicate(timeout=30)
    assert running.returncode == 130, err
    assert "Traceback" not in err
    said = [json.loads(line) for line in out.read_text().splitlines()]
    assert said[-1]["error"]["code"] == "interrupted"
    assert len(said) < 400
    saved = {row["seq"] for row in said if row.get("status") == "imported"}
    listed = json.loads(process("list", "--json", "--kind", "exhibit").out)["items"]
    assert saved <= {item["seq"] for item in listed}
    assert process("verify").code == 0


def test_ctrl_c_at_a_question_exits_130_and_saves_nothing(process: Process, world: World) -> None:
    before = process.case.read_bytes()
    code, screen = on_terminal(process, "withdraw", world.tag, "--reason", "错", answer="\x03")
    assert code == 130
    assert "Traceback" not in screen
    assert process.case.read_bytes() == before


def test_the_answer_no_saves_nothing(process: Process, world: World) -> None:
    before = process.case.read_bytes()
    code, _ = on_terminal(process, "withdraw", world.tag, "--reason", "错", answer="n\n")
    assert code == 1
    assert process.case.read_bytes() == before


def test_a_broken_pipe_ends_quietly(process: Process) -> None:
    for args in (("rules",), ("list", "--json"), ("rules", "--json"), ("--help",), ("show", 999)):
        read, write = os.pipe()
        os.close(read)
        running = process.start(*args, stdout=write)
        os.close(write)
        _, err = running.communicate(timeout=30)
        assert "Traceback" not in err, args
        assert "BrokenPipe" not in err, args
        assert running.returncode in (1, 3), args
    assert process("verify").code == 0


# --- terminals ------------------------------------------------------------------------------------


def on_terminal(process: Process, *args: object, answer: str = "") -> tuple[int, str]:
    """Run the program with a real terminal on all three streams; return its code and screen."""
    main, child = pty.openpty()
    running = process.start(
        *args,
        stdin=child,
        stdout=child,
        stderr=child,
        env={"TERM": "xterm", "COLUMNS": "80"},
        start_new_session=True,
        preexec_fn=take_terminal,
    )
    os.close(child)
    screen, until, sent = b"", time.monotonic() + 30, not answer
    while time.monotonic() < until:
        if select.select([main], [], [], 0.1)[0]:
            try:
                piece = os.read(main, 65536)
            except OSError:
                break
            if not piece:
                break
            screen += piece
        if not sent and b"[y/N]" in screen:
            time.sleep(0.3)  # nobody answers between the question and the reading of the answer
            os.write(main, answer.encode())
            sent = True
    os.close(main)
    return running.wait(timeout=30), screen.decode(errors="replace")


def listen_to_ctrl_c() -> None:
    """Whoever runs the tests in the background ignores it, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def take_terminal() -> None:
    listen_to_ctrl_c()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def test_progress_is_drawn_on_a_terminal_and_nowhere_else(process: Process) -> None:
    _, screen = on_terminal(process, "verify")
    assert "█" in screen
    piped = process("verify")
    assert "█" not in piped.out + piped.err
    assert "\r" not in piped.out + piped.err


def test_lines_on_a_terminal_are_never_wider_than_it(process: Process, world: World) -> None:
    from cli.display import width

    handed_in = ("submitted", "--to", "12378", "--respondent", LENDER, "--at", "2025-01-02")
    assert process(*handed_in).code == 0
    commands_shown = (
        ("show", world.call),
        ("list",),
        ("timeline",),
        ("rules", "cpm2022-41"),
        ("deadlines",),
        ("review", "--to", "12378"),
    )
    for args in commands_shown:
        code, screen = on_terminal(process, *args)
        assert code == 0, screen
        for line in screen.replace("\r", "").splitlines():
            # A command stays on one line, so that it can be copied.
            assert width(line) <= 80 or "liuhen " in line, line


def test_on_a_terminal_the_review_comes_first_and_the_person_decides(
    process: Process, tmp_path: Path
) -> None:
    """The small case has no identity number, so that the safe answer is no."""
    given = ("packet", "--to", "12378", "-o", tmp_path / "packet")
    code, screen = on_terminal(process, *given, answer="n\n")
    assert code == 1
    assert "--id-number" in screen
    assert not (tmp_path / "packet").exists()
    code, screen = on_terminal(process, *given, answer="y\n")
    assert code == 0, screen
    assert (tmp_path / "packet").exists()


# --- start ----------------------------------------------------------------------------------------


def test_the_version_loads_nothing_heavy() -> None:
    code = (
        "import sys; from cli.main import main; main(['--version']);"
        "heavy = {'sqlalchemy','av','PIL','reportlab','pydub','cryptography','asyncio'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, cwd=REPOSITORY, capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_crash_leaves_no_image_of_the_memory() -> None:
    pytest.importorskip("resource", reason="the system has no such limit")
    code = (
        "import resource;"
        "limit = resource.RLIMIT_CORE; hard = resource.getrlimit(limit)[1];"
        "resource.setrlimit(limit, (hard, hard)); from cli.main import main; main(['--version']);"
        "print(resource.getrlimit(limit)[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "0"


# --- hints on the case that was named -------------------------------------------------------------


def test_a_command_in_a_hint_is_on_the_case_that_was_named(liuhen: Liuhen, tmp_path: Path) -> None:
    other = tmp_path / "my case's.liuhen"
    liuhen.ok("--case", other, "init")
    for result in (liuhen("--case", other, "show", 9), liuhen("show", 9, "--case", other)):
        (pasted,) = re.findall("“(liuhen [^”]+)”", result.err)
        _, *args = shlex.split(pasted)
        assert args == ["--case", str(other), "list"]
        assert liuhen(*args).code == 0
    told = liuhen("--case", other, "show", 9, "--json").json["error"]["hint"]
    assert shlex.quote(str(other)) in told
    assert str(other) not in liuhen("show", 9).err


def test_next_steps_are_on_the_case_that_was_named(empty: Liuhen, tmp_path: Path) -> None:
    other = tmp_path / "other.liuhen"
    told = empty.ok("--case", other, "init").err
    assert told.count(f"liuhen --case {other} ") == 4
    assert f"--case {other}" in empty.ok("--case", other, "doctor").out
