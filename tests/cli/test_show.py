"""``liuhen show``."""

import hashlib

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
