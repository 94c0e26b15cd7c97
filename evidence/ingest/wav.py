"""PCM in WAV, measured from its own bytes (RIFF, Microsoft multimedia specification 1.0).

Every sample has the same size, so the sound that is really there is the bytes of the data chunk
that exist, whatever the header claims. Other codecs in WAV go to the decoders.
"""

import dataclasses
import struct
from typing import BinaryIO

from evidence.core.records import Medium
from evidence.ingest.base import Extraction

_PCM, _FLOAT, _ALAW, _MULAW, _EXTENSIBLE = 1, 3, 6, 7, 0xFFFE
_CODECS = {
    (_PCM, 8): "pcm_u8",
    (_PCM, 16): "pcm_s16le",
    (_PCM, 24): "pcm_s24le",
    (_PCM, 32): "pcm_s32le",
    (_FLOAT, 32): "pcm_f32le",
    (_FLOAT, 64): "pcm_f64le",
    (_ALAW, 8): "pcm_alaw",
    (_MULAW, 8): "pcm_mulaw",
}
_LARGEST_FORMAT = 1024


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    codec: str
    channels: int
    rate: int
    frame_bytes: int
    data_start: int
    data_claimed: int


class WavImporter:
    """PCM in WAV."""

    name = "wav"
    uses_decoder = False
    general = False

    def identify(self, head: bytes) -> bool:
        """Tell whether the first bytes are a WAV header with samples of a fixed size."""
        return _header(head) is not None

    def extract(self, original: BinaryIO, size: int) -> Extraction:
        """Return the facts; the data chunk counts as far as it exists."""
        header = _header(original.read(65536))
        if header is None:
            raise ValueError("not identified")
        present = max(0, min(header.data_claimed, size - header.data_start))
        frames = present // header.frame_bytes
        if not frames:
            return Extraction(
                importer=self.name,
                media_type="audio/wav",
                medium=Medium.RECORDING,
                codec=header.codec,
                unreadable="录音里没有任何声音数据",
            )
        open_end = header.data_claimed >= 0xFFFFFF00  # written by recorders that stream
        short = present < header.data_claimed and not open_end
        return Extraction(
            importer=self.name,
            media_type="audio/wav",
            medium=Medium.RECORDING,
            duration_ms=round(frames * 1000 / header.rate),
            codec=header.codec,
            sample_rate=header.rate,
            channels=header.channels,
            facts=(("duration_ms", "pcm sample count"),),
            warnings=("文件可能不完整：能读到的声音比文件自称的短",) if short else (),
        )


def _header(head: bytes) -> _Header | None:
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        return None
    place = 12
    form: tuple[str, int, int, int] | None = None
    while place + 8 <= len(head):
        name, length = struct.unpack_from("<4sI", head, place)
        if name == b"fmt ":
            form = _format(head[place + 8 : place + 8 + min(length, _LARGEST_FORMAT)])
        elif name == b"data":
            if form is None:
                return None
            codec, channels, rate, frame = form
            return _Header(
                codec=codec,
                channels=channels,
                rate=rate,
                frame_bytes=frame,
                data_start=place + 8,
                data_claimed=length,
            )
        place += 8 + length + (length & 1)
    return None


def _format(chunk: bytes) -> tuple[str, int, int, int] | None:
    if len(chunk) < 16:
        return None
    tag, channels, rate, _, block, bits = struct.unpack_from("<HHIIHH", chunk)
    if tag == _EXTENSIBLE and len(chunk) >= 26:
        (tag,) = struct.unpack_from("<H", chunk, 24)
    codec = _CODECS.get((tag, bits))
    if codec is None or not channels or not rate or block != channels * bits // 8:
        return None
    return codec, channels, rate, block
