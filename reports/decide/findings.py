"""疑似违规点: each confirmed tag with its time, place, words and the rules it may break."""

import dataclasses
import datetime as dt

from evidence.core import timecode
from evidence.core.case_view import Recorded
from evidence.core.citation import ActTime, Chosen, choose
from evidence.core.moment import CHINA, Meaning, Moment, parse_user_time
from evidence.core.moment_text import describe
from evidence.core.records import Exhibit, Medium, Note, Tag
from evidence.errors import EvidenceError
from reports.decide.context import Context
from reports.packet import Citation, Finding

_LOOK_BACK = dt.timedelta(days=3 * 365)
"""How far back an act of unknown time may lie when the person gave no date of default."""


def findings(context: Context) -> tuple[Finding, ...]:
    """Return the findings in order of time, numbered from 1."""
    exhibits = {e.seq: e for e in context.selected.exhibits}
    notes = {n.seq: n for n in context.view.notes}
    return tuple(
        _finding(context, place, tag, exhibits.get(tag.record.on), notes.get(tag.record.on))
        for place, tag in enumerate(context.selected.tags, start=1)
    )


def citations(chosen: tuple[Chosen, ...], context: Context) -> tuple[Citation, ...]:
    """Group the chosen provisions by instrument, keeping the order of the first of each."""
    grouped: dict[str, list[Chosen]] = {}
    for one in chosen:
        grouped.setdefault(one.provision.instrument, []).append(one)
    made: list[Citation] = []
    for group in grouped.values():
        ordered = sorted(group, key=lambda c: article_order(c.provision.id))
        first = ordered[0].provision
        remarks = dict.fromkeys(part for c in ordered for part in c.remark.split("；") if part)
        made.append(
            Citation(
                provision_ids=tuple(c.provision.id for c in ordered),
                instrument=first.instrument,
                articles=tuple(
                    dict.fromkeys(c.provision.article for c in ordered if c.provision.article)
                ),
                level=first.level,
                quotable=first.quotable,
                wording=context.rules.level_wording[first.level],
                remark="；".join(remarks),
            )
        )
    return tuple(made)


def _finding(
    context: Context,
    number: int,
    tag: Recorded[Tag],
    exhibit: Recorded[Exhibit] | None,
    note: Recorded[Note] | None,
) -> Finding:
    record = tag.record
    conduct = context.rules.conducts[record.conduct]
    moment = record.occurred
    if moment is None and exhibit is not None:
        moment = exhibit.record.occurred
    if moment is None and note is not None:
        moment = note.record.occurred
    chosen = choose(
        context.rules,
        conduct=conduct,
        respondent_type=context.respondent_type,
        act=_act_time(context, moment, tag.recorded_at),
    )
    return Finding(
        number=number,
        tag_seq=tag.seq,
        exhibit_label=context.selected.labels.get(record.on, ""),
        conduct_id=conduct.id,
        conduct_label=conduct.label,
        occurred_text=_time(record, exhibit, moment),
        quote=record.quote,
        place=_place(record, exhibit),
        span=record.span,
        region=record.region,
        comment=record.comment,
        counterpart=context.counterpart(exhibit.record) if exhibit else "",
        citations=citations(chosen, context),
    )


def _time(tag: Tag, exhibit: Recorded[Exhibit] | None, moment: Moment | None) -> str:
    if tag.occurred is not None:
        shown = describe(tag.occurred)[0]
        is_picture = exhibit is not None and exhibit.record.medium is Medium.SCREENSHOT
        return f"{shown}，{'图中显示、投诉人标注' if is_picture else '投诉人陈述'}"
    if moment is None:
        return "时间不明"
    if exhibit is not None and exhibit.record.conflicts and moment.value is None:
        return "时间来源有矛盾，见证据页"
    shown = describe(moment)[0]
    if moment.meaning is Meaning.CAPTURED:
        return f"{shown}，为截图时间"
    if moment.meaning is Meaning.SAVED:
        return f"{shown}，为图片保存时间"
    return shown


def _place(tag: Tag, exhibit: Recorded[Exhibit] | None) -> str:
    if tag.span is not None:
        first, last = timecode.display(tag.span.start_ms), timecode.display(tag.span.end_ms)
        return f"录音 {first}–{last}"
    if tag.region is not None:
        return "图片标注区域"
    if exhibit is None:
        return "情况说明"
    return {
        Medium.RECORDING: "录音全文",
        Medium.SCREENSHOT: "图片文字",
    }.get(exhibit.record.medium, "文字材料")


def _act_time(context: Context, moment: Moment | None, recorded_at: str) -> ActTime:
    """Return the days on which the act can lie.

    A picture is taken or saved after what it shows; an act of unknown time was before it was
    tagged. Both reach back to the default of the loan, or three years.
    """
    interval = moment.interval() if moment else None
    tagged = dt.datetime.fromisoformat(recorded_at)
    last = (interval[1] - dt.timedelta(microseconds=1)) if interval else tagged
    last_day = last.astimezone(CHINA).date()
    exact = moment is not None and moment.meaning not in (Meaning.CAPTURED, Meaning.SAVED)
    if interval is not None and exact:
        return ActTime(first=interval[0].astimezone(CHINA).date(), last=last_day)
    return ActTime(first=min(_earliest(context, last_day), last_day), last=last_day)


def _earliest(context: Context, last: dt.date) -> dt.date:
    try:
        given = parse_user_time(context.respondent.record.overdue_since).interval()
    except EvidenceError:
        given = None
    return given[0].astimezone(CHINA).date() if given else last - _LOOK_BACK


def article_order(identity: str) -> tuple[str, int]:
    """Order provisions of one instrument by the number at the end of their id."""
    family, _, tail = identity.rpartition("-")
    return (family, int(tail)) if tail.isdigit() else (identity, 0)


def strongest(found: tuple[Finding, ...], order: list[str], count: int) -> tuple[Finding, ...]:
    """Return up to ``count`` findings of different conduct, gravest first."""
    ranked = sorted(
        found,
        key=lambda f: (
            order.index(f.conduct_id) if f.conduct_id in order else len(order),
            not f.quote,
            f.number,
        ),
    )
    different: list[Finding] = []
    used: set[tuple[str, str]] = set()
    for finding in ranked:
        if finding.conduct_id in {d.conduct_id for d in different}:
            continue
        if (finding.exhibit_label, finding.quote) in used:
            continue
        used.add((finding.exhibit_label, finding.quote))
        different.append(finding)
    return tuple(different[:count])


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Findings of one conduct."""

    label: str
    numbers: tuple[int, ...]


def by_conduct(found: tuple[Finding, ...]) -> tuple[Group, ...]:
    """Return the findings grouped by conduct, in order of first occurrence."""
    groups: dict[str, list[int]] = {}
    for finding in found:
        groups.setdefault(finding.conduct_label, []).append(finding.number)
    return tuple(Group(label=k, numbers=tuple(v)) for k, v in groups.items())
