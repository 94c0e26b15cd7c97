"""The data that comes with the program: patterns, respellings, the table of characters."""

import importlib.resources
import tomllib
from collections.abc import Iterable

from evidence.core.suggest.engine import Suggester
from evidence.core.suggest.folding import FoldTables
from evidence.core.suggest.own_words import OwnWords, read_own_words
from evidence.core.suggest.pattern_file import PatternFileError, PatternSet, read_patterns

PATTERN_FILES = (
    "words.toml",
    "guards.toml",
    "patterns_person.toml",
    "patterns_others.toml",
    "patterns_claims.toml",
    "patterns_money.toml",
)
DEBTOR = "林某"
"""What the debtor's own name is folded to, so that patterns can speak of it."""


def packaged_text(name: str) -> str:
    """Return one of the data files of this package."""
    return importlib.resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def load_patterns(conducts: frozenset[str] | None = None) -> PatternSet:
    """Read the patterns of the program; ``conducts`` are the ids that they may name."""
    found = PatternSet(lists={}, patterns=(), guards=())
    for name in PATTERN_FILES:
        found = read_patterns(packaged_text(name), file=name, conducts=conducts, base=found)
    return found


def load_tables(*, names: Iterable[str] = ()) -> FoldTables:
    """Read the folding tables; ``names`` are the debtor's, so that talk about them is seen."""
    characters = _traditional(packaged_text("traditional.txt"))
    document = tomllib.loads(packaged_text("respellings.toml"))
    characters.update(_texts(document, "characters"))
    respellings = {
        spelling: word
        for word, spellings in document["respellings"].items()
        for spelling in spellings
    }
    plain = FoldTables(characters=characters, respellings={})
    for name in names:
        folded = plain.fold(name).text
        if len(folded) > 1:
            respellings[folded] = DEBTOR
    return FoldTables(characters=characters, respellings=respellings)


def load_suggester(*, names: Iterable[str] = (), extra: PatternSet | None = None) -> Suggester:
    """Return a suggester with the program's data, or with ``extra`` that was read on top."""
    return Suggester(extra or load_patterns(), load_tables(names=names))


def load_own_words() -> OwnWords:
    """Return what warns the borrower about their own words."""
    file = "own_words.toml"
    return OwnWords(read_own_words(packaged_text(file), file=file), load_tables())


def _texts(document: dict[str, object], key: str) -> dict[str, str]:
    table = document.get(key, {})
    if not isinstance(table, dict) or not all(isinstance(item, str) for item in table.values()):
        raise PatternFileError("respellings.toml", key, "应当是文字对文字的表")
    return {str(name): str(value) for name, value in table.items()}


def _traditional(text: str) -> dict[str, str]:
    pairs = [
        pair for line in text.splitlines() if not line.startswith("#") for pair in line.split(" ")
    ]
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}
