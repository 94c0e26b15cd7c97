"""Which findings are told first."""

import dataclasses

from evidence.core.records import Span
from reports.decide.ranking import by_conduct, strongest
from reports.packet import Finding

ORDER = ("threat", "insult", "off_hours")


def finding(number: int, conduct: str, quote: str = "话", place: str = "") -> Finding:
    return Finding(
        number=number,
        tag_seq=number,
        exhibit_label="E001",
        conduct_id=conduct,
        conduct_label=conduct.upper(),
        occurred_text="",
        quote=quote,
        place=place or f"{number}",
        span=None,
        region=None,
        comment="",
        counterpart="",
        citations=(),
    )


def numbers(found: tuple[Finding, ...]) -> list[int]:
    return [f.number for f in found]


def test_gravest_of_different_conduct_in_order_of_time() -> None:
    found = [
        finding(1, "off_hours"),
        finding(2, "insult"),
        finding(3, "threat"),
        finding(4, "threat"),
    ]
    assert numbers(strongest(found, ORDER, 2)) == [2, 3]
    assert numbers(strongest(found, ORDER, 3)) == [1, 2, 3]
    assert numbers(strongest(found, ORDER, 9)) == [1, 2, 3]


def test_quoted_one_goes_before_an_earlier_one_without_words() -> None:
    found = [finding(1, "threat", quote=""), finding(2, "threat")]
    assert numbers(strongest(found, ORDER, 1)) == [2]


def test_better_proved_one_goes_before_an_earlier_one() -> None:
    note = dataclasses.replace(finding(1, "threat"), exhibit_label="")
    picture = finding(2, "threat")
    unsure = dataclasses.replace(finding(3, "threat"), date_remark="不确定")
    passage = dataclasses.replace(finding(4, "threat"), span=Span(start_ms=0, end_ms=900))
    assert numbers(strongest([note, picture, unsure, passage], ORDER, 1)) == [4]
    assert numbers(strongest([note, unsure, picture], ORDER, 1)) == [2]
    assert numbers(strongest([note, finding(5, "threat", quote="")], ORDER, 1)) == [1]


def test_same_words_at_the_same_place_are_told_once() -> None:
    found = [finding(1, "threat", place="p"), finding(2, "insult", place="p")]
    assert numbers(strongest(found, ORDER, 3)) == [1]
    apart = [found[0], dataclasses.replace(found[1], place="q")]
    assert numbers(strongest(apart, ORDER, 3)) == [1, 2]


def test_conduct_that_the_order_does_not_know_comes_last() -> None:
    found = [finding(1, "new"), finding(2, "off_hours")]
    assert numbers(strongest(found, ORDER, 1)) == [2]


def test_groups_keep_the_order_of_first_occurrence() -> None:
    found = [finding(1, "insult"), finding(2, "threat"), finding(3, "insult")]
    groups = by_conduct(found)
    assert [(g.label, g.numbers) for g in groups] == [("INSULT", (1, 3)), ("THREAT", (2,))]


def test_order_of_the_texts_names_every_conduct() -> None:
    from evidence.law import load_rules
    from reports import texts

    order = texts.load("call_sheet")["strongest_first"]
    assert sorted(order) == sorted(load_rules().conducts)
