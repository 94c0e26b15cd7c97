"""One call from all that speaks of it: recording, call log, bill, the recorder's own record.

Rules (FORMATS 1.4 and 6):

1. The stamps are moved to the same moment before they are compared: a call log says when it began
   to ring, a bill when it was answered, a recording's name something in between or the end.
2. Only one and the same complete number joins, or a cut number whose digits fit. A masked number
   and a hidden caller never join and are never the same caller as another.
3. A recording that names no number joins by time alone only where exactly one call fits, and says
   so; nothing is attributed by it.
4. A call is counted once, however many sources speak of it. What only one source says is said to
   be in that source only. Unanswered calls are in call logs only.
5. Two lengths that differ are both kept.
"""

import dataclasses
import datetime as dt
import enum
from collections.abc import Collection, Iterable, Mapping, Sequence

from evidence.core.case_view import CaseView, Recorded
from evidence.core.export_row import ExportRow
from evidence.core.moment import Meaning, Moment, Precision, Source
from evidence.core.records import Direction, Exhibit, Medium

BEFORE = dt.timedelta(seconds=5)
"""Clocks of two machines may differ by this much."""

AFTER = dt.timedelta(seconds=10)
"""A recording may be named this long after the call ended."""

RINGING = dt.timedelta(seconds=90)
"""Longest time from the first ring to the answer that is still taken for the same call."""

LENGTHS_AGREE = dt.timedelta(seconds=5)
"""Operators round up; a call log counts from its own answer."""

_LONGEST_HOURS = 48
"""No call is taken to be longer, whatever an export claims."""

_RECORD_SHORTER = dt.timedelta(seconds=10)
"""A recording shorter than the call by more than this is said not to cover the whole call."""

Row = Recorded[ExportRow]
Recording = Recorded[Exhibit]


class JoinedBy(enum.StrEnum):
    """What made a recording part of a call."""

    NUMBER = "number"
    """The same number at the same time."""
    CUT_NUMBER = "cut_number"
    """The digits that the recorder left fit, at the same time."""
    NAME = "name"
    """The same contact name at the same time."""
    TIME = "time"
    """Time alone, and no other call fits."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call with its sources."""

    recordings: tuple[Recording, ...] = ()
    log: Row | None = None
    bill: Row | None = None
    sidecar: Row | None = None
    joined_by: JoinedBy | None = None
    """How the recordings were joined to the rows; None when there is only one kind of source."""

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows in order of how directly they speak of the call's beginning."""
        return tuple(row for row in (self.log, self.sidecar, self.bill) if row is not None)

    @property
    def seqs(self) -> tuple[int, ...]:
        """Every entry that speaks of the call."""
        return tuple(sorted([r.seq for r in self.rows] + [r.seq for r in self.recordings]))

    @property
    def corroborated(self) -> bool:
        """Whether at least two independent sources agree (相互印证).

        A recorder's own record of its recording is no second source, and a recording that fits
        in time alone agrees about nothing but that.
        """
        recorded = self.joined_by is not JoinedBy.TIME and self.recordings
        kinds = (self.log, self.bill, recorded or self.sidecar)
        return sum(bool(kind) for kind in kinds) >= 2

    @property
    def number(self) -> str:
        """The other side's complete number; empty if no source has it."""
        named = [r.record.party.number for r in self.rows if not r.record.number_masked]
        if self.joined_by is JoinedBy.TIME:
            return next((n for n in named if n), "")
        named += [
            r.record.party.number for r in self.recordings if not r.record.party.number_truncated
        ]
        return next((n for n in named if n), "")

    @property
    def name(self) -> str:
        """The contact name that a source has; a recorder's may be wrong."""
        named = [r.record.party.name for r in self.rows]
        named += [r.record.party.name for r in self.recordings]
        return next((n for n in named if n), "")

    @property
    def occurred(self) -> Moment:
        """When it began to ring, else was answered, else the recording's own claim."""
        if self.rows:
            return self.rows[0].record.occurred
        return self.recordings[0].record.occurred

    @property
    def direction(self) -> Direction | None:
        """Who called, by the best source."""
        told = [r.record.direction for r in self.rows]
        told += [r.record.direction for r in self.recordings]
        return next((d for d in told if d is not None), None)

    @property
    def answered(self) -> bool | None:
        """Whether it was answered: a bill and a recording have answered calls only."""
        if self.bill is not None or self.recordings:
            return True
        told = [r.record.answered for r in self.rows]
        return next((a for a in told if a is not None), None)

    @property
    def duration_ms(self) -> int | None:
        """Length of the talk: of the bill, else of the call log; not that of the recording."""
        told = [r.record.duration_ms for r in (self.bill, self.log) if r is not None]
        return next((d for d in told if d is not None), None)

    @property
    def recording_incomplete(self) -> bool:
        """Whether the recordings are clearly shorter than the call."""
        length = self.duration_ms
        recorded = [r.record.duration_ms for r in self.recordings]
        if length is None or not recorded or any(d is None for d in recorded):
            return False
        longest = max(d for d in recorded if d is not None)
        return dt.timedelta(milliseconds=length - longest) > _RECORD_SHORTER

    def only(self, seqs: Collection[int]) -> "Call | None":
        """Return the call as far as the entries ``seqs`` speak of it; None if none of them does."""

        def kept(row: Row | None) -> Row | None:
            return row if row is not None and row.seq in seqs else None

        left = dataclasses.replace(
            self,
            recordings=tuple(r for r in self.recordings if r.seq in seqs),
            log=kept(self.log),
            bill=kept(self.bill),
            sidecar=kept(self.sidecar),
        )
        if not left.seqs:
            return None
        joined = bool(left.recordings and left.rows)
        return left if joined else dataclasses.replace(left, joined_by=None)

    def respondent(self, view: CaseView) -> int | None:
        """Return the respondent that the call belongs to; time alone attributes nothing."""
        own = [view.respondent_of(r.record) for r in self.recordings]
        if self.joined_by is not JoinedBy.TIME:
            own += [view.respondent_of(r.record) for r in self.rows]
        elif not any(own):
            return None
        return next((seq for seq in own if seq is not None), None)


def join(view: CaseView) -> tuple[Call, ...]:
    """Return every call that anything standing in the case speaks of, in order of time."""
    rows = [r for r in view.rows if r.stands and r.record.medium is Medium.CALL]
    log = _of(rows, Source.CALL_LOG)
    calls = [Call(log=row) for row in log]
    calls = _add_bill(calls, _of(rows, Source.BILL))
    calls = _add_sidecars(calls, _of(rows, Source.SIDECAR))
    recordings = [e for e in view.exhibits if e.stands and e.record.medium is Medium.RECORDING]
    return tuple(sorted(_add_recordings(calls, recordings), key=_order))


def _of(rows: Iterable[Row], source: Source) -> list[Row]:
    return [r for r in rows if r.record.occurred.source is source]


# --- bill and sidecar -----------------------------------------------------------------------------


def _add_bill(calls: list[Call], bills: list[Row]) -> list[Call]:
    """Join each bill row with the nearest call log row of the same call."""
    free: dict[str, list[int]] = {}
    for place, call in enumerate(calls):
        free.setdefault(call.number, []).append(place)
    alone: list[Call] = []
    for bill in bills:
        places = free.get(bill.record.party.number, [])
        fitting = [
            (_distance(calls[place].log, bill), place)
            for place in places
            if _same_call(calls[place].log, bill)
        ]
        if fitting:
            _, place = min(fitting)
            places.remove(place)
            calls[place] = dataclasses.replace(calls[place], bill=bill)
        else:
            alone.append(Call(bill=bill))
    return calls + alone


def _same_call(log: Row | None, bill: Row) -> bool:
    if log is None or log.record.answered is False:
        return False
    if not _same_number(log.record, bill.record):
        return False
    one, two = log.record.occurred.interval(), bill.record.occurred.interval()
    if one is None or two is None:
        return False
    if not (one[0] - BEFORE <= two[1] and two[0] <= one[1] + RINGING):
        return False
    lengths = log.record.duration_ms, bill.record.duration_ms
    if lengths[0] is None or lengths[1] is None:
        return True
    return abs(dt.timedelta(milliseconds=lengths[0] - lengths[1])) <= LENGTHS_AGREE


def _distance(log: Row | None, bill: Row) -> dt.timedelta:
    one = log.record.occurred.interval() if log is not None else None
    two = bill.record.occurred.interval()
    return abs(two[0] - one[0]) if one and two else dt.timedelta.max


def _same_number(one: ExportRow, two: ExportRow) -> bool:
    if one.number_masked or two.number_masked or not one.party.number:
        return False
    return one.party.number == two.party.number


def _add_sidecars(calls: list[Call], sidecars: list[Row]) -> list[Call]:
    """Join what a recorder wrote of a call with the call, by number and beginning."""
    alone: list[Call] = []
    for sidecar in sidecars:
        place = next(
            (p for p, call in enumerate(calls) if call.sidecar is None and _began(call, sidecar)),
            None,
        )
        if place is None:
            alone.append(Call(sidecar=sidecar))
        else:
            calls[place] = dataclasses.replace(calls[place], sidecar=sidecar)
    return calls + alone


def _began(call: Call, sidecar: Row) -> bool:
    told = sidecar.record.occurred.interval()
    for row in (call.log, call.bill):
        own = row.record.occurred.interval() if row is not None else None
        if row is None or own is None or told is None:
            continue
        if not _same_number(row.record, sidecar.record):
            continue
        slack = RINGING if row is call.bill else BEFORE
        return told[0] - BEFORE <= own[1] and own[0] <= told[1] + slack
    return False


# --- recordings -----------------------------------------------------------------------------------


def _add_recordings(calls: list[Call], recordings: list[Recording]) -> list[Call]:
    """Join each recording with the one call that it is of."""
    alone: list[Call] = []
    by_hour = _by_hour(calls)
    for recording in recordings:
        place, how = _find(calls, _near(by_hour, recording.record), recording)
        if place is None:
            alone.append(Call(recordings=(recording,)))
            continue
        call = calls[place]
        calls[place] = dataclasses.replace(
            call,
            recordings=(*call.recordings, recording),
            joined_by=call.joined_by or how,
        )
    return calls + alone


def _by_hour(calls: Sequence[Call]) -> dict[int, list[int]]:
    """Return the places of answered calls by the hours, since 1970, that a stamp may lie in."""
    found: dict[int, list[int]] = {}
    for place, call in enumerate(calls):
        interval = call.occurred.interval()
        if interval is None or call.answered is False:
            continue
        length = dt.timedelta(milliseconds=max(r.record.duration_ms or 0 for r in call.rows))
        first = _hour(interval[0] - RINGING)
        last = _hour(interval[1] + length + RINGING + AFTER)
        for hour in range(first, min(last, first + _LONGEST_HOURS) + 1):
            found.setdefault(hour, []).append(place)
    return found


def _near(by_hour: Mapping[int, list[int]], exhibit: Exhibit) -> list[int]:
    """Return the places of the calls that a recording's stamp may lie in."""
    interval = exhibit.occurred.interval()
    if interval is None or exhibit.occurred.precision is Precision.DAY:
        return []
    hours = range(_hour(interval[0]), _hour(interval[1]) + 1)
    return sorted({place for hour in hours for place in by_hour.get(hour, [])})


def _hour(instant: dt.datetime) -> int:
    return int(instant.timestamp() // 3600)


def _find(
    calls: Sequence[Call], near: Iterable[int], recording: Recording
) -> tuple[int | None, JoinedBy | None]:
    """Return the place of the call that a recording is of, and what says so."""
    timely = [place for place in near if _during(calls[place], recording.record)]
    party = recording.record.party
    for how, fits in (
        (JoinedBy.NUMBER, lambda n, _: bool(n) and n == party.number),
        (JoinedBy.CUT_NUMBER, lambda n, _: _cut_fits(n, party.number)),
        (JoinedBy.NAME, lambda _, name: bool(name) and name == party.name),
        (JoinedBy.TIME, lambda *_: True),
    ):
        if not _applies(how, recording.record):
            continue
        found = [p for p in timely if fits(_rows_number(calls[p]), _rows_name(calls[p]))]
        if len(found) == 1:
            return found[0], how
        if found:
            return None, None  # several calls fit: nothing says which
    return None, None


def _applies(how: JoinedBy, exhibit: Exhibit) -> bool:
    party = exhibit.party
    complete = bool(party.number) and not party.number_truncated
    match how:
        case JoinedBy.NUMBER:
            return complete
        case JoinedBy.CUT_NUMBER:
            return bool(party.number) and party.number_truncated
        case JoinedBy.NAME:
            return not party.number and bool(party.name)
        case JoinedBy.TIME:
            return not party.number and not party.name


def _rows_number(call: Call) -> str:
    return next((r.record.party.number for r in call.rows if not r.record.number_masked), "")


def _rows_name(call: Call) -> str:
    return next((r.record.party.name for r in call.rows if r.record.party.name), "")


def _cut_fits(number: str, cut: str) -> bool:
    return len(cut) >= 5 and number.startswith(cut)


def _during(call: Call, exhibit: Exhibit) -> bool:
    """Tell whether a recording's claimed time lies where it can for this call (rule 1)."""
    stamp = exhibit.occurred
    told = stamp.interval()
    if told is None:
        return False
    for row in call.rows:
        own = row.record.occurred.interval()
        if own is None:
            continue
        first, last = _window(row.record, own, stamp.meaning)
        if first <= told[1] and told[0] <= last:
            return True
    return False


def _window(
    row: ExportRow, own: tuple[dt.datetime, dt.datetime], meaning: Meaning
) -> tuple[dt.datetime, dt.datetime]:
    length = dt.timedelta(milliseconds=row.duration_ms or 0)
    from_bill = row.occurred.source is Source.BILL
    if meaning is Meaning.CALL_CREATED:
        early = RINGING if from_bill else BEFORE
        return own[0] - early, own[1] + BEFORE
    end = own[1] + length + AFTER
    return own[0] - BEFORE, end if from_bill else end + RINGING


def _order(call: Call) -> tuple[dt.datetime, int]:
    interval = call.occurred.interval()
    last = dt.datetime.max.replace(tzinfo=dt.UTC)
    return interval[0] if interval else last, min(call.seqs)
