"""Masks in words, the same wherever they are shown."""

import dataclasses

from cli.display import safe
from cli.i18n import _
from evidence.core import timecode
from evidence.core.case_view import CaseView
from evidence.core.mask import Mask, displayed
from evidence.core.records import Region, Span, Tag


def region_text(region: Region) -> str:
    """Return where a box of a picture lies."""
    return _("区域 {left},{top},{width},{height}").format(
        left=region.left, top=region.top, width=region.width, height=region.height
    )


def as_seen(tag: Tag, view: CaseView) -> Tag:
    """Return a tag with its box where the person sees it: a picture may be stored turned."""
    if tag.region is None:
        return tag
    on = next((e.record for e in view.exhibits if e.seq == tag.on), None)
    return tag if on is None else dataclasses.replace(tag, region=displayed(tag.region, on))


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
