"""Entry kind ``transcript``: what a picture or recording says, in lines.

Rules:

1. A transcript stands beside its exhibit and never in its place. It says who wrote it: an engine
   with its version, a file, or the person.
2. A line has a place: a box of a picture, a span of a recording, or none.
3. A correction is a transcript of its own that names the one it corrects and the lines that it
   replaces; both stay. ``current`` gives the lines as corrected, each saying so.
4. A failure is recorded as a failure, with its reason.
"""

import dataclasses
import enum
from collections.abc import Sequence

from evidence.core.canonical import JsonObject, JsonValue
from evidence.core.record_json import as_object, integer, items, plain, text
from evidence.core.records import Region, Span, region_of, span_of


class Writer(enum.StrEnum):
    """Who wrote a transcript."""

    OCR = "ocr"
    SPEECH = "speech"
    FILE = "file"
    """Imported subtitles or text."""
    PERSON = "person"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptLine:
    """One line, in reading order."""

    text: str
    region: Region | None = None
    span: Span | None = None
    confidence: int | None = None
    """In thousandths, as the engine says; not a probability."""
    speaker: str = ""
    replaces: int | None = None
    """In a correction: the 1-based line that this one replaces."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """What was read or heard, or why it was not."""

    on: int
    """The exhibit."""
    writer: Writer
    engine: str = ""
    """Name and version of the engine and its model."""
    lines: tuple[TranscriptLine, ...] = ()
    corrects: int | None = None
    """The transcript of which some lines are replaced."""
    failure: str = ""
    """Why nothing could be read; Chinese."""
    source_name: str = ""
    """Name of the imported file."""
    source_sha256: str = ""

    @property
    def machine(self) -> bool:
        """Whether a program wrote it."""
        return self.writer in (Writer.OCR, Writer.SPEECH)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CurrentLine:
    """A line as it stands after corrections."""

    number: int
    """1-based."""
    line: TranscriptLine
    machine_text: str
    """What stood here before the person corrected it; empty if nothing was corrected."""


def current(transcript: Transcript, corrections: Sequence[Transcript]) -> tuple[CurrentLine, ...]:
    """Return the lines with the latest correction of each (rule 3)."""
    replaced = {
        line.replaces: line.text
        for correction in corrections
        for line in correction.lines
        if line.replaces is not None
    }
    return tuple(
        CurrentLine(
            number=number,
            line=dataclasses.replace(line, text=replaced.get(number, line.text)),
            machine_text=line.text if number in replaced else "",
        )
        for number, line in enumerate(transcript.lines, start=1)
    )


def transcript_to_data(record: Transcript) -> dict[str, JsonValue]:
    """Return entry data of kind ``transcript``."""
    return plain(record)


def transcript_from_data(data: JsonObject) -> Transcript:
    """Read entry data of kind ``transcript``."""
    return Transcript(
        on=int(str(data["on"])),
        writer=Writer(str(data["writer"])),
        engine=text(data, "engine"),
        lines=tuple(_line(as_object(line)) for line in items(data, "lines")),
        corrects=integer(data, "corrects"),
        failure=text(data, "failure"),
        source_name=text(data, "source_name"),
        source_sha256=text(data, "source_sha256"),
    )


def _line(data: JsonObject) -> TranscriptLine:
    return TranscriptLine(
        text=text(data, "text"),
        region=region_of(data),
        span=span_of(data),
        confidence=integer(data, "confidence"),
        speaker=text(data, "speaker"),
        replaces=integer(data, "replaces"),
    )
