"""Which respondent each entry belongs to, and which call it speaks of.

Rules:

1. What the person said of an exhibit or row decides; else its complete number; else, for a
   recording, the number of the call that it was joined to by a number's digits or a name.
   Time alone attributes nothing.
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
            own = self.view.respondent_of(item.record)
            call = self.call_of.get(seq)
            return call.respondent(self.view) if own is None and call is not None else own
        note = self._notes.get(seq)
        if note is None or not note.stands:
            return None
        if note.record.respondent is not None or note.record.on is None:
            return self.view.respondent_seq(note.record.respondent)
        return self.of_entry(note.record.on) if note.record.on in self._items else None

    def of_tag(self, tag: Recorded[Tag]) -> int | None:
        """Return the respondent that a tag counts for."""
        if tag.record.respondent is not None:
            return self.view.respondent_seq(tag.record.respondent)
        return self.of_entry(tag.record.on)


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
