"""The one way in which text gets onto a page.

Rules:

1. Everything that comes from outside is escaped: it is text, never markup.
2. Every character is checked. One that the font lacks is shown in another embedded font, one that
   none has, or that is invisible, as ``[U+1F600]``; these are collected and printed.
3. Nothing is normalised, trimmed or re-wrapped; line ends stay.
"""

import dataclasses
import unicodedata
from xml.sax.saxutils import escape

from reportlab.lib.styles import ParagraphStyle

from reports.pdf.cjk_paragraph import CjkParagraph
from reports.pdf.fonts import Glyphs

_SPACES = {"\t": "    ", "\r": "", "\u3000": "\u3000", "\u00a0": " "}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Typesetter:
    """Turns text into paragraphs and remembers what could not be shown."""

    glyphs: Glyphs
    missing: dict[str, int] = dataclasses.field(default_factory=dict)
    """``U+1F600`` → how often."""

    def paragraph(self, text: str, style: ParagraphStyle, *, anchor: str = "") -> CjkParagraph:
        """Return ``text`` as a paragraph; ``anchor`` makes it the target of links."""
        markup = self.markup(text, style.fontName)
        if anchor:
            markup = f'<a name="{anchor}"/>{markup}'
        return CjkParagraph(markup, style)

    def linked(self, text: str, target: str, style: ParagraphStyle) -> CjkParagraph:
        """Return ``text`` as a link to an anchor in the same document."""
        return CjkParagraph(f'<a href="#{target}">{self.markup(text, style.fontName)}</a>', style)

    def markup(self, text: str, font: str) -> str:
        """Return ``text`` as reportlab markup that shows exactly it."""
        plain = text.replace("\r\n", "\n").replace("\r", "\n")
        body = plain.replace("\n", "")
        if self.glyphs.has(font, body) and body.isprintable():
            return escape(plain).replace("\n", "<br/>")
        return "".join(self._character(c, font) for c in plain)

    def _character(self, character: str, font: str) -> str:
        if character == "\n":
            return "<br/>"
        if character in _SPACES:
            return _SPACES[character]
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
            return self._named(character)
        shown_in = self.glyphs.fallback(character, font)
        if shown_in is None:
            return self._named(character)
        if shown_in == font:
            return escape(character)
        return f'<font name="{shown_in}">{escape(character)}</font>'

    def _named(self, character: str) -> str:
        code = f"U+{ord(character):04X}"
        self.missing[code] = self.missing.get(code, 0) + 1
        return f"[{code}]"
