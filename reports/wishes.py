"""What the person wishes for one packet, beside whom it goes to and against whom."""

import dataclasses

from evidence.core.letter_text import LetterText


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """Choices; the defaults are what the findings call for."""

    asks: tuple[str, ...] = ()
    """Requests of ``letter.toml`` by key; empty: those that the findings call for."""
    letter: LetterText | None = None
    """The letter's free words, if the person wrote them."""
    limits: tuple[tuple[str, int], ...] = ()
    """Pairs of (paste text, characters) instead of the lengths of ``paste.toml``."""
    split: int | None = None
    """Bytes under which the PDF is given in parts, too."""

    supplement: int | None = None
    """The packet entry that this one adds to; None: the latest that was handed in, if any."""
    fresh: bool = False
    """Add to nothing and number from the start, whatever was handed in."""


NO_WISHES = Wishes()
