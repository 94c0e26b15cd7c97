"""遮盖: what the packet says of an exhibit of which the person or the program masked places."""

from collections.abc import Iterator, Mapping

from evidence.core import timecode
from evidence.core.case_view import Recorded
from evidence.core.mask import Mask, displayed
from evidence.core.moment_text import recorded_text
from evidence.core.records import Exhibit, Region
from reports import texts
from reports.decide.context import Context
from reports.decide.third_parties import person
from reports.disclosure import CopyMade, MaskedCopy, TextCopy


def masked_copy(context: Context, entry: Recorded[Exhibit], original: str) -> MaskedCopy | None:
    """Return what is masked in an exhibit, by whom and why; ``original`` is its path."""
    mask, text = context.mask(entry.seq), context.text_copies.get(entry.seq)
    copy = context.copies.get(entry.seq)
    if copy is None:
        return None
    words: Mapping[str, str] = texts.load("masks")["said"]
    lines: list[str] = []
    if text is not None:
        lines += _of_text(context, text, copy, words)
    elif mask is not None:
        lines += [*_places(mask, words), *_who(context, entry.seq, words)]
        lines += _of_media(mask, copy, words)
    absent = context.original_absent(entry.seq)
    lines.append(words["absent"] if absent else words["present"].format(path=original))
    return MaskedCopy(
        path=copy.path,
        sha256=copy.sha256,
        size=copy.size,
        regions=mask.regions if mask else (),
        spans=mask.spans if mask else (),
        said=tuple(lines),
    )


def hidden_words(context: Context, seq: int) -> str:
    """Return how much of the words printed for an exhibit is hidden; empty if nothing is."""
    if context.hidden is None:
        return ""
    view, selected = context.view, context.selected
    about = {
        seq,
        *(r.seq for r in selected.rows if r.record.export == seq),
        *(t.seq for t in view.transcripts if t.record.on == seq),
        *(m.seq for m in view.masks if m.record.on == seq),
        *(n.seq for n in selected.exhibit_notes.get(seq, ())),
    }
    about |= {t.seq for t in selected.tags if t.record.on in about}
    count = sum(number for one, number in context.hidden.counts.items() if one in about)
    words: str = texts.load("masks")["words"]["exhibit"]
    return words.format(count=count) if count else ""


def drawn_region(entry: Recorded[Exhibit] | None, region: Region | None) -> Region | None:
    """Return where a tag's box lies in the picture that is drawn, which is upright."""
    return region if region is None or entry is None else displayed(region, entry.record)


def _of_text(
    context: Context, text: TextCopy, copy: CopyMade, words: Mapping[str, str]
) -> Iterator[str]:
    """Yield what the program hid in a text, because of whom, and what its copy is."""
    people = texts.load("third_parties")["person"]
    whose = [person(context, number, people) for number in text.whose]
    reasons = [words["of_persons"].format(whose="、".join(whose))] if whose else []
    reasons += [words["identity"]] if text.identity else []
    yield words["texts"].format(count=text.count, reasons=words["join"].join(reasons))
    yield words["text"].format(path=copy.path)


def _of_media(mask: Mask, copy: CopyMade, words: Mapping[str, str]) -> Iterator[str]:
    """Yield what the copy of a picture or recording is."""
    yield words["picture" if mask.regions else "recording"].format(path=copy.path)
    if mask.regions and copy.frames > 1:
        yield words["frames"].format(count=copy.frames)


def _places(mask: Mask, words: Mapping[str, str]) -> Iterator[str]:
    if mask.regions:
        boxes = (
            words["place"].format(left=r.left, top=r.top, width=r.width, height=r.height)
            for r in mask.regions
        )
        yield words["regions"].format(count=len(mask.regions), places=words["join"].join(boxes))
    if mask.spans:
        passages = (
            words["span"].format(
                first=timecode.display(s.start_ms), last=timecode.display(s.end_ms)
            )
            for s in mask.spans
        )
        yield words["spans"].format(count=len(mask.spans), places=words["join"].join(passages))


def _who(context: Context, seq: int, words: Mapping[str, str]) -> Iterator[str]:
    for mask in context.view.masks_of(seq):
        key = "reason" if mask.record.reason else "who"
        time = recorded_text(mask.recorded_at)
        yield words[key].format(time=time, reason=mask.record.reason)
