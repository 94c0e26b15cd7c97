"""Which cases of the table a run takes where all of them take long.

``LIUHEN_TABLE`` in the environment: nothing for a part, ``all``, or ``rest`` for what that part
leaves out. ``.ci/run`` takes the part with all other tests and then the rest of the tests that are
marked ``table``, so that everything is run and nothing twice.
"""

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def chosen(every: Sequence[T], part: Sequence[T]) -> list[T]:
    """Return what of ``every`` this run takes, if an ordinary run takes ``part``."""
    match os.environ.get("LIUHEN_TABLE", ""):
        case "all":
            return list(every)
        case "rest":
            return [one for one in every if one not in part]
        case "":
            return list(part)
        case other:
            raise ValueError(f"LIUHEN_TABLE={other}")
