"""Labelled utterances and how suggestions are scored on them.

``data/*.tsv``: ``text labels channel note``; every row is invented. ``可选=a,b`` in the note are
labels that reasonable people may add: they are neither rewarded nor punished.

* ``visible.tsv`` and ``train_*.tsv``: the patterns were written or mended with these in view
  (``train_5`` and ``train_6`` were written without sight of the patterns and looked at later).
* ``held_out.tsv``: written without sight of the patterns, and never looked at row by row while
  the patterns were made. Its figures are the ones to believe.
"""

import dataclasses
from collections.abc import Iterable, Iterator
from pathlib import Path

from evidence.core.suggest.engine import Suggester

FOLDER = Path(__file__).parent / "data"
HELD_OUT = ("held_out",)
SEEN = ("visible", *(f"train_{number}" for number in range(1, 7)))


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One utterance with its labels."""

    text: str
    labels: frozenset[str]
    optional: frozenset[str]
    channel: str | None


@dataclasses.dataclass(slots=True)
class Score:
    """Right, wrong and missed suggestions."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.right + self.missed, 1)


def rows(names: Iterable[str]) -> Iterator[Row]:
    """Yield the rows of some files."""
    for name in names:
        text = (FOLDER / f"{name}.tsv").read_text(encoding="utf-8")
        for line in text.splitlines()[1:]:
            if line.strip():
                yield _row(line)


def score(suggester: Suggester, found: Iterable[Row]) -> dict[str, Score]:
    """Return the score of each conduct."""
    scores: dict[str, Score] = {}
    for row in found:
        got = {hit.conduct for hit in suggester.suggest(row.text, channel=row.channel)}
        for conduct in (got | row.labels) - row.optional:
            one = scores.setdefault(conduct, Score())
            one.right += conduct in got and conduct in row.labels
            one.wrong += conduct in got and conduct not in row.labels
            one.missed += conduct not in got
    return scores


def total(scores: dict[str, Score]) -> Score:
    """Return the score over all conducts."""
    return Score(
        right=sum(s.right for s in scores.values()),
        wrong=sum(s.wrong for s in scores.values()),
        missed=sum(s.missed for s in scores.values()),
    )


def _row(line: str) -> Row:
    text, labels, channel, note = [*line.split("\t"), "", "", ""][:4]
    _, _, optional = note.partition("可选=")
    named = optional.replace("；", ";").partition(";")[0].replace("，", ",")
    return Row(
        text=text,
        labels=_set(labels),
        optional=_set(named),
        channel=channel or None,
    )


def _set(text: str) -> frozenset[str]:
    return frozenset(part.strip() for part in text.split(",") if part.strip())
