"""Transcripts into the case: checked against their exhibit before they are written.

Each function appends one entry; the picture or recording itself is never touched.
"""

from evidence.core import records
from evidence.core.case_view import CaseView, Recorded
from evidence.core.records import Exhibit, Kind, Medium
from evidence.core.transcript import (
    CurrentLine,
    Transcript,
    TranscriptLine,
    Writer,
    current,
    transcript_from_data,
    transcript_to_data,
)
from evidence.errors import NothingRequestedError, TranscriptLineError, WrongKindError
from evidence.store.batch import Appended
from evidence.store.case_file import CaseFile
from evidence.store.statements import check_span, standing

_READABLE = frozenset({Medium.RECORDING, Medium.SCREENSHOT})


def require_exhibit(case: CaseFile, seq: int, wanted: frozenset[Medium] = _READABLE) -> Exhibit:
    """Return a standing exhibit that can have a transcript.

    Raises:
        UnknownSeqError, WrongKindError, WithdrawnError: if it is none.
    """
    standing(case, seq, frozenset({Kind.EXHIBIT}))
    exhibit = records.exhibit_from_data(case.entry(seq).data)
    if exhibit.medium not in wanted:
        raise WrongKindError(seq=seq, found=exhibit.medium, wanted="/".join(sorted(wanted)))
    return exhibit


def add_transcript(case: CaseFile, record: Transcript) -> Appended:
    """Say what an exhibit reads or sounds like, or that it could not be read.

    Raises:
        UnknownSeqError, WrongKindError, WithdrawnError: about the exhibit.
        SpanError, SpanNotApplicableError: about the passage of a line.
        NothingRequestedError: if it has neither lines nor a failure.
    """
    exhibit = require_exhibit(case, record.on)
    if not record.failure and not any(line.text.strip() for line in record.lines):
        raise NothingRequestedError(example="liuhen transcript add 编号 原话")
    for line in record.lines:
        if line.span is not None and not record.machine:
            check_span(record.on, exhibit, line.span)
    return case.append(Kind.TRANSCRIPT, transcript_to_data(record))


def correct_line(case: CaseFile, seq: int, *, line: int, text: str) -> Appended:
    """Say what a line really reads; the line as it was stays (transcript, rule 3).

    Raises:
        UnknownSeqError, WrongKindError, WithdrawnError: if ``seq`` is no standing transcript.
        TranscriptLineError: if it has no such line.
    """
    standing(case, seq, frozenset({Kind.TRANSCRIPT}))
    original = transcript_from_data(case.entry(seq).data)
    if original.corrects is not None:
        seq = original.corrects
        original = transcript_from_data(case.entry(seq).data)
    if not 1 <= line <= len(original.lines):
        raise TranscriptLineError(seq=seq, line=line, last=len(original.lines))
    made = Transcript(
        on=original.on,
        writer=Writer.PERSON,
        corrects=seq,
        lines=(TranscriptLine(text=text, replaces=line),),
    )
    return case.append(Kind.TRANSCRIPT, transcript_to_data(made))


def lines_of(view: CaseView, transcript: Recorded[Transcript]) -> tuple[CurrentLine, ...]:
    """Return the lines of a transcript with their latest corrections."""
    corrections = [
        t.record for t in view.transcripts if t.stands and t.record.corrects == transcript.seq
    ]
    return current(transcript.record, corrections)


def transcripts_of(view: CaseView, seq: int) -> tuple[Recorded[Transcript], ...]:
    """Return the standing transcripts of an exhibit, corrections left out, oldest first."""
    return tuple(
        t for t in view.transcripts if t.stands and t.record.on == seq and t.record.corrects is None
    )
