"""疑似违规点: each confirmed tag with its time, place, words and the rules it may break."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from evidence.core import timecode
from evidence.core.call_counts import tally
from evidence.core.case_view import Recorded
from evidence.core.citation import ActTime, act_time, choose
from evidence.core.export_row import ExportRow
from evidence.core.moment import Meaning, Moment, Precision, Source
from evidence.core.moment_text import describe
from evidence.core.records import Exhibit, Medium, Tag
from evidence.errors import UnknownConductError
from reports import texts
from reports.decide import masking
from reports.decide.citations import citations
from reports.decide.context import Context
from reports.decide.masked import drawn_region
from reports.decide.places import row_place
from reports.decide.reached import Shown
from reports.packet import Finding


def findings(context: Context) -> tuple[Finding, ...]:
    """Return the findings in order of their numbers.

    Raises:
        UnknownConductError: if a tag names a conduct that the rules data do not have.
    """
    words = texts.load("findings")
    shown = Shown(tally(context.selected.calls))
    return tuple(
        _finding(context, context.selected.finding_numbers[tag.seq], tag, words, shown)
        for tag in context.selected.tags
    )


def time_of_act(context: Context, tag: Recorded[Tag]) -> ActTime:
    """Return the days on which the act can lie."""
    return act_time(
        context.moment(tag.record),
        told_at=dt.datetime.fromisoformat(tag.recorded_at),
        not_before=context.not_before,
    )


def _finding(
    context: Context, number: int, tag: Recorded[Tag], words: Mapping[str, Any], shown: Shown
) -> Finding:
    record, rules = tag.record, context.rules
    conduct = rules.conducts.get(record.conduct)
    if conduct is None:
        raise UnknownConductError(conduct=record.conduct, known=tuple(rules.conducts))
    exhibit, note = context.exhibit(record.on), context.note(record.on)
    on_exhibit = note.record.on if note is not None else record.on
    row = context.row(record.on)
    moment = context.moment(record)
    act = time_of_act(context, tag)
    chosen = choose(
        rules,
        conduct=conduct,
        respondent_type=context.respondent_type,
        channel=context.channel.value,
        act=act,
    )
    return Finding(
        number=number,
        tag_seq=tag.seq,
        exhibit_label=context.label(on_exhibit) if on_exhibit is not None else "",
        conduct_id=conduct.id,
        conduct_label=conduct.label,
        occurred_text=_time(record, exhibit, moment, words["time"]),
        quote=record.quote,
        place=row_place(row.record.position.record)
        if row is not None
        else _place(record, exhibit, words["place"]),
        span=record.span,
        region=drawn_region(exhibit, record.region),
        comment=record.comment,
        counterpart=_counterpart(context, exhibit, row, words["counterpart"]),
        citations=citations(
            shown.of(record, moment, act).keep(chosen), rules, context.channel.value
        ),
        date_remark="" if act.exact else rules.date_inexact,
        last_day=act.last,
        new=context.earlier is not None and tag.seq not in context.earlier.tags,
    )


def _counterpart(
    context: Context,
    exhibit: Recorded[Exhibit] | None,
    row: Recorded[ExportRow] | None,
    words: Mapping[str, str],
) -> str:
    if row is not None:
        said = texts.load("rows")["counterpart"]
        return masking.row_counterpart(context.view, row.record, said)
    if exhibit is None:
        return ""
    show = context.disclosure.show_third_parties
    return masking.counterpart(context.view, exhibit.record, words, show=show)


def _time(
    tag: Tag, exhibit: Recorded[Exhibit] | None, moment: Moment | None, words: Mapping[str, str]
) -> str:
    """Return the time with what it is the time of, where that is not the act."""
    if moment is None or moment.precision is Precision.UNKNOWN:
        conflicts = exhibit.record.conflicts if exhibit else ()
        torn = tag.occurred is None and any(c.field == "occurred" for c in conflicts)
        return words["conflict" if torn else "unknown"]
    time, _ = describe(moment)
    if tag.occurred is not None:
        picture = exhibit is not None and exhibit.record.medium is Medium.SCREENSHOT
        return words["by_picture" if picture else "by_person"].format(time=time)
    return words[_kind_of_time(moment)].format(time=time)


def _kind_of_time(moment: Moment) -> str:
    if moment.meaning in (Meaning.CAPTURED, Meaning.SAVED):
        return moment.meaning.value
    if moment.source is Source.MTIME:
        return "mtime"
    if moment.year_inferred:
        return "year_inferred"
    return "by_person" if moment.source is Source.USER else "plain"


def _place(tag: Tag, exhibit: Recorded[Exhibit] | None, words: Mapping[str, str]) -> str:
    if tag.span is not None:
        first, last = timecode.display(tag.span.start_ms), timecode.display(tag.span.end_ms)
        return words["span"].format(first=first, last=last)
    if tag.region is not None:
        return words["region"]
    if exhibit is None:
        return words["note"]
    return words.get(exhibit.record.medium.value, words["document"])
