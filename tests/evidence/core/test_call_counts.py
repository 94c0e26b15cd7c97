"""How often they called: each call once, at its beginning, night only where it is certain."""

import datetime as dt

import pytest

from evidence.core import calls as joining
from evidence.core.call_counts import CallCounts, CountedCall, count
from evidence.core.export_row import Outcome, row_to_data
from evidence.core.moment import Meaning, Precision, Source
from evidence.core.records import Direction, Kind
from tests.case_builder import CaseBuilder, by_name, month_day, said
from tests.evidence.core.test_calls import TRUTH, demo, row


def with_owner() -> tuple[CaseBuilder, int]:
    case = CaseBuilder()
    owner = case.respondent()
    case.number(respondent=owner)
    return case, owner


def counts_of(case: CaseBuilder, owner: int | None) -> CallCounts:
    view = case.view()
    return count(view, joining.join(view), owner)


def only(case: CaseBuilder, owner: int) -> CountedCall:
    (counted,) = counts_of(case, owner).counted
    return counted


# --- the demo case --------------------------------------------------------------------------------


def test_days_of_the_demo_equal_the_answer_key() -> None:
    view, _ = demo()
    case = CaseBuilder()
    for entry in view.rows:
        case.append(Kind.RECORD, row_to_data(entry.record))
    owner = case.respondent()
    for number in TRUTH["stats"]["collector_numbers"]:
        case.number(number, respondent=owner)
    counts = counts_of(case, owner)
    found = {
        str(day.day): {
            "answered": day.answered,
            "unanswered": day.unanswered,
            "total": len(day.calls),
        }
        for day in counts.days
    }
    assert found == TRUTH["stats"]["calls_per_day_main_sim_union"]
    night = [c.call.occurred.value for c in counts.counted if c.at_night]
    assert night == [c["start"] for c in TRUTH["stats"]["night_calls_main_sim_union"]]
    assert sum(day.night for day in counts.days) == len(night)


# --- what is counted ------------------------------------------------------------------------------


def test_call_with_three_sources_is_counted_once() -> None:
    case, owner = with_owner()
    row(case, "2026-10-14T21:05:00+08:00")
    row(case, "2026-10-14T21:05:12+08:00", source=Source.BILL)
    case.recording(by_name("2026-10-14 21:05:13"))
    counts = counts_of(case, owner)
    assert len(counts.counted) == 1
    assert counts.counted[0].start.isoformat() == "2026-10-14T21:05:00+08:00"


def test_answered_unanswered_and_unclear_are_told_apart() -> None:
    case, owner = with_owner()
    row(case, "2026-10-14T10:00:00+08:00")
    row(case, "2026-10-14T11:00:00+08:00", outcome=Outcome.MISSED, seconds=0)
    row(case, "2026-10-14T11:30:00+08:00", outcome=Outcome.REJECTED, seconds=0)
    row(case, "2026-10-14T12:00:00+08:00", outcome=Outcome.UNKNOWN, seconds=0)
    (day,) = counts_of(case, owner).days
    assert (day.answered, day.unanswered, day.unclear) == (1, 2, 1)
    assert sum(day.by_hour()) == len(day.calls) == 4
    assert [hour for hour, n in enumerate(day.by_hour(answered=False)) if n] == [11]
    assert sum(day.by_hour(answered=True)) == 1


def test_what_the_person_dialled_is_not_counted() -> None:
    case, owner = with_owner()
    row(case, "2026-10-14T10:00:00+08:00", direction=Direction.OUT, outcome=Outcome.OUTGOING)
    counts = counts_of(case, owner)
    assert counts.counted == ()
    assert len(counts.outgoing) == 1


def test_call_belongs_to_its_own_respondent_and_to_no_other() -> None:
    case, owner = with_owner()
    other = case.respondent("乙某小额贷款有限公司")
    case.number("13800000012", respondent=other)
    row(case, "2026-10-14T10:00:00+08:00")
    row(case, "2026-10-14T10:00:00+08:00", number="13800000012")
    row(case, "2026-10-14T10:00:00+08:00", number="13800000099")
    row(case, "2026-10-14T10:00:00+08:00", number="")
    row(case, "2026-10-14T11:00:00+08:00", number="")
    assert [len(counts_of(case, seq).counted) for seq in (owner, other, None)] == [1, 1, 2]


def test_days_are_those_of_chinese_standard_time() -> None:
    case, owner = with_owner()
    row(case, "2026-10-14T16:30:00+00:00")
    (day,) = counts_of(case, owner).days
    assert (day.day, only(case, owner).start.hour) == (dt.date(2026, 10, 15), 0)


def test_call_without_a_known_hour_is_listed_and_not_counted() -> None:
    case, owner = with_owner()
    case.recording(said("2026-10-14"))
    case.recording(month_day("--10-14"))
    case.recording()
    counts = counts_of(case, owner)
    assert counts.counted == ()
    assert len(counts.undated) == 3


def test_days_and_calls_stand_in_order_of_time() -> None:
    case, owner = with_owner()
    for when in ("2026-10-15T09:00:00+08:00", "2026-10-14T20:00:00+08:00"):
        row(case, when)
    row(case, "2026-10-14T08:00:00+08:00")
    starts = [c.start for c in counts_of(case, owner).counted]
    assert starts == sorted(starts)


# --- night ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2026-10-14T21:59:59+08:00", False),
        ("2026-10-14T22:00:00+08:00", True),
        ("2026-10-15T00:00:00+08:00", True),
        ("2026-10-15T07:59:59+08:00", True),
        ("2026-10-15T08:00:00+08:00", False),
    ],
)
def test_night_begins_at_ten_and_ends_at_eight(when: str, expected: bool) -> None:
    case, owner = with_owner()
    row(case, when, seconds=0, outcome=Outcome.MISSED)
    assert only(case, owner).at_night is expected


def test_minute_that_holds_the_border_is_not_night() -> None:
    case, owner = with_owner()
    case.recording(by_name("2026-10-14 21:59"))
    case.recording(by_name("2026-10-14 22:00"))
    assert [c.at_night for c in counts_of(case, owner).counted] == [False, True]


def test_call_that_went_on_into_the_night_is_listed_apart() -> None:
    case, owner = with_owner()
    row(case, "2026-10-14T21:58:00+08:00", seconds=300)
    counted = only(case, owner)
    assert (counted.at_night, counted.into_night) == (False, True)
    counts = counts_of(case, owner)
    assert counts.border == (counted,)
    assert counts.days[0].night == 0


@pytest.mark.parametrize(
    ("when", "meaning", "seconds", "expected"),
    [
        # The name's time may be the end: ten minutes earlier it was not night yet.
        ("2026-10-14 22:03:00", Meaning.CALL_START_OR_STOP, 600, None),
        ("2026-10-14 22:30:00", Meaning.CALL_START_OR_STOP, 600, True),
        ("2026-10-14 21:57:00", Meaning.CALL_START_OR_STOP, 600, None),
        ("2026-10-15 07:58:00", Meaning.CALL_START_OR_STOP, 600, None),
        # The time is that of the end.
        ("2026-10-14 22:03:00", Meaning.RECORDING_STOP, 600, False),
        ("2026-10-14 22:10:30", Meaning.RECORDING_STOP, 600, True),
        ("2026-10-15 08:03:00", Meaning.RECORDING_STOP, 600, True),
        ("2026-10-14 22:10:00", Meaning.RECORDING_STOP, None, None),
        # The time is that of the beginning.
        ("2026-10-14 22:00:00", Meaning.RECORDING_START, 600, True),
        ("2026-10-14 21:57:00", Meaning.RECORDING_START, 600, False),
    ],
)
def test_recording_alone_is_night_only_if_the_call_can_only_have_begun_at_night(
    when: str, meaning: Meaning, seconds: int | None, expected: bool | None
) -> None:
    case, owner = with_owner()
    length = seconds * 1000 if seconds else None
    case.recording(by_name(when, meaning), duration_ms=length)
    assert only(case, owner).at_night is expected
    assert (only(case, owner) in counts_of(case, owner).border) is (expected is None)


def test_call_log_decides_about_a_recording_whose_stamp_is_loose() -> None:
    case, owner = with_owner()
    row(case, "2026-10-14T22:00:10+08:00", seconds=600)
    case.recording(by_name("2026-10-14 22:10:20", Meaning.CALL_START_OR_STOP), duration_ms=600_000)
    assert only(case, owner).at_night is True


def test_time_without_an_hour_is_never_night() -> None:
    case, owner = with_owner()
    case.recording(said("2026-10-14"))
    assert said("2026-10-14").precision is Precision.DAY
    assert [d.night for d in counts_of(case, owner).days] == []
