"""Counting the frames of raw AMR, whose container knows no duration.

Sizes by frame type from RFC 4867 section 5.3 (storage format); every frame is 20 ms. Silent
frames (SID, NO_DATA) are frames too, so the count is the true duration where a decoder without
DTX would drop them.
"""

import dataclasses
from typing import BinaryIO

FRAME_MS = 20
_NARROW = {0: 12, 1: 13, 2: 15, 3: 17, 4: 19, 5: 20, 6: 26, 7: 31, 8: 5, 15: 0}
_WIDE = {0: 17, 1: 23, 2: 32, 3: 36, 4: 40, 5: 46, 6: 50, 7: 58, 8: 60, 9: 5, 14: 0, 15: 0}
_BLOCK = 1024 * 1024


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FrameCount:
    """How long the sound is, and whether the file ends where a frame ends."""

    duration_ms: int
    complete: bool


def count_frames(original: BinaryIO) -> FrameCount:
    """Walk the frames from the magic to the end."""
    magic = original.read(9)
    wide = magic == b"#!AMR-WB\n"
    sizes = _WIDE if wide else _NARROW
    pending = b"" if wide else magic[6:]
    frames = 0
    while block := original.read(_BLOCK):
        data = pending + block
        frames, place, sound = _walk(data, frames, sizes)
        if not sound:
            return FrameCount(duration_ms=frames * FRAME_MS, complete=False)
        pending = data[place:]
    if pending:
        # Only a short or empty file never entered the loop.
        frames, place, sound = _walk(pending, frames, sizes)
        return FrameCount(duration_ms=frames * FRAME_MS, complete=sound and place == len(pending))
    return FrameCount(duration_ms=frames * FRAME_MS, complete=True)


def _walk(data: bytes, frames: int, sizes: dict[int, int]) -> tuple[int, int, bool]:
    """Return frames so far, where the first incomplete frame begins, and whether all were sound."""
    place = 0
    while place < len(data):
        size = sizes.get(data[place] >> 3 & 15)
        if size is None or data[place] & 0x83:  # reserved type, or padding bits that must be 0
            return frames, place, False
        if place + 1 + size > len(data):
            break
        place += 1 + size
        frames += 1
    return frames, place, True
