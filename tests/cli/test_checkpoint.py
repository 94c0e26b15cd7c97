"""``liuhen checkpoint``."""

from pathlib import Path

from evidence.core.checkpoint import parse
from tests.cli.conftest import Liuhen


def test_stdout_holds_exactly_the_signed_note(liuhen: Liuhen) -> None:
    result = liuhen.ok("checkpoint")
    made = liuhen.json("checkpoint")
    assert result.out == made["text"]
    assert parse(result.out.encode()).text == result.out.encode()


def test_json_names_origin_size_and_root(liuhen: Liuhen) -> None:
    made = liuhen.json("checkpoint")
    assert set(made) == {"origin", "size", "root", "text", "path"}
    assert made["origin"] == "liuhen/" + liuhen.json("list")["case_id"]
    assert made["size"] == liuhen.size()
    assert made["root"] == liuhen.json("verify")["root"]
    assert made["path"] is None


def test_a_file_gets_the_same_bytes(liuhen: Liuhen, tmp_path: Path) -> None:
    out = tmp_path / "checkpoint.txt"
    result = liuhen.ok("checkpoint", "-o", out)
    assert result.out == f"{out}\n"
    assert out.read_text() == liuhen.ok("checkpoint").out


def test_an_existing_file_is_not_overwritten(liuhen: Liuhen, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    assert liuhen.refused("checkpoint", "-o", tmp_path / "taken") == "output-exists 3"


def test_it_holds_nothing_personal(liuhen: Liuhen) -> None:
    text = liuhen.ok("checkpoint").out
    assert not any(word in text for word in ("林某", "13800000", "甲某", "测试案件"))


def test_making_one_changes_no_byte_of_the_case(liuhen: Liuhen) -> None:
    before = liuhen.case.read_bytes()
    liuhen.ok("checkpoint")
    assert liuhen.case.read_bytes() == before
