"""Points of the review about exhibits, rows, third parties and the person's own words."""

import re
from collections.abc import Callable, Iterator, Sequence

from evidence.core.case_view import Recorded
from evidence.core.moment import Precision
from evidence.core.records import THIRD_PARTY_ROLES, Direction, Exhibit
from reports import texts
from reports.decide import masking
from reports.decide.context import Context
from reports.decide.places import places
from reports.decide.review_points import Point
from reports.packet import Finding

SHORT = 2
"""A name of one character is in every text."""


def exhibits(context: Context, found: Sequence[Finding]) -> Iterator[Point]:
    """Yield exhibits that cannot be read, whose sources disagree, or that nothing is marked in."""
    marked = {f.exhibit_label for f in found}
    labels = context.selected.labels
    code_masked = "masked-with-originals" if context.disclosure.with_originals else "masked"
    tests: dict[str, Callable[[Recorded[Exhibit]], bool]] = {
        "unreadable": lambda e: bool(e.record.unreadable),
        "conflict": lambda e: bool(e.record.conflicts),
        "time-unknown": lambda e: (
            e.record.occurred.precision is Precision.UNKNOWN
            and not e.record.conflicts
            and not context.withheld(e.seq)
        ),
        "third-party": lambda e: masking.is_third_party(context.view, e.record),
        code_masked: lambda e: context.mask(e.seq) is not None,
        "no-purpose": lambda e: labels[e.seq] not in marked and not context.withheld(e.seq),
    }
    for code, test in tests.items():
        seqs = [e.seq for e in context.selected.exhibits if test(e)]
        if seqs:
            listed = "、".join(labels[seq] for seq in seqs)
            yield Point.of(code, *seqs, labels=listed, seq=seqs[0])


def rows(context: Context, _found: Sequence[Finding]) -> Iterator[Point]:
    """Yield what the person should know of exports: what is shown of them, and their own words."""
    selected = context.selected
    exports = [e.seq for e in selected.exhibits if context.withheld(e.seq)]
    own = [r.seq for r in selected.rows if r.record.text and r.record.direction is Direction.OUT]
    if own:
        yield Point.of("own-messages", *own, places=places(context, own))
    if exports:
        listed = "、".join(selected.labels[seq] for seq in exports)
        yield Point.of("exports", *exports, labels=listed, count=len(selected.rows))
    if selected.rows_left_out:
        yield Point.of("rows-left-out", count=selected.rows_left_out)


def own_words(context: Context, _found: Sequence[Finding]) -> Iterator[Point]:
    """Yield the person's own words in this packet that can hurt them."""
    shown = {n.seq for n in context.selected.notes}
    shown |= {n.seq for group in context.selected.exhibit_notes.values() for n in group}
    for caution in context.own_words:
        on = caution.on
        label = context.label(on) if on is not None else ""
        if on is None or not (label or on in shown):
            continue
        place = texts.load("findings")["place"]["note"] if on in shown else places(context, (on,))
        yield Point.of(
            "own-words",
            on,
            place=place,
            quote=caution.quote,
            explanation=caution.explanation,
            seq=on,
        )


def third_parties(context: Context, found: Sequence[Finding]) -> Iterator[Point]:
    """Yield where the full number or the name of a third party stands in what is printed."""
    pattern = _of_third_parties(context)
    if pattern is None:
        return
    words = texts.load("review_places")
    hits: dict[int, str] = {}
    for finding in found:
        if pattern.search(f"{finding.quote}\n{finding.comment}"):
            hits[finding.tag_seq] = words["finding"].format(number=finding.number)
    for exhibit in context.selected.exhibits:
        label = context.selected.labels[exhibit.seq]
        if pattern.search(f"{exhibit.record.name}\n{exhibit.record.origin.path}"):
            hits[exhibit.seq] = words["name"].format(label=label)
        elif pattern.search(context.texts.get(exhibit.seq, "")):
            hits[exhibit.seq] = words["text"].format(label=label)
    on_exhibits = context.selected.exhibit_notes.values()
    notes = [*context.selected.notes, *(n for group in on_exhibits for n in group)]
    hits |= {n.seq: words["note"].format(seq=n.seq) for n in notes if pattern.search(n.record.text)}
    listed = [r.seq for r in context.selected.rows if pattern.search(r.record.text)]
    hits |= {seq: places(context, (seq,)) for seq in listed}
    where = [*hits.values()]
    written = context.wishes.letter
    if written is not None and pattern.search(
        "\n".join((written.opening, *written.requests, written.closing))
    ):
        where.append(words["letter"])
    if where:
        yield Point.of("third-party-in-text", *hits, places="、".join(where))


def _of_third_parties(context: Context) -> re.Pattern[str] | None:
    """Return what finds a third party's number or name; words like 母亲 name nobody."""
    kin = frozenset(texts.load("review_places")["kin"])
    wanted: set[str] = set()
    for number, known in context.view.numbers.items():
        if known.record.role not in THIRD_PARTY_ROLES:
            continue
        wanted.add(number)
        name = re.split("[（(]", known.record.name)[0].strip()
        if len(name) >= SHORT and name not in kin:
            wanted.add(name)
    longest = sorted((re.escape(word) for word in wanted if word), key=len, reverse=True)
    return re.compile("|".join(longest)) if longest else None
