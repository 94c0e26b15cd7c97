"""What every error has: a code, an exit code, a message and the next step."""

import dataclasses
import enum
from typing import ClassVar


class ExitCode(enum.IntEnum):
    """Process exit codes. They are an interface: never reuse a number."""

    OK = 0
    UNEXPECTED = 1
    USAGE = 2
    INPUT_UNUSABLE = 3
    CASE_UNUSABLE = 4
    MISSING_CAPABILITY = 5
    NOT_INTACT = 10
    INCOMPLETE = 11
    INTERRUPTED = 130


@dataclasses.dataclass(eq=False)
class EvidenceError(Exception):
    """Base of the tree. Catch it at the edge of the program only."""

    code: ClassVar[str] = "evidence-error"
    exit_code: ClassVar[ExitCode] = ExitCode.UNEXPECTED
    message: ClassVar[str] = "出现未预期的问题"
    hint: ClassVar[str] = ""

    def fields(self) -> dict[str, object]:
        """Return the typed fields by name, for messages and ``--json``."""
        return {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}

    def __str__(self) -> str:
        """Return the Chinese message followed by the next step."""
        fields = {name: _one_line(value) for name, value in self.fields().items()}
        text = self.message.format(**fields)
        return f"{text}\n{self.hint.format(**fields)}" if self.hint else text


def _one_line(value: object) -> object:
    """Return a text with its line breaks made visible, so that it cannot pass for a message."""
    if isinstance(value, tuple):
        return "、".join(str(choice) for choice in value)
    return value.replace("\n", "\\n").replace("\r", "\\r") if isinstance(value, str) else value


@dataclasses.dataclass(eq=False)
class CaseError(EvidenceError):
    """The case file as a whole cannot be used. Commands in the hint are on the file at ``path``."""

    exit_code: ClassVar[ExitCode] = ExitCode.CASE_UNUSABLE
    path: str


@dataclasses.dataclass(eq=False)
class InputError(EvidenceError):
    """Something given to a command cannot be used."""

    code: ClassVar[str] = "input-unusable"
    exit_code: ClassVar[ExitCode] = ExitCode.INPUT_UNUSABLE
