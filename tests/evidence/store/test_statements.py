"""What a person says is checked against the case first; what is refused leaves no trace."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evidence.core.case_view import CaseView
from evidence.core.records import (
    Complainant,
    Kind,
    Note,
    NumberRecord,
    NumberRole,
    Region,
    Respondent,
    Span,
    Tag,
    Withdraw,
)
from evidence.errors import (
    EvidenceError,
    NothingRequestedError,
    RegionError,
    RespondentExistsError,
    SpanError,
    SpanNotApplicableError,
    UnknownConductError,
    UnknownRespondentError,
    UnknownSeqError,
    ValueFormError,
    WithdrawnError,
    WrongKindError,
)
from evidence.store import statements
from evidence.store.case_file import CaseFile
from evidence.store.verify import Verdict, verify_case
from tests.case_builder import CaseBuilder
from tests.evidence.store import case_files

CALL, PICTURE, BROKEN, NOTE, LENDER, GONE, WITHDRAWAL = 1, 2, 3, 4, 5, 6, 7
TYPES = ("consumer_finance", "microloan")
CONDUCTS = ("threat", "insult")
NAME = "甲某消费金融有限公司"


@pytest.fixture
def case(tmp_path: Path) -> Iterator[CaseFile]:
    """Give a case whose entries are named above; it still verifies when the test ends."""
    path = tmp_path / "case.liuhen"
    with case_files.create(path) as case:
        case_files.exhibit(case, b"call", duration_ms=60_000)
        case_files.exhibit(case, b"picture", width=1080, height=2400)
        case_files.exhibit(case, b"unreadable", unreadable="损坏")
        case_files.note(case)
        statements.add_respondent(case, Respondent(name=NAME, type=TYPES[0]), types=TYPES)
        case_files.exhibit(case, b"taken back", duration_ms=60_000)
        statements.withdraw(case, Withdraw(target=GONE, reason="传错了"))
        yield case
    assert verify_case(path).verdict is Verdict.INTACT


def _tag(on: int, **more: object) -> Callable[[CaseFile], object]:
    record = Tag(on=on, **{"conduct": "threat", **more})  # type: ignore[arg-type]
    return lambda case: statements.add_tag(case, record, conducts=CONDUCTS)


def _respondent(name: str, kind: str, *, update: bool = False) -> Callable[[CaseFile], object]:
    record = Respondent(name=name, type=kind)
    return lambda case: statements.add_respondent(case, record, types=TYPES, update=update)


def _note(text: str, on: int | None = None) -> Callable[[CaseFile], object]:
    return lambda case: statements.add_note(case, Note(text=text, on=on))


def _number(number: str) -> Callable[[CaseFile], object]:
    record = NumberRecord(number=number, role=NumberRole.COLLECTOR)
    return lambda case: statements.set_number(case, record)


def _withdraw(target: int, reason: str = "标错了") -> Callable[[CaseFile], object]:
    return lambda case: statements.withdraw(case, Withdraw(target=target, reason=reason))


def _span(start: int, end: int) -> Span:
    return Span(start_ms=start, end_ms=end)


def _region(left: int, top: int, width: int, height: int) -> Region:
    return Region(left=left, top=top, width=width, height=height)


REFUSED: dict[str, tuple[Callable[[CaseFile], object], type[EvidenceError]]] = {
    "complainant without a name": (
        lambda case: statements.set_complainant(case, Complainant(name=" \n")),
        NothingRequestedError,
    ),
    "respondent without a name": (_respondent(" ", TYPES[0]), ValueFormError),
    "respondent of no type": (_respondent("乙某", ""), ValueFormError),
    "respondent of an unknown type": (_respondent("乙某", "bakery"), ValueFormError),
    "respondent again": (_respondent(NAME, TYPES[1]), RespondentExistsError),
    "correction of an unknown respondent": (
        _respondent("乙某", TYPES[0], update=True),
        UnknownRespondentError,
    ),
    "number without digits": (_number("李经理"), ValueFormError),
    "empty number": (_number(""), ValueFormError),
    "empty note": (_note(" \t\n"), NothingRequestedError),
    "note on nothing": (_note("x", 99), UnknownSeqError),
    "note on a note": (_note("x", NOTE), WrongKindError),
    "note on what was withdrawn": (_note("x", GONE), WithdrawnError),
    "unknown conduct": (_tag(CALL, conduct="rudeness"), UnknownConductError),
    "no conduct": (_tag(CALL, conduct=""), UnknownConductError),
    "tag on nothing": (_tag(99), UnknownSeqError),
    "tag before everything": (_tag(-1), UnknownSeqError),
    "tag on a respondent": (_tag(LENDER), WrongKindError),
    "tag on the case": (_tag(0), WrongKindError),
    "tag on what was withdrawn": (_tag(GONE), WithdrawnError),
    "passage reversed": (_tag(CALL, span=_span(2000, 1000)), SpanError),
    "passage empty": (_tag(CALL, span=_span(1000, 1000)), SpanError),
    "passage before the start": (_tag(CALL, span=_span(-1, 1000)), SpanError),
    "passage one past the end": (_tag(CALL, span=_span(0, 60_001)), SpanError),
    "passage in a picture": (_tag(PICTURE, span=_span(0, 1)), SpanNotApplicableError),
    "passage in an unreadable one": (_tag(BROKEN, span=_span(0, 1)), SpanNotApplicableError),
    "passage in a note": (_tag(NOTE, span=_span(0, 1)), SpanNotApplicableError),
    "region too wide": (_tag(PICTURE, region=_region(1, 0, 1080, 10)), RegionError),
    "region too high": (_tag(PICTURE, region=_region(0, 1, 10, 2400)), RegionError),
    "region left of the picture": (_tag(PICTURE, region=_region(-1, 0, 10, 10)), RegionError),
    "region above the picture": (_tag(PICTURE, region=_region(0, -1, 10, 10)), RegionError),
    "region without width": (_tag(PICTURE, region=_region(0, 0, 0, 10)), RegionError),
    "region without height": (_tag(PICTURE, region=_region(0, 0, 10, 0)), RegionError),
    "region in a recording": (_tag(CALL, region=_region(0, 0, 1, 1)), RegionError),
    "region in a note": (_tag(NOTE, region=_region(0, 0, 1, 1)), RegionError),
    "withdrawal of nothing": (_withdraw(99), UnknownSeqError),
    "withdrawal of the case": (_withdraw(0), WrongKindError),
    "withdrawal of a withdrawal": (_withdraw(WITHDRAWAL), WrongKindError),
    "withdrawal a second time": (_withdraw(GONE), WithdrawnError),
    "withdrawal without a reason": (_withdraw(CALL, "  "), NothingRequestedError),
}


@pytest.mark.parametrize("name", REFUSED)
def test_mistake_is_refused_and_leaves_no_entry(case: CaseFile, name: str) -> None:
    say, error = REFUSED[name]
    before = case.checkpoint()
    with pytest.raises(EvidenceError) as caught:
        say(case)
    assert type(caught.value) is error
    assert case.checkpoint() == before


def test_refused_passage_says_the_allowed_range(case: CaseFile) -> None:
    with pytest.raises(SpanError) as caught:
        _tag(CALL, span=_span(59_000, 61_000))(case)
    assert caught.value.seq == CALL
    assert (caught.value.first, caught.value.last) == ("00:00", "01:00")


def test_refused_region_says_the_size_of_the_picture(case: CaseFile) -> None:
    with pytest.raises(RegionError) as caught:
        _tag(PICTURE, region=_region(0, 0, 2000, 1))(case)
    assert (caught.value.width, caught.value.height) == (1080, 2400)


def test_second_withdrawal_names_the_first(case: CaseFile) -> None:
    with pytest.raises(WithdrawnError) as caught:
        _withdraw(GONE)(case)
    assert (caught.value.seq, caught.value.by) == (GONE, WITHDRAWAL)


def test_second_respondent_names_the_first(case: CaseFile) -> None:
    with pytest.raises(RespondentExistsError) as caught:
        _respondent(NAME, TYPES[0])(case)
    assert (caught.value.name, caught.value.seq) == (NAME, LENDER)


@pytest.mark.parametrize("span", [_span(0, 1), _span(0, 60_000), _span(59_999, 60_000)])
def test_passage_up_to_the_very_end_is_taken(case: CaseFile, span: Span) -> None:
    _tag(CALL, span=span)(case)
    assert case.view().tags[-1].record.span == span


@pytest.mark.parametrize("region", [_region(0, 0, 1080, 2400), _region(1079, 2399, 1, 1)])
def test_region_up_to_the_very_edge_is_taken(case: CaseFile, region: Region) -> None:
    _tag(PICTURE, region=region)(case)
    assert case.view().tags[-1].record.region == region


def test_note_and_unreadable_exhibit_can_be_tagged_as_a_whole(case: CaseFile) -> None:
    _tag(NOTE, quote="你等着")(case)
    _tag(BROKEN, quote="你等着")(case)
    assert [tag.record.on for tag in case.view().tags] == [NOTE, BROKEN]


def test_text_is_kept_exactly_as_it_was_given(case: CaseFile) -> None:
    text = "  他说：“你等着！”\r\n\ufb01\u212b e\u0301 😡\t "
    _note(text)(case)
    _tag(CALL, quote=text)(case)
    assert case.view().notes[-1].record.text == text
    assert case.view().tags[-1].record.quote == text


def test_latest_complainant_stands_and_the_first_stays_in_the_log(case: CaseFile) -> None:
    first = statements.set_complainant(case, Complainant(name="林"))
    second = statements.set_complainant(case, Complainant(name="林某"))
    standing = case.view().complainant
    assert standing is not None
    assert (standing.seq, standing.record.name) == (second.seq, "林某")
    assert case.entry(first.seq).data["name"] == "林"


def test_corrected_respondent_takes_the_place_of_the_first(case: CaseFile) -> None:
    _respondent(NAME, TYPES[1], update=True)(case)
    (standing,) = case.view().respondents
    assert (standing.record.type, standing.record.supersedes) == (TYPES[1], LENDER)
    assert case.view().respondent_seq(LENDER) == standing.seq


def test_number_is_stored_in_its_plain_form(case: CaseFile) -> None:
    _number("+86 138-0000-0011")(case)
    assert list(case.view().numbers) == ["13800000011"]


def test_withdrawn_entry_stays_with_the_reason(case: CaseFile) -> None:
    gone = next(e for e in case.view().exhibits if e.seq == GONE)
    assert gone.withdrawn is not None
    assert gone.withdrawn.record.reason == "传错了"
    assert case.original(GONE).read() == b"taken back"


@pytest.mark.parametrize("target", [CALL, NOTE, LENDER])
def test_each_kind_that_a_person_says_can_be_withdrawn(case: CaseFile, target: int) -> None:
    _withdraw(target)(case)
    with pytest.raises(WithdrawnError):
        _withdraw(target)(case)


def _lenders(*names: str) -> CaseView:
    built = CaseBuilder()
    for name in names:
        built.respondent(name)
    return built.view()


def test_respondent_is_found_by_its_name_or_a_part_that_only_it_has() -> None:
    view = _lenders("甲某消费金融", "甲某消费金融有限公司", "乙某小额贷款")
    assert statements.find_respondent(view, "甲某消费金融").record.name == "甲某消费金融"
    assert statements.find_respondent(view, "乙某").record.name == "乙某小额贷款"


@pytest.mark.parametrize("name", ["", "丙某", "甲某", "某"])
def test_respondent_that_is_unknown_or_could_be_two_is_not_guessed(name: str) -> None:
    view = _lenders("甲某消费金融", "甲某消费金融有限公司", "乙某小额贷款")
    with pytest.raises(UnknownRespondentError):
        statements.find_respondent(view, name)


def test_every_statement_is_one_entry(case: CaseFile) -> None:
    before = case.size()
    appended = statements.add_note(case, Note(text="x", on=CALL))
    assert (appended.seq, case.size()) == (before, before + 1)
    assert case.entry(before).kind == Kind.NOTE
