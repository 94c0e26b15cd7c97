"""Warn the borrower about their own words that can hurt them; never a sign of a conduct.

Rules:

1. Looked at are outgoing messages, the borrower's own lines, and their notes; of notes only what
   they say of themselves, because a note repeats what others said.
2. A caution is for the borrower alone: it never goes into a packet and cannot be confirmed.
3. The words are data, ``own_words.toml``, matched on folded text and quoted as they stand.
"""

import dataclasses
import re
import tomllib
from collections.abc import Iterator, Mapping

from evidence.core.suggest.folding import FoldTables
from evidence.core.suggest.pattern_file import PatternFileError

SCHEMA = 1
KINDS = ("own_insult", "own_threat", "own_promise", "own_admission")
_FIELDS = frozenset(
    {"id", "kind", "explanation", "match", "unless", "first_person", "examples", "counter_examples"}
)
_BEFORE = 12
"""Folded characters before a hit in which an exception is looked for, in its own sentence."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """One passage of the borrower's own words."""

    kind: str
    pattern: str
    explanation: str
    words: str
    """The original words, byte for byte."""
    start: int
    """Where they stand in the original text, in characters."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What one kind of hurtful words looks like."""

    id: str
    kind: str
    explanation: str
    match: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]
    first_person: bool
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]


class OwnWords:
    """Rules made ready for many messages."""

    def __init__(self, rules: tuple[Rule, ...], tables: FoldTables) -> None:
        self._rules = rules
        self._tables = tables

    def cautions(self, text: str, *, note: bool = False) -> Iterator[Caution]:
        """Yield the first passage of each kind in ``text``; of a note only the first person's."""
        folded = self._tables.fold(text)
        for rule in self._rules:
            if note and not rule.first_person:
                continue
            hit = next(_hits(rule, folded.text), None)
            if hit is not None:
                start, _end = folded.span(*hit)
                yield Caution(
                    kind=rule.kind,
                    pattern=rule.id,
                    explanation=rule.explanation,
                    words=folded.words(*hit),
                    start=start,
                )


def read_own_words(text: str, *, file: str) -> tuple[Rule, ...]:
    """Parse the rules.

    Raises:
        PatternFileError: if the file is not of the right form.
    """
    document = tomllib.loads(text)
    if document.get("schema") != SCHEMA or document.keys() != {"schema", "caution"}:
        raise PatternFileError(file, "顶层", f"只认得 schema = {SCHEMA} 和 caution")
    return tuple(_rule(row, file) for row in document["caution"])


def _rule(row: Mapping[str, object], file: str) -> Rule:
    place = str(row.get("id", "?"))
    unknown = row.keys() - _FIELDS
    if unknown or not row.get("match") or row.get("kind") not in KINDS:
        raise PatternFileError(
            file, place, f"字段不对：{'、'.join(sorted(unknown)) or 'match、kind'}"
        )
    try:
        match, unless = _regexes(row, "match"), _regexes(row, "unless")
    except re.error as error:
        raise PatternFileError(file, place, f"正则表达式不对：{error}") from error
    return Rule(
        id=place,
        kind=str(row["kind"]),
        explanation=str(row["explanation"]),
        match=match,
        unless=unless,
        first_person=row.get("first_person") is True,
        examples=_texts(row, "examples"),
        counter_examples=_texts(row, "counter_examples"),
    )


def _texts(row: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = row.get(key, [])
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def _regexes(row: Mapping[str, object], key: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(text) for text in _texts(row, key))


def _hits(rule: Rule, text: str) -> Iterator[tuple[int, int]]:
    for pattern in rule.match:
        for match in pattern.finditer(text):
            first = max(text.rfind("。", 0, match.start()) + 1, match.start() - _BEFORE)
            after = text.find("。", match.end())
            near = text[
                first : after if 0 <= after < match.end() + _BEFORE else match.end() + _BEFORE
            ]
            if match.end() > match.start() and not any(u.search(near) for u in rule.unless):
                yield match.start(), match.end()
