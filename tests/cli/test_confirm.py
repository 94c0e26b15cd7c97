"""``liuhen confirm``: a suggestion becomes a tag once the person says so."""

from typing import Any

import pytest

from tests.cli.conftest import Liuhen, World

THREAT = "再不还钱就打断你的腿"


@pytest.fixture
def suggestion(liuhen: Liuhen, world: World) -> dict[str, Any]:
    """Return the suggestion that a typed line gives."""
    given = ("--from", "0:00.2", "--to", "0:01")
    liuhen.ok("transcript", "add", world.call, THREAT, *given)
    found = [s for s in liuhen.json("suggest")["suggestions"] if s.get("conduct") == "threat"]
    assert len(found) == 1
    return dict(found[0])


def open_seqs(liuhen: Liuhen) -> set[int]:
    return {s["seq"] for s in liuhen.json("suggest", "--list")["suggestions"]}


def test_tag_has_the_place_and_words_of_the_suggestion_and_names_it(
    liuhen: Liuhen, world: World, suggestion: dict[str, Any]
) -> None:
    told = liuhen.json("confirm", suggestion["seq"])
    assert told["suggestion"] == suggestion["seq"]
    tag = liuhen.json("show", told["seq"])["data"]
    assert (tag["on"], tag["conduct"]) == (world.call, "threat")
    assert tag["quote"] == suggestion["quote"]
    assert tag["quote"] in THREAT
    assert tag["span"] == suggestion["span"]
    assert tag["suggestion"] == suggestion["seq"]
    assert liuhen.intact()


def test_suggestion_alone_is_no_tag(liuhen: Liuhen, suggestion: dict[str, Any]) -> None:
    before = len(liuhen.json("list", "--kind", "tag")["items"])
    assert before == 1
    liuhen.ok("confirm", suggestion["seq"])
    assert len(liuhen.json("list", "--kind", "tag")["items"]) == 2


def test_confirmed_suggestion_is_open_no_more_and_not_made_again(
    liuhen: Liuhen, suggestion: dict[str, Any]
) -> None:
    liuhen.ok("confirm", suggestion["seq"])
    assert suggestion["seq"] not in open_seqs(liuhen)
    assert not [s for s in liuhen.json("suggest")["suggestions"] if s.get("conduct") == "threat"]


def test_person_can_choose_another_conduct(liuhen: Liuhen, suggestion: dict[str, Any]) -> None:
    told = liuhen.json("confirm", suggestion["seq"], "--conduct", "insult")
    assert liuhen.json("show", told["seq"])["data"]["conduct"] == "insult"


def test_suggestion_is_confirmed_once(liuhen: Liuhen, suggestion: dict[str, Any]) -> None:
    liuhen.ok("confirm", suggestion["seq"])
    assert liuhen.refused("confirm", suggestion["seq"]).startswith("suggestion-confirmed")


def test_it_can_be_confirmed_again_after_its_tag_was_withdrawn(
    liuhen: Liuhen, suggestion: dict[str, Any]
) -> None:
    tag = liuhen.json("confirm", suggestion["seq"])["seq"]
    liuhen.ok("withdraw", tag, "--reason", "点错了")
    assert suggestion["seq"] in open_seqs(liuhen)
    liuhen.ok("confirm", suggestion["seq"])


def test_what_is_no_suggestion_or_no_conduct_is_refused(
    liuhen: Liuhen, world: World, suggestion: dict[str, Any]
) -> None:
    seq = suggestion["seq"]
    assert liuhen.refused("confirm", world.call) == "wrong-kind 3"
    assert liuhen.refused("confirm", 999) == "seq-unknown 3"
    assert liuhen.refused("confirm", seq, "--conduct", "no-such").startswith("conduct-unknown")
    assert liuhen.refused("confirm", seq, seq, "--conduct", "threat") == "usage 2"
    assert liuhen.refused("confirm")


def test_warning_about_ones_own_words_is_no_conduct_of_theirs(liuhen: Liuhen, world: World) -> None:
    liuhen.ok("transcript", "add", world.call, "你他妈的就是个畜生", "--speaker", "我")
    own = [s for s in liuhen.json("suggest")["suggestions"] if not s.get("conduct")]
    assert own
    assert liuhen.refused("confirm", own[0]["seq"])
