"""Reading the rules data: each field once, of its type, and nothing left over."""

import datetime as dt
import json
from collections.abc import Callable

import pytest

from evidence.core.rules_data import Row, rows, table

READERS: dict[str, Callable[[Row], object]] = {
    name: lambda row, name=name: getattr(row, name)("x")  # type: ignore[misc]
    for name in (
        "text",
        "text_or_empty",
        "flag",
        "date",
        "texts",
        "pairs",
        "text_map",
        "text_lists",
    )
}


def read(name: str, value: object) -> object:
    row = table(json.dumps({"x": value}))
    found = READERS[name](row)
    row.finish()
    return found


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("text", "条", "条"),
        ("text_or_empty", "条", "条"),
        ("text_or_empty", "", ""),
        ("text_or_empty", None, ""),
        ("flag", True, True),
        ("flag", False, False),
        ("date", None, None),
        ("date", "2026-02-28", dt.date(2026, 2, 28)),
        ("texts", [], ()),
        ("texts", ["a", "b"], ("a", "b")),
        ("pairs", [], ()),
        ("pairs", [["a", "b"]], (("a", "b"),)),
        ("text_map", {}, {}),
        ("text_map", {"a": "b"}, {"a": "b"}),
        ("text_lists", {"a": ["b", "c"]}, {"a": ("b", "c")}),
    ],
)
def test_field_of_the_right_type_is_read(name: str, value: object, found: object) -> None:
    assert read(name, value) == found


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("text", ""),
        ("text", None),
        ("text", 1),
        ("text", True),
        ("text", ["条"]),
        ("text_or_empty", 0),
        ("text_or_empty", False),
        ("text_or_empty", []),
        ("flag", None),
        ("flag", 0),
        ("flag", 1),
        ("flag", "true"),
        ("date", ""),
        ("date", 2026),
        ("date", "2026-02-29"),
        ("date", "2026-13-01"),
        ("date", "2026-02"),
        ("date", "20260228"),
        ("date", "2026-W09-6"),
        ("date", "2026-02-28T00:00:00"),
        ("date", "2026-02-28 "),
        ("texts", None),
        ("texts", "ab"),
        ("texts", {"a": "b"}),
        ("texts", ["a", 1]),
        ("texts", ["a", None]),
        ("texts", ["a", "a"]),
        ("pairs", None),
        ("pairs", {"a": "b"}),
        ("pairs", ["ab"]),
        ("pairs", [["a"]]),
        ("pairs", [["a", "b", "c"]]),
        ("pairs", [["a", 1]]),
        ("text_map", None),
        ("text_map", []),
        ("text_map", {"a": 1}),
        ("text_map", {"a": None}),
        ("text_lists", None),
        ("text_lists", {"a": "b"}),
        ("text_lists", {"a": ["b", "b"]}),
        ("text_lists", {"a": [1]}),
    ],
)
def test_field_of_another_type_is_refused(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read(name, value)


@pytest.mark.parametrize("name", READERS)
def test_missing_field_is_refused_and_named(name: str) -> None:
    with pytest.raises(ValueError, match="'x'"):
        READERS[name](table("{}"))


def test_field_is_taken_once() -> None:
    row = table('{"x": "a"}')
    assert row.text("x") == "a"
    with pytest.raises(ValueError, match="'x'"):
        row.text("x")


def test_left_over_fields_are_refused_and_named() -> None:
    row = table('{"x": "a", "articel": 1, "zz": 2}')
    row.text("x")
    with pytest.raises(ValueError, match=r"articel.*zz"):
        row.finish()


@pytest.mark.parametrize(
    "text",
    ['{"x": "a", "x": "b"}', '{"x": {"y": 1, "y": 1}}', '{"x": [{"y": 1, "y": 1}]}'],
)
def test_key_that_stands_twice_is_refused_at_every_depth(text: str) -> None:
    with pytest.raises(ValueError, match="twice"):
        table(text)
    with pytest.raises(ValueError, match="twice"):
        list(rows(f"[{text}]"))


@pytest.mark.parametrize("text", ["[]", "null", '"x"', "1", ""])
def test_table_is_one_object(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        table(text)


@pytest.mark.parametrize("text", ["{}", "null", '["x"]', "[[]]", "[null]", "[{}", ""])
def test_rows_are_a_list_of_objects(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        list(rows(text))


def test_each_row_must_be_used_up_before_the_next() -> None:
    taken = iter(rows('[{"id": "pipl-10", "text": "a"}, {"id": "pipl-11", "text": "b"}]'))
    assert next(taken).text("id") == "pipl-10"
    with pytest.raises(ValueError, match=r"pipl-10.*text"):
        next(taken)


def test_last_row_must_be_used_up_as_well() -> None:
    taken = iter(rows('[{"id": "pipl-10", "text": "a"}]'))
    assert next(taken).text("id") == "pipl-10"
    with pytest.raises(ValueError, match="pipl-10"):
        next(taken)


def test_row_without_id_is_named_by_its_place() -> None:
    with pytest.raises(ValueError, match="row 0"):
        list(rows('[{"text": "a"}]'))
