"""What of a case belongs into a packet."""

import pytest

from evidence.core.records import NumberRole
from evidence.errors import (
    FindingsLeftOutError,
    NoComplainantError,
    NoFindingError,
    UnknownConductError,
    UnknownRespondentError,
    ValueFormError,
)
from reports.complaint import PartKind
from tests.case_builder import CaseBuilder, by_name, said, warned
from tests.reports.decide.conftest import Decide, Gather, World


def seqs(entries: tuple[object, ...]) -> list[int]:
    return [entry.seq for entry in entries]  # type: ignore[attr-defined]


def test_exhibits_of_the_respondent_are_taken_in_order_of_time(
    world: World, gathered: Gather
) -> None:
    selected = gathered(world.case, world.lender).selected
    assert seqs(selected.exhibits) == [
        world.day_call,
        world.picture,
        world.night_call,
        world.family_call,
        world.out_call,
        world.text,  # no known time
    ]
    assert selected.labels[world.day_call] == "E001"
    assert selected.labels[world.text] == "E006"


def test_nothing_of_another_respondent_gets_in(world: World, decided: Decide) -> None:
    packet = decided(world.case, world.lender)
    assert world.other_call not in {e.seq for e in packet.exhibits}
    assert world.other_threat not in {f.tag_seq for f in packet.findings}
    own = {world.other_call, world.other_threat, world.other}
    assert not own & set(packet.disclosed)


def test_backups_and_bills_stay_out_and_are_reported(world: World, decided: Decide) -> None:
    packet = decided(world.case, world.lender)
    assert world.bill not in {e.seq for e in packet.exhibits}
    assert world.bill not in packet.disclosed
    assert any("详单.csv" in w for w in warned(packet))


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("sms.xml", "application/xml"),
        ("calls.json", "application/json"),
        ("bill.csv", "text/csv"),
        ("messages.zip", "application/zip"),
        ("bill.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("letter.pdf", "application/pdf"),
    ],
)
def test_no_document_but_plain_text_is_printed(
    gathered: Gather, name: str, media_type: str
) -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    call = case.recording(respondent=lender)
    backup = case.document(name, media_type, respondent=lender)
    case.tag(call)
    selected = gathered(case, lender).selected
    assert seqs(selected.exhibits) == [call]
    assert seqs(selected.left_out) == [backup]


def test_withdrawn_exhibit_and_withdrawn_tag_are_not_used(world: World, gathered: Gather) -> None:
    world.case.withdraw(world.day_call)
    world.case.withdraw(world.insult)
    selected = gathered(world.case, world.lender).selected
    assert world.day_call not in seqs(selected.exhibits)
    assert world.insult not in seqs(selected.tags)


def test_tag_on_a_withdrawn_exhibit_is_not_used(world: World, gathered: Gather) -> None:
    world.case.withdraw(world.night_call)
    selected = gathered(world.case, world.lender).selected
    assert world.threat not in seqs(selected.tags)
    assert selected.tags_left_out == ()


def test_tag_that_names_the_respondent_brings_its_exhibit(gathered: Gather) -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    stranger = case.recording(by_name("2026-10-14 10:00:00"), number="13911112222")
    tag = case.tag(stranger, respondent=lender)
    selected = gathered(case, lender).selected
    assert seqs(selected.exhibits) == [stranger]
    assert seqs(selected.tags) == [tag]


def test_number_that_collects_for_two_lenders_follows_the_tag(gathered: Gather) -> None:
    case = CaseBuilder()
    case.complainant()
    first = case.respondent()
    second = case.respondent("乙某消费金融有限公司")
    case.number(respondent=first)
    call = case.recording(by_name("2026-10-14 10:00:00"))
    tag = case.tag(call, respondent=second)
    selected = gathered(case, second).selected
    assert seqs(selected.exhibits) == [call]
    assert seqs(selected.tags) == [tag]


def test_exhibit_said_to_be_anothers_stays_out_and_the_tag_is_reported(
    world: World, decided: Decide
) -> None:
    call = world.case.recording(by_name("2026-10-17 10:00:00"), respondent=world.other)
    tag = world.case.tag(call, "insult", "话", respondent=world.lender)
    packet = decided(world.case, world.lender)
    assert call not in {e.seq for e in packet.exhibits}
    assert any(str(tag) in w and "没有列入" in w for w in warned(packet))


def test_reference_to_a_corrected_respondent_leads_to_the_one_that_stands(
    world: World, gathered: Gather
) -> None:
    corrected = world.case.respondent(supersedes=world.lender, product="甲某e贷（更正）")
    selected = gathered(world.case, corrected).selected
    assert world.threat in seqs(selected.tags)
    with pytest.raises(UnknownRespondentError):
        gathered(world.case, world.lender)


def test_cut_number_belongs_to_nobody(gathered: Gather) -> None:
    from evidence.core import records
    from evidence.core.records import Kind

    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    case.number("138000000", respondent=lender)
    known = case.recording(respondent=lender)
    case.tag(known)
    entry = case.entries[case.recording(number="138000000")]
    exhibit = records.exhibit_from_data(entry.data)
    data = {**entry.data, "party": {"number": "138000000", "number_truncated": True}}
    assert exhibit.party.number == "138000000"
    cut = case.append(Kind.EXHIBIT, data)
    assert cut not in seqs(gathered(case, lender).selected.exhibits)


def test_notes_follow_what_they_are_about(world: World, gathered: Gather) -> None:
    case = world.case
    on_call = case.note("这是晚上打来的", on=world.night_call)
    of_lender = case.note("我愿意还款", respondent=world.lender)
    of_other = case.note("乙某没有催收", respondent=world.other)
    general = case.note("最近压力很大")
    withdrawn = case.note("写错了", respondent=world.lender)
    case.withdraw(withdrawn)
    selected = gathered(case, world.lender).selected
    assert seqs(selected.exhibit_notes[world.night_call]) == [on_call]
    assert seqs(selected.notes) == [of_lender]
    assert seqs(selected.notes_left_out) == [general]
    assert of_other not in {*seqs(selected.notes), *seqs(selected.notes_left_out)}


def test_general_note_belongs_where_there_is_one_respondent(
    gathered: Gather, decided: Decide
) -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    case.tag(case.recording(respondent=lender))
    note = case.note("最近压力很大")
    assert seqs(gathered(case, lender).selected.notes) == [note]
    assert decided(case, lender).notes[0].startswith("最近压力很大（")


def test_tag_on_a_note_makes_a_finding_without_exhibit(decided: Decide) -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    note = case.note("上门了", respondent=lender, occurred=said("2026-10-16"))
    case.tag(note, "visit_stalk", "不在就问邻居")
    packet = decided(case, lender)
    (finding,) = packet.findings
    assert finding.exhibit_label == ""
    assert finding.place == "情况说明"
    assert finding.occurred_text.startswith("2026年10月16日")
    assert len(packet.notes) == 1
    assert note in packet.disclosed
    assert packet.exhibits == ()
    assert "证据 " not in "".join(packet.letter.lines(PartKind.FACTS))


def test_tag_on_a_note_about_an_exhibit_points_to_that_exhibit(
    world: World, decided: Decide
) -> None:
    note = world.case.note("对方还说要上门", on=world.day_call)
    tag = world.case.tag(note, "visit_stalk", "明天上门")
    packet = decided(world.case, world.lender)
    finding = next(f for f in packet.findings if f.tag_seq == tag)
    assert finding.exhibit_label == "E001"
    assert finding.place == "情况说明"


def test_nothing_tagged_is_refused(world: World, gathered: Gather) -> None:
    for tag in (world.threat, world.disclosure, world.insult):
        world.case.withdraw(tag)
    with pytest.raises(NoFindingError) as caught:
        gathered(world.case, world.lender)
    assert caught.value.respondent == "甲某消费金融有限公司"


def test_tags_only_on_what_stays_out_are_named(gathered: Gather) -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    tag = case.tag(case.document("sms.xml", "application/xml", respondent=lender))
    with pytest.raises(FindingsLeftOutError) as caught:
        gathered(case, lender)
    assert caught.value.seqs == str(tag)


def test_nobody_who_complains_is_refused(gathered: Gather) -> None:
    case = CaseBuilder()
    lender = case.respondent()
    case.tag(case.recording(respondent=lender))
    with pytest.raises(NoComplainantError):
        gathered(case, lender)


def test_respondent_that_is_not_there_is_refused(world: World, gathered: Gather) -> None:
    with pytest.raises(UnknownRespondentError):
        gathered(world.case, 9999)


def test_type_and_conduct_of_a_later_version_are_refused_with_what_is_known(
    world: World, gathered: Gather, decided: Decide
) -> None:
    future = world.case.respondent("丁某", "insurer")
    with pytest.raises(ValueFormError):
        gathered(world.case, future)
    world.case.tag(world.night_call, "conduct_of_2030")
    with pytest.raises(UnknownConductError):
        decided(world.case, world.lender)


def test_disclosed_entries_are_those_of_this_packet(world: World, decided: Decide) -> None:
    case = world.case
    note = case.note("晚上打来的", on=world.night_call)
    packet = decided(case, world.lender)
    disclosed = set(packet.disclosed)
    assert {0, world.lender, world.threat, world.night_call, note} <= disclosed
    family = next(n.seq for n in case.view().numbers.values() if n.record.role is NumberRole.FAMILY)
    assert family not in disclosed
    assert list(packet.disclosed) == sorted(disclosed)
