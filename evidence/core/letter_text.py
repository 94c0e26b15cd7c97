"""The words of a complaint letter that the person wrote, as a ``packet`` entry keeps them."""

import dataclasses

from evidence.core.canonical import JsonObject
from evidence.core.record_json import items, text


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LetterText:
    """The blocks that a person can write; everything else of the letter is generated."""

    opening: str = ""
    requests: tuple[str, ...] = ()
    closing: str = ""


def letter_text_from_data(data: JsonObject) -> LetterText | None:
    """Read the blocks; None if the letter was the program's."""
    if not data:
        return None
    return LetterText(
        opening=text(data, "opening"),
        requests=tuple(str(item) for item in items(data, "requests")),
        closing=text(data, "closing"),
    )
