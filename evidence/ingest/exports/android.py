"""What Android's call and message tables mean, whichever app exported them (FORMATS 3.1 to 3.3).

Rules:

1. The apps write the columns of the provider under their own names; each reader hands them over
   as a mapping of provider names.
2. ``null`` and a missing column are the same. The phone's clock is the epoch: its milliseconds
   are given at +08:00. Stamps of the message centre and of MMS are whole seconds.
3. Types that makers invented are unknown; nothing is read into them.
"""

import datetime as dt
import functools
import re
from collections.abc import Mapping, Sequence

from evidence.core import moment, phone
from evidence.core.export_row import Position
from evidence.core.moment import Meaning, Moment, Precision, Source
from evidence.core.records import Direction
from evidence.ingest.exports.base import CallRow, MessageRow, Pairs

_NO_NAME = frozenset({"", "null", "(unknown)", "unknown", "未知", "(未知)", "（未知）"})
_TOKEN = "insert-address-token"  # noqa: S105 - what Android writes for the phone's own number
_EPOCH = dt.date(1970, 1, 1)
_CHINA_OFFSET = 8 * 3600
"""Seconds. China has had no summer time since 1991, and these files are younger."""
_SIGN_FIRST = re.compile(r"\s*【([^【】]{2,20})】")
_SIGN_LAST = re.compile(r"【([^【】]{2,20})】\s*\Z")
_MILLISECONDS_FROM = 10**11
"""MMS stamps below it are seconds, the others milliseconds."""

# Reaching a member through its class is slow in Python 3.11, and there are millions of rows.
_IN, _OUT = Direction.IN, Direction.OUT
_CALL_LOG, _SMS_EXPORT = Source.CALL_LOG, Source.SMS_EXPORT
_CREATED, _SENT = Meaning.CALL_CREATED, Meaning.SENT
_MS, _S, _NEVER = Precision.MILLISECOND, Precision.SECOND, Precision.UNKNOWN

_CALL_TYPES: Mapping[str, tuple[Direction, bool | None, str]] = {
    "1": (Direction.IN, True, "answered"),
    "2": (Direction.OUT, None, "outgoing"),
    "3": (Direction.IN, False, "missed"),
    "4": (Direction.IN, False, "voicemail"),
    "5": (Direction.IN, False, "rejected"),
    "6": (Direction.IN, False, "refused"),
    "7": (Direction.IN, True, "answered_elsewhere"),
}
_UNKNOWN_CALL = (None, None, "unknown")
_BOXES: Mapping[str, tuple[str, Direction | None, Meaning]] = {
    "1": ("received", Direction.IN, Meaning.RECEIVED),
    "2": ("sent", Direction.OUT, Meaning.SENT),
    "3": ("draft", None, Meaning.SAVED),
    "4": ("outbox", Direction.OUT, Meaning.SAVED),
    "5": ("failed", Direction.OUT, Meaning.SAVED),
    "6": ("queued", Direction.OUT, Meaning.SAVED),
}
_UNKNOWN_BOX = ("unknown", None, Meaning.UNKNOWN)


def call_row(position: Position, fields: Mapping[str, str], name: str, raw: Pairs) -> CallRow:
    """Return the row of one call; ``fields`` has the provider's column names."""
    direction, answered, outcome = _CALL_TYPES.get(fields.get("type", ""), _UNKNOWN_CALL)
    duration = _count(fields.get("duration", ""))
    if outcome == "outgoing" and duration is not None:
        answered = duration > 0
    elif outcome == "answered" and duration == 0:
        # The provider's default for an incoming call that is neither missed nor refused: with
        # no duration it does not show that anybody spoke.
        answered, outcome = None, "unknown"
    number_raw = text_or_empty(fields.get("number", ""))
    number = _normalise(number_raw)
    return CallRow(
        position=position,
        number=number,
        number_raw=number_raw,
        name=contact_name(name, number),
        occurred=milliseconds(fields.get("date", ""), _CALL_LOG, _CREATED),
        direction=direction,
        answered=answered,
        outcome=outcome,
        duration_s=duration,
        sim=sim_text(fields.get("subscription_id", "")),
        masked="*" in number_raw and not number,
        raw=raw,
    )


def sms_row(position: Position, fields: Mapping[str, str], name: str, raw: Pairs) -> MessageRow:
    """Return the row of one SMS; ``fields`` has the provider's column names."""
    box, direction, meaning = _BOXES.get(fields.get("type", ""), _UNKNOWN_BOX)
    number_raw = text_or_empty(fields.get("address", ""))
    number = _normalise(number_raw)
    text = text_or_empty(fields.get("body", ""))
    received = box == "received"
    sent = milliseconds(fields.get("date_sent", ""), _SMS_EXPORT, _SENT) if received else None
    return MessageRow(
        position=position,
        number=number,
        number_raw=number_raw,
        name=contact_name(name, number),
        occurred=milliseconds(fields.get("date", ""), _SMS_EXPORT, meaning),
        sent_at=None if sent is None or sent.precision is _NEVER else sent,
        direction=direction,
        box=box,
        text=text,
        claimed_sender=claimed_sender(text) if direction is _IN else "",
        attachments=(),
        sim=sim_text(fields.get("sub_id", "")),
        masked="*" in number_raw and not number,
        raw=raw,
    )


def mms_row(
    position: Position,
    fields: Mapping[str, str],
    *,
    addresses: Sequence[str],
    sender: str,
    name: str,
    parts: Sequence[Mapping[str, str]],
    raw: Pairs,
) -> MessageRow:
    """Return the row of one MMS: its text parts joined by line breaks, the others named.

    ``addresses`` are the other sides as the export lists them; a received group message is of
    its ``sender``, one sent to several people has no single number.
    """
    box, direction, meaning = _BOXES.get(fields.get("msg_box", ""), _UNKNOWN_BOX)
    others = [a for a in dict.fromkeys(addresses) if a and a != _TOKEN]
    from_one = direction is _IN and sender not in ("", "null", _TOKEN)
    keys = {_normalise(sender)} if from_one else {_normalise(a) for a in others}
    number = keys.pop() if len(keys) == 1 else ""
    texts = [_subject(fields)]
    attachments = []
    for part in parts:
        kind = part.get("ct", "")
        content = text_or_empty(part.get("text", ""))
        if part.get("seq") == "-1" or kind == "application/smil":
            continue
        if kind.startswith("text/") and content:
            texts.append(content)
        elif not kind.startswith("text/") or part.get("has_data") == "1":
            attachments.append(_part_name(part))
    text = "\n".join(t for t in texts if t)
    number_raw = sender if from_one and len(others) < 2 else "~".join(others) or sender
    sent = _stamp(fields.get("date_sent", ""), _SENT)
    return MessageRow(
        position=position,
        number=number,
        number_raw=number_raw,
        name=contact_name(name, number),
        occurred=_stamp(fields.get("date", ""), meaning),
        sent_at=_sent(sent, box),
        direction=direction,
        box=box,
        text=text,
        claimed_sender=claimed_sender(text) if direction is _IN else "",
        attachments=tuple(attachments),
        sim=sim_text(fields.get("sub_id", "")),
        masked=any("*" in a for a in others) and not number,
        raw=raw,
    )


def milliseconds(text: str, source: Source, meaning: Meaning) -> Moment:
    """Return the moment of epoch milliseconds as written, or the unknown moment."""
    stamp = _count(text)
    if not stamp:
        return moment.unknown(text_or_empty(text))
    return from_epoch(stamp, text, _MS, source, meaning)


def from_epoch(
    stamp_ms: int, basis: str, precision: Precision, source: Source, meaning: Meaning
) -> Moment:
    """Return the moment of ``stamp_ms`` at +08:00; unknown when no calendar has it."""
    minutes, second = divmod(stamp_ms // 1000 + _CHINA_OFFSET, 60)
    days, minute = divmod(minutes, 1440)
    date = _date(days)
    if not date:
        return moment.unknown(basis)
    fraction = f".{stamp_ms % 1000:03d}" if precision is _MS else ""
    return Moment(
        value=f"{date}T{_hour_and_minute(minute)}:{second:02d}{fraction}+08:00",
        precision=precision,
        source=source,
        meaning=meaning,
        basis=basis,
    )


def claimed_sender(text: str) -> str:
    """Return the signature of a mass message (FORMATS 3.6), or nothing."""
    if "】" not in text:
        return ""
    match = _SIGN_FIRST.match(text) or _SIGN_LAST.search(text[-64:])
    return match[1] if match else ""


@functools.lru_cache(maxsize=4096)
def contact_name(text: str, number: str) -> str:
    """Return the saved contact's name; empty when there is none or it only repeats the number."""
    if text.strip().lower() in _NO_NAME:
        return ""
    return "" if number and phone.normalise(text) == number else text


def text_or_empty(text: str) -> str:
    """Return ``text``; the word ``null`` is how these apps write a missing value."""
    return "" if text == "null" else text


def sim_text(text: str) -> str:
    """Return the subscription as written; empty when the phone did not know it."""
    return "" if text in ("null", "-1") else text


@functools.lru_cache(maxsize=4096)
def _normalise(number: str) -> str:
    return phone.normalise(number)


def _count(text: str) -> int | None:
    """Return a count as written in ASCII digits; None for anything else and below zero."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None


@functools.lru_cache(maxsize=1024)
def _date(days: int) -> str:
    """Return the date that many days after 1970-01-01; empty when no calendar has it."""
    try:
        return (_EPOCH + dt.timedelta(days=days)).isoformat()
    except OverflowError:
        return ""


@functools.lru_cache(maxsize=1440)
def _hour_and_minute(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _stamp(text: str, meaning: Meaning) -> Moment:
    """Return the moment of an MMS stamp: the provider keeps seconds, some apps write ms."""
    stamp = _count(text)
    if not stamp:
        return moment.unknown(text_or_empty(text))
    in_ms = stamp if stamp >= _MILLISECONDS_FROM else stamp * 1000
    whole = in_ms % 1000 == 0
    precision = _S if whole else _MS
    return from_epoch(in_ms, text, precision, _SMS_EXPORT, meaning)


def _sent(stamp: Moment, box: str) -> Moment | None:
    return stamp if box == "received" and stamp.precision is not _NEVER else None


def _subject(fields: Mapping[str, str]) -> str:
    """Return an MMS subject. The provider keeps its UTF-8 bytes as if they were Latin-1."""
    subject = text_or_empty(fields.get("sub", ""))
    if fields.get("sub_cs") == "106":
        try:
            return subject.encode("latin-1").decode("utf-8")
        except UnicodeError:
            return subject
    return subject


def _part_name(part: Mapping[str, str]) -> str:
    for field in ("name", "cl", "fn", "ct"):
        value = text_or_empty(part.get(field, ""))
        if value:
            return value
    return "?"
