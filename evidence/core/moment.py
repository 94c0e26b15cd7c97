"""When something happened, as far as anyone claims to know (FORMATS section 6).

Rules:

1. A moment says its value, precision, source, meaning and basis. An unknown time is unknown;
   nothing is substituted for it.
2. A value read without a zone is Chinese standard time (UTC+8, no summer time since 1991) and
   says so in ``tz_assumed``.
3. A moment is an interval: minute precision means the whole minute. Rules that depend on the
   hour must use ``interval``.
"""

import dataclasses
import datetime as dt
import enum
import re

from evidence.core.canonical import JsonObject, JsonValue
from evidence.errors import ValueFormError

CHINA = dt.timezone(dt.timedelta(hours=8))
"""UTC+8 all year."""


class Precision(enum.StrEnum):
    """How finely a moment is known."""

    MILLISECOND = "ms"
    SECOND = "s"
    MINUTE = "min"
    DAY = "day"
    MONTH_DAY = "month_day"
    UNKNOWN = "unknown"


class Source(enum.StrEnum):
    """Where a claimed time comes from."""

    BILL = "bill"
    CALL_LOG = "call_log"
    SMS_EXPORT = "sms_export"
    SIDECAR = "sidecar"
    FILE_NAME = "file_name"
    EXIF = "exif"
    CONTAINER = "container"
    MTIME = "mtime"
    USER = "user"
    NONE = "none"


class Meaning(enum.StrEnum):
    """What happened at the moment (FORMATS section 1.4)."""

    CALL_CREATED = "call_created"
    ANSWERED = "answered"
    RECORDING_START = "recording_start"
    RECORDING_STOP = "recording_stop"
    CALL_START_OR_STOP = "call_start_or_stop"
    CAPTURED = "captured"
    SAVED = "saved"
    SENT = "sent"
    RECEIVED = "received"
    STATED = "stated"
    UNKNOWN = "unknown"


# Reaching a member through its class, by name or by value, is slow in Python 3.11, and exports make
# millions of moments.
_PRECISIONS = {member.value: member for member in Precision}
_SOURCES = {member.value: member for member in Source}
_MEANINGS = {member.value: member for member in Meaning}
_IS_UNKNOWN, _IS_MONTH_DAY, _IS_DAY = Precision.UNKNOWN, Precision.MONTH_DAY, Precision.DAY
_NOWHERE = Source.NONE

_WIDTH = {
    Precision.MILLISECOND: dt.timedelta(milliseconds=1),
    Precision.SECOND: dt.timedelta(seconds=1),
    Precision.MINUTE: dt.timedelta(minutes=1),
    Precision.DAY: dt.timedelta(days=1),
}
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_ZONE = r"[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?"
_FORM = {
    Precision.MILLISECOND: re.compile(rf"{_DAY}T[0-9:]{{8}}\.[0-9]{{3}}{_ZONE}"),
    Precision.SECOND: re.compile(rf"{_DAY}T[0-9:]{{8}}{_ZONE}"),
    Precision.MINUTE: re.compile(rf"{_DAY}T[0-9:]{{5}}{_ZONE}"),
    Precision.DAY: re.compile(_DAY),
    Precision.MONTH_DAY: re.compile(
        r"--(?P<day>[0-9]{2}-[0-9]{2})(?:T(?P<clock>[0-9:]{5}(?::[0-9]{2})?))?"
    ),
}
_USER_TIME = re.compile(
    r"(?P<y>[0-9]{4})[-/.年](?P<m>[0-9]{1,2})[-/.月](?P<d>[0-9]{1,2})"
    r"(?:日|(?:日|日?[T ])(?P<h>[0-9]{1,2})[:：时](?P<min>[0-9]{1,2})"
    r"(?:分|[:：分](?P<s>[0-9]{1,2})秒?(?:\.(?P<ms>[0-9]{3}))?)?"
    r"(?P<tz>Z|[+-][0-9]{2}:[0-9]{2})?)?"
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A claimed time. ``value`` has exactly the digits that are known.

    ms ``2026-10-14T21:05:33.482+08:00`` · s ``…T21:05:33+08:00`` · min ``…T21:05+08:00`` ·
    day ``2026-10-14`` · month_day ``--10-14``, ``--10-14T21:05`` or ``--10-14T21:05:33`` ·
    unknown ``None``.
    """

    value: str | None
    precision: Precision
    source: Source
    meaning: Meaning
    basis: str
    """The words the value was read from, verbatim: a file name, a tag, the person's text."""
    year_inferred: bool = False
    tz_assumed: bool = False

    def __post_init__(self) -> None:
        """Refuse a value that its precision does not allow, or that no calendar has."""
        if (self.value is None) != (self.precision is _IS_UNKNOWN):
            raise ValueError(f"value {self.value!r} with precision {self.precision}")
        if self.value is None:
            return
        if self.source is _NOWHERE:
            raise ValueError(f"time {self.value!r} from nowhere")
        form = _FORM[self.precision].fullmatch(self.value)
        if form is None:
            raise ValueError(f"value {self.value!r} with precision {self.precision}")
        if self.precision is _IS_MONTH_DAY:
            # 2000 is a leap year: it has every month and day.
            dt.datetime.fromisoformat(f"2000-{form['day']}T{form['clock'] or '00:00'}")
            return
        if 1 < self._start().year < 9999:
            return
        try:
            for end in self.interval() or ():
                end.astimezone(CHINA)
        except OverflowError as error:
            raise ValueError(f"value {self.value!r} is beyond the calendar") from error

    def interval(self) -> tuple[dt.datetime, dt.datetime] | None:
        """Return the first instant and the first instant after, or None when no day is known."""
        if self.precision in (Precision.UNKNOWN, Precision.MONTH_DAY):
            return None
        start = self._start()
        return start, start + _WIDTH[self.precision]

    def to_data(self) -> dict[str, JsonValue]:
        """Return the JSON form for an entry."""
        data: dict[str, JsonValue] = {
            "value": self.value,
            "precision": self.precision.value,
            "source": self.source.value,
            "meaning": self.meaning.value,
            "basis": self.basis,
        }
        if self.year_inferred:
            data["year_inferred"] = True
        if self.tz_assumed:
            data["tz_assumed"] = True
        return data

    def _start(self) -> dt.datetime:
        text = self.value or ""
        if self.precision is _IS_DAY:
            return dt.datetime.combine(dt.date.fromisoformat(text), dt.time(), CHINA)
        return dt.datetime.fromisoformat(text)


def unknown(basis: str = "") -> Moment:
    """Return the moment that is not known."""
    return Moment(
        value=None,
        precision=Precision.UNKNOWN,
        source=Source.NONE,
        meaning=Meaning.UNKNOWN,
        basis=basis,
    )


def from_data(data: JsonObject) -> Moment:
    """Return the moment stored by ``to_data``; raises KeyError or ValueError for another form."""
    value = data["value"]
    return Moment(
        value=None if value is None else str(value),
        precision=_PRECISIONS[str(data["precision"])],
        source=_SOURCES[str(data["source"])],
        meaning=_MEANINGS[str(data["meaning"])],
        basis=str(data["basis"]),
        year_inferred=bool(data.get("year_inferred", False)),
        tz_assumed=bool(data.get("tz_assumed", False)),
    )


def at(
    instant: dt.datetime,
    *,
    precision: Precision,
    source: Source,
    meaning: Meaning,
    basis: str,
    year_inferred: bool = False,
    tz_assumed: bool = False,
) -> Moment:
    """Return the moment of an aware ``instant``, cut to ``precision``, in its own zone.

    A day has no zone: it is the day in China.

    Raises:
        ValueError: for an instant so near the ends of the calendar that it has no day in China.
    """
    if instant.tzinfo is None:
        raise TypeError("naive datetime")
    return Moment(
        value=_format(instant, precision),
        precision=precision,
        source=source,
        meaning=meaning,
        basis=basis,
        year_inferred=year_inferred,
        tz_assumed=tz_assumed,
    )


def parse_user_time(text: str) -> Moment:
    """Return the moment a person typed: a day, or a day with minutes, seconds or milliseconds.

    Takes ``2026-10-14 21:05``, ``2026/10/14 21:05:33``, ``2026年10月14日 21时5分``,
    ``2026-10-14`` and RFC 3339. Without a zone it is Chinese standard time.

    Raises:
        ValueFormError: for anything else, and for days and hours that do not exist.
    """
    match = _USER_TIME.fullmatch(text.strip())
    if match is None:
        raise _bad_time(text)
    part = match.groupdict()
    precision = (
        Precision.DAY
        if part["h"] is None
        else Precision.MINUTE
        if part["s"] is None
        else Precision.SECOND
        if part["ms"] is None
        else Precision.MILLISECOND
    )
    try:
        return at(
            dt.datetime(
                int(part["y"]),
                int(part["m"]),
                int(part["d"]),
                int(part["h"] or 0),
                int(part["min"] or 0),
                int(part["s"] or 0),
                int(part["ms"] or 0) * 1000,
                tzinfo=_zone(part["tz"]),
            ),
            precision=precision,
            source=Source.USER,
            meaning=Meaning.STATED,
            basis=text,
            tz_assumed=part["tz"] is None,
        )
    except ValueError as error:
        raise _bad_time(text) from error


def _zone(text: str | None) -> dt.tzinfo | None:
    return CHINA if text is None else dt.datetime.fromisoformat(f"2000-01-01T00:00{text}").tzinfo


def _format(instant: dt.datetime, precision: Precision) -> str:
    if precision in (Precision.DAY, Precision.MONTH_DAY):
        try:
            day = instant.astimezone(CHINA).date().isoformat()
        except OverflowError as error:
            raise ValueError(f"{instant} is beyond the calendar") from error
        return day if precision is Precision.DAY else f"-{day[4:]}"
    timespec = {
        Precision.MILLISECOND: "milliseconds",
        Precision.SECOND: "seconds",
        Precision.MINUTE: "minutes",
    }[precision]
    return instant.isoformat(timespec=timespec)


def _bad_time(text: str) -> ValueFormError:
    return ValueFormError(value=text, what="时间", example="2026-10-14 21:05 或 2026-10-14")
