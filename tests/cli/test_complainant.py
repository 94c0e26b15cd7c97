"""``liuhen complainant``."""

from tests.cli.conftest import Liuhen

ID_NUMBER = "11010519491231002X"
"""The example of GB 11643-1999."""


def test_only_the_fields_that_are_given_change(liuhen: Liuhen) -> None:
    liuhen.ok("complainant", "--address", "某省某市", "--id-number", ID_NUMBER)
    known = liuhen.json("complainant")["complainant"]
    assert known == {
        "name": "林某",
        "phone": "13800000001",
        "address": "某省某市",
        "id_number": ID_NUMBER,
    }


def test_every_change_is_an_entry_of_its_own(liuhen: Liuhen) -> None:
    before = liuhen.size()
    liuhen.ok("complainant", "--email", "lin@example.invalid")
    assert liuhen.size() == before + 1


def test_showing_changes_nothing_and_masks_the_identity_number(liuhen: Liuhen) -> None:
    liuhen.ok("complainant", "--id-number", ID_NUMBER)
    before = liuhen.case.read_bytes()
    shown = liuhen.ok("complainant").out
    assert "林某" in shown
    assert ID_NUMBER not in shown
    assert liuhen.case.read_bytes() == before


def test_an_implausible_identity_number_is_kept_with_a_warning(liuhen: Liuhen) -> None:
    result = liuhen.ok("complainant", "--id-number", "110101199001010011")
    assert "注意" in result.err
    assert liuhen.json("complainant")["complainant"]["id_number"] == "110101199001010011"


def test_a_plausible_identity_number_and_phone_raise_no_warning(liuhen: Liuhen) -> None:
    result = liuhen.ok("complainant", "--id-number", ID_NUMBER, "--phone", "010-66000000")
    assert "注意" not in result.err


def test_without_a_complainant_it_says_what_to_run_and_asks_nobody(empty: Liuhen) -> None:
    empty.ok("init")
    result = empty.ok("complainant")
    assert result.out == ""
    assert "liuhen complainant --name" in result.err
    assert empty.json("complainant") == {"complainant": None}


def test_a_complainant_needs_a_name(empty: Liuhen) -> None:
    empty.ok("init")
    assert empty.refused("complainant", "--phone", "13800000001") == "nothing-requested 2"
