"""One thing that ``liuhen doctor`` looked at."""

import dataclasses
import enum
from collections.abc import Mapping


class State(enum.StrEnum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


class Depth(enum.Enum):
    """How closely a case is looked at."""

    QUICK = enum.auto()
    """Its structure alone."""
    USUAL = enum.auto()
    """Every byte, and the cause of what does not match as far as that takes seconds."""
    DEEP = enum.auto()
    """The cause however long it takes."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    """Stable ASCII name."""
    state: State
    text: str
    advice: str = ""
    document: Mapping[str, object] = dataclasses.field(default_factory=dict)
    """What ``--json`` says beside the checks."""

    def to_json(self) -> dict[str, object]:
        """Return the check itself."""
        return {
            "name": self.name,
            "state": self.state.value,
            "text": self.text,
            "advice": self.advice,
        }
