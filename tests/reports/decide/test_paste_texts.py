"""Texts for a web form: within the length, at the end of a sentence, nothing lost silently."""

import hypothesis
from hypothesis import strategies as st

from evidence.core.rules import Rules
from reports import texts
from reports.complaint import PartKind, PasteText, PdfPart
from reports.decide import decide, gather
from reports.decide.paste_texts import cut, with_sizes
from reports.packet import Channel
from reports.wishes import Wishes
from tests.case_builder import ID_NUMBER, CaseBuilder, by_name
from tests.reports.decide.conftest import Decide, World, integrity_input

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


def test_a_line_that_announces_what_is_cut_off_is_cut_off_too() -> None:
    kept, rest = cut("第一句。\n依据如下：\n第一条很长很长。", 14, "尾")
    assert kept == "第一句。尾"
    assert rest == "依据如下：\n第一条很长很长。"


def test_text_is_not_cut_within_a_quotation_or_brackets() -> None:
    text = "第一句。对方称：“不还就。上门！”（证据 E001；录音）。第三句很长很长很长。"
    kept, rest = cut(text, 30, "尾")
    assert kept == "第一句。尾"
    assert rest.startswith("对方称")
    kept, rest = cut(text, 36, "尾")
    assert kept.endswith("录音）。尾")
    assert rest == "第三句很长很长很长。"


def test_quotation_that_never_ends_is_cut_at_its_line() -> None:
    kept, rest = cut("甲说：“没有完。\n第二行。\n第三行很长。", 16, "尾")
    assert kept == "甲说：“没有完。\n第二行。尾"
    assert rest == "第三行很长。"


def test_sizes_are_filled_in_once_they_are_known(world: World, decided: Decide) -> None:
    packet = decided(world.case, world.lender)
    parts = (
        PdfPart(number=1, first=1, last=3, size=2_000_000),
        PdfPart(number=2, first=4, last=9, size=1500),
    )
    text = named(with_sizes(packet.paste_texts, 3_000_000, parts))["attachments"].text
    first, second, third, *_ = text.split("\n")
    assert first.startswith("packet.pdf")
    assert first.endswith("2.9 MB")
    assert "parts/packet-1.pdf" in second
    assert "第 1 至 3 页" in second
    assert third.endswith("1 KB")


def test_person_s_own_lengths_are_used(world: World, rules: Rules) -> None:
    context = gather(
        world.case.view(),
        rules,
        channel=Channel.NFRA,
        respondent_seq=world.lender,
        made_at=world.case.made_at,
        texts={},
        wishes=Wishes(limits=(("facts", 120), ("title", 20))),
    )
    pieces = named(decide(context, integrity_input(context.view.size)).paste_texts)
    assert len(pieces["facts"].text) <= 120 == pieces["facts"].limit
    assert pieces["facts"].moved
    assert len(pieces["title"].text) <= 20
    assert pieces["requests"].limit == texts.load("paste")["limits"]["requests"]
