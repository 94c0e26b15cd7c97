"""The page: margins, running header and footer, bookmarks, page numbers in two passes.

Rules:

1. Same packet and media → same bytes: the date is the packet's, nothing is random.
2. A page number that is printed before it is known is found by a first pass that measures and
   draws nothing; passes are repeated until nothing moves, and only that one is written.
3. A recording is waited for where its waveform is drawn. One that cannot be decoded after all is
   left out of the next pass.
"""

import calendar
import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from reportlab.pdfbase.pdfdoc import PDFDocument, PDFFile, PDFString
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from evidence.progress import Progress
from reports.media import Media, WaveformMedia
from reports.packet import Packet
from reports.pdf import styles as look
from reports.pdf.fonts import BOLD, SANS, Glyphs
from reports.pdf.kit import Kit, Pages
from reports.pdf.text import Typesetter

Story = Callable[[Kit], list[Flowable]]

_Ended = Callable[[], None]
"""Told each exhibit that has come to its end."""

MAX_PASSES = 5
"""Passes until page numbers settle; two are the rule."""


class Anchor(Flowable):  # type: ignore[misc]  # reportlab has no types
    """An invisible mark: link target, bookmark and page number of what follows."""

    def __init__(self, name: str, title: str = "", level: int = 0) -> None:
        """Mark ``name``; with a ``title`` it is in the outline."""
        super().__init__()
        self.name, self.title, self.level = name, title, level
        self.keepWithNext = 1

    def wrap(self, *_available: float) -> tuple[float, float]:
        """Take no room."""
        return 0, 0

    def draw(self) -> None:
        """Set the bookmark where the flowable lies."""
        canvas = self.canv
        canvas.bookmarkHorizontal(self.name, 0, 14)
        if self.title:
            canvas.addOutlineEntry(self.title, self.name, self.level, closed=self.level > 0)


class End(Flowable):  # type: ignore[misc]  # reportlab has no types
    """An invisible mark behind an exhibit: its number stands on every page up to here."""

    def __init__(self, label: str) -> None:
        """Mark the end of the exhibit ``label``."""
        super().__init__()
        self.label = label

    def wrap(self, *_available: float) -> tuple[float, float]:
        """Take no room."""
        return 0, 0

    def draw(self) -> None:
        """Draw nothing."""


class _MeasuringFrame(Frame):  # type: ignore[misc]  # reportlab has no types
    """Gives everything its place and draws nothing."""

    def add(self, flowable: Flowable, canvas: Canvas, trySplit: int = 0) -> Any:  # noqa: N803
        """Place a flowable."""
        flowable.drawOn = _draw_nothing
        try:
            return super().add(flowable, canvas, trySplit)
        finally:
            del flowable.drawOn


def _draw_nothing(*_arguments: Any, **_options: Any) -> None:
    """Stand in for ``Flowable.drawOn``."""


class _Document(BaseDocTemplate):  # type: ignore[misc]  # reportlab has no types
    """Notes the page of every anchor."""

    def __init__(self, kept: "_Kept", packet: Packet, pages: Pages, ended: _Ended) -> None:
        super().__init__(
            kept.out,
            pagesize=(look.PAGE_WIDTH, look.PAGE_HEIGHT),
            leftMargin=look.LEFT,
            rightMargin=look.RIGHT,
            topMargin=look.TOP,
            bottomMargin=look.BOTTOM,
            title=packet.letter.title,
            author=packet.complainant.name,
            subject=f"{packet.respondent.name} {packet.channel}",
            creator=packet.program,
            producer=packet.program,
            lang="zh-CN",
            initialFontName=SANS,
        )
        kind = _MeasuringFrame if kept.measuring else Frame
        frame = kind(
            look.LEFT,
            look.BOTTOM,
            look.BODY_WIDTH,
            look.BODY_HEIGHT,
            leftPadding=0,
            rightPadding=0,
            topPadding=0,
            bottomPadding=0,
        )
        self._packet = packet
        self._known = pages
        self._exhibits = pages.exhibits()
        self._measuring = kept.measuring
        self._ended = ended
        self.found = Pages()
        self.addPageTemplates([PageTemplate(id="page", frames=[frame], onPage=self._furniture)])

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 - reportlab's name
        """Note where an anchor came to lie."""
        if isinstance(flowable, Anchor):
            self.found.first_of[flowable.name] = self.page
        elif isinstance(flowable, End):
            self.found.last_of[flowable.label] = self.page
            self._ended()

    def _furniture(self, canvas: Canvas, _document: Any) -> None:
        self.found.total = max(self.found.total, self.page)
        if self._measuring:
            return
        packet = self._packet
        canvas.saveState()
        canvas.setFont(SANS, 7.5)
        canvas.setFillColor(look.GREY)
        top = look.PAGE_HEIGHT - 14 * 2.834
        code = packet.integrity.short_code
        left = f"{packet.letter.materials}  案件 {packet.integrity.case_id[:8]}  检查点 {code}"
        canvas.drawString(look.LEFT, top, left)
        canvas.drawRightString(look.PAGE_WIDTH - look.RIGHT, top, packet.made_on_text)
        exhibits = self._exhibits.get(self.page)
        if exhibits:
            canvas.setFont(BOLD, 9)
            canvas.setFillColor(look.INK)
            right = look.PAGE_WIDTH - look.RIGHT
            canvas.drawRightString(right, top + 11, f"证据 {exhibits}")
            canvas.setFont(SANS, 7.5)
            canvas.setFillColor(look.GREY)
        canvas.setStrokeColor(look.RULE)
        canvas.setLineWidth(0.4)
        canvas.line(look.LEFT, top - 5, look.PAGE_WIDTH - look.RIGHT, top - 5)
        total = str(self._known.total) if self._known.total else "–"
        middle = (look.LEFT + look.PAGE_WIDTH - look.RIGHT) / 2
        canvas.drawCentredString(middle, 11 * 2.834, f"第 {self.page} 页　共 {total} 页")
        canvas.restoreState()


def typeset(
    packet: Packet,
    media: Mapping[str, Media],
    out: BinaryIO,
    *,
    glyphs: Glyphs,
    story: Story,
    progress: Progress,
) -> None:
    """Draw ``story`` to ``out``; ``progress`` is told exhibits, twice each: measured and drawn."""
    pages, shown = Pages(), dict(media)
    told = _told(progress, 2 * len(packet.exhibits))
    for number in range(MAX_PASSES):
        # The first pass knows no page number; the last one is kept as it is.
        last = number == MAX_PASSES - 1
        kept = _Kept(out, measuring=number == 0, anyway=last)
        found = _pass(packet, shown, kept, glyphs=glyphs, story=story, pages=pages, ended=told)
        lost = _lost(shown) if number else set()
        if number and not lost and (last or found == pages):
            break
        pages = found
        shown = {label: one for label, one in shown.items() if label not in lost}


def _told(progress: Progress, total: int) -> _Ended:
    """Return what tells ``progress`` one more, up to ``total``."""
    done = 0

    def ended() -> None:
        nonlocal done
        if done < total:
            done += 1
            progress(done, total)

    return ended


def _lost(media: Mapping[str, Media]) -> set[str]:
    """Return the recordings that cannot be decoded after all."""
    return {
        label
        for label, one in media.items()
        if isinstance(one, WaveformMedia) and one.peaks() is None
    }


@dataclasses.dataclass(frozen=True, slots=True)
class _Kept:
    """Where a pass goes if its page numbers are right."""

    out: BinaryIO
    measuring: bool
    """Nothing of the pass is drawn."""
    anyway: bool
    """Whether it is kept even if something moved."""


def _pass(
    packet: Packet,
    media: Mapping[str, Media],
    kept: _Kept,
    *,
    glyphs: Glyphs,
    story: Story,
    pages: Pages,
    ended: _Ended,
) -> Pages:
    kit = Kit(text=Typesetter(glyphs=glyphs), styles=look.styles(), media=media, pages=pages)
    document = _Document(kept, packet, pages, ended)

    def right() -> bool:
        settled = kept.anyway or document.found == pages
        return not kept.measuring and settled and not _lost(media)

    document.build(story(kit), canvasmaker=_canvas_maker(packet, kept.out, right))
    return document.found


class _Streamed(PDFDocument):  # type: ignore[misc]  # reportlab has no types
    """Writes each object as soon as it is formatted; reportlab collects all of them first."""

    out: BinaryIO

    @property
    def __accum__(self) -> PDFFile:
        """Where reportlab puts what it has formatted."""
        return self._file

    @__accum__.setter
    def __accum__(self, file: PDFFile) -> None:
        self._file = file
        for piece in file.strings:
            self.out.write(piece)
        file.strings.clear()
        file.write = self.out.write

    @__accum__.deleter
    def __accum__(self) -> None:
        """Keep the file: the end of it is still to come."""


def _canvas_maker(
    packet: Packet, out: BinaryIO, right: Callable[[], bool]
) -> Callable[..., Canvas]:
    """Return a canvas class whose only date is the packet's, and that is written if ``right``."""
    made_at = dt.datetime.fromisoformat(packet.made_at).astimezone(dt.UTC)

    class DatedCanvas(Canvas):  # type: ignore[misc]  # reportlab has no types
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **{**options, "invariant": 1})
            stamp = self._doc._timeStamp
            stamp.t = calendar.timegm(made_at.timetuple())
            stamp.lt = made_at.timetuple()
            stamp.YMDhms = tuple(made_at.timetuple())[:6]
            self._doc.Catalog.Lang = PDFString("zh-CN")
            self._doc.Catalog.PageMode = "/UseOutlines"

        def save(self) -> None:
            if right():
                self._doc.__class__ = _Streamed
                self._doc.out = out
                super().save()

    return DatedCanvas
