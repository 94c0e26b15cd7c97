"""A case with two lenders, and what is decided from it."""

import dataclasses
from collections.abc import Callable, Iterator

import pytest

from evidence.core.checkpoint import Checkpoint, SignedCheckpoint
from evidence.core.merkle import RootHash
from evidence.core.moment import Meaning
from evidence.core.records import Direction, NumberRole, Region, Span
from evidence.core.rules import Rules
from evidence.law import load_rules
from reports.decide import decide, gather
from reports.decide.context import Context
from reports.decide.integrity import IntegrityInput
from reports.packet import Channel, Packet
from reports.wishes import NO_WISHES, Wishes
from tests.case_builder import CASE_ID, COLLECTOR, FAMILY, CaseBuilder, by_name, said


@pytest.fixture(scope="session")
def rules() -> Rules:
    return load_rules()


def integrity_input(size: int) -> IntegrityInput:
    signed = SignedCheckpoint(
        checkpoint=Checkpoint(case_id=CASE_ID, size=size, root=RootHash(bytes(range(32)))),
        key_id=b"\x01\x02\x03\x04",
        signature=bytes(64),
    )
    return IntegrityInput(
        checkpoint=signed,
        public_key=bytes(32),
        entries_verified=True,
        originals_verified=True,
        signature_verified=True,
    )


Gather = Callable[..., Context]
Decide = Callable[..., Packet]


@pytest.fixture
def gathered(rules: Rules) -> Gather:
    """Return what starts the decision for a case and one of its respondents."""

    def start(
        case: CaseBuilder,
        respondent: int,
        channel: Channel = Channel.HOTLINE_12378,
        texts: dict[int, str] | None = None,
        wishes: Wishes = NO_WISHES,
    ) -> Context:
        return gather(
            case.view(),
            rules,
            channel=channel,
            respondent_seq=respondent,
            made_at=case.made_at,
            texts=texts or {},
            wishes=wishes,
        )

    return start


@pytest.fixture
def decided(gathered: Gather) -> Decide:
    """Return what decides a whole packet for a case and one of its respondents."""

    def whole(
        case: CaseBuilder,
        respondent: int,
        channel: Channel = Channel.HOTLINE_12378,
        texts: dict[int, str] | None = None,
    ) -> Packet:
        context = gathered(case, respondent, channel, texts)
        return decide(context, integrity_input(context.view.size))

    return whole


@dataclasses.dataclass(frozen=True, kw_only=True)
class World:
    """A case and the seqs of what is in it."""

    case: CaseBuilder
    lender: int
    other: int
    night_call: int
    day_call: int
    family_call: int
    out_call: int
    picture: int
    text: int
    bill: int
    other_call: int
    threat: int
    disclosure: int
    insult: int
    other_threat: int


@pytest.fixture
def world() -> World:
    """Make a case with a consumer-finance company, a microloan company and all media."""
    case = CaseBuilder()
    case.complainant(address="某省某市某路1号")
    lender = case.respondent(
        product="甲某e贷",
        contract_no="JX-0001",
        agency="丙某资产管理有限公司",
        principal="10000",
        overdue_since="2026-09-15",
    )
    other = case.respondent("乙某小额贷款有限公司", "microloan", contract_no="YX-0002")
    case.number(COLLECTOR, respondent=lender, name="李经理")
    case.number("13800000099", respondent=other, name="乙某催收")
    case.number(FAMILY, NumberRole.FAMILY, name="王某（爱人）")
    day_call = case.recording(by_name("2026-10-14 14:30:07"))
    picture = case.picture(by_name("2026-10-14 21:05:33", Meaning.CAPTURED), respondent=lender)
    night_call = case.recording(by_name("2026-10-15 22:14:07"))
    family_call = case.recording(
        by_name("2026-10-20 12:30:11"), number=FAMILY, party_name="王某", respondent=lender
    )
    out_call = case.recording(by_name("2026-11-03 23:15:30"), direction=Direction.OUT)
    text = case.document("备忘.txt", "text/plain", respondent=lender, text_encoding="utf-8")
    bill = case.document("详单.csv", "text/csv", respondent=lender, text_encoding="gb18030")
    other_call = case.recording(by_name("2026-10-16 10:00:00"), number="13800000099")
    threat = case.tag(
        night_call, "threat", "我让你在单位待不下去。", span=Span(start_ms=28_953, end_ms=34_468)
    )
    disclosure = case.tag(
        family_call,
        "disclose_debt",
        "他在甲某消费金融借了一万块钱。",
        span=Span(start_ms=1_000, end_ms=4_000),
    )
    insult = case.tag(
        picture,
        "insult",
        "狗东西，不还就等着坐牢",
        region=Region(left=10, top=20, width=300, height=90),
        occurred=said("2026-10-14 21:03"),
        comment="截图第三条",
    )
    other_threat = case.tag(other_call, "threat", "乙某的话")
    return World(
        case=case,
        lender=lender,
        other=other,
        night_call=night_call,
        day_call=day_call,
        family_call=family_call,
        out_call=out_call,
        picture=picture,
        text=text,
        bill=bill,
        other_call=other_call,
        threat=threat,
        disclosure=disclosure,
        insult=insult,
        other_threat=other_threat,
    )


def strings(value: object) -> Iterator[str]:
    """Yield every text in a packet value, whatever field it stands in."""
    if isinstance(value, str):
        yield value
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from strings(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from strings(item)


Marked = Callable[..., Packet]


@pytest.fixture
def marked(decided: Decide) -> Marked:
    """Return what decides a packet with one call, marked with some conducts."""

    def packet(
        *conducts: str,
        kind: str = "consumer_finance",
        channel: Channel = Channel.HOTLINE_12378,
        when: str = "2026-10-14 14:30:07",
    ) -> Packet:
        case = CaseBuilder()
        case.complainant()
        respondent = case.respondent("甲某公司", kind, product="甲某e贷")
        call = case.recording(by_name(when), respondent=respondent)
        for conduct in conducts:
            case.tag(call, conduct, f"{conduct} 的原话")
        return decided(case, respondent, channel)

    return packet
