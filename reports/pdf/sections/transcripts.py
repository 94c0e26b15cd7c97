"""文字: what an exhibit reads or sounds like, beside it and never in its place."""

from collections.abc import Sequence

from reportlab.platypus import Flowable, Spacer

from reports.packet import ShownTranscript
from reports.pdf.kit import Kit
from reports.pdf.tables import grid, head


def transcripts(shown: Sequence[ShownTranscript], kit: Kit) -> list[Flowable]:
    """Return the transcripts over the width of the page, those of recordings with their times."""
    text, style = kit.text, kit.styles
    story: list[Flowable] = []
    for one in shown:
        story.append(text.paragraph(one.title, style.subheading))
        story.append(text.paragraph(one.mark, style.small))
        if any(line.time or line.speaker for line in one.lines):
            story.append(_timed(one, kit))
        else:
            story += _lines(one, kit)
        story.append(Spacer(1, 4))
    return story


def narrow(shown: Sequence[ShownTranscript], kit: Kit) -> list[Flowable]:
    """Return the transcripts for the column beside a picture."""
    text, style = kit.text, kit.styles
    story: list[Flowable] = []
    for one in shown:
        story.append(text.paragraph(one.title, style.cell_bold))
        story.append(text.paragraph(one.mark, style.cell_small))
        story += _lines(one, kit, small=True)
        story.append(Spacer(1, 3))
    return story


def _lines(one: ShownTranscript, kit: Kit, *, small: bool = False) -> list[Flowable]:
    style = kit.styles.cell if small else kit.styles.quote
    story: list[Flowable] = []
    for line in one.lines:
        story.append(kit.text.paragraph(line.text or " ", style))
        if line.correction:
            story.append(kit.text.paragraph(f"（{line.correction}）", kit.styles.cell_small))
    return story


def _timed(one: ShownTranscript, kit: Kit) -> Flowable:
    text, style = kit.text, kit.styles
    rows: list[list[Flowable | list[Flowable]]] = []
    for line in one.lines:
        words: list[Flowable] = [text.paragraph(line.text, style.cell)]
        if line.correction:
            words.append(text.paragraph(f"（{line.correction}）", style.cell_small))
        cells = [text.paragraph(line.time, style.cell), text.paragraph(line.speaker, style.cell)]
        rows.append([*cells, words])
    return grid(head(kit, "位置", "说话人", "文字"), rows, (36, 20, 108))
