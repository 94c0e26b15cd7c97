"""``liuhen tag``."""

import pytest
from PIL import Image

from evidence.law import load_rules
from tests.cli.conftest import COLLECTOR, ESCAPES, LENDER, Liuhen, World

CONDUCTS = load_rules().conducts


@pytest.mark.parametrize("conduct", CONDUCTS)
def test_every_conduct_of_the_rules_can_be_tagged_by_id_and_by_its_chinese_word(
    liuhen: Liuhen, world: World, conduct: str
) -> None:
    for written in (conduct, CONDUCTS[conduct].label):
        seq = liuhen.json("tag", world.call, written)["seq"]
        assert liuhen.json("show", seq)["data"]["conduct"] == conduct


def test_a_tag_says_on_what_and_for_whom_it_counts(liuhen: Liuhen, world: World) -> None:
    made = liuhen.json("tag", world.call, "threat", "--quote", "等着")
    assert set(made) == {"seq", "on", "respondent"}
    assert made["on"] == world.call
    assert made["respondent"] == world.lender


def test_a_place_may_be_written_in_several_ways(liuhen: Liuhen, world: World) -> None:
    for first, last in (("0:00.5", "0:01.5"), ("0.5", "1.5"), ("0:00:00.5", "00：01.500")):
        seq = liuhen.json("tag", world.call, "threat", "--from", first, "--to", last)["seq"]
        span = liuhen.json("show", seq)["data"]["span"]
        assert span == {"start_ms": 500, "end_ms": 1500}


@pytest.mark.parametrize(
    ("first", "last"),
    [("0:01", "0:02"), ("0:01", "0:01"), ("0:01", "0:00.5"), ("9:00", "9:01")],
    ids=["beyond", "empty", "reversed", "outside"],
)
def test_a_wrong_passage_is_refused_with_the_allowed_range(
    liuhen: Liuhen, world: World, first: str, last: str
) -> None:
    given = ("tag", world.call, "threat", "--from", first, "--to", last)
    assert liuhen.refused(*given) == "span-outside 3"
    error = liuhen(*given, "--json").json["error"]
    assert (error["first"], error["last"]) == ("00:00", "00:01.500")
    assert error["last"] in liuhen(*given).err


def test_one_end_of_a_passage_is_a_usage_error(liuhen: Liuhen, world: World) -> None:
    assert liuhen.refused("tag", world.call, "threat", "--from", "0:01") == "usage 2"


def test_a_passage_of_a_picture_is_refused(liuhen: Liuhen, world: World) -> None:
    given = ("tag", world.screenshot, "threat", "--from", "0:00", "--to", "0:01")
    assert liuhen.refused(*given) == "span-not-applicable 3"


def test_a_region_inside_the_picture_is_kept(liuhen: Liuhen, world: World) -> None:
    seq = liuhen.json("tag", world.screenshot, "insult", "--region", "10,20,30,40")["seq"]
    region = liuhen.json("show", seq)["data"]["region"]
    assert region == {"left": 10, "top": 20, "width": 30, "height": 40}


def test_a_region_of_a_turned_picture_is_what_the_person_sees(liuhen: Liuhen, world: World) -> None:
    turned = world.case.parent / "turned.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (200, 120), "white").save(turned, exif=exif)
    on = liuhen.json("import", turned)["seq"]
    assert liuhen.refused("tag", on, "insult", "--region", "0,0,200,120") == "region-outside 3"
    seq = liuhen.json("tag", on, "insult", "--region", "10,20,30,40")["seq"]
    kept = liuhen.json("show", seq)["data"]["region"]
    assert kept == {"left": 20, "top": 80, "width": 40, "height": 30}
    assert "10,20,30,40" in liuhen.ok("show", seq).out
    assert "10,20,30,40" in liuhen.ok("list", "--kind", "tag").out


@pytest.mark.parametrize("box", ["100,0,21,10", "0,0,0,10", "0,190,10,11"])
def test_a_region_outside_the_picture_is_refused_with_its_size(
    liuhen: Liuhen, world: World, box: str
) -> None:
    given = ("tag", world.screenshot, "insult", "--region", box)
    assert liuhen.refused(*given) == "region-outside 3"
    error = liuhen(*given, "--json").json["error"]
    assert (error["width"], error["height"]) == (120, 200)


@pytest.mark.parametrize("box", ["1,2,3", "a,b,c,d", "-1,0,5,5", ""])
def test_what_is_no_region_is_a_usage_error(liuhen: Liuhen, world: World, box: str) -> None:
    given = ("tag", world.screenshot, "insult", "--region", box)
    assert liuhen.refused(*given) == "value-malformed 2"


def test_a_withdrawn_exhibit_cannot_be_tagged(liuhen: Liuhen, world: World) -> None:
    liuhen.ok("withdraw", world.call, "--reason", "不是这个")
    assert liuhen.refused("tag", world.call, "threat") == "withdrawn 3"


def test_an_unknown_entry_cannot_be_tagged(liuhen: Liuhen) -> None:
    assert liuhen.refused("tag", 999, "threat") == "seq-unknown 3"


def test_a_respondent_cannot_be_tagged(liuhen: Liuhen, world: World) -> None:
    assert liuhen.refused("tag", world.lender, "threat") == "wrong-kind 3"


def test_an_unknown_conduct_is_answered_with_all_of_them(liuhen: Liuhen, world: World) -> None:
    assert liuhen.refused("tag", world.call, "rude") == "conduct-unknown 3"
    told = liuhen("tag", world.call, "rude").err
    assert set(CONDUCTS) <= {line.split()[0] for line in told.splitlines()[2:]}, told


def test_what_is_no_entry_number_is_a_usage_error(liuhen: Liuhen) -> None:
    assert liuhen.refused("tag", "第一个", "threat") == "value-malformed 2"


def test_a_number_may_be_written_as_it_is_shown(liuhen: Liuhen, world: World) -> None:
    assert liuhen.json("tag", f"#{world.call}", "threat")["on"] == world.call


def test_a_tag_that_counts_for_nobody_is_said(liuhen: Liuhen, world: World) -> None:
    result = liuhen.ok("tag", world.screenshot, "insult", "--quote", "老赖")
    assert "--respondent" in result.err
    assert liuhen.json("tag", world.screenshot, "insult")["respondent"] is None
    owned = liuhen.json("tag", world.screenshot, "insult", "--respondent", LENDER)
    assert owned["respondent"] == world.lender


def test_the_list_of_conducts_needs_no_case(empty: Liuhen) -> None:
    listed = empty.json("tag", "--list")["conducts"]
    assert {row["id"]: row["label"] for row in listed} == {i: c.label for i, c in CONDUCTS.items()}
    assert all(conduct in empty.ok("tag", "--list").out for conduct in CONDUCTS)


def test_escape_sequences_in_a_quotation_never_reach_the_terminal(
    liuhen: Liuhen, world: World
) -> None:
    result = liuhen.ok("tag", world.call, "threat", "--quote", f"前{ESCAPES}后")
    for shown in (result, liuhen.ok("show", world.call), liuhen.ok("list"), liuhen.ok("timeline")):
        assert not set(shown.out + shown.err) & set("\x1b\x07\x9b\u202e")


def test_a_number_that_belongs_to_a_lender_later_makes_the_tag_count(
    liuhen: Liuhen, world: World
) -> None:
    liuhen.ok("number", COLLECTOR, "--role", "other")
    assert liuhen.json("tag", world.call, "threat")["respondent"] is None
    liuhen.ok("number", COLLECTOR, "--respondent", LENDER)
    assert liuhen.json("tag", world.call, "threat")["respondent"] == world.lender


def test_person_who_was_contacted_is_kept_by_the_entry_that_states_the_number(
    liuhen: Liuhen, world: World
) -> None:
    number = liuhen.json("number", "138-0000-0004", "--role", "family", "--name", "母亲")["seq"]
    given = ("tag", world.call, "third_party_contact", "--contacted", "+86 13800000004")
    seq = liuhen.json(*given)["seq"]
    data = liuhen.json("show", seq)["data"]
    assert data["contacted"] == number
    assert "13800000004" not in str(data)
    assert "13800000004" in liuhen("show", seq).out


def test_contacted_person_must_be_known_as_family_colleague_or_friend(
    liuhen: Liuhen, world: World
) -> None:
    for number in (COLLECTOR, "13800000099", "x"):
        given = ("tag", world.call, "disclose_debt", "--contacted", number)
        assert liuhen.refused(*given) == "not-a-third-person 3"
