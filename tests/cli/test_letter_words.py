"""``liuhen packet --ask``, ``--write-text``, ``--text`` and ``--edit``."""

import stat
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import LENDER, Liuhen

OUR_WORDS = "请不要再打给我母亲。"


@pytest.fixture
def words(liuhen: Liuhen, tmp_path: Path) -> Path:
    path = tmp_path / "words.txt"
    assert liuhen.json("packet", "--to", "nfra", "--write-text", path) == {"text": str(path)}
    return path


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_words_are_written_without_a_packet_or_an_entry(liuhen: Liuhen, words: Path) -> None:
    assert LENDER in words.read_text(encoding="utf-8")
    assert stat.S_IMODE(words.stat().st_mode) == 0o600
    assert not liuhen.json("list", "--kind", "packet")["items"]
    refused = liuhen.refused("packet", "--to", "nfra", "--write-text", words)
    assert refused == "output-exists 3"


def test_own_words_are_recorded_and_make_the_same_packet_again(
    liuhen: Liuhen, words: Path, tmp_path: Path
) -> None:
    rewrite(words, "【其他说明】\n", f"【其他说明】\n{OUR_WORDS}\n")
    out = tmp_path / "packet"
    made = liuhen.json("packet", "--to", "nfra", "--text", words, "-o", out)
    record = liuhen.json("show", made["seq"])["data"]
    assert record["letter"]["closing"] == OUR_WORDS
    assert OUR_WORDS in (out / "data/text/facts.txt").read_text(encoding="utf-8")
    assert liuhen("verify", "--against", out).code == 0
    again = tmp_path / "again"
    kept = out / "data/text/letter-words.txt"
    second = liuhen.json("packet", "--to", "nfra", "--text", kept, "-o", again)
    assert liuhen.json("show", second["seq"])["data"]["letter"] == record["letter"]


def test_words_for_another_addressee_or_with_a_forbidden_claim_are_refused(
    liuhen: Liuhen, words: Path, tmp_path: Path
) -> None:
    given = ("--text", words, "-o", tmp_path / "packet")
    assert liuhen.refused("packet", "--to", "police", *given) == "letter-text 3"
    rewrite(words, "【其他说明】\n", "【其他说明】\n本材料已公证。\n")
    assert liuhen.refused("packet", "--to", "nfra", *given) == "letter-text 3"
    missing = ("--text", tmp_path / "none.txt", "-o", tmp_path / "packet")
    assert liuhen.refused("packet", "--to", "nfra", *missing) == "file-unreadable 3"
    assert not (tmp_path / "packet").exists()


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make an editor that writes what the test puts into ``says.txt`` below the last block."""
    script, says = tmp_path / "editor.py", tmp_path / "says.txt"
    script.write_text(
        "import pathlib, sys\n"
        f"words = pathlib.Path({str(says)!r}).read_text(encoding='utf-8')\n"
        "path = pathlib.Path(sys.argv[-1])\n"
        "text = path.read_text(encoding='utf-8')\n"
        "if words:\n"
        "    path.write_text(text.replace('【其他说明】\\n', '【其他说明】\\n' + words, 1),"
        " encoding='utf-8')\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.chdir(tmp_path)
    return says


def test_editor_changes_the_words(liuhen: Liuhen, editor: Path, tmp_path: Path) -> None:
    editor.write_text(OUR_WORDS + "\n", encoding="utf-8")
    made = liuhen.json("packet", "--to", "nfra", "--edit", "-o", tmp_path / "packet")
    assert liuhen.json("show", made["seq"])["data"]["letter"]["closing"] == OUR_WORDS
    assert not (tmp_path / "liuhen-text.txt").exists()


def test_words_are_kept_if_the_editor_fails_after_saving(
    liuhen: Liuhen, editor: Path, tmp_path: Path
) -> None:
    editor.write_text(OUR_WORDS + "\n", encoding="utf-8")
    with (tmp_path / "editor.py").open("a", encoding="utf-8") as script:
        script.write("sys.exit(1)\n")
    result = liuhen("packet", "--to", "nfra", "--edit", "-o", tmp_path / "packet")
    assert result.code == 5
    assert "liuhen-text.txt" in result.err
    assert OUR_WORDS in (tmp_path / "liuhen-text.txt").read_text(encoding="utf-8")
    assert not (tmp_path / "packet").exists()


def test_words_are_kept_if_the_packet_cannot_be_made(
    liuhen: Liuhen, editor: Path, tmp_path: Path
) -> None:
    editor.write_text(OUR_WORDS + "\n", encoding="utf-8")
    (tmp_path / "packet").mkdir()
    given = ("packet", "--to", "nfra", "--edit", "-o", tmp_path / "packet")
    assert liuhen.refused(*given).startswith("output-exists")
    kept = tmp_path / "liuhen-text.txt"
    assert OUR_WORDS in kept.read_text(encoding="utf-8")
    again = ("--text", kept, "-o", tmp_path / "other")
    made = liuhen.json("packet", "--to", "nfra", *again)
    assert liuhen.json("show", made["seq"])["data"]["letter"]["closing"] == OUR_WORDS


def test_words_that_nobody_changed_leave_no_file(
    liuhen: Liuhen, editor: Path, tmp_path: Path
) -> None:
    editor.write_text("", encoding="utf-8")
    made = liuhen.json("packet", "--to", "nfra", "--edit", "-o", tmp_path / "packet")
    assert liuhen.json("show", made["seq"])["data"].get("letter") is None
    assert not (tmp_path / "liuhen-text.txt").exists()


@pytest.mark.parametrize("fails", [f"{sys.executable} -c exit(3)", "/nowhere/editor"])
def test_an_editor_that_fails_is_said_to_have_failed(
    liuhen: Liuhen, editor: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    monkeypatch.setenv("EDITOR", fails)
    given = ("packet", "--to", "nfra", "--edit", "-o", tmp_path / "packet")
    assert liuhen.refused(*given) == "editor-failed 5"
    assert not (tmp_path / "packet").exists()
    assert not editor.exists()
    assert not (tmp_path / "liuhen-text.txt").exists()


def test_what_the_editor_was_left_with_is_kept_if_it_is_refused(
    liuhen: Liuhen, editor: Path, tmp_path: Path
) -> None:
    editor.write_text("本材料具有法律效力。\n", encoding="utf-8")
    given = ("--edit", "-o", tmp_path / "packet")
    result = liuhen("packet", "--to", "nfra", *given)
    assert result.code == 3
    assert "liuhen-text.txt" in result.err
    kept = (tmp_path / "liuhen-text.txt").read_text(encoding="utf-8")
    assert "本材料具有法律效力。" in kept
    assert not (tmp_path / "packet").exists()


def test_chosen_requests_are_recorded(liuhen: Liuhen, tmp_path: Path) -> None:
    given = ("--ask", "reply", "--ask", "赔礼道歉")
    made = liuhen.json("packet", "--to", "12378", *given, "-o", tmp_path / "packet")
    assert liuhen.json("show", made["seq"])["data"]["asks"] == ["reply", "apologise"]
    lines = (tmp_path / "packet/data/text/requests.txt").read_text(encoding="utf-8")
    assert len(lines.strip().split("\n")) == 2
    wrong = ("packet", "--to", "12378", "--ask", "无此", "-o", tmp_path / "other")
    assert liuhen.refused(*wrong) == "value-malformed 2"


def test_options_that_contradict_each_other_are_refused(
    liuhen: Liuhen, words: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("EDITOR", "VISUAL"):
        monkeypatch.delenv(name, raising=False)
    to = ("packet", "--to", "nfra", "-o", tmp_path / "packet")
    assert liuhen.refused(*to, "--text", words, "--edit") == "usage 2"
    assert liuhen.refused(*to, "--text", words, "--ask", "stop") == "usage 2"
    assert liuhen.refused(*to, "--edit") == "usage 2"
    assert liuhen.refused("packet", "--to", "nfra") == "usage 2"


def test_words_of_the_last_packet_to_the_same_hands_are_gone_on_from(
    liuhen: Liuhen, words: Path, tmp_path: Path
) -> None:
    rewrite(words, "【其他说明】\n", f"【其他说明】\n{OUR_WORDS}\n")
    liuhen.ok("packet", "--to", "nfra", "--text", words, "-o", tmp_path / "packet")
    again, other, fresh = (tmp_path / f"{name}.txt" for name in ("again", "other", "fresh"))
    liuhen.ok("packet", "--to", "nfra", "--write-text", again)
    liuhen.ok("packet", "--to", "police", "--write-text", other)
    liuhen.ok("packet", "--to", "nfra", "--ask", "stop", "--write-text", fresh)
    assert OUR_WORDS in again.read_text(encoding="utf-8")
    assert OUR_WORDS not in other.read_text(encoding="utf-8")
    assert OUR_WORDS not in fresh.read_text(encoding="utf-8")
