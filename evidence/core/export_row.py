"""Entry kind ``record``: one call or message read from an export or bill that is an exhibit.

Rules:

1. The export is the original; a row is what was read from it, and says where in it that stands.
2. Nothing is added: a number that the export masks stays masked, an unknown outcome is unknown.
3. Two rows with the same ``identity`` are the same call or message from overlapping exports of
   the same kind of source; it is recorded once.
"""

import dataclasses
import enum
import hashlib

from evidence.core import moment
from evidence.core.canonical import JsonObject, JsonValue
from evidence.core.moment import Moment, Source
from evidence.core.record_json import flag, integer, items, moment_of, obj, plain, text
from evidence.core.records import NOBODY, Direction, Medium, Party


class Outcome(enum.StrEnum):
    """What became of a call, as the export says (FORMATS section 3)."""

    ANSWERED = "answered"
    MISSED = "missed"
    REJECTED = "rejected"
    REFUSED = "refused"
    """Turned away by the phone's own list."""
    VOICEMAIL = "voicemail"
    ANSWERED_ELSEWHERE = "answered_elsewhere"
    OUTGOING = "outgoing"
    """Dialled; an export does not always say whether anyone answered."""
    UNKNOWN = "unknown"


_MEDIA = {member.value: member for member in Medium}
_DIRECTIONS = {member.value: member for member in Direction}
_OUTCOMES = {member.value: member for member in Outcome}
"""By value: asking the class takes ten times as long, and a case has many rows."""

UNANSWERED = frozenset({Outcome.MISSED, Outcome.REJECTED, Outcome.REFUSED, Outcome.VOICEMAIL})


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a row stands in its export."""

    record: int
    """1-based ordinal over the whole export; 0 before the first."""
    part: str = ""
    """XML element, member of the archive, or name of the sheet."""
    line: int | None = None
    """1-based line of a text file, or row of a sheet, where the record begins."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ExportRow:
    """A call or a message."""

    export: int
    """The seq of the exhibit that it was read from."""
    position: Position
    medium: Medium
    """``CALL`` or ``MESSAGE``."""
    occurred: Moment
    reader: str
    """Which reader of exports, with the program's version."""
    party: Party = NOBODY
    number_masked: bool = False
    """The export hides digits of the number; it must never be matched."""
    direction: Direction | None = None
    sim: str = ""
    outcome: Outcome | None = None
    """Of a call."""
    duration_ms: int | None = None
    """Of a call: from answer to end, as the source counts it."""
    text: str = ""
    """Of a message: exactly as given."""
    box: str = ""
    """Of a message: received, sent, draft, outbox, failed, queued."""
    sent_at: Moment | None = None
    """Of a message: the stamp of the message centre."""
    claimed_sender: str = ""
    """The signature in 【】: what the message says of its sender."""
    attachments: tuple[str, ...] = ()
    respondent: int | None = None
    """Set when the person named the respondent at import."""

    @property
    def answered(self) -> bool | None:
        """Whether anyone answered the call; None when the export does not say."""
        if self.outcome in (Outcome.ANSWERED, Outcome.ANSWERED_ELSEWHERE):
            return True
        if self.outcome in UNANSWERED:
            return False
        if self.outcome is Outcome.OUTGOING and self.duration_ms is not None:
            return self.duration_ms > 0
        return None

    @property
    def identity(self) -> tuple[str, ...]:
        """What is the same in overlapping exports of one kind of source (rule 3)."""
        return (
            self.occurred.source.value,
            self.medium.value,
            self.party.number,
            self.occurred.value or self.occurred.basis,
            self.outcome.value if self.outcome else self.box,
            self.direction.value if self.direction else "",
            str(self.duration_ms),
            hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()
            if self.text
            else "",
        )


CALL_SOURCES = frozenset({Source.CALL_LOG, Source.BILL})


def row_to_data(record: ExportRow) -> dict[str, JsonValue]:
    """Return entry data of kind ``record``."""
    return plain(record)


def row_from_data(data: JsonObject) -> ExportRow:
    """Read entry data of kind ``record``."""
    party, position = obj(data, "party"), obj(data, "position")
    direction, outcome = text(data, "direction"), text(data, "outcome")
    return ExportRow(
        export=int(str(data["export"])),
        position=Position(
            record=int(str(position["record"])),
            part=text(position, "part"),
            line=integer(position, "line"),
        ),
        medium=_MEDIA[str(data["medium"])],
        occurred=moment.from_data(obj(data, "occurred")),
        reader=text(data, "reader"),
        party=Party(
            number=text(party, "number"),
            name=text(party, "name"),
            number_truncated=flag(party, "number_truncated"),
        ),
        number_masked=flag(data, "number_masked"),
        direction=_DIRECTIONS[direction] if direction else None,
        sim=text(data, "sim"),
        outcome=_OUTCOMES[outcome] if outcome else None,
        duration_ms=integer(data, "duration_ms"),
        text=text(data, "text"),
        box=text(data, "box"),
        sent_at=moment_of(data, "sent_at"),
        claimed_sender=text(data, "claimed_sender"),
        attachments=tuple(str(a) for a in items(data, "attachments")),
        respondent=integer(data, "respondent"),
    )
