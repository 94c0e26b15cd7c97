"""Moments in words: no digit more than is known, and what they rest on."""

import datetime as dt
import re

import pytest
from hypothesis import given

from evidence.core import moment
from evidence.core.moment import Meaning, Moment, Precision, Source
from evidence.core.moment_text import (
    NOT_KNOWN,
    date_text,
    describe,
    recorded_text,
    time_text,
)
from tests.case_builder import by_name, month_day, said
from tests.evidence.core.strategies import instants, moments


@pytest.mark.parametrize(
    ("claimed", "text"),
    [
        (said("2026-10-14 21:05:33.482"), "2026年10月14日 21:05:33.482"),
        (said("2026-10-14 21:05:33"), "2026年10月14日 21:05:33"),
        (said("2026-10-14 09:05"), "2026年10月14日 09:05"),
        (said("2026-01-02"), "2026年1月2日"),
        (month_day("--10-04"), "10月4日"),
        (month_day("--10-04T21:05"), "10月4日 21:05"),
        (moment.unknown(), NOT_KNOWN),
    ],
)
def test_time_shows_the_digits_that_are_known(claimed: Moment, text: str) -> None:
    assert time_text(claimed) == text


def test_time_abroad_is_shown_in_chinese_time() -> None:
    assert time_text(said("2026-10-14T20:05:00Z")) == "2026年10月15日 04:05:00"


@given(moments())
def test_every_moment_has_words(claimed: Moment) -> None:
    time, basis = describe(claimed)
    assert time_text(claimed) in time
    assert "None" not in time + basis.replace(claimed.basis, "")


@given(moments())
def test_no_more_digits_are_shown_than_are_known(claimed: Moment) -> None:
    shown = time_text(claimed)
    colons = {
        Precision.MILLISECOND: 2,
        Precision.SECOND: 2,
        Precision.MINUTE: 1,
        Precision.DAY: 0,
        Precision.MONTH_DAY: 0,
        Precision.UNKNOWN: 0,
    }
    assert shown.count(":") == colons[claimed.precision]
    assert ("." in shown) is (claimed.precision is Precision.MILLISECOND)
    assert bool(re.search("[0-9]年", shown)) is (
        claimed.precision not in (Precision.MONTH_DAY, Precision.UNKNOWN)
    )


@pytest.mark.parametrize("source", [s for s in Source if s is not Source.NONE])
def test_every_source_has_its_own_words(source: Source) -> None:
    others = {
        describe(said("2026-10-14", source=s))[1] for s in Source if s not in (source, "none")
    }
    assert describe(said("2026-10-14", source=source))[1] not in others


@pytest.mark.parametrize("meaning", [m for m in Meaning if m is not Meaning.UNKNOWN])
def test_every_meaning_has_its_own_words(meaning: Meaning) -> None:
    others = {describe(by_name("2026-10-14", m))[1] for m in Meaning if m is not meaning}
    assert describe(by_name("2026-10-14", meaning))[1] not in others


def test_file_name_is_said_to_be_the_phones_claim_and_renameable() -> None:
    assert "可被改名" in describe(by_name("2026-10-14 21:05"))[1]


def test_time_of_a_file_is_said_to_be_only_a_hint() -> None:
    assert "仅供参考" in describe(said("2026-10-14", source=Source.MTIME))[1]


def test_time_of_a_picture_is_said_not_to_be_that_of_the_message() -> None:
    for meaning in (Meaning.CAPTURED, Meaning.SAVED):
        assert "不是对方发送的时刻" in describe(by_name("2026-10-14", meaning))[1]


def test_inferred_year_and_assumed_zone_are_said() -> None:
    instant = dt.datetime(2026, 10, 14, 13, 5, tzinfo=moment.CHINA)
    plain, inferred, assumed = (
        describe(
            moment.at(
                instant,
                precision=Precision.MINUTE,
                source=Source.FILE_NAME,
                meaning=Meaning.RECORDING_START,
                basis="x",
                **flags,
            )
        )[1]
        for flags in ({}, {"year_inferred": True}, {"tz_assumed": True})
    )
    assert inferred == plain + "，年份为推断"
    assert assumed == plain + "，按北京时间理解"


def test_unknown_moment_says_why() -> None:
    assert describe(moment.unknown("文件名没有时间")) == (NOT_KNOWN, "文件名没有时间")


@given(instants)
def test_date_is_that_in_china(instant: dt.datetime) -> None:
    local = instant.astimezone(dt.timezone(dt.timedelta(hours=8)))
    assert date_text(instant) == f"{local.year}年{local.month}月{local.day}日"


def test_recorded_time_is_shown_in_chinese_time() -> None:
    assert recorded_text("2026-11-20T16:00:01Z") == "2026年11月21日 00:00:01"
    assert recorded_text("2026-11-20T15:59:59.999Z") == "2026年11月20日 23:59:59"
