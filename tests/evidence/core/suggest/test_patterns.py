"""Patterns, guards and rules for the borrower's own words: each on its own examples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.core.suggest import builtin
from evidence.core.suggest.engine import Speaker
from evidence.core.suggest.own_words import read_own_words
from evidence.core.suggest.pattern_file import PatternFileError, read_patterns
from evidence.law import load_rules

SUGGESTER = builtin.load_suggester()
PATTERNS = builtin.load_patterns(frozenset(load_rules().conducts))
OWN = builtin.load_own_words()
OWN_RULES = read_own_words(builtin.packaged_text("own_words.toml"), file="own_words.toml")


@pytest.mark.parametrize("pattern", PATTERNS.patterns, ids=lambda p: p.id)
def test_a_pattern_fires_on_its_examples_and_quotes_the_original_words(pattern) -> None:  # type: ignore[no-untyped-def]
    assert pattern.examples
    for text in pattern.examples:
        hits = [hit for hit in SUGGESTER.suggest(text) if hit.pattern == pattern.id]
        assert hits, text
        assert all(text[hit.start : hit.end] == hit.words for hit in hits)
        assert {hit.conduct for hit in hits} == {pattern.conduct}
    for text in pattern.counter_examples:
        assert pattern.id not in {hit.pattern for hit in SUGGESTER.suggest(text)}, text


@pytest.mark.parametrize("rule", OWN_RULES, ids=lambda r: r.id)
def test_own_words_are_noticed_in_the_examples_only(rule) -> None:  # type: ignore[no-untyped-def]
    for text in rule.examples:
        assert rule.kind in {caution.kind for caution in OWN.cautions(text)}, text
    for text in rule.counter_examples:
        assert rule.kind not in {caution.kind for caution in OWN.cautions(text)}, text


def test_a_note_that_repeats_an_insult_is_no_caution() -> None:
    assert list(OWN.cautions("他骂我是狗东西", note=True)) == []
    assert [c.kind for c in OWN.cautions("我保证月底前还清", note=True)] == ["own_promise"]


def test_nothing_is_suggested_of_the_borrowers_own_words() -> None:
    threat = "再不还钱就打断你的腿"
    assert SUGGESTER.suggest(threat)
    assert SUGGESTER.suggest(threat, speaker=Speaker.SELF) == ()
    assert SUGGESTER.suggest(threat, outgoing=True) == ()


@pytest.mark.parametrize(
    "text",
    [
        "再不还钱就打断你的腿",
        "再 不 还 钱，就 打.断.你.的.腿",
        "再不還錢就打斷你的腿",
        "再不还钱💥就打断你的腿😡",
        "再不还钱就打断你的腿明天就去你家",
    ],
)
def test_disguises_do_not_hide_a_threat(text: str) -> None:
    hits = [hit for hit in SUGGESTER.suggest(text) if hit.conduct == "threat"]
    assert hits
    assert all(text[hit.start : hit.end] == hit.words for hit in hits)


@pytest.mark.parametrize(
    "text",
    [
        "我们不会上门催收，也不会联系您的亲友。",
        "《治安管理处罚法》规定威胁他人人身安全的，处五日以下拘留。",
        "您的账单已逾期3天，请于明日前还款，逾期将按合同约定计收罚息并如实报送征信。",
        "如您仍未还款，我司可能依法向人民法院提起诉讼。",
        "他们说要打断我的腿，我该怎么办？",
        "昨天22:20",
        "07:16",
    ],
)
def test_lawful_reminders_negations_and_quotations_do_not_fire(text: str) -> None:
    assert SUGGESTER.suggest(text) == ()


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at_and_is_quoted_exactly(text: str) -> None:
    for hit in SUGGESTER.suggest(text):
        assert text[hit.start : hit.end] == hit.words
    for caution in OWN.cautions(text):
        assert text[caution.start : caution.start + len(caution.words)] == caution.words


@pytest.mark.parametrize("unit", ["打", "再不还就", "{", "你妈", "，", "😡", "a b ", "。？"])
def test_a_hostile_text_is_looked_at_in_bounded_work(unit: str) -> None:
    SUGGESTER.suggest(unit * (60_000 // len(unit)))


@pytest.mark.parametrize(
    "text",
    [
        "schema = 2",
        "schema = 1\n[[pattern]]\nid = 'x'",
        "schema = 1\n[[pattern]]\nid='x'\nconduct='no'\nexplanation='y'\nmatch=['z']",
        "schema = 1\n[[pattern]]\nid='x'\nconduct='threat'\nexplanation='y'\nmatch=['a*']",
        "schema = 1\nunknown = 3",
        "not toml",
    ],
)
def test_a_bad_pattern_file_names_file_and_place(text: str) -> None:
    with pytest.raises(PatternFileError) as caught:
        read_patterns(text, file="own.toml", conducts=frozenset({"threat"}))
    assert caught.value.file == "own.toml"
    assert caught.value.place
