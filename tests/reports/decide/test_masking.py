"""Third parties are never named; the identity number is masked outside the letter."""

import pytest

from evidence.core import moment
from evidence.core.records import Exhibit, Medium, NumberRole, Origin, Party, Sha256Hex
from reports import texts
from reports.decide import masking
from tests.case_builder import FAMILY, CaseBuilder, by_name, warned
from tests.reports.decide.conftest import Decide, World, strings

WORDS = texts.load("findings")["counterpart"]


def exhibit(party: Party, medium: Medium = Medium.RECORDING) -> Exhibit:
    return Exhibit(
        name="a",
        size=1,
        sha256=Sha256Hex("0" * 64),
        media_type="audio/mpeg",
        medium=medium,
        occurred=moment.unknown(),
        origin=Origin(importer="test", version="1"),
        party=party,
    )


def shown(party: Party, medium: Medium = Medium.RECORDING, **numbers: NumberRole) -> str:
    case = CaseBuilder()
    case.complainant()
    for number, role in numbers.items():
        case.number(number.removeprefix("n"), role, name="王某")
    return masking.counterpart(case.view(), exhibit(party, medium), WORDS)


@pytest.mark.parametrize("role", [NumberRole.FAMILY, NumberRole.COLLEAGUE, NumberRole.FRIEND])
def test_third_party_has_neither_name_nor_number(role: NumberRole) -> None:
    text = shown(Party(number=FAMILY, name="爱人王某"), **{f"n{FAMILY}": role})
    assert FAMILY not in text
    assert "王某" not in text
    assert "138****0003" in text


def test_own_number_is_masked() -> None:
    text = shown(Party(number="13800000001"), n13800000001=NumberRole.SELF)
    assert "13800000001" not in text
    assert "138****0001" in text


def test_collector_is_named_in_full() -> None:
    assert shown(Party(number="13800000011", name="李经理")) == "李经理 13800000011"
    assert shown(Party(number="13800000011"), n13800000011=NumberRole.COLLECTOR) == (
        "王某 13800000011"
    )


def test_cut_number_is_shown_as_cut() -> None:
    text = shown(Party(number="1380000", number_truncated=True))
    assert text.startswith("1380000…")
    assert "不完整" in text


def test_unknown_number_is_said_for_calls_only() -> None:
    assert shown(Party()) == WORDS["unknown"]
    assert shown(Party(), Medium.SCREENSHOT) == ""


def test_identity_number_keeps_its_ends() -> None:
    assert masking.identity("11010119900101001X") == "110***********001X"
    assert masking.identity("") == ""


def test_packet_names_no_third_party(world: World, decided: Decide) -> None:
    packet = decided(world.case, world.lender)
    holding = [s for s in strings(packet) if FAMILY in s or "王某" in s]
    assert holding == []
    assert any("E004" in w and "第三人" in w for w in warned(packet))


def test_identity_number_is_in_no_text_to_paste_or_read_aloud(decided: Decide) -> None:
    case = CaseBuilder()
    case.complainant(id_number="11010119900101001X")
    lender = case.respondent()
    case.tag(case.recording(by_name("2026-10-14 10:00:00"), respondent=lender), "threat", "话")
    packet = decided(case, lender)
    assert packet.call_sheet is not None
    outside = [*strings(packet.call_sheet), *strings(packet.paste_texts)]
    assert not [s for s in outside if "11010119900101001X" in s]
