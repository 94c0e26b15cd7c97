"""What a reader of bulk exports is, and what it gives.

Rules:

1. A reader sees the stored copy only: no store, no clock, no network. It streams: memory does not
   grow with the size of the export.
2. Every record of the export becomes one value: a row, or a ``RowProblem`` that says why not.
   Rows that are no records by the format's own rules (totals, headings, blank lines, the layout
   parts of an MMS) are the only ones passed over.
3. Text is given exactly as the export means it. Only what no text can hold is replaced: half a
   surrogate pair, and bytes that are no UTF-8, become U+FFFD.
4. Nothing is guessed: a number that is masked or cut is no number, an unknown time is unknown.
"""

import dataclasses
from collections.abc import Iterator
from typing import BinaryIO, Protocol, TypeAlias

from evidence.core.export_row import Position
from evidence.core.moment import Moment
from evidence.core.records import Direction, Medium

MAX_RECORD = 1024 * 1024
"""Longest record in bytes, base64 data aside. A text message is never near it."""
MAX_FIELDS = 512
"""Most fields of one record."""

Pairs: TypeAlias = tuple[tuple[str, str], ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """One call, as one export tells it."""

    position: Position
    number: str
    """``evidence.core.phone.normalise``; empty when hidden, masked or cut."""
    number_raw: str
    name: str
    occurred: Moment
    direction: Direction | None
    answered: bool | None
    """None when the export does not say."""
    outcome: str
    """answered | missed | rejected | refused | voicemail | answered_elsewhere | outgoing |
    unknown."""
    duration_s: int | None
    sim: str
    masked: bool
    """The export hides or has lost digits of the number: it must never be matched."""
    raw: Pairs
    """All fields of the record in order, as given."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """One short or multimedia message."""

    position: Position
    number: str
    """The other side; empty when hidden, masked, or when there are several."""
    number_raw: str
    name: str
    occurred: Moment
    sent_at: Moment | None
    """When the message centre took a received message, by its own stamp."""
    direction: Direction | None
    box: str
    """received | sent | draft | outbox | failed | queued; unknown for a type nobody documents."""
    text: str
    claimed_sender: str
    """What stands in 【…】 at the begin or end of a received message: a claim, never a number."""
    attachments: tuple[str, ...]
    """File name, else media type, of each part that is no text; their bytes are not read."""
    sim: str
    masked: bool = False
    raw: Pairs = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """A record that cannot be read, or something about the export that a reader should know."""

    position: Position
    reason_code: str
    """Stable ASCII."""
    reason: str
    """Chinese."""


Row: TypeAlias = CallRow | MessageRow | RowProblem


class ExportFormError(Exception):
    """The file cannot be read further. What was given before stands."""

    def __init__(self, code: str, reason: str, position: Position | None = None) -> None:
        """Say why in stable ASCII and in Chinese, and how far the reader came."""
        super().__init__(code)
        self.code = code
        self.reason = reason
        self.position = position or Position(record=0)


class ExportReader(Protocol):
    """Recognises one form of export and gives its records."""

    @property
    def name(self) -> str:
        """Stable ASCII name, kept with the exhibit."""

    @property
    def media_type(self) -> str:
        """The file's type."""

    @property
    def medium(self) -> Medium:
        """BILL for bills, MESSAGE for messages, CALL for call logs."""

    def identify(self, head: bytes) -> bool:
        """Tell from the first 64 KiB, and from nothing else, whether the file is of this form."""

    def rows(self, original: BinaryIO, size: int, *, name: str) -> Iterator[Row]:
        """Give the records in order; ``name`` is only asked for the month of a bill.

        Raises:
            ExportFormError: when the file cannot be read further.
        """


def too_long(position: Position, what: str = "一条记录") -> ExportFormError:
    """Return the error for something longer than any real record."""
    return ExportFormError(
        "too-long", f"{what}长得不正常，无法读取；文件可能已损坏，请重新导出一次", position
    )
