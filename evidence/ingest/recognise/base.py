"""What an engine is given and gives back.

Rules:

1. An engine reads the stored copy and gives lines with their places. It never sees the store, the
   clock or the network; models come with the install or from a folder that the person names.
   What its libraries would report to their makers is turned off before they are loaded.
2. It says its name and version and, where the model is a folder, what of it was used.
3. A failure is an exception here and becomes a transcript with ``failure``.
"""

import dataclasses
import os
from typing import BinaryIO, Protocol

from evidence.core.canonical import JsonObject, JsonValue
from evidence.core.record_json import as_object, integer, items, plain, text
from evidence.core.records import region_of, span_of
from evidence.core.transcript import TranscriptLine


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """The lines in reading order, and what read them."""

    engine: str
    """Name and version of the engine and its model."""
    lines: tuple[TranscriptLine, ...]
    remark: str = ""
    """What the reader should know about how it was read; Chinese."""


class ModelFolderError(Exception):
    """The folder holds no model that is known here; the text says what is missing, in Chinese."""


class UnreadableError(Exception):
    """The picture or recording cannot be read; the text says why, in Chinese."""


class Engine(Protocol):
    """Turns one stored copy into text."""

    def recognise(self, original: BinaryIO) -> Recognised:
        """Return the lines; raises UnreadableError, or whatever its library raises."""


def report_nothing() -> None:
    """Turn off the telemetry of ONNX Runtime; to be called before it is loaded.

    Since 1.32 it keeps a device number and what it knows of the system in the home folder and, by
    itself, looks for its maker's server; it reads the variable when it is loaded.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"


def recognised_to_data(value: Recognised) -> dict[str, JsonValue]:
    """Return the JSON form that crosses from the child process."""
    return plain(value)


def recognised_from_data(data: JsonObject) -> Recognised:
    """Read ``recognised_to_data``'s form."""
    return Recognised(
        engine=text(data, "engine"),
        lines=tuple(_line(as_object(line)) for line in items(data, "lines")),
        remark=text(data, "remark"),
    )


def _line(data: JsonObject) -> TranscriptLine:
    return TranscriptLine(
        text=text(data, "text"),
        region=region_of(data),
        span=span_of(data),
        confidence=integer(data, "confidence"),
    )
