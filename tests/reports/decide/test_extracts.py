"""The table that stands for a withheld export, in print and as CSV."""

import csv
import hashlib
import io

import pytest

from evidence.core.export_row import Outcome, Position
from evidence.core.moment import Meaning, Source
from evidence.core.records import Direction, Medium
from reports import texts
from reports.packet import PacketExhibit
from tests.case_builder import CaseBuilder, by_name, said, warned
from tests.reports.decide.conftest import Decide

COLUMNS = list(texts.load("rows")["columns"])


@pytest.fixture
def case() -> CaseBuilder:
    made = CaseBuilder()
    made.complainant()
    made.number(respondent=made.respondent())
    return made


def only(case: CaseBuilder, decided: Decide) -> PacketExhibit:
    lender = case.view().respondents[0].seq
    (shown,) = [e for e in decided(case, lender).exhibits if e.extract]
    return shown


def table(shown: PacketExhibit) -> tuple[list[dict[str, str]], str]:
    """Return the rows of the CSV by column, and its last line."""
    assert shown.extract is not None
    data = shown.extract.csv
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert len(rows[0]) == len(COLUMNS)
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows[1:-1]], rows[-1][0]


def test_row_says_where_it_stands_in_the_original_and_in_the_log(
    case: CaseBuilder, decided: Decide
) -> None:
    export = case.export("bill.csv", Medium.BILL, media_type="text/csv")
    seq = case.row(
        export,
        "2026-10-14 21:05:33",
        source=Source.BILL,
        position=Position(record=57, part="语音", line=60),
        seconds=95,
    )
    case.tag(seq)
    shown = only(case, decided)
    (row,), _ = table(shown)
    assert (row["record"], row["part"], row["line"], row["seq"]) == ("57", "语音", "60", str(seq))
    assert row["time"] == "2026-10-14 21:05:33"
    assert row["time_meaning"] == "接通"
    assert (row["direction"], row["outcome"], row["seconds"]) == ("对方来电", "接通", "95")
    assert row["findings"] == "1"


def test_both_digests_are_there_and_the_original_is_not(case: CaseBuilder, decided: Decide) -> None:
    export = case.export()
    case.tag(case.row(export, "2026-10-14 21:05:33"))
    shown = only(case, decided)
    assert shown.extract is not None
    assert shown.bundle_path == ""
    assert shown.sha256 == f"{export:064x}"
    assert shown.extract.path == f"data/redacted/{shown.label}.csv"
    assert shown.extract.csv_sha256 == hashlib.sha256(shown.extract.csv).hexdigest()
    assert "没有随附" in shown.extract.withheld
    assert "可以提供原件" in shown.extract.withheld
    _, closing = table(shown)
    assert shown.sha256 in closing


def test_sent_and_received_are_both_shown_where_they_differ(
    case: CaseBuilder, decided: Decide
) -> None:
    export = case.export("sms.xml", Medium.MESSAGE)
    sent = said("2026-10-14 08:59:58", meaning=Meaning.SENT, source=Source.SMS_EXPORT)
    case.tag(case.message(export, "2026-10-14 09:10:00", "话", sent_at=sent))
    same = said("2026-10-14 09:20:00", meaning=Meaning.SENT, source=Source.SMS_EXPORT)
    case.message(export, "2026-10-14 09:20:00", "话", sent_at=same)
    first, second = table(only(case, decided))[0]
    assert (first["time"], first["other_time"]) == ("2026-10-14 09:10:00", "2026-10-14 08:59:58")
    assert second["other_time"] == ""


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+86 1", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1", "'=1", "plain", "a\n=1", '"q"', ""],
)
def test_no_cell_is_a_formula_and_every_text_comes_back(
    case: CaseBuilder, decided: Decide, text: str
) -> None:
    export = case.export("sms.xml", Medium.MESSAGE)
    case.tag(case.message(export, "2026-10-14 09:00:00", text))
    (row,), closing = table(only(case, decided))
    cell = row["text"]
    assert cell[:1] not in tuple("=+-@＝＋－＠\t\r")
    assert (cell.removeprefix("'")) == text
    assert "单引号" in closing


@pytest.mark.parametrize(("number", "cell"), [("075500000011", "'0755"), ("95017000", "95017000")])
def test_number_that_a_spreadsheet_would_rewrite_is_guarded(
    decided: Decide, number: str, cell: str
) -> None:
    case = CaseBuilder()
    case.complainant()
    case.number(number, respondent=case.respondent())
    case.tag(case.row(case.export(), "2026-10-14 09:00:00", number=number))
    assert table(only(case, decided))[0][0]["counterpart"].startswith(cell)


def test_masked_and_missing_numbers_stay_so(case: CaseBuilder, decided: Decide) -> None:
    lender = case.view().respondents[0].seq
    export = case.export()
    for number, masked in (("138****0011", True), ("", False)):
        case.row(
            export,
            "2026-10-14 09:00:00",
            number=number,
            number_masked=masked,
            respondent=lender,
        )
    case.tag(case.row(export, "2026-10-14 10:00:00"))
    masked_row, hidden = table(only(case, decided))[0][:2]
    assert masked_row["counterpart"].startswith("138****0011（")
    assert hidden["counterpart"] == "号码未显示"


def test_other_sources_of_the_same_call_stand_beside_it(case: CaseBuilder, decided: Decide) -> None:
    log = case.export("calls.xml")
    bill = case.export("bill.csv", Medium.BILL, media_type="text/csv")
    case.row(log, "2026-10-14 21:05:00")
    case.row(bill, "2026-10-14 21:05:10", source=Source.BILL, record=9)
    case.tag(case.recording(by_name("2026-10-14 21:05:20")))
    lender = case.view().respondents[0].seq
    recording, first, second = decided(case, lender).exhibits
    assert first.extract is not None
    assert second.extract is not None
    assert [recording.label, first.name, second.name] == ["E001", "calls.xml", "bill.csv"]
    assert first.extract.lines[0].corroboration == "E001；E003 第 9 条"
    assert second.extract.lines[0].corroboration == "E001；E002 第 1 条"


def test_tag_on_a_row_is_a_finding_with_its_place_time_and_counterpart(
    case: CaseBuilder, decided: Decide
) -> None:
    export = case.export("sms.xml", Medium.MESSAGE)
    row = case.message(export, "2026-10-14 09:00:00", "你等着", name="李经理", record=12)
    case.tag(row, "threat", "你等着")
    lender = case.view().respondents[0].seq
    packet = decided(case, lender)
    (finding,) = packet.findings
    assert finding.exhibit_label == "E001"
    assert finding.place == "第 12 条"
    assert finding.occurred_text.startswith("2026年10月14日 09:00:00")
    assert finding.counterpart == "李经理 13800000011"
    assert finding.quote == "你等着"
    assert packet.exhibits[0].finding_numbers == (1,)
    assert packet.call_sheet is not None
    assert any("发来消息说：“你等着”" in line for line in packet.call_sheet.script)


def test_what_an_export_does_not_say_is_not_said(case: CaseBuilder, decided: Decide) -> None:
    row = case.row(
        case.export(),
        "2026-10-14 09:00",
        direction=None,
        outcome=Outcome.UNKNOWN,
        seconds=None,
    )
    case.tag(row)
    (cells,), _ = table(only(case, decided))
    assert cells["time"] == "2026-10-14 09:00"
    assert cells["seconds"] == ""
    assert "不明" in cells["direction"]
    assert "不明" in cells["outcome"]


def test_purpose_counts_calls_and_messages_and_claims_no_breach_by_itself(
    case: CaseBuilder, decided: Decide
) -> None:
    export = case.export("all.zip", Medium.MESSAGE, media_type="application/zip")
    case.row(export, "2026-10-14 09:00:00", direction=Direction.IN)
    case.message(export, "2026-10-14 09:01:00", "话")
    case.message(export, "2026-10-14 09:02:00", "话")
    case.tag(case.recording(by_name("2026-10-15 09:00:00")))
    shown = only(case, decided)
    assert "1 次通话" in shown.purpose
    assert "2 条短信" in shown.purpose
    assert "疑似" not in shown.purpose
    assert shown.occurred_text == "2026-10-14 09:00:00 至 2026-10-14 09:02:00（所摘录的 3 条）"


def test_own_messages_are_warned_about(case: CaseBuilder, decided: Decide) -> None:
    export = case.export("sms.xml", Medium.MESSAGE)
    case.tag(case.message(export, "2026-10-14 09:00:00", "话"))
    case.message(export, "2026-10-14 09:05:00", "我的话", box="sent")
    lender = case.view().respondents[0].seq
    assert any("E001 第 2 条" in w for w in warned(decided(case, lender)))
