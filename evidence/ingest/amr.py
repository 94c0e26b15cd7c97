"""Raw AMR: the frames are counted, because the container knows no duration.

Sizes by frame type from RFC 4867 section 5.3 (storage format); every frame is 20 ms. Silent
frames (SID, NO_DATA) are frames too, so the count is the true duration where a decoder without
DTX would drop them.
"""

import dataclasses
import re
from typing import BinaryIO

from evidence.core.records import Medium
from evidence.ingest.base import Extraction

FRAME_MS = 20
_NARROW_MAGIC, _WIDE_MAGIC = b"#!AMR\n", b"#!AMR-WB\n"
_NARROW = {0: 12, 1: 13, 2: 15, 3: 17, 4: 19, 5: 20, 6: 26, 7: 31, 8: 5, 15: 0}
_WIDE = {0: 17, 1: 23, 2: 32, 3: 36, 4: 40, 5: 46, 6: 50, 7: 58, 8: 60, 9: 5, 14: 0, 15: 0}
_BLOCK = 1024 * 1024
_LARGEST_FRAME = 61


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FrameCount:
    """How long the sound is, and whether the file ends where a frame ends."""

    duration_ms: int
    complete: bool


class AmrImporter:
    """Raw AMR, narrow and wide band."""

    name = "amr"
    uses_decoder = False
    general = False

    def identify(self, head: bytes) -> bool:
        """Tell whether the first bytes are the magic of RFC 4867."""
        return head.startswith((_NARROW_MAGIC, _WIDE_MAGIC))

    def extract(self, original: BinaryIO, size: int) -> Extraction:  # noqa: ARG002 - Importer's shape
        """Return the facts of a recording."""
        wide = original.read(len(_WIDE_MAGIC)) == _WIDE_MAGIC
        original.seek(0)
        media_type = "audio/amr-wb" if wide else "audio/amr"
        count = count_frames(original)
        if count.duration_ms == 0:
            return Extraction(
                importer=self.name,
                media_type=media_type,
                medium=Medium.RECORDING,
                unreadable="录音里没有任何完整的声音数据",
            )
        warnings = () if count.complete else ("文件结尾不完整，时长按能读到的部分计算",)
        return Extraction(
            importer=self.name,
            media_type=media_type,
            medium=Medium.RECORDING,
            duration_ms=count.duration_ms,
            codec="amr_wb" if wide else "amr_nb",
            sample_rate=16000 if wide else 8000,
            channels=1,
            facts=(("duration_ms", "amr frame count"),),
            warnings=warnings,
        )


def count_frames(original: BinaryIO) -> FrameCount:
    """Walk the frames from the magic to the end."""
    wide = original.read(len(_WIDE_MAGIC)) == _WIDE_MAGIC
    original.seek(len(_WIDE_MAGIC) if wide else len(_NARROW_MAGIC))
    sizes = _WIDE if wide else _NARROW
    runs = {kind: _run(kind, size) for kind, size in sizes.items()}
    pending, frames = b"", 0
    while block := original.read(_BLOCK):
        data = pending + block
        counted, place, sound = _walk(data, sizes, runs)
        frames += counted
        if not sound:
            return FrameCount(duration_ms=frames * FRAME_MS, complete=False)
        pending = data[place:]
    return FrameCount(duration_ms=frames * FRAME_MS, complete=not pending)


def _run(kind: int, size: int) -> re.Pattern[bytes]:
    """Match frames of one type in a row; both values of the quality bit."""
    good, bad = re.escape(bytes([kind << 3 | 4])), re.escape(bytes([kind << 3]))
    return re.compile(rb"(?s:[%b%b].{%d})+" % (good, bad, size))


def _walk(
    data: bytes, sizes: dict[int, int], runs: dict[int, re.Pattern[bytes]]
) -> tuple[int, int, bool]:
    """Return the frames, where the first incomplete one begins, and whether all were sound."""
    place = frames = 0
    while place < len(data):
        kind = data[place] >> 3 & 15
        if kind not in sizes or data[place] & 0x83:  # reserved type, or padding that must be 0
            return frames, place, False
        match = runs[kind].match(data, place)
        if match is None:
            break
        frames += (match.end() - place) // (sizes[kind] + 1)
        place = match.end()
    return frames, place, len(data) - place < _LARGEST_FRAME
