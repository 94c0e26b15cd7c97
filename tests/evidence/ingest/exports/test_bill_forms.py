"""Every header row, date, duration and direction of FORMATS 3.5, and what must not be read."""

import io

import pytest

from evidence.core.moment import Meaning, Precision
from evidence.core.records import Direction
from evidence.ingest.exports import bill_period, bill_values, registry
from evidence.ingest.exports.base import (
    CallRow,
    ExportFormError,
    MessageRow,
    Row,
    RowProblem,
)

MOBILE = "起始时间,通信地点,通信方式,对方号码,通信时长,通信类型,套餐优惠,实收通信费(元)"
UNICOM_9 = "序号,业务类型,通话起始时间,通话时长,呼叫类型,对方号码,通话类型,通话费,小计"
UNICOM_10 = "序号,业务类型,通话起始时间,通话时长,呼叫类型,对方号码,通话类型,通话费,其他费,小计"
UNICOM_12 = (
    "序号,业务类型,通话起始时间,通话时长,呼叫类型,对方号码,本机通话地,对方归属地,通话类型,"
    "通话费,其他费,小计"
)

HEADERS = [
    (MOBILE, "{t},深圳,被叫,{n},{d},本地,,0.00"),
    (
        "序号,起始时间,通信地点,通信方式,对方号码,通信时长,通信类型,套餐优惠,实收通信费,是否“新通话”",
        "{i},{t},上海,被叫,{n},{d},本地,,0.00,否",
    ),
    (
        "通信方式~对方号码~集团短号~起始时间~通话时长~通信地点~国内话费(元)~小计(元)~套餐费(元)~高清",
        "被叫~{n}~~{t}~{d}~南京~0.00~0.00~0.00~是",
    ),
    (UNICOM_9, "{i},语音电话,{t},{d},被叫,{n},国内通话,0.00,0.00"),
    (UNICOM_10, "{i},语音电话,{t},{d},被叫,{n},国内通话,0.00,0.00,0.00"),
    (UNICOM_12, "{i},语音电话,{t},{d},被叫,{n},深圳,长沙,国内通话,0.00,0.00,0.00"),
    (
        "对方号码,起始时间,通话类型,通话时长（秒）,总话费,长途类型,话单位置,漫游类型,网络",
        "{n},{t},被叫,{d},0.00,本地,0755,非漫游,4G",
    ),
    (
        "对方号码,呼叫类型,起始时间,通话时长（秒）,通话类型,使用地点,费用（元）",
        "{n},被叫,{t},{d},本地,重庆,0.00",
    ),
    (
        "主叫号码,被叫号码,主叫位置,被叫位置,通话开始时间,通话时长,基本/漫游费",
        "{n},13800138000,昆明,昆明,{t},{d},0.00",
    ),
    (
        "主叫号码,被叫号码,起始时间,通话时长,呼叫类型,通话地点,费用",
        "{n},13800138000,{t},{d},被叫,天津,0.00",
    ),
    ("己方号码,对方号码,截获时间,通话时长,话单方向", "13800138000,{n},{t},{d},被叫"),
    ("用户号码,对端号码,开始时间,拨打秒数,呼叫类型,基站", "13800138000,{n},{t},{d},呼入,A1"),
    ("主叫号码,对方号码,开始时间,时长,事件类型名称", "13800138000,{n},{t},{d},被叫"),
    ("业务号码,被叫号码,起始时间,通话时长（s）,话单方向", "13800138000,{n},{t},{d},被叫"),
    ("通话日期,通话时间,对方号码,通话时长,呼叫类型,费用", "{date},{time},{n},{d},被叫,0.00"),
    ("本机号码,对方号码,通话日期,通话时间,时长,通信方式", "13800138000,{n},{date},{time},{d},被叫"),
]
NUMBERS = ("13900139000", "075500000001", "95010000001")


def text_of(header: str, row: str, *, duration: tuple[str, ...] = ("62", "183", "9")) -> str:
    lines = [header]
    for i, (number, seconds) in enumerate(zip(NUMBERS, duration, strict=True), start=1):
        date, time = f"2024-01-1{i}", f"14:30:2{i}"
        lines.append(row.format(i=i, t=f"{date} {time}", date=date, time=time, n=number, d=seconds))
    return "\n".join(lines) + "\n"


def read(text: str | bytes, name: str = "") -> list[Row]:
    data = text if isinstance(text, bytes) else text.encode("utf-8")
    reader = registry.find_reader(data[:65536])
    assert reader is not None
    return list(reader.rows(io.BytesIO(data), len(data), name=name))


def calls(text: str | bytes, name: str = "") -> list[CallRow]:
    found = read(text, name)
    rows = [row for row in found if isinstance(row, CallRow)]
    assert len(rows) == len(found)
    return rows


def mobile(time: str = "2024-01-15 14:30:25", **fields: str) -> str:
    """One row of China Mobile's table with one field changed."""
    values = {"kind": "被叫", "peer": "13900139000", "long": "1分2秒", "type": "本地", **fields}
    return f"{time},深圳,{values['kind']},{values['peer']},{values['long']},{values['type']},,0.00"


def one(row: str, *before: str, name: str = "") -> Row:
    (found,) = read("\n".join([*before, MOBILE, row]) + "\n", name)
    return found


def one_call(row: str, *before: str, name: str = "") -> CallRow:
    found = one(row, *before, name=name)
    assert isinstance(found, CallRow)
    return found


@pytest.mark.parametrize(("header", "row"), HEADERS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_columns_are_found_under_every_known_header(header: str, row: str, encoding: str) -> None:
    rows = calls(text_of(header, row).encode(encoding))
    assert [r.number for r in rows] == list(NUMBERS)
    assert [r.duration_s for r in rows] == [62, 183, 9]
    assert [r.direction for r in rows] == [Direction.IN] * 3
    assert [r.occurred.value for r in rows] == [f"2024-01-1{i}T14:30:2{i}+08:00" for i in (1, 2, 3)]
    assert [r.position.line for r in rows] == [2, 3, 4]


@pytest.mark.parametrize(("header", "row"), HEADERS)
def test_columns_are_found_by_value_when_the_titles_are_exchanged(header: str, row: str) -> None:
    lying = header.replace("通话类型", "呼叫类型", 1) if "呼叫类型" not in header else header
    assert [r.direction for r in calls(text_of(lying, row))] == [Direction.IN] * 3


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "~"])
def test_every_delimiter_is_understood(delimiter: str) -> None:
    text = text_of(MOBILE, HEADERS[0][1]).replace(",", delimiter)
    assert [r.number for r in calls(text)] == list(NUMBERS)


def test_line_ends_of_all_systems_give_the_same_rows() -> None:
    text = text_of(MOBILE, HEADERS[0][1])
    for end in ("\r\n", "\r"):
        assert calls(text.replace("\n", end)) == calls(text)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2024-01-15 14:30:25", "2024-01-15T14:30:25+08:00"),
        ("2024/01/15 14:30:25", "2024-01-15T14:30:25+08:00"),
        ("2024/1/5 8:01:05", "2024-01-05T08:01:05+08:00"),
        ("20240115143025", "2024-01-15T14:30:25+08:00"),
        ("20240115 14:30:25", "2024-01-15T14:30:25+08:00"),
        ("2024-01-15-14:30:25", "2024-01-15T14:30:25+08:00"),
        ("2024-01-15T14:30:25", "2024-01-15T14:30:25+08:00"),
        ("2024.01.15 14:30:25", "2024-01-15T14:30:25+08:00"),
        ("2024年1月15日 14:30:25", "2024-01-15T14:30:25+08:00"),
        ("2024-01-15 14:30:25.0", "2024-01-15T14:30:25+08:00"),
        ("２０２４－０１－１５ １４：３０：２５", "2024-01-15T14:30:25+08:00"),
        ("2024/1/15 8:01", "2024-01-15T08:01+08:00"),
    ],
)
def test_every_date_form_is_read(written: str, value: str) -> None:
    call = one_call(mobile(written))
    assert call.occurred.value == value
    assert call.occurred.basis == written
    assert call.occurred.tz_assumed
    assert not call.occurred.year_inferred


@pytest.mark.parametrize("written", ["2024-13-01 10:00:00", "2024-02-30 10:00:00", "x", "24:00"])
def test_a_time_that_does_not_exist_is_a_problem_and_no_call(written: str) -> None:
    rows = read("\n".join([MOBILE, mobile(), mobile(written), mobile()]) + "\n")
    assert [type(row) for row in rows] == [CallRow, RowProblem, CallRow]
    problem = rows[1]
    assert isinstance(problem, RowProblem)
    assert problem.reason_code == "time-unreadable"
    assert problem.position.line == 3


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("83", 83),
        ("83.0", 83),
        ("00:01:23", 83),
        ("0:01:23", 83),
        ("01:23", 83),
        ("1分23秒", 83),
        ("02分34秒", 154),
        ("05秒", 5),
        ("1分钟58秒", 118),
        ("1时2分3秒", 3723),
        ("1小时2分", 3720),
        ("75分3秒", 4503),
        ("2分钟", 120),
        ("--", None),
        ("", None),
        ("abc", None),
        ("1.5", None),
    ],
)
def test_every_duration_form_is_read(written: str, value: int | None) -> None:
    rows = calls("\n".join([MOBILE, mobile(), mobile(long=written)]) + "\n")
    assert rows[1].duration_s == value


@pytest.mark.parametrize(
    ("written", "direction"),
    [
        ("主叫", Direction.OUT),
        ("被叫", Direction.IN),
        ("主叫-", Direction.OUT),
        ("呼出", Direction.OUT),
        ("呼入", Direction.IN),
        ("国内异地主叫", Direction.OUT),
        ("本地(非漫游、被叫)", Direction.IN),
        ("呼叫转移", None),
        ("--", None),
    ],
)
def test_every_direction_word_is_read(written: str, direction: Direction | None) -> None:
    rows = calls("\n".join([MOBILE, mobile(), mobile(kind=written), mobile()]) + "\n")
    assert rows[1].direction is direction
    assert rows[1].answered is True


def test_columns_that_disagree_about_the_direction_give_none() -> None:
    text = "\n".join([MOBILE, mobile(type="国内被叫"), mobile(kind="主叫", type="国内被叫")])
    assert [r.direction for r in calls(text)] == [Direction.IN, None]


@pytest.mark.parametrize(
    ("row", "month", "value"),
    [
        ("01-15 08:01:05", "查询月份：2024年01月", "2024-01-15T08:01:05+08:00"),
        ("12-31 23:50:00", "查询月份：2024年01月", "2023-12-31T23:50:00+08:00"),
        ("1月15日 08:01:05", "账期:202401", "2024-01-15T08:01:05+08:00"),
        ("12/27 08:01:05", "账单月份 2024-01", "2023-12-27T08:01:05+08:00"),
        ("11-30 08:01:05", "查询月份：2024年12月", "2024-11-30T08:01:05+08:00"),
        ("12-27 08:01:05", "起止日期：2023-12-27 至 2024-01-26", "2023-12-27T08:01:05+08:00"),
        ("01-26 08:01:05", "起止日期：20231227-20240126", "2024-01-26T08:01:05+08:00"),
        ("02-29 08:01:05", "2024年2月", "2024-02-29T08:01:05+08:00"),
    ],
)
def test_a_row_without_year_takes_it_from_the_bills_month(row: str, month: str, value: str) -> None:
    call = one_call(mobile(row), month)
    assert call.occurred.value == value
    assert call.occurred.year_inferred


@pytest.mark.parametrize(
    ("row", "above", "value"),
    [
        ("01-15 08:01:05", "客户号码：138****8000", "--01-15T08:01:05"),
        ("01-15 08:01:05", "打印时间：2024年01月18日", "--01-15T08:01:05"),
        ("01-15 08:01:05", "查询月份：2023年12月", "--01-15T08:01:05"),
        ("03-15 08:01:05", "起止日期：2023-12-27 至 2024-01-26", "--03-15T08:01:05"),
        ("02-29 08:01:05", "查询月份：2023年02月", "--02-29T08:01:05"),
    ],
)
def test_a_year_that_cannot_be_told_is_not_invented(row: str, above: str, value: str) -> None:
    call = one_call(mobile(row), above)
    assert call.occurred.value == value
    assert call.occurred.precision is Precision.MONTH_DAY
    assert call.occurred.interval() is None


@pytest.mark.parametrize("name", ["10086语音详单_202401.csv", "2024年01月语音通信.csv"])
def test_the_month_may_stand_in_the_file_name(name: str) -> None:
    call = one_call(mobile("12-31 08:01:05"), name=name)
    assert call.occurred.value == "2023-12-31T08:01:05+08:00"


def test_the_lines_above_the_table_win_over_the_file_name() -> None:
    call = one_call(mobile("01-15 08:01:05"), "查询月份：2023年01月", name="详单_202401.csv")
    assert call.occurred.value == "2023-01-15T08:01:05+08:00"


def test_dates_in_heading_rows_are_joined_to_the_times_below() -> None:
    text = "\n".join(
        [
            "查询月份：2024年01月",
            MOBILE,
            "2023-12-31 星期日,,,,,,,",
            mobile("23:50:00", long="00:01:02"),
            "01-15",
            mobile("08:01:05", long="00:00:09"),
            mobile("09:01:05", long="00:00:10"),
            "合计,,,,,,,0.00",
        ]
    )
    rows = calls(text)
    assert [r.occurred.value for r in rows] == [
        "2023-12-31T23:50:00+08:00",
        "2024-01-15T08:01:05+08:00",
        "2024-01-15T09:01:05+08:00",
    ]
    assert [r.duration_s for r in rows] == [62, 9, 10]
    assert [r.occurred.year_inferred for r in rows] == [False, True, True]


def test_a_time_without_any_day_is_a_problem() -> None:
    rows = read("\n".join([MOBILE, mobile("23:50:00", long="00:01:02")]))
    assert [type(row) for row in rows] == [RowProblem]


def test_rows_that_are_no_calls_are_passed_over() -> None:
    text = "\n".join(
        [
            MOBILE,
            mobile(),
            "2024-01-15 23:59:59,--,--,--,--,--,本地通话,1",
            "",
            ",,,,,,,",
            "合计,,,,,,,1.00",
            "说明：本详单仅供参考",
            MOBILE,
            mobile(),
        ]
    )
    assert len(calls(text)) == 2


def test_a_row_without_peer_but_with_duration_is_a_problem() -> None:
    rows = read("\n".join([MOBILE, mobile(), mobile(peer="")]))
    assert [type(row) for row in rows] == [CallRow, RowProblem]


@pytest.mark.parametrize("peer", ["138****0000", "***", "1380013****"])
def test_a_masked_number_is_kept_and_never_a_number(peer: str) -> None:
    call = one_call(mobile(peer=peer))
    assert (call.number, call.number_raw, call.masked) == ("", peer, True)


@pytest.mark.parametrize("peer", ["未知", "隐藏号码"])
def test_a_hidden_number_is_empty_and_not_masked(peer: str) -> None:
    call = one_call(mobile(peer=peer))
    assert (call.number, call.number_raw, call.masked) == ("", peer, False)


@pytest.mark.parametrize("peer", ["1.39E+10", "7.55E10"])
def test_a_number_whose_digits_a_spreadsheet_lost_is_no_number(peer: str) -> None:
    call = one_call(mobile(peer=peer))
    assert (call.number, call.masked) == ("", True)


@pytest.mark.parametrize(
    ("peer", "number"),
    [
        ("75500000001", "075500000001"),
        ("2150001234", "02150001234"),
        ("5310000001", "05310000001"),
        ("4000000001", "4000000001"),
        ("9501700011", "9501700011"),
        ("9511234567", "9511234567"),
        ('="075500000001"', "075500000001"),
        ("'13900139000", "13900139000"),
        ("\t13900139000", "13900139000"),
        ("8613900139000", "13900139000"),
        ("+86 139 0013 9000", "13900139000"),
        ("110", "110"),
    ],
)
def test_what_spreadsheets_do_to_numbers_is_undone(peer: str, number: str) -> None:
    rows = calls("\n".join([MOBILE, mobile(), mobile(peer=peer), mobile()]))
    assert rows[1].number == number


def test_message_bills_become_messages_without_text() -> None:
    header = "起始时间,通信地点,对方号码,通信方式,信息类型,业务名称,套餐优惠,通信费(元)"
    text = "\n".join(
        [
            header,
            "2024-01-15 09:00:12,深圳,106900000001,接受,短信,国内短信,,0.00",
            "2024-01-15 14:35:02,深圳,13900139000,发送,短信,国内短信,,0.10",
        ]
    )
    rows = read(text)
    assert [type(row) for row in rows] == [MessageRow, MessageRow]
    received, sent = (row for row in rows if isinstance(row, MessageRow))
    assert (received.box, received.direction, received.number) == (
        "received",
        Direction.IN,
        "106900000001",
    )
    assert received.occurred.meaning is Meaning.RECEIVED
    assert (sent.box, sent.direction, sent.text) == ("sent", Direction.OUT, "")


def test_a_message_among_calls_is_a_message() -> None:
    rows = read(
        "\n".join(
            [
                UNICOM_10,
                *(
                    "1,语音电话,2024-01-15 14:30:25,62,被叫,13900139000,国内,0,0,0",
                    "2,短信,2024-01-15 14:31:25,--,发送,13900139000,国内,0,0,0",
                ),
            ]
        )
    )
    assert [type(row) for row in rows] == [CallRow, MessageRow]


def test_a_later_table_with_other_columns_is_read_by_its_own_titles() -> None:
    text = text_of(MOBILE, HEADERS[0][1]) + text_of(*HEADERS[6])
    assert [r.number for r in calls(text)] == list(NUMBERS) * 2


def test_a_bill_without_calls_is_no_error() -> None:
    assert read(MOBILE + "\n") == []


def test_money_is_never_a_duration_or_a_date() -> None:
    header = "起始时间,通信地点,通信方式,对方号码,通信类型,套餐优惠,实收通信费(元)"
    rows = calls(f"{header}\n2024-01-15 14:30:25,深圳,被叫,13900139000,本地,1,1.2\n")
    assert rows[0].duration_s is None


def test_two_columns_that_may_be_the_duration_give_none() -> None:
    header = "起始时间,通信地点,通信方式,对方号码,甲,乙,通信类型"
    text = f"{header}\n" + "".join(
        f"2024-01-15 14:30:25,深圳,被叫,13900139000,{one},{two},本地\n"
        for one, two in ((3, 9), (7, 2), (4, 6))
    )
    assert [r.duration_s for r in calls(text)] == [None] * 3


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_a_stray_quote_swallows_no_row(count: int) -> None:
    lines = [MOBILE, *(mobile().replace("本地,,", f'本地,"4G套餐{i},') for i in range(count))]
    assert len(calls("\n".join([*lines, mobile()]))) == count + 1


def test_a_quoted_place_may_have_a_comma_or_a_line_break() -> None:
    text = f"{MOBILE}\n{mobile().replace('深圳', chr(34) + '深圳,南山' + chr(34))}\n"
    text += mobile().replace("深圳", '"深圳\n南山"') + "\n" + mobile() + "\n"
    assert [r.position.line for r in calls(text)] == [2, 3, 5]


def test_formulas_stay_text() -> None:
    call = one_call(mobile(type='=HYPERLINK("http://example.invalid")'))
    assert dict(call.raw)["通信类型"] == '=HYPERLINK("http://example.invalid")'


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_one_broken_byte_costs_no_other_row(encoding: str) -> None:
    place = "深圳".encode(encoding)
    data = text_of(MOBILE, HEADERS[0][1]).encode(encoding).replace(place, b"\xff\xff", 1)
    rows = calls(data)
    assert [dict(row.raw)["通信地点"] for row in rows][1:] == ["深圳", "深圳"]


def test_all_fields_of_the_row_are_kept_as_given() -> None:
    call = one_call(mobile())
    assert [value for _, value in call.raw] == mobile().split(",")
    assert call.raw[0][0] == "起始时间"


@pytest.mark.parametrize("text", ["2024-02-30", "13-01", "00-10", "2024-1", "1.20", "", "x" * 100])
def test_what_is_no_date_is_none(text: str) -> None:
    assert bill_values.read_when(text) is None


@pytest.mark.parametrize(
    "text", ["", "138001380002024", "编号 20241301", "2024-01-15", "999999", "20240115"]
)
def test_what_is_no_month_is_none(text: str) -> None:
    assert bill_period.read_period(text) is None


def test_a_table_without_an_operators_titles_is_no_bill() -> None:
    reader = next(r for r in registry.readers() if r.name == "bill-csv")
    data = b"a,b,c\n1,2,3\n"
    with pytest.raises(ExportFormError) as caught:
        list(reader.rows(io.BytesIO(data), len(data), name=""))
    assert caught.value.code == "not-a-bill"


@pytest.mark.parametrize("titles", ["开始时间,结束时间", "结束时间,开始时间"])
def test_a_call_is_dated_by_its_begin_and_not_its_end(titles: str) -> None:
    times = {"开始时间": "2024-01-15 14:30:25", "结束时间": "2024-01-15 14:31:27"}
    cells = ",".join(times[title] for title in titles.split(","))
    rows = calls(f"{titles},对方号码,呼叫类型,通话时长,费用\n{cells},13900139000,被叫,62,0.00\n")
    assert rows[0].occurred.value == "2024-01-15T14:30:25+08:00"


def test_the_count_of_rows_is_never_a_duration() -> None:
    header = "甲,起始时间,通信地点,通信方式,对方号码,通信类型"
    text = f"{header}\n" + "".join(
        f"{i},2024-01-15 14:30:25,深圳,被叫,13900139000,本地\n" for i in range(11, 15)
    )
    assert [r.duration_s for r in calls(text)] == [None] * 4


def test_a_call_of_no_seconds_does_not_show_that_anybody_spoke() -> None:
    call = one_call(mobile(long="0秒"))
    assert (call.duration_s, call.answered, call.outcome) == (0, None, "unknown")
