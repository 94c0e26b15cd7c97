"""Third persons are listed for each person, masked, and whose telephone rang is not guessed."""

from evidence.core.records import NumberRole
from reports.packet import Packet
from tests.case_builder import COLLECTOR, FAMILY, CaseBuilder, by_name
from tests.reports.pdf.conftest import draw, packet_of

COLLEAGUE = "13800000005"


def world() -> tuple[CaseBuilder, int, int]:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    wife = case.number(FAMILY, NumberRole.FAMILY, name="王某")
    return case, lender, wife


def listed(packet: Packet) -> dict[str, int]:
    return {p.person: len(p.contacts) for p in packet.third_persons}


def test_person_named_by_the_tag_is_listed_with_the_number_masked() -> None:
    case, lender, wife = world()
    call = case.recording(by_name("2026-10-20 12:30:11"), respondent=lender)
    case.tag(call, "third_party_contact", "你是他爱人吧", contacted=wife)
    case.tag(call, "disclose_debt", "他欠钱", contacted=wife)
    packet = packet_of(case, lender)
    assert listed(packet) == {"家人（138****0003）": 2}
    printed = draw(packet).text
    assert "138****0003" in printed
    assert FAMILY not in printed
    assert "王某" not in printed


def test_exhibit_of_a_third_person_is_theirs_also_without_a_tag_about_it() -> None:
    case, lender, _ = world()
    chat = case.picture(by_name("2026-10-20 12:42:18"), number=FAMILY, respondent=lender)
    case.tag(chat, "threat", "告诉他，等着")
    assert listed(packet_of(case, lender)) == {"家人（138****0003）": 1}


def test_whose_telephone_rang_is_not_guessed() -> None:
    case, lender, _ = world()
    call = case.recording(by_name("2026-10-20 12:30:11"), number=COLLECTOR, respondent=lender)
    case.tag(call, "disclose_debt", "你儿子欠钱")
    people = packet_of(case, lender).third_persons
    assert len(people) == 1
    assert "*" not in people[0].person


def test_number_stated_again_later_is_the_same_person() -> None:
    case, lender, wife = world()
    call = case.recording(by_name("2026-10-20 12:30:11"), respondent=lender)
    case.tag(call, "third_party_contact", "你是他爱人吧", contacted=wife)
    case.number(FAMILY, NumberRole.FRIEND)
    assert listed(packet_of(case, lender)) == {"朋友（138****0003）": 1}


def test_nobody_contacted_means_no_list() -> None:
    case, lender, _ = world()
    call = case.recording(by_name("2026-10-20 12:30:11"), respondent=lender)
    case.tag(call, "threat", "等着")
    packet = packet_of(case, lender)
    assert packet.third_persons == ()
    assert "第三人被联系的情况" not in draw(packet).text
