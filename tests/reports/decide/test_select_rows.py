"""Which calls and messages of exports get into a packet, and that nothing else of them does."""

import dataclasses
import json

import pytest

from evidence.core.export_row import Outcome
from evidence.core.moment import Source
from evidence.core.records import Medium, NumberRole
from reports.packet import Packet
from tests.case_builder import COLLECTOR, FAMILY, CaseBuilder, by_name, warned
from tests.reports.decide.conftest import Decide, Gather, strings

OTHERS = "13800000099"
STRANGER = "13911112222"
OWN = "13800000001"
SECRETS = (OTHERS, STRANGER, FAMILY, "别人的话", "妈妈的话", "陌生人的话", "草稿的话", "自己的话")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Phone:
    """A case with one phone's backups, in which everybody is."""

    case: CaseBuilder
    lender: int
    calls: int
    messages: int
    ours: tuple[int, ...]
    """Rows of the collector, in order of time."""


@pytest.fixture
def phone() -> Phone:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    other = case.respondent("乙某小额贷款有限公司", "microloan")
    case.number(respondent=lender, name="李经理")
    case.number(OTHERS, respondent=other)
    case.number(FAMILY, NumberRole.FAMILY, name="王某（爱人）")
    case.number(OWN, NumberRole.SELF)
    calls = case.export("calls.xml")
    messages = case.export("sms.xml", Medium.MESSAGE)
    first = case.row(calls, "2026-10-14 10:00:00", name="李经理")
    for hour, number in enumerate((OTHERS, STRANGER, FAMILY, ""), start=11):
        case.row(calls, f"2026-10-14 {hour}:00:00", number=number)
    second = case.row(calls, "2026-10-14 22:30:00", outcome=Outcome.MISSED, seconds=0)
    third = case.message(messages, "2026-10-14 09:00:00", "你等着")
    case.message(messages, "2026-10-14 09:01:00", "别人的话", number=OTHERS)
    case.message(messages, "2026-10-14 09:02:00", "妈妈的话", number=FAMILY)
    case.message(messages, "2026-10-14 09:03:00", "陌生人的话", number=STRANGER)
    case.message(messages, "2026-10-14 09:04:00", "草稿的话", box="draft")
    case.message(messages, "2026-10-14 09:05:00", "自己的话", number=OWN, respondent=lender)
    case.message(messages, "2026-10-14 09:06:00", "妈妈的话", number=FAMILY, respondent=lender)
    case.tag(third, "threat", "你等着")
    return Phone(
        case=case, lender=lender, calls=calls, messages=messages, ours=(third, first, second)
    )


def disclosed(case: CaseBuilder, packet: Packet) -> str:
    """Return what ``entries.jsonl`` says."""
    data = [case.entries[seq].data for seq in packet.disclosed]
    return json.dumps(data, ensure_ascii=False)


def test_rows_of_the_respondents_numbers_are_taken_in_order_of_time(
    phone: Phone, gathered: Gather
) -> None:
    selected = gathered(phone.case, phone.lender).selected
    assert tuple(r.seq for r in selected.rows) == phone.ours
    assert [e.seq for e in selected.exhibits] == [phone.messages, phone.calls]


def test_nothing_of_anybody_else_is_in_the_packet_the_tables_or_the_entries(
    phone: Phone, decided: Decide
) -> None:
    packet = decided(phone.case, phone.lender)
    said = "".join(strings(packet)) + disclosed(phone.case, packet)
    said += "".join(e.extract.csv.decode() for e in packet.exhibits if e.extract)
    assert COLLECTOR in said
    assert [secret for secret in SECRETS if secret in said] == []


def test_rows_of_family_and_drafts_stay_out_even_if_said_to_be_the_respondents(
    phone: Phone, decided: Decide, gathered: Gather
) -> None:
    assert gathered(phone.case, phone.lender).selected.rows_left_out == 3
    assert any("3 条" in w for w in warned(decided(phone.case, phone.lender)))


def test_an_export_without_a_row_of_the_respondent_stays_out_and_is_reported(
    phone: Phone, decided: Decide
) -> None:
    empty = phone.case.export("other.xml", respondent=phone.lender)
    packet = decided(phone.case, phone.lender)
    assert empty not in {e.seq for e in packet.exhibits} | set(packet.disclosed)
    assert any("other.xml" in w for w in warned(packet))


def test_a_withdrawn_export_takes_its_rows_along(phone: Phone, gathered: Gather) -> None:
    phone.case.withdraw(phone.calls)
    selected = gathered(phone.case, phone.lender).selected
    assert [r.seq for r in selected.rows] == [phone.ours[0]]
    assert phone.calls not in selected.labels


def test_a_row_without_its_export_stays_out(phone: Phone, gathered: Gather) -> None:
    orphan = phone.case.row(0, "2026-10-14 23:00:00")
    assert orphan not in {r.seq for r in gathered(phone.case, phone.lender).selected.rows}


def test_a_masked_number_brings_no_row_in(phone: Phone, gathered: Gather) -> None:
    masked = phone.case.row(phone.calls, "2026-10-14 23:00:00", number_masked=True)
    assert masked not in {r.seq for r in gathered(phone.case, phone.lender).selected.rows}


def test_a_tag_that_names_the_respondent_brings_its_row(phone: Phone, gathered: Gather) -> None:
    hidden = phone.case.row(phone.calls, "2026-10-14 23:00:00", number="")
    tag = phone.case.tag(hidden, "off_hours", respondent=phone.lender)
    selected = gathered(phone.case, phone.lender).selected
    assert hidden in {r.seq for r in selected.rows}
    assert tag in {t.seq for t in selected.tags}


def test_a_tag_on_a_row_of_family_brings_nothing_in_and_is_reported(
    phone: Phone, decided: Decide
) -> None:
    row = phone.case.row(phone.calls, "2026-10-14 23:00:00", number=FAMILY)
    tag = phone.case.tag(row, "threat", respondent=phone.lender)
    packet = decided(phone.case, phone.lender)
    assert not {row, tag} & set(packet.disclosed)
    assert any(str(tag) in w and "没有列入" in w for w in warned(packet))


def test_recording_of_the_same_number_brings_the_row_of_its_call(
    phone: Phone, gathered: Gather
) -> None:
    case = phone.case
    row = case.row(phone.calls, "2026-10-20 10:00:00", number=STRANGER)
    case.recording(by_name("2026-10-20 10:00:20"), number=STRANGER, respondent=phone.lender)
    assert row in {r.seq for r in gathered(case, phone.lender).selected.rows}


def test_recording_that_fits_in_time_or_name_alone_brings_no_row(
    phone: Phone, decided: Decide
) -> None:
    case = phone.case
    for day, name in ((20, ""), (21, "王某")):
        case.row(phone.calls, f"2026-10-{day} 10:00:00", number=STRANGER, name=name)
        case.recording(
            by_name(f"2026-10-{day} 10:00:20"),
            number="",
            party_name=name,
            respondent=phone.lender,
        )
    packet = decided(case, phone.lender)
    said = "".join(strings(packet)) + disclosed(case, packet)
    assert STRANGER not in said
    recordings = [e for e in packet.exhibits if e.medium is Medium.RECORDING]
    assert all("仅见于录音" in e.call_checks[0] for e in recordings)


def test_notes_on_an_export_stay_out_where_there_are_several_respondents(
    phone: Phone, decided: Decide
) -> None:
    case = phone.case
    shared = case.note("里面也有乙某的电话", on=phone.calls)
    ours = case.note("甲某天天打", on=phone.calls, respondent=phone.lender)
    on_row = case.note("这一次最凶", on=phone.ours[1])
    packet = decided(case, phone.lender)
    assert shared not in packet.disclosed
    assert {ours, on_row} <= set(packet.disclosed)
    export = next(e for e in packet.exhibits if e.seq == phone.calls)
    assert [n.split("（")[0] for n in export.notes] == ["甲某天天打", "第 1 条：这一次最凶"]


def test_row_and_bill_of_another_respondent_do_not_meet(phone: Phone, decided: Decide) -> None:
    case = phone.case
    bill = case.export("bill.csv", Medium.BILL, media_type="text/csv")
    row = case.row(bill, "2026-10-14 11:00:05", number=OTHERS, source=Source.BILL)
    packet = decided(case, phone.lender)
    assert not {bill, row} & set(packet.disclosed)
    assert not [e for e in packet.exhibits if e.name == "bill.csv"]
