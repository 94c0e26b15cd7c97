"""通话核对: what a recording's call log and bill rows say, and what is not concluded from them."""

import pytest

from evidence.core.export_row import Outcome
from evidence.core.moment import Meaning, Source
from evidence.core.records import Direction, Kind, Medium
from tests.case_builder import COLLECTOR, CaseBuilder, by_name
from tests.reports.decide.conftest import Decide

AT = "2026-10-14 21:05:00"
DURING = by_name("2026-10-14 21:05:20", Meaning.CALL_START_OR_STOP)


class Checked:
    """A case with one recording, which is marked, and a call log and bill of its number."""

    def __init__(self, decided: Decide) -> None:
        self.case = CaseBuilder()
        self.case.complainant()
        self.lender = self.case.respondent()
        self.case.number(respondent=self.lender)
        self.decided = decided

    def recording(self, number: str = COLLECTOR, **more: object) -> int:
        seq = self.case.recording(DURING, number=number, **more)  # type: ignore[arg-type]
        self.case.tag(seq, "threat", "话")
        return seq

    def log(self, when: str = AT, **more: object) -> int:
        return self.case.row(self.case.export("calls.xml"), when, **more)  # type: ignore[arg-type]

    def bill(self, when: str = "2026-10-14 21:05:10", **more: object) -> int:
        export = self.case.export("bill.csv", Medium.BILL, media_type="text/csv")
        return self.case.row(export, when, source=Source.BILL, **more)  # type: ignore[arg-type]

    def says(self) -> tuple[str, ...]:
        packet = self.decided(self.case, self.lender)
        return next(e.call_checks for e in packet.exhibits if e.medium is Medium.RECORDING)


@pytest.fixture
def checked(decided: Decide) -> Checked:
    return Checked(decided)


def test_rows_of_the_same_number_and_time_corroborate(checked: Checked) -> None:
    checked.recording(direction=Direction.IN)
    checked.log()
    checked.bill()
    (line,) = checked.says()
    assert "手机通话记录 E002 第 1 条（2026-10-14 21:05:00" in line
    assert "运营商详单 E003 第 1 条（2026-10-14 21:05:10" in line
    assert line.endswith("相互印证。")


def test_what_the_recording_lacks_is_filled_with_the_row_that_says_it(checked: Checked) -> None:
    checked.recording(number="", party_name="李经理")
    checked.log(name="李经理")
    joined, direction, number = checked.says()
    assert "联系人名称相同" in joined
    assert "对方来电" in direction
    assert COLLECTOR in number
    assert all("E002 第 1 条" in line for line in (direction, number))


def test_cut_number_is_filled_from_the_row(checked: Checked) -> None:
    seq = checked.recording(respondent=checked.lender, direction=Direction.IN)
    data = checked.case.entries[seq].data
    cut = checked.case.append(
        Kind.EXHIBIT, {**data, "party": {"number": "13800000", "number_truncated": True}}
    )
    checked.case.withdraw(seq)
    checked.case.tag(cut, "threat", "话")
    checked.log()
    joined, number = checked.says()
    assert "尚存的号码数字相同" in joined
    assert COLLECTOR in number


def test_time_alone_says_so_and_fills_in_nothing(checked: Checked) -> None:
    checked.recording(number="", respondent=checked.lender)
    checked.log(seconds=300)
    (line,) = checked.says()
    assert "没有据此认定对方是谁" in line
    assert "相互印证" not in line
    assert COLLECTOR not in line


def test_recording_in_no_row_is_said_to_be_alone(checked: Checked) -> None:
    checked.recording()
    checked.log("2026-10-15 10:00:00")
    (line,) = checked.says()
    assert "仅见于录音" in line


def test_without_any_rows_nothing_is_said_of_them(checked: Checked) -> None:
    checked.recording()
    assert checked.says() == ()


def test_both_lengths_of_an_incomplete_recording_are_shown(checked: Checked) -> None:
    checked.recording(direction=Direction.IN, duration_ms=25_620)
    checked.log(seconds=95)
    _, lengths = checked.says()
    assert "00:25.620" in lengths
    assert "01:35" in lengths
    assert "E002 第 1 条" in lengths


def test_directions_that_disagree_are_all_shown(checked: Checked) -> None:
    checked.recording(direction=Direction.OUT)
    checked.log(direction=Direction.IN)
    _, torn = checked.says()
    assert "投诉人拨出（录音）" in torn
    assert "对方来电（E002 第 1 条）" in torn
    assert "未作取舍" in torn


def test_record_of_the_recorder_itself_is_no_other_source(checked: Checked) -> None:
    checked.recording(direction=Direction.IN)
    export = checked.case.export("call.json", media_type="application/json")
    checked.case.row(export, "2026-10-14 21:05:20", source=Source.SIDECAR)
    (line,) = checked.says()
    assert "不算另一个来源" in line
    packet = checked.decided(checked.case, checked.lender)
    assert [e.form for e in packet.exhibits][1] == "录音软件记录（JSON）"
    assert packet.statistics.corroborated == 0


def test_recordings_of_one_call_name_each_other(checked: Checked) -> None:
    checked.recording(direction=Direction.IN)
    checked.recording(direction=Direction.IN)
    checked.log()
    assert "E002" in checked.says()[-1]
    assert checked.decided(checked.case, checked.lender).statistics.total == 1


def test_missed_call_is_of_no_recording(checked: Checked) -> None:
    checked.recording()
    checked.log(outcome=Outcome.MISSED, seconds=0)
    (line,) = checked.says()
    assert "仅见于录音" in line
