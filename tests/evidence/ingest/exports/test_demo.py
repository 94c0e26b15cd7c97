"""The demo's exports against the script that the demo was made from, record by record."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from evidence.core.moment import Meaning, Moment
from evidence.core.records import Direction
from evidence.ingest.exports import sidecar
from evidence.ingest.exports.base import CallRow, MessageRow
from tests.evidence.ingest.exports import golden

DEMO = Path(__file__).parents[4] / "samples" / "demo"
OUTCOMES = {
    "incoming": "answered",
    "missed": "missed",
    "rejected": "rejected",
    "outgoing": "outgoing",
}


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    return json.loads((DEMO / "truth.json").read_text(encoding="utf-8"))


def file_named(pattern: str) -> Path:
    (found,) = (DEMO / "files").rglob(pattern)
    return found


def seconds(moment: Moment) -> str:
    interval = moment.interval()
    assert interval is not None
    return interval[0].isoformat(timespec="seconds")


def test_every_call_of_the_backup_is_read(truth: dict[str, Any]) -> None:
    rows = golden.read(file_named("calls-*.xml"))
    assert len(rows) == len(truth["calls"])
    for row, call in zip(rows, truth["calls"], strict=True):
        assert isinstance(row, CallRow)
        assert seconds(row.occurred) == call["start"]
        assert row.number == call["number"]
        assert row.duration_s == call["duration_s"]
        assert row.name == (call["name"] or "")
        assert row.outcome == OUTCOMES[call["type"]]
        assert row.direction is (Direction.OUT if call["type"] == "outgoing" else Direction.IN)
        assert row.answered is (call["duration_s"] > 0)


def test_every_message_of_the_backup_is_read(truth: dict[str, Any]) -> None:
    rows = golden.read(file_named("sms-*.xml"))
    assert len(rows) == len(truth["sms"])
    for row, message in zip(rows, truth["sms"], strict=True):
        assert isinstance(row, MessageRow)
        assert row.text == message["body"]
        assert row.number == message["address"]
        assert seconds(row.occurred) == message["date"]
        assert row.direction == message["direction"]
        sent = message["date_sent"]
        assert (row.sent_at and seconds(row.sent_at)) == (sent if row.box == "received" else None)
        assert bool(row.attachments) is (message["kind"] == "mms")


def test_every_row_of_the_bill_is_read_at_its_line(truth: dict[str, Any]) -> None:
    rows = golden.read(file_named("10086*.csv"))
    assert len(rows) == len(truth["bill"])
    for row, call in zip(rows, truth["bill"], strict=True):
        assert isinstance(row, CallRow)
        assert row.position.line == call["line"]
        assert seconds(row.occurred) == call["start"]
        assert row.number == call["number"].replace("未知", "")
        assert row.duration_s == call["duration_s"]
        assert row.direction is {"主叫": Direction.OUT, "被叫": Direction.IN}[call["direction"]]
        assert row.occurred.meaning is Meaning.ANSWERED
        assert row.answered is True


def test_the_sidecar_says_when_the_call_was_created(truth: dict[str, Any]) -> None:
    (match,) = [m for m in truth["matches"] if m["recording"].endswith(".oga")]
    found = sidecar.parse_sidecar(file_named("*.json").read_bytes())
    assert found.created.value == "2026-10-28T21:45:12.345+08:00"
    assert found.created.meaning is Meaning.CALL_CREATED
    assert [party.number for party in found.parties] == [match["party"]]
    assert found.recording is not None
    assert found.recording.total_ms == match["recording_ms"]
    interval = found.created.interval()
    assert interval is not None
    started = dt.datetime.fromisoformat(match["recording_start"])
    assert dt.timedelta() < started - interval[0] < dt.timedelta(seconds=60)
