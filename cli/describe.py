"""Records in one line each, the same in ``list``, ``show`` and ``timeline``.

Text of the case (names, quotations, notes) is made safe here; nothing else prints it.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import TypeVar

from cli import labels
from cli.display import safe
from cli.i18n import _
from evidence.core import records, timecode
from evidence.core.canonical import JsonObject
from evidence.core.case_view import CaseView, Recorded
from evidence.core.moment import Moment
from evidence.core.moment_text import describe, recorded_text, time_text
from evidence.core.records import Exhibit, Kind, Note, NumberRecord, Party, Respondent, Tag
from evidence.core.rules import Rules

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
    data: JsonObject

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
    made = [
        *_statement_lines(view, rules),
        *(_exhibit_line(view, e) for e in view.exhibits),
        *(_note_line(view, n) for n in view.notes),
        *(_tag_line(view, t, rules) for t in view.tags),
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
        first, last = timecode.display(tag.span.start_ms), timecode.display(tag.span.end_ms)
        return f"{first}–{last}"
    if tag.region is not None:
        r = tag.region
        return _("区域 {left},{top},{width},{height}").format(
            left=r.left, top=r.top, width=r.width, height=r.height
        )
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


def conduct_list(rules: Rules) -> str:
    """Return every conduct, each on a line of its own."""
    return "".join(f"\n  {c.id}  {c.label}" for c in rules.conducts.values())


def _statement_lines(view: CaseView, rules: Rules) -> Iterator[Line]:
    if view.complainant is not None:
        made = view.complainant
        data = records.complainant_to_data(made.record)
        yield _line(Kind.COMPLAINANT, made, data, text=safe(made.record.name))
    for respondent in view.respondents:
        data = records.respondent_to_data(respondent.record)
        text = respondent_text(respondent.record, rules)
        yield _line(Kind.RESPONDENT, respondent, data, text=text, respondent=respondent.seq)
    for number in view.numbers.values():
        said = number.record
        owner = view.respondent_seq(said.respondent)
        parts = (said.number, labels.role(said.role), safe(said.name))
        text = "  ".join(part for part in parts if part)
        data = records.number_to_data(said)
        yield _line(Kind.NUMBER, number, data, text=text, respondent=owner)
    for withdrawal in view.withdrawals:
        text = _("撤回 #{seq}：{reason}").format(
            seq=withdrawal.record.target, reason=excerpt(withdrawal.record.reason)
        )
        yield _line(
            Kind.WITHDRAW, withdrawal, records.withdraw_to_data(withdrawal.record), text=text
        )
    for packet in view.packets:
        text = _("{channel}，{count} 份证据").format(
            channel=labels.channel(packet.record.channel), count=len(packet.record.exhibits)
        )
        owner = view.respondent_seq(packet.record.respondent)
        data = records.packet_to_data(packet.record)
        yield _line(Kind.PACKET, packet, data, text=text, respondent=owner)


def _exhibit_line(view: CaseView, exhibit: Recorded[Exhibit]) -> Line:
    return _line(
        Kind.EXHIBIT,
        exhibit,
        records.exhibit_to_data(exhibit.record),
        label=labels.medium(exhibit.record.medium),
        when=time_text(exhibit.record.occurred),
        text=exhibit_text(exhibit.record, view.numbers),
        respondent=view.respondent_of(exhibit.record),
    )


def _note_line(view: CaseView, note: Recorded[Note]) -> Line:
    text = excerpt(note.record.text)
    if note.record.on is not None:
        text = _("关于 #{seq}：{text}").format(seq=note.record.on, text=text)
    return _line(
        Kind.NOTE,
        note,
        records.note_to_data(note.record),
        when=time_text(note.record.occurred) if note.record.occurred else "",
        text=text,
        respondent=view.respondent_seq(note.record.respondent),
    )


def _tag_line(view: CaseView, tag: Recorded[Tag], rules: Rules) -> Line:
    from reports.decide.select import tag_respondent

    text = _("#{seq} {text}").format(seq=tag.record.on, text=tag_text(tag.record, rules))
    return _line(
        Kind.TAG,
        tag,
        records.tag_to_data(tag.record),
        when=time_text(tag.record.occurred) if tag.record.occurred else "",
        text=text,
        respondent=tag_respondent(view, tag),
    )


def _line(
    kind: Kind,
    recorded: Recorded[T],
    data: JsonObject,
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
        data=data,
    )


def saved_text(recorded_at: str) -> str:
    """Return when the program took something in."""
    return recorded_text(recorded_at)
