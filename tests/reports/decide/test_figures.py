"""Figures of calls in the letter, the call sheet and the texts to paste."""

import pytest

from evidence.core.export_row import Outcome
from evidence.core.moment import Source
from evidence.core.records import Medium
from reports.complaint import PartKind
from reports.packet import Channel, Packet
from tests.case_builder import CaseBuilder, by_name
from tests.reports.decide.conftest import Decide


def build(decided: Decide, *, log: bool = True, bill: bool = True) -> Packet:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    case.number(respondent=lender)
    case.tag(case.recording(by_name("2026-10-15 09:00:00")), "threat", "你等着")
    if log:
        export = case.export()
        case.row(export, "2026-10-14 09:00:00")
        for minute in (10, 20):
            case.row(export, f"2026-10-14 22:{minute}:00", outcome=Outcome.MISSED, seconds=0)
    if bill:
        export = case.export("bill.csv", Medium.BILL, media_type="text/csv")
        case.row(export, "2026-10-14 09:00:06", source=Source.BILL)
        case.row(export, "2026-10-16 12:00:00", source=Source.BILL)
    return decided(case, lender, Channel.HOTLINE_12378)


def told(packet: Packet) -> str:
    return next(line for line in packet.letter.lines(PartKind.FACTS) if "共来电" in line)


def test_letter_tells_the_numbers_of_the_statistics_with_their_sources(decided: Decide) -> None:
    packet = build(decided)
    line, counted = told(packet), packet.statistics
    assert (counted.total, counted.answered, counted.unanswered) == (5, 3, 2)
    for part in ("E002", "E003", "共来电 5 次", "接通 3 次", "未接 2 次", "8:00 之间的 2 次"):
        assert part in line
    assert "2026年10月14日至2026年10月16日" in line
    assert "最多的一天是2026年10月14日，3 次" in line
    assert "上限" not in line


def test_bill_alone_says_that_unanswered_calls_are_not_counted(decided: Decide) -> None:
    line = told(build(decided, log=False))
    assert "未接来电没有统计" in line
    assert "未接 " not in line


def test_call_sheet_and_paste_texts_have_the_same_figures(decided: Decide) -> None:
    packet = build(decided)
    assert packet.call_sheet is not None
    (spoken,) = [line for line in packet.call_sheet.script if "共打来" in line]
    for part in ("手机通话记录", "运营商详单", "5 次电话", "2 次未接"):
        assert part in spoken
    undirected = "（含 1 次没有写明由谁拨打的）"
    assert undirected in spoken
    assert undirected in told(packet)
    facts = next(p for p in packet.paste_texts if p.name == "facts")
    assert told(packet) in facts.text


def test_recordings_alone_give_no_figures(decided: Decide) -> None:
    packet = build(decided, log=False, bill=False)
    assert not [line for line in packet.letter.lines(PartKind.FACTS) if "共来电" in line]
    assert packet.call_sheet is not None
    assert not [line for line in packet.call_sheet.script if "共打来" in line]


def test_a_source_that_counts_nothing_is_not_named(decided: Decide) -> None:
    assert "手机通话记录" not in build(decided, log=False).statistics.source


@pytest.mark.parametrize("log", [True, False])
def test_attachments_say_which_originals_are_withheld(decided: Decide, log: bool) -> None:
    packet = build(decided, log=log, bill=False)
    listed = "".join(packet.letter.lines(PartKind.ATTACHMENTS))
    assert ("原件可应要求提供" in listed) is log
    pasted = next(p.text for p in packet.paste_texts if p.name == "attachments")
    assert ("redacted/E002.csv" in pasted) is log


def test_integrity_page_says_that_originals_are_withheld_only_where_they_are(
    decided: Decide,
) -> None:
    with_rows, without = build(decided), build(decided, log=False, bill=False)
    checks = with_rows.integrity.checks[1][2]
    assert "3 个原始文件" in checks
    assert "2 个没有随附" in checks
    assert "没有随附" not in without.integrity.checks[1][2]
    assert len(with_rows.integrity.does_not_prove) == len(without.integrity.does_not_prove) + 1
    assert len(with_rows.integrity.how_to_check) == len(without.integrity.how_to_check) + 1
