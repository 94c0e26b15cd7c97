"""Records in one line each, the same in ``list``, ``show`` and ``timeline``.

Text of the case (names, quotations, notes) is made safe here; nothing else prints it.
"""

import dataclasses
import functools
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from cli import labels, timestamp_text
from cli.display import safe
from cli.i18n import _
from cli.mask_text import as_seen, mask_text, region_text, span_text
from cli.moment_words import describe, recorded_text, time_text
from evidence.core import erasure, export_row, packet_record, records, salvage, timecode
from evidence.core.attribution import Attribution, attribute
from evidence.core.canonical import JsonObject
from evidence.core.case_view import CaseView, Recorded
from evidence.core.erasure import Erasure
from evidence.core.export_row import ExportRow
from evidence.core.mask import Mask, mask_to_data
from evidence.core.moment import Moment
from evidence.core.records import Exhibit, Kind, Medium, Note, NumberRecord, Party, Respondent, Tag
from evidence.core.rules import Rules
from evidence.core.salvage import Salvage
from evidence.core.submission import Submission, submission_to_data
from evidence.core.suggestion import Suggestion, suggestion_to_data
from evidence.core.timestamp import timestamp_to_data
from evidence.core.transcript import Transcript, transcript_to_data

T = TypeVar("T")

_EXCERPT = 60
"""Characters of a note or quotation that a list shows; ``show`` has all of it."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One record as a list shows it."""

    seq: int
    kind: str
    label: str
    when: str
    text: str
    respondent: int | None
    recorded_at: str
    withdrawn_by: int | None
    read_data: Callable[[], JsonObject]
    """Makes the JSON form of the record; a list of ten thousand lines needs none of them."""

    @property
    def data(self) -> JsonObject:
        """The record as the entry has it."""
        return self.read_data()

    def to_json(self) -> dict[str, object]:
        """Return the JSON form."""
        return {
            "seq": self.seq,
            "kind": self.kind,
            "recorded_at": self.recorded_at,
            "withdrawn_by": self.withdrawn_by,
            "respondent": self.respondent,
            "data": self.data,
        }


def lines(view: CaseView, rules: Rules) -> list[Line]:
    """Return every record of the case as it stands, in order of entry."""
    owners = attribute(view)
    made = [
        *_statement_lines(view, rules),
        *_timestamp_lines(view),
        *(_exhibit_line(owners, e) for e in view.exhibits),
        *(_row_line(owners, r) for r in view.rows),
        *(_transcript_line(owners, t) for t in view.transcripts),
        *(_note_line(owners, n) for n in view.notes),
        *(_tag_line(owners, t, rules) for t in view.tags),
        *(_mask_line(owners, m) for m in view.masks),
        *(_suggestion_line(owners, s, rules) for s in view.suggestions),
    ]
    return sorted(made, key=lambda line: line.seq)


def moment_text(moment: Moment | None) -> str:
    """Return a claimed time with its precision; empty if none was claimed."""
    return "" if moment is None else describe(moment)[0]


def party_text(party: Party, numbers: Mapping[str, Recorded[NumberRecord]]) -> str:
    """Return name and number of the other side, with what the person said about the number."""
    known = numbers.get(party.number)
    name = party.name or (known.record.name if known else "")
    number = party.number
    if party.number_truncated:
        number = _("{number}…（号码不完整）").format(number=number)
    return safe(" ".join(part for part in (name, number) if part))


def exhibit_text(exhibit: Exhibit, numbers: Mapping[str, Recorded[NumberRecord]]) -> str:
    """Return name, length and other side of an exhibit."""
    parts = [safe(exhibit.name)]
    if exhibit.duration_ms is not None:
        parts.append(timecode.display(exhibit.duration_ms // 1000 * 1000))
    parts.append(party_text(exhibit.party, numbers))
    if exhibit.unreadable:
        parts.append(_("（无法解码，已保存原文件）"))
    return "  ".join(part for part in parts if part)


def tag_text(tag: Tag, rules: Rules) -> str:
    """Return conduct, place and words of a tag."""
    known = rules.conducts.get(tag.conduct)
    parts = [known.label if known else safe(tag.conduct), place_text(tag)]
    if tag.quote:
        parts.append(f"“{excerpt(tag.quote)}”")
    return "  ".join(part for part in parts if part)


def place_text(tag: Tag) -> str:
    """Return where in the exhibit a tag is."""
    if tag.span is not None:
        return span_text(tag.span)
    if tag.region is not None:
        return region_text(tag.region)
    return ""


def excerpt(text: str) -> str:
    """Return the beginning of ``text`` on one line."""
    line = safe(" ".join(text.split()))
    return line if len(line) <= _EXCERPT else line[: _EXCERPT - 1] + "…"


def respondent_text(record: Respondent, rules: Rules) -> str:
    """Return name and type of a respondent."""
    known = rules.respondent_types.get(record.type)
    label = known.label if known else safe(record.type)
    return _("{name}（{type}）").format(name=safe(record.name), type=label)


def conduct_list(rules: Rules) -> tuple[str, ...]:
    """Return every conduct, by what it is typed as and what it is called."""
    return tuple(f"{c.id}  {c.label}" for c in rules.conducts.values())


def _statement_lines(view: CaseView, rules: Rules) -> Iterator[Line]:
    if view.complainant is not None:
        made = view.complainant
        data = functools.partial(records.complainant_to_data, made.record)
        yield _line(Kind.COMPLAINANT, made, data, text=safe(made.record.name))
    for respondent in view.respondents:
        data = functools.partial(records.respondent_to_data, respondent.record)
        text = respondent_text(respondent.record, rules)
        yield _line(Kind.RESPONDENT, respondent, data, text=text, respondent=respondent.seq)
    for number in view.numbers.values():
        said = number.record
        owner = view.respondent_seq(said.respondent)
        parts = (said.number, labels.role(said.role), safe(said.name))
        text = "  ".join(part for part in parts if part)
        data = functools.partial(records.number_to_data, said)
        yield _line(Kind.NUMBER, number, data, text=text, respondent=owner)
    for withdrawal in view.withdrawals:
        text = _("撤回 #{seq}：{reason}").format(
            seq=withdrawal.record.target, reason=excerpt(withdrawal.record.reason)
        )
        yield _line(
            Kind.WITHDRAW,
            withdrawal,
            functools.partial(records.withdraw_to_data, withdrawal.record),
            text=text,
        )
    for salvaged in view.salvages:
        data = functools.partial(salvage.salvage_to_data, salvaged.record)
        yield _line(Kind.SALVAGE, salvaged, data, text=salvage_text(salvaged.record))
    for erased in view.erasures:
        data = functools.partial(erasure.erasure_to_data, erased.record)
        yield _line(Kind.ERASE, erased, data, text=erasure_text(erased.record))
    for packet in view.packets:
        text = _("{channel}，{count} 份证据").format(
            channel=labels.channel(packet.record.channel), count=len(packet.record.exhibits)
        )
        owner = view.respondent_seq(packet.record.respondent)
        data = functools.partial(packet_record.packet_to_data, packet.record)
        yield _line(Kind.PACKET, packet, data, text=text, respondent=owner)
    for submission in view.submissions:
        yield _line(
            Kind.SUBMISSION,
            submission,
            functools.partial(submission_to_data, submission.record),
            when=time_text(submission.record.occurred),
            text=submission_text(submission.record),
            respondent=view.respondent_seq(submission.record.respondent),
        )


def submission_text(record: Submission) -> str:
    """Return what happened, where, and the receipt number."""
    parts = [labels.event(record.event), labels.channel(record.channel)]
    if record.of is not None:
        parts.append(_("（关于 #{seq}）").format(seq=record.of))
    elif record.packet is not None:
        parts.append(_("（材料包 #{seq}）").format(seq=record.packet))
    if record.receipt:
        parts.append(_("受理编号 {receipt}").format(receipt=safe(record.receipt)))
    if record.note:
        parts.append(excerpt(record.note))
    return "  ".join(parts)


def _timestamp_lines(view: CaseView) -> Iterator[Line]:
    for stamp in view.timestamps:
        record = stamp.record
        text = _("{authority}，覆盖 {entries}").format(
            authority=excerpt(record.authority), entries=timestamp_text.covers_text(record)
        )
        data = functools.partial(timestamp_to_data, record)
        when = recorded_text(record.attested_at)
        yield _line(Kind.TIMESTAMP, stamp, data, text=text, when=when)


def salvage_text(record: Salvage) -> str:
    """Return what was salvaged from a damaged file."""
    return _("从损坏的案件文件抢救：完好的旧记录 {entries} 条，读不出来 {lost} 条").format(
        entries=record.entries, lost=len(record.missing)
    )


def erasure_text(record: Erasure) -> str:
    """Return what was erased and why; there is nothing else to tell."""
    text = _("删除 #{seq}（{kind}）：{reason}").format(
        seq=record.target, kind=labels.kind(record.kind), reason=excerpt(record.reason)
    )
    if record.along_with is not None:
        text += _("（随 #{seq} 一并删除）").format(seq=record.along_with)
    return text


def row_text(row: ExportRow, numbers: Mapping[str, Recorded[NumberRecord]]) -> str:
    """Return what a call or message of an export says, and where it stands."""
    parts = [labels.direction(row.direction) if row.direction else ""]
    if row.medium is Medium.CALL:
        parts.append(labels.outcome(row.outcome) if row.outcome else "")
        if row.duration_ms:
            parts.append(timecode.display(row.duration_ms))
    else:
        parts = [labels.box(row.box)]
    party = party_text(row.party, numbers)
    if row.number_masked:
        party = _("{number}（号码被隐去）").format(number=party)
    parts.append(party or _("（隐藏号码）"))
    if row.text:
        parts.append(f"“{excerpt(row.text)}”")
    parts.append(
        _("（#{export} 第 {record} 条）").format(export=row.export, record=row.position.record)
    )
    return "  ".join(part for part in parts if part)


def _exhibit_line(owners: Attribution, exhibit: Recorded[Exhibit]) -> Line:
    return _line(
        Kind.EXHIBIT,
        exhibit,
        functools.partial(records.exhibit_to_data, exhibit.record),
        label=labels.medium(exhibit.record.medium),
        when=time_text(exhibit.record.occurred),
        text=exhibit_text(exhibit.record, owners.view.numbers),
        respondent=owners.of_entry(exhibit.seq),
    )


def _row_line(owners: Attribution, row: Recorded[ExportRow]) -> Line:
    return _line(
        Kind.RECORD,
        row,
        functools.partial(export_row.row_to_data, row.record),
        label=labels.medium(row.record.medium),
        when=time_text(row.record.occurred),
        text=row_text(row.record, owners.view.numbers),
        respondent=owners.of_entry(row.seq),
    )


def _transcript_line(owners: Attribution, transcript: Recorded[Transcript]) -> Line:
    record = transcript.record
    words = excerpt("".join(line.text for line in record.lines)) or safe(record.failure)
    if record.corrects is not None:
        text = _("改正 #{seq}：{text}").format(seq=record.corrects, text=words)
    else:
        text = _("#{seq} {writer}：{text}").format(
            seq=record.on, writer=labels.writer(record.writer), text=words
        )
    return _line(
        Kind.TRANSCRIPT,
        transcript,
        functools.partial(transcript_to_data, record),
        text=text,
        respondent=owners.of_entry(record.on),
    )


def _note_line(owners: Attribution, note: Recorded[Note]) -> Line:
    text = excerpt(note.record.text)
    if note.record.on is not None:
        text = _("关于 #{seq}：{text}").format(seq=note.record.on, text=text)
    return _line(
        Kind.NOTE,
        note,
        functools.partial(records.note_to_data, note.record),
        when=time_text(note.record.occurred) if note.record.occurred else "",
        text=text,
        respondent=owners.view.respondent_seq(note.record.respondent),
    )


def _tag_line(owners: Attribution, tag: Recorded[Tag], rules: Rules) -> Line:
    seen = as_seen(tag.record, owners.view)
    text = _("#{seq} {text}").format(seq=seen.on, text=tag_text(seen, rules))
    return _line(
        Kind.TAG,
        tag,
        functools.partial(records.tag_to_data, tag.record),
        when=time_text(tag.record.occurred) if tag.record.occurred else "",
        text=text,
        respondent=owners.of_tag(tag),
    )


def _mask_line(owners: Attribution, mask: Recorded[Mask]) -> Line:
    record = mask.record
    return _line(
        Kind.MASK,
        mask,
        functools.partial(mask_to_data, record),
        text=_("#{seq} {text}").format(seq=record.on, text=mask_text(record)),
        respondent=owners.of_entry(record.on),
    )


def suggestion_text(record: Suggestion, rules: Rules) -> str:
    """Return what the program noticed, and where."""
    known = rules.conducts.get(record.conduct)
    label = known.label if known else _("请留意您自己的话")
    parts = [label, f"“{excerpt(record.quote)}”" if record.quote else ""]
    if record.calls:
        parts.append(_("{count} 次通话").format(count=len(record.calls)))
    return "  ".join(part for part in parts if part)


def _suggestion_line(owners: Attribution, found: Recorded[Suggestion], rules: Rules) -> Line:
    record = found.record
    text = suggestion_text(record, rules)
    if record.on is not None:
        text = _("#{seq} {text}").format(seq=record.on, text=text)
    on = record.on if record.on is not None else next(iter(record.calls), None)
    return _line(
        Kind.SUGGESTION,
        found,
        functools.partial(suggestion_to_data, record),
        when=time_text(record.occurred) if record.occurred else "",
        text=text,
        respondent=owners.of_entry(on) if on is not None else None,
    )


def _line(
    kind: Kind,
    recorded: Recorded[T],
    data: Callable[[], JsonObject],
    *,
    text: str,
    label: str = "",
    when: str = "",
    respondent: int | None = None,
) -> Line:
    withdrawn = recorded.withdrawn
    if withdrawn is not None:
        text = _("【已撤回】{text}").format(text=text)
    return Line(
        seq=recorded.seq,
        kind=kind.value,
        label=label or labels.kind(kind.value),
        when=when,
        text=text,
        respondent=respondent,
        recorded_at=recorded.recorded_at,
        withdrawn_by=withdrawn.seq if withdrawn else None,
        read_data=data,
    )


def saved_text(recorded_at: str) -> str:
    """Return when the program took something in."""
    return recorded_text(recorded_at)
