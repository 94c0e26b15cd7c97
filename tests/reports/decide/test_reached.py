"""Standards with an hour or a number in them are named only where the packet shows it."""

import pytest

from evidence.core.export_row import Outcome
from evidence.core.moment import Meaning
from reports.packet import Finding
from tests.case_builder import CaseBuilder, by_name, said
from tests.reports.decide.conftest import Decide

HOURS = {"gbt45251-hours", "cba2026-hours"}
ANSWERED = {"gbt45251-freq-interactive", "gbt45251-freq-notice"}
UNANSWERED = {"cba2026-freq"}


def cited(finding: Finding) -> set[str]:
    return {i for citation in finding.citations for i in citation.provision_ids}


def rules_for(decided: Decide, case: CaseBuilder, lender: int) -> set[str]:
    (finding,) = decided(case, lender).findings
    return cited(finding) & (HOURS | ANSWERED | UNANSWERED)


def begun() -> tuple[CaseBuilder, int]:
    case = CaseBuilder()
    case.complainant()
    lender = case.respondent()
    case.number(respondent=lender)
    return case, lender


@pytest.mark.parametrize(
    ("time", "meaning", "named"),
    [
        ("2026-10-14 22:00:00", Meaning.RECORDING_START, HOURS),
        ("2026-10-14 21:59:59", Meaning.RECORDING_START, set()),
        ("2026-10-14 08:00:00", Meaning.RECORDING_START, set()),
        ("2026-10-14 22:00:01", Meaning.CALL_START_OR_STOP, set()),
    ],
)
def test_night_rules_are_named_for_calls_that_count_as_night_calls(
    decided: Decide, time: str, meaning: Meaning, named: set[str]
) -> None:
    case, lender = begun()
    case.tag(case.recording(by_name(time, meaning)), "off_hours", "起来接电话")
    assert rules_for(decided, case, lender) == named


def test_the_time_of_a_picture_is_no_time_of_the_act(decided: Decide) -> None:
    case, lender = begun()
    late = by_name("2026-10-14 23:00:00", Meaning.CAPTURED)
    picture = case.picture(late, respondent=lender)
    case.tag(picture, "off_hours", "还钱")
    assert rules_for(decided, case, lender) == set()


def test_a_time_that_the_person_gives_counts(decided: Decide) -> None:
    case, lender = begun()
    picture = case.picture(by_name("2026-10-15 09:00:00", Meaning.CAPTURED), respondent=lender)
    case.tag(picture, "off_hours", "还钱", occurred=said("2026-10-14 22:20"))
    assert rules_for(decided, case, lender) == HOURS


@pytest.mark.parametrize(
    ("answered", "missed", "named"),
    [(3, 6, set()), (4, 6, ANSWERED), (3, 7, UNANSWERED), (4, 7, ANSWERED | UNANSWERED)],
)
def test_rules_of_a_number_are_named_when_the_statistics_count_more(
    decided: Decide, answered: int, missed: int, named: set[str]
) -> None:
    case, lender = begun()
    export = case.export()
    rows = [case.row(export, f"2026-10-14 10:{minute:02}:00") for minute in range(answered)]
    for minute in range(missed):
        case.row(export, f"2026-10-14 11:{minute:02}:00", outcome=Outcome.MISSED, seconds=0)
    case.tag(rows[0], "excessive_calls")
    assert rules_for(decided, case, lender) == named


def test_calls_of_another_day_do_not_count(decided: Decide) -> None:
    case, lender = begun()
    export = case.export()
    for minute in range(9):
        case.row(export, f"2026-10-14 10:{minute:02}:00")
    case.tag(case.row(export, "2026-10-15 10:00:00"), "excessive_calls")
    assert rules_for(decided, case, lender) == set()
