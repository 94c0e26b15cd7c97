"""Points of the review about exhibits, rows, third parties and the person's own words."""

from collections.abc import Callable, Iterator, Sequence

from evidence.core.case_view import Recorded
from evidence.core.mask import displayed, meet, overlap
from evidence.core.moment import Precision
from evidence.core.records import Direction, Exhibit, Medium, Tag
from evidence.core.transcript import Writer
from reports import texts
from reports.decide import masking
from reports.decide.context import Context
from reports.decide.places import label_runs, places, runs
from reports.decide.review_points import Point
from reports.decide.third_party_words import hider
from reports.packet import Finding

QUOTED = 5
"""Own words that are quoted in the review; more are only counted."""

LISTED = 20
"""Entries that are listed by number; more are only counted."""


def exhibits(context: Context, found: Sequence[Finding]) -> Iterator[Point]:
    """Yield exhibits that cannot be read, whose sources disagree, or that nothing is marked in."""
    marked = {f.exhibit_label for f in found}
    labels = context.selected.labels
    hidden = context.hidden
    added = context.disclosure.with_originals
    tests: dict[str, Callable[[Recorded[Exhibit]], bool]] = {
        "unreadable": lambda e: bool(e.record.unreadable),
        "conflict": lambda e: bool(e.record.conflicts),
        "time-unknown": lambda e: (
            e.record.occurred.precision is Precision.UNKNOWN
            and not e.record.conflicts
            and not context.withheld(e.seq)
        ),
        "third-party": lambda e: (
            masking.is_third_party(context.view, e.record) and e.seq not in context.text_copies
        ),
        "clear-in-records": lambda e: hidden is not None and e.seq in hidden.clear,
        "clear-in-originals": lambda e: (
            hidden is not None
            and e.seq in context.texts
            and e.seq not in context.text_copies
            and hidden.counts.get(e.seq, 0) > 0
        ),
        "masked": lambda e: not added and context.mask(e.seq) is not None,
        "masked-text": lambda e: not added and e.seq in context.text_copies,
        "masked-with-originals": lambda e: (
            added and (context.mask(e.seq) is not None or e.seq in context.text_copies)
        ),
        "picture-in-clear": lambda e: (
            e.record.medium is Medium.SCREENSHOT
            and not e.record.unreadable
            and context.mask(e.seq) is None
            and not masking.is_third_party(context.view, e.record)
        ),
        "no-purpose": lambda e: labels[e.seq] not in marked and not context.withheld(e.seq),
    }
    for code, test in tests.items():
        seqs = [e.seq for e in context.selected.exhibits if test(e)]
        if seqs:
            listed = label_runs(labels[seq] for seq in seqs)
            yield Point.of(code, *seqs, labels=listed, seq=seqs[0])


def rows(context: Context, _found: Sequence[Finding]) -> Iterator[Point]:
    """Yield what the person should know of exports: what is shown of them, and their own words."""
    selected = context.selected
    exports = [e.seq for e in selected.exhibits if context.withheld(e.seq)]
    own = [r.seq for r in selected.rows if r.record.text and r.record.direction is Direction.OUT]
    if own:
        yield Point.of("own-messages", *own, places=places(context, own))
    if exports:
        listed = label_runs(selected.labels[seq] for seq in exports)
        yield Point.of("exports", *exports, labels=listed, count=len(selected.rows))
    if selected.rows_left_out:
        yield Point.of("rows-left-out", count=selected.rows_left_out)


def own_words(context: Context, _found: Sequence[Finding]) -> Iterator[Point]:
    """Yield the person's own words in this packet that can hurt them."""
    shown = {n.seq for n in context.selected.notes}
    shown |= {n.seq for group in context.selected.exhibit_notes.values() for n in group}
    found = [
        (caution.on, caution)
        for caution in context.own_words
        if caution.on is not None and (context.label(caution.on) or caution.on in shown)
    ]
    for on, caution in found[:QUOTED]:
        place = texts.load("findings")["place"]["note"] if on in shown else places(context, (on,))
        yield Point.of(
            "own-words",
            on,
            place=place,
            quote=caution.quote,
            explanation=caution.explanation,
            seq=on,
        )
    rest = list(dict.fromkeys(on for on, _caution in found[QUOTED:]))
    if rest:
        listed = "、".join(map(str, rest[:LISTED])) + ("……" if len(rest) > LISTED else "")
        yield Point.of("own-words-more", *rest, count=len(found) - QUOTED, seqs=listed)


def third_parties(context: Context, found: Sequence[Finding]) -> Iterator[Point]:
    """Yield where third parties and identity numbers are hidden, or would be printed."""
    if context.hidden is not None and context.hidden.counts:
        counts = context.hidden.counts
        listed = "、".join(_hidden_places(context, found))
        yield Point.of("hidden-words", *counts, count=sum(counts.values()), places=listed)
    hits = _in_clear(context, found)
    where = [*hits.values()]
    written = context.wishes.letter
    if written is not None and hider(context.view, third_parties=True).finds(
        "\n".join((written.opening, *written.requests, written.closing))
    ):
        where.append(texts.load("review_places")["letter"])
    if where:
        yield Point.of("third-party-in-text", *hits, places="、".join(where))


def masked_places(context: Context, found: Sequence[Finding]) -> Iterator[Point]:
    """Yield words that are printed though they stand, or may stand, in a masked place."""
    tags = {t.seq: t.record for t in context.selected.tags}
    overlapping = [f for f in found if f.quote and _in_mask(context, tags[f.tag_seq])]
    if overlapping:
        numbers = runs(f.number for f in overlapping)
        yield Point.of("masked-quote", *(f.tag_seq for f in overlapping), numbers=numbers)
    loose = [
        t
        for t in context.view.transcripts
        if t.stands
        and t.record.writer is Writer.PERSON
        and t.record.corrects is None
        and context.exhibit(t.record.on) is not None
        and context.mask(t.record.on) is not None
        and any(line.span is None and line.region is None for line in t.record.lines)
    ]
    if loose:
        labels = "、".join(dict.fromkeys(context.label(t.record.on) for t in loose))
        yield Point.of("masked-transcript", *(t.seq for t in loose), labels=labels)


def _in_mask(context: Context, tag: Tag) -> bool:
    mask, entry = context.mask(tag.on), context.exhibit(tag.on)
    if mask is None or entry is None:
        return False
    if tag.region is not None:
        box = displayed(tag.region, entry.record)
        return any(overlap(box, region) for region in mask.regions)
    return tag.span is not None and any(meet(tag.span, span) for span in mask.spans)


def _hidden_places(context: Context, found: Sequence[Finding]) -> Iterator[str]:
    """Yield where something is hidden, each place once."""
    counts = context.hidden.counts if context.hidden is not None else {}
    words = texts.load("review_places")
    for finding in found:
        if finding.tag_seq in counts:
            yield words["finding"].format(number=finding.number)
    for exhibit in context.selected.exhibits:
        own = [t.seq for t in context.view.transcripts if t.record.on == exhibit.seq]
        if counts.keys() & {exhibit.seq, *own}:
            yield words["words"].format(label=context.selected.labels[exhibit.seq])
    on_exhibits = context.selected.exhibit_notes.values()
    notes = [*context.selected.notes, *(n for group in on_exhibits for n in group)]
    yield from (words["note"].format(seq=n.seq) for n in notes if n.seq in counts)
    rows = [r.seq for r in context.selected.rows if r.seq in counts]
    if rows:
        yield places(context, rows)


def _in_clear(context: Context, found: Sequence[Finding]) -> dict[int, str]:
    """Return where the full number or the name of a third party stands in what is printed."""
    hide = hider(context.view, third_parties=True)
    words = texts.load("review_places")
    hits: dict[int, str] = {}
    for finding in found:
        if hide.finds(f"{finding.quote}\n{finding.comment}"):
            hits[finding.tag_seq] = words["finding"].format(number=finding.number)
    for exhibit in context.selected.exhibits:
        label = context.selected.labels[exhibit.seq]
        if hide.finds(f"{exhibit.record.name}\n{exhibit.record.origin.path}"):
            hits[exhibit.seq] = words["name"].format(label=label)
        elif hide.finds(context.texts.get(exhibit.seq, "")):
            hits[exhibit.seq] = words["text"].format(label=label)
    on_exhibits = context.selected.exhibit_notes.values()
    notes = [*context.selected.notes, *(n for group in on_exhibits for n in group)]
    hits |= {n.seq: words["note"].format(seq=n.seq) for n in notes if hide.finds(n.record.text)}
    listed = [r.seq for r in context.selected.rows if hide.finds(r.record.text)]
    hits |= {seq: places(context, (seq,)) for seq in listed}
    return hits
