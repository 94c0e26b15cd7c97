"""What an entry of each known kind says: typed values, to and from entry data.

Rules:

1. ``to_data`` leaves out what is not known; ``from_data`` ignores what it does not know, so that
   an entry written by a later version still reads.
2. A reference to another entry is its ``seq``.
3. Nothing is validated against other entries here; ``evidence.core.case_view`` folds them.
"""

import dataclasses
import enum
from typing import NewType

from evidence.core import moment
from evidence.core.canonical import JsonObject, JsonValue
from evidence.core.moment import Moment
from evidence.core.record_json import as_object, integer, items, moment_of, obj, plain, text

Sha256Hex = NewType("Sha256Hex", str)
"""64 lower-case hex digits: SHA-256 of an original."""


class Kind(enum.StrEnum):
    """Entry kinds of DESIGN section 4 that this version writes."""

    CASE = "case"
    COMPLAINANT = "complainant"
    RESPONDENT = "respondent"
    NUMBER = "number"
    EXHIBIT = "exhibit"
    NOTE = "note"
    TAG = "tag"
    RECORD = "record"
    """A call or message read from an export or bill that is an exhibit."""
    TRANSCRIPT = "transcript"
    SUGGESTION = "suggestion"
    MASK = "mask"
    """What of an exhibit readers of a packet do not get to see or hear."""
    WITHDRAW = "withdraw"
    ERASE = "erase"
    SALVAGE = "salvage"
    PACKET = "packet"
    SUBMISSION = "submission"
    TIMESTAMP = "timestamp"


class Medium(enum.StrEnum):
    """What an exhibit is to the reader."""

    RECORDING = "recording"
    SCREENSHOT = "screenshot"
    MESSAGE = "message"
    CALL = "call"
    BILL = "bill"
    DOCUMENT = "document"


class Direction(enum.StrEnum):
    """Who called: ``in`` is to the complainant's side."""

    IN = "in"
    OUT = "out"
    CONFERENCE = "conference"


class NumberRole(enum.StrEnum):
    """Whose number it is."""

    COLLECTOR = "collector"
    LENDER = "lender"
    SELF = "self"
    FAMILY = "family"
    COLLEAGUE = "colleague"
    FRIEND = "friend"
    OTHER = "other"


THIRD_PARTY_ROLES = frozenset({NumberRole.FAMILY, NumberRole.COLLEAGUE, NumberRole.FRIEND})


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CaseRecord:
    """The first entry: which case, which key, which program."""

    case_id: str
    """32 hex digits."""
    public_key: str
    """The case's Ed25519 key: 64 hex digits of the raw public key."""
    program: str
    title: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Complainant:
    """Who complains (cmp2020-13 item 1)."""

    name: str
    id_number: str = ""
    phone: str = ""
    address: str = ""
    email: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Respondent:
    """The lender complained of; a collection agency and a platform hang on it.

    Money is text as the person gave it (``10000`` or ``10000.50`` yuan; rate ``24%``).
    """

    name: str
    type: str
    """An id of ``law/respondent_types.json``; it decides the rules."""
    product: str = ""
    contract_no: str = ""
    agency: str = ""
    platform: str = ""
    principal: str = ""
    annual_rate: str = ""
    repaid: str = ""
    overdue_since: str = ""
    guarantor: str = ""
    lender: str = ""
    """Who lends by the contract, where the respondent is a platform or an agency."""
    borrowed_on: str = ""
    claimed: str = ""
    """What the other side says is owed."""
    supersedes: int | None = None
    """The seq of the respondent entry that this one corrects."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class NumberRecord:
    """Whose telephone number it is, as the person says."""

    number: str
    """Normalised digits, ``evidence.core.phone.normalise``."""
    role: NumberRole
    respondent: int | None = None
    name: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """The other side of a call or message, as the exhibit itself says."""

    number: str = ""
    name: str = ""
    number_truncated: bool = False
    """The recorder cut the number: it must never be used as a complete one."""


NOBODY = Party()
"""The exhibit does not say who."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two sources that disagree about one fact; both are kept, none is picked."""

    field: str
    values: tuple[tuple[str, str], ...]
    """Pairs of (source with basis, value)."""
    note: str = ""

    def to_data(self) -> dict[str, JsonValue]:
        """Return the JSON form."""
        pairs: list[JsonValue] = [{"source": s, "value": v} for s, v in self.values]
        return {"field": self.field, "values": pairs, "note": self.note}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Which importer read the exhibit, and where each fact came from."""

    importer: str
    version: str
    facts: tuple[tuple[str, str], ...] = ()
    """Pairs of (field, source): ``("duration_ms", "amr frames")``."""
    path: str = ""
    """The path below the imported folder, as given, for the person's own orientation."""
    warnings: tuple[str, ...] = ()

    def to_data(self) -> dict[str, JsonValue]:
        """Return the JSON form."""
        return {**plain(self, skip=frozenset({"facts"})), "facts": dict(self.facts)}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """An imported original and the facts read from it."""

    name: str
    size: int
    sha256: Sha256Hex
    media_type: str
    medium: Medium
    occurred: Moment
    origin: Origin
    party: Party = NOBODY
    direction: Direction | None = None
    sim: int | None = None
    respondent: int | None = None
    """Set when the person named the respondent at import."""
    duration_ms: int | None = None
    codec: str = ""
    sample_rate: int | None = None
    channels: int | None = None
    width: int | None = None
    height: int | None = None
    app: str = ""
    """Package or label of the app a screenshot shows, as the file name says."""
    text_encoding: str = ""
    unreadable: str = ""
    """Why the medium could not be decoded; empty when it was."""
    conflicts: tuple[Conflict, ...] = ()
    agreements: tuple[str, ...] = ()
    """Sources that agree with ``occurred``."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What the person says, about an exhibit or the case."""

    text: str
    on: int | None = None
    occurred: Moment | None = None
    respondent: int | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A passage of a recording, in milliseconds from its start; ``end_ms`` is exclusive."""

    start_ms: int
    end_ms: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A box of a picture, in its pixels from the top left."""

    left: int
    top: int
    width: int
    height: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A conduct that the person marks at a place in an exhibit or note."""

    on: int
    conduct: str
    quote: str = ""
    span: Span | None = None
    region: Region | None = None
    occurred: Moment | None = None
    """When the marked act happened, if the person says so (a screenshot's own time is later)."""
    respondent: int | None = None
    comment: str = ""
    suggestion: int | None = None
    """The suggestion that the person confirmed."""
    contacted: int | None = None
    """The ``number`` entry of the third person who was contacted or told; by its seq, so that the
    number itself is not in a body that a packet discloses."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """Takes back a tag, note, number, exhibit … without removing it."""

    target: int
    reason: str


def case_to_data(record: CaseRecord) -> dict[str, JsonValue]:
    """Return entry data of kind ``case``."""
    return plain(record)


def case_from_data(data: JsonObject) -> CaseRecord:
    """Read entry data of kind ``case``."""
    return CaseRecord(
        case_id=str(data["case_id"]),
        public_key=str(data["public_key"]),
        program=str(data["program"]),
        title=text(data, "title"),
    )


def complainant_to_data(record: Complainant) -> dict[str, JsonValue]:
    """Return entry data of kind ``complainant``."""
    return plain(record)


def complainant_from_data(data: JsonObject) -> Complainant:
    """Read entry data of kind ``complainant``."""
    return Complainant(**{f.name: text(data, f.name) for f in dataclasses.fields(Complainant)})


def respondent_to_data(record: Respondent) -> dict[str, JsonValue]:
    """Return entry data of kind ``respondent``."""
    return plain(record)


def respondent_from_data(data: JsonObject) -> Respondent:
    """Read entry data of kind ``respondent``."""
    texts = {
        f.name: text(data, f.name) for f in dataclasses.fields(Respondent) if f.name != "supersedes"
    }
    return Respondent(supersedes=integer(data, "supersedes"), **texts)


def number_to_data(record: NumberRecord) -> dict[str, JsonValue]:
    """Return entry data of kind ``number``."""
    return plain(record)


def number_from_data(data: JsonObject) -> NumberRecord:
    """Read entry data of kind ``number``."""
    return NumberRecord(
        number=str(data["number"]),
        role=NumberRole(str(data["role"])),
        respondent=integer(data, "respondent"),
        name=text(data, "name"),
    )


def exhibit_to_data(record: Exhibit) -> dict[str, JsonValue]:
    """Return entry data of kind ``exhibit``."""
    return plain(record)


def exhibit_from_data(data: JsonObject) -> Exhibit:
    """Read entry data of kind ``exhibit``."""
    party = obj(data, "party")
    direction = text(data, "direction")
    return Exhibit(
        name=str(data["name"]),
        size=int(str(data["size"])),
        sha256=Sha256Hex(str(data["sha256"])),
        media_type=str(data["media_type"]),
        medium=Medium(str(data["medium"])),
        occurred=moment.from_data(obj(data, "occurred")),
        origin=_origin_from_data(obj(data, "origin")),
        party=Party(
            number=text(party, "number"),
            name=text(party, "name"),
            number_truncated=bool(party.get("number_truncated", False)),
        ),
        direction=Direction(direction) if direction else None,
        sim=integer(data, "sim"),
        respondent=integer(data, "respondent"),
        duration_ms=integer(data, "duration_ms"),
        codec=text(data, "codec"),
        sample_rate=integer(data, "sample_rate"),
        channels=integer(data, "channels"),
        width=integer(data, "width"),
        height=integer(data, "height"),
        app=text(data, "app"),
        text_encoding=text(data, "text_encoding"),
        unreadable=text(data, "unreadable"),
        conflicts=tuple(_conflict_from_data(as_object(c)) for c in items(data, "conflicts")),
        agreements=tuple(str(a) for a in items(data, "agreements")),
    )


def note_to_data(record: Note) -> dict[str, JsonValue]:
    """Return entry data of kind ``note``."""
    return plain(record)


def note_from_data(data: JsonObject) -> Note:
    """Read entry data of kind ``note``."""
    return Note(
        text=str(data["text"]),
        on=integer(data, "on"),
        occurred=moment_of(data, "occurred"),
        respondent=integer(data, "respondent"),
    )


def tag_to_data(record: Tag) -> dict[str, JsonValue]:
    """Return entry data of kind ``tag``."""
    return plain(record)


def tag_from_data(data: JsonObject) -> Tag:
    """Read entry data of kind ``tag``."""
    return Tag(
        on=int(str(data["on"])),
        conduct=str(data["conduct"]),
        quote=text(data, "quote"),
        span=span_of(data),
        region=region_of(data),
        occurred=moment_of(data, "occurred"),
        respondent=integer(data, "respondent"),
        comment=text(data, "comment"),
        suggestion=integer(data, "suggestion"),
        contacted=integer(data, "contacted"),
    )


def withdraw_to_data(record: Withdraw) -> dict[str, JsonValue]:
    """Return entry data of kind ``withdraw``."""
    return plain(record)


def withdraw_from_data(data: JsonObject) -> Withdraw:
    """Read entry data of kind ``withdraw``."""
    return Withdraw(target=int(str(data["target"])), reason=text(data, "reason"))


def _origin_from_data(data: JsonObject) -> Origin:
    return Origin(
        importer=text(data, "importer"),
        version=text(data, "version"),
        facts=tuple((k, str(v)) for k, v in obj(data, "facts").items()),
        path=text(data, "path"),
        warnings=tuple(str(w) for w in items(data, "warnings")),
    )


def _conflict_from_data(data: JsonObject) -> Conflict:
    pairs = (as_object(pair) for pair in items(data, "values"))
    return Conflict(
        field=text(data, "field"),
        values=tuple((text(p, "source"), text(p, "value")) for p in pairs),
        note=text(data, "note"),
    )


def span_of(data: JsonObject) -> Span | None:
    """Return the passage under ``span``, if there is one."""
    span = obj(data, "span")
    return span_from_data(span) if span else None


def span_from_data(data: JsonObject) -> Span:
    """Return a passage."""
    return Span(start_ms=int(str(data["start_ms"])), end_ms=int(str(data["end_ms"])))


def region_of(data: JsonObject) -> Region | None:
    """Return the box under ``region``, if there is one."""
    region = obj(data, "region")
    return region_from_data(region) if region else None


def region_from_data(data: JsonObject) -> Region:
    """Return a box."""
    return Region(**{f.name: int(str(data[f.name])) for f in dataclasses.fields(Region)})
