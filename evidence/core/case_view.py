"""The case as it stands: a fold over the entries, in order.

Rules:

1. The view holds no truth of its own; the same entries give the same view.
2. A withdrawn entry stays in the view and says by which entry and why.
3. The latest complainant stands; a respondent that supersedes another takes its place, and
   references to the old one lead to the new one; the latest statement about a number stands.
4. An exhibit or row belongs to a respondent if the person said so, else if its complete number
   does. A number that was cut by the recorder or masked by the operator belongs to nobody.
5. Kinds that this version does not know are counted and otherwise left alone.
"""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeVar

from evidence.core import (
    clock_order,
    erasure,
    export_row,
    mask,
    packet_record,
    records,
    salvage,
    submission,
    suggestion,
    timestamp,
    transcript,
)
from evidence.core.canonical import JsonObject
from evidence.core.clock_order import SetBack
from evidence.core.entry import Entry
from evidence.core.erasure import Erasure
from evidence.core.export_row import ExportRow
from evidence.core.mask import Mask
from evidence.core.packet_record import PacketRecord
from evidence.core.records import (
    CaseRecord,
    Complainant,
    Exhibit,
    Kind,
    Note,
    NumberRecord,
    Respondent,
    Tag,
    Withdraw,
)
from evidence.core.salvage import Salvage
from evidence.core.submission import Submission
from evidence.core.suggestion import Suggestion
from evidence.core.timestamp import Timestamp
from evidence.core.transcript import Transcript

T = TypeVar("T")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Recorded(Generic[T]):
    """A record with its place in the log."""

    seq: int
    recorded_at: str
    record: T
    withdrawn: "Recorded[Withdraw] | None" = None

    @property
    def stands(self) -> bool:
        """Whether it was not withdrawn."""
        return self.withdrawn is None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """Everything known, by kind, in order of entry."""

    case: CaseRecord
    size: int
    """Number of entries."""
    complainant: Recorded[Complainant] | None
    respondents: tuple[Recorded[Respondent], ...]
    """Those that stand: superseded and withdrawn ones are left out."""
    numbers: Mapping[str, Recorded[NumberRecord]]
    stated_numbers: Mapping[int, str]
    """Number entry → the number it speaks of, also of those stated again later."""
    exhibits: tuple[Recorded[Exhibit], ...]
    rows: tuple[Recorded[ExportRow], ...]
    """Calls and messages read from exports; one of a withdrawn export is withdrawn with it."""
    transcripts: tuple[Recorded[Transcript], ...]
    suggestions: tuple[Recorded[Suggestion], ...]
    masks: tuple[Recorded[Mask], ...]
    notes: tuple[Recorded[Note], ...]
    tags: tuple[Recorded[Tag], ...]
    packets: tuple[Recorded[PacketRecord], ...]
    submissions: tuple[Recorded[Submission], ...]
    timestamps: tuple[Recorded[Timestamp], ...]
    withdrawals: tuple[Recorded[Withdraw], ...]
    erased: tuple[int, ...]
    """Entries whose body is no longer in the case."""
    erasures: tuple[Recorded[Erasure], ...]
    salvages: tuple[Recorded[Salvage], ...]
    unknown_kinds: Mapping[str, int]
    set_back: tuple[SetBack, ...]
    """Where the program's clock ran backwards."""
    last_recorded_at: str
    """What the program's clock said at the last entry."""
    successor: Mapping[int, int]
    """Superseded respondent → the one that stands."""

    def respondent_seq(self, seq: int | None) -> int | None:
        """Return the standing respondent that a reference leads to."""
        while seq is not None and seq in self.successor:
            seq = self.successor[seq]
        return seq

    def open_suggestions(self) -> tuple[Recorded[Suggestion], ...]:
        """Return the suggestions that were neither confirmed nor dismissed."""
        confirmed = {t.record.suggestion for t in self.tags if t.stands}
        return tuple(s for s in self.suggestions if s.stands and s.seq not in confirmed)

    def masks_of(self, seq: int) -> tuple[Recorded[Mask], ...]:
        """Return the standing masks of an exhibit, oldest first."""
        return tuple(m for m in self.masks if m.stands and m.record.on == seq)

    def respondent_of_number(self, number: str) -> int | None:
        """Return the respondent that a complete normalised number belongs to."""
        known = self.numbers.get(number)
        return None if known is None else self.respondent_seq(known.record.respondent)

    def respondent_of(self, item: Exhibit | ExportRow) -> int | None:
        """Return the respondent that an exhibit or row belongs to (rule 4)."""
        if item.respondent is not None:
            return self.respondent_seq(item.respondent)
        if not item.party.number or item.party.number_truncated:
            return None
        if isinstance(item, ExportRow) and item.number_masked:
            return None
        return self.respondent_of_number(item.party.number)


_READERS: Mapping[str, Callable[[JsonObject], object]] = {
    Kind.CASE: records.case_from_data,
    Kind.COMPLAINANT: records.complainant_from_data,
    Kind.RESPONDENT: records.respondent_from_data,
    Kind.NUMBER: records.number_from_data,
    Kind.EXHIBIT: records.exhibit_from_data,
    Kind.NOTE: records.note_from_data,
    Kind.TAG: records.tag_from_data,
    Kind.RECORD: export_row.row_from_data,
    Kind.TRANSCRIPT: transcript.transcript_from_data,
    Kind.SUGGESTION: suggestion.suggestion_from_data,
    Kind.MASK: mask.mask_from_data,
    Kind.WITHDRAW: records.withdraw_from_data,
    Kind.ERASE: erasure.erasure_from_data,
    Kind.SALVAGE: salvage.salvage_from_data,
    Kind.PACKET: packet_record.packet_from_data,
    Kind.SUBMISSION: submission.submission_from_data,
    Kind.TIMESTAMP: timestamp.timestamp_from_data,
}


def fold(entries: Iterable[Entry], *, erased: Iterable[int] = ()) -> CaseView:
    """Return the view of a case from its entries in order.

    Raises:
        KeyError, ValueError: for data of a known kind that lacks what the kind needs, and without
            a case entry; the caller knows the path and turns it into ``CaseDamagedError``.
    """
    by_kind: dict[str, list[Recorded[object]]] = {kind: [] for kind in _READERS}
    unknown: dict[str, int] = {}
    back: list[SetBack] = []
    size, last = 0, ""
    for entry in entries:
        size = entry.seq + 1
        step = clock_order.set_back(last, entry.seq, entry.recorded_at)
        back += [step] if step is not None else []
        last = entry.recorded_at
        record = read(entry)
        if record is None:
            unknown[entry.kind] = unknown.get(entry.kind, 0) + 1
            continue
        by_kind[entry.kind].append(
            Recorded(seq=entry.seq, recorded_at=entry.recorded_at, record=record)
        )
    if not by_kind[Kind.CASE]:
        raise ValueError("no case entry")
    gone = tuple(erased)
    view = _assemble(by_kind, unknown, gone, max(size, max(gone, default=-1) + 1))
    return dataclasses.replace(view, set_back=tuple(back), last_recorded_at=last)


def read(entry: Entry) -> object | None:
    """Return the record of an entry; None if its kind is not known.

    Raises:
        KeyError, ValueError, TypeError, IndexError: if its data lacks what the kind needs.
    """
    reader = _READERS.get(entry.kind)
    return None if reader is None else reader(entry.data)


def _assemble(
    by_kind: dict[str, list[Recorded[object]]],
    unknown: dict[str, int],
    gone: tuple[int, ...],
    size: int,
) -> CaseView:
    withdrawals = _of(by_kind, Kind.WITHDRAW, Withdraw)
    withdrawn = {w.record.target: w for w in reversed(withdrawals)}

    def settled(kind: Kind, cls: type[T]) -> tuple[Recorded[T], ...]:
        return tuple(
            dataclasses.replace(r, withdrawn=withdrawn[r.seq]) if r.seq in withdrawn else r
            for r in _of(by_kind, kind, cls)
        )

    respondents = settled(Kind.RESPONDENT, Respondent)
    successor = {
        r.record.supersedes: r.seq
        for r in respondents
        # Only an earlier one can be superseded: a circle would lead nowhere.
        if r.record.supersedes is not None and r.record.supersedes < r.seq and r.stands
    }
    numbers = settled(Kind.NUMBER, NumberRecord)
    exhibits = settled(Kind.EXHIBIT, Exhibit)
    by_export = {e.seq: e.withdrawn for e in exhibits if e.withdrawn is not None}
    complainants = [c for c in settled(Kind.COMPLAINANT, Complainant) if c.stands]
    return CaseView(
        case=_of(by_kind, Kind.CASE, CaseRecord)[0].record,
        size=size,
        complainant=complainants[-1] if complainants else None,
        respondents=tuple(r for r in respondents if r.stands and r.seq not in successor),
        numbers={n.record.number: n for n in numbers if n.stands},
        stated_numbers={n.seq: n.record.number for n in numbers},
        exhibits=exhibits,
        rows=tuple(
            r if not r.stands else dataclasses.replace(r, withdrawn=by_export.get(r.record.export))
            for r in settled(Kind.RECORD, ExportRow)
        ),
        transcripts=settled(Kind.TRANSCRIPT, Transcript),
        suggestions=settled(Kind.SUGGESTION, Suggestion),
        masks=settled(Kind.MASK, Mask),
        notes=settled(Kind.NOTE, Note),
        tags=settled(Kind.TAG, Tag),
        packets=settled(Kind.PACKET, PacketRecord),
        submissions=settled(Kind.SUBMISSION, Submission),
        timestamps=settled(Kind.TIMESTAMP, Timestamp),
        withdrawals=withdrawals,
        erased=gone,
        erasures=_of(by_kind, Kind.ERASE, Erasure),
        salvages=_of(by_kind, Kind.SALVAGE, Salvage),
        unknown_kinds=unknown,
        set_back=(),
        last_recorded_at="",
        successor=successor,
    )


def _of(
    by_kind: dict[str, list[Recorded[object]]], kind: Kind, cls: type[T]
) -> tuple[Recorded[T], ...]:
    found = by_kind[kind]
    if not all(isinstance(r.record, cls) for r in found):
        raise TypeError(kind)
    return tuple(found)  # type: ignore[arg-type]  # checked on the line above
