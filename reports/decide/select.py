"""Which exhibits, tags and notes belong into a packet.

Rules:

1. An exhibit belongs if it stands and is the respondent's (``CaseView.respondent_of``), or if it
   carries a standing tag that names this respondent and the person did not say at import that it
   is another's. What belongs to another respondent never gets in.
2. Backups, bills and other documents that hold the person's whole life stay out, even if they
   belong to the respondent; recordings, pictures and plain text stay in.
3. A tag counts for the respondent it names, else for that of what it is on.
4. A note belongs if it is on such an exhibit, names the respondent, or is tagged for it; a note
   about the case as a whole only if the case has no other respondent.
5. Order is time, then order of entry; what has no known time comes last.
"""

import datetime as dt
from collections.abc import Mapping

from evidence.core.attribution import Attribution, attribute
from evidence.core.case_view import CaseView, Recorded
from evidence.core.moment import Moment
from evidence.core.records import Exhibit, Medium, Note, Tag
from reports.decide.context import Selected

_LAST = dt.datetime.max.replace(tzinfo=dt.UTC)


def select(view: CaseView, respondent: int) -> Selected:
    """Return what belongs into a packet for ``respondent``."""
    owners = attribute(view)
    exhibits = {e.seq: e for e in view.exhibits if e.stands}
    notes = {n.seq: n for n in view.notes if n.stands}
    tags = [t for t in view.tags if t.stands and owners.of_tag(t) == respondent]
    naming = {t.record.on for t in tags if t.record.respondent is not None}
    own = [e for e in exhibits.values() if _belongs(owners, e, respondent, naming)]
    chosen = sorted((e for e in own if printable(e.record)), key=_exhibit_order)
    seqs = {e.seq for e in chosen}
    kept = [t for t in tags if t.record.on in seqs or t.record.on in notes]
    own_notes = _notes(view, notes, respondent, {t.record.on for t in kept}, seqs)
    unclear = [n for n in notes.values() if _unclear(n)]
    return Selected(
        exhibits=tuple(chosen),
        tags=tuple(sorted(kept, key=lambda t: _tag_order(t, exhibits, notes))),
        exhibit_notes={seq: tuple(n for n in notes.values() if n.record.on == seq) for seq in seqs},
        notes=own_notes,
        labels={e.seq: f"E{place:03d}" for place, e in enumerate(chosen, start=1)},
        left_out=tuple(e for e in own if not printable(e.record)),
        tags_left_out=tuple(t for t in tags if t not in kept and t.record.on in exhibits),
        notes_left_out=tuple(n for n in unclear if n not in own_notes),
    )


def printable(exhibit: Exhibit) -> bool:
    """Tell whether an exhibit may go into a packet by default (rule 2)."""
    if exhibit.medium is Medium.DOCUMENT:
        return exhibit.media_type == "text/plain"
    return exhibit.medium in (Medium.RECORDING, Medium.SCREENSHOT)


def _belongs(
    owners: Attribution, exhibit: Recorded[Exhibit], respondent: int, naming: set[int]
) -> bool:
    if owners.of_entry(exhibit.seq) == respondent:
        return True
    # A number may collect for two lenders; what the person says of this one exhibit decides.
    return exhibit.seq in naming and exhibit.record.respondent is None


def _notes(
    view: CaseView,
    notes: Mapping[int, Recorded[Note]],
    respondent: int,
    tagged: set[int],
    exhibits: set[int],
) -> tuple[Recorded[Note], ...]:
    """Return the notes that are printed by themselves; those on an exhibit stand with it."""
    only = len(view.respondents) == 1
    return tuple(
        n
        for n in notes.values()
        if n.record.on not in exhibits
        and (
            n.seq in tagged
            or (n.record.on is None and view.respondent_seq(n.record.respondent) == respondent)
            or (_unclear(n) and only)
        )
    )


def _unclear(note: Recorded[Note]) -> bool:
    return note.record.on is None and note.record.respondent is None


def _start(moment: Moment | None) -> dt.datetime:
    interval = moment.interval() if moment else None
    return interval[0] if interval else _LAST


def _exhibit_order(exhibit: Recorded[Exhibit]) -> tuple[dt.datetime, int]:
    return _start(exhibit.record.occurred), exhibit.seq


def _tag_order(
    tag: Recorded[Tag],
    exhibits: Mapping[int, Recorded[Exhibit]],
    notes: Mapping[int, Recorded[Note]],
) -> tuple[dt.datetime, int, int, int]:
    on = tag.record.on
    moment = tag.record.occurred
    if moment is None and on in exhibits:
        moment = exhibits[on].record.occurred
    if moment is None and on in notes:
        moment = notes[on].record.occurred
    span = tag.record.span
    return _start(moment), on, span.start_ms if span else 0, tag.seq
