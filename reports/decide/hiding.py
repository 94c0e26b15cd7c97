"""Hide what a packet must not print, in the records that everything else is decided from.

Rules:

1. Third parties' names and numbers and identity numbers are hidden in the words of quotations,
   comments, notes, transcripts, messages, text exhibits, file names and reasons. The letter and
   the call sheet, which need the complainant's identity number, take it from another record.
2. Lines of a transcript that stand in a masked place are hidden, and those of which nobody knows
   where they stand, but for the ones that the person typed.
3. An entry whose words are hidden is not disclosed: its leaf is. An exhibit's entry must be, for
   its digest; where that has hidden words in clear, the person is told.
4. Nothing is hidden silently: every place is marked and counted.
"""

import dataclasses
import json
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from evidence.core.case_view import Recorded
from evidence.core.export_row import ExportRow
from evidence.core.mask import Mask, displayed, meet, overlap
from evidence.core.records import Exhibit, Note, Tag, exhibit_to_data
from evidence.core.transcript import Transcript, TranscriptLine, Writer
from reports import texts
from reports.decide.context import Context, Hidden
from reports.decide.third_party_words import Hider, hider

T = TypeVar("T")


def hide(context: Context) -> Context:
    """Return the context in which nothing stands that must not be printed."""
    if context.hidden is not None:
        return context
    return _Hiding(context).done()


class _Hiding:
    """One pass over the records of a packet; counts what it hides by entry."""

    def __init__(self, context: Context) -> None:
        self.context = context
        third_parties = not context.disclosure.show_third_parties
        self.words: Hider = hider(context.view, third_parties=third_parties)
        self.counts: dict[int, int] = {}

    def done(self) -> Context:
        context = self.context
        view, selected = context.view, context.selected
        on = frozenset(e.seq for e in selected.exhibits)
        exhibits = self._each(selected.exhibits, self._exhibit)
        rows = self._each(selected.rows, self._row)
        tags = self._each(selected.tags, self._tag)
        notes = self._each(selected.notes, self._note)
        exhibit_notes = {
            seq: self._each(group, self._note) for seq, group in selected.exhibit_notes.items()
        }
        masks = self._each([m for m in view.masks if m.record.on in on], self._mask)
        transcripts = self._transcripts(on)
        contents = {seq: self._text(seq, text) for seq, text in context.texts.items()}
        every_note = [*notes, *(n for group in exhibit_notes.values() for n in group)]
        return dataclasses.replace(
            context,
            texts=contents,
            selected=dataclasses.replace(
                selected,
                exhibits=exhibits,
                rows=rows,
                tags=tags,
                notes=notes,
                exhibit_notes=exhibit_notes,
            ),
            view=dataclasses.replace(
                view,
                exhibits=_merged(view.exhibits, exhibits),
                rows=_merged(view.rows, rows),
                tags=_merged(view.tags, tags),
                notes=_merged(view.notes, every_note),
                masks=_merged(view.masks, masks),
                transcripts=_merged(view.transcripts, transcripts),
            ),
            hidden=Hidden(counts=self.counts, clear=tuple(self._clear())),
        )

    def _each(
        self, records: Iterable[Recorded[T]], change: Callable[[Recorded[T]], T]
    ) -> tuple[Recorded[T], ...]:
        return tuple(dataclasses.replace(r, record=change(r)) for r in records)

    def _text(self, seq: int, text: str) -> str:
        hidden, count = self.words.hide(text)
        if count:
            self.counts[seq] = self.counts.get(seq, 0) + count
        return hidden

    def _exhibit(self, entry: Recorded[Exhibit]) -> Exhibit:
        record = entry.record
        conflicts = tuple(
            dataclasses.replace(
                c, values=tuple((source, self._text(entry.seq, v)) for source, v in c.values)
            )
            for c in record.conflicts
        )
        return dataclasses.replace(
            record,
            name=self._text(entry.seq, record.name),
            origin=dataclasses.replace(
                record.origin, path=self._text(entry.seq, record.origin.path)
            ),
            conflicts=conflicts,
        )

    def _row(self, entry: Recorded[ExportRow]) -> ExportRow:
        record = entry.record
        return dataclasses.replace(
            record,
            text=self._text(entry.seq, record.text),
            attachments=tuple(self._text(entry.seq, a) for a in record.attachments),
        )

    def _tag(self, entry: Recorded[Tag]) -> Tag:
        return dataclasses.replace(
            entry.record,
            quote=self._text(entry.seq, entry.record.quote),
            comment=self._text(entry.seq, entry.record.comment),
        )

    def _note(self, entry: Recorded[Note]) -> Note:
        return dataclasses.replace(entry.record, text=self._text(entry.seq, entry.record.text))

    def _mask(self, entry: Recorded[Mask]) -> Mask:
        return dataclasses.replace(entry.record, reason=self._text(entry.seq, entry.record.reason))

    def _clear(self) -> Iterable[int]:
        """Yield the exhibits whose entry, which is disclosed, has hidden words in clear."""
        for entry in self.context.selected.exhibits:
            said = json.dumps(exhibit_to_data(entry.record), ensure_ascii=False)
            if self.words.finds(said):
                yield entry.seq

    # --- transcripts ------------------------------------------------------------------------------

    def _transcripts(self, on: frozenset[int]) -> list[Recorded[Transcript]]:
        view = self.context.view
        found = [t for t in view.transcripts if t.record.on in on]
        exhibits = {e.seq: e.record for e in view.exhibits}
        masked: dict[int, frozenset[int]] = {}
        for entry in found:
            if entry.record.corrects is None:
                mask = self.context.mask(entry.record.on)
                hits = _lines_in(mask, entry.record, exhibits[entry.record.on]) if mask else ()
                masked[entry.seq] = frozenset(hits)
        return [
            dataclasses.replace(entry, record=self._transcript(entry, masked)) for entry in found
        ]

    def _transcript(
        self, entry: Recorded[Transcript], masked: Mapping[int, frozenset[int]]
    ) -> Transcript:
        record = entry.record
        if record.corrects is not None:
            gone = masked.get(record.corrects, frozenset())
            kept = [line for line in record.lines if line.replaces not in gone]
            self._count(entry.seq, len(record.lines) - len(kept))
            return dataclasses.replace(record, lines=tuple(self._line(entry.seq, x) for x in kept))
        gone = masked[entry.seq]
        self._count(entry.seq, len(gone))
        words = texts.load("masks")["words"]["line"]
        return dataclasses.replace(
            record,
            lines=tuple(
                dataclasses.replace(line, text=words, speaker="")
                if number in gone
                else self._line(entry.seq, line)
                for number, line in enumerate(record.lines, start=1)
            ),
        )

    def _line(self, seq: int, line: TranscriptLine) -> TranscriptLine:
        return dataclasses.replace(
            line, text=self._text(seq, line.text), speaker=self._text(seq, line.speaker)
        )

    def _count(self, seq: int, count: int) -> None:
        if count:
            self.counts[seq] = self.counts.get(seq, 0) + count


def _lines_in(mask: Mask, transcript: Transcript, exhibit: Exhibit) -> Iterable[int]:
    """Yield the lines, from 1, that stand in a masked place or nobody knows where (rule 2)."""
    for number, line in enumerate(transcript.lines, start=1):
        region, span = line.region, line.span
        if region is not None:
            box = displayed(region, exhibit)
            hit = any(overlap(box, r) for r in mask.regions)
        elif span is not None:
            hit = any(meet(span, s) for s in mask.spans)
        else:
            hit = transcript.writer is not Writer.PERSON
        if hit:
            yield number


def _merged(
    every: Iterable[Recorded[T]], changed: Iterable[Recorded[T]]
) -> tuple[Recorded[T], ...]:
    """Return the records with those that changed in their places."""
    by_seq = {r.seq: r for r in changed}
    return tuple(by_seq.get(r.seq, r) for r in every)
