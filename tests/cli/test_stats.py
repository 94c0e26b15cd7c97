"""``liuhen stats``: the counts of the demo are those that its truth states."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import LENDER, SAMPLES, Liuhen, World, ticking

TRUTH: dict[str, Any] = json.loads((SAMPLES / "demo" / "truth.json").read_text(encoding="utf-8"))
FILES = SAMPLES / "demo" / "files"


@pytest.fixture(scope="module")
def phone(tmp_path_factory: pytest.TempPathFactory) -> Liuhen:
    """Return a case with the call log and bill of the main SIM and the collectors' numbers."""
    made = Liuhen(case=tmp_path_factory.mktemp("stats") / "c.liuhen", clock=ticking())
    made.ok("init")
    made.ok("respondent", "add", LENDER, "--type", "consumer_finance")
    for number in TRUTH["stats"]["collector_numbers"]:
        made.ok("number", number, "--respondent", LENDER)
    (calls,) = (FILES / "小米手机" / "SMSBackupRestore").glob("calls-*.xml")
    (bill,) = (FILES / "电脑").glob("*.csv")
    made.ok("import", calls, bill)
    return made


def the_one(liuhen: Liuhen, *more: object) -> dict[str, Any]:
    (found,) = liuhen.json("stats", *more)["respondents"]
    return dict(found)


def test_calls_per_day_are_those_of_the_call_log_and_the_bill_together(phone: Liuhen) -> None:
    found = {
        day["day"]: {key: day[key] for key in ("answered", "unanswered", "total")}
        for day in the_one(phone)["days"]
    }
    assert found == TRUTH["stats"]["calls_per_day_main_sim_union"]


def test_night_calls_are_those_of_the_truth(phone: Liuhen) -> None:
    found = [
        (call["start"], call["number"], call["answered"])
        for day in the_one(phone)["days"]
        for call in day["calls"]
        if call["night"]
    ]
    wanted = TRUTH["stats"]["night_calls_main_sim_union"]
    assert found == [(call["start"], call["number"], call["answered"]) for call in wanted]


def test_call_that_runs_into_the_night_is_named_apart(phone: Liuhen) -> None:
    assert the_one(phone)["border"] == [TRUTH["stats"]["boundary_cases"][0]["start"]]


def test_numbers_of_a_day_add_up(phone: Liuhen) -> None:
    for day in the_one(phone)["days"]:
        assert day["total"] == len(day["calls"]) == sum(day["by_hour"])
        assert day["total"] == day["answered"] + day["unanswered"] + day["unclear"]
        assert day["night"] == sum(call["night"] for call in day["calls"])


def test_call_that_both_sources_have_is_corroborated_and_counted_once(phone: Liuhen) -> None:
    calls = [call for day in the_one(phone)["days"] for call in day["calls"]]
    both = [call for call in calls if len(call["seqs"]) > 1]
    assert both
    assert all(call["corroborated"] for call in both)
    seqs = [seq for call in calls for seq in call["seqs"]]
    assert len(seqs) == len(set(seqs))


def test_plain_table_has_each_day(phone: Liuhen) -> None:
    out = phone.ok("stats").out
    assert all(day in out for day in TRUTH["stats"]["calls_per_day_main_sim_union"])


def test_each_respondent_is_counted_apart(liuhen: Liuhen, world: World) -> None:
    liuhen.ok("respondent", "add", "乙某小额贷款有限公司", "--type", "microloan")
    both = liuhen.json("stats")["respondents"]
    assert [len(found["days"]) for found in both] == [1, 0]
    assert the_one(liuhen, "--respondent", "乙某")["days"] == []
    assert liuhen.refused("stats", "--respondent", "无此") == "respondent-unknown 3"


def test_withdrawn_recording_is_not_counted(liuhen: Liuhen, world: World) -> None:
    liuhen.ok("withdraw", world.call, "--reason", "不是他们")
    assert the_one(liuhen)["days"] == []


def test_case_without_a_respondent_has_nothing_to_count(empty: Liuhen, tmp_path: Path) -> None:
    empty.ok("init")
    assert empty.json("stats") == {"respondents": []}
    assert empty.ok("stats").err.strip()
