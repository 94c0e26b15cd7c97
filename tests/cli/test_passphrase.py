"""``liuhen passphrase``, ``init --passphrase``, and every command on a case that has one."""

import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from evidence.core import recovery_code
from tests.cli.conftest import (
    CALL,
    LENDER,
    SAMPLES,
    WORDS,
    Liuhen,
    Process,
    Sealed,
    ticking,
)
from tests.cli.terminal import terminal

OTHER = "新的 密码 也很长的"


# --- opening --------------------------------------------------------------------------------------


def test_init_with_a_passphrase_shows_a_recovery_code_once(tmp_path: Path) -> None:
    liuhen = Sealed(case=tmp_path / "a.liuhen", clock=ticking())
    result = liuhen.ok("init", "--passphrase")
    codes = [line for line in result.out.splitlines() if line.count("-") == 6]
    assert len(codes) == 1
    recovery_code.parse(codes[0])
    assert WORDS not in result.out + result.err
    assert codes[0] not in liuhen.ok("list").out
    assert liuhen.json("list")["entries"] == 1


def test_init_json_has_the_recovery_code_only_with_a_passphrase(tmp_path: Path) -> None:
    plain = Sealed(case=tmp_path / "p.liuhen", clock=ticking(), words="")
    assert "recovery_code" not in plain.json("init")
    made = Sealed(case=tmp_path / "s.liuhen", clock=ticking()).json("init", "--passphrase")
    assert recovery_code.parse(made["recovery_code"])


@pytest.mark.parametrize("words", ["short", "13800000011", "aaaaaaaaaaaaaaaa"])
def test_weak_passphrase_makes_no_case(tmp_path: Path, words: str) -> None:
    liuhen = Sealed(case=tmp_path / "a.liuhen", clock=ticking(), words=words)
    assert liuhen.refused("init", "--passphrase") == "weak-passphrase 3"
    assert not liuhen.case.exists()


def test_wrong_and_missing_passphrase_have_their_own_codes_and_touch_nothing(
    sealed: Sealed,
) -> None:
    before = sealed.case.read_bytes(), sealed.case.stat().st_mtime_ns
    for words, code in ((OTHER, "wrong-passphrase"), ("", "passphrase-required")):
        for command in (["list"], ["note", "一句话"], ["verify"], ["timeline"]):
            result = sealed.knowing(words)(*command, "--json")
            assert (result.code, result.error) == (4, code)
    assert (sealed.case.read_bytes(), sealed.case.stat().st_mtime_ns) == before


def test_message_without_a_passphrase_names_the_three_ways(sealed: Sealed) -> None:
    told = sealed.knowing("")("list").err
    assert "LIUHEN_PASSPHRASE" in told
    assert "--passphrase-file" in told


@pytest.mark.parametrize("text", [WORDS, WORDS + "\n", WORDS + "\r\nmore\r\n", "\ufeff" + WORDS])
def test_first_line_of_a_file_is_the_passphrase(sealed: Sealed, tmp_path: Path, text: str) -> None:
    file = tmp_path / "words"
    file.write_bytes(text.encode())
    file.chmod(0o600)
    result = sealed.knowing("").ok("list", "--passphrase-file", file)
    assert "chmod" not in result.err
    assert sealed.knowing(OTHER).ok("--passphrase-file", file, "list").code == 0


def test_file_that_others_can_read_is_warned_of(sealed: Sealed, tmp_path: Path) -> None:
    file = tmp_path / "words"
    file.write_text(WORDS, encoding="utf-8")
    file.chmod(0o644)
    assert "chmod 600" in sealed.knowing("").ok("list", "--passphrase-file", file).err


@pytest.mark.parametrize("content", [None, b"", b"\nsecond", b"\xff\xfe\x00"])
def test_file_that_holds_no_passphrase_is_an_error_of_its_own(
    sealed: Sealed, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "words"
    if content is not None:
        file.write_bytes(content)
    result = sealed("list", "--json", "--passphrase-file", file)
    assert (result.code, result.error) == (3, "passphrase-file")


def test_passphrase_of_a_plain_case_is_not_looked_at(liuhen: Liuhen) -> None:
    given = Sealed(case=liuhen.case, clock=ticking(), words="anything")
    assert given.ok("list").code == 0


# --- every command --------------------------------------------------------------------------------


def test_commands_work_and_leave_no_plain_text_beside_the_case(
    sealed: Sealed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.chdir(tmp_path)
    text = tmp_path / "催收短信.txt"
    text.write_text("林某，今天不还，明天就去你单位。", encoding="utf-8")
    sealed.ok("complainant", "--name", "林某", "--phone", "13800000001")
    sealed.ok("respondent", "add", LENDER, "--type", "consumer_finance")
    sealed.ok("number", "13800000011", "--respondent", LENDER)
    sealed.ok(
        "import",
        CALL,
        text,
        "--respondent",
        LENDER,
        "--number",
        "13800000011",
        "--at",
        "2026-10-14 21:05",
    )
    exhibits = [i["seq"] for i in sealed.json("list", "--kind", "exhibit")["items"]]
    assert len(exhibits) == 2
    sealed.ok("import", CALL)
    sealed.ok("note", "他们半夜打来", "--respondent", LENDER)
    sealed.ok("tag", exhibits[0], "threat", "--from", "00:00", "--to", "00:01", "--quote", "送花圈")
    sealed.ok("suggest")
    for command in ("list", "timeline", "stats", "review"):
        sealed(command)
    sealed.ok("show", exhibits[0])
    sealed.ok("export", exhibits[0], "-o", "out.amr")
    assert (tmp_path / "out.amr").read_bytes() == CALL.read_bytes()
    sealed.ok("checkpoint", "-o", "checkpoint.txt")
    told = sealed.ok("packet", "--to", "12378", "--respondent", LENDER, "-o", "packet", "--yes")
    assert "材料包没有" in told.err  # the passphrase does not go with the packet
    assert sealed("verify", "--against", "packet").code in (0, 11)
    assert sealed("verify", "--against", "checkpoint.txt").code == 0
    assert sealed.knowing("").ok("doctor").code == 0
    assert [path.name for path in sealed.case.parent.iterdir()] == [sealed.case.name]
    assert list(temporary.iterdir()) == []
    raw = sealed.case.read_bytes()
    planted = ("林某", "13800000001", "13800000011", LENDER, "催收短信", "送花圈", "半夜打来")
    assert [word for word in planted if word.encode() in raw] == []
    assert CALL.read_bytes()[:64] not in raw


def test_doctor_says_whether_there_is_a_passphrase(sealed: Sealed, liuhen: Liuhen) -> None:
    for program in (sealed, sealed.knowing(""), liuhen):
        checks = {c["name"]: c for c in program.json("doctor")["checks"]}
        assert checks["passphrase"]["state"] == "ok"
        assert bool(checks["passphrase"]["advice"]) == (program is liuhen)


# --- the passphrase itself ------------------------------------------------------------------------


def test_set_seals_a_case_and_remove_opens_it_again(liuhen: Liuhen) -> None:
    given = Sealed(case=liuhen.case, clock=ticking())
    entries = given.size()
    assert recovery_code.parse(given.json("passphrase", "set")["recovery_code"])
    assert liuhen("list", "--json").error == "passphrase-required"
    assert given.size() == entries
    assert given("passphrase", "set", "--json").error == "passphrase-set"
    given.ok("passphrase", "remove", "--yes")
    assert liuhen.size() == entries
    assert liuhen.intact()
    assert given("passphrase", "remove", "--json").error == "no-passphrase"


def test_set_warns_of_old_copies(liuhen: Liuhen) -> None:
    assert "备份" in Sealed(case=liuhen.case, clock=ticking()).ok("passphrase", "set").err


def test_change_needs_the_old_one_and_takes_the_new_one_from_a_file(
    sealed: Sealed, tmp_path: Path
) -> None:
    new = tmp_path / "new"
    new.write_text(OTHER, encoding="utf-8")
    args = ("passphrase", "change", "--new-passphrase-file", new)
    assert sealed.knowing(OTHER).__call__(*args, "--json").error == "wrong-passphrase"
    assert sealed("passphrase", "change", "--json").error == "secret-required"
    sealed.ok(*args)
    assert sealed.knowing(OTHER).size() == 1
    assert sealed("list", "--json").error == "wrong-passphrase"


def test_reset_with_the_recovery_code_sets_a_new_passphrase(tmp_path: Path) -> None:
    sealed = Sealed(case=tmp_path / "a.liuhen", clock=ticking())
    code = sealed.json("init", "--passphrase")["recovery_code"]
    new, paper = tmp_path / "new", tmp_path / "paper"
    new.write_text(OTHER, encoding="utf-8")
    args = ("passphrase", "reset", "--code-file", paper, "--new-passphrase-file", new)
    forgot = sealed.knowing("")
    for wrong, error in (
        ("2" + code[1:] if code[0] != "2" else "3" + code[1:], "recovery-group 3"),
        (code[:-2], "recovery-code 3"),
        (recovery_code.printed(recovery_code.from_random(bytes(32))), "wrong-recovery-code 4"),
    ):
        paper.write_text(wrong, encoding="utf-8")
        result = forgot(*args, "--json")
        assert f"{result.error} {result.code:d}" == error
    paper.write_text(code.lower().replace("-", " "), encoding="utf-8")
    forgot.ok(*args)
    assert sealed.knowing(OTHER).size() == 1
    assert sealed("list", "--json").error == "wrong-passphrase"


def test_new_recovery_code_makes_the_old_one_useless(tmp_path: Path) -> None:
    sealed = Sealed(case=tmp_path / "a.liuhen", clock=ticking())
    old = sealed.json("init", "--passphrase")["recovery_code"]
    new = sealed.json("passphrase", "recovery")["recovery_code"]
    assert new != old
    words, paper = tmp_path / "words", tmp_path / "paper"
    words.write_text(OTHER, encoding="utf-8")
    args = ("passphrase", "reset", "--code-file", paper, "--new-passphrase-file", words)
    paper.write_text(old, encoding="utf-8")
    assert sealed(*args, "--json").error == "wrong-recovery-code"
    paper.write_text(new, encoding="utf-8")
    sealed.ok(*args)


def test_damaged_slot_is_told_from_a_wrong_passphrase_and_the_other_still_opens(
    tmp_path: Path,
) -> None:
    from tests.evidence.store import case_files

    sealed = Sealed(case=tmp_path / "a.liuhen", clock=ticking())
    code = sealed.json("init", "--passphrase")["recovery_code"]
    case_files.flip(sealed.case, "meta", "value", "key = 'key_passphrase'", byte=-9)
    result = sealed("list", "--json")
    assert (result.code, result.error) == (4, "key-slot-damaged")
    checks = {c["name"]: c["state"] for c in sealed("doctor", "--json").json["checks"]}
    assert checks["passphrase"] == "failed"
    for name, text in (("new", OTHER), ("paper", code)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    sealed.ok(
        "passphrase",
        "reset",
        "--code-file",
        tmp_path / "paper",
        "--new-passphrase-file",
        tmp_path / "new",
    )
    assert sealed.knowing(OTHER).size() == 1


# --- a person at a terminal -----------------------------------------------------------------------


def test_person_sets_a_passphrase_and_opens_the_case_after_a_mistake(process: Process) -> None:
    with terminal(process, "passphrase", "set") as screen:
        screen.wait_for("新密码")
        screen.type("短")
        screen.wait_for("太短[^$]*新密码")
        assert "短\r" not in screen.shown
        screen.type(WORDS)
        screen.wait_for("再输一次")
        screen.type(WORDS)
        screen.wait_for("([2-9A-Z]{5}-){6}[2-9A-Z]{5}")
        assert screen.code() == 0
        assert WORDS not in screen.shown
    with terminal(process, "verify", "--json") as screen:
        screen.wait_for("案件密码")
        screen.type(OTHER)
        screen.wait_for("2 次[^$]*案件密码")
        screen.type(WORDS)
        screen.wait_for('"verdict": "INTACT"')
        assert screen.code() == 0


def test_watch_ends_when_nothing_comes_if_the_passphrase_was_typed(
    sealed: Sealed, tmp_path: Path
) -> None:
    folder = tmp_path / "手机同步"
    folder.mkdir()
    shutil.copy(CALL, folder)
    process = Process(case=sealed.case, folder=tmp_path)
    quick = ("--interval", "0.1", "--settle", "0.2", "--lock-after", "0.02")
    with terminal(process, "watch", folder, *quick) as screen:
        screen.wait_for("案件密码")
        screen.type(WORDS)
        assert screen.code() == 0
    assert sealed.size() == 2


def test_watch_ends_beside_a_file_that_never_stops_changing(sealed: Sealed, tmp_path: Path) -> None:
    folder = tmp_path / "手机同步"
    folder.mkdir()
    process = Process(case=sealed.case, folder=tmp_path)
    quick = ("--interval", "0.1", "--settle", "5", "--lock-after", "0.01")
    with terminal(process, "watch", folder, *quick) as screen:
        screen.wait_for("案件密码")
        screen.type(WORDS)
        for number in range(400):
            (folder / "log.txt").write_text(f"{number}")
            if not screen.more(0.05):
                break
        assert screen.code() == 0
    assert sealed.size() == 1


def test_watch_goes_on_if_the_passphrase_can_be_given_again(sealed: Sealed, tmp_path: Path) -> None:
    (tmp_path / "手机同步").mkdir()
    process = Process(case=sealed.case, folder=tmp_path)
    quick = ("--interval", "0.1", "--settle", "0.2", "--lock-after", "0.01")
    started = process.start("watch", "手机同步", *quick, env={"LIUHEN_PASSPHRASE": WORDS})
    try:
        assert started.stderr is not None
        assert "手机同步" in started.stderr.readline()
        time.sleep(1.5)
        assert started.poll() is None
    finally:
        started.terminate()
        assert started.wait(timeout=30) == 0
        started.communicate()


def test_children_that_read_media_do_not_get_the_passphrase(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[dict[str, str]] = []
    real = subprocess.Popen

    def noted(*args: Any, **options: Any) -> Any:
        given.append(options.get("env") or dict(os.environ))
        return real(*args, **options)

    monkeypatch.setattr(subprocess, "Popen", noted)
    sealed.ok("import", SAMPLES / "media" / "gbk.mp3")
    assert [env.get("LIUHEN_PASSPHRASE") for env in given] == [None]
    assert given[0]["PATH"] == os.environ["PATH"]
