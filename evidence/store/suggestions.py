"""What the person decides about a suggestion: confirm it, which makes a tag, or dismiss it."""

from collections.abc import Collection

from evidence.core.records import Kind, Tag, Withdraw
from evidence.core.suggestion import Suggestion, suggestion_from_data
from evidence.errors import CautionError, SuggestionConfirmedError
from evidence.store import statements
from evidence.store.batch import Appended
from evidence.store.case_file import CaseFile

DISMISSED = "不采用系统提示"


def confirm(
    case: CaseFile, seq: int, *, conducts: Collection[str], conduct: str | None = None
) -> Appended:
    """Make a tag of a suggestion, with the conduct that the person chose if it is another.

    Raises:
        UnknownSeqError, WrongKindError, WithdrawnError: if it is no standing suggestion.
        CautionError: if it is about the borrower's own words.
        SuggestionConfirmedError: if it was confirmed before.
        UnknownConductError, SpanError, RegionError: about the tag.
    """
    record = _standing(case, seq)
    if not record.conduct or (record.on is None and not record.calls):
        raise CautionError(seq=seq)
    for tag in case.view().tags:
        if tag.stands and tag.record.suggestion == seq:
            raise SuggestionConfirmedError(seq=seq, by=tag.seq)
    return statements.add_tag(case, _tag(record, seq, conduct), conducts=conducts)


def dismiss(case: CaseFile, seq: int) -> Appended:
    """Say that a suggestion is not taken up; it stays in the log and is not made again.

    Raises:
        UnknownSeqError, WrongKindError, WithdrawnError: if it is no standing suggestion.
    """
    _standing(case, seq)
    record = Withdraw(target=seq, reason=DISMISSED)
    return statements.append_withdrawal(case, record)


def _standing(case: CaseFile, seq: int) -> Suggestion:
    statements.standing(case, seq, frozenset({Kind.SUGGESTION}))
    return suggestion_from_data(case.entry(seq).data)


def _tag(record: Suggestion, seq: int, conduct: str | None) -> Tag:
    on = record.on if record.on is not None else record.calls[0]
    counted = bool(record.calls)
    return Tag(
        on=on,
        conduct=conduct or record.conduct,
        quote=record.quote,
        span=record.span,
        region=record.region,
        occurred=record.occurred if counted else None,
        comment=record.explanation if counted else "",
        suggestion=seq,
    )
