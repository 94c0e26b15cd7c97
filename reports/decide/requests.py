"""投诉请求: what can be asked of an addressee, as the person chose or the findings call for."""

from collections.abc import Iterable, Mapping
from typing import Any

from evidence.errors import ValueFormError
from reports import texts
from reports.decide.context import Context
from reports.packet import Channel, Finding


def proposed(
    context: Context, found: tuple[Finding, ...], names: Mapping[str, str]
) -> tuple[str, ...]:
    """Return the program's words for the chosen requests, or those that the findings call for.

    Raises:
        ValueFormError: if a request was chosen that this addressee cannot be asked.
    """
    return tuple(row["text"].format_map(names) for row in _chosen(context, found))


def offered(channel: Channel) -> tuple[Mapping[str, Any], ...]:
    """Return the requests that can be made to an addressee."""
    rows = texts.load("letter")["requests"]
    return tuple(row for row in rows if channel.value in row["channels"])


def keys(channel: Channel, asks: Iterable[str]) -> tuple[str, ...]:
    """Return the keys of requests that are named by key or label.

    Raises:
        ValueFormError: if there is no such request to this addressee.
    """
    rows = offered(channel)
    named = {word: row["key"] for row in rows for word in (row["key"], row["label"])}
    wanted: list[str] = []
    for ask in asks:
        if ask not in named:
            known = "、".join(f"{row['key']}（{row['label']}）" for row in rows)
            raise ValueFormError(value=ask, what="请求", example=known)
        wanted.append(named[ask])
    return tuple(dict.fromkeys(wanted))


def _chosen(context: Context, found: tuple[Finding, ...]) -> tuple[Mapping[str, Any], ...]:
    rows, asks = offered(context.channel), context.wishes.asks
    marked = {f.conduct_id for f in found}
    if not asks:
        return tuple(r for r in rows if "conducts" not in r or marked & set(r["conducts"]))
    wanted = keys(context.channel, asks)
    return tuple(row for row in rows if row["key"] in wanted)
