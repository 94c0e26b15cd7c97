"""Rules with an hour or a number in them are named only where the packet itself shows it.

Rules:

1. A rule about night hours is named only if the act lies wholly in 22:00–8:00: a call as the
   statistics count it, anything else by its own time. The time of a picture is not that of the act.
2. A rule about so many answered, or unanswered, calls a day is named only if the statistics of this
   packet count more on that very day. Otherwise a reader would find the figure that refutes it.
3. What is not shown is not denied: the other rules for the conduct stay.
"""

import dataclasses
from collections.abc import Mapping

from evidence.core.call_counts import CallCounts, CountedCall, DayCount
from evidence.core.citation import ActTime, Chosen
from evidence.core.moment import Moment
from evidence.core.night import night
from evidence.core.records import Tag
from evidence.core.suggest.call_patterns import ANSWERED_A_DAY, UNANSWERED_A_DAY

NIGHT_RULES = frozenset({"gbt45251-hours", "cba2026-hours"})
ANSWERED_RULES = frozenset({"gbt45251-freq-interactive", "gbt45251-freq-notice"})
UNANSWERED_RULES = frozenset({"cba2026-freq"})


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What the packet's own times and counts show of one act."""

    at_night: bool
    answered: bool
    unanswered: bool

    def keep(self, chosen: tuple[Chosen, ...]) -> tuple[Chosen, ...]:
        """Return the provisions without those that the packet does not show."""
        absent: set[str] = set()
        for shown, group in (
            (self.at_night, NIGHT_RULES),
            (self.answered, ANSWERED_RULES),
            (self.unanswered, UNANSWERED_RULES),
        ):
            absent |= set() if shown else group
        return tuple(one for one in chosen if one.provision.id not in absent)


class Shown:
    """The statistics of a packet, ready to be asked about one act after another."""

    def __init__(self, counts: CallCounts) -> None:
        """Index the counted calls by the entries that speak of them."""
        self._days: Mapping[object, DayCount] = {day.day: day for day in counts.days}
        self._calls: Mapping[int, CountedCall] = {
            seq: counted for counted in counts.counted for seq in counted.call.seqs
        }

    def of(self, tag: Tag, moment: Moment | None, act: ActTime) -> Reached:
        """Return what is shown of the act that ``tag`` marks at ``moment``."""
        day = self._days.get(act.first) if act.exact and act.first == act.last else None
        return Reached(
            at_night=self._at_night(tag, moment, act),
            answered=day is not None and day.answered > ANSWERED_A_DAY,
            unanswered=day is not None and day.unanswered > UNANSWERED_A_DAY,
        )

    def _at_night(self, tag: Tag, moment: Moment | None, act: ActTime) -> bool:
        counted = self._calls.get(tag.on)
        if counted is not None and tag.occurred is None:
            return counted.at_night is True
        return act.exact and moment is not None and night(moment) is True
