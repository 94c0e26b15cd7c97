"""What file names say, and what they never say."""

import csv
import datetime as dt
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evidence.core.moment import CHINA, Precision
from evidence.core.records import Direction, Party
from evidence.ingest.filenames import FileNameFacts, read_filename
from evidence.ingest.patterns import built_in

TABLE = Path(__file__).with_name("filenames.tsv")
START = dt.datetime(2010, 1, 1, tzinfo=CHINA)
ALLOWED_SECONDS = 0.1
"""For one name on a busy machine; a backtracking pattern takes minutes."""


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))


def local(facts: FileNameFacts) -> str:
    """Return the stamp without its zone, on a Chinese clock."""
    if not facts.moments:
        return ""
    stamp = facts.moments[0]
    assert stamp.value is not None
    interval = stamp.interval()
    if stamp.precision in (Precision.DAY, Precision.MONTH_DAY) or interval is None:
        return stamp.value
    start = interval[0].astimezone(CHINA).replace(tzinfo=None)
    unit = {Precision.MINUTE: "minutes", Precision.SECOND: "seconds"}
    return start.isoformat(timespec=unit.get(stamp.precision, "milliseconds"))


PRECISIONS = {
    "s": {Precision.SECOND, Precision.MILLISECOND},
    "ms": {Precision.MILLISECOND},
    "min": {Precision.MINUTE},
    "day": {Precision.DAY},
    "day_noyear": {Precision.MONTH_DAY},
    "min_noyear": {Precision.MONTH_DAY},
}


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["name"])
def test_every_known_name_says_what_the_table_says(row: dict[str, str]) -> None:
    facts = read_filename(row["name"], row["path"])
    assert ",".join(p.number for p in facts.parties if p.number) == row["expected_phone"]
    assert ",".join(p.name for p in facts.parties if p.name) == row["expected_contact"]
    assert (facts.direction or "") == row["direction"]
    assert str(facts.sim or "") == row["sim"]
    if row["app"]:
        assert facts.app == row["app"]
    if row["precision"]:
        assert local(facts)[: len(row["expected_local_datetime"])] == row["expected_local_datetime"]
        assert {m.precision for m in facts.moments} <= PRECISIONS[row["precision"]]
        assert facts.moments[0].basis == (row["path"] or row["name"])
    else:
        assert facts.moments == ()


CUT = (
    "通话录音@一个名字特别特别特别长的催收公司外访(1380000001_20240115143025.mp3",
    "通话录音@一个名字特别特别特别长的催收公司外访(13800000011_20240115143025.mp3",
    "通话录音@甲(13800000011)_一个名字特别特别长的(138000_20240115143025.mp3",
    "13800000011(13800000011)_13800000012(138000_20240115143025.mp3",
)


@pytest.mark.parametrize("name", CUT)
def test_a_number_that_the_phone_cut_is_never_complete(name: str) -> None:
    last = read_filename(name).parties[-1]
    assert last.number_truncated
    assert read_filename(name).warnings


@given(st.text("甲乙催收公司 1", min_size=1, max_size=60), st.integers(0, 11), st.booleans())
def test_whatever_xiaomi_cuts_the_number_is_whole_or_marked(
    name: str, kept: int, closed: bool
) -> None:
    number = "13800000011"[:kept]
    stem = f"通话录音@{name}({number}{')' if closed else ''}_20240115143025"
    for party in read_filename(stem + ".mp3").parties:
        if party.number and party.number != "13800000011":
            assert party.number_truncated or closed or party.number in name.replace(" ", "")
        if party.number and not closed:
            assert party.number_truncated


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("1月15日 138 0000 0011(1).m4a", "13800000011"),
        ("1月15日 138 0000 0011 2(1).m4a", "13800000011"),
        ("13800000011_20240115143025(12).amr", "13800000011"),
        ("13800000011_20240115143025 （2）.amr", "13800000011"),
        ("13800000011_20240115143025 - 副本.amr", "13800000011"),
        ("13800000011_20240115143025 - 副本 (2).amr", "13800000011"),
        ("13800000011_20240115143025 - Copy.amr", "13800000011"),
        ("13800000011_20240115143025_1.amr", "13800000011"),
        ("20240115_143025.123+0800_in_13800000011(1).oga", "13800000011"),
        ("13800000011-2203021149(1).mp3", "13800000011"),
        ("与 13800000011 的通话(1)(2).m4a", "13800000011"),
    ],
)
def test_what_a_copy_adds_is_no_part_of_the_number(name: str, number: str) -> None:
    facts = read_filename(name)
    assert facts.party == Party(number=number)


@pytest.mark.parametrize(
    "name",
    [
        "13800000011_20240230143025.amr",
        "13800000011_20241315143025.amr",
        "13800000011_20240115243025.amr",
        "13800000011_20240115146025.amr",
        "13800000011-2413151430.mp3",
        "2月30日 13800000011.m4a",
        "13月1日 13800000011.m4a",
        "20240115_143025.123+9900_in_13800000011.oga",
        "20240115_143025.123+0899_in_13800000011.oga",
        "Screenshot_2024-02-30-14-30-25-123_com.android.mms.jpg",
    ],
)
def test_a_date_that_does_not_exist_is_no_date(name: str) -> None:
    assert read_filename(name).moments == ()


@pytest.mark.parametrize(
    "name",
    [
        "未知_20240115143025.m4a",
        "通话录音@未知(-1)_20240115143025.mp3",
        "通话录音@未知号码(-2)_20240115143025.mp3",
        "1d20151209155457pnull.3gp",
        "unknown_240115_143025123.m4a",
        "20240115_143025.123+0800_in_-1.oga",
        "1月15日 电话会议.m4a",
        "私人号码-2401151430.mp3",
    ],
)
def test_a_hidden_caller_is_nobody(name: str) -> None:
    facts = read_filename(name)
    assert facts.moments
    assert facts.parties == ()


def test_several_parties_are_listed_and_none_is_picked() -> None:
    facts = read_filename("通话录音@甲(13800000011)_乙(13800000012)_丙(13800000013)_20240115143025")
    assert [p.number for p in facts.parties] == ["13800000011", "13800000012", "13800000013"]
    assert facts.party == Party()
    assert facts.direction is Direction.CONFERENCE


def test_a_contact_name_is_kept_when_it_has_the_separator_of_the_convention() -> None:
    facts = read_filename("20240115_143025.123+0800_in_丙某_催收.oga")
    assert facts.party == Party(name="丙某_催收")
    assert facts.direction is Direction.IN


def test_utc_names_are_the_same_instant_as_chinese_ones() -> None:
    utc = read_filename("20240115_063025.123+0000_in.oga").moments[0].interval()
    china = read_filename("20240115_143025.123+0800_in.oga").moments[0].interval()
    odd = read_filename("20240115_143055.123+080030_in.oga").moments[0].interval()
    assert utc == china == odd


@given(
    st.integers(0, 2_000_000_000).map(lambda n: START + dt.timedelta(seconds=n)),
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
)
def test_number_and_second_come_back_from_every_convention_that_has_both(
    when: dt.datetime, number: str
) -> None:
    names = (
        f"通话录音@{number}({number})_{when:%Y%m%d%H%M%S}.mp3",
        f"丙某@{number}_{when:%Y%m%d%H%M%S}.m4a",
        f"{number}_{when:%Y%m%d%H%M%S}.amr",
        f"{number} {when:%Y-%m-%d %H-%M-%S}.amr",
        f"Call recording {number}_{when:%y%m%d_%H%M%S}.m4a",
        f"{when:%Y%m%d_%H%M%S}.000+0800_out_{number}.oga",
        f"CallRecord_{when:%Y%m%d-%H%M%S}_{number}.m4a",
    )
    for name in names:
        facts = read_filename(name)
        assert (facts.party.number, facts.party.number_truncated) == (number, False), name
        assert local(facts)[:19] == f"{when:%Y-%m-%dT%H:%M:%S}", name


WORDS = ("20240115143025", "通话录音@", "Call recording ", "\x1b[31m", "IMG_", "(1)", "(phone)")
PIECES = st.sampled_from((*"1甲 ()@_-月日.+，\n\u202e\ud800", *WORDS))


@given(st.lists(PIECES, max_size=120).map("".join) | st.text(max_size=300))
@example("(" * 250)
@example("1" * 250 + "x")
@example("A(1)_" * 50)
@example("通话录音@" + "A(1)_" * 49)
@example(" (1)" * 60)
@example("@" * 255)
@example("1 " * 127)
@example("与 " + " 的通话" * 50)
@example("1,2," * 60 + "_20240115143025")
def test_a_hostile_name_costs_milliseconds(name: str) -> None:
    before = time.perf_counter()
    read_filename(name, "ACRPhone/" * 200 + name)
    assert time.perf_counter() - before < ALLOWED_SECONDS


def test_no_two_conventions_have_the_same_name() -> None:
    names = [pattern.name for pattern in (*built_in().names, *built_in().paths)]
    assert len(names) == len(set(names))
