"""The rows of an export that belong into the case, as entries behind the export's own.

Rules:

1. The export is kept whole as one exhibit. Rows become entries only for numbers that belong to a
   respondent or that the person picks; a phone backup is mostly private.
2. A row that overlapping exports have too is recorded once (``ExportRow.identity``).
3. What could not be read is counted and said, with its place; it never stops the rest.
4. Rows are written while the export is read: memory does not grow with it.
"""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import BinaryIO

import evidence
from evidence.core import phone
from evidence.core.case_view import CaseView
from evidence.core.export_row import ExportRow, Outcome, row_to_data
from evidence.core.moment import Source
from evidence.core.records import Kind, Medium, Party
from evidence.ingest.exports.base import (
    CallRow,
    ExportFormError,
    ExportReader,
    MessageRow,
    RowProblem,
)
from evidence.store.batch import Batch

MAX_NUMBERS = 20_000
"""Numbers that are counted one by one; those of a larger export are counted together."""

MAX_PROBLEMS = 50
"""Rows that are named one by one when they cannot be read."""

Identity = tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RowChoice:
    """Whose rows are taken."""

    everything: bool = False
    numbers: frozenset[str] = frozenset()
    """Normalised; picked by the person."""
    owned: Mapping[str, int] = dataclasses.field(default_factory=dict)
    """Numbers that belong to a respondent."""
    respondent: int | None = None
    """What the person said at import of the rows that were picked."""

    def takes(self, row: CallRow | MessageRow) -> bool:
        """Tell whether a row belongs into the case."""
        if self.everything or row.occurred.source is Source.SIDECAR:
            return True
        return (
            bool(row.number)
            and not row.masked
            and (row.number in self.numbers or row.number in self.owned)
        )

    def names(self, row: CallRow | MessageRow) -> int | None:
        """Return the respondent that the person named for a row."""
        picked = self.everything or row.number in self.numbers
        return self.respondent if picked and row.number not in self.owned else None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class NumberCount:
    """What an export holds of one number."""

    number: str
    """Normalised; empty for hidden callers, who may be several."""
    name: str
    calls: int
    messages: int
    taken: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RowSummary:
    """What was found in an export, and what was taken."""

    calls: int
    messages: int
    taken: int
    known: int
    """Rows that the case had already, from this or an overlapping export."""
    first_seq: int | None
    last_seq: int | None
    numbers: tuple[NumberCount, ...]
    """Most rows first."""
    problems: tuple[RowProblem, ...]
    problem_count: int
    broken_off: str = ""
    """Why reading stopped before the end; Chinese."""


def _owned_numbers(view: CaseView) -> dict[str, int]:
    """Return the numbers that belong to a respondent."""
    owners = {number: view.respondent_of_number(number) for number in view.numbers}
    return {number: owner for number, owner in owners.items() if owner is not None}


def _known_rows(view: CaseView) -> set[Identity]:
    """Return the identities of the rows that the case has; those of withdrawn exports are not."""
    gone = {e.seq for e in view.exhibits if not e.stands}
    return {r.record.identity for r in view.rows if r.record.export not in gone}


class RowTaker:
    """Takes the rows of the exports of one import."""

    def __init__(self, choice: RowChoice) -> None:
        self._choice = choice
        self._known: set[Identity] = set()
        self._fresh: set[Identity] = set()
        self.ready = False

    def prepare(self, view: Callable[[], CaseView]) -> None:
        """Learn once what the case has; before that nothing is taken."""
        if not self.ready:
            found = view()
            self._choice = dataclasses.replace(self._choice, owned=_owned_numbers(found))
            self._known = _known_rows(found)
            self.ready = True

    def settle(self, *, durable: bool) -> None:
        """Keep what the last transaction recorded, or forget it if it was taken back."""
        if durable:
            self._known |= self._fresh
        self._fresh = set()

    def take(
        self,
        batch: Batch,
        reader: ExportReader,
        original: BinaryIO,
        *,
        size: int,
        name: str,
        export: int,
    ) -> RowSummary:
        """Append the rows of one export; ``original`` is the stored copy."""
        if not self.ready:
            raise RuntimeError("not prepared")
        tally = _Tally()
        broken_off = ""
        try:
            for row in reader.rows(original, size, name=name):
                if isinstance(row, RowProblem):
                    tally.problem(row)
                    continue
                taken = self._choice.takes(row)
                tally.count(row, taken=taken)
                if taken:
                    self._append(batch, row, reader, export, tally)
        except ExportFormError as error:
            broken_off = error.reason
        return tally.summary(broken_off)

    def _append(
        self,
        batch: Batch,
        row: CallRow | MessageRow,
        reader: ExportReader,
        export: int,
        tally: "_Tally",
    ) -> None:
        record = _record(row, reader, export, self._choice.names(row))
        identity = record.identity
        if identity in self._known or identity in self._fresh:
            tally.known += 1
            return
        self._fresh.add(identity)
        tally.appended(batch.append(Kind.RECORD, row_to_data(record)).seq)


class _Tally:
    """Counts while rows go by."""

    def __init__(self) -> None:
        self.known = 0
        self._totals = {Medium.CALL: 0, Medium.MESSAGE: 0}
        self._by_number: dict[str, list[int]] = {}
        self._names: dict[str, str] = {}
        self._seqs: list[int] = []
        self._taken = 0
        self._problems: list[RowProblem] = []
        self._problem_count = 0

    def problem(self, row: RowProblem) -> None:
        self._problem_count += 1
        if len(self._problems) < MAX_PROBLEMS:
            self._problems.append(row)

    def count(self, row: CallRow | MessageRow, *, taken: bool) -> None:
        call = isinstance(row, CallRow)
        self._totals[Medium.CALL if call else Medium.MESSAGE] += 1
        key = row.number or row.number_raw if row.masked else row.number
        if key not in self._by_number and len(self._by_number) >= MAX_NUMBERS:
            return
        counts = self._by_number.setdefault(key, [0, 0, 0])
        counts[0 if call else 1] += 1
        counts[2] += taken
        if row.name:
            self._names.setdefault(key, row.name)

    def appended(self, seq: int) -> None:
        self._taken += 1
        self._seqs = [self._seqs[0] if self._seqs else seq, seq]

    def summary(self, broken_off: str) -> RowSummary:
        return RowSummary(
            calls=self._totals[Medium.CALL],
            messages=self._totals[Medium.MESSAGE],
            taken=self._taken,
            known=self.known,
            first_seq=self._seqs[0] if self._seqs else None,
            last_seq=self._seqs[-1] if self._seqs else None,
            numbers=tuple(self._counts()),
            problems=tuple(self._problems),
            problem_count=self._problem_count,
            broken_off=broken_off,
        )

    def _counts(self) -> Iterator[NumberCount]:
        ordered = sorted(self._by_number.items(), key=lambda kv: (-kv[1][0] - kv[1][1], kv[0]))
        for number, (calls, messages, taken) in ordered:
            yield NumberCount(
                number=number,
                name=self._names.get(number, ""),
                calls=calls,
                messages=messages,
                taken=taken,
            )


def _record(
    row: CallRow | MessageRow, reader: ExportReader, export: int, respondent: int | None
) -> ExportRow:
    shared = {
        "export": export,
        "position": row.position,
        "occurred": row.occurred,
        "reader": f"{reader.name} {evidence.__version__}",
        "party": Party(number=row.number_raw if row.masked else row.number, name=row.name),
        "number_masked": row.masked,
        "direction": row.direction,
        "sim": row.sim,
        "respondent": respondent,
    }
    if isinstance(row, CallRow):
        return ExportRow(
            **shared,  # type: ignore[arg-type]  # the fields above, by their names
            medium=Medium.CALL,
            outcome=Outcome(row.outcome),
            duration_ms=None if row.duration_s is None else row.duration_s * 1000,
        )
    return ExportRow(
        **shared,  # type: ignore[arg-type]  # the fields above, by their names
        medium=Medium.MESSAGE,
        text=row.text,
        box=row.box,
        sent_at=row.sent_at,
        claimed_sender=row.claimed_sender,
        attachments=row.attachments,
    )


def normalised(numbers: Iterable[str]) -> frozenset[str]:
    """Return the keys of numbers as a person writes them; what is no number is left out."""
    return frozenset(key for number in numbers if (key := phone.normalise(number)))
