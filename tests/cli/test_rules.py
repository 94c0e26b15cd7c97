"""``liuhen rules``."""

import pytest

from evidence.law import load_rules
from tests.cli.conftest import Liuhen

RULES = load_rules()


def test_every_provision_is_listed_without_a_case(empty: Liuhen) -> None:
    listed = empty.json("rules")["provisions"]
    assert [p["id"] for p in listed] == list(RULES.provisions)
    assert all(p in empty.ok("rules").out for p in RULES.provisions)


@pytest.mark.parametrize("provision", RULES.provisions)
def test_every_provision_can_be_shown(empty: Liuhen, provision: str) -> None:
    known = RULES.provisions[provision]
    shown = empty.json("rules", provision)
    assert shown["text"] == known.text
    assert shown["quotable"] == known.quotable
    assert shown["never_cite"] == (provision in RULES.never_cite)
    out = empty.ok("rules", provision).out
    assert known.level in out
    assert known.state in out


@pytest.mark.parametrize("conduct", RULES.conducts)
def test_the_provisions_of_every_conduct_can_be_shown(empty: Liuhen, conduct: str) -> None:
    shown = empty.json("rules", "--conduct", conduct)
    assert [p["id"] for p in shown["cite"]] == list(RULES.conducts[conduct].cite)
    assert [p["id"] for p in shown["name_only"]] == list(RULES.conducts[conduct].name_only)
    by_label = empty.json("rules", "--conduct", RULES.conducts[conduct].label)
    assert by_label == shown


def test_what_is_not_known_is_refused(empty: Liuhen) -> None:
    assert empty.refused("rules", "nothing-1") == "provision-unknown 3"
    assert empty.refused("rules", "--conduct", "rude") == "conduct-unknown 3"
