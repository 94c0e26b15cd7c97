"""What is long, many, thin or strange is printed whole, or said plainly; nothing is dropped."""

import itertools
from pathlib import Path

from PIL import Image

from evidence.core.records import NumberRole, Span
from reports.media import PictureMedia
from tests.case_builder import CaseBuilder, by_name
from tests.reports.pdf.conftest import draw, packet_of, poppler, squeezed

OTHER = "乙某小额贷款有限公司"


def lender_case() -> tuple[CaseBuilder, int]:
    case = CaseBuilder()
    case.complainant()
    return case, case.respondent()


def test_note_of_fifty_thousand_characters_is_printed_whole(tmp_path: Path) -> None:
    """Each character stands beside its number, so that one that is lost is found."""
    case, lender = lender_case()
    call = case.recording(by_name("2026-10-14 10:00:00"), respondent=lender)
    case.tag(call, "threat", "你等着")
    pieces = [f"{number:05d}段，" for number in range(50_000 // 7)]
    case.note("".join(pieces), respondent=lender)
    text = squeezed(poppler("pdftotext", draw(packet_of(case, lender)).data, tmp_path, "-raw"))
    # A header may stand between the halves of a piece.
    missing = [piece for piece in pieces if piece[:6] not in text]
    assert missing == []


def test_paragraph_without_a_single_place_to_break_is_printed_whole() -> None:
    case, lender = lender_case()
    call = case.recording(by_name("2026-10-14 10:00:00"), respondent=lender)
    word = "".join(f"{number:04x}" for number in range(1_500))
    case.tag(call, "threat", word)
    case.note(word, on=call)
    body = draw(packet_of(case, lender)).body
    assert word in body
    # In a table the head stands again between the pages.
    assert body.count(word[:200]) == body.count(word[-200:]) >= 4


def test_spaces_where_a_paragraph_goes_over_a_page_are_kept(tmp_path: Path) -> None:
    """Lines are put together and broken again there; a lost space would join two words."""
    case, lender = lender_case()
    call = case.recording(by_name("2026-10-14 10:00:00"), respondent=lender)
    case.tag(call, "threat", "你等着")
    case.note(" ".join(f"{number:04d}" for number in range(2_000)), respondent=lender)
    text = poppler("pdftotext", draw(packet_of(case, lender)).data, tmp_path, "-raw")
    words = set(text.split())
    assert [n for n in range(1_999) if f"{n:04d}" not in words and f"·{n:04d}" not in words] == []


def test_two_hundred_exhibits_are_all_listed_shown_and_bookmarked(tmp_path: Path) -> None:
    case, lender = lender_case()
    for number in range(200):
        clock = f"2026-10-{number % 28 + 1:02d} {number % 24:02d}:{number % 60:02d}:00"
        call = case.recording(by_name(clock), respondent=lender)
        case.tag(call, "threat", f"第{number}次威胁", span=Span(start_ms=0, end_ms=900))
    packet = packet_of(case, lender)
    drawn = draw(packet)
    outline = " ".join(drawn.outline())
    text = squeezed(poppler("pdftotext", drawn.data, tmp_path, "-raw"))
    assert len(packet.exhibits) == 200
    for exhibit in packet.exhibits:
        assert exhibit.label in outline
        assert text.count(exhibit.sha256) >= 2  # in the list and at the exhibit
    for number in range(200):
        assert f"第{number}次威胁" in text


def test_picture_too_thin_to_be_read_is_shown_and_said_to_be_so(tmp_path: Path) -> None:
    for width, height in ((1, 40_000), (40_000, 1)):
        case, lender = lender_case()
        screen = case.picture(
            by_name("2026-10-14 10:00:00"), respondent=lender, width=width, height=height
        )
        case.tag(screen, "insult", "老赖")
        path = tmp_path / f"{width}.png"
        Image.new("RGB", (width, height), "white").save(path)
        media = PictureMedia(path=path, media_type="image/png", width=width, height=height)
        drawn = draw(packet_of(case, lender), {"E001": media})
        assert "缩印后看不清" in drawn.text
        assert len(drawn.pages) < 20


def test_two_lenders_give_two_packets_each_with_its_own_exhibits_only() -> None:
    case, ours = lender_case()
    theirs = case.respondent(OTHER, "microloan")
    case.number("13800000099", NumberRole.COLLECTOR, respondent=theirs, name="对方")
    calls = {}
    for number, lender in zip(range(6), itertools.cycle((ours, theirs)), strict=False):
        call = case.recording(by_name(f"2026-10-1{number} 10:00:00"), respondent=lender)
        case.tag(call, "threat", f"原话{number}号")
        calls[number] = lender
    for lender in (ours, theirs):
        packet = packet_of(case, lender)
        text = draw(packet).text
        assert [e.label for e in packet.exhibits] == ["E001", "E002", "E003"]
        for number, owner in calls.items():
            assert (f"原话{number}号" in text) == (owner == lender)
        assert (OTHER in text) == (lender == theirs)


def test_what_the_case_holds_can_be_copied_out_of_the_paper(tmp_path: Path) -> None:
    """Every number, digest, time and quoted word, as poppler reads it."""
    case, lender = lender_case()
    quotes = ("“再不还”就<b>上门</b>", "𬭎某，㛃㙦䶮！你跑不掉。", "OK? 1,000.50元 ＋20%")
    for number, quote in enumerate(quotes):
        clock = f"2026-10-1{number} 21:05:3{number}"
        call = case.recording(by_name(clock), respondent=lender, name=f"录音 {number}（李）.mp3")
        case.tag(call, "threat", quote, span=Span(start_ms=1_000, end_ms=2_500))
    packet = packet_of(case, lender)
    text = squeezed(poppler("pdftotext", draw(packet).data, tmp_path, "-raw"))
    for exhibit in packet.exhibits:
        for said in (exhibit.label, exhibit.sha256, exhibit.name, exhibit.occurred_text):
            assert squeezed(said) in text
    for finding in packet.findings:
        for said in (finding.quote, finding.place, finding.occurred_text, finding.conduct_label):
            assert squeezed(said) in text
