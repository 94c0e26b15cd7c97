"""Whose everything is: what the person said, a complete number, a joined call; never time alone."""

import dataclasses

from evidence.core.attribution import attribute
from evidence.core.export_row import row_from_data, row_to_data
from evidence.core.moment import Source
from evidence.core.records import Kind, NumberRole
from tests.case_builder import COLLECTOR, FAMILY, CaseBuilder, by_name
from tests.evidence.core.test_calls import row

OTHER = "13800000012"


def two_owners() -> tuple[CaseBuilder, int, int]:
    case = CaseBuilder()
    one = case.respondent()
    two = case.respondent("乙某小额贷款有限公司")
    case.number(COLLECTOR, respondent=one)
    case.number(OTHER, respondent=two)
    return case, one, two


def owner(case: CaseBuilder, seq: int) -> int | None:
    return attribute(case.view()).of_entry(seq)


def test_complete_number_says_whose_an_entry_is() -> None:
    case, one, two = two_owners()
    assert owner(case, row(case, "2026-10-14T10:00:00+08:00")) == one
    assert owner(case, case.recording(by_name("2026-10-15 10:00:00"), number=OTHER)) == two
    assert owner(case, case.picture(number="13800000099")) is None


def test_what_the_person_said_goes_before_the_number() -> None:
    case, one, two = two_owners()
    seq = case.recording(by_name("2026-10-15 10:00:00"), respondent=two)
    assert owner(case, seq) == two
    picked = dataclasses.replace(
        row_from_data(case.entries[row(case, "2026-10-14T10:00:00+08:00")].data), respondent=two
    )
    assert owner(case, case.append(Kind.RECORD, row_to_data(picked))) == two
    assert one != two


def test_recording_of_a_contact_gets_the_respondent_of_its_call() -> None:
    case, one, _ = two_owners()
    row(case, "2026-10-14T10:00:00+08:00", name="李经理")
    seq = case.recording(by_name("2026-10-14 10:00:20"), number="", party_name="李经理")
    assert owner(case, seq) == one


def test_time_alone_attributes_nothing() -> None:
    case, one, _ = two_owners()
    log = row(case, "2026-10-14T10:00:00+08:00")
    seq = case.recording(by_name("2026-10-14 10:00:20"), number="")
    assert owner(case, seq) is None
    assert owner(case, log) == one


def test_tag_counts_for_the_respondent_it_names_else_for_that_of_its_exhibit() -> None:
    case, one, two = two_owners()
    seq = case.recording(by_name("2026-10-14 10:00:20"))
    case.tag(seq)
    case.tag(seq, respondent=two)
    case.tag(case.note("无关的说明"))
    view = case.view()
    found = attribute(view)
    assert [found.of_tag(tag) for tag in view.tags] == [one, two, None]


def test_note_belongs_where_its_exhibit_does_or_where_it_says() -> None:
    case, one, two = two_owners()
    seq = case.recording(by_name("2026-10-14 10:00:20"))
    assert owner(case, case.note("很凶", on=seq)) == one
    assert owner(case, case.note("很凶", on=seq, respondent=two)) == two
    assert owner(case, case.note("一般情况")) is None


def test_withdrawn_entry_and_notes_on_it_belong_to_nobody() -> None:
    case, _, _ = two_owners()
    seq = case.recording(by_name("2026-10-14 10:00:20"))
    note = case.note("很凶", on=seq)
    own = case.note("自己说的", respondent=1)
    case.withdraw(seq)
    case.withdraw(own)
    assert (owner(case, seq), owner(case, note), owner(case, own)) == (None, None, None)


def test_note_on_a_note_or_on_itself_belongs_to_nobody() -> None:
    case, _, _ = two_owners()
    first = case.note("绕圈", on=len(case.entries))
    assert owner(case, first) is None
    assert owner(case, case.note("再绕", on=first)) is None
    assert owner(case, 9999) is None


def test_corrected_respondent_takes_over_what_belonged_to_the_old_entry() -> None:
    case = CaseBuilder()
    old = case.respondent()
    case.number(respondent=old)
    seq = row(case, "2026-10-14T10:00:00+08:00")
    new = case.respondent("甲某消费金融股份有限公司", supersedes=old)
    assert owner(case, seq) == new


def test_every_entry_of_a_call_leads_to_that_call() -> None:
    case, _, _ = two_owners()
    log = row(case, "2026-10-14T10:00:00+08:00")
    recording = case.recording(by_name("2026-10-14 10:00:20"))
    found = attribute(case.view())
    assert found.call_of[log] is found.call_of[recording]
    assert len(found.calls) == 1


def test_relatives_call_is_not_the_lenders_by_another_recording_of_that_minute() -> None:
    case, one, _ = two_owners()
    case.number(FAMILY, NumberRole.FAMILY)
    theirs = case.recording(by_name("2026-10-14 10:30:00"), number=FAMILY)
    billed = row(case, "2026-10-14T10:31:00+08:00", number=FAMILY, source=Source.BILL)
    ours = case.recording(by_name("2026-10-14 10:31:00"), number="", respondent=one)
    assert {attribute(case.view()).call_of[seq] for seq in (theirs, billed, ours)}
    assert owner(case, theirs) is None
    assert owner(case, billed) is None
    assert owner(case, ours) == one
