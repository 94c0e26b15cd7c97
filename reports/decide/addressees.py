"""Whom the letter goes to, and what it is called there (``reports/texts/documents.toml``).

A channel that is not competent for the kind of respondent is never written as the addressee: the
letter names who is, and the warnings say so.
"""

from collections.abc import Mapping
from typing import Any

from reports import texts
from reports.complaint import PartKind
from reports.decide.context import Context
from reports.packet import Channel


def document(context: Context) -> Mapping[str, Any]:
    """Return name, title, parts and signer of the letter."""
    words = texts.load("documents")
    return {**words["default"], **words.get(context.channel.value, {})}


def headings(context: Context) -> Mapping[PartKind, str]:
    """Return the headings of the letter's parts; a part without one has no heading."""
    said = texts.load("documents")["headings"]
    own = said.get(context.channel.value, {})
    who = document(context)["who"]
    found: dict[PartKind, str] = {}
    for kind in PartKind:
        template = own.get(kind.value, said.get(kind.value, ""))
        if template:
            found[kind] = template.format(who=who)
    return found


def competent(context: Context) -> bool:
    """Tell whether the channel's addressee is competent for this kind of respondent."""
    return context.channel.value in context.respondent_type.channels


def addressee(context: Context) -> str:
    """Return who is addressed: the channel's addressee, or who is competent instead."""
    words, kind = texts.load("documents"), context.respondent_type
    name = context.respondent.record.lender
    lender = words["lender"]["known" if name else "unknown"].format(name=name)
    if competent(context):
        template = words["addressee"][context.channel.value]
    elif context.channel is Channel.INSTITUTION and kind.lender_answers:
        template = "{lender}"
    else:
        template = words["other"][kind.id]
    said: str = template.format(institution=context.institution, lender=lender)
    return said
