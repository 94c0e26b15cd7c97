"""The complaint letter: the contents of provision cmp2020-13, and nothing that was not said."""

import pytest

from evidence.core.records import NumberRole
from reports import texts
from reports.complaint import PartKind
from reports.packet import Channel, Packet
from tests.case_builder import COLLECTOR, FAMILY, ID_NUMBER, CaseBuilder, by_name, warned
from tests.reports.decide.conftest import Decide, Marked, World, strings


def row(rows: tuple[tuple[str, str], ...], key: str) -> str | None:
    return dict(rows).get(texts.load("letter")["labels"][key])


@pytest.mark.parametrize("channel", [Channel.HOTLINE_12378, Channel.NFRA])
def test_letter_has_what_a_complaint_must_contain(
    world: World, decided: Decide, channel: Channel
) -> None:
    letter = decided(world.case, world.lender, channel).letter
    # (1) name, identity information, contact
    assert row(letter.rows(PartKind.COMPLAINANT), "name") == "林某"
    assert row(letter.rows(PartKind.COMPLAINANT), "id_number") == ID_NUMBER
    assert row(letter.rows(PartKind.COMPLAINANT), "phone") == "13800000001"
    assert row(letter.rows(PartKind.COMPLAINANT), "address") == "某省某市某路1号"
    # (2) the institution's full name and the staff
    assert row(letter.rows(PartKind.RESPONDENT), "institution") == "甲某消费金融有限公司"
    assert row(letter.rows(PartKind.RESPONDENT), "agency") == "丙某资产管理有限公司"
    assert row(letter.rows(PartKind.RESPONDENT), "staff") == f"李经理 {COLLECTOR}"
    # (3) request, main facts and basis
    assert len(letter.lines(PartKind.REQUESTS)) >= 3
    assert "共 3 项" in letter.lines(PartKind.FACTS)[0]
    rule = next(
        b for b in letter.lines(PartKind.BASIS) if "《银行保险机构消费者权益保护管理办法》" in b
    )
    assert "第四十一条（部门规章）" in rule
    assert any(
        "《银行业保险业消费投诉处理管理办法》第十三条" in b for b in letter.lines(PartKind.BASIS)
    )
    # truth, no agent, the debt remains due
    said = "".join(letter.lines(PartKind.STATEMENTS))
    assert "《银行业保险业消费投诉处理管理办法》第十六条" in said
    assert "愿意" in said
    assert "本人提出" in said
    assert "金融监督管理总局" in letter.addressee
    assert row(letter.rows(PartKind.LOAN), "contract_no") == "JX-0001"


def test_facts_quote_with_time_exhibit_and_second(world: World, decided: Decide) -> None:
    facts = "".join(decided(world.case, world.lender).letter.lines(PartKind.FACTS))
    assert "“我让你在单位待不下去。”（证据 E003，录音 00:28.953–00:34.468）" in facts
    assert "2026年10月15日 22:14:07（精确到秒）" in facts
    assert "疑似" in facts


def test_what_is_not_filled_in_is_left_to_the_person_and_warned_about(decided: Decide) -> None:
    case = CaseBuilder()
    case.complainant(id_number="", phone="")
    lender = case.respondent()
    case.tag(case.recording(respondent=lender), "threat", "话")
    packet = decided(case, lender)
    empty = texts.load("letter")["labels"]["to_fill_in"]
    assert row(packet.letter.rows(PartKind.COMPLAINANT), "id_number") == empty
    assert row(packet.letter.rows(PartKind.COMPLAINANT), "phone") == empty
    assert row(packet.letter.rows(PartKind.COMPLAINANT), "address") is None
    assert packet.letter.rows(PartKind.LOAN) == ()
    missing = "".join(warned(packet)[:2])
    assert all(word in missing for word in ("身份证件号码", "联系电话", "合同编号"))


def test_identity_number_stands_in_the_letter_only(world: World, decided: Decide) -> None:
    packet = decided(world.case, world.lender)
    rows = [value for _, value in packet.letter.rows(PartKind.COMPLAINANT)]
    assert ID_NUMBER in rows
    holding = [s for s in strings(packet) if ID_NUMBER in s]
    # The complainant's own record is in the value; nothing drawn from it elsewhere.
    assert len(holding) == 2


def test_numbers_of_others_are_not_among_the_staff(world: World, decided: Decide) -> None:
    case = world.case
    case.number("13800000077", NumberRole.COLLEAGUE, respondent=world.lender, name="赵某")
    staff = row(decided(case, world.lender).letter.rows(PartKind.RESPONDENT), "staff")
    assert staff is not None
    assert "13800000077" not in staff
    assert "13800000099" not in staff
    assert FAMILY not in staff


def requests(packet: Packet) -> str:
    return "".join(packet.letter.lines(PartKind.REQUESTS))


def test_only_what_is_marked_is_asked_to_stop(marked: Marked) -> None:
    hours = marked("off_hours")
    assert "第三人" not in requests(hours)
    assert "更正" not in requests(hours)
    assert "停止" in requests(hours)
    assert "第三人" in requests(marked("disclose_debt"))
    assert "更正" in requests(marked("impersonate_official"))


def test_many_findings_are_counted_instead_of_listed_beside_a_rule(marked: Marked) -> None:
    few, many = marked(*["threat"] * 8), marked(*["threat"] * 9)
    assert "第 1–8 项" in "".join(few.letter.lines(PartKind.BASIS))
    assert "涉及 9 项" in "".join(many.letter.lines(PartKind.BASIS))


def test_agency_or_platform_is_not_called_the_lender(marked: Marked) -> None:
    lender, agency = marked("threat"), marked("threat", kind="agency")
    assert "办理借款" in lender.letter.lines(PartKind.FACTS)[0]
    assert "办理借款" not in agency.letter.lines(PartKind.FACTS)[0]
    assert "被甲某公司催收" in agency.letter.lines(PartKind.FACTS)[0]


def test_duties_of_supervised_institutions_are_not_held_against_others(marked: Marked) -> None:
    letter = marked("threat", kind="microloan").letter
    assert "银行业保险业消费投诉处理管理办法" not in "".join(strings(letter))


def test_letter_of_a_note_alone_claims_no_recording(decided: Decide) -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    note = case.note("上门了", respondent=lender)
    case.tag(note, "visit_stalk", "不在就问邻居")
    letter = decided(case, lender).letter
    assert "录音" not in "".join((*letter.lines(PartKind.FACTS), *letter.lines(PartKind.REQUESTS)))


def test_the_day_of_default_is_told_if_it_is_known(world: World, decided: Decide) -> None:
    packet = decided(world.case, world.lender)
    assert "自 2026-09-15 起借款逾期" in packet.letter.lines(PartKind.FACTS)[0]


def test_attachments_name_all_exhibits(world: World, decided: Decide) -> None:
    packet = decided(world.case, world.lender)
    assert any("E001 至 E006（共 6 件" in a for a in packet.letter.lines(PartKind.ATTACHMENTS))


def test_exhibit_without_number_is_told_without_empty_brackets(decided: Decide) -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    picture = case.picture(by_name("2026-10-14 10:00:00"), respondent=lender)
    case.tag(picture, "insult", "老赖")
    facts = "".join(decided(case, lender).letter.lines(PartKind.FACTS))
    assert "（）" not in facts
    assert "“老赖”（证据 E001，截图文字）" in facts
