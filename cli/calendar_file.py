"""Deadlines as a calendar file, RFC 5545.

Rules:

1. Lines end with CRLF and are folded at 75 octets, never inside a character (section 3.1).
2. Text is escaped (section 3.3.11). A calendar may lie on other people's machines: no names,
   numbers or institutions are in it, only which entry of the case it is about.
3. The same deadline has the same UID, so that a calendar that reads the file again moves it.
"""

import datetime as dt
from collections.abc import Iterable, Iterator

import evidence
from cli import deadline_words
from cli.i18n import _
from evidence.core.deadlines import Deadline

OCTETS = 75


def calendar(deadlines: Iterable[Deadline], *, case_id: str, now: dt.datetime) -> bytes:
    """Return the file with an all-day event for each deadline."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//liuhen//liuhen {evidence.__version__}//ZH",
        "CALSCALE:GREGORIAN",
    ]
    for deadline in deadlines:
        lines += _event(deadline, case_id, now)
    lines.append("END:VCALENDAR")
    return b"".join(piece + b"\r\n" for line in lines for piece in _folded(line))


def _event(deadline: Deadline, case_id: str, now: dt.datetime) -> Iterator[str]:
    seq = deadline.matter.submission.seq
    said = [deadline_words.next_step(deadline), *deadline_words.doubts(deadline)]
    yield "BEGIN:VEVENT"
    yield f"UID:{case_id}-{seq}-{deadline.period.id}@liuhen.invalid"
    yield f"DTSTAMP:{now.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{deadline.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{deadline.day + dt.timedelta(days=1):%Y%m%d}"
    summary = _("留痕 #{seq}：{title}").format(seq=seq, title=deadline_words.title(deadline))
    yield f"SUMMARY:{_escaped(summary)}"
    yield f"DESCRIPTION:{_escaped(chr(10).join(said))}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _escaped(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> Iterator[bytes]:
    """Yield a line in pieces of at most 75 octets; a space goes before all but the first."""
    piece = b""
    for character in line:
        octets = character.encode()
        if len(piece) + len(octets) > OCTETS:
            yield piece
            piece = b" "
        piece += octets
    yield piece
