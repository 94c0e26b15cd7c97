"""A clock that was set back is told where it was, and small corrections are not."""

import datetime as dt

import pytest

from evidence.core.clock_order import set_back
from evidence.store.clock import rfc3339
from tests.case_builder import CaseBuilder

NOON = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)


def later(**by: float) -> str:
    return rfc3339(NOON + dt.timedelta(**by))


@pytest.mark.parametrize("by", [{"days": 3650}, {"seconds": 1}, {"seconds": 0}, {"seconds": -59}])
def test_a_clock_that_goes_on_or_is_corrected_a_little_is_not_told(by: dict[str, float]) -> None:
    assert set_back(later(), 7, later(**by)) is None


def test_a_clock_that_was_set_back_is_told_with_both_times() -> None:
    step = set_back(later(), 7, later(minutes=-1))
    assert step is not None
    assert (step.seq, step.before, step.recorded_at) == (7, later(), later(minutes=-1))
    assert step.seconds == 60


def test_other_digits_of_a_second_are_no_step() -> None:
    for before, after in [("33Z", "33.482Z"), ("33.4Z", "33.48Z"), ("33.48Z", "33.5Z")]:
        assert set_back(f"2026-11-20T12:00:{before}", 1, f"2026-11-20T12:00:{after}") is None


def test_nothing_comes_before_the_first_entry() -> None:
    assert set_back("", 0, later()) is None


def test_a_clock_that_was_ahead_for_a_while_is_one_step_back() -> None:
    case = CaseBuilder()
    case.off_by = dt.timedelta(days=3650)
    case.note("一")
    case.off_by = dt.timedelta(0)
    back = case.note("二")
    case.note("三")
    view = case.view()
    assert [step.seq for step in view.set_back] == [back]
    assert view.last_recorded_at == case.entries[-1].recorded_at
