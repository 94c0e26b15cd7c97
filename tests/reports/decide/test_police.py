"""The report to the police: its own law, the six months, numbers, what they said of themselves."""

import datetime as dt

import pytest

from evidence.core.records import NumberRole
from evidence.errors import NothingForChannelError
from evidence.law import load_rules
from reports import texts
from reports.complaint import PartKind
from reports.decide.review_limits import six_months_after
from reports.packet import Channel, Packet
from tests.case_builder import COLLECTOR, FAMILY, CaseBuilder, by_name, said, warned
from tests.reports.decide.conftest import Decide, Marked, World, strings

RULES = load_rules()


def report(decided: Decide, case: CaseBuilder, lender: int) -> Packet:
    return decided(case, lender, Channel.POLICE)


def cited(packet: Packet) -> set[str]:
    return {i for f in packet.findings for c in f.citations for i in c.provision_ids}


def test_only_public_security_and_criminal_law_and_only_as_possible(marked: Marked) -> None:
    packet = marked(*RULES.conducts, channel=Channel.POLICE)
    assert cited(packet)
    assert all(i.startswith(("psl-", "cl-")) for i in cited(packet))
    for finding in packet.findings:
        for citation in finding.citations:
            assert citation.wording == "可能涉嫌，由公安机关认定"
    basis = "".join(packet.letter.lines(PartKind.BASIS))
    assert "涉嫌违反" not in basis
    assert "由公安机关认定" in basis


def test_conduct_that_is_no_matter_for_the_police_is_left_out_and_said(marked: Marked) -> None:
    packet = marked("threat", "refuse_negotiation", "off_hours", channel=Channel.POLICE)
    assert [f.conduct_id for f in packet.findings] == ["threat"]
    assert "refuse_negotiation 的原话" not in "".join(strings(packet))
    assert any("没有列入" in w for w in warned(packet))
    with pytest.raises(NothingForChannelError) as caught:
        marked("refuse_negotiation", channel=Channel.POLICE)
    assert caught.value.code == "findings-not-for-channel"


@pytest.mark.parametrize(
    ("when", "wanted", "article"),
    [
        ("2025-12-31 23:59:59", "psl-old-42", "第四十二条"),
        ("2026-01-01 00:00:00", "psl-50", "第五十条"),
    ],
)
def test_old_and_new_article_by_the_day_of_the_act(
    marked: Marked, when: str, wanted: str, article: str
) -> None:
    packet = marked("threat", when=when, channel=Channel.POLICE)
    (citation,) = packet.findings[0].citations
    assert citation.provision_ids == (wanted,)
    assert citation.articles == (article,)
    row = next(p for p in packet.annex if p.id == wanted)
    assert row.quote == RULES.provisions[wanted].text


def test_six_months_are_those_of_the_law() -> None:
    assert "六个月" in RULES.provisions["psl-25"].text
    assert "六个月" in RULES.provisions["psl-old-22"].text
    assert six_months_after(dt.date(2026, 5, 20)) == dt.date(2026, 11, 20)
    assert six_months_after(dt.date(2025, 8, 31)) == dt.date(2026, 2, 28)
    assert six_months_after(dt.date(2026, 12, 1)) == dt.date(2027, 6, 1)


@pytest.mark.parametrize(
    ("when", "passed"), [("2026-05-22 10:00:00", True), ("2026-05-23 10:00:00", False)]
)
def test_acts_older_than_six_months_are_warned_of(decided: Decide, when: str, passed: bool) -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    case.tag(case.recording(by_name(when), respondent=lender), "threat", "你等着")
    packet = report(decided, case, lender)
    assert packet.made_at.startswith("2026-11-23")
    told = [n for n in packet.letter.notices if "已经超过六个月" in n]
    assert bool(told) is passed
    assert any("第二十五条" in n for n in packet.letter.notices)
    assert any("六个月" in w for w in warned(packet))
    assert "psl-25" in {p.id for p in packet.annex}


def test_old_acts_name_the_old_term_and_unknown_days_are_not_decided(decided: Decide) -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    case.tag(case.recording(by_name("2025-12-30 10:00:00"), respondent=lender), "threat", "你等着")
    case.tag(case.note("上门了", respondent=lender), "visit_stalk", "明天上门")
    packet = report(decided, case, lender)
    assert "psl-old-22" in {p.id for p in packet.annex}
    assert any("准确时间不确定" in n for n in packet.letter.notices)
    ended = RULES.provisions["psl-old-22"].effective_to
    assert any(str(ended) in n for n in packet.letter.notices)


def test_danger_comes_first_and_the_original_phone_is_named(world: World, decided: Decide) -> None:
    packet = report(decided, world.case, world.lender)
    assert "110" in packet.letter.notices[0]
    assert any("原始手机" in n for n in packet.letter.notices)
    assert any("原始手机" in s for s in packet.letter.lines(PartKind.STATEMENTS))


def test_numbers_with_where_they_are_found_and_none_of_third_parties(
    world: World, decided: Decide
) -> None:
    packet = report(decided, world.case, world.lender)
    rows = dict(packet.letter.rows(PartKind.NUMBERS))
    assert "李经理" in rows[COLLECTOR]
    assert "E003" in rows[COLLECTOR]
    assert FAMILY not in rows
    assert "13800000099" not in rows
    assert not [s for s in strings(packet.letter) if FAMILY in s]


def test_what_they_called_themselves_is_repeated_as_unverified(decided: Decide) -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    case.number(COLLECTOR, NumberRole.COLLECTOR, respondent=lender, name="李经理")
    call = case.recording(by_name("2026-10-14 10:00:00"), respondent=lender)
    case.tag(call, "impersonate_official", "我是法院的")
    claimed = "".join(report(decided, case, lender).letter.lines(PartKind.CLAIMED))
    assert "李经理" in claimed
    assert "没有经过核实" in claimed
    assert "“我是法院的”" in claimed
    bare = CaseBuilder()
    bare.complainant()
    lender = bare.respondent()
    bare.tag(bare.note("上门了", respondent=lender), "visit_stalk", occurred=said("2026-10-14"))
    none = texts.load("police")["claimed"]["none"]
    assert report(decided, bare, lender).letter.lines(PartKind.CLAIMED) == (none,)


def test_timeline_has_every_finding_and_tells_the_same_words_once(decided: Decide) -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    call = case.recording(by_name("2026-10-14 10:00:00"), respondent=lender)
    later = case.recording(by_name("2026-10-15 10:00:00"), respondent=lender)
    case.tag(call, "threat", "让他们都知道")
    case.tag(call, "disclose_debt", "让他们都知道")
    case.tag(later, "insult", "老赖")
    packet = report(decided, case, lender)
    opening, both, last = packet.letter.lines(PartKind.TIMELINE)
    assert "3 项" in opening
    assert both.startswith("1、2. 2026年10月14日")
    assert both.count("让他们都知道") == 1
    assert last.startswith("3. ")


@pytest.mark.parametrize("kind", sorted(RULES.respondent_types))
def test_every_kind_of_respondent_can_be_reported(marked: Marked, kind: str) -> None:
    packet = marked("threat", kind=kind, channel=Channel.POLICE)
    assert cited(packet) == {"psl-50"}
    assert not [w for w in warned(packet) if "受理方" in w]
