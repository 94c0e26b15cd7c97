"""``LIUHEN_LANG=en``: everything that the code can say is in the catalogue, and nothing else."""

import re
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo

from cli import i18n
from tests import catalogue
from tests.cli.conftest import Liuhen, World

CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
"""Ideographs and full-width punctuation."""

WRITTEN = {str(m.id): str(m.string) for m in catalogue.read() if m.id}


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIUHEN_LANG", "en")


def test_every_text_of_the_code_has_an_english_one_and_no_other_text_has() -> None:
    assert set(WRITTEN) == set(catalogue.message_ids())
    assert [text for text, told in WRITTEN.items() if not told] == []


def test_a_translation_has_the_fields_of_its_text_and_no_chinese() -> None:
    for text, told in WRITTEN.items():
        assert catalogue.fields(told) == catalogue.fields(text), text
        assert not CHINESE.search(told), told
        for command in re.findall(r"liuhen [a-z]+", text):
            assert command in told, text


def test_a_command_in_a_sentence_stands_in_curly_quotes() -> None:
    """The command line puts ``--case`` into commands that it can find so."""
    for text, told in WRITTEN.items():
        if text.startswith("liuhen ") or not re.search(r"liuhen [a-z]+ ?[^{]*”", text):
            continue
        assert re.search(r"“liuhen ", told), told


def test_the_compiled_catalogue_is_what_was_written() -> None:
    with catalogue.MO.open("rb") as file:
        assert {str(m.id): str(m.string) for m in read_mo(file) if m.id} == WRITTEN


@pytest.mark.usefixtures("english")
def test_english_help_errors_and_lists_have_no_chinese_of_the_program(
    liuhen: Liuhen, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    for args in (
        ("--help",),
        ("show", "999"),
        ("nope",),
        ("note",),
        ("number", "1", "--role", "x"),
        ("verify", "--against", "nosuch"),
        ("verify", "--against", empty),
    ):
        result = liuhen(*args)
        assert result.out + result.err
        assert not CHINESE.search(result.out + result.err), args
    listed = liuhen.ok("list", "--kind", "complainant", "--kind", "exhibit", "--kind", "withdraw")
    of_the_case = ("林某", "通话录音", "丙某李经理")
    said = listed.out + listed.err
    for words in of_the_case:
        said = said.replace(words, "")
    assert "2026-10-14 21:05:03" in said
    assert not CHINESE.search(said)


@pytest.mark.usefixtures("english")
def test_a_text_that_the_catalogue_lacks_is_shown_as_it_is() -> None:
    assert i18n._("没有这句话的译文") == "没有这句话的译文"


def test_chinese_is_the_language_unless_english_is_asked_for(
    liuhen: Liuhen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    usual = liuhen.ok("--help").out
    assert CHINESE.search(usual)
    monkeypatch.setenv("LIUHEN_LANG", "zh")
    assert liuhen.ok("--help").out == usual


@pytest.mark.usefixtures("english")
def test_english_changes_no_data(
    liuhen: Liuhen, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = liuhen.json("show", world.call)
    monkeypatch.delenv("LIUHEN_LANG")
    assert liuhen.json("show", world.call) == told
