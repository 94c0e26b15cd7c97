"""What the person handed in and what came back, checked against the case before it is written."""

import dataclasses
import datetime as dt
from collections.abc import Iterable

from evidence.core.case_view import CaseView, Recorded
from evidence.core.deadlines import Matter, day_of, matters
from evidence.core.moment import CHINA, Moment, Precision
from evidence.core.packet_record import PacketRecord
from evidence.core.records import Kind
from evidence.core.submission import Event, Submission, submission_to_data
from evidence.errors import (
    NoPacketError,
    NoSubmissionError,
    SubmissionDayError,
    SubmittedBeforeError,
    ValueFormError,
)
from evidence.store.batch import Appended
from evidence.store.case_file import CaseFile
from evidence.store.statements import find_respondent, standing

EARLIEST = dt.date(2000, 1, 1)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the person says beside the day."""

    receipt: str = ""
    operator: str = ""
    how: str = ""
    note: str = ""


def submit(
    case: CaseFile,
    *,
    at: Moment,
    today: dt.date,
    packet: int | None = None,
    channel: str | None = None,
    respondent: str | None = None,
    words: Words,
) -> tuple[Appended, Submission]:
    """Say that a packet was handed in: the one named, else the latest made by that day.

    Without a packet, channel and respondent must be named.

    Raises:
        UnknownSeqError, WrongKindError, WithdrawnError: about ``packet``.
        NoPacketError, SubmittedBeforeError, UnknownRespondentError: if it is not clear what.
        SubmissionDayError: if the day lies ahead or before the packet was made.
    """
    view = case.view()
    wanted = find_respondent(view, respondent).seq if respondent is not None else None
    day = _day(at)
    chosen: Recorded[PacketRecord] | None
    if packet is not None:
        standing(case, packet, frozenset({Kind.PACKET}))
        chosen = next(p for p in view.packets if p.seq == packet)
        _check_day(day, first=_made_on(chosen), last=today)
    else:
        _check_day(day, first=EARLIEST, last=today)
        latest = _latest(view, wanted, channel, day)
        if latest is None and (wanted is None or channel is None):
            raise NoPacketError(day=day.isoformat())
        if latest is not None:
            _refuse_second(view, latest.seq)
        chosen = latest
    record = Submission(
        event=Event.SUBMITTED,
        occurred=at,
        respondent=chosen.record.respondent if chosen else _given(wanted),
        channel=channel or (chosen.record.channel if chosen else ""),
        packet=chosen.seq if chosen else None,
        **dataclasses.asdict(words),
    )
    return case.append(Kind.SUBMISSION, submission_to_data(record)), record


def follow(
    case: CaseFile,
    *,
    event: Event,
    at: Moment,
    today: dt.date,
    of: int | None = None,
    channel: str | None = None,
    respondent: str | None = None,
    words: Words,
) -> tuple[Appended, Submission]:
    """Say what came of a submission: the one named, else the only one that is not over.

    Raises:
        NoSubmissionError: if none or several are possible.
        SubmissionDayError: if the day lies ahead or before it was handed in.
    """
    view = case.view()
    wanted = find_respondent(view, respondent).seq if respondent is not None else None
    matter = _matter(matters(view), of, wanted, channel)
    _check_day(_day(at), first=matter.day, last=today)
    base = matter.submission
    record = Submission(
        event=event,
        occurred=at,
        respondent=base.record.respondent,
        channel=base.record.channel,
        of=base.seq,
        **dataclasses.asdict(words),
    )
    return case.append(Kind.SUBMISSION, submission_to_data(record)), record


def _matter(
    known: Iterable[Matter], of: int | None, respondent: int | None, channel: str | None
) -> Matter:
    if of is not None:
        named = [m for m in known if of in {m.submission.seq, *(e.seq for e in m.events)}]
    else:
        named = [
            m
            for m in known
            if m.over is None
            and respondent in (None, m.respondent)
            and channel in (None, m.submission.record.channel)
        ]
    if len(named) != 1:
        raise NoSubmissionError(count=len(named))
    return named[0]


def _latest(
    view: CaseView, respondent: int | None, channel: str | None, day: dt.date
) -> Recorded[PacketRecord] | None:
    fitting = [
        p
        for p in view.packets
        if p.stands
        and _made_on(p) <= day
        and channel in (None, p.record.channel)
        and respondent in (None, view.respondent_seq(p.record.respondent))
    ]
    return fitting[-1] if fitting else None


def _refuse_second(view: CaseView, packet: int) -> None:
    for matter in matters(view):
        if matter.submission.record.packet == packet:
            seq, day = matter.submission.seq, matter.day.isoformat()
            raise SubmittedBeforeError(packet=packet, seq=seq, day=day)


def _made_on(packet: Recorded[PacketRecord]) -> dt.date:
    return dt.datetime.fromisoformat(packet.recorded_at).astimezone(CHINA).date()


def _day(at: Moment) -> dt.date:
    if at.precision in (Precision.UNKNOWN, Precision.MONTH_DAY):
        raise ValueFormError(value=at.basis, what="时间", example="2026-10-14")
    return day_of(at)


def _check_day(day: dt.date, *, first: dt.date, last: dt.date) -> None:
    if not first <= day <= last:
        shown = {"day": day, "first": first, "last": last}
        raise SubmissionDayError(**{key: value.isoformat() for key, value in shown.items()})


def _given(respondent: int | None) -> int:
    if respondent is None:
        raise TypeError("neither packet nor respondent")
    return respondent
