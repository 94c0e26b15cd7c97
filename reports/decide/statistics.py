"""通话统计: what can be counted from the recordings, with the rule and its limits in words.

Rules:

1. A call is counted once for each recording whose time is known; its hour is that of the claimed
   time. A recording of a call is a call that was answered.
2. Night is 22:00–08:00, and only if the whole interval of the claimed time lies inside.
3. No number is called a statutory maximum.
"""

from evidence.core.case_view import Recorded
from evidence.core.moment import CHINA, Precision
from evidence.core.night import night
from evidence.core.records import Exhibit, Medium
from reports.decide.context import Context
from reports.packet import CallCount, Statistics

RULE = (
    "每一份通话录音计为一次已接通的通话，日期和小时按证据清单中的形成时间（北京时间）；"
    "22:00 至次日 8:00 之间的计为夜间，时间只精确到分的，整分钟都在该时段内才计入。"
)
SOURCE = "投诉人导入的通话录音（文件名或文件内的时间，依据见证据清单）。"
LIMITS = (
    "未接来电只存在于手机的通话记录中，运营商详单也只列已接通的通话；本表没有统计它们，"
    "也没有统计没有录音的通话。因此本表只说明至少有这些通话，不代表全部次数。"
)


def statistics(context: Context) -> Statistics:
    """Return the counts per day and hour of the packet's recordings."""
    recordings = [e for e in context.selected.exhibits if e.record.medium is Medium.RECORDING]
    days: dict[str, list[tuple[Recorded[Exhibit], int]]] = {}
    undated: list[str] = []
    for entry in recordings:
        interval = entry.record.occurred.interval()
        if interval is None or entry.record.occurred.precision is Precision.DAY:
            undated.append(context.selected.labels[entry.seq])
            continue
        start = interval[0].astimezone(CHINA)
        days.setdefault(start.date().isoformat(), []).append((entry, start.hour))
    counts = tuple(_count(context, day, calls) for day, calls in sorted(days.items()))
    return Statistics(
        rule=RULE,
        source=SOURCE,
        limits=LIMITS,
        days=counts,
        undated=tuple(undated),
        total=sum(sum(c.by_hour) for c in counts),
        night_total=sum(c.night for c in counts),
    )


def _count(context: Context, day: str, calls: list[tuple[Recorded[Exhibit], int]]) -> CallCount:
    hours = [0] * 24
    for _, hour in calls:
        hours[hour] += 1
    return CallCount(
        day=day,
        by_hour=tuple(hours),
        night=sum(night(e.record.occurred) is True for e, _ in calls),
        exhibit_labels=tuple(context.selected.labels[e.seq] for e, _ in calls),
    )
