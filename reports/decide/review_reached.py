"""Points of the review about marks of an hour or a number that the packet does not show."""

from collections.abc import Iterator, Sequence

from evidence.core.call_counts import tally
from reports.decide.context import Context
from reports.decide.findings import time_of_act
from reports.decide.places import runs
from reports.decide.reached import Shown
from reports.decide.review_points import Point
from reports.packet import Finding


def not_shown(context: Context, found: Sequence[Finding]) -> Iterator[Point]:
    """Yield night calls whose time is not at night, and many calls that are not counted."""
    shown = Shown(tally(context.selected.calls))
    tags = {t.seq: t for t in context.selected.tags}
    groups: dict[str, list[Finding]] = {"night-not-shown": [], "number-not-shown": []}
    for finding in found:
        tag = tags[finding.tag_seq]
        reached = shown.of(tag.record, context.moment(tag.record), time_of_act(context, tag))
        if finding.conduct_id == "off_hours" and not reached.at_night:
            groups["night-not-shown"].append(finding)
        many = reached.answered or reached.unanswered
        if finding.conduct_id == "excessive_calls" and not many:
            groups["number-not-shown"].append(finding)
    for code, listed in groups.items():
        if listed:
            seqs = [f.tag_seq for f in listed]
            numbers = runs(f.number for f in listed)
            yield Point.of(code, *seqs, numbers=numbers, seq=seqs[0])
