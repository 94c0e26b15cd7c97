"""Decide what the packet says, from the case and the rules alone.

Rules:

1. Pure: the same view, rules and time give the same packet.
2. Only what the person confirmed is said; facts are 疑似, the authority decides.
3. One respondent, one channel; nothing of another respondent gets in.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import NoReturn

from evidence.core.case_view import CaseView
from evidence.core.letter_text import LetterText
from evidence.core.moment_text import date_text, recorded_text
from evidence.core.packet_record import ReviewItem
from evidence.core.records import THIRD_PARTY_ROLES
from evidence.core.rules import Rules
from evidence.core.suggestion import Suggestion
from evidence.errors import (
    FindingsLeftOutError,
    NoComplainantError,
    NoFindingError,
    NothingForChannelError,
    UnknownRespondentError,
    ValueFormError,
)
from reports import texts
from reports.complaint import PartKind
from reports.decide import own_text
from reports.decide.annex import annex
from reports.decide.call_sheet import call_sheet
from reports.decide.context import Context, Selected
from reports.decide.exhibits import bundle_path, exhibits
from reports.decide.findings import findings
from reports.decide.hiding import hide
from reports.decide.integrity import IntegrityInput, integrity
from reports.decide.letter import letter
from reports.decide.numbering import numbered, numbering
from reports.decide.paste_texts import paste_texts
from reports.decide.police import belongs
from reports.decide.review import review
from reports.decide.select import select
from reports.decide.statistics import statistics
from reports.decide.third_parties import third_persons
from reports.decide.transcripts import transcript_seqs
from reports.disclosure import SPARING, Disclosure
from reports.packet import Channel, Packet
from reports.wishes import NO_WISHES, Wishes

__all__ = ["bundle_path", "decide", "disclosed_seqs", "gather", "letter_draft", "reviewed"]


def gather(
    view: CaseView,
    rules: Rules,
    *,
    channel: Channel,
    respondent_seq: int,
    made_at: str,
    texts: Mapping[int, str],
    own_words: tuple[Suggestion, ...] = (),
    wishes: Wishes = NO_WISHES,
    disclosure: Disclosure = SPARING,
) -> Context:
    """Return what the decision starts from.

    Args:
        view: the case as it stands.
        rules: the rules data.
        channel: where the packet goes.
        respondent_seq: the standing respondent.
        made_at: RFC 3339, the one time of this packet.
        texts: exhibit seq → content of a text exhibit.
        own_words: cautions about the person's own words.
        disclosure: how much of the exhibits is shown.
        wishes: what the person chose and wrote.

    Raises:
        UnknownRespondentError: if no such respondent stands.
        NoComplainantError: if nobody complains yet.
        NoFindingError: if nothing is tagged for this respondent.
        FindingsLeftOutError: if all that is tagged for it stays out of packets.
        NothingForChannelError: if the addressee has nothing to do with anything tagged.
        ValueFormError: if the respondent's type is not in the rules data.
        SupplementError: if the packet to add to is none for this respondent.
        LetterTextError: if the person's own words may not be printed.
    """
    respondent = next((r for r in view.respondents if r.seq == respondent_seq), None)
    if respondent is None:
        raise UnknownRespondentError(name=str(respondent_seq))
    if view.complainant is None:
        raise NoComplainantError
    kind = rules.respondent_types.get(respondent.record.type)
    if kind is None:
        known = " / ".join(rules.respondent_types)
        raise ValueFormError(value=respondent.record.type, what="机构类型", example=known)
    selected = select(view, respondent_seq)
    if not selected.tags:
        _no_findings(respondent.record.name, selected)
    context = _for_channel(
        Context(
            view=view,
            rules=rules,
            channel=channel,
            complainant=view.complainant,
            respondent=respondent,
            respondent_type=kind,
            made_at=made_at,
            selected=selected,
            texts=texts,
            own_words=own_words,
            disclosure=disclosure,
            wishes=wishes,
        )
    )
    given = numbering(view, respondent_seq, channel, wishes)
    context = dataclasses.replace(
        context, selected=numbered(context.selected, given), earlier=given.earlier
    )
    if wishes.letter is not None:
        own_text.check(context, wishes.letter)
    return context


def _for_channel(context: Context) -> Context:
    """Leave out the tags that the addressee has nothing to do with.

    Raises:
        NothingForChannelError: if none is left.
    """
    selected = context.selected
    kept = tuple(t for t in selected.tags if belongs(context, t.record.conduct))
    if not kept:
        raise NothingForChannelError(
            respondent=context.institution,
            channel=context.channel.value,
            seqs="、".join(str(t.seq) for t in selected.tags),
        )
    elsewhere = tuple(t for t in selected.tags if t not in kept)
    return dataclasses.replace(
        context, selected=dataclasses.replace(selected, tags=kept, tags_elsewhere=elsewhere)
    )


def _no_findings(respondent: str, selected: Selected) -> NoReturn:
    if selected.tags_left_out:
        seqs = "、".join(str(t.seq) for t in selected.tags_left_out)
        raise FindingsLeftOutError(respondent=respondent, seqs=seqs)
    raise NoFindingError(respondent=respondent)


def decide(context: Context, given: IntegrityInput) -> Packet:
    """Return everything that the packet says."""
    context = hide(context)
    found = findings(context)
    shown = exhibits(context, found)
    counted = statistics(context)
    complaint = letter(context, found, shown, counted)
    disclosed = disclosed_seqs(context)
    hotline = context.channel is Channel.HOTLINE_12378
    return Packet(
        channel=context.channel,
        made_at=context.made_at,
        made_on_text=_date(context.made_at),
        program=context.view.case.program,
        complainant=context.complainant.record,
        respondent=context.respondent.record,
        respondent_seq=context.respondent.seq,
        respondent_type_label=context.respondent_type.label,
        review=review(context, found),
        letter=complaint,
        findings=found,
        exhibits=shown,
        statistics=counted,
        annex=annex(context, found, complaint),
        notes=_notes(context),
        call_sheet=call_sheet(context, found, counted) if hotline else None,
        paste_texts=paste_texts(context, complaint, shown),
        integrity=integrity(context, given, len(disclosed)),
        disclosed=disclosed,
        third_persons=third_persons(context, found, shown),
        third_persons_lead=texts.load("third_parties")["lead"],
        supplements=context.earlier.packet.seq if context.earlier else None,
        order=texts.load("supplement")["order_time" if context.selected.by_time else "order_kept"],
    )


def reviewed(context: Context) -> tuple[ReviewItem, ...]:
    """Return what the person should look at before this packet is made."""
    context = hide(context)
    return review(context, findings(context))


def letter_draft(context: Context) -> tuple[LetterText, tuple[str, ...]]:
    """Return the letter's words that a person can write, and the lines that are generated.

    The rows are left out: the identity number has no place in a file that is edited.
    """
    context = hide(context)
    found = findings(context)
    complaint = letter(context, found, exhibits(context, found), statistics(context))
    free = (PartKind.OPENING, PartKind.REQUESTS, PartKind.OWN_WORDS)
    generated: list[str] = []
    for part in complaint.parts:
        if part.kind not in free:
            generated += ["", part.heading, *part.lines] if part.lines else []
    words = context.wishes.letter or LetterText(
        opening="\n".join(complaint.lines(PartKind.OPENING)),
        requests=complaint.lines(PartKind.REQUESTS),
    )
    return words, tuple(generated)


def disclosed_seqs(context: Context) -> tuple[int, ...]:
    """Return the entries whose bodies the bundle shows: this packet's own, nothing else."""
    selected = context.selected
    hidden = context.hidden.counts.keys() if context.hidden is not None else set()
    third_parties = context.disclosure.show_third_parties
    numbers = [
        n.seq
        for n in context.view.numbers.values()
        if context.view.respondent_seq(n.record.respondent) == context.respondent.seq
        and (third_parties or n.record.role not in THIRD_PARTY_ROLES)
    ]
    notes = [n.seq for group in selected.exhibit_notes.values() for n in group]
    transcribed = [s for e in selected.exhibits for s in transcript_seqs(context.view, e.seq)]
    words = {
        *(r.seq for r in selected.rows),
        *transcribed,
        *(t.seq for t in selected.tags),
        *(m.seq for e in selected.exhibits for m in context.view.masks_of(e.seq)),
        *notes,
        *(n.seq for n in selected.notes),
    }
    needed = {
        0,
        context.complainant.seq,
        context.respondent.seq,
        *numbers,
        *(e.seq for e in selected.exhibits),
    }
    return tuple(sorted(needed | (words - hidden)))


def _notes(context: Context) -> tuple[str, ...]:
    template: str = texts.load("exhibits")["texts"]["note"]
    return tuple(
        template.format(text=n.record.text, time=recorded_text(n.recorded_at))
        for n in context.selected.notes
    )


def _date(made_at: str) -> str:
    return date_text(dt.datetime.fromisoformat(made_at))
