"""What a passphrase is made into, and which new ones are refused."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.core.passphrase import accepted, normalised
from evidence.errors import WeakPassphraseError

GOOD = "四匹马 喝 蓝色的茶"


def test_words_typed_in_another_unicode_form_are_the_same_passphrase() -> None:
    assert normalised(unicodedata.normalize("NFD", "café 각서 déjà")) == "café 각서 déjà".encode()


def test_every_space_is_the_same_space_and_spaces_at_the_ends_count() -> None:
    assert normalised("蓝色\u3000的\u00a0茶") == "蓝色 的 茶".encode()
    assert normalised(" 蓝色 ") == " 蓝色 ".encode()


@pytest.mark.parametrize("other", ["Abc", "ABC", "ａｂｃ", "abc "])
def test_case_width_and_spaces_make_another_passphrase(other: str) -> None:
    assert normalised(other) != normalised("abc")


@given(st.text(max_size=40))
def test_normalising_again_changes_nothing(text: str) -> None:
    once = normalised(text)
    assert normalised(once.decode("utf-8", "surrogatepass")) == once


@pytest.mark.parametrize(
    "text",
    [
        "",
        "            ",
        "short words",  # 11
        "四匹马喝茶",  # 10
        "13800000011138000000",
        "１３８００００００１１１３８００００００",
        "abababababababab",
        "哈哈哈哈哈哈哈哈",
        "words with a\ttab in it",
        "words and a half \ud800 letter",
        "ab cd ef " * 200,
    ],
)
def test_passphrase_that_is_weak_or_cannot_be_typed_is_refused(text: str) -> None:
    with pytest.raises(WeakPassphraseError) as caught:
        accepted(text)
    assert caught.value.reason


@pytest.mark.parametrize("text", [GOOD, "correct horse battery", "四匹马喝蓝茶"])
def test_words_of_either_language_are_accepted(text: str) -> None:
    assert accepted(text) == text.encode()
