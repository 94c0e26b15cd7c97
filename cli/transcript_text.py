"""A transcript as lines on a terminal: number, place, words, and what stood there before."""

from collections.abc import Iterator, Sequence

from cli.display import safe
from cli.i18n import _
from evidence.core import timecode
from evidence.core.transcript import CurrentLine, Transcript, TranscriptLine, current

UNSURE = 800
"""Below this confidence, in thousandths, a machine's line is marked."""


def transcript_lines(record: Transcript, corrections: Sequence[Transcript] = ()) -> Iterator[str]:
    """Yield the lines as corrected, each with its number."""
    for line in current(record, corrections):
        yield _line(line)


def _line(found: CurrentLine) -> str:
    line = found.line
    parts = [f"{found.number:>3}", _place(line)]
    parts.append(
        _("{speaker}：{text}").format(speaker=safe(line.speaker), text=safe(line.text))
        if line.speaker
        else safe(line.text)
    )
    if found.machine_text:
        parts.append(_("（机器原文：{text}）").format(text=safe(found.machine_text)))
    elif line.confidence is not None and line.confidence < UNSURE:
        parts.append(_("（不太确定）"))
    return "  ".join(part for part in parts if part)


def _place(line: TranscriptLine) -> str:
    if line.span is None:
        return ""
    return f"{timecode.display(line.span.start_ms)}–{timecode.display(line.span.end_ms)}"
