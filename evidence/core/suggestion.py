"""Entry kind ``suggestion``: what the program noticed by itself. Never evidence until confirmed.

Rules:

1. A suggestion names the pattern that fired and the words it fired on, or the count and its rule.
2. Confirming appends a ``tag`` that names the suggestion; dismissing withdraws the suggestion.
   Nothing of a suggestion is ever put into a packet.
3. A caution is about the borrower's own words; it has no conduct and cannot be confirmed.
"""

import dataclasses

from evidence.core.canonical import JsonObject, JsonValue
from evidence.core.moment import Moment
from evidence.core.record_json import integer, items, moment_of, plain, text
from evidence.core.records import Region, Span, region_of, span_of


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A sign of a conduct at a place, or in the calls of a day."""

    conduct: str
    """An id of ``law/conduct.json``; empty for a caution."""
    pattern: str
    """Id of the pattern or counting rule that fired."""
    explanation: str
    """Chinese: why this is a sign of that conduct."""
    on: int | None = None
    """The exhibit, record or note that it is in."""
    transcript: int | None = None
    """The transcript that the words were read in."""
    line: int | None = None
    """1-based line of the transcript."""
    quote: str = ""
    """The words it fired on, exactly as they stand."""
    start: int | None = None
    """Offset of ``quote`` in the text, in characters."""
    span: Span | None = None
    region: Region | None = None
    calls: tuple[int, ...] = ()
    """For a counting rule: the entries that were counted."""
    occurred: Moment | None = None
    caution: str = ""
    """For a caution: what kind (``own_insult`` …)."""

    @property
    def identity(self) -> tuple[object, ...]:
        """What makes two suggestions the same, so that nothing is suggested twice."""
        return (
            self.conduct,
            self.caution,
            self.on,
            self.quote,
            self.start,
            self.line,
            self.calls,
        )


def suggestion_to_data(record: Suggestion) -> dict[str, JsonValue]:
    """Return entry data of kind ``suggestion``."""
    return plain(record)


def suggestion_from_data(data: JsonObject) -> Suggestion:
    """Read entry data of kind ``suggestion``."""
    return Suggestion(
        conduct=text(data, "conduct"),
        pattern=text(data, "pattern"),
        explanation=text(data, "explanation"),
        on=integer(data, "on"),
        transcript=integer(data, "transcript"),
        line=integer(data, "line"),
        quote=text(data, "quote"),
        start=integer(data, "start"),
        span=span_of(data),
        region=region_of(data),
        calls=tuple(int(str(seq)) for seq in items(data, "calls")),
        occurred=moment_of(data, "occurred"),
        caution=text(data, "caution"),
    )
