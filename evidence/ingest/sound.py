"""Sound as samples: PyAV decodes, pydub measures and cuts. The original is only read.

Rules:

1. Samples stream in pieces; a recording of an hour is never in memory whole.
2. A clip holds exactly the samples of [start, end) at the recording's own rate, as 16-bit PCM WAV.
   It is a derived copy for listening and never replaces the original.
"""

import warnings
import wave
from collections.abc import Iterator
from typing import Any, BinaryIO

from evidence.ingest.audio import decoder_name, open_container

PIECE_SECONDS = 10
FULL_SCALE = 32768


def segments(original: BinaryIO) -> Iterator[Any]:
    """Yield the sound as pydub ``AudioSegment``s of about ten seconds, 16 bit, in order."""
    import av

    with open_container(original) as container:
        stream = container.streams.audio[0]
        context = _decoder(av, stream)
        channels = min(stream.codec_context.channels, 2)
        layout = "mono" if channels == 1 else "stereo"
        rate = stream.codec_context.sample_rate
        resampler = av.AudioResampler(format="s16", layout=layout, rate=rate)
        held = bytearray()
        full = PIECE_SECONDS * rate * channels * 2
        for frame in _frames(container, stream, context):
            for ready in resampler.resample(frame):
                held += _samples(ready, channels)
            if len(held) >= full:
                yield _segment(bytes(held), rate, channels)
                held.clear()
        for ready in resampler.resample(None):
            held += _samples(ready, channels)
        if held:
            yield _segment(bytes(held), rate, channels)


def peaks(original: BinaryIO, *, buckets: int, duration_ms: int) -> list[int]:
    """Return the loudest sample of each of ``buckets`` equal stretches, 0 to 1000."""
    loudest = [0] * buckets
    position = 0.0
    step = max(duration_ms / buckets, 1.0)
    for segment in segments(original):
        length = len(segment)
        first = int(position / step)
        for bucket in range(first, buckets):
            start, end = bucket * step - position, (bucket + 1) * step - position
            if start >= length:
                break
            piece = segment[max(0, int(start)) : max(1, min(length, int(end)))]
            if len(piece):
                loudest[bucket] = max(loudest[bucket], piece.max)
        position += length
    return [min(1000, peak * 1000 // FULL_SCALE) for peak in loudest]


def clip(original: BinaryIO, out: BinaryIO, *, start_ms: int, end_ms: int) -> int:
    """Write [start, end) as WAV; return the samples per channel that were written."""
    frames = 0
    writer: wave.Wave_write | None = None
    try:
        for segment, first in placed(original):
            rate, channels = segment.frame_rate, segment.channels
            wanted_first = start_ms * rate // 1000
            wanted_end = end_ms * rate // 1000
            if first >= wanted_end:
                break
            if writer is None:
                writer = wave.open(out, "wb")  # noqa: SIM115 - closed below, opened when the rate is known
                writer.setnchannels(channels)
                writer.setsampwidth(2)
                writer.setframerate(rate)
            count = int(segment.frame_count())
            left, right = max(wanted_first - first, 0), min(wanted_end - first, count)
            if left < right:
                piece = segment.get_sample_slice(left, right)
                writer.writeframesraw(piece.raw_data)
                frames += right - left
    finally:
        if writer is not None:
            writer.close()
    return frames


def placed(original: BinaryIO) -> Iterator[tuple[Any, int]]:
    """Yield each segment with the number of its first sample."""
    first = 0
    for segment in segments(original):
        yield segment, first
        first += int(segment.frame_count())


def _decoder(av: Any, stream: Any) -> Any:
    """Return a decoder that keeps silent AMR frames, or None for the stream's own.

    Raises:
        LookupError: if it is missing. The native one would lose the silence, so that every later
            second of a clip or waveform stood in the wrong place.
    """
    wanted = decoder_name(stream.codec_context.name)
    if wanted == stream.codec_context.name:
        return None
    if wanted not in av.codecs_available:
        raise LookupError(f"decoder {wanted} is missing")
    context = av.CodecContext.create(wanted, "r")
    context.sample_rate = stream.codec_context.sample_rate
    context.layout = "mono"
    return context


def _frames(container: Any, stream: Any, context: Any) -> Iterator[Any]:
    """Yield decoded frames up to the first packet that cannot be decoded.

    A recording that was cut off ends in half a packet. Nothing after it is used: a gap would move
    every later second.
    """
    import av

    decoder = context or stream
    try:
        for packet in container.demux(stream):
            if packet.size:
                yield from decoder.decode(packet)
        if context is not None:
            yield from decoder.decode(None)
    except av.error.InvalidDataError:
        return


def _samples(frame: Any, channels: int) -> bytes:
    """Return the packed samples of a frame, without the padding of its plane."""
    return bytes(frame.planes[0])[: frame.samples * channels * 2]


def _segment(data: bytes, rate: int, channels: int) -> Any:
    with warnings.catch_warnings():
        # pydub looks for ffmpeg when it is imported; decoding is not its work here.
        warnings.simplefilter("ignore")
        from pydub import AudioSegment
    return AudioSegment(data=data, sample_width=2, frame_rate=rate, channels=channels)
