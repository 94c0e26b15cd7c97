"""``liuhen submitted``: what was handed in, and what came back."""

from pathlib import Path

import pytest

from tests.cli.conftest import LENDER, Liuhen


@pytest.fixture
def packet(liuhen: Liuhen, tmp_path: Path) -> int:
    made = liuhen.json("packet", "--to", "12378", "-o", tmp_path / "packet")
    return int(made["seq"])


def test_without_options_the_latest_packet_was_handed_in_today(liuhen: Liuhen, packet: int) -> None:
    said = liuhen.json("submitted", "--receipt", "R-1", "--operator", "0315", "--how", "电话")
    assert (said["event"], said["packet"], said["channel"]) == ("submitted", packet, "12378")
    assert said["occurred"]["precision"] == "day"
    kept = liuhen.json("show", said["seq"])
    assert kept["kind"] == "submission"
    assert kept["data"]["receipt"] == "R-1"
    listed = liuhen.json("list", "--kind", "submission")["items"]
    assert [item["seq"] for item in listed] == [said["seq"]]
    assert "R-1" in liuhen.ok("show", said["seq"]).out


def test_what_came_back_belongs_to_the_only_submission(liuhen: Liuhen, packet: int) -> None:
    of = liuhen.json("submitted")["seq"]
    said = liuhen.json("submitted", "--event", "forwarded", "--note", "短信通知")
    assert (said["of"], said["channel"]) == (of, "12378")
    by_word = liuhen.json("submitted", "--event", "已答复", "--of", said["seq"])
    assert (by_word["event"], by_word["of"]) == ("answered", of)


def test_the_same_packet_is_not_handed_in_twice_by_mistake(liuhen: Liuhen, packet: int) -> None:
    liuhen.ok("submitted")
    assert liuhen.refused("submitted") == "submitted-before 3"
    liuhen.ok("submitted", "--packet", packet)


def test_days_ahead_or_before_the_packet_are_refused(liuhen: Liuhen, packet: int) -> None:
    assert liuhen.refused("submitted", "--at", "2099-01-01") == "submission-day 2"
    assert liuhen.refused("submitted", "--at", "2026-01-01") == "packet-missing 3"
    given = ("submitted", "--packet", packet, "--at", "2026-01-01")
    assert liuhen.refused(*given) == "submission-day 2"
    liuhen.ok("submitted")
    given = ("submitted", "--event", "answered", "--at", "2026-01-01")
    assert liuhen.refused(*given) == "submission-day 2"


def test_what_was_handed_in_without_a_packet_names_channel_and_respondent(
    liuhen: Liuhen,
) -> None:
    assert liuhen.refused("submitted") == "packet-missing 3"
    given = ("--to", "12378", "--respondent", LENDER, "--at", "2026-10-20")
    said = liuhen.json("submitted", *given)
    assert "packet" not in said
    assert said["occurred"]["value"] == "2026-10-20"


def test_without_or_with_several_submissions_an_event_is_unclear(
    liuhen: Liuhen, packet: int
) -> None:
    assert liuhen.refused("submitted", "--event", "answered") == "submission-unclear 3"
    first = liuhen.json("submitted")["seq"]
    liuhen.ok("submitted", "--packet", packet)
    assert liuhen.refused("submitted", "--event", "answered") == "submission-unclear 3"
    assert liuhen.json("submitted", "--event", "answered", "--of", first)["of"] == first


def test_a_submission_can_be_withdrawn(liuhen: Liuhen, packet: int) -> None:
    seq = liuhen.json("submitted")["seq"]
    liuhen.ok("withdraw", seq, "--reason", "没有打通")
    assert liuhen.json("deadlines")["deadlines"] == []
    liuhen.ok("submitted")


def test_only_a_packet_can_be_handed_in(liuhen: Liuhen, packet: int) -> None:
    assert liuhen.refused("submitted", "--packet", 1) == "wrong-kind 3"


def test_the_next_packet_adds_to_what_was_handed_in_unless_told_otherwise(
    liuhen: Liuhen, packet: int, tmp_path: Path
) -> None:
    liuhen.ok("submitted", "--receipt", "R-9")
    given = ("packet", "--to", "12378")
    assert "supplement" in {i["code"] for i in liuhen.json("review", "--to", "12378")["review"]}
    assert "supplement" not in {
        i["code"] for i in liuhen.json("review", "--to", "12378", "--fresh")["review"]
    }
    added = liuhen.json(*given, "-o", tmp_path / "added")
    assert added["supplements"] == packet
    assert not any(e["new"] for e in added["exhibits"])
    fresh = liuhen.json(*given, "--fresh", "-o", tmp_path / "fresh")
    assert fresh["supplements"] is None
    other = liuhen.json("packet", "--to", "nfra", "--supplement", packet, "-o", tmp_path / "other")
    assert other["supplements"] == packet
    both = (*given, "--fresh", "--supplement", packet, "-o", tmp_path / "both")
    assert liuhen.refused(*both) == "usage 2"
    wrong = (*given, "--supplement", 1, "-o", tmp_path / "wrong")
    assert liuhen.refused(*wrong) == "supplement-other 3"
