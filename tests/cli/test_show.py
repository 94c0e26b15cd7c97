"""``liuhen show``."""

import hashlib

from cli import labels
from evidence.core import phone
from evidence.store.case_file import CaseFile
from tests.cli.conftest import Liuhen, World


def test_every_entry_of_the_case_can_be_shown(liuhen: Liuhen) -> None:
    for seq in range(liuhen.size()):
        shown = liuhen.json("show", seq)
        assert shown["seq"] == seq
        assert liuhen.ok("show", seq).out.startswith("编号")


def test_the_leaf_is_the_hash_of_the_stored_body(liuhen: Liuhen, world: World) -> None:
    with CaseFile.open_read(liuhen.case) as case:
        body = case.body(world.call)
    shown = liuhen.json("show", world.call)
    assert shown["leaf"] == hashlib.sha256(b"\0" + body).hexdigest()
    assert liuhen.json("show", world.call + 1)["prev"] == shown["leaf"]


def test_an_exhibit_comes_with_what_was_said_about_it(liuhen: Liuhen, world: World) -> None:
    shown = liuhen.json("show", world.call)
    assert {line["seq"] for line in shown["about"]} == {world.tag, world.note}
    assert shown["respondent"] == world.lender
    assert shown["data"]["sha256"] in liuhen.ok("show", world.call).out


def test_a_picture_is_not_said_to_have_sound(liuhen: Liuhen, world: World) -> None:
    assert "声音" in liuhen.ok("show", world.call).out
    assert "声音" not in liuhen.ok("show", world.screenshot).out


def test_an_exhibit_shows_where_its_time_comes_from(liuhen: Liuhen, world: World) -> None:
    out = liuhen.ok("show", world.call).out
    assert "2026年10月14日 21:05:03" in out
    assert "时间依据" in out


def test_an_unknown_number_is_refused(liuhen: Liuhen) -> None:
    assert liuhen.refused("show", 999) == "seq-unknown 3"
    assert liuhen.refused("show", "abc") == "value-malformed 2"
    assert liuhen.refused("show", 10**14) == "seq-unknown 3"


def test_too_many_arguments_are_a_usage_error(liuhen: Liuhen) -> None:
    assert liuhen.refused("show", 1, 2) == "usage 2"


def test_the_kind_of_a_number_is_shown_and_nothing_of_where_the_caller_is(liuhen: Liuhen) -> None:
    resold = liuhen.json("number", "17012345678", "--role", "other")["seq"]
    unknown = liuhen.json("number", "15412345678", "--role", "other")["seq"]
    assert "虚拟运营商" in liuhen.ok("show", resold).out
    assert "仅供参考" in liuhen.ok("show", unknown).out
    assert "仅供参考" not in liuhen.ok("show", resold).out


def test_every_class_and_kind_of_number_has_words() -> None:
    known = set(phone.NumberClass) - {phone.NumberClass.HIDDEN}
    assert set(labels.NUMBER_CLASSES) == known
    assert set(labels.NUMBER_KINDS) == set(phone.NumberKind)
