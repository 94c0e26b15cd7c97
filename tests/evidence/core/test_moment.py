"""Claimed times: exactly the digits that are known, and an interval (FORMATS section 6)."""

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.core import canonical, moment
from evidence.core.canonical import JsonValue
from evidence.core.moment import CHINA, Meaning, Moment, Precision, Source
from evidence.errors import ExitCode, ValueFormError
from tests.evidence.core.strategies import instants, moments

TIMED = (Precision.MILLISECOND, Precision.SECOND, Precision.MINUTE)
WIDTH = {
    Precision.MILLISECOND: dt.timedelta(milliseconds=1),
    Precision.SECOND: dt.timedelta(seconds=1),
    Precision.MINUTE: dt.timedelta(minutes=1),
    Precision.DAY: dt.timedelta(days=1),
}


def claim(value: str | None, precision: Precision) -> Moment:
    return Moment(
        value=value,
        precision=precision,
        source=Source.FILE_NAME,
        meaning=Meaning.RECORDING_START,
        basis="call.mp3",
    )


def cut(instant: dt.datetime, precision: Precision) -> Moment:
    return moment.at(
        instant,
        precision=precision,
        source=Source.CALL_LOG,
        meaning=Meaning.CALL_CREATED,
        basis="1",
    )


# --- values ---------------------------------------------------------------------------------------

VALUES = {
    Precision.MILLISECOND: "2026-10-14T21:05:33.482+08:00",
    Precision.SECOND: "2026-10-14T21:05:33+08:00",
    Precision.MINUTE: "2026-10-14T21:05+08:00",
    Precision.DAY: "2026-10-14",
    Precision.MONTH_DAY: "--10-14",
    Precision.UNKNOWN: None,
}


@pytest.mark.parametrize("precision", Precision)
def test_value_has_the_digits_of_its_precision_and_no_others(precision: Precision) -> None:
    for other, value in VALUES.items():
        if other is precision:
            assert claim(value, precision).value == value
        else:
            with pytest.raises(ValueError, match="precision"):
                claim(value, precision)


@pytest.mark.parametrize(
    ("value", "precision"),
    [
        ("", Precision.SECOND),
        ("2026-10-14T21:05:33", Precision.SECOND),
        ("2026-10-14 21:05:33+08:00", Precision.SECOND),
        ("2026-10-14T21:05:33Z", Precision.SECOND),
        ("2026-10-14T21:05:33+0800", Precision.SECOND),
        ("2026-10-14T24:00:00+08:00", Precision.SECOND),
        ("2026-10-14T21:60:00+08:00", Precision.SECOND),
        ("2026-10-14T21:05:60+08:00", Precision.SECOND),
        ("2026-02-29T21:05:33+08:00", Precision.SECOND),
        ("2026-10-14T21:05:33+25:00", Precision.SECOND),
        ("2026-10-14T21:05:33+08:00\n", Precision.SECOND),
        ("２０２６-10-14T21:05:33+08:00", Precision.SECOND),
        ("2026-10-14T210533x+08:00", Precision.SECOND),
        ("2026-10-14T21:05:33.48+08:00", Precision.MILLISECOND),
        ("2026-10-14T21:05:33.482000+08:00", Precision.MILLISECOND),
        ("2026-10-14T2105x+08:00", Precision.MINUTE),
        ("20261014", Precision.DAY),
        ("2026-W42-3", Precision.DAY),
        ("2026-13-01", Precision.DAY),
        ("0000-01-01", Precision.DAY),
        ("9999-12-31", Precision.DAY),
        ("0001-01-01T00:00+14:00", Precision.MINUTE),
        ("9999-12-31T23:00-10:00", Precision.MINUTE),
        ("--13-01", Precision.MONTH_DAY),
        ("--02-30", Precision.MONTH_DAY),
        ("--10-14T24:00", Precision.MONTH_DAY),
        ("--10-14T21:05:33.5", Precision.MONTH_DAY),
        ("--10-14T21:05+08:00", Precision.MONTH_DAY),
        ("10-14", Precision.MONTH_DAY),
    ],
)
def test_value_that_is_no_such_time_is_refused(value: str, precision: Precision) -> None:
    with pytest.raises(ValueError, match=r".+"):
        claim(value, precision)


@pytest.mark.parametrize("value", ["--10-14", "--02-29", "--10-14T21:05"])
def test_month_and_day_without_year_have_no_interval(value: str) -> None:
    assert claim(value, Precision.MONTH_DAY).interval() is None


def test_known_time_names_its_source() -> None:
    sound = claim("2026-10-14", Precision.DAY)
    with pytest.raises(ValueError, match="nowhere"):
        dataclasses.replace(sound, source=Source.NONE)


def test_unknown_moment_says_nothing() -> None:
    nothing = moment.unknown("文件名没有时间")
    assert (nothing.value, nothing.precision) == (None, Precision.UNKNOWN)
    assert (nothing.source, nothing.meaning) == (Source.NONE, Meaning.UNKNOWN)
    assert nothing.basis == "文件名没有时间"
    assert nothing.interval() is None


# --- intervals ------------------------------------------------------------------------------------


@given(instants, st.sampled_from(list(WIDTH)))
def test_interval_holds_the_instant_and_is_as_wide_as_the_precision(
    instant: dt.datetime, precision: Precision
) -> None:
    interval = cut(instant, precision).interval()
    assert interval is not None
    assert interval[0] <= instant < interval[1]
    assert interval[1] - interval[0] == WIDTH[precision]


@given(instants, st.sampled_from(TIMED))
def test_time_keeps_its_own_zone(instant: dt.datetime, precision: Precision) -> None:
    interval = cut(instant, precision).interval()
    assert interval is not None
    assert interval[0].utcoffset() == instant.utcoffset()


def test_day_of_an_instant_abroad_is_the_day_in_china() -> None:
    late = dt.datetime(2026, 10, 14, 20, 0, tzinfo=dt.UTC)
    assert cut(late, Precision.DAY).value == "2026-10-15"
    assert cut(late, Precision.MONTH_DAY).value == "--10-15"


def test_day_begins_at_midnight_in_china() -> None:
    assert claim("2026-10-14", Precision.DAY).interval() == (
        dt.datetime(2026, 10, 14, tzinfo=CHINA),
        dt.datetime(2026, 10, 15, tzinfo=CHINA),
    )


def test_precision_is_cut_and_never_rounded_up() -> None:
    instant = dt.datetime(2026, 10, 14, 21, 59, 59, 999_999, tzinfo=CHINA)
    assert cut(instant, Precision.MILLISECOND).value == "2026-10-14T21:59:59.999+08:00"
    assert cut(instant, Precision.SECOND).value == "2026-10-14T21:59:59+08:00"
    assert cut(instant, Precision.MINUTE).value == "2026-10-14T21:59+08:00"


def test_time_without_zone_is_a_mistake_of_the_program() -> None:
    with pytest.raises(TypeError):
        cut(dt.datetime(2026, 10, 14), Precision.SECOND)  # noqa: DTZ001 - the mistake


@pytest.mark.parametrize("precision", list(WIDTH))
@pytest.mark.parametrize(
    "instant",
    [
        dt.datetime.min.replace(tzinfo=dt.timezone(dt.timedelta(hours=14))),
        dt.datetime.max.replace(tzinfo=dt.timezone(dt.timedelta(hours=-12))),
        dt.datetime.max.replace(tzinfo=CHINA),
    ],
)
def test_end_of_the_calendar_is_refused(instant: dt.datetime, precision: Precision) -> None:
    with pytest.raises(ValueError, match=r".+"):
        cut(instant, precision)


# --- in an entry ----------------------------------------------------------------------------------


@given(moments())
def test_what_is_stored_reads_the_same(claimed: Moment) -> None:
    stored = canonical.decode(canonical.encode(claimed.to_data()))
    assert moment.from_data(stored) == claimed
    assert moment.from_data(stored).to_data() == claimed.to_data()


@given(moments())
def test_unknown_fields_of_a_stored_moment_are_ignored(claimed: Moment) -> None:
    assert moment.from_data({**claimed.to_data(), "leap_second": 1}) == claimed


@pytest.mark.parametrize("field", ["value", "precision", "source", "meaning", "basis"])
def test_stored_moment_without_a_field_is_refused(field: str) -> None:
    data = claim(VALUES[Precision.SECOND], Precision.SECOND).to_data()
    del data[field]
    with pytest.raises(KeyError):
        moment.from_data(data)


@pytest.mark.parametrize(
    "change",
    [
        {"precision": "hour"},
        {"precision": "min"},
        {"precision": "unknown"},
        {"source": "guess"},
        {"meaning": "hung_up"},
        {"value": None},
        {"value": 20261014},
        {"value": "2026-10-14T21:05:33"},
    ],
)
def test_stored_moment_of_another_form_is_refused(change: dict[str, JsonValue]) -> None:
    data = claim(VALUES[Precision.SECOND], Precision.SECOND).to_data()
    with pytest.raises((KeyError, ValueError), match=r".+"):
        moment.from_data({**data, **change})


def test_flags_are_stored_only_when_set() -> None:
    plain = claim(VALUES[Precision.SECOND], Precision.SECOND)
    assert not plain.to_data().keys() & {"year_inferred", "tz_assumed"}
    flagged = dataclasses.replace(plain, year_inferred=True, tz_assumed=True)
    assert flagged.to_data()["year_inferred"] is True
    assert flagged.to_data()["tz_assumed"] is True


# --- what a person types --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("2026-10-14", "2026-10-14", Precision.DAY),
        ("2026/10/14", "2026-10-14", Precision.DAY),
        ("2026.10.14", "2026-10-14", Precision.DAY),
        ("2026-1-2", "2026-01-02", Precision.DAY),
        ("2026年10月14日", "2026-10-14", Precision.DAY),
        ("2028-02-29", "2028-02-29", Precision.DAY),
        ("2026-10-14 21:05", "2026-10-14T21:05+08:00", Precision.MINUTE),
        ("2026-10-14T21:05", "2026-10-14T21:05+08:00", Precision.MINUTE),
        ("2026/10/14 9:05", "2026-10-14T09:05+08:00", Precision.MINUTE),
        ("2026-10-14 21：05", "2026-10-14T21:05+08:00", Precision.MINUTE),
        ("2026年10月14日 21:05", "2026-10-14T21:05+08:00", Precision.MINUTE),
        ("2026年10月14日21时5分", "2026-10-14T21:05+08:00", Precision.MINUTE),
        ("2026年10月14日21时05", "2026-10-14T21:05+08:00", Precision.MINUTE),
        ("2026-10-14 00:00", "2026-10-14T00:00+08:00", Precision.MINUTE),
        ("2026-10-14 21:05:33", "2026-10-14T21:05:33+08:00", Precision.SECOND),
        ("2026年10月14日21时5分33秒", "2026-10-14T21:05:33+08:00", Precision.SECOND),
        ("2026-10-14 21:05:33.482", "2026-10-14T21:05:33.482+08:00", Precision.MILLISECOND),
    ],
)
def test_typed_time_without_zone_is_chinese_time_and_says_so(
    text: str, value: str, precision: Precision
) -> None:
    typed = moment.parse_user_time(text)
    assert (typed.value, typed.precision) == (value, precision)
    assert (typed.source, typed.meaning) == (Source.USER, Meaning.STATED)
    assert typed.tz_assumed
    assert not typed.year_inferred


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-10-14T21:05:33Z", "2026-10-14T21:05:33+00:00"),
        ("2026-10-14T21:05-05:00", "2026-10-14T21:05-05:00"),
        ("2026-10-14T21:05:33.482+08:00", "2026-10-14T21:05:33.482+08:00"),
    ],
)
def test_typed_zone_is_kept(text: str, value: str) -> None:
    typed = moment.parse_user_time(text)
    assert typed.value == value
    assert not typed.tz_assumed


def test_basis_is_what_was_typed_letter_for_letter() -> None:
    assert moment.parse_user_time(" 2026年10月14日 ").basis == " 2026年10月14日 "


@pytest.mark.parametrize(
    "text",
    [
        "",
        "昨天",
        "10-14 21:05",
        "26-10-14",
        "2026-10",
        "2026-13-01",
        "2026-00-10",
        "2026-02-29",
        "2026-10-32",
        "2026-10-14 24:00",
        "2026-10-14 21",
        "2026-10-14 21:60",
        "2026-10-14 21:05:60",
        "2026-10-14 21:05:33.5",
        "2026-10-14 21:05:33.4821",
        "2026-10-14 21:051",
        "2026-10-14 21:0533",
        "2026-10-1421:05",
        "2026-10-121:05",
        "2026-10-14Z",
        "2026-10-14+08:00",
        "2026-10-14 21:05+99:99",
        "2026-10-14 21:05+24:00",
        "2026-10-14 21:05 +08:00",
        "2026-10-14 21:05\n22:05",
        "2026-10-14 晚上9:05",
        "２０２６-10-14",
        "9999-12-31",
        "0000-01-01",
        "0001-01-01 00:00+14:00",
    ],
)
def test_typed_text_that_is_no_one_time_is_refused(text: str) -> None:
    with pytest.raises(ValueFormError) as caught:
        moment.parse_user_time(text)
    assert caught.value.value == text
    assert caught.value.exit_code is ExitCode.USAGE


@given(st.text("0123456789-/.年月日时分秒: T：Z+", max_size=30))
def test_typed_text_is_a_time_or_refused_and_never_a_crash(text: str) -> None:
    try:
        typed = moment.parse_user_time(text)
    except ValueFormError:
        return
    assert typed.interval() is not None


@given(instants, st.sampled_from(TIMED))
def test_typed_rfc_3339_reads_as_the_same_time(instant: dt.datetime, precision: Precision) -> None:
    claimed = cut(instant, precision)
    assert claimed.value is not None
    typed = moment.parse_user_time(claimed.value)
    assert typed.interval() == claimed.interval()
    assert typed.precision is precision
