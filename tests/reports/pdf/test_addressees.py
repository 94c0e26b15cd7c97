"""What the letter of each addressee looks like on the page, and the annex behind it."""

import pytest

from evidence.law import load_rules
from reports.packet import Channel, Packet
from tests.case_builder import COLLECTOR, CaseBuilder, by_name
from tests.reports.pdf.conftest import Drawn, draw, packet_of, squeezed

RULES = load_rules()
LENDERS = {
    Channel.POLICE: "private",
    Channel.NFRA_REPORT: "credit_card",
    Channel.INSTITUTION: "bank",
    Channel.LOCAL_FINANCE: "microloan",
    Channel.NIFA: "platform",
}


@pytest.fixture(scope="module", params=LENDERS, ids=str)
def drawn(request: pytest.FixtureRequest) -> tuple[Packet, Drawn]:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent(kind=LENDERS[request.param], agency="丙某资产", repaid="1200")
    case.number(COLLECTOR, respondent=lender, name="李经理")
    old, new = (case.recording(by_name(f"{day} 10:00:00")) for day in ("2025-12-31", "2026-10-14"))
    case.tag(old, "threat", "你等着")
    case.tag(new, "impersonate_official", "我是法院的")
    packet = packet_of(case, lender, request.param)
    return packet, draw(packet)


def test_everything_that_the_letter_says_is_on_its_pages(drawn: tuple[Packet, Drawn]) -> None:
    packet, pdf = drawn
    letter = packet.letter
    said = [letter.title, letter.addressee, letter.signer, *letter.notices]
    for part in letter.parts:
        said += [part.heading, *part.lines, *(cell for row in part.rows for cell in row)]
    for line in said:
        assert squeezed(line) in pdf.body, line


def test_annex_prints_each_quoted_provision_once_with_what_is_known_of_it(
    drawn: tuple[Packet, Drawn],
) -> None:
    packet, pdf = drawn
    start = pdf.body.index("所涉条款按层级排列")
    annex = pdf.body[start : pdf.body.index("完整性说明案件编号")]
    assert any(p.quote for p in packet.annex)
    for row in packet.annex:
        for known in (row.level, row.issuer, row.doc_no, row.in_force, row.state):
            assert squeezed(known) in annex, row.id
        if row.quote:
            assert row.quote == RULES.provisions[row.id].text
            assert annex.count(squeezed(row.quote)) == 1, row.id
        assert f"《{squeezed(row.instrument)}》" in annex


def test_police_have_old_and_new_law_and_nothing_of_the_regulator(
    drawn: tuple[Packet, Drawn],
) -> None:
    packet, pdf = drawn
    police = packet.channel is Channel.POLICE
    assert ("由公安机关认定" in pdf.body) is police
    assert ("治安管理处罚法" in pdf.body) is police
    assert ("涉嫌违反" in pdf.body) is not police
    if police:
        assert pdf.body.index("（2012年修正，旧法）") < pdf.body.index("疑似违规点一览表下列")
        assert "110" in pdf.pages[0]


def test_every_page_is_headed_by_what_the_materials_are(drawn: tuple[Packet, Drawn]) -> None:
    packet, pdf = drawn
    wanted = {Channel.POLICE: "报案材料", Channel.NFRA_REPORT: "举报材料", Channel.NIFA: "举报材料"}
    assert packet.letter.materials == wanted.get(packet.channel, "投诉材料")
    assert all(f"{packet.letter.materials}案件" in page for page in pdf.pages)
