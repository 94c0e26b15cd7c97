"""The embedded fonts, which characters they have, and two corrections of reportlab.

Rules:

1. Only the fonts in ``assets/fonts`` are used; nothing refers to a font that is not embedded.
2. Registration happens inside ``register``, before any drawing, never at import.
"""

import dataclasses
import functools
import importlib.resources
from collections.abc import Sequence

SERIF = "LiuhenSerif"
SANS = "LiuhenSans"
BOLD = "LiuhenSansBold"

_FILES = {
    SERIF: "NotoSerifSC-Regular.ttf",
    SANS: "NotoSansSC-Regular.ttf",
    BOLD: "NotoSansSC-Bold.ttf",
}
_BFCHAR_BLOCK = 100
"""Most entries of one bfchar block (Adobe Technical Note 5014)."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Glyphs:
    """Code points that each font has."""

    by_font: dict[str, frozenset[int]]

    def has(self, font: str, text: str) -> bool:
        """Tell whether ``font`` has every character of ``text``."""
        return self.by_font[font].issuperset(map(ord, text))

    def fallback(self, character: str, font: str) -> str | None:
        """Return the font to show a character in, the wanted one first; None if none has it."""
        code = ord(character)
        for name in (font, SERIF, SANS):
            if code in self.by_font[name]:
                return name
        return None


@functools.cache
def register() -> Glyphs:
    """Register the fonts with reportlab, once for a process, and return what they cover."""
    from reportlab import rl_config

    # reportlab's own defaults are Helvetica, which is not embedded; its modules copy the name
    # when they are imported, so it is changed before any of them is.
    rl_config.canvas_basefontname = SERIF
    # Streams stay binary: ASCII85 makes them a quarter longer and takes longer than the drawing.
    rl_config.useA85 = 0
    from reportlab.pdfbase import pdfmetrics, ttfonts

    folder = importlib.resources.files("reports").joinpath("assets", "fonts")
    covered: dict[str, frozenset[int]] = {}
    for name, file in _FILES.items():
        with importlib.resources.as_file(folder.joinpath(file)) as path:
            font = ttfonts.TTFont(name, str(path))
        pdfmetrics.registerFont(font)
        covered[name] = frozenset(font.face.charToGlyph)
    for name in (SERIF, SANS, BOLD):
        pdfmetrics.registerFontFamily(name, normal=name, bold=BOLD, italic=name, boldItalic=BOLD)
    from reportlab.graphics import shapes

    shapes.STATE_DEFAULTS["fontName"] = SERIF
    ttfonts.makeToUnicodeCMap = to_unicode_cmap
    return Glyphs(by_font=covered)


def to_unicode_cmap(font_name: str, subset: Sequence[int]) -> str:
    """Return a ToUnicode CMap with UTF-16 code units (ISO 32000-1 section 9.10.3).

    reportlab writes a code point above U+FFFF as one number, so that it copies out wrong.
    """
    head = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo",
        f"<< /Registry ({font_name})",
        f"/Ordering ({font_name})",
        "/Supplement 0",
        ">> def",
        f"/CMapName /{font_name} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        f"<00> <{len(subset) - 1:02X}>",
        "endcodespacerange",
    ]
    rows = [
        f"<{place:02X}> <{chr(code).encode('utf-16-be', 'surrogatepass').hex().upper()}>"
        for place, code in enumerate(subset)
    ]
    for start in range(0, len(rows), _BFCHAR_BLOCK):
        block = rows[start : start + _BFCHAR_BLOCK]
        head += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    tail = ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(head + tail)
