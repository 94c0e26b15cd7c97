"""How often they called, in one sentence for the letter and one for the call sheet.

Only where a call log or bill has counted calls: recordings alone say how often was recorded. The
sources are named, and what they cannot show is said.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from evidence.core.call_counts import tally
from evidence.core.moment import CHINA
from evidence.core.moment_text import date_text
from reports import texts
from reports.decide.context import Context
from reports.decide.statistics import kinds
from reports.packet import Statistics


def letter_figures(context: Context, counted: Statistics) -> tuple[str, ...]:
    """Return the sentence of the letter, or nothing."""
    if not _worth_telling(context):
        return ()
    says = texts.load("statistics")["figures"]
    busiest = max(counted.days, key=lambda d: sum(d.by_hour))
    most = sum(busiest.by_hour)
    sentence: str = says["letter"].format(
        sources=counted.source.rstrip("。"),
        first=_day(counted.days[0].day),
        last=_day(counted.days[-1].day),
        total=counted.total,
        answered=counted.answered,
        unanswered=_unanswered(context, counted, says),
        unclear=_if(counted.unclear, says["unclear"]),
        night=_if(counted.night_total, says["night"]),
        direction=_if(_undirected(context), says["direction"]),
        busiest=says["busiest"].format(day=_day(busiest.day), count=most) if most > 1 else "",
    )
    return (sentence,)


def sheet_figures(context: Context, counted: Statistics) -> tuple[str, ...]:
    """Return the sentence to be read aloud, or nothing."""
    if not _worth_telling(context):
        return ()
    says = texts.load("statistics")["figures"]
    found = _kinds(context)
    sources = "、".join(
        says[f"sheet_{kind}"] for kind in ("call_log", "bill", "recording") if kind in found
    )
    sentence: str = says["sheet"].format(
        sources=sources,
        first=_day(counted.days[0].day),
        last=_day(counted.days[-1].day),
        total=counted.total,
        direction=_if(_undirected(context), says["direction"]),
        unanswered=_if(counted.unanswered, says["sheet_unanswered"]),
        night=_if(counted.night_total, says["sheet_night"]),
    )
    return (sentence,)


def _worth_telling(context: Context) -> bool:
    return bool(_kinds(context) & {"call_log", "bill"})


def _kinds(context: Context) -> frozenset[str]:
    """Return the kinds of source that the counted calls have."""
    return frozenset().union(*(kinds(c.call) for c in tally(context.selected.calls).counted))


def _undirected(context: Context) -> int:
    """Return how many counted calls no source says who made."""
    return sum(c.call.direction is None for c in tally(context.selected.calls).counted)


def _unanswered(context: Context, counted: Statistics, says: Mapping[str, Any]) -> str:
    if "call_log" not in _kinds(context):
        return str(says["unanswered_unknown"])
    return str(says["unanswered"]).format(count=counted.unanswered)


def _if(count: int, template: str) -> str:
    return template.format(count=count) if count else ""


def _day(day: str) -> str:
    return date_text(dt.datetime.combine(dt.date.fromisoformat(day), dt.time(), CHINA))
