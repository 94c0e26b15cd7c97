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
    told = [opening, "".join(_new(context, earlier, found, words)), "".join(_gone(context, words))]
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
    if not any(f.new for f in found) and not _new_exhibits(context, earlier):
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
    new = [f.number for f in found if f.new]
    exhibits = _new_exhibits(context, earlier)
    if new:
        yield words["findings"].format(count=len(new), numbers=_listed(new))
    if exhibits:
        yield words["exhibits"].format(count=len(exhibits), labels=_listed(exhibits))
    labels = context.selected.labels
    grown: dict[str, int] = {}
    for row in context.selected.rows:
        known = row.record.export in earlier.exhibits
        if known and row.seq >= earlier.packet.record.size:
            grown[labels[row.record.export]] = grown.get(labels[row.record.export], 0) + 1
    if grown:
        yield words["rows"].format(labels=_listed(sorted(grown)), count=sum(grown.values()))
    if not new and not exhibits and not grown:
        yield words["nothing"]
    yield words["kept"]


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


def _new_exhibits(context: Context, earlier: Earlier) -> list[str]:
    labels = context.selected.labels
    return [labels[e.seq] for e in context.selected.exhibits if e.seq not in earlier.exhibits]


def _listed(items: Iterable[object]) -> str:
    return "、".join(map(str, items))
