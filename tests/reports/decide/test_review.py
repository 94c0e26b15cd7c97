"""Warnings before the packet leaves the person's hands."""

import pytest

from evidence.core.records import Region
from evidence.law import load_rules
from reports.packet import Channel
from tests.case_builder import CaseBuilder, by_name, warned
from tests.reports.decide.conftest import Decide, Marked, World

RULES = load_rules()


@pytest.mark.parametrize("channel", [Channel.HOTLINE_12378, Channel.NFRA, Channel.NFRA_REPORT])
@pytest.mark.parametrize(
    ("kind", "addressee"),
    [
        ("microloan", "地方金融管理局"),
        ("platform", "放贷机构的监管部门"),
        ("agency", "放贷机构的监管部门"),
        ("private", "公安机关、人民法院"),
    ],
)
def test_respondent_outside_the_channel_is_warned_about_with_the_right_addressee(
    marked: Marked, kind: str, addressee: str, channel: Channel
) -> None:
    warning = warned(marked("threat", kind=kind, channel=channel))[0]
    assert addressee in warning
    assert "12378" in warning
    assert "甲某公司" in warning


def test_every_kind_is_either_supervised_or_has_an_addressee_and_advice(marked: Marked) -> None:
    for kind in RULES.respondent_types.values():
        told = "正确的受理方" in "".join(warned(marked("threat", kind=kind.id)))
        assert told is not kind.supervised_by_12378
        assert kind.addressee


def test_complete_packet_of_a_supervised_lender_warns_of_nothing(decided: Decide) -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent(product="甲某e贷", contract_no="JX-0001")
    call = case.recording(by_name("2026-10-14 10:00:00"), respondent=lender)
    case.tag(call, "threat", "你等着")
    assert warned(decided(case, lender)) == ()


def test_mark_without_words_is_warned_about_unless_it_is_a_region(decided: Decide) -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent(product="甲某e贷", contract_no="JX-0001")
    picture = case.picture(by_name("2026-10-14 10:00:00"), respondent=lender)
    region = Region(left=0, top=0, width=10, height=10)
    case.tag(picture, "private_account", region=region)
    (look,) = warned(decided(case, lender))
    case.tag(picture, "insult")
    (warning,) = set(warned(decided(case, lender))) - {look}
    assert "第 2 项" in warning


def test_notes_that_belong_to_nobody_are_named(world: World, decided: Decide) -> None:
    seq = world.case.note("最近压力很大")
    warnings = warned(decided(world.case, world.lender))
    assert any(f"编号 {seq}" in w for w in warnings)


def test_exhibits_without_time_are_named(world: World, decided: Decide) -> None:
    warnings = warned(decided(world.case, world.lender))
    assert any("E006" in w and "没有可用的时间" in w for w in warnings)
