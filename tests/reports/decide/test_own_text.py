"""The letter's free words: chosen requests, the person's own words, and what is refused."""

import dataclasses
from collections.abc import Callable

import pytest

from evidence.core.letter_text import LetterText
from evidence.core.records import NumberRole
from evidence.errors import LetterTextError, ValueFormError
from evidence.law import load_rules
from reports.complaint import PartKind
from reports.decide import decide, gather, letter_draft
from reports.decide.requests import offered
from reports.packet import Channel, Packet
from reports.wishes import Wishes
from tests.case_builder import FAMILY, ID_NUMBER, CaseBuilder, by_name, warned
from tests.reports.decide.conftest import integrity_input

RULES = load_rules()
FORBIDDEN = (
    "已公证",
    "区块链存证",
    "司法认可",
    "具有法律效力",
    "违法犯罪",
    "停息挂账",
    "征信修复",
)

Made = Callable[..., Packet]


@pytest.fixture
def case() -> CaseBuilder:
    made = CaseBuilder()
    made.complainant()
    lender = made.respondent(product="甲某e贷", contract_no="JX-1")
    made.tag(made.recording(by_name("2026-10-14 10:00:00"), respondent=lender), "threat", "你等着")
    return made


@pytest.fixture
def wished(case: CaseBuilder) -> Made:
    def packet(channel: Channel = Channel.NFRA, **wishes: object) -> Packet:
        view = case.view()
        context = gather(
            view,
            RULES,
            channel=channel,
            respondent_seq=view.respondents[0].seq,
            made_at=case.made_at,
            texts={},
            wishes=dataclasses.replace(Wishes(), **wishes),
        )
        return decide(context, integrity_input(context.view.size))

    return packet


def edited(packet: Packet) -> set[PartKind]:
    return {p.kind for p in packet.letter.parts if p.edited}


def test_chosen_requests_are_made_and_no_others(wished: Made) -> None:
    letter = wished(asks=("apologise", "书面答复")).letter
    asked = letter.lines(PartKind.REQUESTS)
    assert len(asked) == 2
    assert "赔礼道歉" in asked[0]
    assert "书面答复" in asked[1]


@pytest.mark.parametrize("ask", ["police_case", "没有这项"])
def test_request_that_this_addressee_cannot_be_asked_is_refused(wished: Made, ask: str) -> None:
    with pytest.raises(ValueFormError) as caught:
        wished(asks=(ask,))
    assert "stop" in caught.value.example


def test_person_s_words_are_printed_and_named_as_theirs(wished: Made) -> None:
    own = LetterText(opening="我叫林某。", requests=("不要再打给我母亲。",), closing="夜里睡不着。")
    packet = wished(letter=own)
    assert packet.letter.lines(PartKind.OPENING) == ("我叫林某。",)
    assert packet.letter.lines(PartKind.REQUESTS) == ("不要再打给我母亲。",)
    assert packet.letter.lines(PartKind.OWN_WORDS) == ("夜里睡不着。",)
    assert edited(packet) == {PartKind.OPENING, PartKind.REQUESTS, PartKind.OWN_WORDS}
    assert all("投诉人自行修改" in p.edited for p in packet.letter.parts if p.edited)
    pasted = {p.name: p.text for p in packet.paste_texts}
    assert "不要再打给我母亲。" in pasted["requests"]
    assert "夜里睡不着。" in pasted["facts"]


def test_words_left_as_proposed_are_not_called_the_person_s(
    wished: Made, case: CaseBuilder
) -> None:
    plain = wished()
    assert not edited(plain)
    view = case.view()
    context = gather(
        view,
        RULES,
        channel=Channel.NFRA,
        respondent_seq=view.respondents[0].seq,
        made_at=case.made_at,
        texts={},
    )
    draft, generated = letter_draft(context)
    same = wished(letter=draft)
    assert same.letter == plain.letter
    assert any("你等着" in line for line in generated)
    assert not [line for line in generated if ID_NUMBER in line]


def test_facts_and_law_cannot_be_written(wished: Made) -> None:
    own = LetterText(opening="一", requests=("二",), closing="三")
    plain, mine = wished().letter, wished(letter=own).letter
    free = {PartKind.OPENING, PartKind.REQUESTS, PartKind.OWN_WORDS}
    assert [p for p in plain.parts if p.kind not in free] == [
        p for p in mine.parts if p.kind not in free
    ]


@pytest.mark.parametrize("claim", FORBIDDEN)
@pytest.mark.parametrize("block", ["opening", "requests", "closing"])
def test_forbidden_claims_are_refused(wished: Made, claim: str, block: str) -> None:
    words = {"opening": "一", "requests": ("二",), "closing": "三"}
    words[block] = (f"二{claim}",) if block == "requests" else f"一{claim}"
    with pytest.raises(LetterTextError) as caught:
        wished(letter=LetterText(**words))  # type: ignore[arg-type]  # by name
    assert claim in caught.value.detail


@pytest.mark.parametrize(
    "own",
    [
        LetterText(opening="一\u202e二", requests=("停止",)),
        LetterText(opening="一\u200b二", requests=("停止",)),
        LetterText(opening="一", requests=("停\x07止",)),
        LetterText(opening="一" * 601, requests=("停止",)),
        LetterText(opening="一", requests=("停" * 201,)),
        LetterText(opening="一", requests=("停止",) * 13),
        LetterText(opening="一", requests=()),
        LetterText(opening="一", requests=("停止",), closing="长" * 2001),
    ],
)
def test_words_nobody_could_read_are_refused(wished: Made, own: LetterText) -> None:
    with pytest.raises(LetterTextError):
        wished(letter=own)


def test_doubtful_words_and_articles_are_pointed_at_and_printed(wished: Made) -> None:
    own = LetterText(requests=("依据第五十条，否则曝光。",))
    packet = wished(letter=own)
    codes = {item.code for item in packet.review}
    assert {"own-text-claims", "own-text-articles"} <= codes
    assert "第五十条" in "".join(warned(packet))
    assert packet.letter.lines(PartKind.REQUESTS) == own.requests
    assert not {"own-text-claims", "own-text-articles"} & {i.code for i in wished().review}


def test_apology_is_asked_for_where_the_findings_call_for_it(case: CaseBuilder) -> None:
    rows = {r["key"]: r for r in offered(Channel.INSTITUTION)}
    assert set(rows) == {"stop", "third_party", "identify", "correct", "apologise", "reply", "plan"}
    assert "insult" in rows["apologise"]["conducts"]


def test_third_party_named_in_the_person_s_own_words_is_pointed_at(
    wished: Made, case: CaseBuilder
) -> None:
    case.number(FAMILY, NumberRole.FAMILY, name="王某某")
    clear = wished(letter=LetterText(requests=("不要打给我爱人。",)))
    named = wished(letter=LetterText(requests=(f"不要打给{FAMILY}。",)))
    assert "third-party-in-text" not in {i.code for i in clear.review}
    assert "third-party-in-text" in {i.code for i in named.review}
