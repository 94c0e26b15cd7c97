"""Recordings: true duration, codec, sample rate, channels and the container's own time.

Rules:

1. The duration is counted from packets or decoded, never the container's own figure. PCM and raw
   AMR have importers of their own, which need no decoder.
2. What the extension says is not asked.
3. A recording that cannot be read is an extraction that says why; its bytes are kept.
4. Only formats that hold their own sound are read. A description of a stream or a list of other
   files is none: FFmpeg would open the ports and files that it names.
"""

import contextlib
import dataclasses
import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, BinaryIO

from evidence.core import moment
from evidence.core.moment import Meaning, Moment, Precision, Source
from evidence.core.records import Medium
from evidence.ingest import sniff
from evidence.ingest.amr import AmrImporter
from evidence.ingest.base import Extraction
from evidence.ingest.wav import WavImporter

_COUNTED = frozenset(
    {"mp3", "mp3float", "aac", "opus", "flac", "amr_nb", "amrnb", "amr_wb", "amrwb", "alac"}
)
"""Codecs whose packets say how long they are; the rest is decoded."""

LONGEST_SECONDS = 31 * 24 * 3600
"""No recording of a telephone is longer; what says so is damaged or made up."""

_ALLOWED = {
    "format_whitelist": "aac,amr,asf,flac,mov,mp3,ogg,wav",
    "protocol_whitelist": "none",
}
"""What FFmpeg may take a recording for, and what it may open besides: nothing (rule 4)."""

_LOOSE, _SLACK = Fraction(5, 100), Fraction(1, 2)
"""How far a container's table may be from the sound: the first and last frame may be trimmed."""

_NO_TIME = frozenset({1904, 1970, 2000})
"""Years that recorders write when they have no clock."""

_OWN_NAMES = {"amrnb": "amr_nb", "amrwb": "amr_wb", "mp3float": "mp3"}


class AudioImporter:
    """Everything else that PyAV can decode as sound."""

    name = "audio"
    uses_decoder = True
    general = False

    def identify(self, head: bytes) -> bool:
        """Tell whether the first bytes are a sound file's that no simpler importer reads."""
        found = sniff.sniff(head)
        simpler = AmrImporter().identify(head) or WavImporter().identify(head)
        return found is not None and sniff.is_audio(found) and not simpler

    def extract(self, original: BinaryIO, size: int) -> Extraction:
        """Return the facts of a recording."""
        head = original.read(65536)
        found = sniff.sniff(head)
        media_type = found.media_type if found else "application/octet-stream"
        original.seek(0)
        try:
            return _container(original, media_type, size)
        except Exception as error:  # noqa: BLE001 - whatever the decoder raises is a recorded failure
            return Extraction(
                importer=self.name,
                media_type=media_type,
                medium=Medium.RECORDING,
                unreadable=f"无法解码，可能没有录完整或已损坏（{type(error).__name__}）",
            )


@contextlib.contextmanager
def open_container(original: BinaryIO) -> Iterator[Any]:
    """Open a recording with PyAV; tags in GBK must not stop it."""
    import av

    # Tags in GBK, common on Chinese phones, come as surrogates instead of an error.
    with av.open(
        original,
        mode="r",
        options=_ALLOWED,
        buffer_size=1024 * 1024,
        metadata_errors="surrogateescape",
    ) as container:
        yield container


def decoder_name(codec: str) -> str:
    """Return the decoder to use: the native AMR ones drop silent frames (DTX)."""
    return {
        "amr_nb": "libopencore_amrnb",
        "amrnb": "libopencore_amrnb",
        "amr_wb": "libopencore_amrwb",
        "amrwb": "libopencore_amrwb",
    }.get(codec, codec)


def _container(original: BinaryIO, media_type: str, size: int) -> Extraction:
    with open_container(original) as container:
        if not container.streams.audio:
            return Extraction(
                importer=AudioImporter.name,
                media_type=media_type,
                medium=Medium.RECORDING,
                unreadable="文件里没有声音",
            )
        stream = container.streams.audio[0]
        context = stream.codec_context
        codec = _OWN_NAMES.get(context.name, context.name)
        moments = _container_time(container.metadata, media_type)
        counted = _count_packets(container, stream) if context.name in _COUNTED else None
        claimed = stream.duration * stream.time_base if stream.duration else None
        rate, channels = context.sample_rate, context.channels
    if counted is None:
        original.seek(0)
        counted = _Counted(seconds=_decode_seconds(original), how="decoded samples")
    warnings: tuple[str, ...] = ()
    if claimed is not None and claimed > 0 and counted.seconds < claimed * Fraction(95, 100):
        warnings = ("文件可能不完整：能读到的声音比文件自称的短",)
    unreadable = "" if counted.seconds > 0 else "录音里没有任何能解码的声音"
    if counted.seconds > LONGEST_SECONDS:
        unreadable = "文件自称的时长不可能是真的，可能已损坏"
    if unreadable:
        return Extraction(
            importer=AudioImporter.name,
            media_type=media_type,
            medium=Medium.RECORDING,
            codec=codec,
            unreadable=unreadable,
            moments=moments,
        )
    return Extraction(
        importer=AudioImporter.name,
        media_type=media_type,
        medium=Medium.RECORDING,
        duration_ms=round(counted.seconds * 1000),
        codec=codec,
        sample_rate=rate,
        channels=channels,
        moments=moments,
        facts=(("duration_ms", counted.how), ("size", f"{size} bytes")),
        warnings=warnings,
    )


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    seconds: Fraction
    how: str


def _count_packets(container: Any, stream: Any) -> _Counted | None:
    """Add up the packets' own durations; None when one does not say.

    In an MP4 these are the container's table, which can be edited. An AAC packet is a frame of a
    fixed number of samples, so there the frames have the last word.
    """
    total = packets = 0
    for packet in container.demux(stream):
        if not packet.size:
            continue
        if not packet.duration:
            return None
        total += packet.duration
        packets += 1
    seconds = Fraction(total) * stream.time_base
    context = stream.codec_context
    if context.name == "aac" and context.frame_size and context.sample_rate:
        sound = Fraction(packets * context.frame_size, context.sample_rate)
        if abs(sound - seconds) > max(sound * _LOOSE, _SLACK):
            return _Counted(seconds=sound, how="aac frame count")
    return _Counted(seconds=seconds, how="packet durations")


def _decode_seconds(original: BinaryIO) -> Fraction:
    seconds = Fraction(0)
    with open_container(original) as container:
        for frame in container.decode(audio=0):
            seconds += Fraction(frame.samples, frame.sample_rate)
    return seconds


def _container_time(tags: dict[str, str], media_type: str) -> tuple[Moment, ...]:
    """Return ``creation_time`` of MP4 and 3GP: UTC, and on Android the moment of stopping."""
    text = tags.get("creation_time", "")
    if media_type not in ("audio/mp4", "audio/3gpp") or not text:
        return ()
    try:
        instant = dt.datetime.fromisoformat(text)
        if instant.tzinfo is None or instant.year in _NO_TIME:
            return ()
        stop = moment.at(
            instant,
            precision=Precision.SECOND,
            source=Source.CONTAINER,
            meaning=Meaning.RECORDING_STOP,
            basis=f"creation_time={text}",
        )
    except ValueError:
        return ()
    return (stop,)
