"""What exhibits read or sound like: whose words, with times and corrections; failures are not."""

from evidence.core.records import Span
from evidence.core.transcript import TranscriptLine, Writer
from reports.packet import Packet, ShownTranscript
from tests.case_builder import CaseBuilder, by_name
from tests.reports.decide.conftest import Decide


def picture_case() -> tuple[CaseBuilder, int, int]:
    """Return a case, its respondent and a marked picture."""
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    picture = case.picture(by_name("2026-10-14 21:05:33"), respondent=lender)
    case.tag(picture, "insult", "老赖")
    return case, lender, picture


def shown(packet: Packet) -> tuple[ShownTranscript, ...]:
    return packet.exhibits[0].transcripts


def test_machine_text_says_so_with_its_engine(decided: Decide) -> None:
    case, lender, picture = picture_case()
    seq = case.transcript(picture, "第一行", "第二行", engine="rapidocr 3.4 PP-OCRv5")
    packet = decided(case, lender)
    (one,) = shown(packet)
    assert "机器识别、可能有错" in one.mark
    assert "rapidocr 3.4 PP-OCRv5" in one.mark
    assert [line.text for line in one.lines] == ["第一行", "第二行"]
    assert seq in packet.disclosed


def test_corrected_line_stands_as_corrected_with_what_stood_there(decided: Decide) -> None:
    case, lender, picture = picture_case()
    seq = case.transcript(picture, "你今天必须还款", "第二行")
    wrong = case.correction(seq, 1, "写错")
    right = case.correction(seq, 1, "你今天必须还钱")
    taken_back = case.correction(seq, 2, "不对")
    case.withdraw(taken_back)
    packet = decided(case, lender)
    first, second = shown(packet)[0].lines
    assert first.text == "你今天必须还钱"
    assert "你今天必须还款" in first.correction
    assert (second.text, second.correction) == ("第二行", "")
    assert {seq, wrong, right} <= set(packet.disclosed)
    assert taken_back not in packet.disclosed


def test_lines_of_a_recording_have_their_times_and_speakers(decided: Decide) -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    call = case.recording(by_name("2026-10-14 21:05:33"), respondent=lender)
    case.tag(call, "threat", "话")
    line = TranscriptLine(text="你等着", span=Span(start_ms=28_953, end_ms=34_468), speaker="对方")
    case.transcript(call, line, writer=Writer.SPEECH, engine="sherpa 1")
    (one,) = shown(decided(case, lender))
    assert (one.lines[0].time, one.lines[0].speaker) == ("00:28.953–00:34.468", "对方")
    assert "以录音为准" in one.mark


def test_the_persons_own_and_imported_text_are_not_called_machine_text(decided: Decide) -> None:
    case, lender, picture = picture_case()
    case.transcript(picture, "我听到的", writer=Writer.PERSON, engine="")
    case.transcript(
        picture,
        "导入的",
        writer=Writer.FILE,
        engine="",
        source_name="听写.srt",
        source_sha256="ab" * 32,
    )
    own, imported = shown(decided(case, lender))
    assert "投诉人" in own.mark
    assert "听写.srt" in imported.mark
    assert "ab" * 32 in imported.mark
    assert not any("机器" in one.title + one.mark for one in (own, imported))


def test_failures_withdrawn_and_earlier_readings_are_not_shown(decided: Decide) -> None:
    case, lender, picture = picture_case()
    failed = case.transcript(picture, failure="图片太小")
    earlier = case.transcript(picture, "旧的")
    withdrawn = case.transcript(picture, "撤回的", writer=Writer.PERSON)
    case.withdraw(withdrawn)
    latest = case.transcript(picture, "新的")
    packet = decided(case, lender)
    assert [line.text for one in shown(packet) for line in one.lines] == ["新的"]
    assert not {failed, earlier, withdrawn} & set(packet.disclosed)
    assert latest in packet.disclosed


def test_failure_takes_no_earlier_reading_away(decided: Decide) -> None:
    case, lender, picture = picture_case()
    case.transcript(picture, "读到的")
    failed = case.transcript(picture, failure="图片太小")
    packet = decided(case, lender)
    assert [line.text for one in shown(packet) for line in one.lines] == ["读到的"]
    assert failed not in packet.disclosed


def test_earlier_reading_that_was_corrected_stays(decided: Decide) -> None:
    case, lender, picture = picture_case()
    earlier = case.transcript(picture, "旧的")
    case.correction(earlier, 1, "改好的")
    case.transcript(picture, "新的")
    texts = [line.text for one in shown(decided(case, lender)) for line in one.lines]
    assert texts == ["改好的", "新的"]


def test_transcripts_and_suggestions_of_what_is_not_in_the_packet_stay_out(
    decided: Decide,
) -> None:
    from evidence.core.records import Kind
    from evidence.core.suggestion import Suggestion, suggestion_to_data

    case, lender, picture = picture_case()
    other = case.respondent("乙某消费金融有限公司")
    theirs = case.picture(by_name("2026-10-15 21:05:33"), respondent=other)
    outside = case.transcript(theirs, "乙某的话")
    noticed = Suggestion(conduct="threat", pattern="p", explanation="像威胁", on=picture)
    suggestion = case.append(Kind.SUGGESTION, suggestion_to_data(noticed))
    packet = decided(case, lender)
    assert not {outside, suggestion} & set(packet.disclosed)
    assert len(packet.findings) == 1
