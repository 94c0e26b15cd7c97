"""Every part of the packet is in the PDF, for both channels; nothing is cut off."""

import dataclasses
import re
from pathlib import Path

import pytest

from evidence.core.records import Direction, Region, Span
from evidence.law import load_rules
from reports.media import Media, PictureMedia, WaveformMedia
from reports.packet import Channel, Packet
from reports.pdf import styles as look
from reports.pdf.sections.findings import NO_CITATION
from tests.case_builder import ID_NUMBER, CaseBuilder, by_name, said
from tests.reports.pdf.conftest import Drawn, draw, packet_of, poppler, squeezed

FORBIDDEN = (
    "已公证",
    "区块链存证",
    "司法认可",
    "具有法律效力",
    "违法犯罪",
    "停息挂账",
    "征信修复",
)


def full_case(channel: Channel, picture: Path) -> tuple[Packet, dict[str, Media]]:
    case = CaseBuilder()
    case.complainant(address="某省某市某路1号")
    lender = case.respondent(product="甲某e贷", contract_no="JX-0001", agency="丙某资产管理公司")
    case.number(respondent=lender, name="李经理")
    call = case.recording(by_name("2026-10-15 22:14:07"))
    case.recording(by_name("2026-11-03 20:15:30"), direction=Direction.OUT)
    screen = case.picture(by_name("2026-10-16 21:05:33"), respondent=lender, width=120, height=200)
    text = case.document("备忘.txt", "text/plain", respondent=lender)
    case.tag(call, "threat", "我让你待不下去。", span=Span(start_ms=28_953, end_ms=34_468))
    case.tag(call, "off_hours", "欠钱的人还想睡觉？", span=Span(start_ms=28_953, end_ms=30_000))
    region = Region(left=10, top=10, width=60, height=40)
    case.tag(screen, "insult", "老赖", region=region, occurred=said("2026-10-16 21:03"))
    case.tag(screen, "private_account", region=region, comment="对方的收款码")
    case.tag(text, "disclose_debt", "他欠钱")
    case.note("这是晚上打来的", on=call)
    case.note("我愿意还款", respondent=lender)
    packet = packet_of(case, lender, channel, texts={text: "第一行\n第二行：他欠钱"})
    labels = {e.seq: e.label for e in packet.exhibits}
    peaks = tuple(abs(500 - n % 1000) for n in range(600))
    return packet, {
        labels[call]: WaveformMedia(peaks=lambda: peaks, duration_ms=60_000),
        labels[screen]: PictureMedia(path=picture, media_type="image/png", width=120, height=200),
    }


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from PIL import Image

    path = tmp_path_factory.mktemp("picture") / "screen.png"
    Image.new("RGB", (120, 200), "white").save(path)
    return path


@pytest.fixture(scope="module", params=[Channel.HOTLINE_12378, Channel.NFRA], ids=str)
def both(request: pytest.FixtureRequest, picture: Path) -> tuple[Packet, Drawn]:
    packet, media = full_case(request.param, picture)
    return packet, draw(packet, media)


def test_letter_with_its_contents_and_a_line_for_the_signature(both: tuple[Packet, Drawn]) -> None:
    packet, drawn = both
    letter, body = packet.letter, drawn.body
    said_there = [value for part in letter.parts for row in part.rows for value in row]
    said_there += [line for part in letter.parts for line in part.lines]
    for line in (letter.title, letter.addressee, *said_there):
        assert squeezed(line) in body, line
    assert "投诉人（本人亲笔签名）：＿＿＿" in body
    assert "日期：＿＿＿＿年＿＿月＿＿日" in body


def test_findings_with_time_words_place_exhibit_and_provision(both: tuple[Packet, Drawn]) -> None:
    packet, drawn = both
    start = drawn.body.index("疑似违规点一览表下列事项")
    table = drawn.body[start : drawn.body.index("证据清单共")]
    assert len(packet.findings) == 5
    for finding in packet.findings:
        for part in (finding.quote, finding.place, finding.comment, finding.exhibit_label):
            assert squeezed(part) in table
        for citation in finding.citations:
            assert squeezed(citation.text) in table
            assert squeezed(citation.wording) in table
    assert "（见图片标注区域）" in table
    assert "以录音、图片等原件为准" in table


def test_evidence_list_has_the_usual_columns_and_digests(both: tuple[Packet, Drawn]) -> None:
    packet, drawn = both
    start = drawn.body.index("证据清单共")
    part = drawn.body[start : drawn.body.index("通话统计计数规则")]
    for column in ("编号", "名称", "形式", "形成时间及其依据", "来源", "证明内容", "页码"):
        assert column in part
    for exhibit in packet.exhibits:
        assert exhibit.sha256 in part
        assert exhibit.label in part


def test_statistics_state_their_rule(both: tuple[Packet, Drawn]) -> None:
    packet, drawn = both
    for line in (packet.statistics.rule, packet.statistics.source, packet.statistics.limits):
        assert squeezed(line) in drawn.body
    assert "按日期和小时" in drawn.body
    assert "2026-10-15" in drawn.body
    assert "计为夜间的1次：2026-10-1522:14:07接通（E001）" in drawn.body


def test_exhibits_with_facts_passages_text_and_notes(both: tuple[Packet, Drawn]) -> None:
    packet, drawn = both
    for exhibit in packet.exhibits:
        start = drawn.body.index(squeezed(f"证据 {exhibit.label} {exhibit.form}"))
        part = drawn.body[start : start + 3000]
        assert squeezed(exhibit.occurred_basis) in part
        assert squeezed(exhibit.name) in part
    assert "波形（全长01:00" in drawn.body
    assert "全文（原样）第一行第二行：他欠钱" in drawn.body
    assert "本人说明这是晚上打来的" in drawn.body
    assert "情况说明以下为本人自己的记录" in drawn.body
    assert "我愿意还款（2026年" in drawn.body
    assert len([i for page in drawn.reader.pages for i in page.images]) == 1


def test_provisions_are_quoted_in_full_where_they_may_be(both: tuple[Packet, Drawn]) -> None:
    packet, drawn = both
    start = drawn.body.index("所涉条款按层级排列")
    part = drawn.body[start : drawn.body.index("完整性说明案件编号")]
    for row in packet.annex:
        assert squeezed(row.level) in part
        assert squeezed(row.in_force) in part
        assert squeezed(row.state) in part
        assert squeezed(row.quote) in part
        assert squeezed(row.instrument) in part
    assert len([r for r in packet.annex if r.quote]) > 3


def test_integrity_page_has_counts_checkpoint_checks_and_limits(
    both: tuple[Packet, Drawn],
) -> None:
    packet, drawn = both
    page = packet.integrity
    part = drawn.body[drawn.body.index("完整性说明案件编号") :]
    counts = (
        f"共{page.entries_total}条，本材料公开{page.entries_disclosed}条，"
        f"隐去{page.entries_withheld}条"
    )
    assert counts in part
    for line in (
        page.root_hex,
        page.short_code,
        page.public_key_hex,
        page.checkpoint_text,
        *page.proves,
        *page.does_not_prove,
        *page.how_to_check,
        *(cell for check in page.checks for cell in check),
    ):
        assert squeezed(line) in part, line


def test_each_channel_has_what_it_needs_in_addition(both: tuple[Packet, Drawn]) -> None:
    packet, drawn = both
    hotline = packet.channel is Channel.HOTLINE_12378
    assert drawn.pages[0].find("12378通话单") >= 0 if hotline else True
    assert ("12378通话单" in drawn.body) is hotline
    assert ("网页填写文本供投诉人" in drawn.body) is not hotline
    if not hotline:
        part = drawn.body[drawn.body.index("网页填写文本供投诉人") :]
        for piece in packet.paste_texts:
            assert squeezed(piece.text) in part
        assert "以官方公布为准" in part


def test_identity_number_is_printed_once(both: tuple[Packet, Drawn]) -> None:
    _, drawn = both
    assert drawn.body.count(ID_NUMBER) == 1


def test_nothing_claims_too_much(both: tuple[Packet, Drawn]) -> None:
    packet, drawn = both
    body = drawn.body
    for row in packet.annex:
        body = body.replace(squeezed(row.quote), "") if row.quote else body
    assert not [word for word in (*FORBIDDEN, "保证", "必然", "违法") if word in body]
    rules = load_rules()
    police = {p.instrument for i, p in rules.provisions.items() if i.startswith(("psl-", "cl-"))}
    assert not [name for name in police if squeezed(name) in body]


def test_page_count_is_that_of_a_short_file(both: tuple[Packet, Drawn]) -> None:
    packet, drawn = both
    assert len(packet.exhibits) == 4
    assert 12 <= len(drawn.pages) <= 17


def test_finding_without_rule_says_so_even_if_its_day_is_not_known() -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent("某人", "private")
    case.tag(case.picture(respondent=lender), "soft_violence", "话")
    packet = packet_of(case, lender)
    (finding,) = packet.findings
    assert finding.citations == ()
    assert finding.date_remark
    assert squeezed(f"{NO_CITATION}；{finding.date_remark}") in draw(packet).body


# --- nothing is cut off ---------------------------------------------------------------------------


def within_margins(drawn: Drawn, folder: Path) -> None:
    """Assert that every word lies between the margins."""
    boxes = poppler("pdftotext", drawn.data, folder, "-bbox")
    found = re.findall(r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">', boxes)
    assert found
    for row in found:
        left, top, right, bottom = map(float, row)
        assert left >= look.LEFT - 54  # numbers of picture regions stand in the margin
        assert right <= look.PAGE_WIDTH - look.RIGHT + 1
        assert top >= 0
        assert bottom <= look.PAGE_HEIGHT


def test_small_packet_stays_within_the_margins(both: tuple[Packet, Drawn], tmp_path: Path) -> None:
    within_margins(both[1], tmp_path)


def test_very_long_names_and_words_stay_within_the_margins_and_are_whole(tmp_path: Path) -> None:
    name = "甲某" * 90 + "消费金融有限公司"
    url = "https://example.invalid/" + "a1b2c3" * 60
    unbroken = "x" * 700
    long_quote = "你再不还我就天天打电话给你单位。" * 150
    case = CaseBuilder()
    case.complainant("林" * 60, address="某路" * 150, email=url)
    lender = case.respondent(name, product=unbroken, contract_no="JX" * 150, agency=name)
    case.number(respondent=lender, name="李经理" * 40)
    call = case.recording(
        by_name("2026-10-14 10:00:00"), party_name="李经理" * 60, name=f"{'录音' * 80}.mp3"
    )
    case.tag(call, "threat", long_quote, comment="说明" * 300)
    case.tag(call, "insult", unbroken)
    case.tag(call, "disclose_debt", url)
    case.note("记" * 2000, on=call)
    case.note("记 " * 2000, respondent=lender)
    picture = case.picture(name=f"{'p' * 200}.png", respondent=lender)
    case.tag(picture, "insult", "长" * 900)
    packet = packet_of(case, lender, Channel.HOTLINE_12378)
    drawn = draw(packet)
    within_margins(drawn, tmp_path)
    body = drawn.body
    for words in (name, unbroken, url, long_quote, "说明" * 300, "记" * 2000, "长" * 900):
        assert words in body


def test_hundreds_of_findings_are_all_there(tmp_path: Path) -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    conducts = list(load_rules().conducts)
    calls = [case.recording(by_name(f"2026-10-{d:02d} 10:00:00")) for d in range(1, 13)]
    case.number(respondent=lender)
    for number in range(120):
        start = number * 100
        case.tag(
            calls[number % 12],
            conducts[number % len(conducts)],
            f"第{number}句原话",
            span=Span(start_ms=start, end_ms=start + 5_000),
        )
    packet = packet_of(case, lender)
    peaks = (100,) * 600
    media = {
        e.label: WaveformMedia(peaks=lambda: peaks, duration_ms=60_000) for e in packet.exhibits
    }
    drawn = draw(packet, media)
    assert len(packet.findings) == 120
    body = drawn.body
    for finding in packet.findings:
        assert body.count(f"“{finding.quote}”") >= 2  # table and exhibit
    within_margins(drawn, tmp_path)


def test_calls_of_a_whole_year_are_all_in_the_statistics() -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    days = [f"2026-{month:02d}-{day:02d}" for month in range(1, 11) for day in range(1, 11)]
    calls = [case.recording(by_name(f"{day} 10:00:00"), respondent=lender) for day in days]
    case.tag(calls[0], "threat", "话")
    packet = packet_of(case, lender)
    body = draw(packet).body
    assert packet.statistics.total == 100
    assert all(body.count(day) >= 2 for day in days)  # chart and table


def test_recording_that_cannot_be_decoded_after_all_has_no_waveform(picture: Path) -> None:
    packet, media = full_case(Channel.NFRA, picture)
    lost = {
        label: dataclasses.replace(one, peaks=lambda: None)
        if isinstance(one, WaveformMedia)
        else one
        for label, one in media.items()
    }
    gone = {label: one for label, one in media.items() if not isinstance(one, WaveformMedia)}
    assert "波形（" in draw(packet, media).body
    assert draw(packet, lost).data == draw(packet, gone).data
