"""Masked copies of a picture or recording, made in the child. The original is only read.

Rules:

1. A masked pixel is black and a masked sample is part of a tone; what was there is not in the
   copy. Every other pixel and sample is as decoded: the copies are PNG and 16-bit PCM WAV.
2. Nothing else of the original gets into the copy: no metadata, no thumbnail, no further frames,
   no colours under full transparency.
3. A passage is masked from the sample in which it begins to the one in which it ends.
4. What cannot be decoded as it was at import is an error, never a copy with less masked.
"""

import array
import io
import math
import wave
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from evidence.core.mask import MAX_PIXELS
from evidence.core.records import Region, Span
from evidence.ingest import sound
from evidence.ingest.picture import open_picture, turned

if TYPE_CHECKING:
    from PIL.Image import Image

TONE_HERTZ = 1000
TONE_LOUDNESS = 6000
"""Of 32767: heard, and not startling."""


def picture(
    original: BinaryIO,
    out: BinaryIO,
    *,
    regions: Sequence[Region],
    orientation: int,
    size: tuple[int, int],
) -> int:
    """Write a PNG as displayed with black boxes; return how many frames the original has.

    Args:
        original: the picture.
        out: where the copy goes.
        regions: boxes of the displayed picture.
        orientation: the EXIF orientation that was read at import.
        size: width and height of the stored pixels as they were read at import.

    Raises:
        ValueError: if the pixels are not those that were read at import.
        OSError, SyntaxError, EOFError: if it cannot be decoded.
    """
    from PIL import Image, ImageDraw

    if size[0] * size[1] > MAX_PIXELS:
        raise ValueError("too many pixels")
    loaded, frames = _decode(original, size)
    upright = turned(_plain(loaded), orientation)
    # A new picture has nothing of the old one but the pixels that are pasted.
    copy = Image.new("RGB", upright.size, "white")
    copy.paste(upright)
    draw = ImageDraw.Draw(copy)
    for box in regions:
        if not box.width > 0 < box.height:
            raise ValueError("empty region")
        right, bottom = box.left + box.width - 1, box.top + box.height - 1
        draw.rectangle((box.left, box.top, right, bottom), fill="black")
    held = io.BytesIO()
    copy.save(held, "PNG")
    out.write(held.getbuffer())
    return frames


def recording(original: BinaryIO, out: BinaryIO, *, spans: Sequence[Span]) -> int:
    """Write the whole recording as WAV with a tone in the passages; return samples per channel.

    It is decoded twice: the header of a WAV that goes through a pipe needs the length first.
    """
    frames = sum(int(segment.frame_count()) for segment in sound.segments(original))
    if not frames:
        return 0
    original.seek(0)
    writer: wave.Wave_write | None = None
    tone = array.array("h")
    for segment, first in sound.placed(original):
        rate, channels = segment.frame_rate, segment.channels
        if writer is None:
            tone = _tone(rate, channels)
            writer = wave.open(out, "wb")  # noqa: SIM115 - closed below, opened when the rate is known
            writer.setnchannels(channels)
            writer.setsampwidth(2)
            writer.setframerate(rate)
            writer.setnframes(frames)
        samples = bytearray(segment.raw_data)
        for left, right in _inside(spans, rate, first, int(segment.frame_count())):
            start = (first + left) % rate
            cover = _cut(tone, start, right - left, channels)
            samples[left * channels * 2 : right * channels * 2] = cover
        writer.writeframesraw(samples)
    if writer is not None:
        writer.close()
    return frames


def _decode(original: BinaryIO, size: tuple[int, int]) -> tuple["Image", int]:
    """Return the first frame with its pixels, and the number of frames."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # the limit above is ours
    opened: Image.Image = open_picture(original)
    if opened.size != size:
        raise ValueError("not the size that was read at import")
    frames = int(getattr(opened, "n_frames", 1))
    opened.load()
    return opened, frames


def _plain(loaded: "Image") -> "Image":
    """Return a picture in RGB; what is transparent becomes white."""
    from PIL import Image

    if loaded.mode.startswith(("I", "F")):
        # 16 bits of grey: converting would cut off everything above 255.
        return loaded.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if loaded.has_transparency_data:
        colours = loaded.convert("RGBA")
        white = Image.new("RGBA", colours.size, "white")
        return Image.alpha_composite(white, colours).convert("RGB")
    return loaded.convert("RGB")


def _tone(rate: int, channels: int) -> "array.array[int]":
    """Return one second of the tone; it is silent where a rate is too low for it."""
    samples = array.array("h")
    for number in range(rate):
        value = round(TONE_LOUDNESS * math.sin(2 * math.pi * TONE_HERTZ * number / rate))
        samples.extend([value] * channels)
    return samples


def _cut(tone: "array.array[int]", start: int, count: int, channels: int) -> bytes:
    """Return ``count`` samples of the tone as it sounds from sample ``start`` of its second on."""
    repeated = tone[start * channels :]
    while len(repeated) < count * channels:
        repeated.extend(tone)
    return repeated[: count * channels].tobytes()


def _inside(spans: Sequence[Span], rate: int, first: int, count: int) -> Iterator[tuple[int, int]]:
    """Yield where passages lie in a piece of ``count`` samples that begins at sample ``first``."""
    for span in spans:
        left = max(span.start_ms * rate // 1000 - first, 0)
        right = min(-(-span.end_ms * rate // 1000) - first, count)
        if left < right:
            yield left, right


def regions_from(value: Any) -> list[Region]:
    """Return the boxes that the parent sent."""
    return [Region(left=left, top=top, width=w, height=h) for left, top, w, h in value]


def spans_from(value: Any) -> list[Span]:
    """Return the passages that the parent sent."""
    return [Span(start_ms=first, end_ms=last) for first, last in value]
