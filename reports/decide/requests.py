"""投诉请求: what is asked, as the findings call for it."""

from collections.abc import Mapping
from typing import Any

from reports import texts
from reports.decide.context import Context
from reports.packet import Finding


def requests(
    context: Context, found: tuple[Finding, ...], names: Mapping[str, str]
) -> tuple[str, ...]:
    """Return what is asked; what some conduct calls for only if that is marked."""
    marked = {f.conduct_id for f in found}
    return tuple(
        row["text"].format_map(names)
        for row in offered(context)
        if "conducts" not in row or marked & set(row["conducts"])
    )


def offered(context: Context) -> tuple[Mapping[str, Any], ...]:
    """Return the requests that can be made to this addressee.

    One that is not competent for the respondent is asked what a consumer would ask the lender.
    """
    channel = context.channel.value
    rows = texts.load("letter")["requests"]
    return tuple(row for row in rows if channel in row["channels"])
