"""证据清单 in the usual columns, each exhibit with its full SHA-256."""

from reportlab.platypus import Flowable, PageBreak, Spacer

from reports.packet import Packet, PacketExhibit
from reports.pdf.document import Anchor
from reports.pdf.kit import Kit
from reports.pdf.sections.findings import NEW
from reports.pdf.tables import grid, head


def evidence_list(packet: Packet, kit: Kit) -> list[Flowable]:
    """Return the list."""
    rows: list[list[Flowable | list[Flowable]]] = []
    spans: list[tuple[int, int, int]] = []
    for exhibit in packet.exhibits:
        rows.append(_row(exhibit, kit))
        spans.append((len(rows), 1, 6))  # the row that follows
        rows.append(["", _below(exhibit, kit), "", "", "", "", ""])
    lead = (
        f"共 {len(packet.exhibits)} 件，{packet.order}；原始文件在电子材料包的 data/exhibits 中。"
    )
    if any(exhibit.extract for exhibit in packet.exhibits):
        lead += (
            "注明“原件未随附”的是备份或详单，通常还含有无关的私人内容，只附摘录（data/redacted），"
            "原件可应要求提供。"
        )
    if any(exhibit.masked for exhibit in packet.exhibits):
        lead += (
            "注明“已遮盖”的，其中几处已遮盖（由谁遮盖见该证据的页），"
            "所附的是遮盖后的副本（data/redacted）。"
        )
    return [
        Anchor("evidence-list", "证据清单"),
        kit.text.paragraph("证据清单", kit.styles.title),
        kit.text.paragraph(lead, kit.styles.small),
        grid(
            head(kit, "编号", "名称", "形式", "形成时间及其依据", "来源", "证明内容", "页码"),
            rows,
            (12, 30, 18, 38, 24, 32, 10),
            spans=spans,
        ),
        Spacer(1, 6),
        PageBreak(),
    ]


def _below(exhibit: PacketExhibit, kit: Kit) -> list[Flowable]:
    """Return what takes the whole width below an exhibit's row."""
    below = _digests(exhibit, kit)
    if exhibit.anchor_text:
        words = f"外部时间戳　{exhibit.anchor_text}"
        below.append(kit.text.paragraph(words, kit.styles.cell_small))
    return below


def _digests(exhibit: PacketExhibit, kit: Kit) -> list[Flowable]:
    text, code = kit.text, kit.styles.code
    if exhibit.masked is not None:
        where = "" if exhibit.bundle_path else "，原件未随附"
        return [
            text.paragraph(f"原件 SHA-256　{exhibit.sha256}（已遮盖{where}）", code),
            text.paragraph(f"副本 SHA-256　{exhibit.masked.sha256}", code),
        ]
    if exhibit.extract is None:
        return [text.paragraph(f"SHA-256　{exhibit.sha256}", code)]
    return [
        text.paragraph(f"原件 SHA-256　{exhibit.sha256}（原件未随附）", code),
        text.paragraph(f"摘录 SHA-256　{exhibit.extract.csv_sha256}", code),
    ]


def _row(exhibit: PacketExhibit, kit: Kit) -> list[Flowable | list[Flowable]]:
    text, cell = kit.text, kit.styles.cell
    anchor = f"exhibit-{exhibit.label}"
    formed: list[Flowable] = [
        text.paragraph(exhibit.occurred_text, cell),
        text.paragraph(exhibit.occurred_basis, cell),
    ]
    formed += [text.paragraph(line, cell) for line in exhibit.conflict_texts]
    return [
        [
            text.linked(exhibit.label, anchor, cell),
            *([text.paragraph(NEW, kit.styles.cell_bold)] if exhibit.new else []),
        ],
        text.paragraph(exhibit.name, cell),
        text.paragraph(exhibit.form, cell),
        formed,
        text.paragraph(exhibit.source, cell),
        text.paragraph(exhibit.purpose, cell),
        text.paragraph(kit.pages.text(anchor), cell),
    ]
