"""Calls joined from recordings, call log and bill, against the demo case's answer key."""

import datetime as dt
import importlib.resources
import json
from typing import Any

import pytest

from evidence.core import call_counts, moment
from evidence.core import calls as joining
from evidence.core.calls import Call, JoinedBy
from evidence.core.case_view import CaseView
from evidence.core.export_row import ExportRow, Outcome, Position, row_to_data
from evidence.core.moment import Meaning, Moment, Precision, Source
from evidence.core.night import night
from evidence.core.records import Direction, Kind, Medium, Party
from evidence.ingest import filenames
from tests.case_builder import COLLECTOR, CaseBuilder, by_name, said

TRUTH: dict[str, Any] = json.loads(
    importlib.resources.files("samples").joinpath("demo/truth.json").read_text(encoding="utf-8")
)
_OUTCOMES = {
    "incoming": Outcome.ANSWERED,
    "outgoing": Outcome.OUTGOING,
    "missed": Outcome.MISSED,
    "rejected": Outcome.REJECTED,
}


def at(text: str, source: Source, meaning: Meaning) -> Moment:
    return moment.at(
        dt.datetime.fromisoformat(text),
        precision=Precision.SECOND,
        source=source,
        meaning=meaning,
        basis=text,
    )


def row(
    case: CaseBuilder,
    when: str,
    *,
    source: Source = Source.CALL_LOG,
    number: str = COLLECTOR,
    name: str = "",
    outcome: Outcome = Outcome.ANSWERED,
    seconds: int = 60,
    direction: Direction = Direction.IN,
    masked: bool = False,
) -> int:
    meaning = Meaning.ANSWERED if source is Source.BILL else Meaning.CALL_CREATED
    record = ExportRow(
        export=0,
        position=Position(record=len(case.entries)),
        medium=Medium.CALL,
        occurred=at(when, source, meaning),
        reader="test",
        party=Party(number=number, name=name),
        number_masked=masked,
        outcome=outcome,
        direction=direction,
        duration_ms=seconds * 1000,
    )
    return case.append(Kind.RECORD, row_to_data(record))


def of_entry(calls: tuple[Call, ...], seq: int) -> Call | None:
    return next((call for call in calls if seq in call.seqs), None)


def only(case: CaseBuilder) -> Call:
    (call,) = joining.join(case.view())
    return call


# --- the demo case --------------------------------------------------------------------------------


def demo() -> tuple[CaseView, dict[str, int]]:
    case = CaseBuilder()
    recordings: dict[str, int] = {}
    for file in TRUTH["files"]:
        if file["kind"] != "call_recording":
            continue
        name = file["path"].rpartition("/")[2]
        facts = filenames.read_filename(name, file["path"])
        planted = any(
            c["type"] == "filename_vs_creation_time" and file["path"] in c["files"]
            for c in TRUTH["conflicts"]
        )
        when = moment.unknown() if planted else facts.moments[0]
        recordings[file["path"]] = case.recording(
            when,
            number=facts.party.number,
            party_name=facts.party.name,
            duration_ms=file["duration_ms"],
        )
    for call in TRUTH["calls"]:
        row(
            case,
            call["start"],
            number=call["number"] or "",
            name=call["name"] or "",
            outcome=_OUTCOMES[call["type"]],
            seconds=call["duration_s"],
            direction=Direction.OUT if call["type"] == "outgoing" else Direction.IN,
        )
    for call in TRUTH["bill"]:
        row(
            case,
            call["start"],
            source=Source.BILL,
            number=call["number"] if call["number"].isdigit() else "",
            seconds=call["duration_s"],
            direction=Direction.OUT if call["direction"] == "主叫" else Direction.IN,
        )
    return case.view(), recordings


@pytest.fixture(scope="module")
def demo_calls() -> tuple[tuple[Call, ...], dict[str, int]]:
    view, recordings = demo()
    return joining.join(view), recordings


def test_every_recording_of_the_demo_is_joined_as_the_answer_key_says(
    demo_calls: tuple[tuple[Call, ...], dict[str, int]],
) -> None:
    calls, recordings = demo_calls
    found = {}
    for path, seq in recordings.items():
        call = of_entry(calls, seq)
        assert call is not None
        found[path] = (
            call.log.record.occurred.value if call.log else None,
            call.bill.record.occurred.value if call.bill else None,
        )
    assert found == {
        match["recording"]: (
            match["call_log"]["start"] if match["call_log"] else None,
            match["bill"]["start"] if match["bill"] else None,
        )
        for match in TRUTH["matches"]
    }


def test_incomplete_recording_of_the_demo_keeps_both_lengths(
    demo_calls: tuple[tuple[Call, ...], dict[str, int]],
) -> None:
    calls, recordings = demo_calls
    (path,) = (
        c["files"][0] for c in TRUTH["conflicts"] if c["type"] == "recording_shorter_than_call"
    )
    call = of_entry(calls, recordings[path])
    assert call is not None
    assert call.recording_incomplete
    assert call.duration_ms == 95_000
    assert call.recordings[0].record.duration_ms == 25_620


def test_calls_per_day_equal_the_answer_key(
    demo_calls: tuple[tuple[Call, ...], dict[str, int]],
) -> None:
    calls, _ = demo_calls
    counted: dict[str, dict[str, int]] = {}
    for call in calls:
        if not call.rows or call.direction is not Direction.IN:
            continue
        if call.number not in TRUTH["stats"]["collector_numbers"]:
            continue
        day = counted.setdefault(
            str(call.occurred.value)[:10], {"answered": 0, "unanswered": 0, "total": 0}
        )
        day["answered" if call.answered else "unanswered"] += 1
        day["total"] += 1
    assert counted == TRUTH["stats"]["calls_per_day_main_sim_union"]


def test_night_calls_equal_the_answer_key(
    demo_calls: tuple[tuple[Call, ...], dict[str, int]],
) -> None:
    calls, _ = demo_calls
    found = [
        call.occurred.value
        for call in calls
        if call.rows
        and call.direction is Direction.IN
        and call.number in TRUTH["stats"]["collector_numbers"]
        and night(call.occurred)
    ]
    assert found == [c["start"] for c in TRUTH["stats"]["night_calls_main_sim_union"]]


# --- rules ----------------------------------------------------------------------------------------


def test_log_and_bill_of_one_call_are_one_corroborated_call() -> None:
    case = CaseBuilder()
    log = row(case, "2026-10-14T21:05:00+08:00", seconds=60)
    bill = row(case, "2026-10-14T21:05:12+08:00", source=Source.BILL, seconds=61)
    call = only(case)
    assert call.seqs == (log, bill)
    assert call.corroborated
    assert call.occurred.source is Source.CALL_LOG


@pytest.mark.parametrize(
    ("when", "number", "seconds"),
    [
        ("2026-10-14T21:04:50+08:00", COLLECTOR, 60),  # answered before it rang
        ("2026-10-14T21:06:40+08:00", COLLECTOR, 60),  # rang longer than phones ring
        ("2026-10-14T21:05:12+08:00", "13800000012", 60),  # another number
        ("2026-10-14T21:05:12+08:00", COLLECTOR, 90),  # another length
    ],
)
def test_bill_of_another_call_stays_a_call_of_its_own(when: str, number: str, seconds: int) -> None:
    case = CaseBuilder()
    row(case, "2026-10-14T21:05:00+08:00", seconds=60)
    row(case, when, source=Source.BILL, number=number, seconds=seconds)
    assert len(joining.join(case.view())) == 2


def test_missed_call_never_joins_a_bill_or_recording() -> None:
    case = CaseBuilder()
    row(case, "2026-10-14T21:05:00+08:00", outcome=Outcome.MISSED, seconds=0)
    row(case, "2026-10-14T21:05:05+08:00", source=Source.BILL, seconds=0)
    case.recording(by_name("2026-10-14 21:05:03"))
    missed = [c for c in joining.join(case.view()) if c.answered is False]
    assert [len(c.seqs) for c in missed] == [1]


def test_each_bill_row_joins_one_call_only() -> None:
    case = CaseBuilder()
    row(case, "2026-10-14T21:05:00+08:00", seconds=10)
    row(case, "2026-10-14T21:05:30+08:00", seconds=10)
    row(case, "2026-10-14T21:05:05+08:00", source=Source.BILL, seconds=10)
    row(case, "2026-10-14T21:05:36+08:00", source=Source.BILL, seconds=10)
    found = joining.join(case.view())
    assert [c.corroborated for c in found] == [True, True]


def test_masked_and_hidden_numbers_never_join() -> None:
    case = CaseBuilder()
    row(case, "2026-10-14T21:05:00+08:00", number="")
    row(case, "2026-10-14T21:05:05+08:00", number="", source=Source.BILL)
    row(case, "2026-10-15T21:05:00+08:00")
    row(case, "2026-10-15T21:05:05+08:00", source=Source.BILL, masked=True)
    assert not any(c.corroborated for c in joining.join(case.view()))


def test_cut_number_joins_where_its_digits_fit_and_gets_the_complete_one() -> None:
    case = CaseBuilder()
    row(case, "2026-10-14T21:05:00+08:00")
    case.recording(by_name("2026-10-14 21:05:20"), number="13800000")
    view = case.view()
    entry = view.exhibits[0]
    assert not entry.record.party.number_truncated
    cut = CaseBuilder()
    row(cut, "2026-10-14T21:05:00+08:00")
    record = {**case.entries[entry.seq].data}
    record["party"] = {"number": "13800000", "number_truncated": True}
    cut.append(Kind.EXHIBIT, record)
    call = only(cut)
    assert call.joined_by is JoinedBy.CUT_NUMBER
    assert call.number == COLLECTOR
    assert len(joining.join(view)) == 2


def test_recording_without_number_joins_by_time_only_where_one_call_fits() -> None:
    case = CaseBuilder()
    owner = case.respondent()
    case.number(respondent=owner)
    row(case, "2026-10-14T21:05:00+08:00")
    case.recording(by_name("2026-10-14 21:05:20"), number="")
    call = only(case)
    assert call.joined_by is JoinedBy.TIME
    assert not call.corroborated
    assert call.number == COLLECTOR
    assert call.respondent(case.view()) is None
    row(case, "2026-10-14T21:05:10+08:00", number="13800000012")
    assert len(joining.join(case.view())) == 3


def test_call_whose_recording_only_fits_in_time_is_counted_for_whom_its_row_belongs_to() -> None:
    case = CaseBuilder()
    owner = case.respondent()
    case.number(respondent=owner)
    log = row(case, "2026-10-14T21:05:00+08:00")
    case.recording(by_name("2026-10-14 21:05:20"), number="")
    view = case.view()
    (counted,) = call_counts.count(view, joining.join(view), owner).counted
    assert counted.call.seqs == (log,)
    assert counted.call.joined_by is None


def test_part_of_a_call_has_only_the_entries_asked_for() -> None:
    case = CaseBuilder()
    log = row(case, "2026-10-14T21:05:00+08:00")
    bill = row(case, "2026-10-14T21:05:12+08:00", source=Source.BILL)
    recording = case.recording(by_name("2026-10-14 21:05:20"))
    call = only(case)
    part = call.only({log, recording})
    assert part is not None
    assert (part.seqs, part.joined_by) == ((log, recording), JoinedBy.NUMBER)
    alone = call.only({bill})
    assert alone is not None
    assert (alone.seqs, alone.joined_by) == ((bill,), None)
    assert call.only({0}) is None


def test_record_of_the_recorder_itself_corroborates_nothing() -> None:
    case = CaseBuilder()
    row(case, "2026-10-14T21:05:00+08:00", source=Source.SIDECAR)
    case.recording(by_name("2026-10-14 21:05:00"))
    call = only(case)
    assert call.sidecar is not None
    assert call.recordings
    assert not call.corroborated
    row(case, "2026-10-14T21:05:00+08:00")
    assert only(case).corroborated


def test_contact_name_joins_the_call_of_that_contact() -> None:
    case = CaseBuilder()
    owner = case.respondent()
    case.number(respondent=owner)
    row(case, "2026-10-14T21:05:00+08:00", name="李经理")
    row(case, "2026-10-14T21:05:30+08:00", number="13800000003", name="爱人")
    case.recording(by_name("2026-10-14 21:05:40"), number="", party_name="李经理")
    call = next(c for c in joining.join(case.view()) if c.recordings)
    assert call.joined_by is JoinedBy.NAME
    assert call.respondent(case.view()) == owner


def test_time_known_to_the_day_joins_nothing() -> None:
    case = CaseBuilder()
    row(case, "2026-10-14T21:05:00+08:00")
    case.recording(said("2026-10-14"))
    assert len(joining.join(case.view())) == 2


def test_withdrawn_export_takes_its_rows_along() -> None:
    case = CaseBuilder()
    export = case.document("calls.xml", "application/xml")
    seq = row(case, "2026-10-14T21:05:00+08:00")
    record = dict(case.entries[seq].data)
    record["export"] = export
    case.append(Kind.RECORD, record)
    assert len(joining.join(case.view())) == 2
    case.withdraw(export)
    assert len(joining.join(case.view())) == 1
