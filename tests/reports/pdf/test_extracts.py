"""Extracts and transcripts on the page: whole, readable, beside and never instead."""

from pathlib import Path

import pytest

from evidence.core.export_row import Outcome
from evidence.core.moment import Meaning, Source
from evidence.core.records import Medium, NumberRole, Span
from evidence.core.transcript import TranscriptLine, Writer
from reports.media import PictureMedia, WaveformMedia
from reports.packet import Packet
from tests.case_builder import FAMILY, CaseBuilder, by_name, said
from tests.reports.pdf.conftest import Drawn, draw, packet_of, squeezed
from tests.reports.pdf.test_parts import within_margins

CALLS = 85


@pytest.fixture(scope="module")
def exported() -> tuple[Packet, Drawn]:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    case.number(respondent=lender, name="李经理")
    case.number(FAMILY, NumberRole.FAMILY)
    log = case.export("calls.xml")
    for count in range(CALLS):
        when = f"2026-10-{1 + count // 20:02d} {8 + count % 14:02d}:{count % 60:02d}:07"
        missed = count % 5 > 0
        row = case.row(
            log,
            when,
            outcome=Outcome.MISSED if missed else Outcome.ANSWERED,
            seconds=0 if missed else 61,
            record=2 * count + 1,
        )
        case.row(log, when, number=FAMILY, record=2 * count + 2)
    case.tag(row, "excessive_calls", comment="一天很多次")
    sms = case.export("sms.xml", Medium.MESSAGE)
    sent = said("2026-10-14 08:59:58", meaning=Meaning.SENT, source=Source.SMS_EXPORT)
    case.message(
        sms, "2026-10-14 09:10:00", "【甲某】<b>你等着</b>\n第二行😡", sent_at=sent, name="李" * 80
    )
    case.message(sms, "2026-10-14 09:20:00", "长" * 3000, attachments=("p.jpg",))
    packet = packet_of(case, lender)
    return packet, draw(packet)


def test_every_row_is_printed_with_its_place_and_both_digests(
    exported: tuple[Packet, Drawn],
) -> None:
    packet, drawn = exported
    body = drawn.body
    log, sms = (e.extract for e in packet.exhibits)
    assert log is not None
    assert sms is not None
    assert len(log.lines) == CALLS
    for line in log.lines:
        assert squeezed(f"{line.record} {line.time} {line.counterpart}") in body
    for exhibit in packet.exhibits:
        assert exhibit.extract is not None
        assert body.count(exhibit.sha256) >= 2  # list and exhibit
        assert body.count(exhibit.extract.csv_sha256) >= 2
        assert squeezed(exhibit.extract.withheld) in body
        for remark in exhibit.extract.remarks:
            assert squeezed(remark) in body


def test_head_of_a_long_table_is_on_each_of_its_pages(exported: tuple[Packet, Drawn]) -> None:
    _, drawn = exported
    pages = [page for page in drawn.pages if "李经理13800000011对方来电" in page]
    assert len(pages) >= 3
    assert all("同一次通话还见于" in page for page in pages)


def test_messages_are_printed_as_they_are_with_both_times(exported: tuple[Packet, Drawn]) -> None:
    _, drawn = exported
    assert "【甲某】<b>你等着</b>第二行[U+1F621]" in drawn.body
    assert "短信中心2026-10-1408:59:58" in drawn.body
    assert drawn.body.count("长") >= 3000
    assert "p.jpg" in drawn.body


def test_nobody_elses_number_is_on_any_page(exported: tuple[Packet, Drawn]) -> None:
    assert FAMILY not in exported[1].body


def test_extracts_stay_within_the_margins(exported: tuple[Packet, Drawn], tmp_path: Path) -> None:
    within_margins(exported[1], tmp_path)


def test_statistics_have_sources_hours_and_places(exported: tuple[Packet, Drawn]) -> None:
    packet, drawn = exported
    counted = packet.statistics
    assert (counted.answered, counted.unanswered) == (17, 68)
    assert "接通17" in drawn.body
    assert "未接68" in drawn.body
    assert squeezed(f"{counted.sources[0].name} 85 17 68 0 85") in drawn.body
    for day in counted.days:
        row = f"{day.day} {sum(day.by_hour)} {day.answered} {day.unanswered}"
        assert squeezed(row) in drawn.body
        assert squeezed(day.sources) in drawn.body


def test_finding_on_a_row_is_linked_with_its_row(exported: tuple[Packet, Drawn]) -> None:
    packet, drawn = exported
    (finding,) = packet.findings
    assert squeezed(f"位置：{finding.place}") in drawn.body
    (number,) = [i for i, page in enumerate(drawn.pages) if squeezed("2026-10-05 08:24:07") in page]
    (link,) = [note.get_object() for note in drawn.reader.pages[number]["/Annots"]]
    target = drawn.reader.get_page_number(link["/Dest"][0].get_object())
    assert "疑似违规点一览表下列" in drawn.pages[target]


# --- transcripts ----------------------------------------------------------------------------------


def pictured(tmp_path: Path, lines: int, height: int = 2400) -> tuple[Packet, Drawn]:
    """Return a packet of one picture with a machine transcript, its last line corrected."""
    from PIL import Image

    path = tmp_path / "screen.png"
    Image.new("RGB", (1080, height), "white").save(path)
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    picture = case.picture(by_name("2026-10-14 21:05:33"), respondent=lender)
    case.tag(picture, "insult", "老赖")
    seq = case.transcript(picture, *[f"第{n}行的文字" for n in range(1, lines + 1)])
    case.correction(seq, lines, "更正的文字")
    packet = packet_of(case, lender)
    media = PictureMedia(path=path, media_type="image/png", width=1080, height=height)
    return packet, draw(packet, {"E001": media})


@pytest.mark.parametrize("lines", [3, 120])
def test_words_of_a_picture_are_printed_and_the_picture_is_too(tmp_path: Path, lines: int) -> None:
    packet, drawn = pictured(tmp_path, lines)
    (one,) = packet.exhibits[0].transcripts
    assert squeezed(one.mark) in drawn.body
    for line in one.lines:
        assert squeezed(line.text) in drawn.body
    assert f"（投诉人更正；原为：第{lines}行的文字）" in drawn.body
    (shown,) = [i for i, page in enumerate(drawn.reader.pages) if page.images]
    start = next(i for i, page in enumerate(drawn.pages) if "证据E001手机截图" in page)
    assert shown == start
    assert (f"原为：第{lines}行的文字" in drawn.pages[shown]) is (lines == 3)


def test_words_of_a_long_picture_follow_all_its_parts(tmp_path: Path) -> None:
    _, drawn = pictured(tmp_path, 3, height=7000)
    shown = [number for number, page in enumerate(drawn.reader.pages) if page.images]
    (words,) = [n for n, page in enumerate(drawn.pages) if "第1行的文字" in page]
    assert len(shown) > 1
    assert words >= shown[-1]


def test_words_of_a_recording_stand_under_its_waveform_with_their_times() -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    call = case.recording(by_name("2026-10-14 21:05:33"), respondent=lender)
    case.tag(call, "threat", "你等着")
    spoken = TranscriptLine(text="你等着吧", span=Span(start_ms=28_953, end_ms=34_468))
    case.transcript(call, spoken, writer=Writer.SPEECH, engine="sherpa 1")
    packet = packet_of(case, lender)
    wave = WaveformMedia(peaks=lambda: (100,) * 600, duration_ms=60_000)
    body = draw(packet, {"E001": wave}).body
    assert body.index("波形（全长") < body.index("录音的文字（机器识别）")
    assert "机器识别、可能有错" in body
    assert "00:28.953–00:34.468你等着吧" in body
