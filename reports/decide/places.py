"""How the packet names where something stands: ``E012 第 57 条``, or ``E003`` for an exhibit.

Positions that follow each other are joined; a list of places never repeats a label.
"""

from collections.abc import Iterable, Mapping

from reports import texts
from reports.decide.context import Context


def row_place(record: int) -> str:
    """Return ``第 57 条``."""
    return str(texts.load("rows")["place"]["row"]).format(record=record)


def place(context: Context, seq: int) -> str:
    """Return where an entry of this packet stands."""
    return places(context, (seq,))


def places(context: Context, seqs: Iterable[int]) -> str:
    """Return where entries stand, by label, each position once."""
    words = texts.load("rows")["place"]
    rows = {r.seq: r.record for r in context.selected.rows}
    by_label: dict[str, list[int]] = {}
    for seq in seqs:
        positions = by_label.setdefault(context.label(seq), [])
        if seq in rows:
            positions.append(rows[seq].position.record)
    whole = words["join"].join(label for label in sorted(by_label) if not by_label[label])
    listed = [
        words["rows"].format(label=label, records=runs(records))
        for label, records in sorted(by_label.items())
        if records
    ]
    return str(words["join_exhibits"]).join([whole, *listed] if whole else listed)


def label_runs(labels: Iterable[str]) -> str:
    """Return ``E001、E003–E005``."""
    return _joined({int(label[1:]): label for label in labels})


def runs(numbers: Iterable[int]) -> str:
    """Return ``1、3–5``."""
    return _joined({number: str(number) for number in numbers})


def _joined(words: Mapping[int, str]) -> str:
    """Return the words in order of their numbers; of those that follow each other, the ends."""
    found: list[list[str]] = []
    last: int | None = None
    for number in sorted(words):
        if last is not None and number == last + 1:
            found[-1].append(words[number])
        else:
            found.append([words[number]])
        last = number
    return "、".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else "、".join(run) for run in found)
