"""Which entries go with an erased one, which never go, and what an ``erase`` entry says."""

import pytest

from evidence.core import erasure
from evidence.core.canonical import JsonObject
from evidence.core.entry import GENESIS, Entry
from evidence.core.erasure import Erasure
from evidence.core.records import Kind
from evidence.errors import NotErasableError

KEPT = {"case", "erase", "salvage", "timestamp", "packet"}


def entry(seq: int, kind: str, data: JsonObject | None = None) -> Entry:
    return Entry(
        seq=seq,
        prev=GENESIS,
        nonce=bytes(16),
        kind=kind,
        recorded_at="2026-11-20T08:00:00Z",
        data=data or {},
    )


@pytest.mark.parametrize("along_with", [None, 0, 5])
def test_erasure_reads_back_as_it_was_written(along_with: int | None) -> None:
    record = Erasure(target=7, leaf="ab" * 32, kind="note", reason="因为", along_with=along_with)
    assert erasure.erasure_from_data(erasure.erasure_to_data(record)) == record


def test_what_speaks_of_it_goes_through_every_kind_of_reference() -> None:
    log = [
        entry(1, "exhibit"),
        entry(2, "transcript", {"on": 1}),
        entry(3, "transcript", {"on": 1, "corrects": 2}),
        entry(4, "record", {"export": 1}),
        entry(5, "suggestion", {"calls": [9, 4]}),
        entry(6, "tag", {"on": 8, "suggestion": 5}),
        entry(7, "withdraw", {"target": 6}),
        entry(8, "exhibit"),
        entry(9, "note", {"on": 8}),
        entry(10, "kind_of_2030", {"on": 6}),
        entry(11, "submission", {"packet": 12}),
        entry(12, "submission", {"of": 11}),
    ]
    assert erasure.dependents(1, log) == (2, 3, 4, 5, 6, 7, 10)
    assert erasure.dependents(11, log) == (12,)
    assert erasure.dependents(8, log[7:]) == (9,)


@pytest.mark.parametrize("value", [True, "1", None, 1.0, [1]])
def test_only_a_number_is_a_reference(value: object) -> None:
    data: JsonObject = {"on": value}  # type: ignore[dict-item]  # what a crafted entry may hold
    assert erasure.dependents(1, [entry(2, "note", data)]) == ()


@pytest.mark.parametrize("kind", sorted(KEPT - {"case"}))
def test_what_fixes_the_history_neither_goes_nor_goes_along(kind: str) -> None:
    kept = entry(2, kind, {"on": 1, "target": 1})
    assert erasure.dependents(1, [kept]) == ()
    with pytest.raises(NotErasableError):
        erasure.require_erasable(kept)


def test_a_row_of_an_export_is_erased_only_with_its_export() -> None:
    with pytest.raises(NotErasableError):
        erasure.require_erasable(entry(3, Kind.RECORD))


@pytest.mark.parametrize("kind", sorted(set(Kind) - KEPT - {"record"}))
def test_everything_else_may_be_named(kind: str) -> None:
    erasure.require_erasable(entry(3, kind))


def test_packets_that_were_made_with_it_are_named() -> None:
    log = [
        entry(2, "packet", {"exhibits": [1]}),
        entry(3, "packet", {"exhibits": [7], "tags": [9]}),
        entry(4, "packet", {"exhibits": [7]}),
    ]
    assert erasure.packets_with({1, 9}, log) == (2, 3)
