"""Typed or imported transcripts: SRT, WebVTT, LRC and text with times.

Rules:

1. UTF-8 (with or without a mark), else GB18030; nothing else is guessed.
2. Words are kept exactly as they stand; only times, numbering, the head and notes of WebVTT and a
   speaker before a colon are taken off. What stands between cues becomes lines without times.
3. Text without any time is a transcript without times: one line each.
4. A time that cannot be read is part of the words, never dropped.
"""

import dataclasses
import itertools
import re
from collections.abc import Iterator

from evidence.core.records import Span
from evidence.core.transcript import TranscriptLine
from evidence.errors import TranscriptFileError

MAX_BYTES = 8 * 1024 * 1024

ROUNDING_MS = 1000
"""A last line may end this much after the recording: writers of subtitles round up."""

_CLOCK = r"(?:(\d{1,2}):)?(\d{1,3}):(\d{2})(?:[.,:](\d{1,3}))?"
_ARROW = re.compile(rf"\s*{_CLOCK}\s*-->\s*{_CLOCK}(?:\s.*)?")
_BETWEEN = re.compile(
    rf"[\[(（【]?{_CLOCK}\s*(?:-|–|—|~|～|至|到)\s*{_CLOCK}[\])）】]?[\s:：]*(.*)"
)
_AT = re.compile(rf"[\[(（【]?{_CLOCK}[\])）】]?[\s:：]*(.*)")
_VTT_ASIDE = re.compile(r"WEBVTT|NOTE(?:\s|$)|STYLE\s*$|REGION\s*$")
_SPEAKER = re.compile(r"(?![\[(（【]?\d+[:：])([^\s:：，。！？,.!?]{1,12})[:：](?!//)\s*(.+)")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Timed:
    start_ms: int | None
    end_ms: int | None
    text: str


def parse(data: bytes, *, name: str, duration_ms: int | None) -> tuple[TranscriptLine, ...]:
    """Return the lines of a transcript file.

    Args:
        data: the whole file.
        name: its name, for errors.
        duration_ms: length of the recording; ends that are not given run to the next line's
            start, the last one to this.

    Raises:
        TranscriptFileError: if it is no text, has no words, or names times beyond the recording.
    """
    text = _decode(data, name)
    lines = text.split("\n")
    timed = list(_cues(lines) if any(map(_ARROW.fullmatch, lines)) else _lines(lines))
    timed = [t for t in timed if t.text.strip()]
    if not timed:
        raise TranscriptFileError(path=name, detail="没有文字")
    return tuple(_line(t, end, duration_ms, name) for t, end in _with_ends(timed, duration_ms))


def _decode(data: bytes, name: str) -> str:
    if len(data) > MAX_BYTES:
        raise TranscriptFileError(path=name, detail="文件太大")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise TranscriptFileError(path=name, detail="不是文字文件")


def _cues(lines: list[str]) -> Iterator[_Timed]:
    """Yield SRT and WebVTT cues: an arrow line, then words until an empty line."""
    web = lines[0].startswith("WEBVTT")
    for block in _blocks(lines):
        if web and _VTT_ASIDE.match(block[0]):
            continue
        place = next((n for n, line in enumerate(block[:2]) if _ARROW.fullmatch(line)), None)
        if place is None:
            for line in block:
                yield _Timed(start_ms=None, end_ms=None, text=line)
            continue
        if place == 1 and not web and not block[0].strip().isdecimal():
            yield _Timed(start_ms=None, end_ms=None, text=block[0])
        match = _ARROW.fullmatch(block[place])
        if match is not None:
            start, end = _ms(match.groups()[:4]), _ms(match.groups()[4:8])
            yield _Timed(start_ms=start, end_ms=end, text="\n".join(block[place + 1 :]))


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    """Yield the lines between empty ones."""
    for filled, block in itertools.groupby(lines, lambda line: bool(line.strip())):
        if filled:
            yield list(block)


def _lines(lines: list[str]) -> Iterator[_Timed]:
    """Yield lines of text, with the times that some begin with."""
    for line in lines:
        stripped = line.strip()
        match = _BETWEEN.fullmatch(stripped)
        if match:
            yield _Timed(
                start_ms=_ms(match.groups()[:4]), end_ms=_ms(match.groups()[4:8]), text=match[9]
            )
            continue
        match = _AT.fullmatch(stripped)
        if match:
            yield _Timed(start_ms=_ms(match.groups()[:4]), end_ms=None, text=match[5])
        else:
            yield _Timed(start_ms=None, end_ms=None, text=line)


def _ms(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, fraction = parts
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    return whole * 1000 + int((fraction or "0").ljust(3, "0"))


def _with_ends(timed: list[_Timed], duration_ms: int | None) -> list[tuple[_Timed, int | None]]:
    """Return each cue with its end: its own, or the next start that is another one."""
    found: list[tuple[_Timed, int | None]] = []
    start, end = None, duration_ms
    for cue in reversed(timed):
        if cue.start_ms is not None and cue.start_ms != start:
            start, end = cue.start_ms, duration_ms if start is None else start
        found.append((cue, end if cue.end_ms is None else cue.end_ms))
    return found[::-1]


def _line(cue: _Timed, end_ms: int | None, duration_ms: int | None, name: str) -> TranscriptLine:
    speaker = _SPEAKER.fullmatch(cue.text)
    words, who = (speaker[2], speaker[1]) if speaker else (cue.text, "")
    if cue.start_ms is None or end_ms is None:
        return TranscriptLine(text=words, speaker=who)
    if duration_ms is not None and duration_ms < end_ms <= duration_ms + ROUNDING_MS:
        end_ms = duration_ms
    if not 0 <= cue.start_ms < end_ms or (duration_ms is not None and end_ms > duration_ms):
        raise TranscriptFileError(
            path=name, detail=f"时间 {cue.start_ms / 1000:.3f}–{end_ms / 1000:.3f} 秒不在录音之内"
        )
    return TranscriptLine(text=words, speaker=who, span=Span(start_ms=cue.start_ms, end_ms=end_ms))
