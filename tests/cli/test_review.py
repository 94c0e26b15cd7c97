"""``liuhen review``, and the same list before a packet is made."""

from pathlib import Path

from tests.cli.conftest import LENDER, Liuhen, World


def test_review_lists_points_and_changes_nothing(liuhen: Liuhen, world: World) -> None:
    before = liuhen.case.read_bytes()
    said = liuhen.json("review", "--to", "12378")
    codes = {item["code"]: item for item in said["review"]}
    assert {"severity", "text", "seqs", "command"} <= set(codes["identity-missing"])
    assert liuhen.case.read_bytes() == before


def test_review_of_a_respondent_without_a_mark_is_refused(liuhen: Liuhen, world: World) -> None:
    liuhen.ok("withdraw", world.tag, "--reason", "标错了")
    assert liuhen.refused("review", "--to", "12378") == "finding-missing 3"


def test_review_is_kept_with_the_packet_and_not_given_away(liuhen: Liuhen, tmp_path: Path) -> None:
    liuhen.ok("note", "我就是不还，随便你们", "--respondent", LENDER)
    told = liuhen.json("review", "--to", "nfra")["review"]
    assert "own-words" in {item["code"] for item in told}
    out = tmp_path / "packet"
    made = liuhen.json("packet", "--to", "nfra", "-o", out)
    assert made["review"] == told
    kept = liuhen.json("show", made["seq"])["data"]["review"]
    assert [(i["code"], i["severity"]) for i in kept] == [(i["code"], i["severity"]) for i in told]
    assert [i.get("seqs", []) for i in kept] == [i["seqs"] for i in told]
    everything = b"".join(p.read_bytes() for p in out.rglob("*") if p.is_file())
    assert "要先看一遍".encode() not in everything
    assert b"own-words" not in everything
    assert b'"kind":"packet"' not in everything


def test_what_the_case_keeps_of_a_review_has_no_words_that_could_be_erased(
    liuhen: Liuhen, tmp_path: Path
) -> None:
    liuhen.ok("number", "13800000004", "--role", "family", "--name", "王某某")
    seq = int(
        liuhen.json("note", "我就是不还，随便你们，别打 13800000004", "--respondent", LENDER)["seq"]
    )
    made = liuhen.json("packet", "--to", "nfra", "-o", tmp_path / "packet")
    told = {item["code"]: item["text"] for item in made["review"]}
    assert "就是不还" in told["own-words"]
    assert str(seq) in told["hidden-words"]
    kept = str(liuhen.json("show", made["seq"])["data"]["review"])
    assert "就是不还" not in kept
    assert "13800000004" not in kept


def test_the_list_is_shown_on_stderr_before_a_packet_is_made(
    liuhen: Liuhen, tmp_path: Path
) -> None:
    told = liuhen.json("review", "--to", "nfra")["review"]
    made = liuhen("packet", "--to", "nfra", "--yes", "-o", tmp_path / "packet")
    assert made.code == 0
    assert all(item["text"] in made.err for item in told)
    assert not any(item["text"] in made.out for item in told)
