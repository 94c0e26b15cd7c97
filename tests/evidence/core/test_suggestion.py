"""Suggestions: what makes two of them the same."""

import dataclasses

import pytest

from evidence.core.suggestion import Suggestion
from tests.evidence.core.golden.samples import NOTICED


@pytest.mark.parametrize(
    "other",
    [
        dataclasses.replace(NOTICED, explanation="另一种说法"),
        dataclasses.replace(NOTICED, pattern="threat-visit-2"),
    ],
)
def test_same_words_at_the_same_place_are_suggested_once(other: Suggestion) -> None:
    assert other.identity == NOTICED.identity


@pytest.mark.parametrize(
    "other",
    [
        dataclasses.replace(NOTICED, conduct="insult"),
        dataclasses.replace(NOTICED, on=6),
        dataclasses.replace(NOTICED, line=2),
        dataclasses.replace(NOTICED, start=8),
        dataclasses.replace(NOTICED, quote="上门"),
        dataclasses.replace(NOTICED, calls=(1, 2)),
        dataclasses.replace(NOTICED, conduct="", caution="own_insult"),
    ],
)
def test_another_conduct_place_or_count_is_another_suggestion(other: Suggestion) -> None:
    assert other.identity != NOTICED.identity
