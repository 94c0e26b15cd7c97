"""How much of the exhibits a packet shows, and the copies that it shows instead of originals."""

import dataclasses

from evidence.core.records import Region, Span


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """What the person chose to show; by default as little as the complaint needs."""

    show_third_parties: bool = False
    """Print names and numbers of third parties as they stand."""
    with_originals: bool = False
    """Add the originals of masked exhibits; the print shows the masked copies all the same."""
    clips: bool = False
    """Add the marked passages of recordings as files to listen to."""


SPARING = Disclosure()
"""The default."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class TextCopy:
    """A text exhibit in which the program hid third parties, to be put into the bundle."""

    text: str = dataclasses.field(repr=False)
    count: int
    """Places that are hidden."""
    whose: tuple[str, ...]
    """Numbers by which the case knows the third parties that stand in the original."""
    identity: bool
    """Whether an identity number stands there that is not the complainant's."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CopyMade:
    """A masked copy that lies in the bundle."""

    path: str
    """``data/redacted/E003.png``, ``data/redacted/E005.txt``."""
    sha256: str
    size: int
    frames: int
    """Of a picture: how many the original has; the copy has the first. Of a text: none."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class MaskedCopy:
    """What a packet says of a masked exhibit."""

    path: str
    sha256: str
    size: int
    regions: tuple[Region, ...]
    """In pixels of the copy."""
    spans: tuple[Span, ...]
    """Merged, in order."""
    said: tuple[str, ...]
    """How much is masked, by whom, when and why; where the original is."""
