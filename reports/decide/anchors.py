"""Outside time: the timestamps of the case, what they cover, and the lag of each exhibit."""

import dataclasses

from evidence.core import anchor_lag
from evidence.core.anchor_lag import AnchorLag
from evidence.core.case_view import Recorded
from evidence.core.moment_text import recorded_text
from evidence.core.records import Exhibit
from evidence.core.timestamp import Timestamp
from reports import texts
from reports.decide.context import Context
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


def anchor_text(context: Context, entry: Recorded[Exhibit]) -> str:
    """Return since when outside time covers an exhibit; empty if the case has no timestamp."""
    if not context.view.timestamps:
        return ""
    words = texts.load("anchors")
    lag = _lag(context, entry)
    if lag is None:
        return str(words["uncovered"])
    key = "contradicts" if lag.contradicts else "lag"
    return str(words[key]).format(
        time=recorded_text(lag.timestamp.record.attested_at),
        authority=lag.timestamp.record.authority,
        number=_number(context, lag),
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
    return Anchors(
        lead=lead,
        timestamps=tuple(_row(one) for one in stamps),
        lag_lead=str(words["lag_lead"]),
        lags=tuple(_lag_row(context, entry) for entry in context.selected.exhibits),
        uncovered=_uncovered(context),
    )


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


def _lag_row(context: Context, entry: Recorded[Exhibit]) -> AnchorLagRow:
    words = texts.load("anchors")
    lag = _lag(context, entry)
    label = context.selected.labels[entry.seq]
    if lag is None:
        return AnchorLagRow(label=label, time_text="—", span=str(words["uncovered"]))
    span = anchor_text(context, entry) if lag.contradicts else f"距{_since(lag)}不超过{_span(lag)}"
    time = recorded_text(lag.timestamp.record.attested_at)
    return AnchorLagRow(label=label, time_text=f"{time}（{_number(context, lag)}）", span=span)


def _lag(context: Context, entry: Recorded[Exhibit]) -> AnchorLag | None:
    return anchor_lag.anchor_lag(
        (one.stamp for one in attached(context)),
        seq=entry.seq,
        occurred=None if context.withheld(entry.seq) else entry.record.occurred,
        recorded_at=entry.recorded_at,
    )


def _number(context: Context, lag: AnchorLag) -> str:
    return next(o.number for o in attached(context) if o.stamp.seq == lag.timestamp.seq)


def _since(lag: AnchorLag) -> str:
    words = texts.load("anchors")
    return str(words["since_recorded" if lag.since_recorded else "since_occurred"])


def _span(lag: AnchorLag) -> str:
    words = texts.load("anchors")
    days, hours, minutes = anchor_lag.parts(lag.seconds)
    key = "span_days" if days else "span_hours" if hours else "span_minutes"
    return str(words[key]).format(days=f" {days}", hours=hours, minutes=minutes)


def _uncovered(context: Context) -> str:
    words = texts.load("anchors")
    first = max(one.stamp.record.size for one in attached(context))
    count = context.view.size - first
    bare = [e.seq for e in context.selected.exhibits if e.seq >= first]
    said = "" if bare else str(words["all_covered"])
    if count:
        said += str(words["bare"]).format(first=first, count=count)
    if bare:
        labels = "、".join(context.selected.labels[seq] for seq in bare)
        said += str(words["bare_exhibits"]).format(labels=labels)
    return said
