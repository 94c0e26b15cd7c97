"""Positions in a recording: ``MM:SS``, ``H:MM:SS`` or ``MM:SS.mmm``, in milliseconds."""

import re

from evidence.errors import ValueFormError

_TIMECODE = re.compile(
    r"(?:(?P<h>[0-9]{1,3}):(?=[0-5]?[0-9]:))?(?P<m>[0-9]{1,3}):(?P<s>[0-5]?[0-9])"
    r"(?:\.(?P<f>[0-9]{1,3}))?"
)
_SECONDS = re.compile(r"(?P<s>[0-9]{1,6})(?:\.(?P<f>[0-9]{1,3}))?")


def parse(text: str) -> int:
    """Return the milliseconds of ``1:05``, ``00:01:05``, ``1:05.250`` or plain seconds ``65.25``.

    Raises:
        ValueFormError: for anything else.
    """
    normal = text.strip().replace("：", ":")
    match = _TIMECODE.fullmatch(normal) or _SECONDS.fullmatch(normal)
    if match is None:
        raise ValueFormError(value=text, what="录音位置", example="01:05 或 01:05.250（分:秒）")
    part = match.groupdict()
    seconds = int(part.get("h") or 0) * 3600 + int(part.get("m") or 0) * 60 + int(part["s"])
    return seconds * 1000 + int((part["f"] or "0").ljust(3, "0"))


def display(milliseconds: int) -> str:
    """Return ``MM:SS`` or ``H:MM:SS``, with ``.mmm`` only where there is a fraction."""
    seconds, fraction = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    clock = f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute:02d}:{second:02d}"
    return f"{clock}.{fraction:03d}" if fraction else clock
