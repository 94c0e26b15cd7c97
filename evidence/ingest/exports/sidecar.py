"""The file that Basic Call Recorder (BCR) writes beside each recording (FORMATS 1.5).

Rules:

1. Its time is when the phone began to dial or ring, to the millisecond; the recording begins
   when the call is answered.
2. Only the time and the format are always there. What is missing is None or empty.
3. Numbers of seconds become whole milliseconds, counted from the decimal as written.
"""

import dataclasses
import datetime as dt
import json
import re
from collections.abc import Mapping
from decimal import Decimal

from evidence.core import phone
from evidence.core.moment import Meaning, Moment, Precision, Source
from evidence.core.records import Direction
from evidence.ingest.exports import android, json_records
from evidence.ingest.exports.base import ExportFormError

MAX_SIZE = 1024 * 1024
_MAX_CALLS = 64
_HEAD = re.compile(rb"\s*\{")
_DIRECTIONS: Mapping[object, Direction] = {
    "in": Direction.IN,
    "out": Direction.OUT,
    "conference": Direction.CONFERENCE,
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SidecarParty:
    """One of the other sides of the call."""

    number: str
    """Normalised; empty when hidden."""
    number_raw: str
    contact_name: str
    """As saved on the phone."""
    caller_name: str
    """As the network says."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SidecarFormat:
    """How the sound was encoded."""

    type: str
    container: str
    audio: str
    parameter_type: str
    parameter: int | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SidecarRecording:
    """How much of the call is in the recording."""

    frames_total: int | None
    frames_encoded: int | None
    sample_rate: int | None
    channels: int | None
    wall_ms: int | None
    """From begin to end of the recording by the clock."""
    total_ms: int | None
    encoded_ms: int | None
    buffer_frames: int | None
    buffer_overruns: int | None
    """More than none means that sound was lost."""
    was_ever_paused: bool | None
    was_ever_holding: bool | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Sidecar:
    """Everything that the file says."""

    created: Moment
    """When the call was created in the phone: dialling or ringing began."""
    stamps_agree: bool
    """Whether its two forms of the time say the same."""
    package: str
    direction: Direction | None
    sim_slot: int | None
    call_log_name: str
    parties: tuple[SidecarParty, ...]
    format: SidecarFormat
    recording: SidecarRecording | None


def identify(head: bytes) -> bool:
    """Tell from the first bytes whether the file is such a sidecar."""
    text = head.removeprefix(b"\xef\xbb\xbf")
    return (
        _HEAD.match(text) is not None
        and b'"timestamp_unix_ms"' in text
        and b'"output"' in text
        and b'"format"' in text
    )


def parse_sidecar(data: bytes) -> Sidecar:
    """Return what the file says.

    Raises:
        ExportFormError: when it is no sidecar, cut off, or hostile.
    """
    top = _object(data)
    output = _inner(top, "output")
    if not output or "timestamp_unix_ms" not in top:
        raise _bad()
    stamp = _integer(top, "timestamp_unix_ms")
    created, agree = _created(stamp, _text(top, "timestamp"))
    recording = _inner(output, "recording")
    return Sidecar(
        created=created,
        stamps_agree=agree,
        package=_text(top, "package_name"),
        direction=_DIRECTIONS.get(_text(top, "direction")),
        sim_slot=_integer(top, "sim_slot"),
        call_log_name=android.contact_name(_text(top, "call_log_name"), ""),
        parties=tuple(_party(c) for c in json_records.objects(top.get("calls"))[:_MAX_CALLS]),
        format=_format(_inner(output, "format")),
        recording=_recording(recording) if recording else None,
    )


def _object(data: bytes) -> json_records.JsonRecord:
    if len(data) > MAX_SIZE:
        raise ExportFormError("too-long", "录音信息文件大得不正常，没有读取")
    try:
        value = json.loads(
            data.decode("utf-8-sig"), parse_int=Decimal, parse_float=Decimal, parse_constant=str
        )
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise _bad() from error
    if not isinstance(value, dict):
        raise _bad()
    return value


def _created(stamp: int | None, written: str) -> tuple[Moment, bool]:
    """Return the moment, in the phone's own zone where the written form agrees."""
    if stamp is None or stamp <= 0:
        raise _bad()
    moment = android.from_epoch(
        stamp,
        str(stamp),
        Precision.MILLISECOND,
        Source.SIDECAR,
        Meaning.CALL_CREATED,
    )
    if moment.precision is Precision.UNKNOWN:
        raise _bad()
    try:
        local = dt.datetime.fromisoformat(written)
    except ValueError:
        return moment, not written
    if local.tzinfo is None:
        return moment, False
    interval = moment.interval()
    if interval is None or not abs(local - interval[0]) < dt.timedelta(milliseconds=1):
        return moment, False
    own_zone = interval[0].astimezone(local.tzinfo).isoformat(timespec="milliseconds")
    return dataclasses.replace(moment, value=own_zone, basis=written), True


def _party(call: json_records.JsonRecord) -> SidecarParty:
    raw = _text(call, "phone_number")
    number = phone.normalise(raw)
    return SidecarParty(
        number=number,
        number_raw=raw,
        contact_name=android.contact_name(_text(call, "contact_name"), number),
        caller_name=android.contact_name(_text(call, "caller_name"), number),
    )


def _format(values: json_records.JsonRecord) -> SidecarFormat:
    return SidecarFormat(
        type=_text(values, "type"),
        container=_text(values, "mime_type_container"),
        audio=_text(values, "mime_type_audio"),
        parameter_type=_text(values, "parameter_type"),
        parameter=_integer(values, "parameter"),
    )


def _recording(values: json_records.JsonRecord) -> SidecarRecording:
    return SidecarRecording(
        frames_total=_integer(values, "frames_total"),
        frames_encoded=_integer(values, "frames_encoded"),
        sample_rate=_integer(values, "sample_rate"),
        channels=_integer(values, "channel_count"),
        wall_ms=_milliseconds(values, "duration_secs_wall"),
        total_ms=_milliseconds(values, "duration_secs_total"),
        encoded_ms=_milliseconds(values, "duration_secs_encoded"),
        buffer_frames=_integer(values, "buffer_frames"),
        buffer_overruns=_integer(values, "buffer_overruns"),
        was_ever_paused=_flag(values, "was_ever_paused"),
        was_ever_holding=_flag(values, "was_ever_holding"),
    )


def _inner(values: json_records.JsonRecord, key: str) -> json_records.JsonRecord:
    inner = values.get(key)
    return inner if isinstance(inner, dict) else {}


def _text(values: json_records.JsonRecord, key: str) -> str:
    text = values.get(key)
    return json_records.clean(text) if isinstance(text, str) else ""


def _number(values: json_records.JsonRecord, key: str) -> Decimal | None:
    """Return a number of ordinary size; anything else would overflow when reckoned with."""
    number = values.get(key)
    if not isinstance(number, Decimal) or not number.is_finite() or abs(number.adjusted()) > 16:
        return None
    return number


def _integer(values: json_records.JsonRecord, key: str) -> int | None:
    number = _number(values, key)
    return int(number) if number is not None and number == number.to_integral_value() else None


def _milliseconds(values: json_records.JsonRecord, key: str) -> int | None:
    number = _number(values, key)
    if number is None or not 0 <= number < 10**9:
        return None
    return int((number * 1000).to_integral_value())


def _flag(values: json_records.JsonRecord, key: str) -> bool | None:
    flag = values.get(key)
    return flag if isinstance(flag, bool) else None


def _bad() -> ExportFormError:
    return ExportFormError(
        "not-this-form", "这不是完整的 BCR 录音信息文件，无法读取；录音本身不受影响"
    )
