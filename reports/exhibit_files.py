"""Exhibits into the bundle: originals, masked copies, and what the PDF shows of either.

Rules:

1. Every original is hashed, also one that stays out; what does not match its record stops it all.
2. Of a masked exhibit only the masked copy is read here. If the copy cannot be made, there is no
   packet: nothing falls back to what was to be hidden.
"""

import hashlib
from pathlib import Path

from evidence.core.case_view import Recorded
from evidence.core.mask import MAX_PIXELS, displayed_size, orientation
from evidence.core.records import Exhibit, Medium
from evidence.errors import MaskFailedError, MediaUnreadableError, OriginalDamagedError
from evidence.ingest.reader import MediaReader
from evidence.store import sqlite_file
from evidence.store.case_file import CaseFile
from reports import decide
from reports.bundle import layout
from reports.bundle.bag import Bag
from reports.decide.context import Context
from reports.disclosure import CopyMade
from reports.media import Media, PictureMedia, WaveformMedia
from reports.waveforms import Recording, Waveforms


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
    text = context.text_copies.get(entry.seq)
    if text is not None:
        path = layout.redacted(context.selected.labels[entry.seq], ".txt")
        written = bag.write(path, text.text.encode())
        return CopyMade(path=path, sha256=written.sha256, size=written.size, frames=0)
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


def is_heard(record: Exhibit) -> bool:
    """Tell whether an exhibit is shown as a waveform."""
    return record.medium is Medium.RECORDING and bool(record.duration_ms) and not record.unreadable


def begin_media(
    context: Context,
    entry: Recorded[Exhibit],
    copy: CopyMade | None,
    bag: Bag,
    waveforms: Waveforms,
) -> Media | None:
    """Return what the PDF shows, besides text, of an exhibit or of the copy that stands for it.

    A recording begins to be decoded.
    """
    record = entry.record
    if record.unreadable or context.withheld(entry.seq):
        return None
    path = bag.file(copy.path if copy else _path(context, entry))
    if is_heard(record) and record.duration_ms:
        recording = Recording(
            label=context.selected.labels[entry.seq],
            seq=entry.seq,
            path=path,
            size=copy.size if copy else record.size,
            duration_ms=record.duration_ms,
        )
        peaks = waveforms.decode(recording)
        return WaveformMedia(duration_ms=record.duration_ms, peaks=peaks)
    if record.medium is not Medium.SCREENSHOT or not record.width or not record.height:
        return None
    if record.width * record.height > MAX_PIXELS:
        return None  # its row of facts says that only the size was read
    width, height = displayed_size(record)
    return PictureMedia(
        path=path,
        media_type="image/png" if copy else record.media_type,
        width=width,
        height=height,
        orientation=1 if copy else orientation(record),
    )


def shown_file(context: Context, entry: Recorded[Exhibit], bag: Bag) -> Path:
    """Return the masked copy of an exhibit, or the original where nothing is masked."""
    copy = context.copies.get(entry.seq)
    return bag.file(copy.path if copy else _path(context, entry))
