"""Make a packet: decide, draw, bundle, and record that it was made.

Rules:

1. The checkpoint covers every entry that exists when the packet is begun.
2. Every entry and every disclosed original is checked while it is copied; a packet is never made
   from bytes that do not match their record.
3. The ``packet`` entry is appended only after the bundle is in its place; if it cannot be
   appended, the bundle is taken back.
4. The clock is read once; the same case at the same time gives the same bytes.
"""

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Callable
from pathlib import Path

import evidence
from evidence.core import checkpoint
from evidence.core.case_view import Recorded
from evidence.core.moment import CHINA
from evidence.core.packet_record import PacketRecord, ReviewItem, packet_to_data
from evidence.core.records import Exhibit, Kind, Medium
from evidence.core.rules import Rules
from evidence.errors import (
    MediaUnreadableError,
    OriginalDamagedError,
)
from evidence.ingest import picture
from evidence.ingest.reader import MediaReader
from evidence.progress import Progress, silent
from evidence.store import sqlite_file
from evidence.store.case_file import CaseFile
from evidence.store.clock import Clock, rfc3339
from reports import decide, letter_file, pdf, verifiers
from reports.begin import Log, begin
from reports.bundle import layout, proofs
from reports.bundle.bag import Bag, new_bag
from reports.bundle.proofs import IndexedExhibit
from reports.decide.context import Context
from reports.decide.integrity import IntegrityInput
from reports.decide.review import worded
from reports.decide.review_points import Point
from reports.media import Media, PictureMedia, WaveformMedia
from reports.packet import Channel, Packet
from reports.wishes import NO_WISHES, Wishes

PEAKS = 600
"""Bars of a waveform across the page."""

BUNDLE_VERSION = "1"
"""Version of the layout of DESIGN section 5."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class BuiltPacket:
    """A packet that lies on the disk."""

    path: Path
    packet: Packet
    seq: int
    """The ``packet`` entry."""
    manifest_sha256: str
    """SHA-256 of the tag manifest, as the ``packet`` entry has it."""
    files: int
    size: int
    """Bytes of all files."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """What of the exhibits can be shown, and what could not be."""

    media: dict[str, Media]
    problems: tuple[ReviewItem, ...]


def build_packet(
    case: CaseFile,
    *,
    channel: Channel,
    respondent_name: str,
    out: Path,
    clock: Clock,
    reader: MediaReader,
    rules: Rules,
    wishes: Wishes = NO_WISHES,
    progress: Progress = silent,
    show: Callable[[tuple[ReviewItem, ...]], None] = lambda _review: None,
) -> BuiltPacket:
    """Write the bundle for one respondent and channel to the new folder ``out``.

    ``show`` is given the review before anything is written; what it raises stops the packet.
    ``progress`` is told steps: two for each exhibit, one each for drawing and for finishing.

    Raises:
        UnknownRespondentError, NoComplainantError, NoFindingError: if something is missing.
        NotIntactError, OriginalDamagedError, CaseDamagedError: if the case does not match its
            records.
        OutputExistsError, OutputNotWritableError: about ``out``; nothing is left there.
    """
    made_at = rfc3339(clock())
    begun = begin(
        case,
        channel=channel,
        respondent_name=respondent_name,
        made_at=made_at,
        rules=rules,
        wishes=wishes,
    )
    show(begun.review)
    log, context = begun.log, begun.context
    chosen = context.selected.exhibits
    step = _steps(progress, 2 * len(chosen) + 2)
    with new_bag(out) as bag:
        for entry in chosen:
            if context.withheld(entry.seq):
                _check_original(case, entry)
            else:
                _copy_exhibit(case, entry, bag, _path(context, entry))
            step()
        packet = decide.decide(context, _verified(log))
        drawn = _media(context, bag, reader, step)
        packet = dataclasses.replace(packet, review=(*packet.review, *drawn.problems))
        _write_extracts(bag, packet)
        with bag.open(layout.PACKET) as file:
            pdf.draw(packet, drawn.media, file)
        step()
        _write_texts(bag, packet, context)
        _write_proofs(bag, case, packet, log)
        manifest = bag.finish(_info(packet))
        bag.publish()
        appended = case.append(Kind.PACKET, packet_to_data(_record(packet, context, log, manifest)))
    step()
    return BuiltPacket(
        path=out,
        packet=packet,
        seq=appended.seq,
        manifest_sha256=manifest,
        files=len(bag.files),
        size=bag.size,
    )


def _verified(log: Log) -> IntegrityInput:
    """State what was checked: what does not match has raised before."""
    return IntegrityInput(
        checkpoint=log.signed,
        public_key=log.public_key,
        entries_verified=len(log.leaves) == log.signed.checkpoint.size,
        originals_verified=True,
        signature_verified=checkpoint.verify_signature(log.signed, log.public_key),
    )


# --- exhibits -------------------------------------------------------------------------------------


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


def _media(context: Context, bag: Bag, reader: MediaReader, step: Callable[[], None]) -> _Drawn:
    media: dict[str, Media] = {}
    problems: list[ReviewItem] = []
    for entry in context.selected.exhibits:
        if context.withheld(entry.seq):
            step()
            continue
        label = context.selected.labels[entry.seq]
        path = bag.file(_path(context, entry))
        try:
            shown = _shown(entry, path, reader)
        except MediaUnreadableError as error:
            point = Point.of("waveform-missing", entry.seq, labels=label, detail=error.detail)
            problems.append(worded(point))
        else:
            media.update({label: shown} if shown else {})
        step()
    return _Drawn(media=media, problems=tuple(problems))


def _shown(entry: Recorded[Exhibit], path: Path, reader: MediaReader) -> Media | None:
    """Return what the PDF shows of an exhibit besides text, from its copy in the bundle.

    Raises:
        MediaUnreadableError: if a recording that could be read at import cannot be read now, or a
            picture is too large to be drawn.
    """
    record = entry.record
    if record.unreadable:
        return None
    if record.medium is Medium.RECORDING and record.duration_ms:
        with path.open("rb") as copy:
            peaks = reader.peaks(
                copy, record.size, seq=entry.seq, duration_ms=record.duration_ms, buckets=PEAKS
            )
        return WaveformMedia(peaks=peaks, duration_ms=record.duration_ms)
    if record.medium is Medium.SCREENSHOT and record.width and record.height:
        if record.width * record.height > picture.MAX_PIXELS:
            return None  # its row of facts says that only the size was read
        return PictureMedia(
            path=path, media_type=record.media_type, width=record.width, height=record.height
        )
    return None


# --- the other files ------------------------------------------------------------------------------


def _write_extracts(bag: Bag, packet: Packet) -> None:
    for exhibit in packet.exhibits:
        if exhibit.extract is not None:
            bag.write(exhibit.extract.path, exhibit.extract.csv)


def _write_texts(bag: Bag, packet: Packet, context: Context) -> None:
    for piece in packet.paste_texts:
        bag.write(layout.text(piece.name), f"{piece.text}\n".encode())
    if context.wishes.letter is not None:
        words = letter_file.render(letter_file.purpose(context), context.wishes.letter)
        bag.write(layout.text("letter-words"), words.encode())
    for name in verifiers.NAMES:
        bag.write(layout.verifier(name), verifiers.load(name))


def _write_proofs(bag: Bag, case: CaseFile, packet: Packet, log: Log) -> None:
    index = {
        e.label: IndexedExhibit(seq=e.seq, sha256=e.sha256, name=e.name) for e in packet.exhibits
    }
    bag.write(layout.LEAVES, proofs.format_leaves(log.leaves))
    bag.copy(layout.ENTRIES, (case.body(seq) + b"\n" for seq in packet.disclosed))
    bag.write(layout.EXHIBITS, proofs.format_index(index))
    bag.write(layout.CHECKPOINT, log.signed.text)
    bag.write(layout.KEY, proofs.format_key(log.public_key))


def _info(packet: Packet) -> tuple[tuple[str, str], ...]:
    return (
        ("Bagging-Date", _day(packet.made_at)),
        ("Bag-Software-Agent", f"liuhen {evidence.__version__}"),
        ("External-Identifier", packet.integrity.case_id),
        ("External-Description", f"complaint packet ({packet.channel})"),
        ("Liuhen-Bundle-Version", BUNDLE_VERSION),
        ("Liuhen-Checkpoint-Code", packet.integrity.short_code),
    )


def _day(made_at: str) -> str:
    return dt.datetime.fromisoformat(made_at).astimezone(CHINA).date().isoformat()


def _record(packet: Packet, context: Context, log: Log, manifest: str) -> PacketRecord:
    return PacketRecord(
        channel=packet.channel.value,
        respondent=packet.respondent_seq,
        size=log.signed.checkpoint.size,
        root=log.signed.checkpoint.root.hex(),
        manifest_sha256=manifest,
        exhibits=tuple(e.seq for e in packet.exhibits),
        tags=tuple(f.tag_seq for f in packet.findings),
        code=packet.integrity.short_code,
        review=packet.review,
        asks=context.wishes.asks,
        letter=context.wishes.letter,
    )


def _steps(progress: Progress, total: int) -> Callable[[], None]:
    """Return what tells ``progress`` that one more of ``total`` steps is done."""
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        progress(done, total)

    return step
