"""Which exhibits, tags and notes belong into a packet.

Rules:

1. Exhibits that stand and belong to the respondent, or carry a standing tag for it. What belongs
   to another respondent never gets in.
2. Backups, bills and other documents that hold the person's whole life stay out, even if they
   belong to the respondent; plain text stays in.
3. Order is time, then order of entry; what has no known time comes last.
"""

import datetime as dt

from evidence.core.case_view import CaseView, Recorded
from evidence.core.moment import Moment
from evidence.core.records import Exhibit, Medium, Note, Tag
from reports.decide.context import Selected

_LAST = dt.datetime.max.replace(tzinfo=dt.UTC)


def select(view: CaseView, respondent: int) -> Selected:
    """Return what belongs into a packet for ``respondent``."""
    exhibits = {e.seq: e for e in view.exhibits if e.stands}
    tags = [t for t in view.tags if t.stands and tag_respondent(view, t) == respondent]
    tagged = {t.record.on for t in tags}
    own = [
        e
        for e in exhibits.values()
        if view.respondent_of(e.record) == respondent
        or (e.seq in tagged and view.respondent_of(e.record) is None)
    ]
    stated = _stated_times(tags)
    chosen = sorted(
        (e for e in own if printable(e.record)), key=lambda e: _exhibit_order(e, stated)
    )
    seqs = {e.seq for e in chosen}
    notes = {n.seq: n for n in view.notes if n.stands}
    kept_tags = [t for t in tags if t.record.on in seqs or t.record.on in notes]
    return Selected(
        exhibits=tuple(chosen),
        tags=tuple(sorted(kept_tags, key=lambda t: _tag_order(t, exhibits, notes))),
        exhibit_notes={seq: tuple(n for n in notes.values() if n.record.on == seq) for seq in seqs},
        notes=tuple(
            n
            for n in notes.values()
            if n.record.on is None
            and (view.respondent_seq(n.record.respondent) == respondent or n.seq in tagged)
        ),
        left_out=tuple(e for e in own if not printable(e.record)),
        labels={e.seq: f"E{place:03d}" for place, e in enumerate(chosen, start=1)},
    )


def printable(exhibit: Exhibit) -> bool:
    """Tell whether an exhibit may go into a packet by default."""
    return exhibit.medium is not Medium.DOCUMENT or exhibit.media_type == "text/plain"


def tag_respondent(view: CaseView, tag: Recorded[Tag]) -> int | None:
    """Return the respondent that a tag counts for."""
    if tag.record.respondent is not None:
        return view.respondent_seq(tag.record.respondent)
    for exhibit in view.exhibits:
        if exhibit.seq == tag.record.on:
            return view.respondent_of(exhibit.record) if exhibit.stands else None
    for note in view.notes:
        if note.seq == tag.record.on:
            return view.respondent_seq(note.record.respondent) if note.stands else None
    return None


def _start(moment: Moment | None) -> dt.datetime:
    interval = moment.interval() if moment else None
    return interval[0] if interval else _LAST


def _stated_times(tags: list[Recorded[Tag]]) -> dict[int, dt.datetime]:
    """Return the earliest time that the person gave for something in each exhibit."""
    earliest: dict[int, dt.datetime] = {}
    for tag in tags:
        start = _start(tag.record.occurred)
        earliest[tag.record.on] = min(start, earliest.get(tag.record.on, _LAST))
    return earliest


def _exhibit_order(
    exhibit: Recorded[Exhibit], stated: dict[int, dt.datetime]
) -> tuple[dt.datetime, int]:
    own = _start(exhibit.record.occurred)
    return (own if own < _LAST else stated.get(exhibit.seq, _LAST)), exhibit.seq


def _tag_order(
    tag: Recorded[Tag], exhibits: dict[int, Recorded[Exhibit]], notes: dict[int, Recorded[Note]]
) -> tuple[dt.datetime, int, int]:
    moment = tag.record.occurred
    if moment is None and tag.record.on in exhibits:
        moment = exhibits[tag.record.on].record.occurred
    if moment is None and tag.record.on in notes:
        moment = notes[tag.record.on].record.occurred
    span = tag.record.span
    return _start(moment), span.start_ms if span else 0, tag.seq
