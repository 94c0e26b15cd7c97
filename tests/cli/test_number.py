"""``liuhen number``."""

import pytest

from tests.cli.conftest import COLLECTOR, LENDER, SAMPLES, Liuhen, World


def test_a_number_of_a_respondent_is_a_collectors_unless_said_otherwise(
    liuhen: Liuhen, world: World
) -> None:
    said = liuhen.json("number", "13800000012", "--respondent", "甲某")
    assert set(said) == {"seq", "number", "role", "respondent", "name", "exhibits", "rows"}
    assert said["role"] == "collector"
    assert said["respondent"] == world.lender
    assert said["exhibits"] == []


def test_the_exhibits_from_the_number_are_named(liuhen: Liuhen, world: World) -> None:
    said = liuhen.json("number", COLLECTOR, "--respondent", LENDER)
    assert said["exhibits"] == [world.call]


@pytest.mark.parametrize("written", ["+86 138 0000 0012", "138-0000-0012", "8613800000012"])
def test_a_number_is_one_number_however_it_is_written(liuhen: Liuhen, written: str) -> None:
    said = liuhen.json("number", written, "--role", "family")
    assert said["number"] == "13800000012"


def test_a_role_can_be_said_in_chinese(liuhen: Liuhen) -> None:
    assert liuhen.json("number", "13800000012", "--role", "家人")["role"] == "family"


def test_neither_role_nor_respondent_is_nothing_to_save(liuhen: Liuhen) -> None:
    assert liuhen.refused("number", "13800000012") == "nothing-requested 2"


def test_an_unknown_role_is_answered_with_all_roles(liuhen: Liuhen) -> None:
    assert liuhen.refused("number", "13800000012", "--role", "boss") == "value-malformed 2"
    assert "colleague" in liuhen("number", "13800000012", "--role", "boss").err


def test_what_is_no_number_is_refused(liuhen: Liuhen) -> None:
    assert liuhen.refused("number", "李经理", "--role", "family") == "value-malformed 2"


def test_an_unknown_respondent_is_refused(liuhen: Liuhen) -> None:
    given = ("number", "13800000012", "--respondent", "无此")
    assert liuhen.refused(*given) == "respondent-unknown 3"


def test_stored_exports_are_read_again_for_the_number(liuhen: Liuhen) -> None:
    (bill,) = (SAMPLES / "demo" / "files" / "电脑").glob("*.csv")
    first = liuhen.ok("import", bill, "--json").json["rows"]
    wanted = next(n["calls"] for n in first["numbers"] if n["number"] == "075500000011")
    said = liuhen.json("number", "0755-00000011", "--respondent", LENDER)
    assert said["rows"] == wanted > 0
    found = liuhen.json("list", "--kind", "record")["items"]
    assert sum(r["data"]["party"]["number"] == "075500000011" for r in found) == wanted
    assert liuhen.json("number", "0755-00000011", "--respondent", LENDER)["rows"] == 0
    assert liuhen.intact()


def test_number_of_the_family_takes_no_rows(liuhen: Liuhen) -> None:
    (bill,) = (SAMPLES / "demo" / "files" / "电脑").glob("*.csv")
    liuhen.ok("import", bill)
    assert liuhen.json("number", "13800000004", "--role", "family")["rows"] == 0
