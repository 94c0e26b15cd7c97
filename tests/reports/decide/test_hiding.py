"""Third parties and identity numbers in printed words: hidden, marked, counted, not disclosed."""

import dataclasses
import json
from collections.abc import Callable

import pytest

from evidence.core.case_view import CaseView
from evidence.core.records import Complainant, NumberRole, Origin, Region, Span
from evidence.core.transcript import TranscriptLine, Writer
from evidence.law import load_rules
from reports.decide import decide, gather
from reports.decide.third_party_words import hider
from reports.disclosure import Disclosure
from reports.packet import Channel, Packet
from tests.case_builder import COLLECTOR, FAMILY, ID_NUMBER, CaseBuilder, by_name
from tests.reports.decide.conftest import integrity_input, strings

NAME = "钱多多"
MARK = "〔已遮盖〕"


def hide(text: str, *, number: str = FAMILY, name: str = NAME) -> str:
    case = CaseBuilder()
    case.complainant()
    case.number(number, NumberRole.FAMILY, name=name)
    return hider(case.view(), third_parties=True).hide(text)[0]


@pytest.mark.parametrize(
    "written",
    [
        FAMILY,
        "138 0000 0003",
        "138-0000-0003",
        "１３８０００００００３",
        "+86 13800000003",
        "+8613800000003",
        "通话录音_13800000003_20261014",
        "2026101413800000003",
    ],
)
def test_number_is_found_however_it_is_written(written: str) -> None:
    hidden = hide(f"打给{written}了")
    assert f"138****0003{MARK}" in hidden
    assert FAMILY not in hidden
    assert "0000" not in hidden
    assert hidden.startswith("打给")
    assert hidden.endswith("了")


def test_name_is_hidden_with_a_mark_and_nothing_else_changes() -> None:
    assert hide(f" 我们打给{NAME}了！\n{NAME}") == f" 我们打给钱某某{MARK}了！\n钱某某{MARK}"


@pytest.mark.parametrize("name", ["妈妈", "母亲", "我妈妈", "老公", "李", "王某", "王*", ""])
def test_word_that_names_nobody_is_left(name: str) -> None:
    text = "我给你妈妈打电话，找你母亲、我妈妈、老公、同事、李经理、王某、王*"
    assert hide(text, name=name) == text


@pytest.mark.parametrize("remark", ["（爱人）", "(妻)", "/妈", " 姐", "，同事"])
def test_name_is_what_stands_before_the_remark(remark: str) -> None:
    assert hide("钱多多的爱人", name=f" 钱多多{remark}") == f"钱某某{MARK}的爱人"


def test_numbers_of_others_are_left() -> None:
    text = f"{COLLECTOR} 13800000030 1380000000 10086"
    assert hide(text) == text


def test_short_number_is_not_found_in_a_longer_one() -> None:
    assert hide("电话12345678。", number="12345678") == f"电话12****78{MARK}。"
    for longer in ("1123456789", "12345678９"):
        assert hide(longer, number="12345678") == longer


@pytest.mark.parametrize("number", [ID_NUMBER, ID_NUMBER.lower(), "110101198502291234"])
def test_identity_number_of_anybody_is_hidden(number: str) -> None:
    plain = hider(view(), third_parties=False)
    hidden, count = plain.hide(f"身份证{number}，请查收")
    assert number not in hidden
    assert count == 1
    assert hidden.count(MARK) == 1


@pytest.mark.parametrize("text", ["订单 202610141030221234", "110101199013011234", "1" * 18])
def test_long_number_that_is_no_identity_number_is_left(text: str) -> None:
    assert hider(view(), third_parties=True).hide(text) == (text, 0)


def view() -> CaseView:
    case = CaseBuilder()
    case.complainant(id_number=ID_NUMBER)
    return case.view()


@dataclasses.dataclass(kw_only=True)
class Built:
    case: CaseBuilder
    packet: Packet

    @property
    def printed(self) -> str:
        """Everything that is printed or written as text, without the review."""
        said = dataclasses.replace(self.packet, review=(), complainant=Complainant(name="林某"))
        tables = (e.extract.csv.decode() for e in said.exhibits if e.extract)
        return "\n".join([*strings(said), *tables])

    @property
    def bodies(self) -> str:
        """The bodies that are disclosed, but for those of exhibits."""
        said = (e.data for e in self.case.entries if e.seq in self.packet.disclosed)
        return json.dumps([d for d in said if "sha256" not in d], ensure_ascii=False)


Build = Callable[..., Built]


@pytest.fixture
def build() -> Build:
    def made(case: CaseBuilder, lender: int, **options: bool) -> Built:
        context = gather(
            case.view(),
            load_rules(),
            channel=Channel.NFRA,
            respondent_seq=lender,
            made_at=case.made_at,
            texts={},
            disclosure=Disclosure(**options),
        )
        return Built(case=case, packet=decide(context, integrity_input(case.view().size)))

    return made


@pytest.fixture
def full() -> tuple[CaseBuilder, int, dict[str, int]]:
    """Return a case in which the third party stands everywhere."""
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    case.number(COLLECTOR, respondent=lender)
    number = case.number(FAMILY, NumberRole.FAMILY, name=f"{NAME}（爱人）", respondent=lender)
    words = f"给{NAME}打{FAMILY}"
    call = case.recording(
        by_name("2026-10-14 10:00:00"),
        number=FAMILY,
        party_name=NAME,
        respondent=lender,
        name=f"{NAME}@{FAMILY}_20261014.mp3",
    )
    export = case.export("sms.xml")
    seqs = {
        "number": number,
        "call": call,
        "tag": case.tag(call, "threat", words, comment=words),
        "note": case.note(words, on=call),
        "general": case.note(words, respondent=lender),
        "transcript": case.transcript(call, words, writer=Writer.PERSON, engine=""),
        "row": case.message(export, "2026-10-15 10:00:00", words),
        "plain": case.message(export, "2026-10-15 10:01:00", "还钱"),
        "mask": case.mask(call, Span(start_ms=0, end_ms=1000), reason=words),
    }
    return case, lender, seqs


def test_third_party_is_nowhere_in_what_is_printed(
    build: Build, full: tuple[CaseBuilder, int, dict[str, int]]
) -> None:
    case, lender, _ = full
    built = build(case, lender)
    assert NAME not in built.printed
    assert FAMILY not in built.printed
    assert built.printed.count(f"钱某某{MARK}打138****0003{MARK}") >= 6
    (call, _) = built.packet.exhibits
    assert call.name == f"钱某某{MARK}@138****0003{MARK}_20261014.mp3"
    assert call.hidden_words


def test_entries_whose_words_are_hidden_are_not_disclosed(
    build: Build, full: tuple[CaseBuilder, int, dict[str, int]]
) -> None:
    case, lender, seqs = full
    built = build(case, lender)
    assert NAME not in built.bodies
    assert FAMILY not in built.bodies
    kept = {name for name, seq in seqs.items() if seq in built.packet.disclosed}
    assert kept == {"call", "plain"}
    hidden = built.packet.integrity.does_not_prove
    assert any(MARK in line for line in hidden)


def test_exhibit_entries_stay_disclosed_and_the_person_is_told(
    build: Build, full: tuple[CaseBuilder, int, dict[str, int]]
) -> None:
    case, lender, seqs = full
    points = {item.code: item for item in build(case, lender).packet.review}
    assert points["clear-in-records"].seqs == (seqs["call"],)
    assert set(points["hidden-words"].seqs) >= {seqs[n] for n in ("tag", "note", "row", "call")}


def test_third_parties_are_shown_on_request_and_masks_stay(
    build: Build, full: tuple[CaseBuilder, int, dict[str, int]]
) -> None:
    case, lender, seqs = full
    built = build(case, lender, show_third_parties=True)
    assert f"给{NAME}打{FAMILY}" in built.printed
    assert MARK not in built.printed
    assert set(seqs.values()) <= set(built.packet.disclosed)
    codes = {item.code for item in built.packet.review}
    assert "third-party-in-text" in codes
    assert not codes & {"hidden-words", "clear-in-records"}


def test_identity_number_in_a_note_is_hidden_even_where_third_parties_are_shown(
    build: Build,
) -> None:
    case = CaseBuilder()
    case.complainant(id_number=ID_NUMBER)
    lender = case.respondent()
    call = case.recording(by_name("2026-10-14 10:00:00"), respondent=lender)
    case.tag(call, "threat", f"你身份证{ID_NUMBER}")
    built = build(case, lender, show_third_parties=True)
    assert ID_NUMBER not in "".join(f.quote for f in built.packet.findings)
    assert ID_NUMBER in "".join(strings(built.packet.letter))


def lines(built: Built) -> list[str]:
    return [line.text for e in built.packet.exhibits for t in e.transcripts for line in t.lines]


def spoken(*texts: str) -> tuple[TranscriptLine, ...]:
    return tuple(
        TranscriptLine(text=text, span=Span(start_ms=n * 1000, end_ms=n * 1000 + 1000))
        for n, text in enumerate(texts)
    )


def test_lines_in_a_masked_passage_are_hidden_and_their_corrections_too(build: Build) -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    call = case.recording(by_name("2026-10-14 10:00:00"), respondent=lender)
    case.tag(call, "threat", "话")
    heard = case.transcript(call, *spoken("甲", "乙", "丙"), writer=Writer.SPEECH)
    fixed = case.correction(heard, 2, "乙乙")
    case.mask(call, Span(start_ms=1500, end_ms=1600))
    built = build(case, lender)
    assert lines(built) == ["甲", "〔此处已遮盖〕", "丙"]
    assert "乙" not in built.printed
    assert not {heard, fixed} & set(built.packet.disclosed)


def test_lines_in_a_masked_box_are_hidden_wherever_the_picture_is_turned(build: Build) -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()

    origin = Origin(importer="picture", version="1", facts=(("orientation", "EXIF 6"),))
    shot = case.picture(respondent=lender, width=200, height=100, origin=origin)
    case.tag(shot, "threat", "话")
    left, right = (Region(left=x, top=0, width=50, height=100) for x in (0, 150))
    case.transcript(
        shot, TranscriptLine(text="上", region=left), TranscriptLine(text="下", region=right)
    )
    case.mask(shot, Region(left=0, top=0, width=100, height=60))
    assert lines(build(case, lender)) == ["〔此处已遮盖〕", "下"]


@pytest.mark.parametrize("writer", Writer)
def test_line_without_a_place_is_hidden_unless_the_person_typed_it(
    build: Build, writer: Writer
) -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    call = case.recording(by_name("2026-10-14 10:00:00"), respondent=lender)
    case.tag(call, "threat", "话", span=Span(start_ms=0, end_ms=500))
    case.transcript(call, "一句话", writer=writer)
    case.mask(call, Span(start_ms=0, end_ms=1000))
    built = build(case, lender)
    own = writer is Writer.PERSON
    assert lines(built) == (["一句话"] if own else ["〔此处已遮盖〕"])
    codes = {item.code for item in built.packet.review}
    assert ("masked-transcript" in codes) == own
    assert "masked-quote" in codes


def test_case_without_third_parties_is_printed_as_before(build: Build) -> None:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    call = case.recording(by_name("2026-10-14 10:00:00"), respondent=lender)
    case.tag(call, "threat", "打 13800000055")
    built = build(case, lender)
    assert built.packet.findings[0].quote == "打 13800000055"
    assert MARK not in built.printed
    assert not built.packet.exhibits[0].hidden_words
