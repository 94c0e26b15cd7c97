"""The program's clock, injected so that tests and rebuilt packets decide what time it is."""

import datetime as dt
from collections.abc import Callable

Clock = Callable[[], dt.datetime]
"""Returns an aware instant; read it once for each thing that is recorded."""


def system_clock() -> dt.datetime:
    """Return the machine's time in UTC."""
    return dt.datetime.now(dt.UTC)


def rfc3339(instant: dt.datetime) -> str:
    """Return ``instant`` as RFC 3339 in UTC with milliseconds and ``Z``."""
    if instant.tzinfo is None:
        raise TypeError("naive datetime")
    return instant.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
