"""Outside time: the timestamps of the case, what they cover, and the lag of each exhibit."""

import dataclasses
from collections.abc import Iterable, Mapping

from evidence.core import anchor_lag
from evidence.core.anchor_lag import AnchorLag
from evidence.core.case_view import Recorded
from evidence.core.moment_text import recorded_text
from evidence.core.timestamp import Timestamp
from reports import texts
from reports.decide.context import Context
from reports.decide.places import label_runs
from reports.packet import AnchorLagRow, Anchors, TimestampRow

MAX_ATTACHED = 999
"""Their files have numbers of three digits."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A timestamp with the number of its files."""

    number: str
    stamp: Recorded[Timestamp]


def attached(context: Context) -> tuple[Attached, ...]:
    """Return the timestamps that go into the bundle: the earliest, in order of their time."""
    ordered = sorted(context.view.timestamps, key=lambda t: (t.record.latest, t.seq))
    return tuple(
        Attached(number=f"{number:03d}", stamp=stamp)
        for number, stamp in enumerate(ordered[:MAX_ATTACHED], start=1)
    )


def anchor_texts(context: Context) -> Mapping[int, str]:
    """Return since when outside time covers each exhibit; nothing if there is no timestamp."""
    stamps = attached(context)
    if not stamps:
        return {}
    lags = _lags(context, stamps)
    return {e.seq: _text(lags[e.seq], stamps) for e in context.selected.exhibits}


def _lags(context: Context, stamps: tuple[Attached, ...]) -> Mapping[int, AnchorLag | None]:
    return anchor_lag.exhibit_lags(context.view, [one.stamp for one in stamps])


def _text(lag: AnchorLag | None, stamps: tuple[Attached, ...]) -> str:
    words = texts.load("anchors")
    if lag is None:
        return str(words["uncovered"])
    key = "lag"
    if lag.contradicts:
        key = "contradicts_recorded" if lag.since_recorded else "contradicts"
    return str(words[key]).format(
        time=recorded_text(lag.timestamp.record.attested_at),
        authority=lag.timestamp.record.authority,
        number=_number(lag, stamps),
        since=_since(lag),
        span=_span(lag),
    )


def anchors(context: Context) -> Anchors | None:
    """Return what the integrity page says of outside time; None without a timestamp."""
    stamps = attached(context)
    if not stamps:
        return None
    words = texts.load("anchors")
    lead = str(words["lead"]).format_map(texts.provision_names(context.rules))
    if len(stamps) < len(context.view.timestamps):
        more = str(words["more"])
        lead += more.format(total=len(context.view.timestamps), count=len(stamps))
    lags = _lags(context, stamps)
    return Anchors(
        lead=lead,
        timestamps=tuple(_row(one) for one in stamps),
        lag_lead=_lag_lead([lags[e.seq] for e in context.selected.exhibits]),
        lags=tuple(
            _lag_row(context.selected.labels[e.seq], lags[e.seq], stamps)
            for e in context.selected.exhibits
        ),
        uncovered=_uncovered(context, stamps),
    )


def _lag_lead(lags: Iterable[AnchorLag | None]) -> str:
    words = texts.load("anchors")
    recorded = any(lag is not None and lag.since_recorded for lag in lags)
    return str(words["lag_lead"]) + (str(words["lag_recorded"]) if recorded else "")


def _row(one: Attached) -> TimestampRow:
    words, record = texts.load("anchors"), one.stamp.record
    time = recorded_text(record.attested_at)
    if record.accuracy_ms is not None:
        seconds = f"{record.accuracy_ms / 1000:g}"
        time = str(words["accuracy"]).format(time=time, seconds=seconds)
    return TimestampRow(
        number=one.number,
        authority=record.authority,
        time_text=time,
        covers_text=str(words["covers"]).format(last=record.size - 1),
        roots=record.roots,
    )


def _lag_row(label: str, lag: AnchorLag | None, stamps: tuple[Attached, ...]) -> AnchorLagRow:
    words = texts.load("anchors")
    if lag is None:
        return AnchorLagRow(label=label, time_text="—", span=str(words["uncovered"]), covered=False)
    span = str(words["span"]).format(since=_since(lag), span=_span(lag))
    time = recorded_text(lag.timestamp.record.attested_at)
    return AnchorLagRow(
        label=label,
        time_text=f"{time}（{_number(lag, stamps)}）",
        span=_text(lag, stamps) if lag.contradicts else span,
        covered=True,
    )


def _number(lag: AnchorLag, stamps: tuple[Attached, ...]) -> str:
    return next(one.number for one in stamps if one.stamp.seq == lag.timestamp.seq)


def _since(lag: AnchorLag) -> str:
    words = texts.load("anchors")
    return str(words["since_recorded" if lag.since_recorded else "since_occurred"])


def _span(lag: AnchorLag) -> str:
    words = texts.load("anchors")
    days, hours, minutes = anchor_lag.parts(lag.seconds)
    key = "span_days" if days else "span_hours" if hours else "span_minutes"
    return str(words[key]).format(days=f" {days}", hours=hours, minutes=minutes)


def _uncovered(context: Context, stamps: tuple[Attached, ...]) -> str:
    words = texts.load("anchors")
    first = max(one.stamp.record.size for one in stamps)
    count = context.view.size - first
    bare = [e.seq for e in context.selected.exhibits if e.seq >= first]
    said = "" if bare else str(words["all_covered"])
    if count:
        said += str(words["bare"]).format(first=first, count=count)
    if bare:
        labels = label_runs(context.selected.labels[seq] for seq in bare)
        said += str(words["bare_exhibits"]).format(labels=labels)
    return said
