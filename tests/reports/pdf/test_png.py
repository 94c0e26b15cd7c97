"""A PNG goes into the PDF as it is only if it is plain and whole, and keeps every pixel."""

import io
import random
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from reports.media import PictureMedia
from reports.pdf import fonts, png
from reports.pdf.pictures import slices

WIDTH, HEIGHT = 90, 160


def picture(mode: str = "RGB") -> Image.Image:
    """Flat ground with marks, so that every filter has something to do."""
    chance = random.Random(5)
    made = Image.new("RGB", (WIDTH, HEIGHT), (237, 237, 230))
    for _ in range(300):
        place = (chance.randrange(WIDTH), chance.randrange(HEIGHT))
        made.putpixel(place, (chance.randrange(256), 20, chance.randrange(256)))
    return made.convert(mode)


def saved(image: Image.Image, **options: Any) -> bytes:
    held = io.BytesIO()
    image.save(held, "PNG", **options)
    return held.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def made(raw: bytes, *, interlaced: bool = False, before: bytes = b"") -> bytes:
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, interlaced)
    body = chunk(b"IHDR", header) + before + chunk(b"IDAT", zlib.compress(raw))
    return png.SIGNATURE + body + chunk(b"IEND", b"")


ROW = bytes(1 + WIDTH * 3)


def test_every_pixel_is_the_same_and_nothing_is_compressed_again(tmp_path: Path) -> None:
    data = saved(picture())
    assert png.rows(data) is not None
    path, out = tmp_path / "a.png", tmp_path / "a.pdf"
    path.write_bytes(data)
    fonts.register()
    canvas = Canvas(str(out))
    media = PictureMedia(path=path, media_type="image/png", width=WIDTH, height=HEIGHT)
    for _ in range(2):
        slices(media, [])[0].drawOn(canvas, 50, 50)
        canvas.showPage()
    canvas.save()
    pages = PdfReader(out).pages
    for page in pages:
        assert page.images[0].image.convert("RGB").tobytes() == picture().tobytes()
    assert out.read_bytes().count(png.compressed(data)) == 1


def test_plain_rows_are_taken() -> None:
    assert png.rows(made(ROW * HEIGHT)) is not None


@pytest.mark.parametrize(
    "raw",
    [
        ROW * (HEIGHT - 1),
        ROW * HEIGHT + b"\0",
        ROW * (HEIGHT - 1) + ROW[:-1],
        ROW * 5 + b"\5" + ROW[1:] + ROW * (HEIGHT - 6),
    ],
    ids=["row missing", "byte too many", "half a row", "unknown filter"],
)
def test_rows_that_are_not_right_are_not_taken(raw: bytes) -> None:
    assert png.rows(made(raw)) is None


def test_picture_that_is_not_plain_is_not_taken() -> None:
    for mode in ("RGBA", "L", "P", "1"):
        assert png.rows(saved(picture(mode))) is None, mode
    assert png.rows(saved(picture(), transparency=(237, 237, 230))) is None
    assert png.rows(made(ROW * HEIGHT, interlaced=True)) is None
    assert png.rows(made(ROW * HEIGHT, before=chunk(b"acTL", bytes(8)))) is None
    assert png.rows(b"\xff\xd8\xff\xe0 no PNG") is None


def test_rows_that_did_not_shrink_are_compressed_anew() -> None:
    assert png.rows(saved(picture(), compress_level=0)) is None


def test_no_damaged_byte_goes_unnoticed() -> None:
    data = made(ROW * HEIGHT)
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 0xFF
        found = png.rows(bytes(changed))
        assert found is None, place
        assert png.rows(data[:place]) is None
