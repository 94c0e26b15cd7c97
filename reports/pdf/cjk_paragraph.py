"""A reportlab paragraph that breaks and justifies lines by the rules of Chinese typesetting."""

import functools
from typing import Any

from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Paragraph
from reportlab.platypus.paragraph import ParaLines, cjkU, makeCJKParaLine
from reportlab.platypus.paraparser import ParaParser

from reports.pdf.line_breaking import break_lines

_WIDEST_GAP = 0.12
"""Most space added between characters when justifying, in parts of the font size."""


_NOTHING = "\u2060"
"""Word joiner: stands for what has no character, such as the target of a link."""


def _stand_in(frag: Any) -> str:
    return "\n" if hasattr(frag, "lineBreak") else _NOTHING


@functools.lru_cache(maxsize=1 << 20)
def _width(character: str, font: str, size: float) -> float:
    return float(stringWidth(character, font, size))


@functools.lru_cache(maxsize=1 << 15)
def _broken(
    text: str, font: str, size: float, limits: tuple[float, ...]
) -> tuple[tuple[float, str], ...]:
    """Return the lines of a text in one font, each with the room that is left in it.

    A table measures its cells several times, and every pass measures them again. Spaces at the end
    of a line take no room but stay: a paragraph that goes over pages is put together from its lines
    and broken again.
    """
    widths = [_width(c, font, size) for c in text]
    lines: list[tuple[float, str]] = []
    for start, end in break_lines(text, widths, limits):
        piece = text[start:end]
        limit = limits[min(len(lines), len(limits) - 1)]
        lines.append((limit - sum(widths[start : start + len(piece.rstrip(" "))]), piece))
    return tuple(lines)


@functools.lru_cache(maxsize=256)
def _plain(style: ParagraphStyle) -> Any:
    """Return the fragment that reportlab's parser makes of text without markup."""
    (frag,) = ParaParser().parse("x", style)[1]
    return frag


class CjkParagraph(Paragraph):  # type: ignore[misc]  # reportlab has no types
    """Overrides where lines break, and spreads full lines to the right edge."""

    def _setup(self, text: str, style: Any, bullet: Any, frags: Any, cleaner: Any) -> None:
        """Take every space as it is; and text without markup without parsing, which takes longest.

        reportlab's ``cleaner`` makes one space of several, also of full-width ones; a message would
        not be printed as it was sent.
        """
        del cleaner
        if frags is None and not bullet and not any(c in text for c in "<>&"):
            frags = [_plain(style).clone(text=text, link=[], us_lines=[])] if text else None
        super()._setup(text, style, bullet, frags, str)

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803
        """Return the size; a table asks several times for the same width."""
        if self._wrapped_at == availWidth and hasattr(self, "blPara"):
            return self.width, self.height
        size: tuple[float, float] = super().wrap(availWidth, availHeight)
        # Lines in several fonts are changed when they are split; these are not.
        known = hasattr(self, "blPara") and self.blPara.kind == 0
        self._wrapped_at = availWidth if known else None
        return size

    _wrapped_at: float | None = None
    """The width for which ``blPara`` was made."""

    def breakLinesCJK(self, maxWidths: Any) -> Any:  # noqa: N802, N803 - reportlab's names
        """Return reportlab's broken lines; one font is the fast path."""
        limits = list(maxWidths) if isinstance(maxWidths, (list, tuple)) else [maxWidths]
        frags = self.frags
        self.height = 0
        if len(frags) == 1 and not hasattr(frags[0], "cbDefn"):
            return self._one_font(frags[0], limits)
        if not frags:
            return super().breakLinesCJK(maxWidths)
        units = [cjkU(c, frag, "utf8") for frag in frags for c in (frag.text or ("",))]
        text = "".join(str(u) or _stand_in(u.frag) for u in units)
        lines: list[Any] = []
        for start, end in break_lines(text, [u.width for u in units], limits):
            limit = limits[min(len(lines), len(limits) - 1)]
            forced = text[end - 1] == "\n"
            kept = units[start : end - 1] if forced else units[start:end]
            used = sum(u.width for u in kept)
            lines.append(
                makeCJKParaLine(kept, limit, used, limit - used, forced, False)
                if kept
                else makeCJKParaLine(units[start:end], limit, 0, limit, True, False)
            )
        return ParaLines(kind=1, lines=lines)

    def _one_font(self, frag: Any, limits: list[float]) -> Any:
        text = frag.text if hasattr(frag, "text") else "".join(getattr(frag, "words", []))
        size = frag.fontSize
        broken = _broken(text, frag.fontName, size, tuple(limits))
        lines = [(room, [piece]) for room, piece in broken]
        return frag.clone(kind=0, lines=lines, ascent=size, descent=-0.2 * size)

    def drawPara(self, debug: int = 0) -> None:  # noqa: N802 - reportlab's name
        """Draw; justified single-font text gets its space between all characters."""
        broken: Any = self.blPara
        plain = broken.kind == 0 and self.style.alignment == TA_JUSTIFY
        if not plain or self.bulletText or not broken.lines:
            super().drawPara(debug)
            return
        self._draw_justified(broken)

    def _draw_justified(self, broken: Any) -> None:
        style, canvas = self.style, self.canv
        canvas.saveState()
        if style.backColor:
            canvas.setFillColor(style.backColor)
            canvas.rect(0, 0, self.width, self.height, stroke=0, fill=1)
        canvas.setFillColor(broken.textColor)
        leading, size = style.leading, broken.fontSize
        baseline = self.height - size - getattr(style, "spaceShrinkage", 0) * 0
        text = canvas.beginText(style.leftIndent + style.firstLineIndent, baseline)
        text.setFont(broken.fontName, size, leading)
        last = len(broken.lines) - 1
        for number, (extra, words) in enumerate(broken.lines):
            line = words[0].rstrip(" ")
            gaps = max(1, len(line) - 1)
            spread = extra / gaps if number < last and 0 < extra / gaps <= _WIDEST_GAP * size else 0
            text.setCharSpace(spread)
            indent = style.leftIndent + (style.firstLineIndent if number == 0 else 0)
            text.setTextOrigin(indent, baseline - number * leading)
            text.textOut(line)
        text.setCharSpace(0)
        canvas.drawText(text)
        canvas.restoreState()
