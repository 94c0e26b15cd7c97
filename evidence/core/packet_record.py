"""Entry kind ``packet``: that a packet was made, how its exhibits were numbered, what it warned of.

Rules:

1. A label once given to somebody outside is never given to another exhibit; ``exhibit_numbers``
   and ``finding_numbers`` keep what was given. A packet without them counted 1, 2, 3 …
2. The review is for the person alone: it is kept here and never put into a bundle.
3. What the person chose and wrote is kept, so that the same packet can be made again.
"""

import dataclasses
import enum

from evidence.core.canonical import JsonObject, JsonValue
from evidence.core.letter_text import LetterText, letter_text_from_data
from evidence.core.record_json import as_object, flag, integer, items, obj, plain, text


class Severity(enum.StrEnum):
    """How much a point of the review can harm, gravest first."""

    GRAVE = "grave"
    """The packet may be refused or hurt the person."""
    CHECK = "check"
    """To be looked at; it may be right as it is."""
    NOTE = "note"
    """Good to know."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ReviewItem:
    """One thing that the person should look at before a packet leaves their hands."""

    code: str
    """Stable, ASCII."""
    severity: Severity
    text: str
    """Chinese."""
    seqs: tuple[int, ...] = ()
    """The entries it is about."""
    command: str = ""
    """The command that mends it; empty if none does."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PasteLength:
    """How long one paste text may be, where the person said so."""

    name: str
    characters: int
    """0: no limit."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PacketRecord:
    """That a packet was made: for whom, over which checkpoint, with which manifest."""

    channel: str
    respondent: int
    size: int
    root: str
    """Hex root of the checkpoint in the bundle."""
    manifest_sha256: str
    """SHA-256 of the bundle's tagmanifest, which fixes every file in it."""
    exhibits: tuple[int, ...]
    """In the order of their labels."""
    exhibit_numbers: tuple[int, ...] = ()
    """The number in the label of each exhibit; empty where they count 1, 2, 3 …"""
    tags: tuple[int, ...] = ()
    """The tag of each finding, in the order of their numbers."""
    finding_numbers: tuple[int, ...] = ()
    """The number of each finding; empty where they count 1, 2, 3 …"""
    supplements: int | None = None
    """The packet entry that this one adds to."""
    code: str = ""
    """The short code of the checkpoint, as it stands on every page."""
    review: tuple[ReviewItem, ...] = ()
    """What the person was shown before it was made."""
    asks: tuple[str, ...] = ()
    """The requests that the person chose, by key; empty: those that the findings called for."""
    letter: LetterText | None = None
    """The letter's words that the person wrote; None if they are the program's."""
    limits: tuple[PasteLength, ...] = ()
    """Lengths of the paste texts that the person gave."""
    split: int | None = None
    """Bytes under which the PDF was given in parts, too."""
    third_parties_shown: bool = False
    """Names and numbers of third parties were printed as they stand."""
    originals_added: bool = False
    """The originals of masked exhibits were added."""
    clips_added: bool = False
    """The marked passages of recordings were added as files."""

    def numbered_exhibits(self) -> dict[int, int]:
        """Return exhibit → number of its label."""
        return _numbered(self.exhibits, self.exhibit_numbers)

    def numbered_tags(self) -> dict[int, int]:
        """Return tag → number of its finding."""
        return _numbered(self.tags, self.finding_numbers)


def packet_to_data(record: PacketRecord) -> dict[str, JsonValue]:
    """Return entry data of kind ``packet``."""
    return plain(record)


def packet_from_data(data: JsonObject) -> PacketRecord:
    """Read entry data of kind ``packet``."""
    return PacketRecord(
        channel=str(data["channel"]),
        respondent=int(str(data["respondent"])),
        size=int(str(data["size"])),
        root=str(data["root"]),
        manifest_sha256=str(data["manifest_sha256"]),
        exhibits=_integers(data, "exhibits"),
        exhibit_numbers=_integers(data, "exhibit_numbers"),
        tags=_integers(data, "tags"),
        finding_numbers=_integers(data, "finding_numbers"),
        supplements=integer(data, "supplements"),
        code=text(data, "code"),
        review=tuple(_item(as_object(item)) for item in items(data, "review")),
        asks=tuple(str(item) for item in items(data, "asks")),
        letter=letter_text_from_data(obj(data, "letter")),
        limits=tuple(_length(as_object(item)) for item in items(data, "limits")),
        split=integer(data, "split"),
        third_parties_shown=flag(data, "third_parties_shown"),
        originals_added=flag(data, "originals_added"),
        clips_added=flag(data, "clips_added"),
    )


def _length(data: JsonObject) -> PasteLength:
    return PasteLength(name=text(data, "name"), characters=integer(data, "characters") or 0)


def _item(data: JsonObject) -> ReviewItem:
    return ReviewItem(
        code=text(data, "code"),
        severity=_severity(text(data, "severity")),
        text=text(data, "text"),
        seqs=_integers(data, "seqs"),
        command=text(data, "command"),
    )


def _severity(word: str) -> Severity:
    """Return a severity; one that a later version knows is to be looked at."""
    return Severity(word) if word in set(Severity) else Severity.CHECK


def _integers(data: JsonObject, key: str) -> tuple[int, ...]:
    return tuple(int(str(item)) for item in items(data, key))


def _numbered(seqs: tuple[int, ...], numbers: tuple[int, ...]) -> dict[int, int]:
    if len(numbers) != len(seqs):
        numbers = tuple(range(1, len(seqs) + 1))
    return dict(zip(seqs, numbers, strict=True))
