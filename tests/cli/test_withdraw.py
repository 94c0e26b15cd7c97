"""``liuhen withdraw``."""

from tests.cli.conftest import ESCAPES, Liuhen, World


def test_a_withdrawn_entry_stays_readable_and_names_its_withdrawal(
    liuhen: Liuhen, world: World
) -> None:
    made = liuhen.json("withdraw", world.tag, "--reason", "标错了")
    assert made["target"] == world.tag
    shown = liuhen.json("show", world.tag)
    assert shown["withdrawn_by"] == made["seq"]
    assert shown["data"]["quote"] == "等着"
    assert "标错了" in liuhen.ok("show", world.tag).out
    assert liuhen.intact()


def test_a_withdrawn_entry_leaves_the_timeline_but_not_the_list(
    liuhen: Liuhen, world: World
) -> None:
    liuhen.ok("withdraw", world.tag, "--reason", "标错了")
    assert world.tag not in {e["seq"] for e in liuhen.json("timeline")["events"]}
    assert world.tag in {i["seq"] for i in liuhen.json("list")["items"]}


def test_the_same_entry_cannot_be_withdrawn_twice(liuhen: Liuhen, world: World) -> None:
    liuhen.ok("withdraw", world.tag, "--reason", "标错了")
    assert liuhen.refused("withdraw", world.tag, "--reason", "又错了") == "withdrawn 3"


def test_a_withdrawal_needs_a_reason(liuhen: Liuhen, world: World) -> None:
    assert liuhen.refused("withdraw", world.tag) == "usage 2"
    assert liuhen.refused("withdraw", world.tag, "--reason", " ") == "nothing-requested 2"


def test_an_unknown_entry_cannot_be_withdrawn(liuhen: Liuhen) -> None:
    assert liuhen.refused("withdraw", 999, "--reason", "标错了") == "seq-unknown 3"


def test_the_case_itself_cannot_be_withdrawn(liuhen: Liuhen) -> None:
    assert liuhen.refused("withdraw", 0, "--reason", "标错了") == "wrong-kind 3"


def test_where_nobody_can_be_asked_nobody_is_asked(liuhen: Liuhen, world: World) -> None:
    assert "?" not in liuhen.ok("withdraw", world.tag, "--reason", "标错了").err


def test_escape_sequences_in_a_reason_never_reach_the_terminal(
    liuhen: Liuhen, world: World
) -> None:
    liuhen.ok("withdraw", world.tag, "--reason", f"因{ESCAPES}为")
    for command in (("show", world.tag), ("list",), ("show", liuhen.size() - 1)):
        result = liuhen.ok(*command)
        assert not set(result.out + result.err) & set("\x1b\x07\x9b\u202e"), command
