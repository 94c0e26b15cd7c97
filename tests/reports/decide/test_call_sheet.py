"""The page for the telephone call."""

import pytest

from evidence.core.moment import Meaning
from reports import texts
from reports.complaint import CallSheet
from reports.decide.call_sheet import shorten
from reports.packet import Channel
from tests.case_builder import ID_NUMBER, CaseBuilder, by_name, said
from tests.reports.decide.conftest import Decide, Marked, World, strings

MARK = "{start}……（全文见材料）"


def sheet_of(decided: Decide, case: CaseBuilder, lender: int) -> CallSheet:
    sheet = decided(case, lender).call_sheet
    assert sheet is not None
    return sheet


def test_only_the_hotline_has_a_call_sheet(world: World, decided: Decide) -> None:
    assert decided(world.case, world.lender, Channel.HOTLINE_12378).call_sheet is not None
    assert decided(world.case, world.lender, Channel.NFRA).call_sheet is None


def test_sheet_says_who_against_whom_what_happened_and_what_is_asked(
    world: World, decided: Decide
) -> None:
    sheet = sheet_of(decided, world.case, world.lender)
    assert "林某" in sheet.opening
    assert "甲某消费金融有限公司" in sheet.opening
    assert "甲某e贷" in sheet.opening
    assert "愿意还款" in sheet.opening
    script = "".join(sheet.script)
    assert "2026年10月15日 22:14，李经理 13800000011在电话里说：“我让你在单位待不下去。”" in script
    assert "疑似恐吓、威胁" in script
    assert "共标注了 3 项" in script
    assert any("受理编号" in line for line in sheet.ask_for)
    ready = dict(sheet.have_ready)
    assert ready["合同编号"] == "JX-0001"
    assert ready["借款本金"] == "10000 元"
    assert {"拨打时间", "接线员工号", "受理编号"} <= set(sheet.blanks)


def test_sheet_masks_the_identity_number(world: World, decided: Decide) -> None:
    sheet = sheet_of(decided, world.case, world.lender)
    assert not [s for s in strings(sheet) if ID_NUMBER in s]
    assert any("110***********001X" in value for _, value in sheet.have_ready)


def test_sheet_states_the_hotline_s_limits(world: World, decided: Decide) -> None:
    assert sheet_of(decided, world.case, world.lender).notice == ""
    knows = "".join(sheet_of(decided, world.case, world.lender).knows)
    assert "不收附件" in knows
    assert "7 个工作日" in knows
    assert "《银行业保险业消费投诉处理管理办法》第三十三条" in knows
    assert all(days in knows for days in ("15 日", "30 日", "自然日"))
    assert "以官方公布为准" in knows
    assert "9:00" not in knows


@pytest.mark.parametrize(
    ("kind", "addressee"),
    [
        ("microloan", "地方金融管理局"),
        ("private", "公安机关"),
        ("platform", "放贷机构的监管部门"),
        ("agency", "放贷机构的监管部门"),
    ],
)
def test_sheet_says_first_that_another_authority_is_competent(
    marked: Marked, kind: str, addressee: str
) -> None:
    sheet = marked("threat", kind=kind).call_sheet
    assert sheet is not None
    assert addressee in sheet.notice
    assert "12378 可能不受理" in sheet.notice
    assert "15 日" not in "".join(sheet.knows)


def test_picture_is_told_by_when_it_was_taken_not_sent(decided: Decide) -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    picture = case.picture(by_name("2026-10-14 21:05:33", Meaning.CAPTURED), respondent=lender)
    case.tag(picture, "insult", "老赖")
    script = "".join(sheet_of(decided, case, lender).script)
    assert "2026年10月14日 21:05的截图里" in script
    assert "发来" not in script


def test_message_with_stated_time_and_note_are_told_as_what_they_are(decided: Decide) -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    case.tag(case.picture(respondent=lender), "insult", "老赖", occurred=said("2026-10-14 21:03"))
    case.tag(case.note("上门了", respondent=lender), "visit_stalk", "明天上门")
    script = "".join(sheet_of(decided, case, lender).script)
    assert "2026年10月14日 21:03，对方发来消息说：“老赖”" in script
    assert "有一次（准确时间见证据），我记下了对方的话：“明天上门”" in script


def test_call_without_words_or_time_invents_neither(decided: Decide) -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    case.tag(case.recording(respondent=lender), "threat", "")
    script = sheet_of(decided, case, lender).script
    assert script[1].startswith("有一次（准确时间见证据）")
    assert "“" not in script[1]


def test_others_are_left_in_peace_only_if_they_were_disturbed(marked: Marked) -> None:
    assert "无关的人" not in "".join(strings(marked("threat").call_sheet))
    assert "无关的人" in "".join(strings(marked("third_party_contact").call_sheet))


def test_at_most_three_findings_are_told(marked: Marked) -> None:
    sheet = marked("threat", "insult", "off_hours", "disclose_debt", "obscene").call_sheet
    assert sheet is not None
    assert len(sheet.script) == 1 + 3 + 1
    assert "5 项" in sheet.script[-1]


def test_what_the_letter_tells_with_its_words_is_told_before_what_has_none(
    decided: Decide,
) -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    call = case.recording(by_name("2026-10-14 10:00:00"), respondent=lender)
    case.tag(call, "impersonate_official")
    for conduct in ("insult", "off_hours", "private_account"):
        case.tag(call, conduct, f"{conduct}的原话")
    script = "".join(sheet_of(decided, case, lender).script)
    assert script.count("的原话") == 3
    assert "冒充公检法" not in script


def test_long_quote_ends_with_a_whole_clause_and_says_so() -> None:
    words = "第一句话，第二句话。" * 9
    cut = shorten(words, 60, MARK)
    assert cut == "第一句话，第二句话。" * 6 + "……（全文见材料）"
    assert shorten(words[:60], 60, MARK) == words[:60]
    assert shorten("字" * 61, 60, MARK) == "字" * 60 + "……（全文见材料）"


def test_no_stop_is_added_to_a_quote_that_has_one(decided: Decide) -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    call = case.recording(by_name("2026-10-14 10:00:00"), respondent=lender)
    case.tag(call, "threat", "你等着！")
    case.tag(call, "insult", "老赖")
    script = "".join(sheet_of(decided, case, lender).script)
    assert "“你等着！”我认为" in script
    assert "“老赖”。我认为" in script


def test_script_is_said_in_two_minutes_however_long_the_words(decided: Decide) -> None:
    said_by_them = "你要是今天不还钱，我就给你单位打电话，让你们领导都知道这件事。" * 9
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent(product="甲某e贷")
    for day, conduct in enumerate(("threat", "insult", "disclose_debt"), start=10):
        call = case.recording(
            by_name(f"2026-10-{day} 10:00:00"), respondent=lender, party_name="李" * 90
        )
        case.tag(call, conduct, f"{day}{said_by_them}")
    sheet = sheet_of(decided, case, lender)
    words = texts.load("call_sheet")
    assert len(sheet.opening) + sum(map(len, sheet.script)) <= words["spoken_limit"]
    assert sheet.minutes == 2
    assert len([line for line in sheet.script if "疑似" in line]) == 3
    assert "李" * 90 not in "".join(sheet.script)


def test_script_that_cannot_be_said_in_two_minutes_says_how_long_it_takes(
    decided: Decide,
) -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent("甲某" * 300)
    case.tag(case.recording(by_name("2026-10-14 10:00:00"), respondent=lender), "threat", "你等着")
    assert sheet_of(decided, case, lender).minutes >= 3
