"""The order of the parts."""

from reportlab.platypus import Flowable, PageBreak

from reports.packet import Channel, Packet
from reports.pdf.kit import Kit
from reports.pdf.sections.annex import annex
from reports.pdf.sections.call_sheet import call_sheet
from reports.pdf.sections.evidence_list import evidence_list
from reports.pdf.sections.exhibits import exhibits
from reports.pdf.sections.findings import findings
from reports.pdf.sections.integrity import integrity
from reports.pdf.sections.letter import letter
from reports.pdf.sections.paste_texts import paste_texts
from reports.pdf.sections.statistics import notes, statistics
from reports.pdf.sections.third_parties import third_parties

_WITH_FORM = frozenset({Channel.NFRA, Channel.NFRA_REPORT, Channel.INSTITUTION, Channel.NIFA})
"""Channels with a web form, for which the paste texts are printed, too."""


def story(packet: Packet, kit: Kit) -> list[Flowable]:
    """Return the whole document."""
    sheet = call_sheet(packet.call_sheet, kit) if packet.call_sheet else []
    parts = [
        *sheet,
        *letter(packet.letter, kit),
        *findings(packet, kit),
        *evidence_list(packet, kit),
        *statistics(packet, kit),
        *third_parties(packet, kit),
        *notes(packet, kit),
        *exhibits(packet, kit),
    ]
    if not isinstance(parts[-1], PageBreak):
        parts.append(PageBreak())
    parts += annex(packet, kit)
    # Made before the integrity part, which lists all missing characters; printed after it.
    form = paste_texts(packet, kit) if packet.channel in _WITH_FORM else []
    return [*parts, *integrity(packet, kit), *form]
