"""Exhibits into the bundle: originals, masked copies, and what the PDF shows of either.

Rules:

1. Every original is hashed, also one that stays out; what does not match its record stops it all.
2. Of a masked exhibit only the masked copy is read here. If the copy cannot be made, there is no
   packet: nothing falls back to what was to be hidden.
"""

import dataclasses
import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

from evidence.core.case_view import Recorded
from evidence.core.mask import MAX_PIXELS, displayed_size, orientation
from evidence.core.packet_record import ReviewItem
from evidence.core.records import Exhibit, Medium
from evidence.errors import MaskFailedError, MediaUnreadableError, OriginalDamagedError
from evidence.ingest.reader import MediaReader
from evidence.store import sqlite_file
from evidence.store.case_file import CaseFile
from reports import decide
from reports.bundle import layout
from reports.bundle.bag import Bag
from reports.decide.context import Context
from reports.decide.review import worded
from reports.decide.review_points import Point
from reports.disclosure import CopyMade
from reports.media import Media, PictureMedia, WaveformMedia

PEAKS = 600
"""Bars of a waveform across the page."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What of the exhibits can be shown, and what could not be."""

    media: dict[str, Media]
    problems: tuple[ReviewItem, ...]


def put_exhibit(
    case: CaseFile, context: Context, entry: Recorded[Exhibit], bag: Bag, reader: MediaReader
) -> CopyMade | None:
    """Put an exhibit into the bundle: as it is, as a masked copy, or not at all.

    Raises:
        OriginalDamagedError: if the original does not match its record.
        MaskFailedError: if the masked copy cannot be made.
    """
    if context.original_absent(entry.seq):
        _check_original(case, entry)
    else:
        _copy_exhibit(case, entry, bag, _path(context, entry))
    mask = context.mask(entry.seq)
    if mask is None:
        return None
    path = layout.redacted(context.selected.labels[entry.seq], ".png" if mask.regions else ".wav")
    with sqlite_file.translated(case.path), bag.open(path) as out:
        try:
            frames = reader.redact(
                case.original(entry.seq), out, exhibit=entry.record, seq=entry.seq, mask=mask
            )
        except MediaUnreadableError as error:
            raise MaskFailedError(seq=entry.seq, detail=error.detail) from error
    made = bag.files[path]
    return CopyMade(path=path, sha256=made.sha256, size=made.size, frames=frames)


def _path(context: Context, entry: Recorded[Exhibit]) -> str:
    return decide.bundle_path(context.selected.labels[entry.seq], entry.record)


def _copy_exhibit(case: CaseFile, entry: Recorded[Exhibit], bag: Bag, path: str) -> None:
    with sqlite_file.translated(case.path):
        written = bag.copy(path, case.original(entry.seq).pieces())
    _compare(entry, written.size, written.sha256)


def _check_original(case: CaseFile, entry: Recorded[Exhibit]) -> None:
    """Hash an original that is withheld: the page says that it matches its record."""
    digest, size = hashlib.sha256(), 0
    with sqlite_file.translated(case.path):
        for piece in case.original(entry.seq).pieces():
            digest.update(piece)
            size += len(piece)
    _compare(entry, size, digest.hexdigest())


def _compare(entry: Recorded[Exhibit], size: int, sha256: str) -> None:
    if size != entry.record.size:
        raise OriginalDamagedError(seq=entry.seq, detail="size")
    if sha256 != entry.record.sha256:
        raise OriginalDamagedError(seq=entry.seq, detail="sha256")


def expected_media(context: Context, bag: Bag) -> dict[str, Media]:
    """Return what the PDF shows of the exhibits besides text; nothing is decoded for it."""
    shown = {
        context.selected.labels[entry.seq]: _expected(context, entry, bag)
        for entry in context.selected.exhibits
        if not context.withheld(entry.seq)
    }
    return {label: media for label, media in shown.items() if media is not None}


def read_media(
    context: Context,
    bag: Bag,
    reader: MediaReader,
    expected: Mapping[str, Media],
    step: Callable[[], None],
) -> Drawn:
    """Read the recordings among ``expected`` from the bundle; ``step`` is told each exhibit."""
    media = dict(expected)
    problems: list[ReviewItem] = []
    for entry in context.selected.exhibits:
        label = context.selected.labels[entry.seq]
        shown = expected.get(label)
        if isinstance(shown, WaveformMedia):
            try:
                media[label] = _with_peaks(context, entry, bag, reader, shown)
            except MediaUnreadableError as error:
                del media[label]
                point = Point.of("waveform-missing", entry.seq, labels=label, detail=error.detail)
                problems.append(worded(point))
        step()
    return Drawn(media=media, problems=tuple(problems))


def _expected(context: Context, entry: Recorded[Exhibit], bag: Bag) -> Media | None:
    record, copy = entry.record, context.copies.get(entry.seq)
    if record.unreadable:
        return None
    if record.medium is Medium.RECORDING and record.duration_ms:
        return WaveformMedia(peaks=(), duration_ms=record.duration_ms)
    if record.medium is not Medium.SCREENSHOT or not record.width or not record.height:
        return None
    if record.width * record.height > MAX_PIXELS:
        return None  # its row of facts says that only the size was read
    width, height = displayed_size(record)
    return PictureMedia(
        path=shown_file(context, entry, bag),
        media_type="image/png" if copy else record.media_type,
        width=width,
        height=height,
        orientation=1 if copy else orientation(record),
    )


def _with_peaks(
    context: Context,
    entry: Recorded[Exhibit],
    bag: Bag,
    reader: MediaReader,
    shown: WaveformMedia,
) -> WaveformMedia:
    """Return a waveform with its bars.

    Raises:
        MediaUnreadableError: if a recording that could be read at import cannot be read now.
    """
    copy = context.copies.get(entry.seq)
    size = copy.size if copy else entry.record.size
    with shown_file(context, entry, bag).open("rb") as file:
        peaks = reader.peaks(
            file, size, seq=entry.seq, duration_ms=shown.duration_ms, buckets=PEAKS
        )
    return dataclasses.replace(shown, peaks=peaks)


def shown_file(context: Context, entry: Recorded[Exhibit], bag: Bag) -> Path:
    """Return the masked copy of an exhibit, or the original where nothing is masked."""
    copy = context.copies.get(entry.seq)
    return bag.file(copy.path if copy else _path(context, entry))
