"""What is counted, and what is said about the counting."""

import importlib.resources
import json

import pytest

from evidence.core.export_row import Outcome
from evidence.core.moment import Meaning, Moment, Source
from evidence.core.records import Direction, Medium
from reports.decide.places import label_runs, runs
from reports.packet import Statistics
from tests.case_builder import CaseBuilder, by_name, month_day, said
from tests.reports.decide.conftest import Decide


class Calls:
    """A case with calls of one lender; the first one is marked."""

    def __init__(self, decided: Decide) -> None:
        self.case = CaseBuilder()
        self.case.complainant()
        self.lender = self.case.respondent()
        self.decided = decided
        picture = self.case.picture(said("2026-10-01 10:00"), respondent=self.lender)
        self.case.tag(picture, "threat", "话")

    def add(self, when: Moment | None, **more: object) -> None:
        self.case.recording(when, respondent=self.lender, **more)  # type: ignore[arg-type]

    def count(self) -> Statistics:
        return self.decided(self.case, self.lender).statistics


@pytest.fixture
def calls(decided: Decide) -> Calls:
    return Calls(decided)


def test_calls_are_counted_by_day_and_hour_of_china(calls: Calls) -> None:
    for text in ("2026-10-14 14:30:07", "2026-10-14 14:59:59", "2026-10-15 09:00:00"):
        calls.add(by_name(text))
    counted = calls.count()
    assert [d.day for d in counted.days] == ["2026-10-14", "2026-10-15"]
    assert counted.days[0].by_hour[14] == 2
    assert sum(counted.days[0].by_hour) == 2
    assert counted.days[1].by_hour[9] == 1
    assert counted.total == 3
    assert counted.days[0].sources == "E002、E003"


def test_time_of_another_zone_is_counted_by_the_clock_of_china(calls: Calls) -> None:
    calls.add(by_name("2026-10-14T16:30:00+00:00"))
    counted = calls.count()
    assert [d.day for d in counted.days] == ["2026-10-15"]
    assert counted.days[0].by_hour[0] == 1
    assert counted.night_total == 1


@pytest.mark.parametrize(
    ("text", "night"),
    [
        ("2026-10-14 21:59:59", False),
        ("2026-10-14 22:00:00", True),
        ("2026-10-14 23:59", True),
        ("2026-10-15 00:00:00", True),
        ("2026-10-15 07:59:59", True),
        ("2026-10-15 07:59", True),
        ("2026-10-15 08:00:00", False),
    ],
)
def test_night_is_from_22_to_8(calls: Calls, text: str, night: bool) -> None:
    calls.add(by_name(text))
    assert calls.count().night_total == int(night)


@pytest.mark.parametrize("text", ["2026-10-14 22:00:20", "2026-10-15 07:59:50"])
def test_call_that_may_reach_over_the_border_is_no_night_call(calls: Calls, text: str) -> None:
    calls.add(by_name(text, Meaning.CALL_START_OR_STOP), duration_ms=60_000)
    counted = calls.count()
    assert counted.total == 1
    assert counted.night_total == 0
    assert any("E002" in r for r in counted.remarks)


def test_call_wholly_inside_the_night_counts(calls: Calls) -> None:
    calls.add(by_name("2026-10-14 23:00:00", Meaning.CALL_START_OR_STOP), duration_ms=60_000)
    counted = calls.count()
    assert counted.night_total == 1
    assert counted.night_calls == ("2026-10-14 23:00:00 接通（E002）",)
    assert counted.days[0].night == 1


def test_what_the_person_dialled_is_not_counted_and_said(calls: Calls) -> None:
    calls.add(by_name("2026-10-14 23:00:00"), direction=Direction.OUT)
    counted = calls.count()
    assert counted.total == counted.night_total == 0
    assert counted.undated == ()
    assert any(line.endswith("：E002。") and "拨出" in line for line in counted.remarks)


@pytest.mark.parametrize("when", [None, said("2026-10-14"), month_day("--10-14T22:30")])
def test_call_without_known_hour_is_listed_not_counted(calls: Calls, when: Moment | None) -> None:
    calls.add(when)
    counted = calls.count()
    assert counted.total == 0
    assert len(counted.undated) == 1


def test_pictures_and_calls_of_others_are_not_counted(calls: Calls) -> None:
    other = calls.case.respondent("乙某消费金融有限公司")
    calls.case.recording(by_name("2026-10-14 10:00:00"), respondent=other)
    assert calls.count().total == 0


def test_no_number_is_called_a_legal_maximum(calls: Calls) -> None:
    for minute in range(10):
        calls.add(by_name(f"2026-10-14 14:{minute:02d}:00"))
    counted = calls.count()
    said_there = (counted.rule, counted.source, counted.limits, *counted.remarks)
    text = "".join(said_there)
    assert counted.total == 10
    assert "上限" not in text
    assert "超过" not in text
    assert "未接" in counted.limits


# --- calls of several sources ---------------------------------------------------------------------


class Joined(Calls):
    """The case with a call log and a bill."""

    def __init__(self, decided: Decide) -> None:
        super().__init__(decided)
        self.case.number(respondent=self.lender)
        self.log = self.case.export("calls.xml")
        self.bill = self.case.export("bill.csv", Medium.BILL, media_type="text/csv")

    def missed(self, when: str) -> None:
        self.case.row(self.log, when, outcome=Outcome.MISSED, seconds=0)


@pytest.fixture
def joined(decided: Decide) -> Joined:
    return Joined(decided)


def test_call_of_three_sources_is_counted_once_at_its_first_ring(joined: Joined) -> None:
    joined.case.recording(by_name("2026-10-14 22:00:12"))
    joined.case.row(joined.bill, "2026-10-14 22:00:10", source=Source.BILL)
    joined.case.row(joined.log, "2026-10-14 21:59:58")
    counted = joined.count()
    assert (counted.total, counted.answered, counted.corroborated) == (1, 1, 1)
    assert counted.days[0].answered_by_hour[21] == 1
    assert counted.night_total == 0
    assert counted.days[0].sources == "E003 第 1 条"
    assert [(s.total, s.only_here) for s in counted.sources] == [(1, 0)] * 3


def test_answered_unanswered_and_unclear_are_counted_apart(joined: Joined) -> None:
    joined.case.row(joined.log, "2026-10-14 09:00:00")
    joined.missed("2026-10-14 09:10:00")
    joined.missed("2026-10-14 10:10:00")
    joined.case.row(joined.log, "2026-10-14 11:00:00", outcome=Outcome.UNKNOWN, seconds=None)
    counted = joined.count()
    (day,) = counted.days
    assert (counted.answered, counted.unanswered, counted.unclear) == (1, 2, 1)
    assert (day.answered, day.unanswered, day.unclear) == (1, 2, 1)
    assert (day.unanswered_by_hour[9], day.unanswered_by_hour[10]) == (1, 1)
    assert day.unclear_by_hour[11] == 1
    assert sum(day.by_hour) == counted.total == 4


def test_places_of_a_day_are_as_many_as_its_calls(joined: Joined) -> None:
    for minute in (0, 10, 20, 40):
        joined.missed(f"2026-10-14 09:{minute:02d}:00")
        if minute == 20:
            joined.case.row(joined.log, "2026-10-14 09:30:00", direction=Direction.OUT)
    joined.case.row(joined.bill, "2026-10-14 12:00:00", source=Source.BILL)
    joined.case.recording(by_name("2026-10-14 15:00:00"))
    (day,) = joined.count().days
    assert sum(day.by_hour) == 6
    assert day.sources == "E002；E003 第 1–3、5 条；E004 第 1 条"


@pytest.mark.parametrize(
    ("numbers", "text"),
    [([4], "4"), ([2, 1], "1、2"), ([3, 2, 1], "1–3"), ([1, 5, 6, 7, 9, 9], "1、5–7、9")],
)
def test_positions_that_follow_each_other_are_joined(numbers: list[int], text: str) -> None:
    assert runs(numbers) == text
    labels = [f"E{number:03}" for number in numbers]
    assert label_runs(labels).replace("E00", "") == text


def test_undirected_outgoing_and_undated_calls_are_listed(joined: Joined) -> None:
    joined.case.row(joined.log, "2026-10-14 09:00:00", direction=None)
    joined.case.row(joined.log, "2026-10-14 10:00:00", direction=Direction.OUT)
    joined.case.row(joined.log, "2026-10-14", outcome=Outcome.MISSED, seconds=0)
    counted = joined.count()
    listed = [line for line in counted.remarks if "E002" in line]
    assert counted.total == 1
    assert counted.undated == ("E002 第 3 条",)
    assert [line.partition("：")[2] for line in listed] == [
        "E002 第 1 条。",
        "E002 第 2 条。",
        "E002 第 3 条。",
    ]


def test_call_from_before_22_into_the_night_is_listed_apart(joined: Joined) -> None:
    joined.case.row(joined.log, "2026-10-14 21:59:30", seconds=60)
    counted = joined.count()
    assert counted.night_total == 0
    assert any("21:59:30" in r and "E002 第 1 条" in r for r in counted.remarks)


def test_minute_that_ends_at_22_is_no_night_call_and_one_that_begins_there_is(
    joined: Joined,
) -> None:
    joined.missed("2026-10-14 21:59")
    joined.missed("2026-10-14 22:00")
    counted = joined.count()
    assert counted.night_calls == ("2026-10-14 22:00 未接（E002 第 2 条）",)


def test_recording_that_fits_in_time_alone_corroborates_nothing(joined: Joined) -> None:
    joined.case.row(joined.log, "2026-10-14 21:00:00")
    joined.case.recording(by_name("2026-10-14 21:00:20"), number="", respondent=joined.lender)
    counted = joined.count()
    assert (counted.total, counted.corroborated) == (1, 0)
    assert sum(s.only_here for s in counted.sources) == 1


def test_only_here_and_corroborated_make_the_total(joined: Joined) -> None:
    joined.case.row(joined.log, "2026-10-14 09:00:00")
    joined.case.row(joined.bill, "2026-10-14 09:00:05", source=Source.BILL)
    joined.missed("2026-10-14 10:00:00")
    joined.case.row(joined.bill, "2026-10-14 11:00:00", source=Source.BILL)
    joined.add(by_name("2026-10-14 12:00:00"))
    counted = joined.count()
    assert counted.total == 4
    assert sum(s.only_here for s in counted.sources) + counted.corroborated == 4


def test_without_a_call_log_it_is_said_that_no_unanswered_call_is_counted(joined: Joined) -> None:
    joined.case.row(joined.bill, "2026-10-14 09:00:00", source=Source.BILL)
    without = joined.count()
    joined.missed("2026-10-14 10:00:00")
    assert "没有统计未接来电" in without.limits
    assert "没有统计未接来电" not in joined.count().limits
    rule = "未接来电只见于手机通话记录，详单只列接通的通话"
    assert rule in without.limits
    assert rule in joined.count().limits


def test_numbers_of_the_demo_equal_its_answer_key(decided: Decide) -> None:
    truth = json.loads(
        importlib.resources.files("samples").joinpath("demo/truth.json").read_text("utf-8")
    )
    calls = Joined(decided)
    for number in truth["stats"]["collector_numbers"]:
        calls.case.number(number, respondent=calls.lender)
    outcomes = {"missed": Outcome.MISSED, "rejected": Outcome.REJECTED}
    for call in truth["calls"]:
        calls.case.row(
            calls.log,
            said(call["start"], meaning=Meaning.CALL_CREATED, source=Source.CALL_LOG),
            number=call["number"] or "",
            outcome=outcomes.get(call["type"], Outcome.ANSWERED),
            seconds=call["duration_s"],
            direction=Direction.OUT if call["type"] == "outgoing" else Direction.IN,
        )
    for call in truth["bill"]:
        calls.case.row(
            calls.bill,
            said(call["start"], meaning=Meaning.ANSWERED, source=Source.BILL),
            number=call["number"] if call["number"].isdigit() else "",
            seconds=call["duration_s"],
            direction=Direction.OUT if call["direction"] == "主叫" else Direction.IN,
        )
    counted = calls.count()
    expected = truth["stats"]["calls_per_day_main_sim_union"]
    assert {d.day: (d.answered, d.unanswered) for d in counted.days} == {
        day: (e["answered"], e["unanswered"]) for day, e in expected.items()
    }
    nights = truth["stats"]["night_calls_main_sim_union"]
    assert [call[:19].replace(" ", "T") for call in counted.night_calls] == [
        night["start"][:19] for night in nights
    ]
