"""The review before a packet: each point, whom it names and what mends it."""

import dataclasses

import pytest

from evidence.core.packet_record import PacketRecord, ReviewItem, Severity, packet_to_data
from evidence.core.records import Direction, Kind, NumberRole, Region
from evidence.core.submission import Event, Submission, submission_to_data
from evidence.core.suggestion import Suggestion, suggestion_to_data
from reports import decide, texts
from reports.decide.review_limits import six_months_after
from reports.decide.review_points import shell_word
from reports.disclosure import Disclosure
from tests.case_builder import COLLECTOR, FAMILY, CaseBuilder, by_name, month_day, said
from tests.reports.decide.conftest import Gather


@dataclasses.dataclass(kw_only=True)
class Small:
    """A case with one lender that nothing has to be said about."""

    case: CaseBuilder
    lender: int
    call: int
    gathered: Gather

    def points(self, **more: object) -> dict[str, ReviewItem]:
        context = self.gathered(self.case, self.lender)
        context = dataclasses.replace(context, **more)  # type: ignore[arg-type]
        return {item.code: item for item in decide.reviewed(context)}


@pytest.fixture
def small(gathered: Gather) -> Small:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent(product="甲某e贷", contract_no="JX-0001")
    case.number(COLLECTOR, respondent=lender)
    call = case.recording(by_name("2026-10-14 10:00:00"))
    case.tag(call, "threat", "你等着")
    return Small(case=case, lender=lender, call=call, gathered=gathered)


def test_nothing_is_said_of_a_case_without_gaps(small: Small) -> None:
    assert small.points() == {}


def test_entries_that_this_version_does_not_know_are_told(small: Small) -> None:
    small.case.append("kind_of_2030", {"target": small.call})
    told = small.points()["later-version"]
    assert (told.severity, told.seqs) == (Severity.GRAVE, ())
    assert "1 条" in told.text


def test_a_clock_behind_the_last_record_is_asked_about(small: Small) -> None:
    last = small.case.entries[-1]
    assert "clock-behind" not in small.points(made_at=last.recorded_at)
    behind = small.points(made_at="2026-11-20T07:00:00.000Z")["clock-behind"]
    assert (behind.seqs, behind.severity) == ((last.seq,), Severity.GRAVE)


def test_what_happened_after_now_is_asked_about(small: Small) -> None:
    assert "time-ahead" not in small.points(made_at="2026-10-14T02:00:00.000Z")
    assert small.points(made_at="2026-10-14T01:00:00.000Z")["time-ahead"].seqs == (small.call,)


@pytest.mark.parametrize(
    ("conduct", "code"),
    [("off_hours", "night-not-shown"), ("excessive_calls", "number-not-shown")],
)
def test_a_mark_of_an_hour_or_a_number_that_is_not_shown_is_asked_about(
    small: Small, conduct: str, code: str
) -> None:
    tag = small.case.tag(small.call, conduct, "怎么不接电话")
    assert small.points()[code].seqs == (tag,)


def test_contact_with_a_third_party_that_names_nobody_is_asked_about(small: Small) -> None:
    wife = small.case.number(FAMILY, role=NumberRole.FAMILY)
    small.case.tag(small.call, "disclose_debt", "他欠钱", contacted=wife)
    assert "third-party-unnamed" not in small.points()
    unnamed = small.case.tag(small.call, "disclose_debt", "让他们都知道你欠钱")
    assert small.points()["third-party-unnamed"].seqs == (unnamed,)


def test_a_picture_without_a_mask_is_to_be_looked_at(small: Small) -> None:
    picture = small.case.picture(by_name("2026-10-14 11:00:00"), respondent=small.lender)
    assert small.points()["picture-in-clear"].seqs == (picture,)
    small.case.mask(picture, Region(left=0, top=0, width=10, height=10))
    assert "picture-in-clear" not in small.points()


def test_missing_contract_data_come_with_the_command_and_the_entry(small: Small) -> None:
    seq = small.case.respondent(supersedes=small.lender)
    small.lender = seq
    point = small.points()["contract-missing"]
    assert point.seqs == (seq,)
    assert point.command.startswith("liuhen respondent add ")
    assert "--update" in point.command


def test_suggestions_of_this_respondent_that_nobody_decided_on_are_counted(small: Small) -> None:
    other = small.case.respondent("乙某银行", "bank")
    theirs = small.case.recording(by_name("2026-10-15 10:00:00"), number="", respondent=other)
    seqs = {}
    for on in (small.call, theirs):
        record = Suggestion(conduct="insult", pattern="p", explanation="e", on=on, quote="话")
        seqs[on] = small.case.append(Kind.SUGGESTION, suggestion_to_data(record))
    assert small.points()["suggestions-open"].seqs == (seqs[small.call],)
    small.case.tag(small.call, "insult", "话", suggestion=seqs[small.call])
    assert "suggestions-open" not in small.points()


def test_recordings_of_numbers_that_nobody_explained_are_listed(small: Small) -> None:
    calls = [
        small.case.recording(by_name(f"2026-10-15 10:0{n}:00"), number="13800000055")
        for n in range(2)
    ]
    point = small.points()["numbers-unassigned"]
    assert list(point.seqs) == calls
    assert "liuhen number 13800000055 " in point.command
    small.case.number("13800000055", NumberRole.OTHER)
    assert "numbers-unassigned" not in small.points()


@pytest.mark.parametrize("words", [FAMILY, "王小虎"])
def test_third_party_in_a_quotation_or_note_is_hidden_and_grave_only_where_shown(
    small: Small, words: str
) -> None:
    small.case.number(FAMILY, NumberRole.FAMILY, name="王小虎（爱人）")
    tag = small.case.tag(small.call, "third_party_contact", f"我们打给{words}了")
    note = small.case.note(f"他打给{words}", on=small.call)
    point = small.points()["hidden-words"]
    assert set(point.seqs) == {tag, note}
    assert "third-party-in-text" not in small.points()
    shown = small.points(disclosure=Disclosure(show_third_parties=True))
    point = shown["third-party-in-text"]
    assert set(point.seqs) == {tag, note}
    assert point.severity is Severity.GRAVE
    assert "hidden-words" not in shown


def test_a_word_for_a_relative_names_nobody(small: Small) -> None:
    small.case.number(FAMILY, NumberRole.FAMILY, name="母亲")
    small.case.tag(small.call, "threat", "我们去找你母亲")
    shown = Disclosure(show_third_parties=True)
    assert not {"third-party-in-text", "hidden-words"} & set(small.points())
    assert "third-party-in-text" not in small.points(disclosure=shown)


def test_own_words_are_named_only_where_they_go_into_the_packet(small: Small) -> None:
    note = small.case.note("我就是不还，随便你们", on=small.call)
    elsewhere = small.case.recording(by_name("2026-10-15 10:00:00"), number="")
    cautions = tuple(
        Suggestion(conduct="", pattern="p", explanation="e", on=on, quote="不还", caution="own")
        for on in (note, elsewhere)
    )
    assert small.points(own_words=cautions)["own-words"].seqs == (note,)


def test_many_own_words_are_counted_not_all_quoted(small: Small) -> None:
    notes = [small.case.note(f"我就是不还 {n}", on=small.call) for n in range(7)]
    cautions = tuple(
        Suggestion(conduct="", pattern="p", explanation="e", on=on, quote="不还", caution="own")
        for on in notes
    )
    context = small.gathered(small.case, small.lender)
    review = decide.reviewed(dataclasses.replace(context, own_words=cautions))
    quoted = [item.seqs for item in review if item.code == "own-words"]
    assert quoted == [(seq,) for seq in notes[:5]]
    (rest,) = [item for item in review if item.code == "own-words-more"]
    assert rest.seqs == tuple(notes[5:])
    assert "2 处" in rest.text


def test_a_time_without_a_year_is_inferred_or_inexact(small: Small) -> None:
    call = small.case.recording(month_day("--10-14"))
    tag = small.case.tag(call, "insult", "话")
    found = small.points()
    named = [found[c].seqs for c in ("time-inferred", "date-inexact") if c in found]
    assert named == [(tag,)]


def test_six_months_are_spoken_of_shortly_before_they_are_over(small: Small) -> None:
    """The packet is made on 2026-11-23."""
    near = small.case.tag(
        small.case.recording(by_name("2026-06-01 10:00:00")), "threat", "我砍死你"
    )
    old = small.case.tag(small.case.recording(by_name("2026-05-01 10:00:00")), "threat", "话")
    point = small.points()["six-months-near"]
    assert point.seqs == (near,)
    assert "2026年12月1日" in point.text
    assert "六个月以内没有被公安机关发现的，不再处罚" in point.text
    assert old not in point.seqs
    assert "six-months-passed" not in small.points()


@pytest.mark.parametrize(
    ("day", "after"),
    [("2026-08-31", "2027-02-28"), ("2026-06-01", "2026-12-01"), ("2027-08-31", "2028-02-29")],
)
def test_six_months_end_on_the_same_day_or_the_last_of_the_month(day: str, after: str) -> None:
    import datetime as dt

    assert six_months_after(dt.date.fromisoformat(day)) == dt.date.fromisoformat(after)


def test_an_earlier_packet_is_asked_about_until_it_is_said_to_be_handed_in(small: Small) -> None:
    made = PacketRecord(
        channel="12378",
        respondent=small.lender,
        size=5,
        root="0" * 64,
        manifest_sha256="0" * 64,
        exhibits=(small.call,),
    )
    seq = small.case.append(Kind.PACKET, packet_to_data(made))
    point = small.points()["earlier-packet"]
    assert point.command == f"liuhen submitted --packet {seq}"
    handed_in = Submission(
        event=Event.SUBMITTED,
        occurred=said("2026-11-22"),
        respondent=small.lender,
        channel="12378",
        packet=seq,
    )
    small.case.append(Kind.SUBMISSION, submission_to_data(handed_in))
    assert "earlier-packet" not in small.points()


def test_own_messages_in_an_extract_are_to_be_read_again(small: Small) -> None:
    export = small.case.export("sms.xml")
    row = small.case.message(
        export, "2026-10-14 11:00:00", "请不要再打", box="sent", direction=Direction.OUT
    )
    assert small.points()["own-messages"].seqs == (row,)


def test_points_stand_gravest_first(small: Small) -> None:
    small.case.number(FAMILY, NumberRole.FAMILY, name="王小虎")
    small.case.recording(by_name("2026-10-15 10:00:00"))
    small.case.tag(small.call, "insult")
    small.case.tag(small.call, "threat", "王小虎")
    order = [
        item.severity
        for item in small.points(disclosure=Disclosure(show_third_parties=True)).values()
    ]
    assert order == sorted(order, key=list(Severity).index)
    assert len(set(order)) == 3


@pytest.mark.parametrize(
    ("text", "word"),
    [("甲某消费金融有限公司", "甲某消费金融有限公司"), ("a b", "'a b'"), ("a;b", "'a;b'")],
)
def test_a_name_in_a_command_is_quoted_where_the_shell_needs_it(text: str, word: str) -> None:
    assert shell_word(text) == word


def test_every_point_has_a_title_without_fields() -> None:
    for code, words in texts.load("review").items():
        assert words["title"], code
        assert "{" not in words["title"], code
        assert Severity(words["severity"])
