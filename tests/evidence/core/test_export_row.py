"""Rows of exports: answered or not, and when two rows are the same call or message."""

import dataclasses

import pytest

from evidence.core import moment
from evidence.core.export_row import ExportRow, Outcome
from evidence.core.moment import Source
from tests.evidence.core.golden.samples import CALL, MESSAGE


@pytest.mark.parametrize(
    ("outcome", "duration_ms", "answered"),
    [
        (Outcome.ANSWERED, 83_000, True),
        (Outcome.ANSWERED, 0, True),
        (Outcome.ANSWERED_ELSEWHERE, None, True),
        (Outcome.MISSED, 0, False),
        (Outcome.MISSED, None, False),
        (Outcome.REJECTED, 0, False),
        (Outcome.REFUSED, 0, False),
        (Outcome.VOICEMAIL, 12_000, False),
        (Outcome.OUTGOING, 12_000, True),
        (Outcome.OUTGOING, 0, False),
        (Outcome.OUTGOING, None, None),
        (Outcome.UNKNOWN, 12_000, None),
        (None, 12_000, None),
    ],
)
def test_call_is_answered_only_where_the_export_says_so(
    outcome: Outcome | None, duration_ms: int | None, answered: bool | None
) -> None:
    row = dataclasses.replace(CALL, outcome=outcome, duration_ms=duration_ms)
    assert row.answered is answered


@pytest.mark.parametrize(
    "other",
    [
        dataclasses.replace(CALL, export=9),
        dataclasses.replace(CALL, position=MESSAGE.position),
        dataclasses.replace(CALL, reader="another version"),
        dataclasses.replace(CALL, respondent=2),
        dataclasses.replace(CALL, party=dataclasses.replace(CALL.party, name="李经理")),
    ],
)
def test_row_of_an_overlapping_export_is_the_same_call(other: ExportRow) -> None:
    assert other.identity == CALL.identity


@pytest.mark.parametrize(
    "other",
    [
        dataclasses.replace(CALL, party=dataclasses.replace(CALL.party, number="13800000012")),
        dataclasses.replace(CALL, outcome=Outcome.MISSED),
        dataclasses.replace(CALL, duration_ms=84_000),
        dataclasses.replace(CALL, duration_ms=None),
        dataclasses.replace(CALL, direction=None),
        dataclasses.replace(CALL, occurred=MESSAGE.occurred),
        dataclasses.replace(CALL, occurred=dataclasses.replace(CALL.occurred, source=Source.BILL)),
        MESSAGE,
    ],
)
def test_row_that_says_anything_else_of_the_call_is_another(other: ExportRow) -> None:
    assert other.identity != CALL.identity


def test_messages_of_one_second_differ_by_their_words() -> None:
    again = dataclasses.replace(MESSAGE, text=MESSAGE.text + "！")
    assert again.identity != MESSAGE.identity
    assert dataclasses.replace(MESSAGE, export=7).identity == MESSAGE.identity


def test_rows_without_a_time_differ_by_the_words_that_stand_for_it() -> None:
    one = dataclasses.replace(CALL, occurred=moment.unknown("01-15"))
    two = dataclasses.replace(CALL, occurred=moment.unknown("01-16"))
    assert one.identity != two.identity
