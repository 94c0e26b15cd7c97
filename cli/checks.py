"""One thing that ``liuhen doctor`` looked at."""

import dataclasses
import enum


class State(enum.StrEnum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    """Stable ASCII name."""
    state: State
    text: str
    advice: str = ""
