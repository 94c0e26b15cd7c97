"""Where the program's clock ran backwards: an entry says an earlier time than the one before it.

Rules:

1. The order of the entries is that of the chain, not of the clock. That a clock was set back is
   told, and is never taken for a change of the case.
2. Which of the two times is wrong cannot be seen: the clock may have been ahead before.
3. Clocks are corrected by a little all the time; less than ``LEAST`` is not told.
"""

import dataclasses
import datetime as dt

LEAST = dt.timedelta(minutes=1)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SetBack:
    """An entry that was recorded at an earlier time than the one before it."""

    seq: int
    before: str
    """When the entry before it was recorded, by the same clock."""
    recorded_at: str
    seconds: int
    """By how much it is earlier."""


def set_back(before: str, seq: int, recorded_at: str) -> SetBack | None:
    """Compare an entry with the time of the last one before it; ``before`` is empty if none is."""
    if before[:-1] <= recorded_at[:-1]:  # without the Z, texts of this form sort as their times
        return None
    lost = dt.datetime.fromisoformat(before) - dt.datetime.fromisoformat(recorded_at)
    if lost < LEAST:
        return None
    seconds = round(lost.total_seconds())
    return SetBack(seq=seq, before=before, recorded_at=recorded_at, seconds=seconds)
