"""Which exhibits, rows of exports, tags and notes belong into a packet.

Rules:

1. An exhibit belongs if it stands and is the respondent's (``Attribution.of_entry``), or if it
   carries a standing tag that names this respondent and the person did not say at import that it
   is another's. What belongs to another respondent never gets in.
2. Backups, bills and other documents that hold the person's whole life stay out, even if they
   belong to the respondent; recordings, pictures and plain text stay in. Of an export with rows
   that belong (``reports.decide.select_rows``) the entry gets in, and its original does not.
3. A tag counts for the respondent it names, else for that of what it is on.
4. A note belongs if it is on such an exhibit or row, names the respondent, or is tagged for it; a
   note about the case or an export as a whole only if the case has no other respondent.
5. Order is time, then order of entry; what has no known time comes last. Exports, which span a
   time, stand behind the other exhibits.
"""

from collections.abc import Iterable, Mapping

from evidence.core.attribution import Attribution, attribute
from evidence.core.case_view import CaseView, Recorded
from evidence.core.moment import Moment
from evidence.core.records import Exhibit, Medium, Note, Tag
from reports.decide.context import Selected
from reports.decide.select_rows import ChosenRows, choose_rows, start

_Notes = Mapping[int, Recorded[Note]]


def select(view: CaseView, respondent: int) -> Selected:
    """Return what belongs into a packet for ``respondent``."""
    owners = attribute(view)
    exhibits = {e.seq: e for e in view.exhibits if e.stands}
    notes = {n.seq: n for n in view.notes if n.stands}
    tags = [t for t in view.tags if t.stands and owners.of_tag(t) == respondent]
    naming = {t.record.on for t in tags if t.record.respondent is not None}
    rows = choose_rows(owners, frozenset(exhibits), respondent, naming)
    own = [e for e in exhibits.values() if _belongs(owners, e, respondent, naming)]
    chosen = sorted((e for e in own if printable(e.record)), key=_exhibit_order)
    chosen += [exhibits[seq] for seq in rows.exports]
    seqs = {e.seq for e in chosen}
    places = seqs | {r.seq for r in rows.chosen}
    kept = [t for t in tags if t.record.on in places or t.record.on in notes]
    on_exhibits = _exhibit_notes(view, notes, respondent, rows, seqs)
    placed = {n.seq for group in on_exhibits.values() for n in group}
    own_notes = _own_notes(view, notes, respondent, {t.record.on for t in kept}, placed)
    unclear = [n for n in notes.values() if _unclear(n, rows.exports)]
    moments = _moments(view)
    return Selected(
        exhibits=tuple(chosen),
        tags=tuple(sorted(kept, key=lambda t: _tag_order(t, moments))),
        exhibit_notes=on_exhibits,
        notes=own_notes,
        labels={e.seq: f"E{place:03d}" for place, e in enumerate(chosen, start=1)},
        left_out=tuple(e for e in own if e.seq not in seqs and not printable(e.record)),
        tags_left_out=tuple(t for t in tags if t not in kept and _placed(view, t)),
        notes_left_out=tuple(n for n in unclear if n not in own_notes and n.seq not in placed),
        rows=rows.chosen,
        rows_left_out=rows.left_out,
        calls=tuple(part for call in owners.calls if (part := call.only(places)) is not None),
    )


def printable(exhibit: Exhibit) -> bool:
    """Tell whether an exhibit's original may go into a packet by default (rule 2)."""
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


def _placed(view: CaseView, tag: Recorded[Tag]) -> bool:
    """Tell whether a tag is on an exhibit or row that stands."""
    on = tag.record.on
    return any(e.seq == on and e.stands for e in view.exhibits) or any(
        r.seq == on and r.stands for r in view.rows
    )


# --- notes ----------------------------------------------------------------------------------------


def _exhibit_notes(
    view: CaseView, notes: _Notes, respondent: int, rows: ChosenRows, seqs: Iterable[int]
) -> dict[int, tuple[Recorded[Note], ...]]:
    """Return the notes that stand with each exhibit: those on it and on its rows."""
    export_of = {r.seq: r.record.export for r in rows.chosen}
    found: dict[int, list[Recorded[Note]]] = {seq: [] for seq in seqs}
    only = len(view.respondents) == 1
    for note in notes.values():
        on = note.record.on
        place = export_of.get(on, on) if on is not None else None
        if place not in found:
            continue
        named = view.respondent_seq(note.record.respondent)
        # An export holds more than one respondent's rows: a note on it may speak of any.
        if on not in rows.exports or named == respondent or (named is None and only):
            found[place].append(note)
    return {seq: tuple(group) for seq, group in found.items()}


def _own_notes(
    view: CaseView, notes: _Notes, respondent: int, tagged: set[int], placed: set[int]
) -> tuple[Recorded[Note], ...]:
    """Return the notes that are printed by themselves; those on an exhibit stand with it."""
    only = len(view.respondents) == 1
    return tuple(
        n
        for n in notes.values()
        if n.seq not in placed
        and (
            n.seq in tagged
            or (n.record.on is None and view.respondent_seq(n.record.respondent) == respondent)
            or (n.record.on is None and n.record.respondent is None and only)
        )
    )


def _unclear(note: Recorded[Note], exports: Iterable[int]) -> bool:
    on = note.record.on
    return note.record.respondent is None and (on is None or on in exports)


# --- order ----------------------------------------------------------------------------------------


def _exhibit_order(exhibit: Recorded[Exhibit]) -> tuple[object, ...]:
    return start(exhibit.record.occurred), exhibit.seq


def _moments(view: CaseView) -> dict[int, Moment | None]:
    """Return the claimed time of everything that a tag can be on."""
    found: dict[int, Moment | None] = {n.seq: n.record.occurred for n in view.notes}
    found.update({e.seq: e.record.occurred for e in view.exhibits})
    found.update({r.seq: r.record.occurred for r in view.rows})
    return found


def _tag_order(tag: Recorded[Tag], moments: Mapping[int, Moment | None]) -> tuple[object, ...]:
    on, span = tag.record.on, tag.record.span
    moment = tag.record.occurred or moments.get(on)
    return start(moment), on, span.start_ms if span else 0, tag.seq
