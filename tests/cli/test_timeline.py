"""``liuhen timeline``."""

from tests.cli.conftest import CALL, LENDER, Liuhen, World


def test_events_stand_in_order_of_their_time_and_unknown_times_come_last(
    liuhen: Liuhen, world: World
) -> None:
    unknown = liuhen.ok("import", CALL, "--json").json["seq"]
    early = liuhen.json("note", "更早的一次", "--at", "2026-09-01 10:00")["seq"]
    seqs = [event["seq"] for event in liuhen.json("timeline")["events"]]
    assert seqs[0] == early
    assert seqs[-1] == unknown
    assert {world.call, world.screenshot, world.tag, world.note} <= set(seqs)


def test_a_tag_stands_at_the_time_of_its_exhibit(liuhen: Liuhen, world: World) -> None:
    events = {event["seq"]: event for event in liuhen.json("timeline")["events"]}
    assert events[world.tag]["occurred"] == events[world.call]["occurred"]


def test_only_exhibits_notes_and_tags_are_events(liuhen: Liuhen) -> None:
    kinds = {event["kind"] for event in liuhen.json("timeline")["events"]}
    assert kinds == {"exhibit", "note", "tag"}


def test_one_respondent_only(liuhen: Liuhen, world: World) -> None:
    events = liuhen.json("timeline", "--respondent", LENDER)["events"]
    assert {event["respondent"] for event in events} == {world.lender}
    assert liuhen.refused("timeline", "--respondent", "无此") == "respondent-unknown 3"


def test_each_day_is_a_heading_of_its_own(liuhen: Liuhen) -> None:
    lines = liuhen.ok("timeline").out.splitlines()
    days = [line for line in lines if not line.startswith(" ")]
    assert len(days) == len(set(days)) >= 1
