"""补充材料: what a packet adds to the one that was handed in before, in words.

Rules:

1. It names the earlier packet by day, checkpoint code and receipt number, and says what is new and
   what is gone; an addressee with both can check that one log extends the other.
2. What is new is what no packet along this chain had.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from evidence.core.deadlines import Matter
from evidence.core.moment_text import recorded_text, time_text
from reports import texts
from reports.decide import numbering
from reports.decide.context import Context, Earlier
from reports.decide.review_points import Point
from reports.packet import Finding


def lines(context: Context, found: Sequence[Finding], names: Mapping[str, str]) -> tuple[str, ...]:
    """Return the paragraphs of the letter; none if the packet adds to nothing."""
    earlier, words = context.earlier, texts.load("supplement")
    if earlier is None:
        return ()
    record = earlier.packet.record
    opening = words["opening"].format(
        who=names["who"],
        made=recorded_text(earlier.packet.recorded_at),
        submitted=_submitted(earlier.matter, words),
        code=words["code"].format(code=record.code) if record.code else "",
        receipt=_receipt(earlier.matter, words),
    )
    new = "".join(_new(context, earlier, found, words)) or words["nothing"]
    told = [opening, new + words["kept"], "".join(_gone(context, words))]
    told.append(words["log"].format(size=record.size))
    return tuple(line for line in told if line)


def title(context: Context, plain: str) -> str:
    """Return the letter's title; a packet that adds to another says so."""
    if context.earlier is None:
        return plain
    return str(texts.load("supplement")["title"]).format(title=plain)


def spoken(context: Context) -> str:
    """Return the sentence for the telephone; empty if the packet adds to nothing."""
    earlier, words = context.earlier, texts.load("supplement")
    if earlier is None:
        return ""
    if earlier.matter is None:
        return str(words["spoken_undated"])
    day = time_text(earlier.matter.submission.record.occurred)
    said: str = words["spoken"].format(day=day, receipt=_receipt(earlier.matter, words))
    return said


def review(context: Context, found: Sequence[Finding]) -> Iterator[Point]:
    """Yield that the packet adds to an earlier one, and what that means."""
    earlier = context.earlier
    if earlier is None:
        return
    seq = earlier.packet.seq
    day = recorded_text(earlier.packet.recorded_at).partition(" ")[0]
    rule = texts.provision_names(context.rules)["cmp2020_18"]
    yield Point.of("supplement", seq, day=day, seq=seq, rule=rule)
    if not any(_new(context, earlier, found, texts.load("supplement"))):
        yield Point.of("nothing-new", seq)


def _submitted(matter: Matter | None, words: Mapping[str, str]) -> str:
    if matter is None:
        return ""
    return words["submitted"].format(day=time_text(matter.submission.record.occurred))


def _receipt(matter: Matter | None, words: Mapping[str, str]) -> str:
    number = matter.receipt if matter is not None else ""
    return words["receipt"].format(receipt=number) if number else ""


def _new(
    context: Context, earlier: Earlier, found: Sequence[Finding], words: Mapping[str, str]
) -> Iterator[str]:
    """Yield a sentence for each kind of thing that the earlier packet did not have."""
    new = [f.number for f in found if f.new]
    if new:
        yield words["findings"].format(count=len(new), numbers=_listed(new))
    labels, size = context.selected.labels, earlier.packet.record.size
    exhibits = [labels[e.seq] for e in context.selected.exhibits if e.seq not in earlier.exhibits]
    if exhibits:
        yield words["exhibits"].format(count=len(exhibits), labels=_listed(exhibits))
    grown = [
        labels[r.record.export]
        for r in context.selected.rows
        if r.record.export in earlier.exhibits and r.seq >= size
    ]
    if grown:
        yield words["rows"].format(labels=_listed(sorted(set(grown))), count=len(grown))
    on_exhibits = context.selected.exhibit_notes.values()
    notes = [*context.selected.notes, *(n for group in on_exhibits for n in group)]
    count = sum(note.seq >= size for note in notes)
    if count:
        yield words["notes"].format(count=count)


def _gone(context: Context, words: Mapping[str, str]) -> Iterator[str]:
    earlier = context.earlier
    if earlier is None:
        return
    record = earlier.packet.record
    here = {e.seq for e in context.selected.exhibits}
    tags = {t.seq for t in context.selected.tags}
    findings = [n for seq, n in record.numbered_tags().items() if seq not in tags]
    exhibits = [n for seq, n in record.numbered_exhibits().items() if seq not in here]
    if findings:
        yield words["findings_gone"].format(numbers=_listed(findings))
    if exhibits:
        yield words["exhibits_gone"].format(labels=_listed(map(numbering.label, exhibits)))


def _listed(items: Iterable[object]) -> str:
    return "、".join(map(str, items))
