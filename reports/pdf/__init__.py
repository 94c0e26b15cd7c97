"""Draw a decided packet as a Chinese A4 PDF."""

from typing import BinaryIO

from evidence.progress import Progress, silent
from reports.media import ComingMedia
from reports.packet import Packet


def draw(packet: Packet, media: ComingMedia, out: BinaryIO, *, progress: Progress = silent) -> None:
    """Write the PDF of ``packet`` to ``out``.

    Same packet and media, same bytes.
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
