"""摘录: the respondent's rows of an export whose original is withheld.

Rules:

1. Only rows that were selected for the packet are read here; nothing else of the export is.
2. A row says where in the original it stands, and which entry of the log it is.
3. What the export does not say stays empty; a masked number stays masked.
"""

import dataclasses
import hashlib
from collections.abc import Mapping
from typing import Any

from evidence.core.case_view import Recorded
from evidence.core.export_row import ExportRow
from evidence.core.moment import CHINA, Moment, Precision
from evidence.core.moment_text import time_text
from evidence.core.records import Exhibit, Medium
from reports import derived_csv, texts
from reports.bundle import layout
from reports.decide import masking
from reports.decide.context import Context
from reports.decide.places import places
from reports.packet import Extract, ExtractLine, Finding

_CLOCK = {
    Precision.MILLISECOND: "%Y-%m-%d %H:%M:%S",
    Precision.SECOND: "%Y-%m-%d %H:%M:%S",
    Precision.MINUTE: "%Y-%m-%d %H:%M",
    Precision.DAY: "%Y-%m-%d",
}


def extract(context: Context, entry: Recorded[Exhibit], found: tuple[Finding, ...]) -> Extract:
    """Return what is shown of an export instead of its original."""
    words = texts.load("rows")
    says = words["texts"]
    rows = [r for r in context.selected.rows if r.record.export == entry.seq]
    lines = _Lines(context, found, words).of(rows)
    path = layout.redacted(context.selected.labels[entry.seq], ".csv")
    closing = says["csv_closing"].format(
        name=entry.record.name,
        sha256=entry.record.sha256,
        count=len(rows),
        guard=says["csv_guard"],
    )
    data = derived_csv.table(
        tuple(words["columns"].values()), (_cells(line, words) for line in lines), closing
    )
    messages = any(line.other_time for line in lines)
    return Extract(
        lines=lines,
        withheld=says["withheld"].format(count=len(rows)),
        remarks=(
            says["position"] + (says["two_times"] if messages else ""),
            says["csv"].format(path=path) + says["csv_guard"],
        ),
        path=path,
        csv=data,
        csv_sha256=hashlib.sha256(data).hexdigest(),
    )


def clock(moment: Moment) -> str:
    """Return ``2026-10-14 21:05:33``: Chinese standard time, to the second where it is known."""
    interval = moment.interval()
    if interval is None:
        return time_text(moment)
    return interval[0].astimezone(CHINA).strftime(_CLOCK[moment.precision])


def outcome(row: ExportRow, words: Mapping[str, Any]) -> str:
    """Return what became of a call, or where a message lay; ``words`` are those of rows.toml."""
    if row.medium is Medium.CALL:
        return str(words["outcome"][row.outcome.value]) if row.outcome else ""
    return str(words["box"].get(row.box, row.box))


def meaning(moment: Moment, words: Mapping[str, Any]) -> str:
    """Return what happened at the moment of a row, in a few words."""
    if moment.precision is Precision.UNKNOWN:
        return ""
    said = words["meaning"].get(moment.meaning.value, words["meaning"]["other"])
    template = words["meaning"]["year_inferred"] if moment.year_inferred else "{meaning}"
    return str(template).format(meaning=said)


@dataclasses.dataclass(frozen=True, slots=True)
class _Lines:
    """Makes lines of rows."""

    context: Context
    found: tuple[Finding, ...]
    words: Mapping[str, Any]

    def of(self, rows: list[Recorded[ExportRow]]) -> tuple[ExtractLine, ...]:
        calls = {seq: call for call in self.context.selected.calls for seq in call.seqs}
        tags: dict[int, list[int]] = {}
        on = {t.seq: t.record.on for t in self.context.selected.tags}
        for finding in self.found:
            tags.setdefault(on[finding.tag_seq], []).append(finding.number)
        return tuple(
            self._line(
                row,
                others=[s for s in calls[row.seq].seqs if s != row.seq] if row.seq in calls else [],
                numbers=tuple(tags.get(row.seq, ())),
            )
            for row in rows
        )

    def _line(
        self, row: Recorded[ExportRow], *, others: list[int], numbers: tuple[int, ...]
    ) -> ExtractLine:
        record, words = row.record, self.words
        call = record.medium is Medium.CALL
        directions = words["direction" if call else "message_direction"]
        sent = clock(record.sent_at) if record.sent_at else ""
        return ExtractLine(
            seq=row.seq,
            record=record.position.record,
            part=record.position.part,
            line=record.position.line,
            medium=record.medium,
            time=clock(record.occurred),
            time_meaning=meaning(record.occurred, words),
            other_time="" if sent == clock(record.occurred) else sent,
            counterpart=masking.row_counterpart(self.context.view, record, words["counterpart"]),
            claimed_sender=record.claimed_sender,
            direction=directions[record.direction.value if record.direction else "unknown"],
            outcome=outcome(record, words),
            seconds=None if record.duration_ms is None else record.duration_ms // 1000,
            text=record.text,
            attachments=record.attachments,
            corroboration=places(self.context, others) if others else "",
            finding_numbers=numbers,
        )


def _cells(line: ExtractLine, words: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the cells of a line in the order of ``columns``."""
    cells = {
        "record": str(line.record),
        "part": line.part,
        "line": "" if line.line is None else str(line.line),
        "seq": str(line.seq),
        "medium": words["medium"][line.medium.value],
        "time": line.time,
        "time_meaning": line.time_meaning,
        "other_time": line.other_time,
        "counterpart": line.counterpart,
        "claimed_sender": line.claimed_sender,
        "direction": line.direction,
        "outcome": line.outcome,
        "seconds": "" if line.seconds is None else str(line.seconds),
        "text": line.text,
        "attachments": "、".join(line.attachments),
        "corroboration": line.corroboration,
        "findings": "、".join(map(str, line.finding_numbers)),
    }
    return tuple(cells[key] for key in words["columns"])
