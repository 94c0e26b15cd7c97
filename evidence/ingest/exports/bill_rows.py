"""Rows of calls and messages out of the rows of an operator's sheets (FORMATS 3.5).

1. Lines above the first row of titles are asked for the bill's month only.
2. A row of titles begins a table; its columns are found by value (``bill_columns``).
3. A row with a date alone is the heading of the rows below it.
4. Totals, blank rows and fee rows without a peer are no calls. A row that is neither that nor
   readable is told as a problem.
5. A bill proves answered calls: one that nobody answered leaves no row. Its time is taken for the
   moment of the answer and is Chinese standard time by assumption.
"""

import dataclasses
import datetime as dt
import re
from collections.abc import Iterable, Iterator

from evidence.core import moment
from evidence.core.export_row import Position
from evidence.core.moment import CHINA, Meaning, Moment, Precision, Source
from evidence.core.records import Direction
from evidence.ingest.exports import bill_columns, bill_period, bill_values
from evidence.ingest.exports.base import (
    CallRow,
    ExportFormError,
    MessageRow,
    Pairs,
    Row,
    RowProblem,
)
from evidence.ingest.exports.bill_columns import Columns
from evidence.ingest.exports.bill_values import BLANK, Peer, When

MAX_COLUMNS = 256
MAX_CELL = 32_767
"""Longest text of a spreadsheet's cell."""

_TOTAL = re.compile("合计|总计|小计|共计|总费用|本页|累计|汇总|费用合计")
_PREAMBLE = 50
_MESSAGES = re.compile("短信|彩信|短彩信")

NOT_A_BILL = "not-a-bill"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """One row as the file gives it; ``cells`` have gone through ``bill_values.plain``."""

    part: str
    line: int
    cells: tuple[str, ...]
    numeric: frozenset[int] = frozenset()
    """Columns that a spreadsheet kept as numbers."""


def records(rows: Iterable[SheetRow], *, name: str) -> Iterator[Row]:
    """Give the calls and messages of a bill.

    Raises:
        ExportFormError: when no sheet has an operator's table.
    """
    bill = _Bill(name)
    for row in rows:
        yield from bill.take(row)
    yield from bill.finish()
    if not bill.tables:
        raise ExportFormError(
            NOT_A_BILL, "没有找到运营商详单的表头（如“起始时间、对方号码、通信时长”），没有读出通话"
        )
    if bill.unusable and not bill.count:
        raise ExportFormError(
            "no-calls", "表格里没有同时写明时间和对方号码的通话，没有读出通话记录"
        )


def is_bill(rows: Iterable[tuple[str, ...]]) -> bool:
    """Tell whether one of the first rows is an operator's row of titles."""
    return any(bill_columns.is_header(row) for row in rows)


class _Bill:
    """What is known while the rows go by."""

    def __init__(self, name: str) -> None:
        self.count = 0
        self.tables = 0
        self.unusable = 0
        self._file_period = bill_period.read_period(name)
        self._period = self._file_period
        self._said = False
        self._part = ""
        self._seen_in_part = 0
        self._titles: tuple[str, ...] = ()
        self._in_table = False
        self._columns: Columns | None = None
        self._waiting: list[SheetRow] = []
        self._data_waiting = 0
        self._day: When | None = None
        self._messages = False

    def take(self, row: SheetRow) -> Iterator[Row]:
        """Take one row; give what became ready."""
        if row.part != self._part:
            yield from self.finish()
            self._enter(row.part)
        filled = [cell for cell in row.cells if cell]
        if not filled:
            return
        self._seen_in_part += 1
        if bill_columns.is_header(row.cells):
            if row.cells != self._titles or not self._in_table:
                yield from self.finish()
                self._begin(row.cells)
            return
        if not self._in_table:
            self._read_preamble(filled)
            return
        if self._columns is None:
            self._waiting.append(row)
            self._data_waiting += _heading(row.cells) is None
            if self._data_waiting < bill_columns.SAMPLE:
                return
            yield from self._settle()
            return
        yield from self._data(row)

    def finish(self) -> Iterator[Row]:
        """Give what still waits for its columns to be known."""
        if self._in_table and self._columns is None:
            yield from self._settle()

    def _enter(self, part: str) -> None:
        self._part = part
        self._seen_in_part = 0
        self._in_table = False
        self._columns = None
        self._day = None
        self._said = False
        self._period = bill_period.read_period(part) or self._file_period
        self._messages = _MESSAGES.search(part) is not None

    def _begin(self, titles: tuple[str, ...]) -> None:
        self.tables += 1
        self._titles = titles
        self._in_table = True
        self._columns = None
        self._day = None

    def _read_preamble(self, filled: list[str]) -> None:
        if self._seen_in_part > _PREAMBLE:
            return
        text = " ".join(filled)
        self._messages |= _MESSAGES.search(text) is not None and len(text) < 40
        period = bill_period.read_period(text)
        if period and (not self._said or not period.is_month):
            self._period = period
            self._said = True

    def _settle(self) -> Iterator[Row]:
        """Find the columns from the rows that wait, then read these."""
        sample = [
            row.cells
            for row in self._waiting
            if not _is_total(row.cells) and _heading(row.cells) is None
        ]
        self._columns = bill_columns.find_columns(self._titles, sample)
        waiting, self._waiting, self._data_waiting = self._waiting, [], 0
        for row in waiting:
            yield from self._data(row)

    def _data(self, row: SheetRow) -> Iterator[Row]:
        columns = self._columns
        if columns is None or _is_total(row.cells):
            return
        day = _heading(row.cells)
        if day is not None:
            self._day = day
            return
        if not columns.has_time() or not (
            columns.has_peer() or (columns.directions and columns.duration is not None)
        ):
            self.unusable += 1
            return
        found = self._read(row, columns)
        if found is not None:
            yield found

    def _read(self, row: SheetRow, columns: Columns) -> Row | None:
        duration = bill_values.read_duration(_cell(row, columns.duration))
        direction = _direction(row, columns)
        message = not duration and self._is_message(row, columns)
        peer, implied = self._peer(row, columns, call=not message)
        direction = direction or implied
        when = self._when(row, columns)
        if peer is None and duration is None:
            # A fee, a footnote: nothing of a call but perhaps its date.
            if when is not None or len([c for c in row.cells if c not in BLANK]) < 4:
                return None
            return self._problem(row, "row-unreadable", "这一行不像通话记录，无法读取")
        if when is None:
            return self._problem(row, "time-unreadable", "这一行的时间无法识别")
        if peer is None:
            return self._problem(row, "peer-missing", "这一行没有对方号码，无法作为通话记录")
        self.count += 1
        if message:
            return self._message(row, peer, direction, when)
        return self._call(row, peer, direction, when, duration)

    def _peer(
        self, row: SheetRow, columns: Columns, *, call: bool
    ) -> tuple[Peer | None, Direction | None]:
        """Return the other side, and the direction that its column implies."""
        if columns.pair is not None:
            caller, callee = columns.pair
            at = callee if _cell(row, caller) == columns.own else caller
            implied = Direction.OUT if at == callee else Direction.IN
            if _cell(row, callee) != columns.own and at == caller:
                return None, None
            return _number(row, at, call=call), implied if columns.pair_titled else None
        return _number(row, columns.peer, call=call), None

    def _when(self, row: SheetRow, columns: Columns) -> tuple[When, str] | None:
        if columns.when is not None:
            text = _cell(row, columns.when)
            found = bill_values.read_when(text)
            return (found, text) if found and found.has_day() else None
        date_text, time_text = _cell(row, columns.date), _cell(row, columns.time)
        date = bill_values.read_when(date_text) if columns.date is not None else self._day
        if date is None or not date.has_day():
            return None
        if columns.time is None:
            return date, date_text
        time = bill_values.read_when(time_text)
        if time is None or not time.has_time():
            return None
        shown = date_text or _day_text(date)
        return (
            dataclasses.replace(date, hour=time.hour, minute=time.minute, second=time.second),
            f"{shown} {time_text}",
        )

    def _is_message(self, row: SheetRow, columns: Columns) -> bool:
        return (self._messages and columns.duration is None) or any(
            bill_values.names_message(_cell(row, c)) for c in columns.words
        )

    def _call(
        self,
        row: SheetRow,
        peer: Peer,
        direction: Direction | None,
        when: tuple[When, str],
        duration: int | None,
    ) -> CallRow:
        silent = duration == 0
        outgoing = direction is Direction.OUT
        return CallRow(
            position=self._position(row),
            number=peer.number,
            number_raw=peer.raw,
            name="",
            occurred=self._moment(*when, Meaning.ANSWERED),
            direction=direction,
            answered=None if silent else True,
            outcome="outgoing" if outgoing else "unknown" if silent else "answered",
            duration_s=duration,
            sim="",
            masked=peer.masked,
            raw=self._raw(row),
        )

    def _message(
        self, row: SheetRow, peer: Peer, direction: Direction | None, when: tuple[When, str]
    ) -> MessageRow:
        boxes = {Direction.IN: "received", Direction.OUT: "sent"}
        meanings = {Direction.IN: Meaning.RECEIVED, Direction.OUT: Meaning.SENT}
        return MessageRow(
            position=self._position(row),
            number=peer.number,
            number_raw=peer.raw,
            name="",
            occurred=self._moment(
                *when, meanings.get(direction, Meaning.UNKNOWN) if direction else Meaning.UNKNOWN
            ),
            sent_at=None,
            direction=direction,
            box=boxes.get(direction, "unknown") if direction else "unknown",
            text="",
            claimed_sender="",
            attachments=(),
            sim="",
            masked=peer.masked,
            raw=self._raw(row),
        )

    def _moment(self, when: When, basis: str, meaning: Meaning) -> Moment:
        month, day = when.month or 1, when.day or 1
        year = when.year
        if year is None and self._period is not None:
            year = self._period.year_of(month, day)
        precision = (
            Precision.DAY
            if when.hour is None
            else Precision.MINUTE
            if when.second is None
            else Precision.SECOND
        )
        if year is not None:
            try:
                instant = dt.datetime(
                    year,
                    month,
                    day,
                    when.hour or 0,
                    when.minute or 0,
                    when.second or 0,
                    tzinfo=CHINA,
                )
            except ValueError:  # 29 February in a year that has none
                year = None
            else:
                return moment.at(
                    instant,
                    precision=precision,
                    source=Source.BILL,
                    meaning=meaning,
                    basis=basis,
                    year_inferred=when.year is None,
                    tz_assumed=True,
                )
        clock = "" if when.hour is None else f"T{when.hour:02d}:{when.minute or 0:02d}"
        seconds = "" if when.second is None else f":{when.second:02d}"
        return Moment(
            value=f"--{month:02d}-{day:02d}{clock}{seconds}",
            precision=Precision.MONTH_DAY,
            source=Source.BILL,
            meaning=meaning,
            basis=basis,
            tz_assumed=True,
        )

    def _problem(self, row: SheetRow, code: str, reason: str) -> RowProblem:
        self.count += 1
        return RowProblem(position=self._position(row), reason_code=code, reason=reason)

    def _position(self, row: SheetRow) -> Position:
        return Position(record=self.count, part=row.part, line=row.line)

    def _raw(self, row: SheetRow) -> Pairs:
        names = [bill_columns.title(t) for t in self._titles]
        return tuple(
            (names[c] if c < len(names) and names[c] else f"#{c + 1}", cell)
            for c, cell in enumerate(row.cells)
        )


def _cell(row: SheetRow, column: int | None) -> str:
    return row.cells[column] if column is not None and column < len(row.cells) else ""


def _number(row: SheetRow, column: int | None, *, call: bool) -> Peer | None:
    text = _cell(row, column)
    if text in BLANK:
        return None
    return bill_values.read_peer(text, numeric=column in row.numeric, call=call)


def _direction(row: SheetRow, columns: Columns) -> Direction | None:
    """Return the direction if the columns that may say it do not disagree."""
    said = {bill_values.read_direction(_cell(row, c)) for c in columns.directions} - {None}
    return said.pop() if len(said) == 1 else None


def _is_total(cells: tuple[str, ...]) -> bool:
    head = [cell for cell in cells if cell][:2]
    return any(_TOTAL.match(cell) for cell in head)


def _heading(cells: tuple[str, ...]) -> When | None:
    """Return the day of a row that says nothing else."""
    filled = {cell for cell in cells if cell not in BLANK}
    return bill_values.read_heading(filled.pop()) if len(filled) == 1 else None


def _day_text(day: When) -> str:
    year = "" if day.year is None else f"{day.year}-"
    return f"{year}{day.month:02d}-{day.day:02d}"
