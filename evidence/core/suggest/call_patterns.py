"""Signs in the calls themselves: the hour, and how many on one day (LAW.md, counting rules).

Rules:

1. Night is 22:00–8:00, and only if the whole interval in which the call can have begun lies
   inside; a call at the border is never suggested.
2. More than 3 answered calls on one day, or more than 6 unanswered attempts to reach the person
   on one day, are worth a look. Answered and unanswered are counted apart. Neither is a statutory
   maximum: the figures come from a recommended national standard and a guide of the industry,
   and the explanation says so.
3. Every count names the calls that were counted, so that it can be done again by hand.
"""

from collections.abc import Iterator, Mapping, Sequence

from evidence.core.call_counts import CallCounts, CountedCall, DayCount
from evidence.core.moment_text import date_text
from evidence.core.suggestion import Suggestion

ANSWERED_A_DAY = 3
UNANSWERED_A_DAY = 6

NIGHT, ANSWERED, UNANSWERED = "call-night", "calls-answered", "calls-unanswered"
EXPLANATIONS: Mapping[str, str] = {
    NIGHT: (
        "{day}有 {count} 次来电在 22:00 至次日 8:00 之间（{times}）。推荐性国家标准和行业指引"
        "要求避开这段时间，除非您事先同意；请确认没有约定过。"
    ),
    ANSWERED: (
        "{day}接通 {count} 次，超过推荐性国家标准所说的每日 3 次。标准说的是有效通话，"
        "太短、没说上话的不算；这不是法定上限，请核对后决定。"
    ),
    UNANSWERED: (
        "{day}未接通 {count} 次，超过行业指引所说的对同一号码每日不宜超过 6 次。"
        "这不是法定上限，请核对后决定。"
    ),
}


def suggestions(counts: CallCounts) -> Iterator[Suggestion]:
    """Yield what the counts of one respondent are signs of, day by day."""
    for day in counts.days:
        yield from _day(day)


def _day(day: DayCount) -> Iterator[Suggestion]:
    at_night = [c for c in day.calls if c.at_night is True]
    answered = [c for c in day.calls if c.call.answered is True]
    unanswered = [c for c in day.calls if c.call.answered is False]
    if at_night:
        yield _suggestion("off_hours", NIGHT, at_night)
    if len(answered) > ANSWERED_A_DAY:
        yield _suggestion("excessive_calls", ANSWERED, answered)
    if len(unanswered) > UNANSWERED_A_DAY:
        yield _suggestion("excessive_calls", UNANSWERED, unanswered)


def _suggestion(conduct: str, rule: str, calls: Sequence[CountedCall]) -> Suggestion:
    return Suggestion(
        conduct=conduct,
        pattern=rule,
        explanation=EXPLANATIONS[rule].format(
            day=date_text(calls[0].start),
            count=len(calls),
            times="、".join(f"{c.start:%H:%M}" for c in calls),
        ),
        on=_entry(calls[0]),
        calls=tuple(_entry(c) for c in calls),
        occurred=calls[0].call.occurred,
    )


def _entry(counted: CountedCall) -> int:
    """Return the entry that stands for a call: its best row, else its recording."""
    call = counted.call
    return call.rows[0].seq if call.rows else call.recordings[0].seq
