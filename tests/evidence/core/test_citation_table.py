"""The whole table: every kind of respondent, channel and conduct on every border of effect.

What is expected is worked out here from the raw data files and the project's rules on citing, not
from the program's own reading of them.
"""

import datetime as dt
import importlib.resources
import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest

from evidence.core.citation import ActTime, Role, choose
from evidence.law import load_rules

RULES = load_rules()
DAY = dt.timedelta(days=1)
NEVER = {"pipl-26", "iloan2020-26", "iloan2020-collection", "nifa2024-guide", "asst2025-9"}
SOFT = ("推荐性国家标准", "行业自律")
SUPERVISED = ("bank", "credit_card", "consumer_finance", "trust", "auto_finance")
POLICE_ONLY = ("psl-", "cl-", "aocl-", "apl-", "spc-")

BINDING = {
    **dict.fromkeys((*SUPERVISED, "platform", "agency"), "cpm2022-41"),
    "microloan": "mcl2024-37",
    "private": "",
}
"""The project's table of lenders and the rule that binds them."""

OF_ONE_LENDER = {
    "card2011-": "credit_card",
    "cfc2024-": "consumer_finance",
    "mcl2024-": "microloan",
}

ADDRESSEES = {
    **{k: {"12378", "nfra", "nfra-report", "institution", "police", "nifa"} for k in SUPERVISED},
    "microloan": {"local-finance", "institution", "police", "nifa"},
    "platform": {"police", "nifa"},
    "agency": {"police", "nifa"},
    "private": {"police"},
}


def raw(name: str) -> list[dict[str, Any]]:
    text = importlib.resources.files("evidence.law").joinpath(f"{name}.json")
    rows: list[dict[str, Any]] = json.loads(text.read_text(encoding="utf-8"))
    return rows


DATA = {p["id"]: p for p in raw("provisions")}
CONDUCTS = {c["id"]: c for c in raw("conduct")}


def start(identity: str) -> dt.date:
    """Return the first day; of a rule whose first day is not known, the day it was issued."""
    row = DATA[identity]
    return dt.date.fromisoformat(row["effective_from"] or row["issued"])


def end(identity: str) -> dt.date:
    return dt.date.fromisoformat(DATA[identity]["effective_to"] or "9999-12-31")


def borders() -> list[dt.date]:
    """Return the day before and the day of each change of what may be cited."""
    ids = {i for c in CONDUCTS.values() for i in (*c["cite"], *c["name_only"])}
    ids |= {"psl-old-42", "psl-old-26", "psl-old-40", "psl-old-51"}
    days = {start(i) for i in ids} | {end(i) + DAY for i in ids if end(i).year < 9999}
    return sorted({d for day in days for d in (day - DAY, day)})


BORDERS = borders()


def acts() -> Iterator[ActTime]:
    for day in BORDERS:
        yield ActTime(first=day, last=day, exact=True)
    for first, last in itertools.pairwise(BORDERS):
        yield ActTime(first=first, last=last, exact=False)


ACTS = list(acts())
TABLE = [
    (kind, channel, conduct)
    for kind in RULES.respondent_types
    for channel in RULES.packet_channels
    for conduct in RULES.conducts
]


def test_table_has_the_borders_that_matter() -> None:
    wanted = ("2025-12-31", "2026-01-01", "2025-02-28", "2026-01-30", "2024-04-18", "2025-01-17")
    assert {dt.date.fromisoformat(day) for day in wanted} <= set(BORDERS)
    assert len(TABLE) * len(ACTS) > 40_000


@pytest.mark.parametrize("channel", RULES.packet_channels)
def test_every_row_of_the_table(channel: str) -> None:
    for kind, _, conduct in (row for row in TABLE if row[1] == channel):
        listed = [*CONDUCTS[conduct]["cite"], *CONDUCTS[conduct]["name_only"]]
        for act in ACTS:
            found = choose(
                RULES,
                conduct=RULES.conducts[conduct],
                respondent_type=RULES.respondent_types[kind],
                channel=channel,
                act=act,
            )
            ids = [c.provision.id for c in found]
            where = (kind, channel, conduct, act.first, act.last, ids)
            _belong(kind, channel, ids, where)
            assert all(start(i) <= act.first and act.last <= end(i) for i in ids), where
            binding = BINDING[kind]
            due = binding in listed and start(binding) <= act.first if binding else False
            roles = [c.role for c in found]
            if due and channel != "police":
                assert ids[0] == binding, where
            assert roles.count(Role.BINDING) == (due and channel != "police"), where
            assert roles.count(Role.FITTING) <= 2, where
            assert len(ids) == len(set(ids)), where
            assert roles == sorted(roles, key=[*Role].index), where
            _completes(conduct, channel, kind, act, ids, where)


def _belong(kind: str, channel: str, ids: list[str], where: object) -> None:
    assert not NEVER & set(ids), where
    if channel == "police":
        assert all(i.startswith(("psl-", "cl-")) for i in ids), where
    else:
        assert not any(i.startswith(POLICE_ONLY) for i in ids), where
    if kind in ("microloan", "private"):
        assert not any(i.startswith(("cpm2022-", "cmp2020-", "cba2026-")) for i in ids), where
    for prefix, only in OF_ONE_LENDER.items():
        assert kind == only or not any(i.startswith(prefix) for i in ids), where


def _completes(
    conduct: str, channel: str, kind: str, act: ActTime, ids: list[str], where: object
) -> None:
    """Check that nothing that must stand there is missing."""
    row = CONDUCTS[conduct]
    if channel == "police":
        for identity in row["cite"][:4]:
            if identity == "psl-50" and act.first >= start("psl-50"):
                assert identity in ids, where
        if (
            "psl-50" in row["cite"]
            and act.last <= end("psl-old-42")
            and act.first >= start("psl-old-42")
        ):
            assert ("psl-old-42" in ids) is (conduct not in ("visit_stalk", "soft_violence")), where
        return
    if "pipl-10" in row["cite"] and act.first >= start("pipl-10"):
        assert "pipl-10" in ids, where
    if kind != "private":
        for identity in row["name_only"]:
            if identity.startswith("nifa2018-") and act.first >= start(identity):
                assert identity in ids, where


def test_each_side_of_the_new_public_security_law_has_its_own_article() -> None:
    for day, wanted, unwanted in (
        (dt.date(2025, 12, 31), "psl-old-42", "psl-50"),
        (dt.date(2026, 1, 1), "psl-50", "psl-old-42"),
    ):
        for conduct in ("threat", "insult", "excessive_calls", "disclose_debt", "obscene"):
            ids = [
                c.provision.id
                for c in choose(
                    RULES,
                    conduct=RULES.conducts[conduct],
                    respondent_type=RULES.respondent_types["bank"],
                    channel="police",
                    act=ActTime(first=day, last=day, exact=True),
                )
            ]
            assert wanted in ids
            assert unwanted not in ids


def test_act_on_either_side_of_the_new_law_names_neither() -> None:
    across = ActTime(first=dt.date(2025, 12, 31), last=dt.date(2026, 1, 1), exact=False)
    found = choose(
        RULES,
        conduct=RULES.conducts["threat"],
        respondent_type=RULES.respondent_types["bank"],
        channel="police",
        act=across,
    )
    assert found == ()


def test_addressees_are_those_of_the_project_s_table() -> None:
    for kind in RULES.respondent_types.values():
        assert set(kind.channels) == ADDRESSEES[kind.id]
        assert kind.supervised_by_12378 is (kind.id in SUPERVISED)


def test_what_may_be_said_depends_on_the_level_and_never_on_more_for_soft_rules() -> None:
    for channel in RULES.packet_channels:
        for level in RULES.level_order:
            said = RULES.wording(channel, level)
            if channel == "police":
                assert said == "可能涉嫌，由公安机关认定"
            elif level in SOFT:
                assert said == f"疑似不符合{level}要求"
            else:
                assert said == "涉嫌违反"


def test_only_what_was_read_word_for_word_may_be_quoted() -> None:
    for identity, row in DATA.items():
        assert RULES.provisions[identity].quotable is row["quotable"]
        if row["quotable"]:
            assert RULES.provisions[identity].text == row["text"]
            assert row["wording"] == "verbatim"
