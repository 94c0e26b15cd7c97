"""Entry kind ``submission``: what the person handed in, and what came back.

Rules:

1. An event says what happened on a day, as the person says; the day has their claimed time.
2. A ``submitted`` event starts a matter. Every other event names the submission that it is about.
3. It is only kept here; nothing of it is sent anywhere.
"""

import dataclasses
import enum

from evidence.core import moment
from evidence.core.canonical import JsonObject, JsonValue
from evidence.core.moment import Moment
from evidence.core.record_json import integer, obj, plain, text


class Event(enum.StrEnum):
    """What happened."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    """Taken on: a police case was opened, a complaint was registered."""
    FORWARDED = "forwarded"
    """The regulator passed it to the institution."""
    EXTENDED = "extended"
    """The institution said that it needs longer."""
    ANSWERED = "answered"
    REFUSED = "refused"
    """Not taken on."""
    REVIEW = "review"
    """The person asked the superior unit to review the answer."""
    REVIEW_ANSWERED = "review_answered"
    CLOSED = "closed"
    """Settled, or taken back by the person."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One event of a matter."""

    event: Event
    occurred: Moment
    respondent: int
    channel: str
    packet: int | None = None
    """The packet entry that was handed in; None if it was handed in without one."""
    of: int | None = None
    """The ``submitted`` event that another event is about."""
    receipt: str = ""
    """Receipt number, as given."""
    operator: str = ""
    """Who took it or answered: a name or staff number."""
    how: str = ""
    """By telephone, online, by post …, in the person's words."""
    note: str = ""


def submission_to_data(record: Submission) -> dict[str, JsonValue]:
    """Return entry data of kind ``submission``."""
    return plain(record)


def submission_from_data(data: JsonObject) -> Submission:
    """Read entry data of kind ``submission``."""
    return Submission(
        event=Event(str(data["event"])),
        occurred=moment.from_data(obj(data, "occurred")),
        respondent=int(str(data["respondent"])),
        channel=str(data["channel"]),
        packet=integer(data, "packet"),
        of=integer(data, "of"),
        receipt=text(data, "receipt"),
        operator=text(data, "operator"),
        how=text(data, "how"),
        note=text(data, "note"),
    )
