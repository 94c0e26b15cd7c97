"""Exports on the disk: withheld, hashed again, and shown as rows that match what is disclosed."""

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from evidence.core.records import Kind
from evidence.errors import OriginalDamagedError
from evidence.ingest.intake import import_paths
from evidence.ingest.reader import MediaReader
from evidence.store.case_file import CaseFile
from evidence.store.verify import Verdict
from reports import texts
from reports.build import BuiltPacket
from reports.bundle import layout
from reports.bundle.check import check_bundle
from tests.reports.conftest import MADE_AT, OTHER_LENDER, World
from tests.reports.pdf.conftest import Drawn

FAMILY = "13800000003"
CALL = '<call number="{number}" duration="9" date="{at}" type="1" contact_name="{name}" />'
MESSAGE = (
    '<sms address="{number}" date="{at}" date_sent="{sent}" type="1" body="{body}" read="1" />'
)
START = 1_792_000_000_000


def backups() -> dict[str, bytes]:
    """Return a call log and messages of one phone, in which everybody is."""
    people = (("13800000011", "李经理"), ("13800000099", "乙某催收"), (FAMILY, "妈妈"))
    calls = [
        CALL.format(number=number, at=START + n * 60_000, name=name)
        for n, (number, name) in enumerate(people)
    ]
    messages = [
        MESSAGE.format(number=number, at=START, sent=START - 9_000, body=f"=给{name}的话")
        for number, name in people
    ]
    head = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n"
    return {
        "calls-20261014.xml": f'{head}<calls count="3">\n{"".join(calls)}\n</calls>'.encode(),
        "sms-20261014.xml": f'{head}<smses count="3">\n{"".join(messages)}\n</smses>'.encode(),
    }


@pytest.fixture
def exported(case_path: Path, tmp_path: Path) -> Path:
    """Return the case with the backups imported."""
    for name, data in backups().items():
        (tmp_path / name).write_bytes(data)
    paths = [tmp_path / name for name in backups()]
    with CaseFile.open_append(case_path, clock=lambda: MADE_AT) as case, MediaReader() as reader:
        for outcome in import_paths(case, paths, reader=reader):
            assert outcome.rows is not None
            assert outcome.rows.taken == 2
    return case_path


@pytest.fixture
def built(exported: Path, world: World, tmp_path: Path) -> BuiltPacket:
    return world.build(exported, tmp_path / "packet")


def entries(bundle: Path) -> dict[int, dict[str, Any]]:
    lines = (bundle / layout.ENTRIES).read_text("utf-8").splitlines()
    return {body["seq"]: body for body in map(json.loads, lines)}


def test_originals_are_withheld_and_the_tables_are_there(built: BuiltPacket) -> None:
    withheld = {e.label: e for e in built.packet.exhibits if e.extract}
    assert {e.name for e in withheld.values()} == set(backups())
    for label, exhibit in withheld.items():
        assert not list((built.path / "data" / "exhibits").glob(f"{label}.*"))
        table = (built.path / layout.redacted(label, ".csv")).read_bytes()
        assert exhibit.extract is not None
        assert hashlib.sha256(table).hexdigest() == exhibit.extract.csv_sha256
        assert exhibit.sha256 == hashlib.sha256(backups()[exhibit.name]).hexdigest()
    index = json.loads((built.path / layout.EXHIBITS).read_bytes())
    assert {label: index[label]["sha256"] for label in withheld} == {
        label: e.sha256 for label, e in withheld.items()
    }


def test_rows_of_the_tables_are_the_disclosed_entries(built: BuiltPacket) -> None:
    columns = list(texts.load("rows")["columns"])
    found = entries(built.path)
    seen = 0
    for exhibit in built.packet.exhibits:
        if exhibit.extract is None:
            continue
        text = exhibit.extract.csv.decode("utf-8-sig")
        for cells in list(csv.reader(io.StringIO(text, newline="")))[1:-1]:
            row = dict(zip(columns, cells, strict=True))
            data = found[int(row["seq"])]["data"]
            assert found[int(row["seq"])]["kind"] == Kind.RECORD
            assert data["export"] == exhibit.seq
            assert int(row["record"]) == data["position"]["record"]
            assert data["party"]["number"] in row["counterpart"]
            assert row["text"].removeprefix("'") == data.get("text", "")
            seen += 1
    assert seen == len([e for e in found.values() if e["kind"] == Kind.RECORD]) == 2


def test_no_byte_of_anybody_elses_is_in_the_bundle(built: BuiltPacket) -> None:
    drawn = Drawn(data=(built.path / layout.PACKET).read_bytes())
    said = drawn.body.encode() + b"".join(
        path.read_bytes()
        for path in built.path.rglob("*")
        if path.is_file() and path.suffix != ".pdf"
    )
    assert "李经理".encode() in said
    for secret in (FAMILY, "妈妈", "13800000099", "乙某催收", OTHER_LENDER):
        assert secret.encode() not in said


def test_bundle_is_intact_and_what_is_withheld_is_not_checked(
    built: BuiltPacket, exported: Path
) -> None:
    with CaseFile.open_read(exported) as case:
        report = check_bundle(built.path, case=case)
    assert report.verdict is Verdict.INTACT
    assert not report.complete
    unchecked = [r.name for r in report.results if r.verdict is Verdict.NOT_CHECKED]
    assert sorted(unchecked) == ["exhibit-withheld"] * 2 + ["redacted"] * 2


def test_a_withheld_original_that_changed_stops_the_packet(
    exported: Path, world: World, tmp_path: Path
) -> None:
    import contextlib
    import sqlite3

    with CaseFile.open_read(exported) as case:
        seq = next(e.seq for e in case.view().exhibits if e.record.name.startswith("calls-"))
    with contextlib.closing(sqlite3.connect(exported)) as db, db:
        (data,) = db.execute("SELECT data FROM chunk WHERE seq=?", (seq,)).fetchone()
        changed = data[:-1] + bytes([data[-1] ^ 0xFF])
        for (name,) in db.execute(
            "SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='chunk'"
        ).fetchall():
            db.execute(f"DROP TRIGGER {name}")
        db.execute("UPDATE chunk SET data=? WHERE seq=?", (changed, seq))
    with pytest.raises(OriginalDamagedError):
        world.build(exported, tmp_path / "packet")
    assert not (tmp_path / "packet").exists()


def test_the_other_lenders_packet_has_the_other_rows(
    exported: Path, world: World, tmp_path: Path
) -> None:
    from evidence.core.records import Tag
    from evidence.store import statements

    with CaseFile.open_append(exported, clock=lambda: MADE_AT) as case:
        row = next(
            r for r in case.view().rows if r.record.party.number == "13800000099" and r.record.text
        )
        tag = Tag(on=row.seq, conduct="threat", quote="=给乙某催收的话")
        statements.add_tag(case, tag, conducts=world.rules.conducts)
    built = world.build(exported, tmp_path / "other", lender=OTHER_LENDER)
    lines = [line for e in built.packet.exhibits if e.extract for line in e.extract.lines]
    assert {line.counterpart for line in lines} == {"乙某催收 13800000099", "13800000099"}
    (finding,) = built.packet.findings
    assert finding.place == "第 2 条"
