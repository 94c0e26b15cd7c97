"""One time from several claims."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.core import moment
from evidence.core.moment import CHINA, Meaning, Moment, Precision, Source
from evidence.ingest.times import resolve

START = dt.datetime(2026, 10, 14, 21, 5, 33, tzinfo=CHINA)


def claim(
    seconds: float = 0,
    *,
    source: Source = Source.FILE_NAME,
    meaning: Meaning = Meaning.RECORDING_START,
    precision: Precision = Precision.SECOND,
) -> Moment:
    """Return a claim ``seconds`` after ``START``."""
    return moment.at(
        START + dt.timedelta(seconds=seconds),
        precision=precision,
        source=source,
        meaning=meaning,
        basis=f"{source} {seconds}",
    )


def month_day(text: str) -> Moment:
    return Moment(
        value=text,
        precision=Precision.MONTH_DAY,
        source=Source.FILE_NAME,
        meaning=Meaning.RECORDING_START,
        basis="10月14日 丙某.m4a",
        tz_assumed=True,
    )


def test_no_claim_is_no_time() -> None:
    assert resolve((), duration_ms=1000).occurred == moment.unknown()


@pytest.mark.parametrize(
    ("seconds", "agrees", "contradicts"),
    [(0, True, False), (5, True, False), (60, True, False), (120, True, False), (122, False, True)],
)
def test_two_claims_agree_are_near_or_contradict_by_their_distance(
    seconds: int, agrees: bool, contradicts: bool
) -> None:
    said = claim(seconds, source=Source.USER)
    found = resolve((claim(), said), duration_ms=None)
    assert bool(found.agreements) is agrees
    assert bool(found.conflicts) is contradicts
    if contradicts:
        assert found.occurred.precision is Precision.UNKNOWN
        assert len(found.conflicts[0].values) == 2
    else:
        assert found.occurred == claim()


def test_a_near_claim_is_told_otherwise_than_one_that_agrees() -> None:
    agrees = resolve((claim(), claim(3, source=Source.USER)), duration_ms=None).agreements
    near = resolve((claim(), claim(60, source=Source.USER)), duration_ms=None).agreements
    minute = claim(60, source=Source.USER, precision=Precision.MINUTE)
    loose = resolve((claim(), minute), duration_ms=None).agreements
    assert agrees != near
    assert "印证" in agrees[0]
    assert "印证" not in near[0]
    assert "印证" in loose[0]


def test_what_is_picked_does_not_depend_on_the_order_of_the_claims() -> None:
    claims = [claim(), claim(1, source=Source.USER), claim(2, source=Source.CONTAINER)]
    found = {resolve(order, duration_ms=None).occurred for order in (claims, claims[::-1])}
    assert found == {claim()}


def test_a_persons_word_comes_after_a_machines() -> None:
    said = claim(2, source=Source.USER)
    assert resolve((said, claim()), duration_ms=None).occurred == claim()


def test_a_minute_gives_way_to_a_second_of_a_lower_source() -> None:
    minute = claim(precision=Precision.MINUTE)
    exact = claim(source=Source.EXIF)
    assert resolve((minute, exact), duration_ms=None).occurred.precision is Precision.SECOND


def test_a_stop_is_compared_as_the_start_that_it_implies() -> None:
    stop = claim(30, source=Source.CONTAINER, meaning=Meaning.RECORDING_STOP)
    found = resolve((claim(), stop), duration_ms=30_000)
    assert found.occurred == claim()
    assert found.agreements
    alone = resolve((stop,), duration_ms=30_000).occurred
    assert (alone.value, alone.meaning) == (claim().value, Meaning.RECORDING_START)
    assert resolve((stop,), duration_ms=None).occurred == stop


@pytest.mark.parametrize("stop_seconds", [0, 600])
def test_a_stamp_of_unknown_meaning_agrees_with_start_and_stop(stop_seconds: int) -> None:
    loose = claim(meaning=Meaning.CALL_START_OR_STOP)
    stop = claim(stop_seconds, source=Source.CONTAINER, meaning=Meaning.RECORDING_STOP)
    found = resolve((loose, stop), duration_ms=600_000)
    assert not found.conflicts
    assert found.agreements


@pytest.mark.parametrize("hours", [1, 8, 14, -8])
def test_a_whole_number_of_hours_is_suspected_to_be_a_zone(hours: int) -> None:
    found = resolve((claim(), claim(hours * 3600 + 4, source=Source.CONTAINER)), duration_ms=None)
    assert found.conflicts[0].note


@pytest.mark.parametrize("seconds", [1800, 3600 * 8 + 60, 3600 * 15])
def test_another_distance_is_no_zone(seconds: int) -> None:
    found = resolve((claim(), claim(seconds, source=Source.CONTAINER)), duration_ms=None)
    assert found.conflicts[0].note == ""


@pytest.mark.parametrize("meaning", [Meaning.CALL_START_OR_STOP, Meaning.RECORDING_START])
def test_a_zone_is_suspected_whether_the_stamp_is_the_start_or_may_be_the_stop(
    meaning: Meaning,
) -> None:
    stop = claim(8 * 3600 + 24, source=Source.CONTAINER, meaning=Meaning.RECORDING_STOP)
    found = resolve((claim(meaning=meaning), stop), duration_ms=24_000)
    assert found.occurred.precision is Precision.UNKNOWN
    assert found.conflicts[0].note


def test_month_and_day_take_year_and_time_from_a_claim_of_the_same_day() -> None:
    stop = claim(30, source=Source.CONTAINER, meaning=Meaning.RECORDING_STOP)
    found = resolve((month_day("--10-14"), stop), duration_ms=30_000).occurred
    assert found.value == claim().value
    assert found.year_inferred
    assert "10月14日" in found.basis


def test_month_and_day_of_another_day_contradict() -> None:
    found = resolve((month_day("--10-15"), claim(source=Source.CONTAINER)), duration_ms=None)
    assert found.conflicts
    assert found.occurred.precision is Precision.UNKNOWN


def test_month_and_day_alone_stay_without_a_year() -> None:
    found = resolve((month_day("--10-14"),), duration_ms=1000).occurred
    assert found == month_day("--10-14")


@pytest.mark.parametrize("meaning", [Meaning.CAPTURED, Meaning.SAVED])
def test_when_a_picture_was_taken_or_saved_is_never_when_it_happened(meaning: Meaning) -> None:
    taken = claim(86_400, meaning=meaning)
    said = claim(source=Source.USER, meaning=Meaning.STATED)
    found = resolve((taken, said), duration_ms=None)
    assert found.occurred == said
    assert not found.conflicts
    assert found.agreements


def test_two_claims_about_taking_a_picture_are_compared() -> None:
    name = claim(meaning=Meaning.CAPTURED)
    exif = claim(3600, source=Source.EXIF, meaning=Meaning.CAPTURED)
    assert resolve((name, exif), duration_ms=None).conflicts


claims = st.builds(
    claim,
    st.integers(-100_000, 100_000),
    source=st.sampled_from([s for s in Source if s is not Source.NONE]),
    meaning=st.sampled_from(list(Meaning)),
    precision=st.sampled_from(
        [Precision.MILLISECOND, Precision.SECOND, Precision.MINUTE, Precision.DAY]
    ),
) | st.sampled_from([month_day("--10-14"), month_day("--10-15"), moment.unknown()])


@given(st.lists(claims, max_size=5), st.none() | st.integers(1, 10_000_000))
def test_no_claim_is_lost_and_none_is_invented(given: list[Moment], duration: int | None) -> None:
    found = resolve(given, duration_ms=duration)
    known = [c for c in given if c.precision is not Precision.UNKNOWN]
    told = len(found.agreements) + sum(len(c.values) for c in found.conflicts)
    if found.occurred.precision is not Precision.UNKNOWN:
        joined = found.occurred.year_inferred  # a month and day went into the claim
        assert told + 1 + joined >= len(known)
        assert found.occurred.source in {c.source for c in known}
    elif known:
        assert told >= len(known) - 1  # at most one was joined with another
        assert found.conflicts
