"""``liuhen dismiss``: a suggestion that is not taken up stays in the log and is not made again."""

import pytest

from tests.cli.conftest import Liuhen, World


@pytest.fixture
def suggestions(liuhen: Liuhen, world: World) -> list[int]:
    """Return the suggestions that two typed lines give."""
    for text in ("再不还钱就打断你的腿", "明天就把你的照片发到你家小区群里"):
        liuhen.ok("transcript", "add", world.call, text)
    found = [s["seq"] for s in liuhen.json("suggest")["suggestions"] if s.get("conduct")]
    assert len(found) >= 2
    return found


def listed(liuhen: Liuhen, *more: str) -> set[int]:
    return {s["seq"] for s in liuhen.json("suggest", *more)["suggestions"]}


def test_dismissed_suggestions_do_not_come_back(liuhen: Liuhen, suggestions: list[int]) -> None:
    size = liuhen.size()
    rows = liuhen.ok("dismiss", *suggestions[:2], "--json").json_lines
    assert [row["suggestion"] for row in rows] == suggestions[:2]
    assert liuhen.size() == size + 2
    assert not listed(liuhen, "--list") & set(suggestions[:2])
    left = listed(liuhen)
    assert left == set(suggestions[2:])
    assert liuhen.intact()


def test_it_stays_in_the_log(liuhen: Liuhen, suggestions: list[int]) -> None:
    liuhen.ok("dismiss", suggestions[0])
    assert liuhen.json("show", suggestions[0])["kind"] == "suggestion"


def test_dismissed_suggestion_can_be_neither_confirmed_nor_dismissed(
    liuhen: Liuhen, suggestions: list[int]
) -> None:
    liuhen.ok("dismiss", suggestions[0])
    assert liuhen.refused("confirm", suggestions[0]) == liuhen.refused("dismiss", suggestions[0])


def test_what_is_no_suggestion_is_refused(liuhen: Liuhen, world: World) -> None:
    assert liuhen.refused("dismiss", world.tag) == "wrong-kind 3"
    assert liuhen.refused("dismiss", 999) == "seq-unknown 3"
