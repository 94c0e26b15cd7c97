"""Records of every kind: through an entry's bytes and back, and what later versions may add."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.core import canonical, records
from evidence.core.canonical import JsonObject, JsonValue
from evidence.core.records import Kind, Party
from tests.evidence.core import strategies
from tests.evidence.core.golden.samples import BARE, RECORDING, SAMPLES

ANY: dict[str, st.SearchStrategy[Any]] = {
    "case": strategies.cases,
    "complainant": strategies.complainants,
    "respondent": strategies.respondents,
    "number": strategies.numbers,
    "exhibit": strategies.exhibits,
    "note": strategies.notes,
    "tag": strategies.tags,
    "withdraw": strategies.withdrawals,
    "erase": strategies.erasures,
    "salvage": strategies.salvages,
    "packet": strategies.packets,
    "submission": strategies.submissions,
    "timestamp": strategies.timestamps,
    "record": strategies.rows,
    "transcript": strategies.transcripts,
    "suggestion": strategies.suggestions,
    "mask": strategies.masks,
}
REQUIRED = {
    "case": {"case_id", "public_key", "program"},
    "complainant": set(),
    "respondent": set(),
    "number": {"number", "role"},
    "exhibit": {"name", "size", "sha256", "media_type", "medium", "occurred"},
    "note": {"text"},
    "tag": {"on", "conduct"},
    "withdraw": {"target"},
    "erase": {"target", "leaf"},
    "salvage": {"bodies", "file_size", "entries", "prefix", "prefix_root"},
    "packet": {"channel", "respondent", "size", "root", "manifest_sha256"},
    "submission": {"event", "occurred", "respondent", "channel"},
    "timestamp": {"attested_at", "size", "root", "checkpoint", "response"},
    "record": {"export", "position", "medium", "occurred"},
    "transcript": {"on", "writer"},
    "suggestion": set(),
    "mask": {"on"},
}
KINDS = pytest.mark.parametrize("kind", ANY)


def to_data(kind: str) -> Callable[[object], dict[str, JsonValue]]:
    return next(s.to_data for s in SAMPLES if s.kind == kind)  # type: ignore[return-value]


def from_data(kind: str) -> Callable[[JsonObject], object]:
    return next(s.from_data for s in SAMPLES if s.kind == kind)


def stored(data: JsonObject) -> dict[str, JsonValue]:
    return canonical.decode(canonical.encode(data))


def with_unknown(value: JsonValue) -> JsonValue:
    """Return ``value`` with a field more in each object, as a later version might write it."""
    if isinstance(value, dict):
        grown = {key: with_unknown(item) for key, item in value.items() if key != "facts"}
        kept = {"facts": value["facts"]} if "facts" in value else {}
        return {**grown, **kept, "of_2030": {"list": [1, None, "新"]}}
    if isinstance(value, list):
        return [with_unknown(item) for item in value]
    return value


def present(value: JsonValue) -> bool:
    return value is not None and value not in ("", [], {}) and value is not False


@KINDS
@given(data=st.data())
def test_what_is_stored_reads_as_the_same_record(kind: str, data: st.DataObject) -> None:
    record = data.draw(ANY[kind])
    assert from_data(kind)(stored(to_data(kind)(record))) == record


@KINDS
@given(data=st.data())
def test_what_is_read_is_stored_with_the_same_bytes(kind: str, data: st.DataObject) -> None:
    body = canonical.encode(to_data(kind)(data.draw(ANY[kind])))
    assert canonical.encode(to_data(kind)(from_data(kind)(canonical.decode(body)))) == body  # type: ignore[arg-type]


@KINDS
@given(data=st.data())
def test_unknown_fields_are_ignored_at_every_depth(kind: str, data: st.DataObject) -> None:
    record = data.draw(ANY[kind])
    grown = with_unknown(to_data(kind)(record))
    assert isinstance(grown, dict)
    assert from_data(kind)(stored(grown)) == record


@KINDS
@given(data=st.data())
def test_what_is_not_known_is_left_out(kind: str, data: st.DataObject) -> None:
    written = to_data(kind)(data.draw(ANY[kind]))
    assert all(present(value) or value == 0 for value in written.values())
    assert not any(value is False for value in written.values())


@KINDS
def test_what_a_kind_cannot_do_without_is_asked_for(kind: str) -> None:
    sample = next(s for s in SAMPLES if s.name == kind)
    full = to_data(kind)(sample.records[-1])
    for name in REQUIRED[kind]:
        with pytest.raises((KeyError, ValueError)):
            from_data(kind)({k: v for k, v in full.items() if k != name})


@KINDS
def test_everything_else_may_be_missing(kind: str) -> None:
    for sample in SAMPLES:
        if sample.name != kind:
            continue
        for record in sample.records:
            full = to_data(kind)(record)
            least = {k: v for k, v in full.items() if k in REQUIRED[kind]}
            read = from_data(kind)(stored(least))
            assert {k: v for k, v in to_data(kind)(read).items() if k != "origin"} == least


@KINDS
@given(data=st.data())
def test_data_of_any_form_is_read_or_refused_and_never_another_crash(
    kind: str, data: st.DataObject
) -> None:
    sample = next(s for s in SAMPLES if s.name == kind)
    changed = dict(to_data(kind)(data.draw(st.sampled_from(sample.records))))
    name = data.draw(st.sampled_from(sorted(changed)))
    changed[name] = data.draw(strategies.values)
    try:
        from_data(kind)(changed)
    except (KeyError, ValueError):
        return


def test_every_kind_is_tested() -> None:
    assert set(ANY) == set(Kind)


# --- single promises ------------------------------------------------------------------------------


def test_text_is_stored_letter_for_letter() -> None:
    said = " “你等着！”\r\n\t①㎡\u3000e\u0301é\u200b\U0001f600 "
    record = records.Note(text=said)
    assert records.note_from_data(stored(records.note_to_data(record))).text == said


def test_zero_is_known_and_not_left_out() -> None:
    record = dataclasses.replace(BARE, sim=0, duration_ms=0, respondent=0)
    read = records.exhibit_from_data(stored(records.exhibit_to_data(record)))
    assert (read.size, read.sim, read.duration_ms, read.respondent) == (0, 0, 0, 0)


def test_cut_number_stays_cut() -> None:
    record = dataclasses.replace(BARE, party=Party(number="1390013900", number_truncated=True))
    data = stored(records.exhibit_to_data(record))
    assert data["party"] == {"number": "1390013900", "number_truncated": True}
    assert records.exhibit_from_data(data).party.number_truncated


def test_flag_is_no_number() -> None:
    data = {**records.exhibit_to_data(BARE), "sim": True, "width": False}
    read = records.exhibit_from_data(data)
    assert (read.sim, read.width) == (None, None)


def test_exhibit_of_nobody_says_no_party() -> None:
    assert "party" not in records.exhibit_to_data(BARE)
    assert records.exhibit_from_data(records.exhibit_to_data(BARE)).party == records.NOBODY


def test_conflict_keeps_both_sides_with_their_sources() -> None:
    read = records.exhibit_from_data(stored(records.exhibit_to_data(RECORDING)))
    assert read.conflicts == RECORDING.conflicts
    assert len(read.conflicts[0].values) == 2
