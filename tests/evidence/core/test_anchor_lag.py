"""The lag from an event to outside time: at its longest, never negative, never more than known."""

import datetime as dt

import pytest

from evidence.core.anchor_lag import AnchorLag, anchor_lag, first_cover, parts
from evidence.core.case_view import Recorded
from evidence.core.moment import Meaning, Moment, Precision, Source, unknown
from evidence.core.timestamp import Timestamp
from tests.case_builder import said

YEARLESS = Moment(
    value="--11-20T10:00",
    precision=Precision.MONTH_DAY,
    source=Source.FILE_NAME,
    meaning=Meaning.UNKNOWN,
    basis="11-20 10:00",
)
RECORDED_AT = "2026-11-20T08:00:00Z"


def stamp(
    seq: int, attested_at: str, *, size: int = 10, accuracy_ms: int | None = None
) -> Recorded[Timestamp]:
    record = Timestamp(
        attested_at=attested_at,
        accuracy_ms=accuracy_ms,
        size=size,
        root="",
        checkpoint="",
        response="",
        request="",
        authority="",
        policy="",
        serial="",
        roots=(),
    )
    return Recorded(seq=seq, recorded_at=RECORDED_AT, record=record)


def lag(*stamps: Recorded[Timestamp], at: Moment | None, seq: int = 3) -> AnchorLag | None:
    return anchor_lag(stamps, seq=seq, occurred=at, recorded_at=RECORDED_AT)


@pytest.mark.parametrize(
    ("claimed", "seconds"),
    [
        ("2026-11-20 10:00:00", 3599),  # to the end of the second
        ("2026-11-20 10:00", 3540),  # to the end of the minute
        ("2026-11-19", 11 * 3600),  # to the end of the day
        ("2026-11-20", 0),  # the day is not over when it is attested
    ],
)
def test_a_lag_begins_when_the_claimed_time_ends(claimed: str, seconds: int) -> None:
    found = lag(stamp(11, "2026-11-20T03:00:00Z"), at=said(claimed))
    assert found is not None
    assert found.seconds == seconds
    assert not found.since_recorded
    assert not found.contradicts


def test_the_accuracy_of_the_authority_makes_a_lag_longer() -> None:
    exact = lag(stamp(11, "2026-11-20T03:00:00Z"), at=said("2026-11-20 10:00:00"))
    rough = lag(
        stamp(11, "2026-11-20T03:00:00Z", accuracy_ms=60_000), at=said("2026-11-20 10:00:00")
    )
    assert exact is not None
    assert rough is not None
    assert rough.seconds == exact.seconds + 60


@pytest.mark.parametrize("at", [None, unknown(), YEARLESS])
def test_without_a_day_the_lag_begins_when_the_program_took_it_in(at: Moment | None) -> None:
    found = lag(stamp(11, "2026-11-20T09:00:00Z"), at=at)
    assert found is not None
    assert found.since_recorded
    assert found.seconds == 3600


def test_the_earliest_time_counts_among_those_that_cover_the_entry() -> None:
    late, early = stamp(11, "2026-11-22T00:00:00Z"), stamp(12, "2026-11-21T00:00:00Z")
    short = stamp(13, "2026-11-20T09:00:00Z", size=3)
    assert first_cover([late, early, short], 3) == early
    assert first_cover([late, early, short], 2) == short
    assert first_cover([short], 3) is None
    assert lag(short, at=None) is None


def test_a_claimed_time_after_the_authority_contradicts_it() -> None:
    found = lag(stamp(11, "2026-11-20T03:00:00Z"), at=said("2026-11-20 11:00:01"))
    assert found is not None
    assert found.contradicts
    assert found.seconds == 0


def test_a_lag_is_told_in_whole_minutes_rounded_up() -> None:
    assert parts(0) == (0, 0, 0)
    assert parts(1) == (0, 0, 1)
    assert parts(86_400 + 3_600 + 61) == (1, 1, 2)
    assert parts(int(dt.timedelta(days=44).total_seconds())) == (44, 0, 0)
