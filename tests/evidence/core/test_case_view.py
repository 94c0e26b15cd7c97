"""The case as it stands: what was withdrawn, corrected, cut, erased or is not known."""

import dataclasses

import pytest

from evidence.core import records
from evidence.core.case_view import fold
from evidence.core.records import Exhibit, Kind, NumberRole, Party
from tests.case_builder import COLLECTOR, FAMILY, CaseBuilder

SECOND = "13800000022"


@pytest.fixture
def case() -> CaseBuilder:
    return CaseBuilder()


def exhibit(builder: CaseBuilder, seq: int) -> Exhibit:
    return next(e.record for e in builder.view().exhibits if e.seq == seq)


def test_new_case_is_empty(case: CaseBuilder) -> None:
    view = case.view()
    assert view.size == 1
    assert view.complainant is None
    assert not view.respondents
    assert not view.exhibits
    assert not view.erased
    assert view.unknown_kinds == {}


def test_same_entries_give_the_same_view(case: CaseBuilder) -> None:
    case.complainant()
    case.tag(case.recording(respondent=case.respondent()))
    assert fold(case.entries) == fold(iter(case.entries))


def test_everything_is_in_order_of_entry_with_its_place(case: CaseBuilder) -> None:
    first, second = case.recording(), case.picture()
    note, tag = case.note("说明", on=first), case.tag(first)
    view = case.view()
    assert [e.seq for e in view.exhibits] == [first, second]
    assert [n.seq for n in view.notes] == [note]
    assert [t.seq for t in view.tags] == [tag]
    assert view.exhibits[0].recorded_at == case.entries[first].recorded_at
    assert view.size == len(case.entries)


# --- withdrawals ----------------------------------------------------------------------------------


def test_withdrawn_entry_stays_and_says_by_which_entry_and_why(case: CaseBuilder) -> None:
    recording = case.recording()
    tag, kept = case.tag(recording), case.tag(recording)
    by = case.withdraw(tag, "标错了人")
    tags = {t.seq: t for t in case.view().tags}
    assert not tags[tag].stands
    assert tags[tag].withdrawn is not None
    assert (tags[tag].withdrawn.seq, tags[tag].withdrawn.record.reason) == (by, "标错了人")
    assert tags[kept].stands
    assert [w.seq for w in case.view().withdrawals] == [by]


def test_exhibit_and_note_can_be_withdrawn(case: CaseBuilder) -> None:
    recording, note = case.recording(), case.note("说明")
    case.withdraw(recording)
    case.withdraw(note)
    view = case.view()
    assert [e.stands for e in view.exhibits] == [False]
    assert [n.stands for n in view.notes] == [False]


def test_first_of_two_withdrawals_is_the_one_that_counts(case: CaseBuilder) -> None:
    tag = case.tag(case.recording())
    first = case.withdraw(tag, "一")
    case.withdraw(tag, "二")
    found = case.view().tags[0].withdrawn
    assert found is not None
    assert found.seq == first
    assert len(case.view().withdrawals) == 2


def test_withdrawal_of_nothing_changes_nothing(case: CaseBuilder) -> None:
    recording = case.recording()
    case.withdraw(9999)
    assert [e.seq for e in case.view().exhibits if e.stands] == [recording]


# --- complainant ----------------------------------------------------------------------------------


def test_latest_complainant_stands(case: CaseBuilder) -> None:
    case.complainant("林某")
    second = case.complainant("林某某")
    view = case.view()
    assert view.complainant is not None
    assert (view.complainant.seq, view.complainant.record.name) == (second, "林某某")


def test_withdrawn_complainant_gives_way_to_the_one_before(case: CaseBuilder) -> None:
    first = case.complainant("林某")
    case.withdraw(case.complainant("打错的名字"))
    view = case.view()
    assert view.complainant is not None
    assert view.complainant.seq == first
    case.withdraw(first)
    assert case.view().complainant is None


# --- respondents ----------------------------------------------------------------------------------


def test_corrected_respondent_takes_the_place_of_the_old_one(case: CaseBuilder) -> None:
    old = case.respondent()
    recording = case.recording(respondent=old)
    case.number(respondent=old)
    new = case.respondent("甲某消费金融股份有限公司", supersedes=old)
    view = case.view()
    assert [r.seq for r in view.respondents] == [new]
    assert view.respondent_seq(old) == new
    assert view.respondent_of(exhibit(case, recording)) == new
    assert view.respondent_of_number(COLLECTOR) == new


def test_references_lead_through_every_correction(case: CaseBuilder) -> None:
    chain = [case.respondent()]
    for n in range(5):
        chain.append(case.respondent(f"第 {n} 次更正", supersedes=chain[-1]))
    view = case.view()
    assert [r.seq for r in view.respondents] == [chain[-1]]
    assert {view.respondent_seq(seq) for seq in chain} == {chain[-1]}


def test_withdrawn_correction_brings_the_old_one_back(case: CaseBuilder) -> None:
    old = case.respondent()
    case.withdraw(case.respondent("打错了", supersedes=old))
    view = case.view()
    assert [r.seq for r in view.respondents] == [old]
    assert view.respondent_seq(old) == old


def test_withdrawn_respondent_is_left_out(case: CaseBuilder) -> None:
    gone, kept = case.respondent("乙某银行", "bank"), case.respondent()
    case.withdraw(gone)
    assert [r.seq for r in case.view().respondents] == [kept]


def test_nobody_stays_nobody(case: CaseBuilder) -> None:
    assert case.view().respondent_seq(None) is None


def test_respondents_that_supersede_each_other_do_not_run_in_a_circle(case: CaseBuilder) -> None:
    one = len(case.entries)
    case.respondent("甲", supersedes=one + 1)
    case.respondent("乙", supersedes=one)
    view = case.view()
    assert view.respondent_seq(one) == one + 1
    assert view.respondent_seq(one + 1) == one + 1
    assert [r.seq for r in view.respondents] == [one + 1]


def test_respondent_that_supersedes_itself_stands(case: CaseBuilder) -> None:
    own = len(case.entries)
    case.respondent(supersedes=own)
    view = case.view()
    assert view.respondent_seq(own) == own
    assert [r.seq for r in view.respondents] == [own]


# --- numbers --------------------------------------------------------------------------------------


def test_latest_statement_about_a_number_stands(case: CaseBuilder) -> None:
    lender = case.respondent()
    case.number(role=NumberRole.OTHER)
    case.number(role=NumberRole.COLLECTOR, respondent=lender)
    view = case.view()
    assert view.numbers[COLLECTOR].record.role is NumberRole.COLLECTOR
    assert view.respondent_of_number(COLLECTOR) == lender


def test_withdrawn_statement_gives_way_to_the_one_before(case: CaseBuilder) -> None:
    lender = case.respondent()
    case.number(respondent=lender)
    case.withdraw(case.number(role=NumberRole.FAMILY))
    assert case.view().respondent_of_number(COLLECTOR) == lender


def test_number_that_nobody_spoke_of_belongs_to_nobody(case: CaseBuilder) -> None:
    case.number(respondent=case.respondent())
    assert case.view().respondent_of_number(SECOND) is None
    assert case.view().respondent_of_number("") is None


def test_number_of_the_family_belongs_to_no_respondent(case: CaseBuilder) -> None:
    case.number(FAMILY, NumberRole.FAMILY)
    recording = case.recording(number=FAMILY)
    assert case.view().respondent_of(exhibit(case, recording)) is None


# --- whose exhibit --------------------------------------------------------------------------------


def test_exhibit_belongs_to_the_respondent_of_its_number(case: CaseBuilder) -> None:
    lender = case.respondent()
    recording = case.recording()
    assert case.view().respondent_of(exhibit(case, recording)) is None
    case.number(respondent=lender)
    assert case.view().respondent_of(exhibit(case, recording)) == lender


def test_what_the_person_said_goes_before_the_number(case: CaseBuilder) -> None:
    lender, other = case.respondent(), case.respondent("乙某银行", "bank")
    case.number(respondent=lender)
    recording = case.recording(respondent=other)
    assert case.view().respondent_of(exhibit(case, recording)) == other


def test_truncated_number_belongs_to_nobody(case: CaseBuilder) -> None:
    case.number(respondent=case.respondent())
    whole = exhibit(case, case.recording())
    cut = dataclasses.replace(whole, party=Party(number=COLLECTOR, number_truncated=True))
    view = case.view()
    assert view.respondent_of(whole) is not None
    assert view.respondent_of(cut) is None


def test_hidden_callers_belong_to_nobody_even_if_a_hidden_number_was_named(
    case: CaseBuilder,
) -> None:
    lender = case.respondent()
    case.append(Kind.NUMBER, {"number": "", "role": "collector", "respondent": lender})
    recording = case.recording(number="")
    assert case.view().respondent_of(exhibit(case, recording)) is None


# --- what this version does not know, and what is gone --------------------------------------------


def test_unknown_kinds_are_counted_and_otherwise_left_alone(case: CaseBuilder) -> None:
    recording = case.recording()
    for kind in ("kind_of_2030", "kind_of_2031", "kind_of_2030"):
        case.append(kind, {"target": recording})
    view = case.view()
    assert view.unknown_kinds == {"kind_of_2030": 2, "kind_of_2031": 1}
    assert view.size == len(case.entries)
    assert view.exhibits[0].stands


def test_unknown_fields_change_nothing(case: CaseBuilder) -> None:
    case.append(Kind.NOTE, {"text": "说明", "of_2030": [1]})
    assert case.view().notes[0].record == records.Note(text="说明")


def test_erased_entries_are_named_and_counted(case: CaseBuilder) -> None:
    gone, kept = case.recording(), case.recording()
    view = fold([e for e in case.entries if e.seq != gone], erased=[gone])
    assert view.erased == (gone,)
    assert [e.seq for e in view.exhibits] == [kept]
    assert view.size == len(case.entries)


def test_erased_last_entry_is_counted_in_the_size(case: CaseBuilder) -> None:
    last = case.recording()
    assert fold(case.entries[:-1], erased=[last]).size == last + 1


def test_erased_withdrawal_leaves_what_it_withdrew_standing(case: CaseBuilder) -> None:
    tag = case.tag(case.recording())
    by = case.withdraw(tag)
    view = fold([e for e in case.entries if e.seq != by], erased=[by])
    assert view.tags[0].stands


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (Kind.NOTE, {}),
        (Kind.TAG, {"conduct": "threat"}),
        (Kind.TAG, {"on": "x", "conduct": "threat"}),
        (Kind.NUMBER, {"number": COLLECTOR, "role": "stranger"}),
        (Kind.EXHIBIT, {"name": "a"}),
        (Kind.WITHDRAW, {"reason": "x"}),
        (Kind.PACKET, {"channel": "12378"}),
    ],
)
def test_known_kind_without_what_it_needs_is_refused(
    case: CaseBuilder, kind: str, data: dict[str, str]
) -> None:
    case.append(kind, data)
    with pytest.raises((KeyError, ValueError)):
        case.view()


def test_entries_without_a_case_entry_are_refused(case: CaseBuilder) -> None:
    case.note("说明")
    for entries in ([], case.entries[1:]):
        with pytest.raises(ValueError, match="case"):
            fold(entries)
