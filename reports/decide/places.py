"""How the packet names where something stands: ``E012 第 57 条``, or ``E003`` for an exhibit.

Positions that follow each other are joined; a list of places never repeats a label.
"""

from collections.abc import Iterable, Sequence

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


def runs(numbers: Sequence[int]) -> str:
    """Return ``1、3–5``."""
    found: list[list[int]] = []
    for number in sorted(set(numbers)):
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return "、".join(
        f"{run[0]}–{run[-1]}" if len(run) > 2 else "、".join(map(str, run)) for run in found
    )
