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
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import evidence
from evidence.core import checkpoint
from evidence.core.moment import CHINA
from evidence.core.packet_record import PacketRecord, PasteLength, ReviewItem, packet_to_data
from evidence.core.records import Kind
from evidence.core.rules import Rules
from evidence.ingest.reader import MediaReader
from evidence.progress import Progress, silent
from evidence.store.case_file import CaseFile
from evidence.store.clock import Clock, rfc3339
from reports import decide, letter_file, pdf, texts, verifiers
from reports.begin import Log, begin
from reports.bundle import layout, proofs
from reports.bundle.bag import Bag, new_bag
from reports.bundle.proofs import IndexedExhibit
from reports.clips import write_clips
from reports.complaint import PdfPart
from reports.decide.anchors import attached
from reports.decide.context import Context
from reports.decide.integrity import IntegrityInput
from reports.decide.paste_texts import with_sizes
from reports.decide.review import kept
from reports.disclosure import SPARING, CopyMade, Disclosure
from reports.exhibit_files import begin_media, is_heard, put_exhibit
from reports.media import Media
from reports.packet import Channel, Packet
from reports.waveforms import Waveforms
from reports.wishes import NO_WISHES, Wishes


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
    parts: tuple[PdfPart, ...] = ()
    """The PDF in parts, if that was wished."""


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
    disclosure: Disclosure = SPARING,
    progress: Progress = silent,
    show: Callable[[tuple[ReviewItem, ...]], None] = lambda _review: None,
) -> BuiltPacket:
    """Write the bundle for one respondent and channel to the new folder ``out``.

    ``show`` is given the review before anything is written; what it raises stops the packet.
    ``progress`` is told steps: three for each exhibit (copied, measured, drawn), one for each
    recording that is decoded, one each for the PDF and for finishing.

    Raises:
        UnknownRespondentError, NoComplainantError, NoFindingError: if something is missing.
        NotIntactError, OriginalDamagedError, CaseDamagedError: if the case does not match its
            records.
        MaskFailedError: if a masked copy cannot be made; the original is never shown instead.
        PageTooLargeError: if a page is larger than a part may be.
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
        disclosure=disclosure,
    )
    show(begun.review)
    log, context = begun.log, begun.context
    chosen = context.selected.exhibits
    step = _steps(progress, 3 * len(chosen) + sum(is_heard(e.record) for e in chosen) + 2)
    with new_bag(out) as bag, Waveforms(reader, step) as waveforms:
        copies: dict[int, CopyMade] = {}
        media: dict[str, Media] = {}
        for entry in chosen:
            copy = put_exhibit(case, context, entry, bag, reader)
            copies.update({entry.seq: copy} if copy else {})
            shown = begin_media(context, entry, copy, bag, waveforms)
            media.update({context.selected.labels[entry.seq]: shown} if shown else {})
            step()
        context = dataclasses.replace(context, copies=copies)
        packet = decide.decide(context, _verified(log, context))
        _write_extracts(bag, packet)
        unclipped: tuple[ReviewItem, ...] = ()
        if disclosure.clips:
            packet, unclipped = write_clips(packet, context, bag, reader)
        with bag.open(layout.PACKET) as file:
            pdf.draw(packet, media, file, progress=lambda _done, _total: step())
        problems = (*unclipped, *waveforms.problems())
        packet = dataclasses.replace(packet, review=(*packet.review, *problems))
        parts = _write_parts(bag, context)
        sized = with_sizes(packet.paste_texts, bag.files[layout.PACKET].size, parts)
        packet = dataclasses.replace(packet, paste_texts=sized)
        step()
        _write_texts(bag, packet, context)
        _write_proofs(bag, case, packet, context, log)
        _write_timestamps(bag, context)
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
        parts=parts,
    )


def _verified(log: Log, context: Context) -> IntegrityInput:
    """State what was checked: what does not match has raised before."""
    return IntegrityInput(
        checkpoint=log.signed,
        public_key=log.public_key,
        entries_verified=len(log.leaves) == log.signed.checkpoint.size,
        originals_verified=True,
        extends_earlier=context.earlier is not None,
        signature_verified=checkpoint.verify_signature(log.signed, log.public_key),
    )


# --- the other files ------------------------------------------------------------------------------


def _write_extracts(bag: Bag, packet: Packet) -> None:
    for exhibit in packet.exhibits:
        if exhibit.extract is not None:
            bag.write(exhibit.extract.path, exhibit.extract.csv)


def _write_parts(bag: Bag, context: Context) -> tuple[PdfPart, ...]:
    """Write the PDF in parts, too, if that is wished."""
    limit = context.wishes.split
    if limit is None:
        return ()
    from reports.split import split

    title: str = texts.load("paste")["texts"]["part_title"]
    parts: list[PdfPart] = []
    for part, data in split(bag.file(layout.PACKET), limit, name=title):
        bag.write(layout.part(part.number), data)
        parts.append(part)
    return tuple(parts)


def _write_texts(bag: Bag, packet: Packet, context: Context) -> None:
    for piece in packet.paste_texts:
        bag.write(layout.text(piece.name), f"{piece.text}\n".encode())
    if context.wishes.letter is not None:
        words = letter_file.render_bare(letter_file.purpose(context), context.wishes.letter)
        bag.write(layout.text("letter-words"), words.encode())
    for name in verifiers.NAMES:
        bag.write(layout.verifier(name), verifiers.load(name))


def _write_proofs(bag: Bag, case: CaseFile, packet: Packet, context: Context, log: Log) -> None:
    # The index repeats the disclosed entries: its names are those of the entries.
    index = {
        context.label(e.seq): IndexedExhibit(seq=e.seq, sha256=e.record.sha256, name=e.record.name)
        for e in context.selected.exhibits
    }
    bag.write(layout.LEAVES, proofs.format_leaves(log.leaves))
    bag.copy(layout.ENTRIES, (case.body(seq) + b"\n" for seq in packet.disclosed))
    bag.write(layout.EXHIBITS, proofs.format_index(index))
    bag.write(layout.CHECKPOINT, log.signed.text)
    bag.write(layout.KEY, proofs.format_key(log.public_key))


def _write_timestamps(bag: Bag, context: Context) -> None:
    for one in attached(context):
        record = one.stamp.record
        bag.write(layout.timestamp(one.number, ".tsr"), record.response_bytes)
        if record.request:
            bag.write(layout.timestamp(one.number, ".tsq"), record.request_bytes)
        bag.write(layout.timestamp(one.number, ".checkpoint"), record.checkpoint_bytes)


def _info(packet: Packet) -> tuple[tuple[str, str], ...]:
    return (
        ("Bagging-Date", _day(packet.made_at)),
        ("Bag-Software-Agent", f"liuhen {evidence.__version__}"),
        ("External-Identifier", packet.integrity.case_id),
        ("External-Description", f"complaint packet ({packet.channel})"),
        ("Liuhen-Bundle-Version", layout.BUNDLE_VERSION),
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
        exhibit_numbers=_numbers(int(e.label[1:]) for e in packet.exhibits),
        tags=tuple(f.tag_seq for f in packet.findings),
        finding_numbers=_numbers(f.number for f in packet.findings),
        supplements=packet.supplements,
        code=packet.integrity.short_code,
        review=tuple(map(kept, packet.review)),
        asks=context.wishes.asks,
        letter=context.wishes.letter,
        limits=tuple(PasteLength(name=n, characters=c) for n, c in context.wishes.limits),
        split=context.wishes.split,
        third_parties_shown=context.disclosure.show_third_parties,
        originals_added=context.disclosure.with_originals,
        clips_added=context.disclosure.clips,
    )


def _numbers(numbers: Iterable[int]) -> tuple[int, ...]:
    """Return numbers as a record keeps them: none where they count 1, 2, 3 …"""
    given = tuple(numbers)
    return () if given == tuple(range(1, len(given) + 1)) else given


def _steps(progress: Progress, total: int) -> Callable[[], None]:
    """Return what tells ``progress`` that one more of ``total`` steps is done."""
    done = 0
    alone = threading.Lock()

    def step() -> None:
        nonlocal done
        with alone:
            done += 1
            progress(done, total)

    return step
