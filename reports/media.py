"""What the PDF shows of an exhibit besides text: a picture, or the shape of a sound."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

Peaks: TypeAlias = tuple[int, ...]
"""Loudness of equal stretches of a recording, 0 to 1000."""


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
    """A recording."""

    duration_ms: int
    peaks: Callable[[], Peaks | None]
    """Waits until it is decoded; None if it cannot be after all."""


Media: TypeAlias = PictureMedia | WaveformMedia
