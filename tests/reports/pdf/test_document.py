"""The file: fonts, page numbers, outline, links, and the same bytes every time."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from reports.media import PictureMedia
from reports.packet import Channel
from reports.pdf import styles as look
from tests.case_builder import CaseBuilder, by_name
from tests.reports.pdf.conftest import Drawn, Quoted, draw, packet_of, poppler

SCRIPT = """
import hashlib, sys
from tests.reports.pdf.conftest import draw, packet_of
from tests.case_builder import CaseBuilder, by_name
case = CaseBuilder()
case.complainant()
lender = case.respondent(product="甲某e贷")
case.tag(case.recording(by_name("2026-10-14 10:00:00"), respondent=lender), "threat", "你等着😡")
print(hashlib.sha256(draw(packet_of(case, lender)).data).hexdigest())
"""


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent(product="甲某e贷")
    call = case.recording(by_name("2026-10-14 10:00:00"), respondent=lender)
    case.tag(call, "threat", "你等着😡")
    case.tag(call, "insult", "老赖")
    case.document("备忘.txt", "text/plain", respondent=lender)
    return draw(packet_of(case, lender, Channel.HOTLINE_12378))


def test_same_packet_gives_the_same_bytes(quoted: Quoted) -> None:
    packet = quoted("你等着😡")
    assert draw(packet).data == draw(packet).data


def test_bytes_do_not_depend_on_where_a_picture_lies(tmp_path: Path) -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    screen = case.picture(respondent=lender, media_type="image/jpeg", width=60, height=90)
    case.tag(screen, "insult", "老赖")
    packet = packet_of(case, lender)
    made = set()
    for name in ("a.jpg", "another longer name.jpg"):
        path = tmp_path / name
        Image.new("RGB", (60, 90), "white").save(path)
        media = PictureMedia(path=path, media_type="image/jpeg", width=60, height=90)
        made.add(draw(packet, {"E001": media}).data)
    assert len(made) == 1
    assert str(tmp_path).encode() not in made.pop()


def test_other_process_hash_seed_time_zone_and_language_give_the_same_bytes(
    tmp_path: Path,
) -> None:
    root = Path(__file__).parents[3]
    seen = set()
    for seed, zone, language in (("1", "UTC", "C"), ("77", "America/New_York", "zh_CN.UTF-8")):
        run = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            cwd=tmp_path,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(root),
                "PYTHONHASHSEED": seed,
                "TZ": zone,
                "LANG": language,
                "PYTHONUTF8": "1",
            },
            check=True,
            capture_output=True,
            text=True,
        )
        seen.add(run.stdout.strip())
    assert len(seen) == 1
    assert re.fullmatch("[0-9a-f]{64}", seen.pop())


def test_only_date_is_that_of_the_packet(drawn: Drawn) -> None:
    information = drawn.reader.metadata
    assert information is not None
    assert information["/CreationDate"].startswith("D:20261123080000")
    assert information["/ModDate"] == information["/CreationDate"]
    assert information["/Title"] == "关于甲某消费金融有限公司催收行为的投诉书"


def test_every_font_is_embedded(drawn: Drawn) -> None:
    seen = set()
    for page in drawn.reader.pages:
        for font in page["/Resources"]["/Font"].values():
            held = font.get_object()
            seen.add(held["/BaseFont"])
            assert "/FontFile2" in held["/FontDescriptor"], held["/BaseFont"]
            assert "/ToUnicode" in held
    assert seen


def test_pdffonts_finds_no_font_that_is_not_embedded(drawn: Drawn, tmp_path: Path) -> None:
    rows = poppler("pdffonts", drawn.data, tmp_path).splitlines()[2:]
    assert rows
    for row in rows:
        # … emb sub uni object ID
        assert row.split()[-5:-2] == ["yes", "yes", "yes"], row


def test_every_page_says_which_of_how_many_it_is(drawn: Drawn) -> None:
    pages = drawn.pages
    for number, page in enumerate(pages, start=1):
        assert f"第{number}页共{len(pages)}页" in page


def test_every_page_has_the_short_code_and_date(drawn: Drawn) -> None:
    for page in drawn.pages:
        assert re.search(r"检查点[0-9A-F]{4}(-[0-9A-F]{4}){3}", page)
        assert "2026年11月23日" in page


def test_outline_leads_to_every_part(drawn: Drawn) -> None:
    outline = drawn.outline()
    assert outline[:5] == ["12378 通话单", "投诉书", "疑似违规点一览表", "证据清单", "通话统计"]
    assert [t for t in outline if t.startswith("E001")]
    assert outline[-2:] == ["所涉条款", "完整性说明"]


def test_every_link_leads_somewhere(drawn: Drawn) -> None:
    reader = drawn.reader
    named = set(reader.named_destinations)
    links = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
    assert links
    for link in links:
        target = link.get("/Dest") or link["/A"].get("/D")
        assert str(target).removeprefix("/") in named or isinstance(target, list)
        assert "/URI" not in link.get("/A", {})


def test_page_numbers_in_the_list_are_those_of_the_exhibits(drawn: Drawn) -> None:
    page = next(n for n, text in enumerate(drawn.pages, start=1) if "证据E001通话录音" in text)
    assert f"（第1、2项）{page}SHA-256" in drawn.body


def test_document_is_a4_and_chinese(drawn: Drawn) -> None:
    reader = drawn.reader
    assert {tuple(round(float(v)) for v in p.mediabox) for p in reader.pages} == {(0, 0, 595, 842)}
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"


def test_no_page_is_empty(drawn: Drawn) -> None:
    header_and_footer = 80
    assert all(len(page) > header_and_footer for page in drawn.pages)


AWKWARD: dict[str, dict[str, str]] = {
    "long names": {
        "name": "甲某" * 150,
        "product": "产品" * 150,
        "agency": "丙某资产管理有限公司" * 30,
        "contract_no": "JX" * 150,
    },
    "no place to break": {"name": "A" * 300, "contract_no": "9" * 400, "agency": "x" * 300},
    "strange characters": {"name": "甲\u202e某\u200b公司", "product": "𬭎<b>&amp;😡"},
    "ordinary": {},
}


@pytest.mark.parametrize("name", AWKWARD)
def test_call_sheet_is_one_page_whatever_the_words(
    quoted: Quoted, tmp_path: Path, name: str
) -> None:
    words = [f"{n}很长的威胁话，" * 40 for n in range(3)]
    packet = quoted(*words, channel=Channel.HOTLINE_12378, **AWKWARD[name])
    drawn = draw(packet)
    boxes = poppler("pdftotext", drawn.data, tmp_path, "-bbox", "-l", "1")
    lowest = max(float(y) for y in re.findall('yMax="(.+?)"', boxes))
    rightmost = max(float(x) for x in re.findall('xMax="(.+?)"', boxes))
    assert lowest < look.PAGE_HEIGHT - 20
    assert rightmost <= look.PAGE_WIDTH - look.RIGHT + 1
    pages = drawn.pages
    assert "12378通话单" in pages[0]
    assert "遇到人身危险请先报警" in pages[0]
    assert "受理编号" in pages[0]
    assert "投诉书" in pages[1]
    assert "12378通话单" not in pages[1]


def test_call_sheet_of_ordinary_words_is_in_large_type(quoted: Quoted, tmp_path: Path) -> None:
    drawn = draw(quoted("你等着", channel=Channel.HOTLINE_12378))
    boxes = poppler("pdftotext", drawn.data, tmp_path, "-bbox", "-l", "1")
    heights = [
        float(bottom) - float(top)
        for top, bottom, word in re.findall('yMin="(.+?)".*?yMax="(.+?)">(.*?)</word>', boxes)
        if "您好" in word
    ]
    assert heights
    assert min(heights) > 13


def test_every_page_of_an_exhibit_carries_its_number(tmp_path: Path) -> None:
    """Court files are taken apart: a page says itself what exhibit it shows."""
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    first = case.picture(by_name("2026-10-14 10:00:00"), respondent=lender, width=60, height=2000)
    second = case.recording(by_name("2026-10-15 10:00:00"), respondent=lender)
    case.tag(first, "threat", "你等着")
    case.tag(second, "insult", "老赖")
    path = tmp_path / "long.png"
    Image.new("RGB", (60, 2000), "white").save(path)
    media = PictureMedia(path=path, media_type="image/png", width=60, height=2000)
    pages = draw(packet_of(case, lender), {"E001": media}).pages
    starts = {
        label: next(n for n, page in enumerate(pages) if f"证据{label}{form}" in page)
        for label, form in (("E001", "手机截图"), ("E002", "通话录音"))
    }
    assert starts["E002"] - starts["E001"] > 1
    for page in pages[starts["E001"] : starts["E002"]]:
        assert "证据E001" in page
    for page in (pages[starts["E001"] - 1], pages[starts["E002"] + 1]):
        assert "证据E00" not in page.replace("证据E001至E002", "")
