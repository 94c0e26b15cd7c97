"""Deadlines: only what a provision and a recorded event give."""

import datetime as dt

import pytest

from evidence.core.deadlines import Deadline, State, awaited, deadlines, matters
from evidence.core.packet_record import PacketRecord, packet_to_data
from evidence.core.periods import Period, parse_periods
from evidence.core.records import Kind
from evidence.core.submission import Event, Submission, submission_to_data
from evidence.law import load_periods, load_rules
from tests.case_builder import CaseBuilder, said

RULES = load_rules()
PERIODS = load_periods(RULES)
DECIDE = {"decide", "decide-complex", "decide-longest"}


class Followed(CaseBuilder):
    """A case that something was handed in for."""

    def __init__(self, kind: str = "consumer_finance", channel: str = "12378") -> None:
        super().__init__()
        self.lender = self.respondent("甲某公司", kind)
        self.channel = channel

    def event(self, event: Event, day: str, **more: object) -> int:
        record = Submission(
            event=event,
            occurred=said(day),
            respondent=self.lender,
            channel=self.channel,
            **more,  # type: ignore[arg-type]  # fields of Submission
        )
        return self.append(Kind.SUBMISSION, submission_to_data(record))

    def packet(self, supplements: int | None = None) -> int:
        record = PacketRecord(
            channel=self.channel,
            respondent=self.lender,
            size=1,
            root="0" * 64,
            manifest_sha256="0" * 64,
            exhibits=(),
            supplements=supplements,
        )
        return self.append(Kind.PACKET, packet_to_data(record))

    def due(self, today: str = "2026-11-24") -> dict[str, Deadline]:
        found = deadlines(self.view(), RULES, PERIODS, today=dt.date.fromisoformat(today))
        assert list(found) == sorted(found, key=lambda d: d.day)
        return {d.period.id: d for d in found}

    def days(self) -> dict[str, str]:
        return {k: d.day.isoformat() for k, d in self.due().items()}


def test_every_period_stands_in_its_provision_which_is_quotable() -> None:
    for period in PERIODS:
        assert period.provision.quotable
        assert period.phrase in period.provision.text


def test_a_period_that_its_provision_does_not_say_is_refused() -> None:
    text = """[{"id":"x","provision":"cmp2020-33","phrase":"14个工作日内","number":"14","days":14,
    "working":true,"own":false,"from":{"12378":"submitted"},"conditions":{},"after":null,"ends":[]}]"""
    with pytest.raises(ValueError, match="does not say so"):
        parse_periods(text, RULES)


def test_after_handing_in_the_forwarding_is_due_and_the_decision_is_an_estimate() -> None:
    case = Followed()
    case.event(Event.SUBMITTED, "2026-11-23")
    assert case.days() == {
        "forward": "2026-12-02",
        "decide": "2026-12-17",
        "decide-complex": "2027-01-01",
        "decide-longest": "2027-01-31",
    }
    assert {k for k, d in case.due().items() if d.estimated} == DECIDE


def test_once_it_was_forwarded_the_institution_s_days_are_counted_from_there() -> None:
    case = Followed()
    of = case.event(Event.SUBMITTED, "2026-11-23")
    case.event(Event.FORWARDED, "2026-11-25", of=of)
    found = case.due()
    assert found["forward"].state is State.DONE
    assert case.days()["decide"] == "2026-12-10"
    assert case.days()["decide-complex"] == "2026-12-25"
    assert case.days()["decide-longest"] == "2027-01-24"
    assert not any(d.estimated for d in found.values())


def test_a_complaint_to_the_institution_itself_has_no_forwarding() -> None:
    case = Followed(channel="institution")
    case.event(Event.SUBMITTED, "2026-11-23")
    assert set(case.due()) == DECIDE
    assert case.days()["decide"] == "2026-12-08"


@pytest.mark.parametrize(
    ("kind", "channel"),
    [
        ("microloan", "local-finance"),
        ("microloan", "12378"),
        ("private", "nfra"),
        ("bank", "nifa"),
        ("bank", "a channel of 2030"),
        ("bank", "police"),  # nothing runs before a case is opened
    ],
)
def test_nothing_is_made_up_where_no_provision_applies(kind: str, channel: str) -> None:
    case = Followed(kind, channel)
    case.event(Event.SUBMITTED, "2026-11-23")
    assert case.due() == {}


def test_where_the_lender_answers_the_condition_is_said() -> None:
    case = Followed("platform")
    case.event(Event.SUBMITTED, "2026-11-23")
    assert all(d.condition for d in case.due().values())


def test_after_the_answer_the_person_s_own_thirty_days_run() -> None:
    case = Followed()
    of = case.event(Event.SUBMITTED, "2026-11-02")
    case.event(Event.ANSWERED, "2026-11-20", of=of)
    found = case.due()
    assert {found[k].state for k in DECIDE} == {State.DONE}
    assert found["ask-review"].day.isoformat() == "2026-12-20"
    assert found["ask-review"].period.own
    assert "review-answer" not in found
    case.event(Event.REVIEW, "2026-11-23", of=of)
    found = case.due()
    assert found["ask-review"].state is State.DONE
    assert found["review-answer"].day.isoformat() == "2026-12-23"


def test_states_turn_on_the_day_itself() -> None:
    case = Followed(channel="institution")
    case.event(Event.SUBMITTED, "2026-11-23")
    states = [case.due(f"2026-12-0{n}")["decide"].state for n in (7, 8, 9)]
    assert states == [State.OPEN, State.TODAY, State.OVERDUE]


def test_an_extension_in_the_first_days_moves_only_the_first_limit() -> None:
    case = Followed(channel="institution")
    of = case.event(Event.SUBMITTED, "2026-10-01")
    case.event(Event.EXTENDED, "2026-10-14", of=of)
    found = case.due("2026-11-24")
    assert found["decide"].state is State.EXTENDED
    assert found["decide-complex"].state is State.OVERDUE
    case.event(Event.EXTENDED, "2026-10-30", of=of)
    found = case.due("2026-11-24")
    assert found["decide-complex"].state is State.EXTENDED
    assert found["decide-longest"].state is State.OPEN


@pytest.mark.parametrize("event", [Event.REFUSED, Event.CLOSED])
def test_nothing_runs_in_a_matter_that_is_over(event: Event) -> None:
    case = Followed()
    of = case.event(Event.SUBMITTED, "2026-11-02")
    case.event(event, "2026-11-20", of=of)
    assert {d.state for d in case.due().values()} == {State.ENDED}


def test_a_withdrawn_submission_has_no_deadlines_and_a_withdrawn_answer_did_not_come() -> None:
    case = Followed()
    of = case.event(Event.SUBMITTED, "2026-11-02")
    answer = case.event(Event.ANSWERED, "2026-11-20", of=of)
    case.withdraw(answer)
    assert case.due()["decide"].state is not State.DONE
    case.withdraw(of)
    assert case.due() == {}


def test_a_supplement_may_start_the_institution_s_time_anew() -> None:
    case = Followed(channel="institution")
    first = case.packet()
    of = case.event(Event.SUBMITTED, "2026-10-01", packet=first)
    again = case.event(Event.SUBMITTED, "2026-11-20", packet=case.packet(supplements=first))
    found = deadlines(case.view(), RULES, PERIODS, today=dt.date(2026, 11, 24))
    old = [d for d in found if d.matter.submission.seq == of]
    assert {d.state for d in old} == {State.RESTARTED}
    assert {d.restarted_by for d in old} == {again}
    new = [d for d in found if d.matter.submission.seq == again]
    assert {d.state for d in new} == {State.OPEN}


def test_what_the_police_days_would_run_from_is_awaited_until_it_is_recorded() -> None:
    case = Followed("bank", "police")
    of = case.event(Event.SUBMITTED, "2026-11-20")

    def waited() -> Period | None:
        (matter,) = matters(case.view())
        return awaited(matter, RULES.respondent_types["bank"], PERIODS)

    period = waited()
    assert period is not None
    assert period.provision.id == "psl-118"
    case.event(Event.ACCEPTED, "2026-11-21", of=of)
    assert waited() is None


def test_nothing_is_awaited_where_no_period_binds() -> None:
    case = Followed("microloan", "institution")
    case.event(Event.SUBMITTED, "2026-11-20")
    (matter,) = matters(case.view())
    assert awaited(matter, RULES.respondent_types["microloan"], PERIODS) is None


def test_police_days_run_from_the_opening_and_may_be_extended_twice() -> None:
    case = Followed("bank", "police")
    of = case.event(Event.SUBMITTED, "2026-11-20")
    case.event(Event.ACCEPTED, "2026-11-21", of=of)
    assert case.days() == {
        "police": "2026-12-21",
        "police-first": "2027-01-20",
        "police-second": "2027-02-19",
    }
