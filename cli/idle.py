"""When a command that waits has waited so long that it should forget the key of the case.

Rules:

1. Ending the process is what forgets a key (ADR 20); this only says when.
2. A file that is under way counts as something happening, but one that never stops changing, such
   as a log, does not keep the key for ever.
3. Time asleep counts: the monotonic clock of some systems stands still while a lid is closed, so
   the wall clock is asked as well. If that one jumps forward, the end comes early, which harms
   nothing; if it jumps back, the other one goes on.
"""

import dataclasses
import time
from collections.abc import Callable

from evidence.store.clock import Clock

UNDER_WAY = 4
"""How many times as long a file that is under way is waited for."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Moment:
    monotonic: float
    wall: float

    def since(self, before: "_Moment") -> float:
        return max(self.monotonic - before.monotonic, self.wall - before.wall)


class Idle:
    """Remembers when something last came, and when something last moved."""

    def __init__(
        self, seconds: float, *, clock: Clock, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Wait for ``seconds``; for ever if it is 0."""
        self._seconds = seconds
        self._clock = clock
        self._monotonic = monotonic
        self._came = self._moved = self._now()

    def too_long(self, *, came: bool, under_way: bool) -> bool:
        """Tell whether nothing has come for too long, after a look at what is there now."""
        now = self._now()
        if came:
            self._came = now
        if came or under_way:
            self._moved = now
        if not self._seconds:
            return False
        return (
            now.since(self._moved) >= self._seconds
            or now.since(self._came) >= self._seconds * UNDER_WAY
        )

    def _now(self) -> _Moment:
        return _Moment(self._monotonic(), self._clock().timestamp())
