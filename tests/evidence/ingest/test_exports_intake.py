"""Exports into a real case: the export whole, and the rows that belong into the case."""

import collections
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evidence.core.export_row import ExportRow
from evidence.core.records import Medium, NumberRecord, NumberRole, Respondent, Withdraw
from evidence.ingest.intake import RowChoice, Status, import_paths
from evidence.ingest.outcome import FileOutcome
from evidence.ingest.reader import MediaReader
from evidence.ingest.reread import read_again
from evidence.ingest.rows import RowSummary
from evidence.store import statements
from evidence.store.case_file import CaseFile
from evidence.store.clock import system_clock
from evidence.store.verify import Verdict, verify_case

REPOSITORY = Path(__file__).parents[3]
DEMO = REPOSITORY / "samples" / "demo"
FILES = DEMO / "files"
TRUTH: dict[str, Any] = json.loads((DEMO / "truth.json").read_text(encoding="utf-8"))
BACKUPS = FILES / "小米手机" / "SMSBackupRestore"
CALLS, MESSAGES = sorted(BACKUPS.glob("*.xml"))
(BILL,) = (FILES / "电脑").glob("*.csv")
SIDECARS = FILES / "备用机" / "BCR"
OWNED = {n: who["respondent"] for n, who in TRUTH["numbers"].items() if who["respondent"]}
MANAGER = "13800000011"


@pytest.fixture
def case(tmp_path: Path) -> Iterator[CaseFile]:
    with CaseFile.create(tmp_path / "case.liuhen", clock=system_clock) as made:
        yield made


def lender(case: CaseFile) -> int:
    known = case.view().respondents
    if known:
        return known[0].seq
    made = Respondent(name="甲某消费金融有限公司", type="consumer_finance")
    return statements.add_respondent(case, made, types=[made.type]).seq


def owned(case: CaseFile, *numbers: str) -> int:
    """Say that numbers belong to the respondent."""
    owner = lender(case)
    for number in numbers:
        given = NumberRecord(number=number, role=NumberRole.COLLECTOR, respondent=owner)
        statements.set_number(case, given)
    return owner


def take(
    case: CaseFile, reader: MediaReader, *paths: Path, rows: RowChoice | None = None
) -> list[FileOutcome]:
    outcomes = list(import_paths(case, paths, reader=reader, rows=rows))
    assert verify_case(case.path).verdict is Verdict.INTACT
    return outcomes


def summary(outcome: FileOutcome) -> RowSummary:
    assert outcome.rows is not None, outcome
    return outcome.rows


def records(case: CaseFile) -> list[ExportRow]:
    return [row.record for row in case.view().rows]


def xml_calls(*calls: tuple[str, int]) -> str:
    """Return a backup of answered calls: number and milliseconds."""
    rows = "".join(
        f'<call number="{number}" duration="60" date="{date}" type="1" presentation="1" />\n'
        for number, date in calls
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<calls count="{len(calls)}">\n{rows}</calls>\n'


NOON = 1_792_728_000_000


# --- whose rows are taken -------------------------------------------------------------------------


def test_only_rows_of_numbers_of_a_respondent_become_records(
    case: CaseFile, reader: MediaReader
) -> None:
    owned(case, *OWNED)
    calls, messages, bill = take(case, reader, CALLS, MESSAGES, BILL)
    for outcome, told in ((calls, "calls"), (messages, "sms"), (bill, "bill")):
        key = {"sms": "address"}.get(told, "number")
        wanted = sum(row[key] in OWNED for row in TRUTH[told])
        assert summary(outcome).taken == wanted > 0
        assert summary(outcome).calls + summary(outcome).messages == len(TRUTH[told])
        assert (summary(outcome).problem_count, summary(outcome).broken_off) == (0, "")
    assert {row.party.number for row in records(case)} <= set(OWNED)


def test_without_a_respondent_nothing_is_taken_and_each_number_is_counted(
    case: CaseFile, reader: MediaReader
) -> None:
    (outcome,) = take(case, reader, CALLS)
    found = {n.number: n.calls for n in summary(outcome).numbers}
    wanted = collections.Counter(row["number"] for row in TRUTH["calls"])
    assert found == dict(wanted)
    assert summary(outcome).taken == 0
    assert records(case) == []


def test_numbers_that_the_person_picks_are_taken_for_the_respondent_they_named(
    case: CaseFile, reader: MediaReader
) -> None:
    owner = lender(case)
    picked = RowChoice(numbers=frozenset({MANAGER}), respondent=owner)
    take(case, reader, CALLS, rows=picked)
    found = records(case)
    assert {(row.party.number, row.respondent) for row in found} == {(MANAGER, owner)}
    assert len(found) == sum(row["number"] == MANAGER for row in TRUTH["calls"])


def test_all_takes_every_row(case: CaseFile, reader: MediaReader) -> None:
    take(case, reader, CALLS, MESSAGES, BILL, rows=RowChoice(everything=True))
    medium = collections.Counter(row.medium for row in records(case))
    assert medium[Medium.MESSAGE] == len(TRUTH["sms"])
    assert medium[Medium.CALL] == len(TRUTH["calls"]) + len(TRUTH["bill"])


def test_sidecar_of_a_recording_is_taken_without_being_asked_for(
    case: CaseFile, reader: MediaReader
) -> None:
    outcomes = take(case, reader, SIDECARS)
    assert [o.status for o in outcomes] == [Status.IMPORTED] * 2
    (row,) = records(case)
    assert row.party.number == MANAGER


def test_row_names_its_export_and_where_it_stands_there(
    case: CaseFile, reader: MediaReader
) -> None:
    owned(case, MANAGER)
    (outcome,) = take(case, reader, BILL)
    lines = [row["line"] for row in TRUTH["bill"] if row["number"] == MANAGER]
    found = records(case)
    assert {row.export for row in found} == {outcome.seq}
    assert [row.position.line for row in found] == lines
    assert all(row.reader for row in found)


def test_masked_numbers_are_taken_only_with_everything(
    case: CaseFile, reader: MediaReader, tmp_path: Path
) -> None:
    bill = tmp_path / "详单.csv"
    bill.write_bytes(BILL.read_bytes().replace(MANAGER.encode(), b"138****0011"))
    owned(case, MANAGER)
    picked = RowChoice(numbers=frozenset({MANAGER}))
    (outcome,) = take(case, reader, bill, rows=picked)
    masked = sum(row["number"] == MANAGER for row in TRUTH["bill"])
    assert summary(outcome).taken == 0
    assert {n.number: n.calls for n in summary(outcome).numbers}["138****0011"] == masked
    take(case, reader, bill, rows=RowChoice(everything=True))
    found = [row for row in records(case) if row.number_masked]
    assert {row.party.number for row in found} == {"138****0011"}
    assert len(found) == masked


# --- again, and overlapping -----------------------------------------------------------------------


def test_importing_again_after_a_number_became_known_only_adds(
    case: CaseFile, reader: MediaReader
) -> None:
    owned(case, MANAGER)
    (first,) = take(case, reader, CALLS)
    before = case.view().rows
    owned(case, "9501700011")
    (again,) = take(case, reader, CALLS)
    assert (again.status, again.seq) == (Status.DUPLICATE, first.seq)
    assert case.view().rows[: len(before)] == before
    assert summary(again).known == len(before)
    wanted = sum(row["number"] in (MANAGER, "9501700011") for row in TRUTH["calls"])
    assert len(records(case)) == wanted
    (third,) = take(case, reader, CALLS)
    assert summary(third).taken == 0


def test_reading_stored_exports_again_adds_what_an_import_would(
    case: CaseFile, reader: MediaReader
) -> None:
    take(case, reader, CALLS, MESSAGES, BILL)
    owned(case, MANAGER)
    found = {seq: rows.taken for seq, rows in read_again(case)}
    assert verify_case(case.path).verdict is Verdict.INTACT
    assert len(found) == 3
    assert sum(found.values()) == len(records(case)) > 0
    assert sum(rows.taken for _seq, rows in read_again(case)) == 0


def test_withdrawn_export_is_not_read_again(case: CaseFile, reader: MediaReader) -> None:
    (outcome,) = take(case, reader, CALLS)
    assert outcome.seq is not None
    statements.withdraw(case, Withdraw(target=outcome.seq, reason="传错了"))
    owned(case, MANAGER)
    assert list(read_again(case)) == []


def test_calls_that_two_exports_have_are_recorded_once(
    case: CaseFile, reader: MediaReader, tmp_path: Path
) -> None:
    owned(case, MANAGER)
    first, second = tmp_path / "calls-1.xml", tmp_path / "calls-2.xml"
    first.write_text(xml_calls((MANAGER, NOON), (MANAGER, NOON + 60_000)), encoding="utf-8")
    second.write_text(
        xml_calls((MANAGER, NOON + 60_000), (f"+86{MANAGER}", NOON + 120_000)), encoding="utf-8"
    )
    one, two = take(case, reader, first, second)
    assert (summary(one).taken, summary(one).known) == (2, 0)
    assert (summary(two).taken, summary(two).known) == (1, 1)


# --- what is broken -------------------------------------------------------------------------------


def test_export_that_is_cut_off_keeps_what_was_read_and_says_so(
    case: CaseFile, reader: MediaReader, tmp_path: Path
) -> None:
    data = CALLS.read_bytes()
    cut = tmp_path / CALLS.name
    cut.write_bytes(data[: len(data) // 2])
    owned(case, *OWNED)
    (outcome,) = take(case, reader, cut)
    assert outcome.status is Status.IMPORTED
    assert outcome.seq is not None
    found = summary(outcome)
    assert 0 < found.taken < sum(row["number"] in OWNED for row in TRUTH["calls"])
    assert found.broken_off or found.problem_count
    assert len(records(case)) == found.taken
    with case.original(outcome.seq) as stored:
        assert stored.read() == cut.read_bytes()


@pytest.mark.parametrize(
    "text",
    ['{"\\ud800": "13800000011", "number": "1"}', '[{"\\udfff": 1, "type": "1", "date": "1"}]'],
)
def test_half_a_letter_in_the_key_of_a_json_ends_no_import(
    case: CaseFile, reader: MediaReader, tmp_path: Path, text: str
) -> None:
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    (tmp_path / "b.json").write_text('{"\\ud83d\\ude21": 1}', encoding="utf-8")
    _first, _second, calls = take(case, reader, tmp_path / "a.json", tmp_path / "b.json", CALLS)
    assert calls.status is Status.IMPORTED


# --- one commit -----------------------------------------------------------------------------------


KILLED_IN_THE_ROWS = """
import os, signal, sys
from pathlib import Path
from evidence.ingest.intake import import_paths
from evidence.ingest.reader import MediaReader
from evidence.store.case_file import CaseFile
from evidence.store.clock import system_clock

def told(done, total):
    if done > 0.8 * total:
        os.kill(os.getpid(), signal.SIGKILL)

with CaseFile.open_append(Path(sys.argv[1]), clock=system_clock) as case, MediaReader() as reader:
    list(import_paths(case, [Path(sys.argv[2])], reader=reader, progress=told))
"""


def test_import_that_is_killed_in_the_rows_leaves_neither_export_nor_rows(
    reader: MediaReader, tmp_path: Path
) -> None:
    backup, path = tmp_path / "calls.xml", tmp_path / "killed.liuhen"
    calls = [(MANAGER if n % 30 == 0 else "13800000021", NOON + n * 1000) for n in range(30_000)]
    backup.write_text(xml_calls(*calls), encoding="utf-8")
    with CaseFile.create(path, clock=system_clock) as case:
        owned(case, MANAGER)
        before = case.view()
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_IN_THE_ROWS, path, backup],
        cwd=REPOSITORY,
        check=False,
        timeout=30,
    )
    assert killed.returncode == -signal.SIGKILL
    with CaseFile.open_append(path, clock=system_clock) as case:
        assert case.view() == before
        (outcome,) = take(case, reader, backup)
        assert outcome.status is Status.IMPORTED
        assert summary(outcome).taken == len(records(case)) == 1000
