"""What every part of the decision needs, gathered once."""

import dataclasses
import datetime as dt
from collections.abc import Mapping

from evidence.core.calls import Call
from evidence.core.case_view import CaseView, Recorded
from evidence.core.deadlines import Matter
from evidence.core.export_row import ExportRow
from evidence.core.mask import Mask, combined
from evidence.core.moment import CHINA, Moment, parse_user_time
from evidence.core.packet_record import PacketRecord
from evidence.core.records import Complainant, Exhibit, Note, Respondent, Tag
from evidence.core.rules import RespondentType, Rules
from evidence.core.suggestion import Suggestion
from evidence.errors import ValueFormError
from reports.disclosure import SPARING, CopyMade, Disclosure, TextCopy
from reports.packet import Channel
from reports.wishes import NO_WISHES, Wishes


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """What of the case belongs into this packet, in the order in which it is printed."""

    exhibits: tuple[Recorded[Exhibit], ...]
    tags: tuple[Recorded[Tag], ...]
    exhibit_notes: Mapping[int, tuple[Recorded[Note], ...]]
    notes: tuple[Recorded[Note], ...]
    labels: Mapping[int, str]
    """Exhibit seq → ``E001``; a row has no label of its own."""
    left_out: tuple[Recorded[Exhibit], ...]
    """Exhibits of this respondent that are never put in by default (backups, bills)."""
    tags_left_out: tuple[Recorded[Tag], ...]
    """Tags for this respondent on something that is not in the packet."""
    notes_left_out: tuple[Recorded[Note], ...]
    """Notes that say neither an exhibit nor a respondent, where there are several respondents."""
    rows: tuple[Recorded[ExportRow], ...]
    """Calls and messages read from exports, in order of time; each export is an exhibit."""
    rows_left_out: int
    """Rows that are said to be the respondent's, but are calls of third parties or drafts."""
    calls: tuple[Call, ...]
    """The calls that the packet's own recordings and rows speak of, and nothing else does."""
    finding_numbers: Mapping[int, int] = dataclasses.field(default_factory=dict)
    """Tag seq → number of its finding."""
    by_time: bool = True
    """Whether the exhibits stand in order of time; not where earlier numbers are kept."""
    tags_elsewhere: tuple[Recorded[Tag], ...] = ()
    """Tags of conduct that the packet's addressee has nothing to do with."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The packet that this one adds to."""

    packet: Recorded[PacketRecord]
    matter: Matter | None
    """Where it was handed in and what came back; None if nobody said so."""
    exhibits: frozenset[int]
    """Of it and of those that it adds to itself."""
    tags: frozenset[int]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """What ``reports.decide.hiding`` hid."""

    counts: Mapping[int, int]
    """Entry → places in its words that are hidden; their bodies are not disclosed."""
    clear: tuple[int, ...]
    """Exhibits whose entry is disclosed all the same, with such words in clear."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The case, the rules and what was asked for."""

    view: CaseView
    rules: Rules
    channel: Channel
    complainant: Recorded[Complainant]
    respondent: Recorded[Respondent]
    respondent_type: RespondentType
    made_at: str
    selected: Selected
    texts: Mapping[int, str]
    """Exhibit seq → content of a text exhibit."""
    own_words: tuple[Suggestion, ...] = ()
    """Cautions about the person's own words, wherever in the case they stand."""
    wishes: Wishes = NO_WISHES
    earlier: Earlier | None = None
    """What this packet adds to."""

    disclosure: Disclosure = SPARING
    text_copies: Mapping[int, TextCopy] = dataclasses.field(default_factory=dict)
    """Exhibit seq → what the reader gets of a text in which third parties stand."""
    copies: Mapping[int, CopyMade] = dataclasses.field(default_factory=dict)
    """Exhibit seq → its masked copy in the bundle."""
    hidden: Hidden | None = None
    """Set once what must not be printed is hidden in the records."""

    @property
    def institution(self) -> str:
        """The respondent's full name."""
        return self.respondent.record.name

    @property
    def not_before(self) -> dt.date | None:
        """The day of default, if the person gave one: what was collected was due by then."""
        try:
            interval = parse_user_time(self.respondent.record.overdue_since).interval()
        except ValueFormError:
            return None
        return interval[0].astimezone(CHINA).date() if interval else None

    def exhibit(self, seq: int) -> Recorded[Exhibit] | None:
        """Return an exhibit of this packet."""
        return next((e for e in self.selected.exhibits if e.seq == seq), None)

    def row(self, seq: int) -> Recorded[ExportRow] | None:
        """Return a call or message of this packet."""
        return next((r for r in self.selected.rows if r.seq == seq), None)

    def label(self, seq: int) -> str:
        """Return the label of an exhibit, or of the export that a row was read from."""
        row = self.row(seq)
        return self.selected.labels.get(row.record.export if row is not None else seq, "")

    def withheld(self, seq: int) -> bool:
        """Tell whether an exhibit's original stays out, and only its rows are shown."""
        return any(r.record.export == seq for r in self.selected.rows)

    def mask(self, seq: int) -> Mask | None:
        """Return all that the person masked in an exhibit, as one mask."""
        return combined(m.record for m in self.view.masks_of(seq))

    def original_absent(self, seq: int) -> bool:
        """Tell whether an exhibit's original stays out of the bundle."""
        masked = self.mask(seq) is not None or seq in self.text_copies
        return (masked and not self.disclosure.with_originals) or self.withheld(seq)

    def note(self, seq: int) -> Recorded[Note] | None:
        """Return a standing note of the case."""
        return next((n for n in self.view.notes if n.seq == seq and n.stands), None)

    def moment(self, tag: Tag) -> Moment | None:
        """Return when the marked act happened, as far as anyone claims to know.

        What the person said of the act itself; else the time of the exhibit or note it is in. A
        passage of a recording is a position in it: nothing is added to the recording's time.
        """
        if tag.occurred is not None:
            return tag.occurred
        exhibit, row, note = self.exhibit(tag.on), self.row(tag.on), self.note(tag.on)
        if exhibit is not None:
            return exhibit.record.occurred
        if row is not None:
            return row.record.occurred
        return note.record.occurred if note is not None else None
