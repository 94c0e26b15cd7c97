"""What an importer is, and what it gives.

Rules:

1. Importers read only the stored copy. They never see the store, the clock or the network.
2. "Could not" is a value with a reason: ``Extraction.unreadable`` for a recording or picture that
   is kept all the same, ``Refusal`` for what is no evidence.
3. Importers that use decoders written in C run in a child process (``evidence.ingest.worker``);
   the others are plain Python over bytes and run where they are called.
"""

import dataclasses
import json
from typing import BinaryIO, Protocol

from evidence.core import moment
from evidence.core.canonical import JsonObject, JsonValue
from evidence.core.moment import Moment
from evidence.core.records import Medium

_LARGEST = 2**53


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """The facts that an importer read from the bytes."""

    importer: str
    media_type: str
    medium: Medium
    duration_ms: int | None = None
    codec: str = ""
    sample_rate: int | None = None
    channels: int | None = None
    width: int | None = None
    height: int | None = None
    text_encoding: str = ""
    moments: tuple[Moment, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    """Pairs of (field, where it came from)."""
    warnings: tuple[str, ...] = ()
    unreadable: str = ""
    """Chinese reason why the medium could not be decoded; empty when it was."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """The file is no evidence and is not taken in."""

    code: str
    """Stable ASCII: ``empty``, ``program``, ``unknown-type``."""
    reason: str
    """Chinese."""


class Importer(Protocol):
    """Recognises one family of files and reads the facts from it."""

    @property
    def name(self) -> str:
        """Stable ASCII name, kept with the exhibit."""

    @property
    def uses_decoder(self) -> bool:
        """Whether it calls decoders written in C and must run in the child process."""

    @property
    def general(self) -> bool:
        """Whether it gives way to an importer that reads more out of the same file."""

    def identify(self, head: bytes) -> bool:
        """Tell from the first bytes whether the file is of this family."""

    def extract(self, original: BinaryIO, size: int) -> Extraction | Refusal:
        """Return the facts of the whole file."""


def extraction_to_data(value: Extraction) -> dict[str, JsonValue]:
    """Return the JSON form that crosses from the child process."""
    data: dict[str, JsonValue] = {
        f.name: getattr(value, f.name)
        for f in dataclasses.fields(value)
        if f.name not in ("moments", "facts", "warnings", "medium")
    }
    data["medium"] = value.medium.value
    data["moments"] = [m.to_data() for m in value.moments]
    data["facts"] = dict(value.facts)
    data["warnings"] = list(value.warnings)
    return data


def extraction_from_data(data: JsonObject) -> Extraction:
    """Read ``extraction_to_data``'s form; raises KeyError, TypeError or ValueError for another.

    What a broken child sends must not become an entry that cannot be written or read again.
    """
    for name in ("duration_ms", "sample_rate", "channels", "width", "height"):
        number = data[name]
        if number is not None and not (type(number) is int and 0 <= number < _LARGEST):
            raise TypeError(name)
    for name in ("importer", "media_type", "codec", "text_encoding", "unreadable"):
        if not isinstance(data[name], str):
            raise TypeError(name)
    json.dumps(data, ensure_ascii=False).encode()  # ValueError: text that is no Unicode
    plain = {k: v for k, v in data.items() if k not in ("moments", "facts", "warnings", "medium")}
    moments, facts, warnings = data["moments"], data["facts"], data["warnings"]
    if not (isinstance(moments, list) and isinstance(facts, dict) and isinstance(warnings, list)):
        raise TypeError("extraction")
    return Extraction(
        medium=Medium(str(data["medium"])),
        moments=tuple(moment.from_data(m) for m in moments),
        facts=tuple((str(k), str(v)) for k, v in facts.items()),
        warnings=tuple(str(w) for w in warnings),
        **plain,  # type: ignore[arg-type]  # scalar fields, as written by extraction_to_data
    )
