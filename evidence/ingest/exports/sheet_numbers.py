"""What a spreadsheet's numbers mean: dates, times of day, elapsed time, or the number itself."""

import datetime as dt
import re

DATE_FORMATS = frozenset(map(str, (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59))))
"""The built-in number formats that are dates or times, the East Asian ones too."""
_QUOTED = re.compile(r"\"[^\"]*\"|\[(?![hms]+\])[^\]]*\]|\\.|_.|\*.")
_LONGEST_CODE = 255
"""Characters of a number format: no spreadsheet lets anybody write a longer one."""
_DATE_LETTERS = re.compile(r"[ymdhs年月日时分秒]", re.IGNORECASE)
_EPOCH = dt.datetime(1899, 12, 30, tzinfo=dt.UTC)
_DAYS_TO_1904 = 1462
_FIRST_SERIAL, _LAST_SERIAL = 18_264, 73_051
"""1950 and 2100: date formats on other numbers are elapsed time."""


def is_date_format(code: str) -> bool:
    """Tell whether a number format shows a date or a time."""
    if len(code) > _LONGEST_CODE:
        return False
    return _DATE_LETTERS.search(_QUOTED.sub("", code.split(";", maxsplit=1)[0])) is not None


def number_text(text: str, number: float) -> str:
    """Return a spreadsheet's number as a person would have typed it."""
    if text.isascii() and text.isdigit():
        return text
    return str(int(number)) if number.is_integer() and abs(number) < 1e21 else repr(number)


def date_text(number: float, *, is_1904: bool) -> str:
    """Return the date, time of day or elapsed time that a number with a date format means."""
    if not 0 <= number < 1_000_000:
        return repr(number)
    if is_1904 and number >= 1:
        number += _DAYS_TO_1904
    seconds = round(number * 86400)
    if _FIRST_SERIAL <= number < _LAST_SERIAL:
        instant = _EPOCH + dt.timedelta(seconds=seconds)
        return instant.strftime("%Y-%m-%d" if seconds % 86400 == 0 else "%Y-%m-%d %H:%M:%S")
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
