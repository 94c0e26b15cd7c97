"""What the PDF shows of an exhibit besides text: a picture, or the shape of a sound."""

import dataclasses
from pathlib import Path
from typing import TypeAlias


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PictureMedia:
    """A picture in the bundle."""

    path: Path
    media_type: str
    width: int
    height: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class WaveformMedia:
    """Loudness of equal stretches of a recording, 0 to 1000."""

    peaks: tuple[int, ...]
    duration_ms: int


Media: TypeAlias = PictureMedia | WaveformMedia
