"""Night hours 22:00-08:00: only if the whole interval lies inside (FORMATS section 6)."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.core import moment
from evidence.core.moment import CHINA, Meaning, Precision, Source
from evidence.core.night import night
from tests.case_builder import month_day, said
from tests.evidence.core.strategies import instants


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("2026-10-14 21:59", False),
        ("2026-10-14 21:59:59", False),
        ("2026-10-14 21:59:59.999", False),
        ("2026-10-14 22:00", True),
        ("2026-10-14 22:00:00", True),
        ("2026-10-14 22:00:00.000", True),
        ("2026-10-14 23:59", True),
        ("2026-10-15 00:00", True),
        ("2026-10-15 07:59", True),
        ("2026-10-15 07:59:59.999", True),
        ("2026-10-15 08:00", False),
        ("2026-10-15 08:00:00.000", False),
        ("2026-10-15 12:00", False),
        ("2026-10-14T14:00Z", True),
        ("2026-10-14T13:59:59Z", False),
        ("2026-10-14T22:00+00:00", True),
        ("2026-10-15T00:00Z", False),
    ],
)
def test_border_of_the_night_is_exact(text: str, inside: bool) -> None:
    assert night(said(text)) is inside


@pytest.mark.parametrize(
    "claimed", [said("2026-10-14"), month_day("--10-14"), month_day("--10-14T23:00")]
)
def test_day_without_hour_is_neither_night_nor_day(claimed: moment.Moment) -> None:
    assert night(claimed) is None


def test_unknown_time_is_neither_night_nor_day() -> None:
    assert night(moment.unknown()) is None


def test_interval_that_straddles_the_border_is_neither() -> None:
    # A zone with seconds moves a whole minute across the border.
    odd = dt.timezone(dt.timedelta(hours=8, seconds=30))
    for hour in (22, 8):
        claimed = moment.at(
            dt.datetime(2026, 10, 14, hour, 0, tzinfo=odd),
            precision=Precision.MINUTE,
            source=Source.SIDECAR,
            meaning=Meaning.CALL_CREATED,
            basis="x",
        )
        assert night(claimed) is None


@given(instants, st.sampled_from([Precision.MILLISECOND, Precision.SECOND, Precision.MINUTE]))
def test_night_is_what_the_clock_in_china_says(instant: dt.datetime, precision: Precision) -> None:
    claimed = moment.at(
        instant,
        precision=precision,
        source=Source.CALL_LOG,
        meaning=Meaning.CALL_CREATED,
        basis="x",
    )
    hour = instant.astimezone(CHINA).hour
    assert night(claimed) is (hour in (22, 23, 0, 1, 2, 3, 4, 5, 6, 7))
