"""Draw a decided packet as a Chinese A4 PDF."""

from collections.abc import Mapping
from typing import BinaryIO

from evidence.progress import Progress, silent
from reports.media import Media
from reports.packet import Packet


def draw(
    packet: Packet, media: Mapping[str, Media], out: BinaryIO, *, progress: Progress = silent
) -> None:
    """Write the PDF of ``packet``, with media by exhibit label, to ``out``.

    Same packet and media, same bytes. ``progress`` is told exhibits, twice each: measured and
    drawn.
    """
    # Fonts come first: importing reportlab's styles fixes its default font.
    from reports.pdf import fonts

    glyphs = fonts.register()
    from reports.pdf import document
    from reports.pdf.contents import story

    document.typeset(
        packet,
        media,
        out,
        glyphs=glyphs,
        story=lambda kit: story(packet, kit),
        progress=progress,
    )
