"""Which respondent each entry belongs to, and which call it speaks of.

Rules:

1. What the person said of an exhibit or row decides; else its complete number; else what the
   person said of another recording of the call with that same number. Else, for a recording
   without a complete number, the number of the call that it was joined to by a number's digits or
   a name. Time alone attributes nothing: a relative's call never becomes the lender's by another
   recording of that minute.
2. A tag counts for the respondent it names, else for that of what it is on; a note likewise.
3. What is withdrawn belongs to nobody.
"""

import dataclasses
from collections.abc import Mapping

from evidence.core import calls as joining
from evidence.core.calls import Call
from evidence.core.case_view import CaseView, Recorded
from evidence.core.export_row import ExportRow
from evidence.core.records import Exhibit, Note, Tag


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """A case as it stands, with its calls joined."""

    view: CaseView
    calls: tuple[Call, ...]
    call_of: Mapping[int, Call]
    """Entry → the call that it speaks of."""
    _items: Mapping[int, Recorded[Exhibit] | Recorded[ExportRow]]
    _notes: Mapping[int, Recorded[Note]]

    def of_entry(self, seq: int) -> int | None:
        """Return the respondent that an exhibit, row or note belongs to."""
        item = self._items.get(seq)
        if item is not None:
            if not item.stands:
                return None
            own, call = self.view.respondent_of(item.record), self.call_of.get(seq)
            if own is not None or call is None:
                return own
            number = _complete_number(item.record)
            return self._of_number(call, number) if number else call.respondent(self.view)
        note = self._notes.get(seq)
        if note is None or not note.stands:
            return None
        if note.record.respondent is not None or note.record.on is None:
            return self.view.respondent_seq(note.record.respondent)
        return self.of_entry(note.record.on) if note.record.on in self._items else None

    def _of_number(self, call: Call, number: str) -> int | None:
        """Return whose the person said that another recording of this very number is."""
        same = (r for r in call.recordings if _complete_number(r.record) == number)
        return next((o for r in same if (o := self.view.respondent_of(r.record)) is not None), None)

    def of_tag(self, tag: Recorded[Tag]) -> int | None:
        """Return the respondent that a tag counts for."""
        if tag.record.respondent is not None:
            return self.view.respondent_seq(tag.record.respondent)
        return self.of_entry(tag.record.on)


def _complete_number(item: Exhibit | ExportRow) -> str:
    """Return the other side's number where all of it is known, else nothing."""
    cut = item.party.number_truncated or (isinstance(item, ExportRow) and item.number_masked)
    return "" if cut else item.party.number


def attribute(view: CaseView) -> Attribution:
    """Join the calls of a case and say whose everything is."""
    calls = joining.join(view)
    items: dict[int, Recorded[Exhibit] | Recorded[ExportRow]] = {e.seq: e for e in view.exhibits}
    items.update({r.seq: r for r in view.rows})
    return Attribution(
        view=view,
        calls=calls,
        call_of={seq: call for call in calls for seq in call.seqs},
        _items=items,
        _notes={n.seq: n for n in view.notes},
    )
