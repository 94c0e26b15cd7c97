"""What is counted, and what is said about the counting."""

import pytest

from evidence.core.moment import Meaning, Moment
from evidence.core.records import Direction
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
