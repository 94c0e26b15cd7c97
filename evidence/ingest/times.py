"""One time from several claims about it (FORMATS section 6).

Rules:

1. Claims are ranked by independence and precision: a person's own statement comes last, because
   the others were written by a machine at the time.
2. Claims are compared only after they are moved to the same moment: a recording's stop less its
   duration is its start; a stamp that may be start or stop agrees with either.
3. Within 5 s (60 s where one side is known to the minute) they corroborate each other. More than
   120 s apart they contradict: both are kept as a conflict and none is picked.
4. A name with month and day only takes year and time from a claim on the same month and day.
5. When a picture was taken or saved is never when a call or message happened: such a claim is
   only compared with claims of the same meaning, and gives way to a claim about the event.
"""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from evidence.core import moment
from evidence.core.moment import CHINA, Meaning, Moment, Precision, Source
from evidence.core.moment_text import describe, time_text
from evidence.core.records import Conflict

AGREE = dt.timedelta(seconds=5)
AGREE_MINUTE = dt.timedelta(seconds=60)
CONTRADICT = dt.timedelta(seconds=120)
ZONE_SLACK = dt.timedelta(seconds=15)

_RANK = {
    Source.BILL: 0,
    Source.CALL_LOG: 1,
    Source.SMS_EXPORT: 1,
    Source.SIDECAR: 2,
    Source.FILE_NAME: 3,
    Source.EXIF: 4,
    Source.CONTAINER: 5,
    Source.MTIME: 8,
    Source.USER: 9,
}
_COARSE = {Precision.MINUTE: 3, Precision.DAY: 5, Precision.MONTH_DAY: 7}
"""How far a coarse claim falls behind: a name to the minute comes after a container."""

_SHORT = {
    Source.FILE_NAME: "文件名时间",
    Source.EXIF: "图片 EXIF 时间",
    Source.CONTAINER: "录音文件内的时间（结束时刻减去时长）",
    Source.USER: "投诉人陈述的时间",
    Source.SIDECAR: "录音软件记录的时间",
    Source.CALL_LOG: "手机通话记录",
    Source.BILL: "运营商详单",
    Source.SMS_EXPORT: "短信备份",
    Source.MTIME: "文件修改时间",
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedTime:
    """What the claims come to."""

    occurred: Moment
    agreements: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


def resolve(candidates: Sequence[Moment], *, duration_ms: int | None) -> ResolvedTime:
    """Return the best claim with what agrees and what contradicts it."""
    known = [c for c in candidates if c.precision is not Precision.UNKNOWN]
    if not known:
        return ResolvedTime(occurred=moment.unknown())
    starts = [_as_start(c, duration_ms) for c in known]
    ranked = _complete_year(sorted(starts, key=_rank))
    best, rest = ranked[0], ranked[1:]
    agreements: list[str] = []
    contrary: list[tuple[Moment, str]] = []
    for other in rest:
        verdict, gaps = _compare(best, other, duration_ms)
        gap = min(gaps)
        if verdict == "agree":
            agreements.append(f"{_SHORT[other.source]}与之相互印证，相差 {_seconds(gap)} 秒")
        elif verdict == "contradict":
            contrary.append((other, _zone_note(gaps)))
        elif verdict == "near":
            shown = f"{_SHORT[other.source]}为 {time_text(other)}"
            agreements.append(f"{shown}，相差 {_seconds(gap)} 秒，未超出合理误差")
        else:
            time, basis = describe(other)
            agreements.append(f"另有时间：{time}，{basis}")
    if not contrary:
        return ResolvedTime(occurred=best, agreements=tuple(agreements))
    return ResolvedTime(
        occurred=moment.unknown("几处时间来源相互矛盾，均已列出，未作取舍"),
        agreements=tuple(agreements),
        conflicts=(
            Conflict(
                field="occurred",
                values=tuple(_claim(m) for m in (best, *(other for other, _ in contrary))),
                note="；".join(dict.fromkeys(note for _, note in contrary if note)),
            ),
        ),
    )


def _rank(claim: Moment) -> tuple[bool, int]:
    return _kind(claim) != "event", _RANK.get(claim.source, 9) + _COARSE.get(claim.precision, 0)


def _as_start(claim: Moment, duration_ms: int | None) -> Moment:
    """Return a recording's stop as its start, where the duration is known."""
    if claim.meaning is not Meaning.RECORDING_STOP or duration_ms is None:
        return claim
    interval = claim.interval()
    if interval is None:
        return claim
    try:
        start = (interval[0] - dt.timedelta(milliseconds=duration_ms)).astimezone(CHINA)
    except OverflowError:
        return claim
    # The stop is known to the second, so its start is too.
    return moment.at(
        start,
        precision=claim.precision,
        source=claim.source,
        meaning=Meaning.RECORDING_START,
        basis=claim.basis,
        tz_assumed=claim.tz_assumed,
    )


def _complete_year(ranked: list[Moment]) -> list[Moment]:
    """Give a claim of month and day the year and time of a claim on the same day (rule 4)."""
    partial = [c for c in ranked if c.precision is Precision.MONTH_DAY]
    full = [c for c in ranked if c.precision is not Precision.MONTH_DAY]
    if not partial or not full:
        return ranked
    interval = full[0].interval()
    if interval is None:
        return ranked
    day = interval[0].astimezone(CHINA)
    same = (partial[0].value or "").startswith(f"--{day.month:02d}-{day.day:02d}")
    if not same:
        return ranked
    joined = dataclasses.replace(
        full[0], year_inferred=True, basis=f"{full[0].basis}；{partial[0].basis}"
    )
    return [joined, *full[1:], *partial[1:]]


def _compare(
    best: Moment, other: Moment, duration_ms: int | None
) -> tuple[str, tuple[dt.timedelta, ...]]:
    """Return agree, near, contradict or apart (not comparable), and how far they are.

    A stamp that may be start or stop has a distance for each reading; the nearest decides.
    """
    one, two = best.interval(), other.interval()
    none = (dt.timedelta(),)
    if one is None or two is None:
        contradicts = _days_differ(best, other)
        return ("contradict" if contradicts else "apart"), none
    if _kind(best) != _kind(other):
        return "apart", none
    gaps = [_gap(one, two)]
    loose = Meaning.CALL_START_OR_STOP in (best.meaning, other.meaning)
    if loose and duration_ms is not None:
        length = dt.timedelta(milliseconds=duration_ms)
        moved = (two[0] + length, two[1] + length), (two[0] - length, two[1] - length)
        gaps += [_gap(one, m) for m in moved]
    gap = min(gaps)
    fine = Precision.MINUTE not in (best.precision, other.precision)
    if gap <= (AGREE if fine else AGREE_MINUTE):
        return "agree", tuple(gaps)
    return ("contradict" if gap > CONTRADICT else "near"), tuple(gaps)


def _gap(
    one: tuple[dt.datetime, dt.datetime], two: tuple[dt.datetime, dt.datetime]
) -> dt.timedelta:
    """Return the distance between two intervals; none when they overlap."""
    return max(one[0] - two[1], two[0] - one[1], dt.timedelta())


def _kind(claim: Moment) -> str:
    if claim.meaning in (Meaning.CAPTURED, Meaning.SAVED):
        return claim.meaning
    return "event"


def _days_differ(best: Moment, other: Moment) -> bool:
    partial, full = (best, other) if best.interval() is None else (other, best)
    interval = full.interval()
    if partial.precision is not Precision.MONTH_DAY or interval is None:
        return False
    day = interval[0].astimezone(CHINA)
    return not (partial.value or "").startswith(f"--{day.month:02d}-{day.day:02d}")


def _zone_note(gaps: tuple[dt.timedelta, ...]) -> str:
    for gap in gaps:
        hours = round(gap / dt.timedelta(hours=1))
        if 1 <= hours <= 14 and abs(gap - dt.timedelta(hours=hours)) <= ZONE_SLACK:
            return f"正好相差 {hours} 小时，疑似其中一处时区写错"
    return ""


def _claim(claim: Moment) -> tuple[str, str]:
    time, basis = describe(claim)
    return basis, time


def _seconds(gap: dt.timedelta) -> str:
    return f"{gap.total_seconds():.0f}"
