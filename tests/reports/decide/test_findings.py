"""Findings: time, words, place, the other side, and the rules of that day."""

import pytest

from evidence.core import moment
from evidence.core.moment import Meaning, Moment, Source
from evidence.core.records import Conflict, Region, Span
from reports.complaint import PartKind
from reports.packet import Finding
from tests.case_builder import CaseBuilder, by_name, month_day, said, warned
from tests.reports.decide.conftest import Decide, World


def one(decided: Decide, case: CaseBuilder, lender: int) -> Finding:
    (finding,) = decided(case, lender).findings
    return finding


@pytest.fixture
def case() -> CaseBuilder:
    made = CaseBuilder()
    made.complainant()
    return made


def test_findings_are_numbered_in_order_of_time(world: World, decided: Decide) -> None:
    found = decided(world.case, world.lender).findings
    assert [f.number for f in found] == [1, 2, 3]
    assert [f.tag_seq for f in found] == [world.insult, world.threat, world.disclosure]


def test_finding_has_conduct_words_second_exhibit_and_other_side(
    world: World, decided: Decide
) -> None:
    finding = decided(world.case, world.lender).findings[1]
    assert finding.exhibit_label == "E003"
    assert finding.conduct_id == "threat"
    assert finding.quote == "我让你在单位待不下去。"
    assert finding.place == "录音 00:28.953–00:34.468"
    assert finding.span == Span(start_ms=28_953, end_ms=34_468)
    assert finding.counterpart == "李经理 13800000011"
    assert finding.occurred_text == "2026年10月15日 22:14:07（精确到秒）"


def test_time_that_the_person_read_in_a_picture_is_told_as_such(
    world: World, decided: Decide
) -> None:
    finding = decided(world.case, world.lender).findings[0]
    assert finding.occurred_text == "2026年10月14日 21:03（精确到分），本人按图中内容标注"
    assert finding.region == Region(left=10, top=20, width=300, height=90)
    assert finding.place == "图片标注区域"
    assert finding.comment == "截图第三条"
    assert finding.date_remark == ""


@pytest.mark.parametrize(
    ("when", "ending"),
    [
        (by_name("2026-10-14 21:05:33", Meaning.CAPTURED), "，为截图时间，不是对方发送的时间"),
        (by_name("2026-10-14 21:05:33", Meaning.SAVED), "，为图片保存时间，不是对方发送的时间"),
        (said("2026-10-14 21:05", source=Source.MTIME), "，为文件修改时间，仅供参考"),
        (said("2026-10-14"), "（只知日期），本人陈述"),
        (None, "时间不明"),
    ],
)
def test_time_that_is_not_that_of_the_act_says_so(
    case: CaseBuilder, decided: Decide, when: Moment | None, ending: str
) -> None:
    lender = case.respondent()
    case.tag(case.picture(when, respondent=lender), "threat", "话")
    assert one(decided, case, lender).occurred_text.endswith(ending)


def test_time_without_year_is_never_given_one(case: CaseBuilder, decided: Decide) -> None:
    lender = case.respondent()
    case.tag(case.recording(month_day("--10-14"), respondent=lender), "threat", "话")
    finding = one(decided, case, lender)
    assert finding.occurred_text.startswith("10月14日")
    assert "年" not in finding.occurred_text


def test_conflicting_times_are_not_resolved(case: CaseBuilder, decided: Decide) -> None:
    lender = case.respondent()
    torn = Conflict(field="occurred", values=(("文件名", "2026-10-14"), ("文件内", "2026-10-15")))
    call = case.recording(moment.unknown(), respondent=lender, conflicts=(torn,))
    case.tag(call, "threat", "话")
    finding = one(decided, case, lender)
    assert "矛盾" in finding.occurred_text
    assert "2026" not in finding.occurred_text


def test_act_of_unknown_day_names_only_what_applied_all_the_time_and_says_so(
    case: CaseBuilder, decided: Decide
) -> None:
    lender = case.respondent()
    case.tag(case.picture(respondent=lender), "threat", "话")
    packet = decided(case, lender)
    (finding,) = packet.findings
    assert finding.date_remark
    cited = {i for c in finding.citations for i in c.provision_ids}
    assert "cc-1033" in cited  # since 2021
    assert "cba2026-prohibited" not in cited  # issued 2026
    assert any("第 1 项的准确时间不确定" in w for w in warned(packet))


def test_day_of_default_bounds_an_unknown_day(case: CaseBuilder, decided: Decide) -> None:
    lender = case.respondent(overdue_since="2026-09-15")
    case.tag(case.picture(respondent=lender), "threat", "话")
    cited = {i for c in one(decided, case, lender).citations for i in c.provision_ids}
    assert "cba2026-prohibited" in cited


def test_quote_is_kept_as_it_was_written(case: CaseBuilder, decided: Decide) -> None:
    words = "  再不还…… <b>等着</b>！！\n第二行 ﬁ😡 "
    lender = case.respondent()
    case.tag(case.recording(respondent=lender), "threat", words)
    assert one(decided, case, lender).quote == words


def test_whole_recording_and_text_are_named_as_places(case: CaseBuilder, decided: Decide) -> None:
    lender = case.respondent()
    case.tag(case.recording(by_name("2026-10-14 10:00:00"), respondent=lender), "threat", "话")
    text = case.document("备忘.txt", "text/plain", respondent=lender)
    case.tag(text, "insult", "话")
    places = [f.place for f in decided(case, lender).findings]
    assert places == ["整段录音", "文字材料"]


def test_remark_says_that_part_of_the_articles_is_not_established(decided: Decide) -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    call = case.recording(by_name("2026-10-14 10:00:00"), respondent=lender)
    case.tag(call, "visit_stalk", "话")
    case.tag(call, "threat", "话")
    basis = next(
        b for b in decided(case, lender).letter.lines(PartKind.BASIS) if "催收工作指引" in b
    )
    assert "其中部分内容的条号未核实" in basis
