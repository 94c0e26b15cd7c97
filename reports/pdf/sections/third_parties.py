"""第三人被联系的情况: one row for each person, with the contacts below each other."""

from reportlab.platypus import CondPageBreak, Flowable, Spacer

from reports.packet import Packet
from reports.pdf import styles as look
from reports.pdf.document import Anchor
from reports.pdf.kit import Kit
from reports.pdf.tables import grid, head


def third_parties(packet: Packet, kit: Kit) -> list[Flowable]:
    """Return the part; nothing where no third person was contacted."""
    if not packet.third_persons:
        return []
    text, style = kit.text, kit.styles
    return [
        Spacer(1, 12),
        CondPageBreak(look.BODY_HEIGHT * 0.25),
        Anchor("third-parties", "第三人被联系的情况"),
        text.paragraph("第三人被联系的情况", style.title),
        text.paragraph(packet.third_persons_lead, style.small),
        grid(
            head(kit, "第三人", "时间、行为和证据"),
            [
                [
                    text.paragraph(person.person, style.cell),
                    [text.paragraph(line, style.cell) for line in person.contacts],
                ]
                for person in packet.third_persons
            ],
            (40, 124),
        ),
    ]
