"""SMS Import / Export, QUIK and BCR's sidecar."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest

from evidence.core.moment import Precision
from evidence.core.records import Direction
from evidence.ingest.exports import registry, sidecar
from evidence.ingest.exports.base import CallRow, ExportFormError, MessageRow, Row, RowProblem
from tests.evidence.ingest.exports import golden
from tests.evidence.ingest.exports.streams import split_at

SAMPLES = golden.SAMPLES
SMS = {
    "_id": "1",
    "address": "13900139000",
    "date": "1705300360000",
    "date_sent": "1705300357000",
    "type": "1",
    "body": "看着办😡",
    "sub_id": "0",
}
CALL = {
    "number": "13900139000",
    "date": "1705300225123",
    "duration": "183",
    "type": "1",
    "subscription_id": "1",
}


def read(data: bytes, name: str = "") -> list[Row]:
    reader = registry.find_reader(data[:65536])
    assert reader is not None
    return list(reader.rows(io.BytesIO(data), len(data), name=name))


def lines(*records: object) -> bytes:
    return "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records).encode()


def archive(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in members.items():
            bundle.writestr(name, data)
    return buffer.getvalue()


def without_place(row: Row) -> dict[str, Any]:
    plain = golden.plain(row)
    return {key: value for key, value in plain.items() if key not in ("position", "raw")}


def test_three_apps_tell_the_same_messages_alike() -> None:
    names = ("sms_backup_sample.xml", "sms_ie_messages_sample.ndjson", "messages-2024-01-18.zip")
    backup, ndjson, zipped = ([without_place(r) for r in golden.read(SAMPLES / n)] for n in names)
    assert ndjson == zipped
    for one, other in zip(backup, ndjson, strict=True):
        if one["occurred"]["precision"] == "s":  # the apps write an MMS's stamp in their own units
            one["occurred"]["basis"] = other["occurred"]["basis"]
        assert one == other
    quik = [without_place(r) for r in golden.read(SAMPLES / "quik_backup-20240118080000.json")]
    assert quik == [{**row, "name": ""} for row in backup[:6]]


def test_two_apps_tell_the_same_calls_alike() -> None:
    backup = [without_place(r) for r in golden.read(SAMPLES / "calls_sample.xml")]
    other = [without_place(r) for r in golden.read(SAMPLES / "sms_ie_calls_sample.json")]
    assert backup == other


def test_version_1_tells_the_same_messages_as_version_2() -> None:
    """By the rules of the app's own converter: no underscores, base64 inside, one array."""
    records = [
        json.loads(line)
        for line in (SAMPLES / "sms_ie_messages_sample.ndjson").read_text("utf-8").splitlines()
    ]
    old = json.dumps(_as_version_1(records), ensure_ascii=False, indent=2).encode()
    assert [without_place(r) for r in read(old)] == [
        without_place(r) for r in golden.read(SAMPLES / "sms_ie_messages_sample.ndjson")
    ]
    assert not any("QUJD" in value for row in read(old) for _, value in _raw(row))


def _raw(row: Row) -> tuple[tuple[str, str], ...]:
    assert not isinstance(row, RowProblem)
    return row.raw


def _as_version_1(value: Any) -> Any:
    if isinstance(value, list):
        return [_as_version_1(item) for item in value]
    if not isinstance(value, dict):
        return value
    new = {key.removeprefix("__"): _as_version_1(item) for key, item in value.items()}
    if new.get("ct") == "image/png":
        new["binary_data"] = "QUJD" * 50_000
    return new


def test_a_bad_line_is_a_problem_and_the_others_are_read() -> None:
    data = lines(SMS) + b'{"address": "1", "da\n' + b"[1]\n\n" + lines({"x": "y"}, SMS)
    rows = read(data)
    assert [type(r) for r in rows] == [MessageRow, RowProblem, RowProblem, RowProblem, MessageRow]
    assert [r.position.line for r in rows] == [1, 2, 3, 5, 6]
    assert [r.position.record for r in rows] == [1, 2, 3, 4, 5]


def test_numbers_and_null_are_read_as_the_text_they_mean() -> None:
    (row,) = read(lines({**SMS, "date": 1705300360000, "type": 1, "subject": None}))
    assert isinstance(row, MessageRow)
    assert row.occurred.value == "2024-01-15T14:32:40.000+08:00"
    assert row.box == "received"
    assert "subject" not in dict(row.raw)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (r"\ud83d\ude21", "\U0001f621"),
        (r"x\ud83dy", "x\ufffdy"),
        (r"x\ude21y", "x\ufffdy"),
        (r"\\ud83d", r"\ud83d"),
        (r"a\u0000b\u001b", "a\0b\x1b"),
        ("a\tb", "a\tb"),
        (r"\n \" \/", '\n " /'),
        ("ＡＢＣ①", "ＡＢＣ①"),
    ],
)
@pytest.mark.parametrize("form", ["lines", "array", "quik"])
def test_text_is_given_exactly_as_meant(written: str, text: str, form: str) -> None:
    record = f'{{"address": "1", "date": "1", "type": "1", "body": "{written}"}}'
    data = {
        "lines": record + "\n",
        "array": f"[{record}]",
        "quik": f'{{"messageCount": 1, "messages": [{record}]}}',
    }[form]
    (row,) = read(data.encode())
    assert isinstance(row, MessageRow)
    assert row.text == text
    row.text.encode("utf-8")


def test_an_array_is_the_same_at_every_border_of_a_read() -> None:
    data = json.dumps([CALL, {**CALL, "name": "甲😡"}, CALL], ensure_ascii=False).encode()
    reader = registry.find_reader(data)
    assert reader is not None
    expected = list(reader.rows(io.BytesIO(data), len(data), name=""))
    assert len(expected) == 3
    for border in range(1, len(data)):
        stream = cast("BinaryIO", split_at(data, border))
        assert list(reader.rows(stream, len(data), name="")) == expected, border


def test_a_record_longer_than_a_read_is_read() -> None:
    long = {**SMS, "type": "1", "binary_data": "QUJD" * 300_000}
    rows = read(json.dumps([long, SMS], ensure_ascii=False).encode())
    assert [r.text for r in rows if isinstance(r, MessageRow)] == ["看着办😡", "看着办😡"]


@pytest.mark.parametrize("cut", [1, 2, 30, 200])
def test_an_array_cut_off_gives_what_is_whole_and_says_so(cut: int) -> None:
    data = json.dumps([CALL, CALL, CALL], indent=1).encode()[:-cut]
    reader = registry.find_reader(data)
    assert reader is not None
    rows: list[Row] = []
    with pytest.raises(ExportFormError) as caught:
        rows.extend(reader.rows(io.BytesIO(data), len(data), name=""))
    assert caught.value.code == "truncated"
    assert caught.value.position.record == len(rows)


@pytest.mark.parametrize("tail", [b"x", b"[", b']"', b"{}"])
def test_an_array_with_something_behind_is_malformed(tail: bytes) -> None:
    with pytest.raises(ExportFormError) as caught:
        read(json.dumps([CALL]).encode() + tail)
    assert caught.value.code == "malformed"


def test_a_call_whose_hidden_number_was_left_out_is_a_call() -> None:
    hidden = {key: value for key, value in CALL.items() if key != "number"}
    rows = read(json.dumps([CALL, hidden]).encode())
    assert isinstance(rows[1], CallRow)
    assert (rows[1].number, rows[1].direction) == ("", Direction.IN)


def test_a_received_group_message_is_its_senders() -> None:
    record = {
        "date": "1705300800",
        "msg_box": "1",
        "__sender_address": {"address": "13900139000", "type": "137", "__display_name": "甲"},
        "__recipient_addresses": [
            {"address": "13800138001", "type": "151"},
            {"address": "13800138002", "type": "130"},
        ],
        "__parts": [{"seq": "0", "ct": "text/plain", "text": "看着办"}],
    }
    (row,) = read(lines(record))
    assert isinstance(row, MessageRow)
    assert (row.number, row.name, row.text) == ("13900139000", "甲", "看着办")
    assert row.occurred.precision is Precision.SECOND
    (sent,) = read(lines({**record, "msg_box": "2"}))
    assert isinstance(sent, MessageRow)
    assert (sent.number, sent.number_raw) == ("", "13800138001~13800138002")


def test_an_archive_gives_messages_and_calls_with_their_member() -> None:
    rows = read(
        archive(
            {
                "messages.ndjson": lines(SMS),
                "data/PART_1_p.png": b"\x89PNG",
                "calls.json": json.dumps([CALL, CALL]).encode(),
            }
        )
    )
    assert [(type(r), r.position.part, r.position.record) for r in rows] == [
        (MessageRow, "messages.ndjson", 1),
        (CallRow, "calls.json", 2),
        (CallRow, "calls.json", 3),
    ]


def test_the_encrypted_form_is_refused_with_its_reason() -> None:
    with pytest.raises(ExportFormError) as caught:
        read(b"SSEF\x00\xff" + b"\x00" * 100)
    assert caught.value.code == "encrypted"


def test_a_quik_backup_may_have_its_keys_in_another_order() -> None:
    record = {"type": 2, "address": "13900139000", "date": 1705300360000, "body": "好", "subId": 1}
    data = json.dumps({"messages": [record, 5], "messageCount": 2}).encode()
    rows = read(data)
    assert isinstance(rows[0], MessageRow)
    assert (rows[0].box, rows[0].text, rows[0].sim) == ("sent", "好", "1")
    assert isinstance(rows[1], RowProblem)


# --- the sidecar ---------------------------------------------------------------------------------

SIDECAR = next(p for p in golden.samples() if p.suffix == ".json" and p.name.startswith("2024"))


def changed(**top: object) -> bytes:
    value = json.loads(SIDECAR.read_text("utf-8"))
    value.update(top)
    return json.dumps(value).encode()


def test_a_sidecar_in_another_zone_keeps_it() -> None:
    found = sidecar.parse_sidecar(changed(timestamp="2024-01-15T06:30:25.123+00:00"))
    assert found.created.value == "2024-01-15T06:30:25.123+00:00"
    assert found.stamps_agree


def test_a_sidecar_whose_stamps_disagree_says_so() -> None:
    found = sidecar.parse_sidecar(changed(timestamp="2024-01-15T14:31:25.123+08:00"))
    assert found.created.value == "2024-01-15T14:30:25.123+08:00"
    assert not found.stamps_agree


def test_a_sidecar_with_only_what_is_guaranteed_is_read() -> None:
    found = sidecar.parse_sidecar(
        b'{"timestamp_unix_ms": 1705300225123, "timestamp": "2024-01-15T14:30:25.123+08:00",'
        b'"direction": null, "sim_slot": null, "calls": [], "output": {"format": {"type": "FLAC",'
        b'"mime_type_container": "audio/flac", "mime_type_audio": "audio/flac",'
        b'"parameter_type": "none", "parameter": 0}, "recording": null}}'
    )
    assert (found.direction, found.sim_slot, found.parties) == (None, None, ())
    assert found.recording is None
    assert found.format.type == "FLAC"


def test_a_conference_has_all_its_parties() -> None:
    parties = [{"phone_number": "+8613900139000"}, {"phone_number": "13800138001"}]
    found = sidecar.parse_sidecar(changed(direction="conference", calls=parties))
    assert found.direction is Direction.CONFERENCE
    assert [party.number for party in found.parties] == ["13900139000", "13800138001"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'{"timestamp_unix_ms": 1}',
        b"{" * 100_000,
        b'{"a":' * 100_000,
        b" " * (1024 * 1024 + 1),
        b"\xff\xfe{}",
        changed(timestamp_unix_ms="1705300225123"),
        changed(timestamp_unix_ms=-1),
        changed(timestamp_unix_ms=1e30),
        changed(output=None),
    ],
    ids=range(12),
)
def test_what_is_no_sidecar_is_refused(data: bytes) -> None:
    with pytest.raises(ExportFormError):
        sidecar.parse_sidecar(data)


@pytest.mark.parametrize(
    "value", ["1e999999999", "-1e999999999", "1e-999999999", "NaN", "1" * 5000]
)
def test_numbers_that_no_recorder_writes_are_none(value: str) -> None:
    data = SIDECAR.read_text("utf-8").replace("183.2", value).replace("48000", value)
    found = sidecar.parse_sidecar(data.encode())
    assert found.recording is not None
    assert found.recording.wall_ms in (None, 0)
    assert found.format.parameter is None


def test_reading_is_by_content_alone(tmp_path: Path) -> None:
    for sample in golden.samples():
        other = tmp_path / "x"
        other.write_bytes(sample.read_bytes())
        assert golden.describe(other)["reader"] == golden.describe(sample)["reader"]
