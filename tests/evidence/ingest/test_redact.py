"""Masked copies: what is masked is gone, and nothing else changes."""

import array
import io
import itertools
import math
import wave
from collections.abc import Iterator
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image, ImageOps, PngImagePlugin

from evidence.core.mask import Mask
from evidence.core.records import Exhibit, Region, Sha256Hex, Span
from evidence.errors import MediaUnreadableError
from evidence.ingest import facts, redact, sound
from evidence.ingest.base import Extraction
from evidence.ingest.facts import Stated
from evidence.ingest.find_files import FoundFile
from evidence.ingest.reader import Limits, MediaReader
from tests.evidence.ingest import media

BOX = Region(left=5, top=8, width=10, height=6)


@pytest.fixture(scope="module")
def reader() -> Iterator[MediaReader]:
    with MediaReader() as made:
        yield made


def exhibit(reader: MediaReader, data: bytes) -> Exhibit:
    """Return what an import says of the bytes."""
    extraction = reader.extract(io.BytesIO(data), len(data))
    assert isinstance(extraction, Extraction)
    found = FoundFile(path=Path("x"), kept="x", named=True, size=len(data))
    return facts.exhibit_of(
        found,
        size=len(data),
        sha256=Sha256Hex("0" * 64),
        extraction=extraction,
        stated=Stated(),
    )


def masked(reader: MediaReader, data: bytes, *places: Region | Span) -> bytes:
    """Return the masked copy as the packet gets it."""
    out = io.BytesIO()
    mask = Mask(
        on=1,
        regions=tuple(p for p in places if isinstance(p, Region)),
        spans=tuple(p for p in places if isinstance(p, Span)),
    )
    reader.redact(io.BytesIO(data), out, exhibit=exhibit(reader, data), seq=1, mask=mask)
    return out.getvalue()


# --- pictures -------------------------------------------------------------------------------------


def coloured(size: tuple[int, int] = (40, 30)) -> Image.Image:
    """Return a picture in which every pixel differs from its neighbours and none is black."""
    made = Image.new("RGB", size)
    for x, y in places(size):
        made.putpixel((x, y), (40 + x * 5 % 200, 40 + y * 7 % 200, 40 + (x + y) % 200))
    return made


def places(size: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Yield every place of a picture."""
    return itertools.product(range(size[0]), range(size[1]))


def encoded(picture: Image.Image, form: str, **options: object) -> bytes:
    held = io.BytesIO()
    picture.save(held, form, **options)
    return held.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def turned(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SECRET-MAKER"
    return encoded(coloured(), "JPEG", exif=exif, quality=95)


def with_alpha() -> bytes:
    picture = coloured().convert("RGBA")
    picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    return encoded(picture, "PNG")


def animated() -> bytes:
    frames = [coloured().quantize(), Image.new("P", (40, 30), 3)]
    return encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=50)


def grey16() -> bytes:
    made = Image.new("I;16", (40, 30))
    for x, y in places(made.size):
        made.putpixel((x, y), 20000 + 37 * (x + 40 * y))
    return encoded(made, "PNG")


PICTURES = {
    "png": encoded(coloured(), "PNG"),
    "jpeg": encoded(coloured(), "JPEG"),
    "cmyk": encoded(coloured().convert("CMYK"), "JPEG"),
    "palette": encoded(coloured().quantize(64), "PNG"),
    "palette-transparent": encoded(coloured().quantize(64), "PNG", transparency=3),
    "alpha": with_alpha(),
    "grey": encoded(coloured().convert("L"), "PNG"),
    "grey16": grey16(),
    "bilevel": encoded(Image.new("1", (40, 30), 1), "PNG"),
    "gif": animated(),
    "webp": encoded(coloured(), "WEBP", lossless=True),
}


def inside(place: tuple[int, int], box: Region = BOX) -> bool:
    x, y = place
    return box.left <= x < box.left + box.width and box.top <= y < box.top + box.height


def as_shown(data: bytes) -> Image.Image:
    """Return what a viewer shows of a picture before a white ground."""
    source = opened(data)
    if source.mode.startswith("I;16"):
        grey = Image.new("L", source.size)
        for place in places(source.size):
            grey.putpixel(place, int(source.getpixel(place)) // 256)  # type: ignore[arg-type]  # one band
        return grey.convert("RGB")
    source = ImageOps.exif_transpose(source).convert("RGBA")
    white = Image.new("RGBA", source.size, "white")
    return Image.alpha_composite(white, source).convert("RGB")


def assert_masked(made: bytes, shown: Image.Image, slack: int = 0) -> None:
    """Check every pixel: black in the box, as shown outside, and not all black there."""
    copy = opened(made)
    assert (copy.format, copy.mode, copy.size) == ("PNG", "RGB", shown.size)
    for place in places(shown.size):
        found = copy.getpixel(place)
        wanted = (0, 0, 0) if inside(place) else shown.getpixel(place)
        assert isinstance(found, tuple)
        assert isinstance(wanted, tuple)
        assert max(abs(a - b) for a, b in zip(found, wanted, strict=True)) <= slack, place


@pytest.mark.parametrize("name", PICTURES)
def test_masked_box_is_black_and_every_other_pixel_is_as_decoded(
    reader: MediaReader, name: str
) -> None:
    assert_masked(masked(reader, PICTURES[name], BOX), as_shown(PICTURES[name]))


def test_heic_is_masked(reader: MediaReader) -> None:
    held = io.BytesIO()
    pillow_heif.from_pillow(coloured((64, 64))).save(held, quality=90)
    data = held.getvalue()
    shown = pillow_heif.open_heif(io.BytesIO(data)).to_pillow().convert("RGB")
    assert_masked(masked(reader, data, BOX), shown)


@pytest.mark.parametrize("orientation", range(2, 9))
def test_turned_picture_is_masked_as_it_is_displayed(reader: MediaReader, orientation: int) -> None:
    data = turned(orientation)
    assert_masked(masked(reader, data, BOX), as_shown(data))


def test_copy_has_no_metadata(reader: MediaReader) -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "SECRET-COMMENT")
    profile = b"SECRET-PROFILE" * 20
    png = encoded(coloured(), "PNG", pnginfo=text, icc_profile=profile)
    for data in (png, turned(6)):
        made = masked(reader, data, BOX)
        assert b"SECRET" not in made
        assert set(opened(made).info) == set()
        kinds = made[12:16], made[-8:-4]
        assert kinds == (b"IHDR", b"IEND")


def test_colours_under_full_transparency_are_not_in_the_copy(reader: MediaReader) -> None:
    picture = coloured().convert("RGBA")
    picture.putalpha(0)
    made = masked(reader, encoded(picture, "PNG"), BOX)
    assert_masked(made, Image.new("RGB", picture.size, "white"))


def test_box_may_touch_every_edge(reader: MediaReader) -> None:
    whole = Region(left=0, top=0, width=40, height=30)
    assert opened(masked(reader, PICTURES["png"], whole)).getbbox() is None
    corner = Region(left=39, top=29, width=1, height=1)
    copy = opened(masked(reader, PICTURES["png"], corner))
    assert copy.getpixel((39, 29)) == (0, 0, 0)
    assert copy.getpixel((38, 28)) != (0, 0, 0)


def test_frames_of_an_animation_are_counted_and_only_the_first_is_copied(
    reader: MediaReader,
) -> None:
    data, out = PICTURES["gif"], io.BytesIO()
    mask = Mask(on=1, regions=(BOX,))
    frames = reader.redact(io.BytesIO(data), out, exhibit=exhibit(reader, data), seq=1, mask=mask)
    assert frames == 2
    assert getattr(opened(out.getvalue()), "n_frames", 1) == 1


def test_picture_that_is_not_the_imported_one_is_refused(reader: MediaReader) -> None:
    known = exhibit(reader, PICTURES["png"])
    other = encoded(coloured((41, 30)), "PNG")
    for data in (other, PICTURES["png"][:-60], b"no picture", b""):
        out = io.BytesIO()
        with pytest.raises(MediaUnreadableError):
            reader.redact(
                io.BytesIO(data), out, exhibit=known, seq=7, mask=Mask(on=7, regions=(BOX,))
            )
        assert not out.getvalue()


# --- recordings -----------------------------------------------------------------------------------


def stereo_wav() -> bytes:
    held = io.BytesIO()
    samples = array.array("h", ((n * 37 % 9000 + 100) * (1 if n % 2 else -1) for n in range(88200)))
    with wave.open(held, "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(22050)
        out.writeframes(samples.tobytes())
    return held.getvalue()


RECORDINGS = {
    "wav": media.wav(25),
    "stereo": stereo_wav(),
    "mp3": media.encode("mp3", "libmp3lame", 3),
    "m4a": media.encode("ipod", "aac", 3),
    "amr": media.encode("amr", "libopencore_amrnb", 3),
    "amr-wb": media.WIDE_BAND.read_bytes(),
    "opus": media.encode("ogg", "libopus", 3, rate=48000),
}


def decoded(data: bytes) -> tuple[int, int, "array.array[int]"]:
    """Return rate, channels and samples as the waveform is measured from."""
    samples = array.array("h")
    rate = channels = 0
    for segment in sound.segments(io.BytesIO(data)):
        rate, channels = segment.frame_rate, segment.channels
        samples.frombytes(segment.raw_data)
    return rate, channels, samples


def read_wav(data: bytes) -> tuple[int, int, "array.array[int]"]:
    with wave.open(io.BytesIO(data)) as file:
        assert file.getsampwidth() == 2
        samples = array.array("h", file.readframes(file.getnframes()))
        return file.getframerate(), file.getnchannels(), samples


def tone_at(moment: int, rate: int) -> int:
    return round(redact.TONE_LOUDNESS * math.sin(2 * math.pi * redact.TONE_HERTZ * moment / rate))


def hidden(spans: tuple[Span, ...], rate: int) -> set[int]:
    """Return the numbers of the masked samples."""
    return {
        moment
        for span in spans
        for moment in range(span.start_ms * rate // 1000, -(-span.end_ms * rate // 1000))
    }


def assert_toned(data: bytes, made: bytes, *spans: Span) -> None:
    """Check every sample: the tone in the passages, as decoded outside."""
    rate, channels, copy = read_wav(made)
    known_rate, known_channels, wanted = decoded(data)
    assert (rate, channels, len(copy)) == (known_rate, known_channels, len(wanted))
    for moment in hidden(spans, rate):
        for channel in range(channels):
            if moment * channels < len(wanted):
                wanted[moment * channels + channel] = tone_at(moment % rate, rate)
    assert copy == wanted


@pytest.mark.parametrize("name", RECORDINGS)
def test_masked_passage_is_a_tone_and_every_other_sample_is_as_decoded(
    reader: MediaReader, name: str
) -> None:
    spans = (Span(start_ms=250, end_ms=700), Span(start_ms=1333, end_ms=1334))
    assert_toned(RECORDINGS[name], masked(reader, RECORDINGS[name], *spans), *spans)


def test_passage_over_the_borders_of_pieces_is_masked_without_a_gap(reader: MediaReader) -> None:
    piece = sound.PIECE_SECONDS * 1000
    span = Span(start_ms=piece - 1000, end_ms=piece * 2 + 1000)
    assert_toned(RECORDINGS["wav"], masked(reader, RECORDINGS["wav"], span), span)


def test_whole_recording_can_be_masked(reader: MediaReader) -> None:
    known = exhibit(reader, RECORDINGS["mp3"])
    span = Span(start_ms=0, end_ms=(known.duration_ms or 0) + 1000)
    assert_toned(RECORDINGS["mp3"], masked(reader, RECORDINGS["mp3"], span), span)


def test_recording_that_cannot_be_decoded_gives_no_copy(reader: MediaReader) -> None:
    known = exhibit(reader, RECORDINGS["mp3"])
    for data in (b"ID3 and nothing", b""):
        out = io.BytesIO()
        mask = Mask(on=7, spans=(Span(start_ms=0, end_ms=1000),))
        with pytest.raises(MediaUnreadableError):
            reader.redact(io.BytesIO(data), out, exhibit=known, seq=7, mask=mask)
        assert not out.getvalue()


def test_child_that_hangs_is_stopped() -> None:
    data = RECORDINGS["mp3"]
    with MediaReader() as patient:
        known = exhibit(patient, data)
    mask = Mask(on=7, spans=(Span(start_ms=0, end_ms=1000),))
    with (
        MediaReader(limits=Limits(seconds=0.001, bytes_per_second=1e12)) as hasty,
        pytest.raises(MediaUnreadableError),
    ):
        hasty.redact(io.BytesIO(data), io.BytesIO(), exhibit=known, seq=7, mask=mask)
