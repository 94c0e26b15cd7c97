"""The list of exhibits: name, form, time with basis, source, purpose, digest."""

import pytest

from evidence.core import moment
from evidence.core.records import Conflict, Direction, Medium
from reports.packet import PacketExhibit
from tests.case_builder import CaseBuilder, by_name, warned
from tests.reports.decide.conftest import Decide, World


def first(decided: Decide, case: CaseBuilder, lender: int) -> PacketExhibit:
    return decided(case, lender).exhibits[0]


@pytest.fixture
def case() -> CaseBuilder:
    made = CaseBuilder()
    made.complainant()
    return made


def test_row_has_the_usual_columns(world: World, decided: Decide) -> None:
    packet = decided(world.case, world.lender)
    row = next(e for e in packet.exhibits if e.seq == world.night_call)
    assert row.label == "E003"
    assert row.name == f"call{world.night_call}.mp3"
    assert row.form == "通话录音（MP3）"
    assert row.occurred_text == "2026年10月15日 22:14:07（精确到秒）"
    assert row.occurred_basis.startswith("据文件名")
    assert "投诉人提供" in row.source
    assert row.purpose == "疑似恐吓、威胁（第 2 项）"
    assert row.sha256 == f"{world.night_call:064x}"
    assert row.bundle_path == "data/exhibits/E003.mp3"
    assert row.finding_numbers == (2,)
    assert dict(row.facts)["时长"] == "01:00"


def test_labels_are_consecutive_and_paths_ascii(world: World, decided: Decide) -> None:
    exhibits = decided(world.case, world.lender).exhibits
    assert [e.label for e in exhibits] == [f"E{n:03d}" for n in range(1, len(exhibits) + 1)]
    assert all(e.bundle_path.isascii() for e in exhibits)


def test_exhibit_that_is_not_marked_claims_no_breach(world: World, decided: Decide) -> None:
    packet = decided(world.case, world.lender)
    row = next(e for e in packet.exhibits if e.seq == world.day_call)
    assert "疑似" not in row.purpose
    assert any("E001" in w and "没有标注" in w for w in warned(packet))


@pytest.mark.parametrize(
    ("media_type", "form", "path"),
    [
        ("audio/mp4", "通话录音（M4A）", "data/exhibits/E001.m4a"),
        ("audio/3gpp", "通话录音（3GP）", "data/exhibits/E001.3gp"),
        ("audio/x-new", "通话录音（X-NEW）", "data/exhibits/E001.bin"),
    ],
)
def test_format_and_extension_follow_the_content(
    case: CaseBuilder, decided: Decide, media_type: str, form: str, path: str
) -> None:
    lender = case.respondent()
    case.tag(case.recording(respondent=lender, name="x.exe", media_type=media_type))
    row = first(decided, case, lender)
    assert row.form == form
    assert row.bundle_path == path


def test_text_is_shown_and_named_as_text(world: World, decided: Decide) -> None:
    packet = decided(world.case, world.lender, texts={world.text: "对方的话\n第二行"})
    row = next(e for e in packet.exhibits if e.seq == world.text)
    assert row.text == "对方的话\n第二行"
    assert row.form == "文字材料（TXT）"


def test_unknown_time_is_said_to_be_unknown(case: CaseBuilder, decided: Decide) -> None:
    lender = case.respondent()
    case.tag(case.recording(respondent=lender))
    row = first(decided, case, lender)
    assert row.occurred_text == "时间不明"
    assert row.occurred_basis


def test_conflicting_sources_are_all_listed(case: CaseBuilder, decided: Decide) -> None:
    lender = case.respondent()
    torn = Conflict(
        field="occurred",
        values=(("据文件名", "12:30:11"), ("据文件内", "20:30:10")),
        note="差八小时",
    )
    case.tag(case.recording(moment.unknown(), respondent=lender, conflicts=(torn,)))
    packet = decided(case, lender)
    (text,) = packet.exhibits[0].conflict_texts
    assert all(part in text for part in ("12:30:11", "20:30:10", "据文件名", "差八小时"))
    assert "未作取舍" in text
    assert any("互相矛盾" in w for w in warned(packet))


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("call.mp3", "投诉人提供"),
        ("小米/录音/call.mp3", "投诉人提供；导入时所在的文件夹：小米/录音"),
        ("小米/旧名.mp3", "投诉人提供；导入时的路径：小米/旧名.mp3"),
        ("", "投诉人提供"),
    ],
)
def test_source_says_the_folder_and_no_more(
    case: CaseBuilder, decided: Decide, path: str, source: str
) -> None:
    lender = case.respondent()
    seq = case.recording(respondent=lender)
    data = case.entries[seq].data
    origin = {"importer": "test", "version": "1", "path": path}
    moved = case.append("exhibit", {**data, "name": "call.mp3", "origin": origin})
    case.withdraw(seq)
    case.tag(moved)
    assert first(decided, case, lender).source == source


def test_facts_state_what_was_measured(case: CaseBuilder, decided: Decide) -> None:
    lender = case.respondent()
    call = case.recording(respondent=lender, direction=Direction.OUT, sample_rate=8000, channels=1)
    case.tag(call)
    facts = dict(first(decided, case, lender).facts)
    assert facts["方向"] == "投诉人拨出"
    assert facts["编码"] == "mp3 8000 Hz 单声道"
    assert facts["大小"].endswith("字节")


def test_unreadable_file_is_an_exhibit_that_says_so(case: CaseBuilder, decided: Decide) -> None:
    lender = case.respondent()
    broken = case.recording(respondent=lender, unreadable="文件头损坏", duration_ms=None, codec="")
    case.tag(broken)
    packet = decided(case, lender)
    assert packet.exhibits[0].unreadable == "文件头损坏"
    assert packet.exhibits[0].medium is Medium.RECORDING
    assert any("无法解码" in w for w in warned(packet))


def test_note_on_an_exhibit_stands_with_it(world: World, decided: Decide) -> None:
    world.case.note("这是晚上打来的", on=world.night_call)
    packet = decided(world.case, world.lender)
    row = next(e for e in packet.exhibits if e.seq == world.night_call)
    assert row.notes[0].startswith("这是晚上打来的（2026年11月20日")
    assert packet.notes == ()


def test_picture_of_a_stated_number_names_the_other_side(
    case: CaseBuilder, decided: Decide
) -> None:
    lender = case.respondent()
    picture = case.picture(by_name("2026-10-14 10:00:00"), number="13800000011", respondent=lender)
    case.tag(picture, "insult", "老赖")
    assert first(decided, case, lender).counterpart == "13800000011"
