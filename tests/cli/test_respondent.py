"""``liuhen respondent add`` and ``list``."""

import pytest

from evidence.law import load_rules
from tests.cli.conftest import LENDER, Liuhen

TYPES = load_rules().respondent_types


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_of_the_rules_can_be_added_by_id_and_by_its_chinese_word(
    liuhen: Liuhen, kind: str
) -> None:
    by_id = liuhen.json("respondent", "add", "乙某", "--type", kind)
    by_word = liuhen.json("respondent", "add", "丁某", "--type", TYPES[kind].label)
    assert by_id["type"] == by_word["type"] == kind
    assert by_id["supervised_by_12378"] == TYPES[kind].supervised_by_12378
    assert by_id["addressee"] == TYPES[kind].addressee


@pytest.mark.parametrize("kind", TYPES)
def test_whom_12378_does_not_supervise_is_said_at_once(liuhen: Liuhen, kind: str) -> None:
    told = liuhen.ok("respondent", "add", "乙某", "--type", kind).err
    assert (TYPES[kind].addressee in told) is not TYPES[kind].supervised_by_12378


def test_update_keeps_what_is_not_given_and_the_old_entry(liuhen: Liuhen) -> None:
    before = liuhen.json("respondent", "list")["respondents"][0]
    liuhen.ok("respondent", "add", LENDER, "--update", "--contract", "JX-1", "--rate", "24%")
    (after,) = liuhen.json("respondent", "list")["respondents"]
    assert after["contract_no"] == "JX-1"
    assert after["annual_rate"] == "24%"
    assert after["type"] == before["type"]
    assert "contract_no" not in liuhen.json("show", before["seq"])["data"]


def test_the_same_name_twice_is_refused_without_update(liuhen: Liuhen) -> None:
    given = ("respondent", "add", LENDER, "--type", "bank")
    assert liuhen.refused(*given) == "respondent-exists 3"


def test_updating_an_unknown_name_is_refused(liuhen: Liuhen) -> None:
    assert liuhen.refused("respondent", "add", "无此", "--update") == "respondent-unknown 3"


def test_a_missing_type_is_answered_with_all_types(liuhen: Liuhen) -> None:
    assert liuhen.refused("respondent", "add", "乙某") == "usage 2"
    told = liuhen("respondent", "add", "乙某").err
    assert all(kind in told for kind in TYPES)


def test_an_unknown_type_is_answered_with_all_types(liuhen: Liuhen) -> None:
    assert liuhen.refused("respondent", "add", "乙某", "--type", "shop") == "value-malformed 2"
    told = liuhen("respondent", "add", "乙某", "--type", "shop").err
    assert all(kind in told for kind in TYPES)


def test_the_list_names_each_with_its_number(liuhen: Liuhen) -> None:
    added = liuhen.json("respondent", "add", "乙某", "--type", "bank")
    shown = liuhen.ok("respondent", "list").out
    assert f"#{added['seq']}  乙某" in shown
    assert LENDER in shown


def test_an_empty_list_says_what_to_run(empty: Liuhen) -> None:
    empty.ok("init")
    result = empty.ok("respondent", "list")
    assert result.out == ""
    assert "liuhen respondent add" in result.err
    assert empty.json("respondent", "list") == {"respondents": []}


def test_respondent_alone_shows_its_help(liuhen: Liuhen) -> None:
    assert liuhen.ok("respondent").out == liuhen.ok("respondent", "--help").out
