"""``liuhen list``."""

import enum

from cli.display import width
from evidence.store.case_file import CaseFile
from tests.cli.conftest import LENDER, Liuhen, World


class Later(enum.StrEnum):
    """Kinds of a version to come."""

    SOMETHING = "kind_of_2030"


def test_every_entry_but_the_case_itself_is_listed_in_order(liuhen: Liuhen) -> None:
    listed = liuhen.json("list")
    assert set(listed) == {"case_id", "clock_set_back", "entries", "items", "unknown_kinds"}
    assert [item["seq"] for item in listed["items"]] == list(range(1, listed["entries"]))
    wanted = {"seq", "kind", "recorded_at", "withdrawn_by", "respondent", "data"}
    assert all(set(item) - {"anchor"} == wanted for item in listed["items"])
    anchored = {item["kind"] for item in listed["items"] if "anchor" in item}
    assert anchored == {"exhibit"}


def test_one_kind_only_by_id_or_by_its_chinese_word(liuhen: Liuhen, world: World) -> None:
    for kind in ("exhibit", "证据"):
        items = liuhen.json("list", "--kind", kind)["items"]
        assert {item["seq"] for item in items} == {world.call, world.screenshot}
    both = liuhen.json("list", "--kind", "tag", "--kind", "note")["items"]
    assert [item["seq"] for item in both] == [world.tag, world.note]


def test_one_respondent_only(liuhen: Liuhen, world: World) -> None:
    items = liuhen.json("list", "--respondent", LENDER)["items"]
    assert all(item["respondent"] == world.lender for item in items)
    assert {world.lender, world.call, world.tag} <= {item["seq"] for item in items}
    assert world.screenshot not in {item["seq"] for item in items}


def test_the_columns_of_the_table_are_aligned(liuhen: Liuhen) -> None:
    head, *rows = liuhen.ok("list").out.splitlines()
    column = width(head[: head.index("种类")])
    for row in rows:
        left = next(n for n in range(len(row)) if width(row[:n]) == column)
        assert row[left - 1] == " " != row[left]


def test_an_unknown_kind_or_respondent_is_refused(liuhen: Liuhen) -> None:
    assert liuhen.refused("list", "--kind", "sms") == "value-malformed 2"
    assert liuhen.refused("list", "--respondent", "无此") == "respondent-unknown 3"


def test_a_new_case_lists_nothing_and_says_what_to_run(empty: Liuhen) -> None:
    empty.ok("init")
    result = empty.ok("list")
    assert result.out == ""
    assert "liuhen import" in result.err


def test_entries_of_a_later_version_are_told_as_not_listed(liuhen: Liuhen) -> None:
    said = liuhen.ok("list").err
    assert liuhen.json("list")["unknown_kinds"] == {}
    with CaseFile.open_append(liuhen.case, clock=liuhen.clock) as case:
        for _ in range(2):
            case.append(Later.SOMETHING, {"target": 1})  # type: ignore[arg-type]  # not yet a Kind
    assert liuhen.json("list")["unknown_kinds"] == {"kind_of_2030": 2}
    more = liuhen.ok("list")
    assert more.err != said
    assert "2" in more.err.replace(said, "")


def test_listing_changes_no_byte_of_the_case(liuhen: Liuhen) -> None:
    before = liuhen.case.read_bytes()
    liuhen.ok("list")
    assert liuhen.case.read_bytes() == before
