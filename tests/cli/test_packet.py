"""``liuhen packet``: what it refuses, warns of and reports. What is in it is tested in reports."""

from pathlib import Path

import pytest

from evidence.law import load_rules
from tests.cli.conftest import LENDER, Liuhen, World

FIELDS = {
    "path",
    "pdf",
    "seq",
    "channel",
    "respondent",
    "made_at",
    "findings",
    "exhibits",
    "review",
    "entries",
    "disclosed",
    "withheld",
    "code",
    "manifest_sha256",
}


@pytest.mark.parametrize("channel", ["12378", "nfra"])
def test_a_packet_is_made_recorded_and_verifies(
    liuhen: Liuhen, world: World, tmp_path: Path, channel: str
) -> None:
    out = tmp_path / "packet"
    made = liuhen.json("packet", "--to", channel, "-o", out)
    assert set(made) >= FIELDS
    assert made["respondent"] == LENDER
    assert [f["tag"] for f in made["findings"]] == [world.tag]
    assert [e["seq"] for e in made["exhibits"]] == [world.call]
    assert Path(made["pdf"]).read_bytes().startswith(b"%PDF-")
    assert liuhen.json("show", made["seq"])["kind"] == "packet"
    assert liuhen("verify", "--against", out).code == 0


def test_stdout_says_where_the_packet_is_and_stderr_what_to_do(
    liuhen: Liuhen, tmp_path: Path
) -> None:
    out = tmp_path / "packet"
    result = liuhen.ok("packet", "--to", "12378", "--respondent", "甲某", "-o", out)
    assert str(out / "data" / "packet.pdf") in result.out
    assert str(out) not in result.err
    assert result.err


def test_without_a_complainant_there_is_no_packet(empty: Liuhen, tmp_path: Path) -> None:
    empty.ok("init")
    empty.ok("respondent", "add", LENDER, "--type", "bank")
    given = ("packet", "--to", "12378", "-o", tmp_path / "packet")
    assert empty.refused(*given) == "complainant-missing 3"
    assert not (tmp_path / "packet").exists()
    assert empty.intact()


def test_without_a_tag_there_is_no_packet(liuhen: Liuhen, world: World, tmp_path: Path) -> None:
    liuhen.ok("withdraw", world.tag, "--reason", "标错了")
    assert liuhen.refused("packet", "--to", "nfra", "-o", tmp_path / "packet") == (
        "finding-missing 3"
    )
    assert not (tmp_path / "packet").exists()
    assert liuhen.intact()


def test_without_a_respondent_it_says_how_to_add_one(empty: Liuhen, tmp_path: Path) -> None:
    empty.ok("init")
    assert empty.refused("packet", "--to", "12378", "-o", tmp_path / "packet") == "usage 2"
    assert "liuhen respondent add" in empty("packet", "--to", "12378", "-o", tmp_path / "p").err


def test_with_several_respondents_one_must_be_named(liuhen: Liuhen, tmp_path: Path) -> None:
    liuhen.ok("respondent", "add", "乙某银行", "--type", "bank")
    assert liuhen.refused("packet", "--to", "12378", "-o", tmp_path / "packet") == "usage 2"
    told = liuhen("packet", "--to", "12378", "-o", tmp_path / "packet").err
    assert LENDER in told
    assert "乙某银行" in told


def test_an_existing_folder_is_not_overwritten(liuhen: Liuhen, tmp_path: Path) -> None:
    (tmp_path / "packet").mkdir()
    given = ("packet", "--to", "12378", "-o", tmp_path / "packet")
    assert liuhen.refused(*given) == "output-exists 3"
    assert list((tmp_path / "packet").iterdir()) == []


def test_an_unknown_channel_or_respondent_is_refused(liuhen: Liuhen, tmp_path: Path) -> None:
    out = ("-o", tmp_path / "packet")
    assert liuhen.refused("packet", "--to", "12315", *out) == "value-malformed 2"
    assert liuhen.refused("packet", "--to", "nfra", "--respondent", "无此", *out) == (
        "respondent-unknown 3"
    )


def test_a_type_that_12378_does_not_supervise_is_warned_of_with_the_right_addressee(
    liuhen: Liuhen, tmp_path: Path
) -> None:
    kind = load_rules().respondent_types["microloan"]
    liuhen.ok("respondent", "add", LENDER, "--update", "--type", kind.id)
    result = liuhen("packet", "--to", "12378", "-o", tmp_path / "packet")
    assert kind.addressee in result.err


def test_a_case_that_does_not_verify_makes_no_packet(
    liuhen: Liuhen, world: World, tmp_path: Path
) -> None:
    from tests.cli.test_verify import tamper

    sql = "UPDATE chunk SET data=zeroblob(length(data)) WHERE seq="
    tamper(liuhen.case, sql + str(world.call))
    result = liuhen("packet", "--to", "12378", "-o", tmp_path / "packet", "--json")
    assert result.code == 10
    assert not (tmp_path / "packet").exists()


def test_pdf_is_given_in_parts_under_a_size(liuhen: Liuhen, tmp_path: Path) -> None:
    out = tmp_path / "packet"
    made = liuhen.json("packet", "--to", "nfra", "--split", "0.6MB", "-o", out)
    assert made["parts"]
    assert liuhen.json("show", made["seq"])["data"]["split"] == 600_000
    assert "600000" in liuhen.ok("show", made["seq"]).out
    for part in made["parts"]:
        assert Path(part["path"]).stat().st_size == part["size"] <= 600_000
    assert made["parts"][0]["first"] == 1
    told = (out / "data/text/attachments.txt").read_text(encoding="utf-8")
    assert "parts/packet-1.pdf" in told
    assert liuhen("verify", "--against", out).code == 0
    small = ("packet", "--to", "nfra", "--split", "100KB", "-o", tmp_path / "small")
    assert liuhen.refused(*small) == "page-too-large 3"
    assert not (tmp_path / "small").exists()
    wrong = ("packet", "--to", "nfra", "--split", "5", "-o", tmp_path / "small")
    assert liuhen.refused(*wrong) == "value-malformed 2"


def test_own_lengths_of_the_paste_texts(
    liuhen: Liuhen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = tmp_path / "limits.toml"
    limits.write_text("[limits]\nfacts = 100\n", encoding="utf-8")
    liuhen.ok("packet", "--to", "nfra", "--limits", limits, "-o", tmp_path / "one")
    monkeypatch.setenv("LIUHEN_PASTE_LIMITS", str(limits))
    liuhen.ok("packet", "--to", "nfra", "-o", tmp_path / "two")
    for packet in liuhen.json("list", "--kind", "packet")["items"]:
        assert packet["data"]["limits"] == [{"name": "facts", "characters": 100}]
    for name in ("one", "two"):
        text = (tmp_path / name / "data/text/facts.txt").read_text(encoding="utf-8")
        assert len(text.rstrip("\n")) <= 100
    limits.write_text("[limits]\nfacts = 1\n", encoding="utf-8")
    assert liuhen.refused("packet", "--to", "nfra", "-o", tmp_path / "x") == "paste-limits 3"
    missing = ("--limits", tmp_path / "none.toml", "-o", tmp_path / "x")
    assert liuhen.refused("packet", "--to", "nfra", *missing) == "file-unreadable 3"
