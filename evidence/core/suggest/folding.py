"""Fold an utterance so that disguised words can be matched, and find the original words again.

Rules:

1. Folding is for matching only. What is quoted is the original, by ``Folded.span``; nothing of
   the original is changed, dropped or re-ordered there.
2. Each folded character knows the piece of the original that it came from. The pieces never
   overlap backwards: ``starts`` and ``ends`` never decrease.
3. What folding undoes, in this order: full-width and compatibility forms, letter case,
   traditional characters; spaces, signs and emoji between the characters; commas between single
   characters; a character repeated three times or more; known respellings of words (data).
4. Sentence marks become ``。`` or ``？`` and clause marks ``,``, so that a pattern sees where a
   sentence ends. Quotation marks vanish; brackets become ``【`` and ``】``.
5. Any text at all can be folded, in time linear in its length.
"""

import dataclasses
import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

_MARKS = {
    **dict.fromkeys("。！!；;\n\r\u2028\u2029", "。"),
    **dict.fromkeys("？?", "？"),
    **dict.fromkeys("，,…、", ","),
    **dict.fromkeys("：:", ":"),
    **dict.fromkeys("【〖［[（({｛「『", "【"),
    **dict.fromkeys("】〗］])）}｝」』", "】"),
    **dict.fromkeys("《〈", "《"),
    **dict.fromkeys("》〉", "》"),
    **dict.fromkeys("“”\"'‘’＂＇`´", ""),
    "%": "%",
    "+": "+",
    "@": "@",
}
_SPACED = re.compile(r"(?<![一-鿿])[一-鿿](?:[,。？][一-鿿]){3,}(?![一-鿿])")
_SPELT = re.compile(r"(?<![a-z0-9])[a-z](?: [a-z])+(?![a-z0-9])")
_REPEATED = re.compile(r"([一-鿿a-z])\1{2,}")
_LATIN = re.compile(r"[0-9a-z]")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A folded text with the place of each of its characters in the original."""

    original: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where folded ``start:end`` stands in the original."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"no such span: {start}:{end} of {len(self.text)}")
        return self.starts[start], self.ends[end - 1]

    def words(self, start: int, end: int) -> str:
        """Return the original words that were folded to ``start:end``, byte for byte."""
        first, last = self.span(start, end)
        return self.original[first:last]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FoldTables:
    """The data of folding: single characters, and respelt words with what they stand for."""

    characters: Mapping[str, str]
    respellings: Mapping[str, str]
    _finder: re.Pattern[str] = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        """Refuse an empty respelling."""
        for spelling, word in self.respellings.items():
            if not spelling or not word:
                raise ValueError(f"empty respelling: {spelling!r} -> {word!r}")
        longest_first = sorted(self.respellings, key=lambda item: (-len(item), item))
        choices = "|".join(_bounded(item) for item in longest_first) or r"(?!)"
        object.__setattr__(self, "_finder", re.compile(choices))
        object.__setattr__(self, "characters", MappingProxyType(dict(self.characters)))
        object.__setattr__(self, "respellings", MappingProxyType(dict(self.respellings)))

    def fold(self, original: str) -> Folded:
        """Fold ``original`` for matching."""
        text, starts, ends = self._characters(original)
        work = _Work(text, starts, ends)
        work.drop_between_characters()
        work.collapse_repeats()
        work.respell(self._finder, self.respellings)
        return Folded(
            original=original, text=work.text, starts=tuple(work.starts), ends=tuple(work.ends)
        )

    def _characters(self, original: str) -> tuple[str, list[int], list[int]]:
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        known = self.characters
        for place, char in enumerate(original):
            piece = known.get(char)
            if piece is None:
                piece = char if "一" <= char <= "鿿" else _plain(char, known)
            for _ in piece:
                starts.append(place)
                ends.append(place + 1)
            pieces.append(piece)
        return "".join(pieces), starts, ends


class _Work:
    """A text being folded; each step keeps the two lists in step with it."""

    def __init__(self, text: str, starts: list[int], ends: list[int]) -> None:
        self.text = text
        self.starts = starts
        self.ends = ends

    def drop_between_characters(self) -> None:
        """Drop spaces except between Latin words, and commas that part single characters."""
        text = self.text
        if " " in text:
            dropped = {
                place
                for place, char in enumerate(text)
                if char == " " and not _between_latin(text, place)
            }
            self._drop(dropped)
            self._drop(_every_second(_SPELT, self.text))
        if "," in text or "。" in text:
            self._drop(_every_second(_SPACED, self.text))

    def collapse_repeats(self) -> None:
        """Make one character of three or more equal ones (two for laughter, which is a sign)."""
        dropped: set[int] = set()
        for match in _REPEATED.finditer(self.text):
            kept = 2 if match.group(1) == "哈" else 1
            dropped.update(range(match.start() + kept, match.end()))
        self._drop(dropped)

    def respell(self, finder: re.Pattern[str], words: Mapping[str, str]) -> None:
        """Put known words in place of their respellings; each letter maps to the whole of it."""
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        done = 0
        for match in finder.finditer(self.text):
            first, last = match.span()
            word = words[match.group()]
            pieces += (self.text[done:first], word)
            starts += self.starts[done:first] + [self.starts[first]] * len(word)
            ends += self.ends[done:first] + [self.ends[last - 1]] * len(word)
            done = last
        if done:
            self.text = "".join((*pieces, self.text[done:]))
            self.starts = starts + self.starts[done:]
            self.ends = ends + self.ends[done:]

    def _drop(self, places: set[int]) -> None:
        if not places:
            return
        kept = [place for place in range(len(self.text)) if place not in places]
        self.text = "".join([self.text[place] for place in kept])
        self.starts = [self.starts[place] for place in kept]
        self.ends = [self.ends[place] for place in kept]


def _plain(char: str, known: Mapping[str, str]) -> str:
    """Fold one character that no table names."""
    mark = _MARKS.get(char)
    if mark is not None:
        return mark
    if char.isascii() and char.isalnum():
        return char.lower()
    if char.isspace():
        return " "
    return "".join(_kept(part, known) for part in unicodedata.normalize("NFKC", char).lower())


def _kept(part: str, known: Mapping[str, str]) -> str:
    if part in known:
        return known[part]
    if part in _MARKS:
        return _MARKS[part]
    # Letters and digits stay; signs, emoji, joiners and unassigned code points vanish.
    return part if unicodedata.category(part)[0] == "N" or part.isalpha() else ""


def _every_second(pattern: re.Pattern[str], text: str) -> set[int]:
    """Return the separators in texts like ``a b c``, of which ``pattern`` matches the whole."""
    return {
        place
        for match in pattern.finditer(text)
        for place in range(match.start() + 1, match.end(), 2)
    }


def _between_latin(text: str, place: int) -> bool:
    before, after = text[max(place - 1, 0) : place], text[place + 1 : place + 2]
    return bool(_LATIN.match(before) and _LATIN.match(after))


def _bounded(spelling: str) -> str:
    """Return a regular expression for a respelling that does not fire inside a Latin word."""
    left = r"(?<![a-z])" if _LATIN.match(spelling[0]) else ""
    right = r"(?![a-z])" if _LATIN.match(spelling[-1]) else ""
    return f"{left}{re.escape(spelling)}{right}"
