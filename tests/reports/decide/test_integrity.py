"""The integrity page says what was checked, and never more than that."""

import dataclasses
import datetime as dt
import hashlib

import pytest

from reports.decide import decide
from reports.packet import Integrity
from tests.reports.decide.conftest import Decide, Gather, World, integrity_input


@pytest.fixture
def page(world: World, decided: Decide) -> Integrity:
    return decided(world.case, world.lender).integrity


def test_counts_add_up(world: World, decided: Decide) -> None:
    packet = decided(world.case, world.lender)
    page = packet.integrity
    assert page.entries_total == len(world.case.entries)
    assert page.entries_disclosed == len(packet.disclosed)
    assert page.entries_total == page.entries_disclosed + page.entries_withheld
    assert page.entries_withheld > 0


def test_short_code_is_that_of_the_signed_checkpoint(page: Integrity) -> None:
    digest = hashlib.sha256(page.checkpoint_text.encode()).hexdigest().upper()
    assert page.short_code.replace("-", "") == digest[:16]
    assert page.root_hex == bytes(range(32)).hex()


@pytest.mark.parametrize("field", ["entries_verified", "originals_verified", "signature_verified"])
def test_what_did_not_pass_is_never_shown_as_passed(
    world: World, gathered: Gather, field: str
) -> None:
    context = gathered(world.case, world.lender)
    given = dataclasses.replace(integrity_input(context.view.size), **{field: False})
    verdicts = [v for _, v, _ in decide(context, given).integrity.checks]
    assert verdicts.count("未通过") == 1
    assert verdicts.count("通过") == 2


def test_absent_timestamp_is_not_checked_rather_than_passed(page: Integrity) -> None:
    verdicts = [v for _, v, _ in page.checks]
    assert verdicts == ["通过", "通过", "通过", "未检查"]
    assert page.anchors is None


def test_limits_that_must_be_printed_are_there(page: Integrity) -> None:
    limits = "".join(page.does_not_prove)
    assert "不证明通话或消息确实发生、说话人是谁" in limits
    assert "导入之前没有剪辑" in limits
    assert "没有使用区块链技术存储" in limits
    assert "《人民法院在线诉讼规则》第十六条" in limits
    assert "中立第三方" in limits
    assert "《最高人民法院关于民事诉讼证据的若干规定（2019年修正）》第九十四条" in limits
    assert "原始手机" in limits
    assert "有权机关认定" in limits
    assert "《人民法院在线诉讼规则》第十八条" in page.checks[-1][2]


def test_what_it_shows_depends_on_a_checkpoint_in_other_hands(page: Integrity) -> None:
    assert page.proves[-1].startswith("前提")
    assert "投诉人以外的人" in page.proves[-1]


def test_a_clock_that_was_set_back_is_printed_as_a_limit(world: World, decided: Decide) -> None:
    before = decided(world.case, world.lender).integrity.does_not_prove
    world.case.off_by = dt.timedelta(days=-3)
    back = world.case.note("又打来了")
    (line,) = {*decided(world.case, world.lender).integrity.does_not_prove} - {*before}
    assert f"第 {back} 条" in line
