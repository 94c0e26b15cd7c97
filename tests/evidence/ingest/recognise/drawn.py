"""Pictures with known text, drawn with the fonts that the program carries."""

import importlib.resources
import io

from PIL import Image, ImageDraw, ImageFont

ORIENTATION = 0x0112


def font(size: int) -> ImageFont.FreeTypeFont:
    path = importlib.resources.files("reports").joinpath("assets/fonts/NotoSansSC-Regular.ttf")
    return ImageFont.truetype(str(path), size)


def draw(
    lines: list[tuple[int, str]],
    size: tuple[int, int],
    *,
    text_size: int = 40,
    left: int = 60,
    mode: str = "RGB",
    ground: object = "white",
) -> Image.Image:
    """Return a picture with each text at its height."""
    picture = Image.new(mode, size, ground)  # type: ignore[arg-type]
    pen = ImageDraw.Draw(picture)
    letters = font(text_size)
    for top, text in lines:
        pen.text((left, top), text, fill="black", font=letters)
    return picture


def saved(picture: Image.Image, form: str = "PNG", orientation: int | None = None) -> bytes:
    """Return the bytes of a picture, said to be shown turned."""
    tags = Image.Exif()
    if orientation is not None:
        tags[ORIENTATION] = orientation
    held = io.BytesIO()
    picture.save(held, form, exif=tags.tobytes())
    return held.getvalue()
