"""Entry kind ``mask``: places of an exhibit that readers of a packet do not get to see or hear.

Rules:

1. A mask is a statement of the person, never a change of the original: a derived copy is made
   from the original when a packet is made. It can be withdrawn.
2. Regions are pixels of the picture as it is displayed: with its EXIF orientation applied. The
   facts of an exhibit, and the regions of tags and transcripts, are in stored pixels; a person
   always writes and reads displayed ones.
3. Who masked is the complainant, whose case it is; when is the entry's ``recorded_at``.
"""

import dataclasses
from collections.abc import Iterable

from evidence.core.canonical import JsonObject, JsonValue
from evidence.core.record_json import as_object, items, plain, text
from evidence.core.records import Exhibit, Region, Span, region_from_data, span_from_data

MAX_PIXELS = 200_000_000
"""Pictures above this are never decoded, so they cannot be masked: 200 megapixels."""

_UPRIGHT = 1
_SIDEWAYS = frozenset({5, 6, 7, 8})
"""EXIF orientations whose displayed picture is as wide as the stored one is high."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Mask:
    """What of one exhibit is masked, and why."""

    on: int
    """The exhibit: a picture or a recording."""
    regions: tuple[Region, ...] = ()
    spans: tuple[Span, ...] = ()
    reason: str = ""


def mask_to_data(record: Mask) -> dict[str, JsonValue]:
    """Return entry data of kind ``mask``."""
    return plain(record)


def mask_from_data(data: JsonObject) -> Mask:
    """Read entry data of kind ``mask``."""
    return Mask(
        on=int(str(data["on"])),
        regions=tuple(region_from_data(as_object(r)) for r in items(data, "regions")),
        spans=tuple(span_from_data(as_object(s)) for s in items(data, "spans")),
        reason=text(data, "reason"),
    )


def combined(masks: Iterable[Mask]) -> Mask | None:
    """Return several masks of one exhibit as one; None if there is none."""
    every = tuple(masks)
    if not every:
        return None
    return Mask(
        on=every[0].on,
        regions=tuple(dict.fromkeys(r for m in every for r in m.regions)),
        spans=merged(tuple(s for m in every for s in m.spans)),
    )


def orientation(exhibit: Exhibit) -> int:
    """Return the EXIF orientation that the importer read, 1 to 8; 1 where there is none."""
    said = dict(exhibit.origin.facts).get("orientation", "").removeprefix("EXIF ")
    return int(said) if said in {"2", "3", "4", "5", "6", "7", "8"} else _UPRIGHT


def displayed_size(exhibit: Exhibit) -> tuple[int, int]:
    """Return width and height of a picture as it is displayed."""
    width, height = exhibit.width or 0, exhibit.height or 0
    return (height, width) if orientation(exhibit) in _SIDEWAYS else (width, height)


def displayed(region: Region, exhibit: Exhibit) -> Region:
    """Return where a box of the stored pixels lies in the picture as it is displayed."""
    size = exhibit.width or 0, exhibit.height or 0
    return _turned(region, orientation(exhibit), size)


def stored(region: Region, exhibit: Exhibit) -> Region:
    """Return where a box of the displayed picture lies in the stored pixels."""
    back = {6: 8, 8: 6}
    turned = orientation(exhibit)
    return _turned(region, back.get(turned, turned), displayed_size(exhibit))


def _turned(region: Region, turned: int, size: tuple[int, int]) -> Region:
    """Return where a box of a picture of ``size`` lies once that is turned as EXIF says."""
    left, top, width, height = region.left, region.top, region.width, region.height
    right = size[0] - left - width
    bottom = size[1] - top - height
    # What the stored left and top edges become, by EXIF 2.32 table 6.
    place = {
        2: (right, top),
        3: (right, bottom),
        4: (left, bottom),
        5: (top, left),
        6: (bottom, left),
        7: (bottom, right),
        8: (top, right),
    }.get(turned, (left, top))
    if turned in _SIDEWAYS:
        width, height = height, width
    return Region(left=place[0], top=place[1], width=width, height=height)


def overlap(one: Region, other: Region) -> bool:
    """Tell whether two boxes share a pixel."""
    return (
        one.left < other.left + other.width
        and other.left < one.left + one.width
        and one.top < other.top + other.height
        and other.top < one.top + one.height
    )


def meet(one: Span, other: Span) -> bool:
    """Tell whether two passages share a moment."""
    return one.start_ms < other.end_ms and other.start_ms < one.end_ms


def merged(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return the passages in order, those that touch or overlap as one."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda s: s.start_ms):
        if found and span.start_ms <= found[-1].end_ms:
            end = max(found[-1].end_ms, span.end_ms)
            found[-1] = dataclasses.replace(found[-1], end_ms=end)
        else:
            found.append(span)
    return tuple(found)
