"""Marked passages of recordings as files to listen to, each listed with its original.

Rules:

1. A clip is cut from what the reader gets: the masked copy of a masked recording, never its
   original. It is a derived copy for listening and replaces nothing.
2. Findings with the same passage share a clip; it is numbered by the first of them.
3. A clip that cannot be cut is left out and said to be; the packet is made all the same.
"""

import dataclasses
import io
from collections.abc import Iterator, Mapping

from evidence.core import timecode
from evidence.core.case_view import Recorded
from evidence.core.packet_record import ReviewItem
from evidence.core.records import Exhibit, Medium, Span
from evidence.errors import MediaUnreadableError
from evidence.ingest.reader import MediaReader
from reports import derived_csv, texts
from reports.bundle import layout
from reports.bundle.bag import Bag
from reports.decide.context import Context
from reports.decide.review import worded
from reports.decide.review_points import Point
from reports.exhibit_files import shown_file
from reports.packet import Finding, Packet, PacketExhibit


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Clip:
    """A clip that lies in the bundle."""

    path: str
    sha256: str
    span: Span
    numbers: tuple[int, ...]


def write_clips(
    packet: Packet, context: Context, bag: Bag, reader: MediaReader
) -> tuple[Packet, tuple[ReviewItem, ...]]:
    """Write the clips and their index; return the packet that lists them, and what went wrong."""
    shown: list[PacketExhibit] = []
    problems: list[ReviewItem] = []
    rows: list[tuple[str, ...]] = []
    words = texts.load("clips")
    for exhibit in packet.exhibits:
        entry = context.exhibit(exhibit.seq)
        clips: list[_Clip] = []
        if entry is not None and exhibit.medium is Medium.RECORDING:
            for span, numbers in _passages(packet.findings, exhibit.label):
                path = layout.redacted(f"{exhibit.label}-{numbers[0]}", ".wav")
                try:
                    data = _cut(context, entry, span, bag, reader)
                except MediaUnreadableError as error:
                    point = Point.of(
                        "clip-missing", exhibit.seq, label=exhibit.label, detail=error.detail
                    )
                    problems.append(worded(point))
                    continue
                digest = bag.write(path, data).sha256
                clips.append(_Clip(path=path, sha256=digest, span=span, numbers=numbers))
        rows += [_row(exhibit, clip, words["said"]) for clip in clips]
        said = tuple(_said(exhibit, clips, words["said"]))
        shown.append(dataclasses.replace(exhibit, clips=said))
    if rows:
        head, closing = tuple(words["columns"].values()), words["index"]["closing"]
        bag.write(layout.CLIPS, derived_csv.table(head, rows, closing))
    return dataclasses.replace(packet, exhibits=tuple(shown)), tuple(problems)


def _passages(found: tuple[Finding, ...], label: str) -> Iterator[tuple[Span, tuple[int, ...]]]:
    """Yield each marked passage once, with the findings that are in it."""
    numbers: dict[Span, list[int]] = {}
    for finding in found:
        if finding.exhibit_label == label and finding.span is not None:
            numbers.setdefault(finding.span, []).append(finding.number)
    for span, listed in numbers.items():
        yield span, tuple(listed)


def _cut(
    context: Context, entry: Recorded[Exhibit], span: Span, bag: Bag, reader: MediaReader
) -> bytes:
    """Return a passage as WAV.

    Raises:
        MediaUnreadableError: if it cannot be decoded.
    """
    copy = context.copies.get(entry.seq)
    size = copy.size if copy else entry.record.size
    held = io.BytesIO()
    with shown_file(context, entry, bag).open("rb") as file:
        reader.clip(file, size, held, seq=entry.seq, start_ms=span.start_ms, end_ms=span.end_ms)
    return held.getvalue()


def _source(exhibit: PacketExhibit, words: Mapping[str, str]) -> str:
    return words["copy" if exhibit.masked else "original"]


def _said(exhibit: PacketExhibit, clips: list[_Clip], words: Mapping[str, str]) -> Iterator[str]:
    if clips:
        yield words["lead"].format(source=_source(exhibit, words))
    for clip in clips:
        yield words["line"].format(
            path=clip.path,
            first=timecode.display(clip.span.start_ms),
            last=timecode.display(clip.span.end_ms),
            numbers="、".join(map(str, clip.numbers)),
            sha256=clip.sha256,
        )


def _row(exhibit: PacketExhibit, clip: _Clip, words: Mapping[str, str]) -> tuple[str, ...]:
    """Return the cells of a clip in the order of ``columns``."""
    return (
        clip.path,
        exhibit.label,
        exhibit.name,
        exhibit.sha256,
        _source(exhibit, words),
        timecode.display(clip.span.start_ms),
        timecode.display(clip.span.end_ms),
        "、".join(map(str, clip.numbers)),
        clip.sha256,
    )
