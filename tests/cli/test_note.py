"""``liuhen note``."""

import pytest

from tests.cli.conftest import ESCAPES, Liuhen, World


def test_a_note_is_kept_exactly_as_given(liuhen: Liuhen) -> None:
    text = "  他说：！<b>第一行</b>\r\n第二行\u3000😡 "
    seq = liuhen.json("note", text)["seq"]
    assert liuhen.json("show", seq)["data"]["text"] == text


def test_a_note_can_come_from_standard_input(liuhen: Liuhen) -> None:
    seq = liuhen.ok("note", "-", "--json", stdin="第一行\n第二行\n").json["seq"]
    assert liuhen.json("show", seq)["data"]["text"] == "第一行\n第二行"


def test_a_note_on_an_exhibit_is_shown_with_it(liuhen: Liuhen, world: World) -> None:
    seq = liuhen.json("note", "我妈接的", "--on", world.call, "--at", "2026-10-14 21:05")["seq"]
    about = liuhen.json("show", world.call)["about"]
    assert seq in {line["seq"] for line in about}
    assert liuhen.json("show", seq)["data"]["occurred"]["value"] == "2026-10-14T21:05+08:00"


def test_the_number_of_a_note_is_data_and_the_rest_is_talk(liuhen: Liuhen) -> None:
    result = liuhen.ok("note", "说明")
    assert result.out == f"#{liuhen.size() - 1}\n"
    assert result.err


def test_a_note_on_nothing_known_is_refused(liuhen: Liuhen) -> None:
    assert liuhen.refused("note", "说明", "--on", 999) == "seq-unknown 3"


def test_a_note_on_a_respondent_entry_is_refused(liuhen: Liuhen, world: World) -> None:
    assert liuhen.refused("note", "说明", "--on", world.lender) == "wrong-kind 3"


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_an_empty_note_is_nothing_to_save(liuhen: Liuhen, text: str) -> None:
    assert liuhen.refused("note", text) == "nothing-requested 2"


def test_a_wrong_time_is_refused(liuhen: Liuhen) -> None:
    assert liuhen.refused("note", "说明", "--at", "上周三") == "value-malformed 2"


def test_escape_sequences_in_a_note_never_reach_the_terminal(liuhen: Liuhen) -> None:
    seq = liuhen.json("note", f"前{ESCAPES}后")["seq"]
    for command in (("show", seq), ("list",), ("timeline",)):
        for extra in ((), ("--json",)):
            result = liuhen.ok(*command, *extra)
            assert not set(result.out + result.err) & set("\x1b\x07\x9b\u202e"), command
