"""证据清单: one row and one section for each exhibit."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from evidence.core import moment_text, timecode
from evidence.core.case_view import Recorded
from evidence.core.moment import Precision, Source
from evidence.core.records import Conflict, Exhibit, Medium
from reports import texts
from reports.decide import masking
from reports.decide.anchors import anchor_texts
from reports.decide.call_checks import call_checks
from reports.decide.context import Context
from reports.decide.extracts import clock, extract
from reports.decide.masked import hidden_words, masked_copy
from reports.decide.places import row_place, runs
from reports.decide.transcripts import transcripts
from reports.packet import Extract, Finding, PacketExhibit

_EXTENSIONS = {
    "audio/mp4": ".m4a",
    "audio/mpeg": ".mp3",
    "audio/amr": ".amr",
    "audio/amr-wb": ".amr",
    "audio/3gpp": ".3gp",
    "audio/ogg": ".ogg",
    "audio/wav": ".wav",
    "audio/flac": ".flac",
    "audio/aac": ".aac",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "image/heic": ".heic",
    "image/gif": ".gif",
    "image/avif": ".avif",
    "text/plain": ".txt",
}
_EXPORT_TYPES = {
    "application/vnd.ms-excel": "XLS",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
    "application/x-ndjson": "NDJSON",
}


def exhibits(context: Context, found: tuple[Finding, ...]) -> tuple[PacketExhibit, ...]:
    """Return the exhibits in the order of their labels."""
    words = texts.load("exhibits")
    anchored = anchor_texts(context)
    return tuple(
        dataclasses.replace(_exhibit(context, e, found, words), anchor_text=anchored.get(e.seq, ""))
        for e in context.selected.exhibits
    )


def bundle_path(label: str, record: Exhibit) -> str:
    """Return where an exhibit lies in the bundle; the extension follows the content."""
    return f"data/exhibits/{label}{_EXTENSIONS.get(record.media_type, '.bin')}"


def _exhibit(
    context: Context,
    entry: Recorded[Exhibit],
    found: tuple[Finding, ...],
    words: Mapping[str, Any],
) -> PacketExhibit:
    record = entry.record
    label = context.selected.labels[entry.seq]
    own = tuple(f for f in found if f.exhibit_label == label)
    shown = extract(context, entry, found) if context.withheld(entry.seq) else None
    time, sources = _formed(context, entry, words)
    return PacketExhibit(
        label=label,
        seq=entry.seq,
        medium=record.medium,
        name=record.name,
        form=words["form"][_form(context, entry)].format(type=_type(record)),
        occurred_text=time,
        occurred_basis=sources,
        conflict_texts=tuple(_conflict(c, words) for c in record.conflicts),
        source=_source(record, words["texts"]),
        purpose=_extract_purpose(record, shown, own)
        if shown
        else _purpose(record, own, words["purpose"]),
        counterpart=""
        if shown
        else masking.counterpart(
            context.view,
            record,
            texts.load("findings")["counterpart"],
            show=context.disclosure.show_third_parties,
        ),
        facts=tuple(_facts(record, words)),
        sha256=record.sha256,
        size=record.size,
        media_type=record.media_type,
        bundle_path="" if context.original_absent(entry.seq) else bundle_path(label, record),
        duration_ms=record.duration_ms,
        unreadable=record.unreadable,
        text=context.texts.get(entry.seq, ""),
        notes=tuple(_notes(context, entry.seq, words["texts"])),
        finding_numbers=tuple(f.number for f in own),
        recorded_text=moment_text.recorded_text(entry.recorded_at),
        call_checks=call_checks(context, entry),
        transcripts=transcripts(context, entry),
        extract=shown,
        hidden_words=hidden_words(context, entry.seq),
        masked=masked_copy(context, entry, bundle_path(label, record)),
        new=context.earlier is not None and entry.seq not in context.earlier.exhibits,
    )


def _formed(
    context: Context, entry: Recorded[Exhibit], words: Mapping[str, Any]
) -> tuple[str, str]:
    """Return when an exhibit was formed and what that rests on; of an export, when its rows were.

    An export spans a time: its own stamp says only when it was made.
    """
    record = entry.record
    time, basis = moment_text.describe(record.occurred)
    sources = "；".join(part for part in (basis, *record.agreements) if part)
    if not context.withheld(entry.seq):
        return time, sources or words["texts"]["no_time"]
    says = texts.load("rows")["texts"]
    rows = [r.record.occurred for r in context.selected.rows if r.record.export == entry.seq]
    dated = [moment for moment in rows if moment.interval() is not None]
    known = record.occurred.precision is not Precision.UNKNOWN
    from_rows = says["basis"].format(time=time, basis=sources) if known else says["basis_bare"]
    if not dated:
        return says["span_unknown"].format(count=len(rows)), from_rows
    first, last = clock(dated[0]), clock(dated[-1])
    key = "span" if len(rows) > 1 else "span_one"
    return says[key].format(first=first, last=last, count=len(rows)), from_rows


def _extract_purpose(record: Exhibit, shown: Extract, own: tuple[Finding, ...]) -> str:
    says = texts.load("rows")["texts"]
    parts: list[str] = []
    for medium, key in ((Medium.CALL, "purpose_call"), (Medium.MESSAGE, "purpose_message")):
        count = sum(line.medium is medium for line in shown.lines)
        bill = record.medium is Medium.BILL and medium is Medium.CALL
        if count:
            parts.append(says["purpose_bill" if bill else key].format(count=count))
    purpose: str = says["purpose"].format(parts="、".join(parts))
    if own:
        purpose += says["purpose_findings"].format(
            labels="、".join(dict.fromkeys(f.conduct_label for f in own)),
            numbers=runs(f.number for f in own),
        )
    return purpose


def _notes(context: Context, seq: int, words: Mapping[str, str]) -> Iterator[str]:
    """Yield the person's notes on an exhibit; one on a row says on which."""
    for note in context.selected.exhibit_notes.get(seq, ()):
        row = context.row(note.record.on) if note.record.on is not None else None
        time = moment_text.recorded_text(note.recorded_at)
        place = row_place(row.record.position.record) if row is not None else ""
        key = "note_on_row" if place else "note"
        yield words[key].format(text=note.record.text, time=time, place=place)


def _form(context: Context, entry: Recorded[Exhibit]) -> str:
    """Return the key of an exhibit's form; a recorder's own record is no backup of call logs."""
    rows = (r.record for r in context.selected.rows if r.record.export == entry.seq)
    sources = {row.occurred.source for row in rows}
    return "sidecar" if sources == {Source.SIDECAR} else entry.record.medium.value


def _type(record: Exhibit) -> str:
    """Return the format as people know it: the extension that belongs to the content."""
    known = _EXTENSIONS.get(record.media_type, "")[1:] or _EXPORT_TYPES.get(record.media_type)
    return (known or record.media_type.rpartition("/")[2]).upper()


def _source(record: Exhibit, words: Mapping[str, str]) -> str:
    """Return who gave it, and the folder it came from; its name has a column of its own."""
    folder, _, name = record.origin.path.rpartition("/")
    if name and name != record.name:
        return words["source_path"].format(path=record.origin.path)
    return words["source_folder"].format(folder=folder) if folder else words["source"]


def _purpose(record: Exhibit, own: tuple[Finding, ...], words: Mapping[str, str]) -> str:
    if not own:
        return words["call" if record.medium is Medium.RECORDING else "contact"]
    return words["findings"].format(
        labels="、".join(dict.fromkeys(f.conduct_label for f in own)),
        numbers=runs(f.number for f in own),
    )


def _conflict(conflict: Conflict, words: Mapping[str, Any]) -> str:
    values = "；".join(f"{value}（{source}）" for source, value in conflict.values)
    field = words["conflict"].get(conflict.field, words["conflict"]["other"])
    template = words["texts"]["conflict_noted" if conflict.note else "conflict"]
    said: str = template.format(field=field, values=values, note=conflict.note)
    return said


def _facts(record: Exhibit, words: Mapping[str, Any]) -> list[tuple[str, str]]:
    labels = words["facts"]
    facts: list[tuple[str, str]] = []
    if record.duration_ms is not None:
        facts.append((labels["duration"], timecode.display(record.duration_ms)))
    if record.direction is not None:
        facts.append((labels["direction"], words["direction"][record.direction.value]))
    if record.codec and record.medium is Medium.RECORDING:
        channels = words["channels"].get(str(record.channels), "")
        rate = f"{record.sample_rate} Hz" if record.sample_rate else ""
        sound = " ".join(part for part in (record.codec, rate, channels) if part)
        facts.append((labels["codec"], sound))
    if record.width and record.height:
        facts.append((labels["pixels"], f"{record.width} × {record.height}"))
    if record.app:
        facts.append((labels["app"], record.app))
    facts.append((labels["size"], words["texts"]["size"].format(count=f"{record.size:,}")))
    facts += [(labels["warning"], warning) for warning in record.origin.warnings]
    return facts
