"""Texts for a web form: within the length, at the end of a sentence, nothing lost silently."""

import hypothesis
from hypothesis import strategies as st

from reports import texts
from reports.complaint import PartKind, PasteText
from reports.decide.paste_texts import cut
from tests.case_builder import ID_NUMBER, CaseBuilder, by_name
from tests.reports.decide.conftest import Decide, World

TAIL = "（其余见附件）"


def named(pieces: tuple[PasteText, ...]) -> dict[str, PasteText]:
    return {p.name: p for p in pieces}


def test_short_texts_are_whole_and_nothing_is_moved(world: World, decided: Decide) -> None:
    packet = decided(world.case, world.lender)
    pieces = named(packet.paste_texts)
    assert list(pieces) == ["title", "facts", "requests", "attachments"]
    assert pieces["facts"].text == "\n".join(
        (*packet.letter.lines(PartKind.FACTS), *packet.letter.lines(PartKind.BASIS))
    )
    assert all(p.moved == "" for p in pieces.values())
    for number, request in enumerate(packet.letter.lines(PartKind.REQUESTS), start=1):
        assert f"{number}. {request}" in pieces["requests"].text


def test_attachments_list_every_file_that_the_bundle_has(world: World, decided: Decide) -> None:
    packet = decided(world.case, world.lender)
    text = named(packet.paste_texts)["attachments"].text
    assert "packet.pdf" in text
    for exhibit in packet.exhibits:
        assert exhibit.bundle_path.removeprefix("data/") in text
    assert "以官方公布为准" in text


def test_long_facts_stay_within_the_limit_and_say_what_is_missing(decided: Decide) -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    call = case.recording(by_name("2026-10-14 10:00:00"), respondent=lender)
    for conduct in ("threat", "insult", "disclose_debt"):
        case.tag(call, conduct, f"{conduct} 很长的话。" * 60)
    facts = named(decided(case, lender).paste_texts)["facts"]
    assert facts.limit == texts.load("paste")["limits"]["facts"]
    assert len(facts.text) <= facts.limit
    assert facts.text.endswith(texts.load("paste")["texts"]["moved"])
    assert "packet.pdf" in facts.moved
    assert "以官方公布为准" in facts.moved


def test_title_too_long_leaves_the_institution_to_its_field(decided: Decide) -> None:
    name = "甲某" * 30 + "消费金融有限公司"
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent(name)
    case.tag(case.recording(respondent=lender), "threat", "话")
    title = named(decided(case, lender).paste_texts)["title"]
    assert len(title.text) <= title.limit
    assert name not in title.text
    assert name in title.moved


def test_identity_number_is_never_pasted(world: World, decided: Decide) -> None:
    pieces = decided(world.case, world.lender).paste_texts
    assert not [p for p in pieces if ID_NUMBER in p.text]


@hypothesis.example(text="字。\n\n", limit=3)  # nothing but line ends is too much
@hypothesis.given(text=st.text(alphabet="字。；！\n a"), limit=st.integers(0, 60))
def test_cut_keeps_a_beginning_and_loses_nothing(text: str, limit: int) -> None:
    kept, rest = cut(text, limit, TAIL)
    text = text.rstrip("\n")
    assert len(kept) <= limit
    if len(text) <= limit:
        assert (kept, rest) == (text, "")
    else:
        assert rest
        assert text.endswith(rest)
        head = text.removesuffix(rest)
        assert (head.rstrip("\n") + TAIL)[:limit] == kept


def test_cut_falls_at_the_end_of_a_sentence() -> None:
    kept, rest = cut("第一句。第二句。第三句。", 4 + len(TAIL), TAIL)
    assert kept == "第一句。" + TAIL
    assert rest == "第二句。第三句。"
