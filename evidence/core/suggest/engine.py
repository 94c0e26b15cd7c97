"""Suggest which conduct an utterance shows, with the pattern and the words that say so.

Rules:

1. A suggestion is a hint for the person who decides; it is never evidence (LAW.md, rule 7).
2. A pattern fires on folded text; what is shown are the original words and where they stand.
3. It does not fire where it is denied just before, where one of its own ``unless`` stands, or
   where a guard says that the words are not the collector's own act: the law, news, fiction, a
   question, a joke, a warning, customer care, or the borrower's own words.
4. What the borrower said is never a suggestion.
5. Announced unlawful harm used as leverage is also a threat; the same act already done is not.
"""

import dataclasses
import enum
import itertools
from collections.abc import Iterable, Iterator

from evidence.core.suggest.folding import Folded, FoldTables
from evidence.core.suggest.pattern_file import CHECKED, Guard, Pattern, PatternSet
from evidence.core.suggest.templates import Template

_ENDS = "。？"
_TRIES = 8
"""How many places of one template are looked at before it is given up."""

DENIAL = "denial"
DENIAL_INSIDE = "denial-inside"
ANNOUNCED = "leverage-announced"
DONE = "leverage-done"
THREAT = "threat"


class Speaker(enum.StrEnum):
    """Whose words they are, as far as is known."""

    COUNTERPART = "counterpart"
    SELF = "self"
    UNKNOWN = "unknown"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One conduct that an utterance may show."""

    conduct: str
    pattern: str
    explanation: str
    words: str
    """The original words that the pattern fired on, byte for byte."""
    start: int
    end: int
    """Where they stand in the original text (characters)."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Hit:
    pattern: Pattern
    start: int
    end: int


class Suggester:
    """Patterns made ready for many messages."""

    def __init__(self, patterns: PatternSet, tables: FoldTables, *, shortcut: bool = True) -> None:
        self._tables = tables
        self._index = _Index(patterns.patterns, use=shortcut)
        self._guards = tuple(
            guard
            for guard in patterns.guards
            if guard.id not in (DENIAL, DENIAL_INSIDE, ANNOUNCED, DONE)
        )
        special = {guard.id: guard for guard in patterns.guards}
        self._denial = special.get(DENIAL)
        self._refusal = special.get(DENIAL_INSIDE)
        self._announced = special.get(ANNOUNCED)
        self._done = special.get(DONE)

    def suggest(
        self,
        text: str,
        *,
        speaker: Speaker = Speaker.UNKNOWN,
        outgoing: bool = False,
        channel: str | None = None,
    ) -> tuple[Suggestion, ...]:
        """Return what ``text`` may show, by place; nothing for the borrower's own words."""
        if speaker is Speaker.SELF or outgoing:
            return ()
        folded = self._tables.fold(text)
        message = _Message(folded.text)
        bits = self._index.candidates(folded.text)
        hits = [
            hit
            for pattern, own, templates in self._index.numbered
            if own & bits
            if (
                hit := self._hit(
                    pattern, [t for bit, t in templates if bit & bits], message, channel
                )
            )
        ]
        if not hits:
            return ()
        hits = [hit for hit in hits if not self._guarded(hit, message)]
        found = [_suggestion(folded, hit) for hit in hits]
        found += self._leverage(folded, message, hits)
        return tuple(sorted(found, key=lambda one: (one.start, one.end, one.conduct, one.pattern)))

    def _hit(
        self,
        pattern: Pattern,
        templates: list[Template],
        message: "_Message",
        channel: str | None,
    ) -> _Hit | None:
        if pattern.channels and channel is not None and channel not in pattern.channels:
            return None
        for template in templates:
            for match in itertools.islice(template.expression.finditer(message.text), _TRIES):
                start, end = match.span()
                if self._stands(pattern, message, start, end):
                    return _Hit(pattern, start, end)
        return None

    def _stands(self, pattern: Pattern, message: "_Message", start: int, end: int) -> bool:
        if pattern.negation == CHECKED:
            before = message.text[max(message.sentence_start(start), start - 10) : start]
            if self._denial is not None and _any(self._denial, before):
                return False
            sentence = message.sentence(start, end)
            if self._refusal is not None and _any(self._refusal, sentence):
                return False
        if pattern.unless and _found(pattern.unless, message.sentence(start, end)):
            return False
        if pattern.requires and not _found(pattern.requires, message.text):
            return False
        return not _found(pattern.unless_anywhere, message.text)

    def _guarded(self, hit: _Hit, message: "_Message") -> bool:
        if hit.pattern.unguarded:
            return False
        for place, guard in enumerate(self._guards):
            if hit.pattern.conduct in guard.spares:
                continue
            if guard.sentence_only:
                if _any(guard, message.sentence(hit.start, hit.end)):
                    return True
            elif message.remember(place, guard):
                return True
        return False

    def _leverage(
        self, folded: Folded, message: "_Message", hits: list[_Hit]
    ) -> Iterator[Suggestion]:
        """Rule 5: one threat for the first announced act among ``hits``."""
        levers = [hit for hit in hits if hit.pattern.leverage]
        if not levers or self._announced is None or self._done is None:
            return
        if _any(self._announced, message.text) or not _any(self._done, message.text):
            first = levers[0]
            yield dataclasses.replace(
                _suggestion(folded, first),
                conduct=THREAT,
                pattern=self._announced.id,
                explanation=self._announced.explanation,
            )


class _Message:
    """A folded text with what was already found out about it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._verdicts: dict[int, bool] = {}

    def sentence_start(self, place: int) -> int:
        """Return where the sentence around ``place`` begins."""
        return max(self.text.rfind(mark, 0, place) for mark in _ENDS) + 1

    def sentence(self, start: int, end: int) -> str:
        """Return the sentence or sentences in which ``start:end`` stands, with the end mark."""
        ends = [at for mark in _ENDS if (at := self.text.find(mark, end)) >= 0]
        return self.text[self.sentence_start(start) : (min(ends) + 1 if ends else None)]

    def remember(self, place: int, guard: Guard) -> bool:
        """Tell whether a guard holds for the whole message; asked once."""
        if place not in self._verdicts:
            self._verdicts[place] = _any(guard, self.text)
        return self._verdicts[place]


class _Index:
    """Which templates a text can match at all, by one pass over its letters and pairs.

    Each template has one bit; each piece of text has the bits of the templates that ask for it.
    """

    def __init__(self, patterns: tuple[Pattern, ...], *, use: bool) -> None:
        self._bits_of: dict[str, int] = {}
        self._always = 0
        self.numbered: list[tuple[Pattern, int, tuple[tuple[int, Template], ...]]] = []
        bit = 1
        for pattern in patterns:
            own = 0
            marked: list[tuple[int, Template]] = []
            for template in pattern.match:
                if use and template.keys is not None:
                    for piece in template.keys:
                        self._bits_of[piece] = self._bits_of.get(piece, 0) | bit
                else:
                    self._always |= bit
                marked.append((bit, template))
                own |= bit
                bit <<= 1
            self.numbered.append((pattern, own, tuple(marked)))

    def candidates(self, text: str) -> int:
        """Return the bits of the templates that may match ``text``."""
        bits = self._always
        known = self._bits_of
        for piece in {*text, *map(str.__add__, text, text[1:])}:
            bits |= known.get(piece, 0)
        return bits


def _any(guard: Guard, text: str) -> bool:
    return _found(guard.match, text) and not _found(guard.unless, text)


def _found(templates: tuple[Template, ...], text: str) -> bool:
    return any(template.expression.search(text) for template in templates)


def _suggestion(folded: Folded, hit: _Hit) -> Suggestion:
    start, end = folded.span(hit.start, hit.end)
    return Suggestion(
        conduct=hit.pattern.conduct,
        pattern=hit.pattern.id,
        explanation=hit.pattern.explanation,
        words=folded.original[start:end],
        start=start,
        end=end,
    )


def _set(templates: Iterable[tuple[int, Template]], bits: int) -> list[Template]:
    """Return the templates whose bit is set."""
    return [template for bit, template in templates if bit & bits]
