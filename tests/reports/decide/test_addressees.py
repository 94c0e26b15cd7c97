"""Whom the letter goes to: never an authority that is not competent for the respondent."""

import pytest

from evidence.core.packet_record import Severity
from evidence.law import load_rules
from reports import texts
from reports.complaint import PartKind
from reports.packet import Channel, Packet
from tests.reports.decide.conftest import Marked, strings

RULES = load_rules()
NFRA = "国家金融监督管理总局"

TABLE = {
    "microloan": "地方金融管理局",
    "platform": "贷款人",
    "agency": "贷款人",
    "private": "公安机关",
}
"""Who is addressed instead, by kind of respondent that 12378 is not competent for."""


@pytest.mark.parametrize("channel", [Channel.HOTLINE_12378, Channel.NFRA, Channel.NFRA_REPORT])
@pytest.mark.parametrize("kind", sorted(RULES.respondent_types))
def test_letter_names_who_is_competent(marked: Marked, kind: str, channel: Channel) -> None:
    letter = marked("threat", kind=kind, channel=channel).letter
    if kind in TABLE:
        assert TABLE[kind] in letter.addressee
        assert NFRA not in letter.addressee
        assert "12378" not in letter.addressee
    else:
        assert NFRA in letter.addressee


@pytest.mark.parametrize(
    ("kind", "channel", "wanted"),
    [
        ("microloan", Channel.LOCAL_FINANCE, "地方金融管理局"),
        ("bank", Channel.LOCAL_FINANCE, NFRA),
        ("bank", Channel.INSTITUTION, "甲某公司"),
        ("microloan", Channel.INSTITUTION, "甲某公司"),
        ("platform", Channel.INSTITUTION, "贷款人"),
        ("bank", Channel.POLICE, "公安机关"),
        ("private", Channel.POLICE, "公安机关"),
        ("bank", Channel.NIFA, "中国互联网金融协会"),
        ("private", Channel.NIFA, "公安机关"),
    ],
)
def test_other_addressees(marked: Marked, kind: str, channel: Channel, wanted: str) -> None:
    assert wanted in marked("threat", kind=kind, channel=channel).letter.addressee


def test_hotline_is_asked_who_is_competent_when_it_is_not(marked: Marked) -> None:
    ours, other = marked("threat").call_sheet, marked("threat", kind="microloan").call_sheet
    assert ours is not None
    assert other is not None
    assert "转送" in "".join(ours.ask_for)
    assert "转送" not in "".join(other.ask_for)
    assert "哪个部门" in "".join(other.ask_for)


@pytest.mark.parametrize("channel", list(Channel))
def test_no_hours_limits_or_form_fields_are_stated(marked: Marked, channel: Channel) -> None:
    said = "".join(strings(marked("threat", "insult", channel=channel)))
    for unverified in ("9:00", "17:00", "每天最多", "5 件", "24 小时", "12345"):
        assert unverified not in said


@pytest.mark.parametrize("channel", list(Channel))
def test_every_letter_has_who_what_basis_truth_and_a_signer(
    marked: Marked, channel: Channel
) -> None:
    letter = marked("threat", channel=channel).letter
    told = letter.lines(PartKind.TIMELINE if channel is Channel.POLICE else PartKind.FACTS)
    assert letter.rows(PartKind.COMPLAINANT)
    assert letter.rows(PartKind.RESPONDENT)
    assert letter.lines(PartKind.REQUESTS)
    assert letter.lines(PartKind.BASIS)
    assert any("threat 的原话" in line for line in told)
    assert "真实性负责" in "".join(letter.lines(PartKind.STATEMENTS))
    assert letter.signer.endswith("（本人亲笔签名）")


def requests_of(packet: Packet) -> str:
    return "".join(packet.letter.lines(PartKind.REQUESTS))


def test_report_asks_to_investigate_and_leaves_civil_requests_to_the_complaint(
    marked: Marked,
) -> None:
    report = marked("threat", "disclose_debt", channel=Channel.NFRA_REPORT)
    assert "调查处理" in requests_of(report)
    assert "还款方案" not in requests_of(report)
    assert "《银行保险违法行为举报处理办法》" in "".join(report.letter.lines(PartKind.BASIS))
    rule = next(p for p in report.annex if p.id == "rpt2019")
    assert rule.article == ""
    assert rule.quote == ""
    assert "没有核实" in rule.remark
    assert "举报" in next(p for p in report.paste_texts if p.name == "title").text


def test_duties_under_the_complaint_measures_are_named_for_consumer_complaints_only(
    marked: Marked,
) -> None:
    measures = "《银行业保险业消费投诉处理管理办法》"
    for channel in (Channel.NIFA, Channel.LOCAL_FINANCE, Channel.POLICE):
        assert measures not in "".join(strings(marked("threat", channel=channel).letter))
    institution = marked("threat", channel=Channel.INSTITUTION)
    assert {"cmp2020-13", "cmp2020-18", "cmp2020-19"} <= {p.id for p in institution.annex}
    microloan = marked("threat", kind="microloan", channel=Channel.INSTITUTION)
    assert measures not in "".join(strings(microloan.letter))


def test_every_channel_has_its_texts() -> None:
    words = texts.load("documents")
    assert set(words["addressee"]) == set(RULES.packet_channels) == {c.value for c in Channel}
    assert set(words["other"]) == set(RULES.respondent_types)
    offered = {c for row in texts.load("letter")["requests"] for c in row["channels"]}
    assert offered == set(RULES.packet_channels)


@pytest.mark.parametrize(
    ("kind", "channel", "command"),
    [
        ("microloan", Channel.NFRA, "liuhen packet --to local-finance"),
        ("private", Channel.NFRA, "liuhen packet --to police"),
        ("bank", Channel.LOCAL_FINANCE, "liuhen packet --to 12378"),
        ("platform", Channel.NFRA, "liuhen respondent add"),
        ("agency", Channel.INSTITUTION, "liuhen respondent add"),
    ],
)
def test_review_names_the_command_that_reaches_who_is_competent(
    marked: Marked, kind: str, channel: Channel, command: str
) -> None:
    first = marked("threat", kind=kind, channel=channel).review[0]
    assert first.severity is Severity.GRAVE
    assert first.command.startswith(command)
