"""What the rules on citing ask of every packet, for all conducts and kinds of respondent."""

import dataclasses
import functools
import json
from pathlib import Path

import pytest

import evidence.law
import reports.texts
from evidence.core.rules import Rules
from evidence.law import load_rules
from reports import texts
from reports.complaint import PartKind
from reports.decide import decide, gather
from reports.packet import Channel, Packet
from tests.case_builder import CaseBuilder, by_name, warned
from tests.reports.decide.conftest import Marked, World, integrity_input, strings

RULES = load_rules()
NEVER = {"pipl-26", "iloan2020-26", "iloan2020-collection", "nifa2024-guide", "asst2025-9"}
FORBIDDEN = (
    "已公证",
    "区块链存证",
    "司法认可",
    "具有法律效力",
    "保证",
    "必然",
    "违法犯罪",
    "停息挂账",
    "征信修复",
)
SOFT_LEVELS = ("推荐性国家标准", "行业自律")

every_kind = pytest.mark.parametrize("kind", sorted(RULES.respondent_types))
every_channel = pytest.mark.parametrize("channel", list(Channel))
regulators = pytest.mark.parametrize("channel", [c for c in Channel if c is not Channel.POLICE])


@functools.cache
def everything(kind: str = "consumer_finance", channel: Channel = Channel.HOTLINE_12378) -> Packet:
    """Return a packet with one call, marked with every conduct that there is."""
    case = CaseBuilder()
    case.complainant()
    respondent = case.respondent("甲某公司", kind, product="甲某e贷")
    call = case.recording(by_name("2026-10-14 14:30:07"), respondent=respondent)
    for conduct in RULES.conducts:
        case.tag(call, conduct, f"{conduct} 的原话")
    context = gather(
        case.view(),
        RULES,
        channel=channel,
        respondent_seq=respondent,
        made_at=case.made_at,
        texts={},
    )
    return decide(context, integrity_input(context.view.size))


def cited(packet: Packet) -> set[str]:
    return {i for f in packet.findings for c in f.citations for i in c.provision_ids}


@every_kind
@regulators
def test_public_security_and_criminal_law_stay_out(kind: str, channel: Channel) -> None:
    packet = everything(kind, channel)
    named = cited(packet) | {p.id for p in packet.annex}
    assert not [i for i in named if i.startswith(("psl-", "cl-", "aocl-"))]
    text = "".join(strings(packet))
    assert "治安管理处罚法" not in text
    assert "中华人民共和国刑法" not in text


@every_kind
@every_channel
def test_provisions_that_are_not_established_are_never_named(kind: str, channel: Channel) -> None:
    packet = everything(kind, channel)
    assert not NEVER & (cited(packet) | {p.id for p in packet.annex})
    text = "".join(strings(packet))
    instruments = {RULES.provisions[i].instrument for i in NEVER if i in RULES.provisions}
    allowed = {p.instrument for i, p in RULES.provisions.items() if i not in NEVER}
    assert not [name for name in instruments - allowed if name in text]


def test_never_cite_holds_whatever_a_conduct_lists(world: World, rules: Rules) -> None:
    assert rules.never_cite == NEVER
    stricter = dataclasses.replace(rules, never_cite=NEVER | {"cpm2022-41"})
    for used, expected in ((rules, True), (stricter, False)):
        context = gather(
            world.case.view(),
            used,
            channel=Channel.NFRA,
            respondent_seq=world.lender,
            made_at=world.case.made_at,
            texts={},
        )
        packet = decide(context, integrity_input(context.view.size))
        assert ("cpm2022-41" in cited(packet)) is expected


@every_kind
def test_every_citation_has_its_level_and_what_may_be_said(kind: str) -> None:
    packet = everything(kind)
    for finding in packet.findings:
        for citation in finding.citations:
            assert citation.text.endswith(f"（{citation.level}）")
            if citation.level in SOFT_LEVELS:
                assert citation.wording == f"疑似不符合{citation.level}要求"
            else:
                assert citation.wording == "涉嫌违反"


@every_kind
@every_channel
def test_nothing_is_said_to_be_against_the_law(kind: str, channel: Channel) -> None:
    packet = everything(kind, channel)
    provisions = {p.quote for p in packet.annex}
    names = sorted({p.instrument for p in packet.annex}, key=len, reverse=True)
    for said in strings(packet):
        bare = said
        for name in names:
            bare = bare.replace(name, "")
        assert said in provisions or "违法" not in bare, said


@every_kind
@every_channel
def test_forbidden_claims_are_not_in_a_packet(kind: str, channel: Channel) -> None:
    packet = everything(kind, channel)
    provisions = {p.quote for p in packet.annex}
    own = [s for s in strings(packet) if s not in provisions]
    assert not [(word, s) for s in own for word in FORBIDDEN if word in s]


def test_forbidden_claims_are_in_no_text_that_ships() -> None:
    folder = Path(reports.texts.__file__).parent
    files = [*folder.glob("*.toml"), *folder.glob("*.txt")]
    law = Path(evidence.law.__file__).parent
    files += [law / "respondent_types.json", law / "remarks.json"]
    files += [law / "packet_channels.json"]
    assert len(files) > 5
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert not [word for word in FORBIDDEN if word in text], file.name


@every_kind
@every_channel
def test_law_is_quoted_byte_for_byte_and_only_where_it_may_be(kind: str, channel: Channel) -> None:
    law = Path(evidence.law.__file__).parent / "provisions.json"
    data = {row["id"]: row for row in json.loads(law.read_text(encoding="utf-8"))}
    packet = everything(kind, channel)
    assert packet.annex
    for row in packet.annex:
        assert row.quote == (data[row.id]["text"] if data[row.id]["quotable"] else "")
    closed = [r["text"] for r in data.values() if not r["quotable"] and r["text"]]
    text = "".join(strings(packet))
    assert not [words for words in closed if words in text]


@every_kind
@every_channel
def test_annex_has_what_is_cited_once_by_level(kind: str, channel: Channel) -> None:
    packet = everything(kind, channel)
    ids = [p.id for p in packet.annex]
    assert len(ids) == len(set(ids))
    assert cited(packet) <= set(ids)
    levels = [RULES.level_order.index(p.level) for p in packet.annex]
    assert levels == sorted(levels)
    for row in packet.annex:
        assert row.state
        assert row.in_force
        assert row.issuer


def test_annex_has_what_the_letter_names(marked: Marked) -> None:
    ids = {p.id for p in marked("threat").annex}
    assert {"cmp2020-13", "cmp2020-14", "cmp2020-16"} <= ids


def test_articles_of_one_instrument_stand_together_in_the_annex_by_number() -> None:
    packet = everything()
    convention = [p.article for p in packet.annex if p.id.startswith("nifa2018-")]
    assert convention[:2] == ["第十条", "第十三条"]
    instruments = [p.instrument for p in packet.annex]
    assert len(set(instruments)) == sum(
        a != b for a, b in zip([None, *instruments], instruments, strict=False)
    )


def test_provision_without_known_date_says_so_in_the_annex(marked: Marked) -> None:
    packet = marked("threat")
    row = next(p for p in packet.annex if p.id == "cba2026-prohibited")
    assert row.in_force.startswith("施行日期未核实")
    assert "施行日期未核实" in row.remark


@pytest.mark.parametrize("conduct", ["threat", "insult"])
@regulators
def test_convention_article_10_stands_with_16_and_its_remark(
    marked: Marked, conduct: str, channel: Channel
) -> None:
    packet = marked(conduct, channel=channel)
    (finding,) = packet.findings
    assert finding.citations[0].provision_ids[0] == "cpm2022-41"
    convention = next(c for c in finding.citations if "nifa2018-10" in c.provision_ids)
    assert convention.articles == ("第十条", "第十六条")
    assert convention.level == "行业自律"
    assert not convention.quotable
    assert "原文未核对" in convention.remark
    assert "第十条、第十六条（行业自律）" in "".join(packet.letter.lines(PartKind.BASIS))
    assert {"nifa2018-10", "nifa2018-16"} <= {p.id for p in packet.annex}


@pytest.mark.parametrize(
    "conduct", ["third_party_contact", "disclose_debt", "publish_personal_info"]
)
@regulators
def test_personal_information_law_article_10_is_quoted(
    marked: Marked, rules: Rules, conduct: str, channel: Channel
) -> None:
    packet = marked(conduct, channel=channel)
    assert "pipl-10" in cited(packet)
    row = next(p for p in packet.annex if p.id == "pipl-10")
    assert row.quote == rules.provisions["pipl-10"].text
    assert "《中华人民共和国个人信息保护法》第十条" in "".join(packet.letter.lines(PartKind.BASIS))


@every_kind
def test_binding_rule_of_the_lender_comes_first(marked: Marked, kind: str) -> None:
    binding = set(RULES.respondent_types[kind].binding)
    (finding,) = marked("threat", kind=kind).findings
    assert not binding or set(finding.citations[0].provision_ids) & binding


@pytest.mark.parametrize(
    ("kind", "wanted", "unwanted"),
    [
        ("consumer_finance", {"cpm2022-41", "cfc2024-collection"}, {"card2011-68", "mcl2024-37"}),
        ("credit_card", {"cpm2022-41", "card2011-68"}, {"cfc2024-collection", "mcl2024-37"}),
        ("bank", {"cpm2022-41"}, {"card2011-68", "cfc2024-collection", "mcl2024-37"}),
        ("trust", {"cpm2022-41"}, {"card2011-68", "cfc2024-collection", "mcl2024-37"}),
        ("auto_finance", {"cpm2022-41"}, {"card2011-68", "cfc2024-collection", "mcl2024-37"}),
        ("microloan", {"mcl2024-37"}, {"cpm2022-41", "card2011-68", "cfc2024-collection"}),
        ("private", set(), {"cpm2022-41", "mcl2024-37", "nifa2018-16"}),
    ],
)
def test_rules_are_those_of_the_kind_of_lender(
    marked: Marked, kind: str, wanted: set[str], unwanted: set[str]
) -> None:
    ids = cited(marked("threat", kind=kind))
    assert wanted <= ids
    assert not unwanted & ids


@pytest.mark.parametrize("kind", ["platform", "agency"])
def test_rule_that_binds_the_lender_is_cited_on_condition(marked: Marked, kind: str) -> None:
    packet = marked("threat", kind=kind)
    (finding,) = packet.findings
    assert "贷款人" in finding.citations[0].remark
    assert "贷款人" in "".join(packet.letter.lines(PartKind.BASIS))


def test_rule_comes_into_force_with_its_first_day(marked: Marked) -> None:
    before, after = (marked("threat", when=f"{day} 10:00:00") for day in LAST_AND_FIRST)
    assert "cpm2022-41" not in cited(before)
    assert "cpm2022-41" in cited(after)


LAST_AND_FIRST = ("2023-02-28", "2023-03-01")


def test_no_finding_is_buried_under_articles() -> None:
    for finding in everything().findings:
        binding_and_law = [c for c in finding.citations if c.level not in SOFT_LEVELS]
        assert sum(len(c.provision_ids) for c in binding_and_law) <= 4


def test_conduct_without_rule_in_this_channel_says_so(marked: Marked) -> None:
    bare = [c for c in RULES.conducts if not marked(c, kind="private").findings[0].citations]
    assert bare
    packet = marked(bare[0], kind="private")
    assert packet.letter.lines(PartKind.BASIS)[0] == (
        texts.load("letter")["no_citation"].format(who="投诉人")
    )
    assert any("第 1 项" in w for w in warned(packet))
