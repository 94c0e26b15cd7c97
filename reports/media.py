"""What the PDF shows of an exhibit besides text: a picture, or the shape of a sound."""

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self, TypeAlias


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PictureMedia:
    """A picture in the bundle."""

    path: Path
    media_type: str
    width: int
    """Pixels, as displayed."""
    height: int
    orientation: int = 1
    """EXIF orientation in which the stored pixels have to be turned for that."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class WaveformMedia:
    """Loudness of equal stretches of a recording, 0 to 1000."""

    peaks: tuple[int, ...]
    duration_ms: int


Media: TypeAlias = PictureMedia | WaveformMedia


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ComingMedia:
    """Media by exhibit label, of which the size is known before the contents.

    Decoding recordings takes as long as typesetting: one is done while the other is.
    """

    expected: Mapping[str, Media]
    """What will be shown; a recording's peaks are missing."""
    arrived: Callable[[], Mapping[str, Media]]
    """Waits for what is shown."""

    @classmethod
    def here(cls, media: Mapping[str, Media]) -> Self:
        """Return media that nobody has to wait for."""
        return cls(expected=media, arrived=lambda: media)
