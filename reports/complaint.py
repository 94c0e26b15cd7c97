"""What is written for the addressee, as values: the letter, the call sheet, the paste texts.

Rules:

1. They are part of a ``reports.packet.Packet`` and follow its rules.
2. A letter is a list of parts in the order in which they are printed, so that a report to the
   police can be built otherwise than a complaint; drawing it needs no knowledge of the addressee.
"""

import dataclasses
import enum


class PartKind(enum.StrEnum):
    """What a part of a letter says."""

    OPENING = "opening"
    """Free words of the person after the addressee; no heading."""
    SUPPLEMENT = "supplement"
    """What is new since the packet that was handed in before."""
    COMPLAINANT = "complainant"
    RESPONDENT = "respondent"
    LOAN = "loan"
    NUMBERS = "numbers"
    """The other side's telephone numbers."""
    CLAIMED = "claimed"
    """What the other side said of itself."""
    REQUESTS = "requests"
    FACTS = "facts"
    TIMELINE = "timeline"
    BASIS = "basis"
    OWN_WORDS = "own_words"
    """Free words of the person at the end."""
    STATEMENTS = "statements"
    ATTACHMENTS = "attachments"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LetterPart:
    """One part: label and value rows, or lines."""

    kind: PartKind
    heading: str
    """Without numeral; empty for a part without heading."""
    rows: tuple[tuple[str, str], ...] = ()
    lines: tuple[str, ...] = ()
    numbered: bool = False
    edited: str = ""
    """Said of words that the person wrote; empty for those of the program."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """投诉书 (cmp2020-13), 举报书 or 报案材料."""

    name: str
    """``投诉书``: what kind of letter it is."""
    materials: str
    """``投诉材料``: what all of it is called, at the head of every page."""
    title: str
    addressee: str
    notices: tuple[str, ...]
    """What the person must know before handing it in, printed above it; may be empty."""
    parts: tuple[LetterPart, ...]
    signer: str
    """Who signs, by hand."""
    named: tuple[str, ...]
    """Ids of the provisions that the letter names beside those of the findings."""

    def part(self, kind: PartKind) -> LetterPart | None:
        """Return a part, if the letter has it."""
        return next((p for p in self.parts if p.kind is kind), None)

    def rows(self, kind: PartKind) -> tuple[tuple[str, str], ...]:
        """Return the rows of a part; none if the letter does not have it."""
        part = self.part(kind)
        return part.rows if part is not None else ()

    def lines(self, kind: PartKind) -> tuple[str, ...]:
        """Return the lines of a part; none if the letter does not have it."""
        part = self.part(kind)
        return part.lines if part is not None else ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CallSheet:
    """One page for the 12378 call: read aloud in two minutes."""

    notice: str
    """Said first of all when 12378 is not competent; empty otherwise."""
    opening: str
    minutes: int
    """How long opening and script take to say, rounded up."""
    script: tuple[str, ...]
    ask_for: tuple[str, ...]
    have_ready: tuple[tuple[str, str], ...]
    blanks: tuple[str, ...]
    """Labels of lines to fill in by hand: 拨打时间, 接线员工号, 受理编号 …"""
    knows: tuple[str, ...]
    """What the hotline does and does not do, with the remark 以官方公布为准."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PasteText:
    """One piece to paste into a web form, written to ``data/text/<name>.txt``."""

    name: str
    title: str
    text: str
    limit: int
    """Length limit that was applied, in characters; configuration, not an official figure."""
    moved: str
    """What was left to the attachment; empty if nothing."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PdfPart:
    """One part of the PDF: ``data/parts/packet-<number>.pdf``."""

    number: int
    first: int
    """Its first page, counted from 1 over the whole PDF."""
    last: int
    size: int
    """Bytes."""
