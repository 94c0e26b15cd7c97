"""How good the suggestions are, on rows that the patterns were not made from."""

import pytest

from evidence.core.suggest.builtin import load_suggester
from evidence.core.suggest.engine import Suggester
from evidence.law import load_rules
from tests.evidence.core.suggest import scoring

FEW = 8
"""Conducts with fewer rows say nothing of their recall."""


@pytest.fixture(scope="module")
def suggester() -> Suggester:
    return load_suggester()


def test_on_unseen_rows_nine_of_ten_suggestions_are_right(suggester: Suggester) -> None:
    found = scoring.total(scoring.score(suggester, scoring.rows(scoring.HELD_OUT)))
    assert found.precision >= 0.90
    assert found.recall >= 0.80


def test_on_unseen_rows_no_conduct_is_mostly_missed(suggester: Suggester) -> None:
    scores = scoring.score(suggester, scoring.rows(scoring.HELD_OUT))
    weak = {
        conduct: one.recall
        for conduct, one in scores.items()
        if one.right + one.missed >= FEW and one.recall < 0.60
    }
    assert weak == {}


def test_on_seen_rows_nothing_got_worse(suggester: Suggester) -> None:
    found = scoring.total(scoring.score(suggester, scoring.rows(scoring.SEEN)))
    assert found.precision >= 0.95
    assert found.recall >= 0.90


def test_every_conduct_of_the_law_data_has_rows() -> None:
    labels = {label for row in scoring.rows(scoring.SEEN) for label in row.labels}
    assert labels == set(load_rules().conducts)


def test_the_rows_are_many_and_innocent_ones_among_them() -> None:
    rows = list(scoring.rows((*scoring.SEEN, *scoring.HELD_OUT)))
    assert len(rows) > 1500
    assert sum(not row.labels for row in rows) > 400
