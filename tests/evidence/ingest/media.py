"""Real files made on the spot: sound by PyAV, pictures by Pillow, and headers by hand."""

import io
import math
import struct
import wave
from pathlib import Path
from typing import Any

import av
import pillow_heif
from PIL import Image

SAMPLES = Path(__file__).parents[3] / "samples"
WIDE_BAND = SAMPLES / "media" / "s_wb.amr"
"""No encoder for AMR-WB is free to ship, so this one is a sample."""

WIDE_BAND_MS = 18_600
AMR_SILENCE = bytes([15 << 3 | 4])
"""A NO_DATA frame: what DTX writes for 20 ms without speech."""


def tone(seconds: float, rate: int = 8000) -> bytes:
    """Return 16-bit mono samples that no encoder takes for silence."""
    steps = range(round(rate * seconds))
    values = (9000 * math.sin(n / 9) + 4000 * math.sin(n * n / 9e5) for n in steps)
    return b"".join(struct.pack("<h", int(value)) for value in values)


def silence_wav(seconds: float, rate: int = 8000) -> bytes:
    return _wav(bytes(2 * round(rate * seconds)), rate)


def wav(seconds: float, rate: int = 8000) -> bytes:
    return _wav(tone(seconds, rate), rate)


def _wav(samples: bytes, rate: int) -> bytes:
    held = io.BytesIO()
    with wave.open(held, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples)
    return held.getvalue()


def encode(
    container: str,
    codec: str,
    seconds: float,
    *,
    rate: int = 8000,
    options: dict[str, str] | None = None,
    stream_options: dict[str, str] | None = None,
    tags: dict[str, str] | None = None,
) -> bytes:
    """Return ``seconds`` of sound in a container."""
    held = io.BytesIO()
    with av.open(held, "w", format=container, options=options or {}) as out:
        stream: Any = out.add_stream(codec, rate=rate, layout="mono", options=stream_options or {})
        if codec == "libopencore_amrnb":
            stream.bit_rate = 12_200
        out.metadata.update(tags or {})
        frame = av.AudioFrame(format="s16", layout="mono", samples=round(rate * seconds))
        frame.planes[0].update(tone(seconds, rate).ljust(frame.planes[0].buffer_size, b"\0"))
        frame.sample_rate = rate
        resampler = av.AudioResampler(
            format=stream.codec_context.format,
            layout="mono",
            rate=rate,
            frame_size=stream.codec_context.frame_size or 1024,
        )
        for ready in (*resampler.resample(frame), *resampler.resample(None)):
            for packet in stream.encode(ready):
                out.mux(packet)
        for packet in stream.encode(None):
            out.mux(packet)
    return held.getvalue()


def mp3(seconds: float, *, variable: bool = False, xing: bool = True) -> bytes:
    return encode(
        "mp3",
        "libmp3lame",
        seconds,
        rate=16000,
        options={"write_xing": "1" if xing else "0", "id3v2_version": "0"},
        stream_options={"flags": "+qscale", "global_quality": "1062"} if variable else None,
    )


def m4a(seconds: float, **more: Any) -> bytes:
    return encode("mp4", "aac", seconds, rate=16000, **more)


def amr_nb(frames: int, *, silent: int = 0) -> bytes:
    """Return speech frames of mode 7 and then ``silent`` frames as DTX writes them."""
    speech = bytes([7 << 3 | 4]) + bytes(range(31))
    return b"#!AMR\n" + speech * frames + AMR_SILENCE * silent


def picture(
    form: str,
    size: tuple[int, int] = (64, 48),
    *,
    exif: dict[int, str] | None = None,
    outer: dict[int, object] | None = None,
) -> bytes:
    """Return a picture; ``exif`` are tags of the Exif directory, ``outer`` of the first one."""
    drawn = Image.new("RGB", size, "white")
    drawn.paste((200, 30, 30), (4, 4, 20, 20))
    tags = Image.Exif()
    for tag, value in (outer or {}).items():
        tags[tag] = value
    for tag, text in (exif or {}).items():
        tags.get_ifd(0x8769)[tag] = text
    held = io.BytesIO()
    if form == "HEIF":
        pillow_heif.from_pillow(drawn).save(held, exif=tags.tobytes())
    else:
        drawn.save(held, form, exif=tags.tobytes())
    return held.getvalue()


def box(name: bytes, payload: bytes, *, claimed: int | None = None) -> bytes:
    """Return an ISO media box, with a length of its own if told so."""
    return struct.pack(">I", claimed or 8 + len(payload)) + name + payload


def without_box(data: bytes, name: bytes) -> bytes:
    """Return an ISO media file without its top boxes of one name."""
    kept, place = b"", 0
    while place < len(data):
        (length,) = struct.unpack_from(">I", data, place)
        if data[place + 4 : place + 8] != name:
            kept += data[place : place + length]
        place += length
    return kept


def png_claiming(width: int, height: int) -> bytes:
    """Return a PNG whose header claims any size over a few bytes of pixels."""
    import zlib

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    magic = b"\x89PNG\r\n\x1a\n"
    return magic + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
