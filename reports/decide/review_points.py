"""One point of the review before it is put into words."""

import dataclasses
import re
import shlex
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True, slots=True)
class Point:
    """A code of ``review.toml``, the entries it is about, and what its words are filled with."""

    code: str
    seqs: tuple[int, ...]
    fields: Mapping[str, object]

    @classmethod
    def of(cls, code: str, *about: int, **fields: object) -> "Point":
        """Return a point; each entry once, in the order given."""
        return cls(code, tuple(dict.fromkeys(about)), fields)


def shell_word(text: str) -> str:
    """Return ``text`` as one word of a command, quoted only where a shell needs it."""
    return text if re.fullmatch(r"[\w.]+", text) else shlex.quote(text)
