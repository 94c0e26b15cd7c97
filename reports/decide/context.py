"""What every part of the decision needs, gathered once."""

import dataclasses
import datetime as dt
from collections.abc import Mapping

from evidence.core.case_view import CaseView, Recorded
from evidence.core.moment import CHINA, Moment, parse_user_time
from evidence.core.records import Complainant, Exhibit, Note, Respondent, Tag
from evidence.core.rules import RespondentType, Rules
from evidence.errors import ValueFormError
from reports.packet import Channel


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """What of the case belongs into this packet, in the order in which it is printed."""

    exhibits: tuple[Recorded[Exhibit], ...]
    tags: tuple[Recorded[Tag], ...]
    exhibit_notes: Mapping[int, tuple[Recorded[Note], ...]]
    notes: tuple[Recorded[Note], ...]
    labels: Mapping[int, str]
    """Exhibit seq → ``E001``."""
    left_out: tuple[Recorded[Exhibit], ...]
    """Exhibits of this respondent that are never put in by default (backups, bills)."""
    tags_left_out: tuple[Recorded[Tag], ...]
    """Tags for this respondent on something that is not in the packet."""
    notes_left_out: tuple[Recorded[Note], ...]
    """Notes that say neither an exhibit nor a respondent, where there are several respondents."""


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
        exhibit, note = self.exhibit(tag.on), self.note(tag.on)
        if exhibit is not None:
            return exhibit.record.occurred
        return note.record.occurred if note is not None else None
