"""``liuhen erase``."""

import pytest

from tests.cli.conftest import ESCAPES, Liuhen, World

ALL = ("--with-dependents", "--yes")


def test_an_erased_record_is_gone_and_says_so_everywhere(liuhen: Liuhen, world: World) -> None:
    made = liuhen.json("erase", world.call, "--reason", "误导入", *ALL)
    gone = {e["seq"] for e in made["erased"]}
    assert gone == {world.call, world.tag, world.note}
    by = {e["seq"]: e["by"] for e in made["erased"]}[world.call]
    assert liuhen.json("show", world.call)["erased_by"] == by
    assert "误导入" in liuhen.ok("show", world.call).out
    items = {i["seq"]: i for i in liuhen.json("list")["items"]}
    assert not gone & set(items)
    assert items[by]["data"]["target"] == world.call
    assert gone.isdisjoint({e["seq"] for e in liuhen.json("timeline")["events"]})
    assert liuhen.refused("export", world.call, "-o", liuhen.case.parent / "out") == "erased 3"
    assert liuhen.refused("tag", world.call, "threat") == "erased 3"
    report = liuhen.json("verify")
    assert report["verdict"] == "INTACT"
    assert {e["seq"]: e["reason"] for e in report["erased"]} == dict.fromkeys(gone, "误导入")
    assert "误导入" in liuhen.ok("verify").out


def test_the_same_file_can_be_imported_again(liuhen: Liuhen, world: World) -> None:
    liuhen.ok("erase", world.call, "--reason", "误导入", *ALL)
    again = liuhen.ok("import", world.sound, "--json").json
    assert again["status"] == "imported"
    assert again["seq"] > world.call
    assert liuhen.intact()


def test_what_speaks_of_it_is_named_and_not_left_behind(liuhen: Liuhen, world: World) -> None:
    assert (
        liuhen.refused("erase", world.call, "--reason", "误导入", "--yes") == "erase-dependents 3"
    )
    told = liuhen("erase", world.call, "--reason", "误导入", "--yes").err
    assert f"#{world.tag} " in told
    assert f"#{world.note} " in told


def test_a_dry_run_erases_nothing(liuhen: Liuhen, world: World) -> None:
    before = liuhen.case.read_bytes()
    said = liuhen.json("erase", world.call, "--reason", "误导入", "--dry-run")
    assert {e["by"] for e in said["erased"]} == {None}
    assert liuhen.case.read_bytes() == before


def test_where_nobody_can_be_asked_nothing_is_erased_without_yes(
    liuhen: Liuhen, world: World
) -> None:
    assert liuhen.refused("erase", world.screenshot, "--reason", "误导入") == "usage 2"


def test_an_erasure_needs_a_reason(liuhen: Liuhen, world: World) -> None:
    assert liuhen.refused("erase", world.call) == "usage 2"
    assert liuhen.refused("erase", world.call, "--reason", " ", *ALL) == "nothing-requested 2"


@pytest.mark.parametrize("number", [0, 999])
def test_the_case_itself_and_what_is_not_there_cannot_be_erased(
    liuhen: Liuhen, number: int
) -> None:
    code = "not-erasable 3" if number == 0 else "seq-unknown 3"
    assert liuhen.refused("erase", number, "--reason", "误导入", *ALL) == code


def test_an_erasure_and_an_erased_record_cannot_be_erased(liuhen: Liuhen, world: World) -> None:
    by = liuhen.json("erase", world.note, "--reason", "误导入", *ALL)["erased"][0]["by"]
    assert liuhen.refused("erase", by, "--reason", "误导入", *ALL) == "not-erasable 3"
    assert liuhen.refused("erase", world.note, "--reason", "误导入", *ALL) == "erased 3"


def test_escape_sequences_in_a_reason_never_reach_the_terminal(
    liuhen: Liuhen, world: World
) -> None:
    made = liuhen("erase", world.note, "--reason", f"因{ESCAPES}为", *ALL)
    for result in (made, liuhen("show", world.note), liuhen("list"), liuhen("verify")):
        assert not set(result.out + result.err) & set("\x1b\x07\x9b\u202e")
