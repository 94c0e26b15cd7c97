"""Make a packet: decide, draw, bundle, and record that it was made.

Rules:

1. The checkpoint covers every entry that exists when the packet is begun.
2. Every entry and every disclosed original is checked while it is copied; a packet is never made
   from bytes that do not match their record.
3. The ``packet`` entry is appended only after the bundle is in its place.
"""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

from evidence.core import checkpoint as checkpoints
from evidence.core import merkle
from evidence.core.case_view import Recorded
from evidence.core.checkpoint import SignedCheckpoint
from evidence.core.entry import GENESIS, leaf_hash
from evidence.core.records import Exhibit, Kind, Medium, PacketRecord, packet_to_data
from evidence.core.rules import Rules
from evidence.errors import CaseDamagedError, MediaUnreadableError, OriginalDamagedError
from evidence.ingest.reader import MediaReader
from evidence.progress import Progress, silent
from evidence.store.case_file import CaseFile
from evidence.store.clock import Clock, rfc3339
from evidence.store.statements import find_respondent
from reports import decide, pdf
from reports.bundle import layout
from reports.bundle.bag import Bag, new_bag
from reports.bundle.proofs import write_proofs
from reports.decide.context import Context
from reports.decide.integrity import IntegrityInput
from reports.media import Media, PictureMedia, WaveformMedia
from reports.packet import Channel, Packet
from reports.texts import how_to_verify

PEAKS = 600
"""Bars of a waveform across the page."""

MAX_TEXT = 2 * 1024 * 1024
"""Longer texts are exhibits without being printed, in bytes."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class BuiltPacket:
    """A packet that lies on the disk."""

    path: Path
    packet: Packet
    seq: int
    """The ``packet`` entry."""


def build_packet(
    case: CaseFile,
    *,
    channel: Channel,
    respondent_name: str,
    out: Path,
    clock: Clock,
    reader: MediaReader,
    rules: Rules,
    progress: Progress = silent,
) -> BuiltPacket:
    """Write the bundle for one respondent and channel to the new folder ``out``.

    Raises:
        UnknownRespondentError, NoComplainantError, NoFindingError: if something is missing.
        OriginalDamagedError, CaseDamagedError: if the case does not match its records.
        OutputExistsError, OutputNotWritableError: about ``out``; nothing is left there.
    """
    view = case.view()
    respondent = find_respondent(view, respondent_name)
    made_at = rfc3339(clock())
    signed = case.checkpoint()
    context = decide.gather(
        view,
        rules,
        channel=channel,
        respondent_seq=respondent.seq,
        made_at=made_at,
        texts=_texts(case, view.exhibits),
    )
    _check_entries(case, signed)
    with new_bag(out) as bag:
        media = _write_exhibits(case, context, bag, reader, progress)
        packet = decide.decide(context, _verified(case, signed))
        with bag.open(layout.PACKET) as file:
            pdf.draw(packet, media, file)
        for text in packet.paste_texts:
            note = f"\n\n（{text.moved}）" if text.moved else ""
            bag.write(layout.text(text.name), f"{text.text}{note}\n".encode())
        write_proofs(
            bag,
            packet,
            leaves=case.leaves()[: signed.checkpoint.size],
            bodies=(case.body(seq) for seq in packet.disclosed),
            checkpoint=signed,
            public_key=case.public_key(),
        )
        bag.write(layout.HOW_TO_VERIFY, how_to_verify().encode())
        manifest = bag.finish(_info(packet))
    record = PacketRecord(
        channel=channel.value,
        respondent=respondent.seq,
        size=signed.checkpoint.size,
        root=signed.checkpoint.root.hex(),
        manifest_sha256=manifest,
        exhibits=tuple(e.seq for e in packet.exhibits),
    )
    appended = case.append(Kind.PACKET, packet_to_data(record))
    return BuiltPacket(path=out, packet=packet, seq=appended.seq)


def _texts(case: CaseFile, exhibits: tuple[Recorded[Exhibit], ...]) -> dict[int, str]:
    """Read the text exhibits that may be printed."""
    texts: dict[int, str] = {}
    for entry in exhibits:
        record = entry.record
        plain = record.medium is Medium.DOCUMENT and record.media_type == "text/plain"
        if plain and entry.stands and record.text_encoding and record.size <= MAX_TEXT:
            data = case.original(entry.seq).readall() or b""
            texts[entry.seq] = data.decode(record.text_encoding)
    return texts


def _check_entries(case: CaseFile, signed: SignedCheckpoint) -> None:
    """Derive every leaf again and compare with the checkpoint (rule 2)."""
    link, leaves = GENESIS, []
    for seq, body in case.bodies():
        if f'"prev":"{link.hex()}"'.encode() not in body:
            raise CaseDamagedError(path=str(case.path), detail=f"entry {seq}: link")
        link = leaf_hash(body)
        leaves.append(link)
    if merkle.root(leaves) != signed.checkpoint.root:
        raise CaseDamagedError(path=str(case.path), detail="root")


def _verified(case: CaseFile, signed: SignedCheckpoint) -> IntegrityInput:
    """State what was checked; called after ``_check_entries`` and ``_write_exhibits``."""
    return IntegrityInput(
        checkpoint=signed,
        public_key=case.public_key(),
        entries_verified=True,
        originals_verified=True,
        signature_verified=checkpoints.verify_signature(signed, case.public_key()),
    )


def _write_exhibits(
    case: CaseFile, context: Context, bag: Bag, reader: MediaReader, progress: Progress
) -> dict[str, Media]:
    media: dict[str, Media] = {}
    chosen = context.selected.exhibits
    for place, entry in enumerate(chosen, start=1):
        label = context.selected.labels[entry.seq]
        path = decide.bundle_path(label, entry.record)
        digest = bag.copy(path, case.original(entry.seq).pieces())
        if digest != entry.record.sha256:
            raise OriginalDamagedError(seq=entry.seq, detail="sha256")
        media.update((label, found) for found in _media(case, entry, bag.file(path), reader))
        progress(place, len(chosen))
    return media


def _media(
    case: CaseFile, entry: Recorded[Exhibit], path: Path, reader: MediaReader
) -> Iterator[Media]:
    record = entry.record
    if record.unreadable:
        return
    if record.medium is Medium.RECORDING and record.duration_ms:
        stream = case.original(entry.seq)
        try:
            peaks = reader.peaks(
                stream,
                record.size,
                seq=entry.seq,
                duration_ms=record.duration_ms,
                buckets=PEAKS,
            )
        except MediaUnreadableError:
            return  # the exhibit's page then has no waveform; its bytes are in the bundle
        yield WaveformMedia(peaks=peaks, duration_ms=record.duration_ms)
    elif record.medium is Medium.SCREENSHOT and record.width and record.height:
        yield PictureMedia(
            path=path, media_type=record.media_type, width=record.width, height=record.height
        )


def _info(packet: Packet) -> tuple[tuple[str, str], ...]:
    return (
        ("Bagging-Date", packet.made_at[:10]),
        ("Bag-Software-Agent", packet.program),
        ("External-Identifier", packet.integrity.case_id),
        ("External-Description", f"{packet.letter.title} ({packet.channel})"),
        ("Checkpoint-Code", packet.integrity.short_code),
    )
