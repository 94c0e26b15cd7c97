"""Utterances: the words of one message or sentence, with the way back to where they stand.

Rules:

1. Lines of a picture that stand close under each other and share a side are one bubble; their text
   is joined without anything between. A quotation found in it leads back to its lines and boxes.
2. A bubble nearer the right edge than the left is the phone owner's own, as messaging apps draw it;
   one in the middle (times, notices) is nobody's.
3. Every line of a recording's transcript is an utterance of its own.
"""

import dataclasses
import enum
from collections.abc import Iterator, Sequence

from evidence.core.records import Region, Span
from evidence.core.transcript import CurrentLine

OWN_NAMES = frozenset({"我", "本人", "自己", "借款人", "投诉人"})
"""What a person writes before the colon for themselves."""


class Side(enum.StrEnum):
    """Whose words they are, as far as their place or mark says."""

    OTHER = "other"
    OWN = "own"
    UNKNOWN = "unknown"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """One run of words."""

    text: str
    side: Side
    lines: tuple[CurrentLine, ...]
    """The transcript lines it is made of, in order."""

    def within(self, start: int, end: int) -> tuple[CurrentLine, ...]:
        """Return the lines that characters ``start`` to ``end`` stand in."""
        found, place = [], 0
        for line in self.lines:
            after = place + len(line.line.text)
            if place < end and start < after:
                found.append(line)
            place = after
        return tuple(found)

    def span(self, start: int, end: int) -> Span | None:
        """Return the passage of the recording in which characters ``start`` to ``end`` are said."""
        spans = [line.line.span for line in self.within(start, end) if line.line.span is not None]
        if not spans:
            return None
        return Span(start_ms=min(s.start_ms for s in spans), end_ms=max(s.end_ms for s in spans))

    def region(self, start: int, end: int) -> Region | None:
        """Return the box of the picture in which characters ``start`` to ``end`` stand."""
        lines = self.within(start, end)
        return _around([line.line.region for line in lines if line.line.region is not None])


def of_recording(lines: Sequence[CurrentLine], *, own_name: str = "") -> Iterator[Utterance]:
    """Yield the lines of a recording's transcript (rule 3)."""
    own = OWN_NAMES | ({own_name} if own_name else set())
    for line in lines:
        speaker = line.line.speaker
        side = Side.UNKNOWN if not speaker else Side.OWN if speaker in own else Side.OTHER
        yield Utterance(text=line.line.text, side=side, lines=(line,))


def of_picture(lines: Sequence[CurrentLine], *, width: int | None) -> Iterator[Utterance]:
    """Yield the bubbles of a picture's transcript, from top to bottom (rules 1 and 2)."""
    bubble: list[CurrentLine] = []
    for line in lines:
        if bubble and not _continues(bubble, line):
            yield _bubble(bubble, width)
            bubble = []
        bubble.append(line)
    if bubble:
        yield _bubble(bubble, width)


def _continues(bubble: Sequence[CurrentLine], line: CurrentLine) -> bool:
    above, below = bubble[-1].line.region, line.line.region
    if above is None or below is None:
        return False
    height = min(above.height, below.height)
    gap = below.top - (above.top + above.height)
    left = abs(below.left - bubble[0].line.region.left) if bubble[0].line.region else 0
    right = abs((below.left + below.width) - (above.left + above.width))
    return -height / 2 <= gap <= height and min(left, right) <= height / 2


def _bubble(lines: Sequence[CurrentLine], width: int | None) -> Utterance:
    text = "".join(line.line.text for line in lines)
    box = _around([line.line.region for line in lines if line.line.region is not None])
    return Utterance(text=text, side=_side(box, width), lines=tuple(lines))


def _side(box: Region | None, width: int | None) -> Side:
    if box is None or not width:
        return Side.UNKNOWN
    left, right = box.left, width - box.left - box.width
    if abs(left - right) <= width * 0.05:
        return Side.UNKNOWN
    return Side.OWN if left > right and left > width * 0.15 else Side.OTHER


def _around(boxes: Sequence[Region]) -> Region | None:
    if not boxes:
        return None
    left, top = min(b.left for b in boxes), min(b.top for b in boxes)
    right = max(b.left + b.width for b in boxes)
    bottom = max(b.top + b.height for b in boxes)
    return Region(left=left, top=top, width=right - left, height=bottom - top)
