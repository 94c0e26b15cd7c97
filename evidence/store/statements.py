"""What a person says about the case, checked against the case before it is written.

Each function appends one entry. The checks are for mistakes of the person; the entry stays
possible to withdraw.
"""

import dataclasses
from collections.abc import Collection

from evidence.core import phone, records, timecode
from evidence.core.case_view import CaseView, Recorded
from evidence.core.mask import displayed_size, stored
from evidence.core.records import (
    Complainant,
    Exhibit,
    Kind,
    Note,
    NumberRecord,
    Region,
    Respondent,
    Span,
    Tag,
    Withdraw,
)
from evidence.errors import (
    NotAThirdPersonError,
    NothingRequestedError,
    RegionError,
    RespondentExistsError,
    SpanError,
    SpanNotApplicableError,
    UnknownConductError,
    UnknownRespondentError,
    ValueFormError,
    WithdrawnError,
    WrongKindError,
)
from evidence.store.batch import Appended
from evidence.store.case_file import CaseFile

_WITHDRAWABLE = frozenset(
    {
        Kind.COMPLAINANT,
        Kind.RESPONDENT,
        Kind.NUMBER,
        Kind.EXHIBIT,
        Kind.RECORD,
        Kind.TRANSCRIPT,
        Kind.MASK,
        Kind.NOTE,
        Kind.TAG,
        Kind.SUBMISSION,
    }
)


def set_complainant(case: CaseFile, record: Complainant) -> Appended:
    """Say who complains; the latest statement stands."""
    if not record.name.strip():
        raise NothingRequestedError(example="liuhen complainant --name 林某 --phone 13800000001")
    return case.append(Kind.COMPLAINANT, records.complainant_to_data(record))


def add_respondent(
    case: CaseFile, record: Respondent, *, types: Collection[str], update: bool = False
) -> Appended:
    """Say against whom; with ``update`` correct the respondent of the same name.

    Raises:
        ValueFormError: if the type is not one of ``types``, or the name is empty.
        RespondentExistsError: if the name is taken and ``update`` is not set.
        UnknownRespondentError: if ``update`` is set and the name is not known.
    """
    if not record.name.strip():
        raise ValueFormError(value=record.name, what="机构名称", example="甲某消费金融有限公司")
    if record.type not in types:
        raise ValueFormError(value=record.type, what="机构类型", example=" / ".join(types))
    view = case.view()
    known = next((r for r in view.respondents if r.record.name == record.name), None)
    if known is not None and not update:
        raise RespondentExistsError(name=record.name, seq=known.seq)
    if known is None and update:
        raise UnknownRespondentError(name=record.name)
    settled = dataclasses.replace(record, supersedes=known.seq if known else None)
    return case.append(Kind.RESPONDENT, records.respondent_to_data(settled))


def set_number(case: CaseFile, record: NumberRecord) -> Appended:
    """Say whose number it is; the latest statement stands.

    Raises:
        ValueFormError: if it is no telephone number.
    """
    number = phone.normalise(record.number)
    if not number:
        raise ValueFormError(value=record.number, what="电话号码", example="13800000011")
    settled = dataclasses.replace(record, number=number)
    return case.append(Kind.NUMBER, records.number_to_data(settled))


def add_note(case: CaseFile, record: Note) -> Appended:
    """Write down what the person says.

    Raises:
        NothingRequestedError: if the text is empty.
        UnknownSeqError, WrongKindError, WithdrawnError: about the exhibit it is on.
    """
    if not record.text.strip():
        raise NothingRequestedError(example='liuhen note "10月14日打了二十多个电话" --on 编号')
    if record.on is not None:
        standing(case, record.on, frozenset({Kind.EXHIBIT, Kind.RECORD}))
    return case.append(Kind.NOTE, records.note_to_data(record))


def add_tag(case: CaseFile, record: Tag, *, conducts: Collection[str]) -> Appended:
    """Mark a conduct at a place; a region is what the person sees, in displayed pixels.

    Raises:
        UnknownConductError: if the conduct is not one of ``conducts``.
        UnknownSeqError, WrongKindError, WithdrawnError: about what it is on.
        SpanError, SpanNotApplicableError, RegionError: about the place in it.
    """
    if record.conduct not in conducts:
        raise UnknownConductError(conduct=record.conduct, known=tuple(conducts))
    kind = standing(case, record.on, frozenset({Kind.EXHIBIT, Kind.RECORD, Kind.NOTE}))
    if kind == Kind.EXHIBIT:
        exhibit = records.exhibit_from_data(case.entry(record.on).data)
        if record.span is not None:
            check_span(record.on, exhibit, record.span)
        if record.region is not None:
            check_region(record.on, record.region, displayed_size(exhibit))
            record = dataclasses.replace(record, region=stored(record.region, exhibit))
    elif record.span is not None:
        raise SpanNotApplicableError(seq=record.on)
    elif record.region is not None:
        raise RegionError(seq=record.on, region=_region_text(record.region), width=0, height=0)
    return case.append(Kind.TAG, records.tag_to_data(record))


def withdraw(case: CaseFile, record: Withdraw) -> Appended:
    """Take back an entry; it stays in the log and in the proof.

    Raises:
        UnknownSeqError, WrongKindError, WithdrawnError: about the entry.
        NothingRequestedError: if no reason is given.
    """
    if not record.reason.strip():
        raise NothingRequestedError(example='liuhen withdraw 编号 --reason "标错了"')
    standing(case, record.target, _WITHDRAWABLE)
    return append_withdrawal(case, record)


def append_withdrawal(case: CaseFile, record: Withdraw) -> Appended:
    """Take back an entry that the caller has checked."""
    return case.append(Kind.WITHDRAW, records.withdraw_to_data(record))


def find_third_person(view: CaseView, number: str) -> Recorded[NumberRecord]:
    """Return what was stated of the number of a third person.

    Raises:
        NotAThirdPersonError: if it was not stated to be one's.
    """
    key = phone.normalise(number)
    known = view.numbers.get(key)
    if known is None or known.record.role not in records.THIRD_PARTY_ROLES:
        raise NotAThirdPersonError(number=key or number)
    return known


def find_respondent(view: CaseView, name: str) -> Recorded[Respondent]:
    """Return the standing respondent of this exact name, or of the one name that contains it.

    Raises:
        UnknownRespondentError: if there is none, or several contain it.
    """
    exact = [r for r in view.respondents if r.record.name == name]
    close = exact or [r for r in view.respondents if name and name in r.record.name]
    if len(close) != 1:
        raise UnknownRespondentError(name=name)
    return close[0]


def check_span(seq: int, exhibit: Exhibit, span: Span) -> None:
    """Refuse a passage that is reversed, empty or beyond the recording.

    Raises:
        SpanNotApplicableError: if the exhibit has no duration.
        SpanError: with the allowed range.
    """
    if exhibit.duration_ms is None:
        raise SpanNotApplicableError(seq=seq)
    if not 0 <= span.start_ms < span.end_ms <= exhibit.duration_ms:
        raise SpanError(
            seq=seq,
            start=timecode.display(span.start_ms),
            end=timecode.display(span.end_ms),
            first=timecode.display(0),
            last=timecode.display(exhibit.duration_ms),
        )


def check_region(seq: int, region: Region, size: tuple[int, int]) -> None:
    """Refuse a box that is empty or leaves a picture of this width and height.

    Raises:
        RegionError: with the size of the picture.
    """
    width, height = size
    inside = (
        region.width > 0
        and region.height > 0
        and 0 <= region.left <= width - region.width
        and 0 <= region.top <= height - region.height
    )
    if not inside:
        raise RegionError(seq=seq, region=_region_text(region), width=width, height=height)


def _region_text(region: Region) -> str:
    return f"{region.left},{region.top},{region.width},{region.height}"


def standing(case: CaseFile, seq: int, wanted: frozenset[Kind]) -> str:
    """Return the kind of an entry that has one of the wanted kinds and was not withdrawn."""
    entry = case.entry(seq)
    if entry.kind not in wanted:
        raise WrongKindError(seq=seq, found=entry.kind, wanted="/".join(sorted(wanted)))
    for withdrawal in case.entries(kinds=frozenset({Kind.WITHDRAW})):
        if records.withdraw_from_data(withdrawal.data).target == seq:
            raise WithdrawnError(seq=seq, by=withdrawal.seq)
    return entry.kind
