"""Every style, colour and measure of the PDF."""

import dataclasses

from reportlab.lib.colors import Color
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm

from reports.pdf.fonts import BOLD, SANS, SERIF

PAGE_WIDTH, PAGE_HEIGHT = A4
LEFT, RIGHT, TOP, BOTTOM = 28 * mm, 18 * mm, 24 * mm, 20 * mm
"""The left margin is wide enough to bind."""

BODY_WIDTH = PAGE_WIDTH - LEFT - RIGHT
BODY_HEIGHT = PAGE_HEIGHT - TOP - BOTTOM

INK = Color(0, 0, 0)
PAPER = Color(1, 1, 1)
GREY = Color(0.35, 0.35, 0.35)
RULE = Color(0.55, 0.55, 0.55)
SHADE = Color(0.93, 0.93, 0.93)
MARK = Color(0.80, 0.80, 0.80)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Styles:
    """Paragraph styles by what they are for."""

    title: ParagraphStyle
    heading: ParagraphStyle
    subheading: ParagraphStyle
    table_heading: ParagraphStyle
    """Over a table that may go over pages: keeping it with the whole table would move both."""
    body: ParagraphStyle
    listed: ParagraphStyle
    quote: ParagraphStyle
    small: ParagraphStyle
    cell: ParagraphStyle
    cell_bold: ParagraphStyle
    cell_small: ParagraphStyle
    caption: ParagraphStyle
    code: ParagraphStyle
    right: ParagraphStyle
    large: ParagraphStyle
    large_heading: ParagraphStyle


def styles() -> Styles:
    """Return the stylesheet; fonts must be registered first."""

    def made(name: str, font: str, size: float, leading: float, **more: object) -> ParagraphStyle:
        return ParagraphStyle(
            name, fontName=font, fontSize=size, leading=leading, wordWrap="CJK", **more
        )

    justified = {"alignment": TA_JUSTIFY}
    return Styles(
        title=made("title", BOLD, 18, 26, alignment=TA_CENTER, spaceAfter=10),
        heading=made("heading", BOLD, 13, 19, spaceBefore=10, spaceAfter=5, keepWithNext=1),
        subheading=made("subheading", BOLD, 10.5, 16, spaceBefore=7, spaceAfter=3, keepWithNext=1),
        table_heading=made("table_heading", BOLD, 10.5, 16, spaceBefore=7, spaceAfter=3),
        body=made("body", SERIF, 10.5, 17, firstLineIndent=21, spaceAfter=3, **justified),
        listed=made("listed", SERIF, 10.5, 17, leftIndent=21, spaceAfter=2, **justified),
        quote=made(
            "quote", SERIF, 10, 15.5, leftIndent=12, rightIndent=6, spaceAfter=3, **justified
        ),
        small=made("small", SERIF, 8.5, 13, textColor=GREY, spaceAfter=2, **justified),
        cell=made("cell", SERIF, 8.5, 12.2),
        cell_bold=made("cell_bold", BOLD, 8.5, 12.2),
        cell_small=made("cell_small", SERIF, 7.8, 11, textColor=GREY),
        caption=made("caption", SERIF, 8.5, 13, textColor=GREY, keepWithNext=1),
        code=made("code", SANS, 7.8, 11),
        right=made("right", SERIF, 10.5, 20, alignment=TA_RIGHT),
        large=made("large", SERIF, 12, 17.5, spaceAfter=2, **justified),
        large_heading=made("large_heading", BOLD, 12, 16, spaceBefore=4, spaceAfter=2),
    )
