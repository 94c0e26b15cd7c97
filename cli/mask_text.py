"""Masks in words, the same wherever they are shown."""

from cli.display import safe
from cli.i18n import _
from evidence.core import timecode
from evidence.core.mask import Mask
from evidence.core.records import Region, Span


def region_text(region: Region) -> str:
    """Return where a box of a picture lies."""
    return _("区域 {left},{top},{width},{height}").format(
        left=region.left, top=region.top, width=region.width, height=region.height
    )


def span_text(span: Span) -> str:
    """Return where a passage of a recording lies."""
    return f"{timecode.display(span.start_ms)}–{timecode.display(span.end_ms)}"


def places_text(record: Mask) -> str:
    """Return every place of a mask."""
    return _("、").join([*map(region_text, record.regions), *map(span_text, record.spans)])


def mask_text(record: Mask) -> str:
    """Return the places of a mask and why."""
    if not record.reason:
        return places_text(record)
    return _("{text}（{note}）").format(text=places_text(record), note=safe(record.reason))
