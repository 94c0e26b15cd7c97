"""文字: what a picture or recording says, beside the exhibit and never in its place.

Rules:

1. Machine text says so, with its engine; the person's own says so too. A corrected line stands as
   corrected, with what stood there before.
2. Of several readings by the same kind of engine the latest one is shown, and every one that the
   person corrected. Failures are not printed.
"""

from collections.abc import Mapping
from typing import Any

from evidence.core import timecode
from evidence.core.case_view import CaseView, Recorded
from evidence.core.records import Exhibit, Span
from evidence.core.transcript import CurrentLine, Transcript, Writer
from evidence.store.transcripts import lines_of, transcripts_of
from reports import texts
from reports.decide.context import Context
from reports.packet import ShownTranscript, SpokenLine


def transcripts(context: Context, entry: Recorded[Exhibit]) -> tuple[ShownTranscript, ...]:
    """Return the transcripts of an exhibit, oldest first."""
    words = texts.load("transcripts")
    view = context.view
    return tuple(
        _shown(entry.record, t.record, lines_of(view, t), words) for t in shown_of(view, entry.seq)
    )


def transcript_seqs(view: CaseView, seq: int) -> tuple[int, ...]:
    """Return the entries that the shown transcripts of an exhibit rest on."""
    shown = {t.seq for t in shown_of(view, seq)}
    corrections = [t.seq for t in view.transcripts if t.stands and t.record.corrects in shown]
    return tuple(sorted([*shown, *corrections]))


def shown_of(view: CaseView, seq: int) -> tuple[Recorded[Transcript], ...]:
    """Return the transcripts of an exhibit that are shown (rule 2)."""
    found = [t for t in transcripts_of(view, seq) if not t.record.failure and t.record.lines]
    latest: dict[Writer, int] = {t.record.writer: t.seq for t in found}
    return tuple(
        t
        for t in found
        if not t.record.machine or latest[t.record.writer] == t.seq or _corrected(view, t)
    )


def _corrected(view: CaseView, transcript: Recorded[Transcript]) -> bool:
    return any(line.machine_text for line in lines_of(view, transcript))


def _shown(
    exhibit: Exhibit,
    transcript: Transcript,
    lines: tuple[CurrentLine, ...],
    words: Mapping[str, Any],
) -> ShownTranscript:
    title = words["title"].get(exhibit.medium.value, words["title"]["other"])
    changed = sum(bool(line.machine_text) for line in lines)
    mark = _mark(transcript, words["mark"])
    if changed:
        mark += words["mark"]["corrected"].format(count=changed)
    return ShownTranscript(
        title=title.format(writer=words["writer"][transcript.writer.value]),
        mark=mark,
        lines=tuple(_line(line, words["line"]) for line in lines),
    )


def _mark(transcript: Transcript, words: Mapping[str, str]) -> str:
    key = transcript.writer.value
    if transcript.writer is Writer.FILE and not transcript.source_sha256:
        key = "file_bare"
    return words[key].format(
        engine=transcript.engine,
        name=transcript.source_name,
        sha256=transcript.source_sha256,
    )


def _line(line: CurrentLine, words: Mapping[str, str]) -> SpokenLine:
    was = line.machine_text
    return SpokenLine(
        time=_time(line.line.span) if line.line.span else "",
        speaker=line.line.speaker,
        text=line.line.text,
        correction=words["corrected"].format(text=was) if was else "",
    )


def _time(span: Span) -> str:
    return f"{timecode.display(span.start_ms)}–{timecode.display(span.end_ms)}"
