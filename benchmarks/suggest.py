"""How good and how fast suggestions are: ``python benchmarks/suggest.py`` from the checkout.

The patterns are fixed rules, so there is nothing to train in folds; what counts are the rows that
they were not made from (``held_out``). Exit code 1 if those miss the bounds of the project.
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from evidence.core.suggest.builtin import load_suggester
from tests.evidence.core.suggest import scoring


def main() -> int:
    """Print the figures."""
    suggester = load_suggester()
    for title, names in (("held out", scoring.HELD_OUT), ("seen", scoring.SEEN)):
        show(title, names)
    rows = list(scoring.rows((*scoring.SEEN, *scoring.HELD_OUT)))
    start = time.perf_counter()
    for row in rows:
        suggester.suggest(row.text, channel=row.channel)
    each = (time.perf_counter() - start) / len(rows)
    print(f"{len(rows)} messages, {each * 1e6:.0f} microseconds each")
    unseen = scoring.total(scoring.score(suggester, scoring.rows(scoring.HELD_OUT)))
    return 0 if unseen.precision >= 0.90 and unseen.recall >= 0.80 else 1


def show(title: str, names: Sequence[str]) -> None:
    """Print precision and recall of each conduct."""
    scores = scoring.score(load_suggester(), scoring.rows(names))
    print(f"== {title}: conduct, rows with it, precision, recall")
    for conduct, one in sorted(scores.items()):
        count = one.right + one.missed
        print(f"{conduct:<28} {count:4d}  {one.precision:5.2f}  {one.recall:5.2f}")
    whole = scoring.total(scores)
    print(
        f"{'all':<28} {whole.right + whole.missed:4d}  {whole.precision:5.3f}  {whole.recall:5.3f}"
    )


if __name__ == "__main__":
    sys.exit(main())
