"""What one cell of an operator's bill says (FORMATS 3.5): time, duration, direction, number.

Rules:

1. A cell is read by its value; what its column is called is asked elsewhere, and only as a hint.
2. A date that the calendar does not have is no date; a duration or direction that fits no known
   form is none.
3. A masked number, and one whose digits a spreadsheet has lost, is no number.
"""

import dataclasses
import datetime as dt
import re

from evidence.core import phone
from evidence.core.records import Direction

BLANK = frozenset({"", "-", "--", "---", "—", "——", "/", "null", "NULL", "无", "N/A"})
"""How bills write nothing."""

_WIDE = str.maketrans("０１２３４５６７８９：－．／　（）", "0123456789:-./ ()")
_CLOCK = r"(?P<h>[0-9]{1,2}):(?P<min>[0-9]{2})(?::(?P<s>[0-9]{2})(?:\.[0-9]{1,6})?)?"
_WHEN = (
    re.compile(
        r"(?P<y>(?:19|20)[0-9]{2})[-/.年](?P<m>[0-9]{1,2})[-/.月](?P<d>[0-9]{1,2})日?"
        rf"(?:[\sT-]*{_CLOCK})?"
    ),
    re.compile(
        r"(?P<y>20[0-9]{2})(?P<m>[0-9]{2})(?P<d>[0-9]{2})"
        r"(?:\s?(?P<h>[0-9]{2}):?(?P<min>[0-9]{2})(?::?(?P<s>[0-9]{2}))?)?"
    ),
    # No point between month and day: 1.20 is money.
    re.compile(r"(?P<m>[0-9]{1,2})[-/月](?P<d>[0-9]{1,2})日?(?:[\sT-]+" + _CLOCK + ")?"),
    re.compile(_CLOCK),
)
_HEADING = re.compile(
    r"(?:日期|时间)?[:\s]*(?P<date>[0-9年月日/.-]+?)\s*(?:[(（]?(?:星期|周).[)）]?)?"
)
_UNITS = re.compile(
    r"(?:(?P<h>[0-9]{1,4})(?:小时|时|h))?\s*(?:(?P<m>[0-9]{1,5})(?:分钟|分|m|'|′))?\s*"
    r"(?:(?P<s>[0-9]{1,6})(?:秒钟|秒|s|\"|″))?"
)
_DURATION_CLOCK = re.compile(r"(?:(?P<h>[0-9]{1,3}):)?(?P<m>[0-9]{1,3}):(?P<s>[0-5][0-9])")
_PLAIN = re.compile(r"(?P<s>[0-9]{1,6})(?:\.0+)?")
_IN = re.compile("被叫|呼入|拨入|来电|接听|接收|接受")
_OUT = re.compile("主叫|呼出|拨出|去电|拨打|发送|发出")
_MESSAGE_WORDS = re.compile("发送|接收|接受|短信|彩信|短消息")
_MASK = re.compile(r"\+?[0-9xX#-]*[*×][0-9*×xX#-]*")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,2}")
_PHONE = re.compile(r"\+?[0-9][0-9 -]{1,23}")
_NOTE_BEHIND = re.compile(r"[(（][^()（）]*[^0-9()（）-][^()（）]*[)）]\Z")
_LOST_ZERO = re.compile(r"2[0-9]{9}|[3-9][0-9]{9,10}")
_NOT_LANDLINE = re.compile(r"[48]00|9[56]")
_BEIJING = re.compile(r"10[2-9][0-9]{7}")
_HIDDEN_WORDS = re.compile("未知|隐藏|私密|私人|匿名|unknown", re.IGNORECASE)
_EXACT_DIGITS = 15
"""A spreadsheet's number holds that many digits exactly."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """The digits of a time that a cell has; None for those it has not."""

    year: int | None
    month: int | None
    day: int | None
    hour: int | None
    minute: int | None
    second: int | None

    def has_day(self) -> bool:
        """Tell whether month and day are there."""
        return self.month is not None

    def has_time(self) -> bool:
        """Tell whether hour and minute are there."""
        return self.hour is not None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A number as a bill gives it."""

    number: str
    raw: str
    masked: bool


def plain(text: str) -> str:
    """Return a cell without what spreadsheets put around text to keep it text."""
    text = text.strip(" \t\r\n\u00a0\ufeff")
    if text.startswith('="') and text.endswith('"') and len(text) > 2:
        text = text[2:-1]
    return text.removeprefix("'").strip()


def read_when(text: str) -> When | None:
    """Return the time in a cell, in any of the forms bills have, or None."""
    text = text.translate(_WIDE)
    if not text[:1].isdigit() or len(text) > 40:
        return None
    for pattern in _WHEN:
        match = pattern.fullmatch(text)
        if match is not None:
            part = match.groupdict()
            return _when({k: int(v) for k, v in part.items() if v is not None})
    return None


def read_heading(text: str) -> When | None:
    """Return the day of a heading row: a date alone, perhaps with its weekday."""
    if len(text) > 40:
        return None
    match = _HEADING.fullmatch(text.translate(_WIDE))
    found = read_when(match["date"]) if match else None
    return found if found and found.has_day() and not found.has_time() else None


def read_duration(text: str) -> int | None:
    """Return whole seconds of ``83``, ``83.0``, ``00:01:23``, ``01:23``, ``1小时2分3秒`` …"""
    text = text.translate(_WIDE)
    if not text[:1].isdigit() or len(text) > 24:
        return None
    for pattern in (_PLAIN, _DURATION_CLOCK, _UNITS):
        match = pattern.fullmatch(text)
        if match is not None:
            part = match.groupdict(default="0")
            return int(part.get("h", 0)) * 3600 + int(part.get("m", 0)) * 60 + int(part["s"])
    return None


def has_units(text: str) -> bool:
    """Tell whether a duration is told apart from a plain number by units or colons."""
    return read_duration(text) is not None and _PLAIN.fullmatch(text.translate(_WIDE)) is None


def read_direction(text: str) -> Direction | None:
    """Return the one direction that a cell names, or None."""
    inward, outward = _IN.search(text), _OUT.search(text)
    if (inward is None) == (outward is None) or len(text) > 24:
        return None
    return Direction.IN if inward else Direction.OUT


def names_message(text: str) -> bool:
    """Tell whether a cell says that the row is a message and not a call."""
    return len(text) <= 12 and _MESSAGE_WORDS.search(text) is not None


def looks_like_phone(text: str) -> bool:
    """Tell whether a cell may be somebody's number: at least five digits, or hidden ones."""
    text = text.translate(_WIDE)
    if _MASK.fullmatch(text) or _SCIENTIFIC.fullmatch(text):
        return True
    digits = sum(c.isdigit() for c in text)
    return digits >= 5 and _PHONE.fullmatch(text) is not None and read_when(text) is None


def is_hidden(text: str) -> bool:
    """Tell whether a cell says that the number is not shown."""
    return len(text) <= 12 and _HIDDEN_WORDS.search(text) is not None


def read_peer(text: str, *, numeric: bool, call: bool) -> Peer:
    """Return the number in a cell; ``numeric`` says that a spreadsheet kept it as a number."""
    plain_text = _NOTE_BEHIND.sub("", text.translate(_WIDE)).strip()
    if _MASK.fullmatch(plain_text) or _SCIENTIFIC.fullmatch(plain_text):
        return Peer(number="", raw=text, masked=True)
    digits = plain_text.removesuffix(".0")
    if numeric and len(digits) > _EXACT_DIGITS:
        return Peer(number="", raw=text, masked=True)
    if _LOST_ZERO.fullmatch(digits) and not _NOT_LANDLINE.match(digits):
        # No other Chinese number looks like it: a spreadsheet dropped the area code's 0.
        digits = "0" + digits
    elif numeric and call and _BEIJING.fullmatch(digits):
        digits = "0" + digits
    return Peer(number=phone.normalise(digits), raw=text, masked=False)


def _when(part: dict[str, int]) -> When | None:
    """Return the parts if the calendar and the clock have them."""
    try:
        # 2000 is a leap year: a 29 February without a year is possible.
        dt.datetime(
            part.get("y", 2000),
            part.get("m", 1),
            part.get("d", 1),
            part.get("h", 0),
            part.get("min", 0),
            part.get("s", 0),
            tzinfo=dt.UTC,
        )
    except ValueError:
        return None
    return When(
        year=part.get("y"),
        month=part.get("m"),
        day=part.get("d"),
        hour=part.get("h"),
        minute=part.get("min"),
        second=part.get("s"),
    )
