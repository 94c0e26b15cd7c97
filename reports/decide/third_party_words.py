"""Names and numbers of third parties, and identity numbers, wherever they stand in a text.

Rules:

1. A third party is known by a number whose role the complainant stated. Their names are those
   that the complainant gave the number and those that an exhibit or export has beside it.
2. A word that says a relation and names nobody (妈妈, 同事) is left: what was said to whom is the
   evidence. So is a name that is masked already (王某).
3. What is hidden is marked where it stood, so that no quotation changes silently.
"""

import dataclasses
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from evidence.core import phone
from evidence.core.case_view import CaseView
from evidence.core.records import THIRD_PARTY_ROLES
from reports import texts

SHORT = 2
"""A name of one character is in every text."""

_BESIDE = re.compile(r"[（(【\[/／、,，;；\s]")
"""What follows a name in an address book."""

_MASKED = frozenset("某*＊×")
_PREFIXES = ("我", "老", "大", "小", "二", "三")
_LONG = 10
"""Shorter numbers may be part of some other number."""

_IDENTITY = (
    r"(?<![0-9０-９])[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r"[0-9]{3}[0-9Xx](?![0-9０-９])"
)
"""A resident identity number by its form (GB 11643): area, day of birth, order, check."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Hider:
    """Finds and hides what must not be printed."""

    numbers: re.Pattern[str]
    names: re.Pattern[str] | None
    mark: str
    """Said behind whatever is hidden."""

    def hide(self, text: str) -> tuple[str, int]:
        """Return the text with marks where something was hidden, and how often that was."""
        text, count = self.numbers.subn(lambda m: phone.mask(_plain(m[0])) + self.mark, text)
        if self.names is None:
            return text, count
        text, more = self.names.subn(lambda m: _initial(m[0]) + self.mark, text)
        return text, count + more

    def finds(self, text: str) -> bool:
        """Tell whether there is anything to hide in a text."""
        return bool(self.numbers.search(text) or (self.names and self.names.search(text)))


def hider(view: CaseView, *, third_parties: bool) -> Hider:
    """Return what hides identity numbers and, if asked for, third parties."""
    who = view.complainant.record if view.complainant is not None else None
    known = [re.escape(who.id_number)] if who is not None and len(who.id_number) > _LONG else []
    return _hider(view, (*known, _IDENTITY), _third_parties(view) if third_parties else ())


def persons(view: CaseView) -> Mapping[str, Hider]:
    """Return what finds each third party alone, by the number that the case knows them by."""
    return {number: _hider(view, (), (number,)) for number in _third_parties(view)}


def of_others(view: CaseView, text: str) -> bool:
    """Tell whether an identity number stands in a text that is not the complainant's."""
    own = view.complainant.record.id_number.upper() if view.complainant is not None else ""
    return any(m[0].upper() != own for m in re.finditer(_IDENTITY, text))


def _hider(view: CaseView, patterns: tuple[str, ...], numbers: tuple[str, ...]) -> Hider:
    who = view.complainant.record if view.complainant is not None else None
    names = set(_names(view, frozenset(numbers))) - {who.name if who is not None else ""}
    longest = sorted(numbers, key=lambda n: (-len(n), n))
    return Hider(
        numbers=re.compile("|".join((*patterns, *map(_spaced, longest)))),
        names=_any_of(sorted(names, key=lambda n: (-len(n), n))) if names else None,
        mark=texts.load("masks")["words"]["mark"],
    )


def _third_parties(view: CaseView) -> tuple[str, ...]:
    return tuple(n for n, k in view.numbers.items() if k.record.role in THIRD_PARTY_ROLES)


def _names(view: CaseView, numbers: frozenset[str]) -> Iterator[str]:
    kin = frozenset(texts.load("review_places")["kin"])
    given = [view.numbers[number].record.name for number in numbers]
    parties = [*(e.record.party for e in view.exhibits), *(r.record.party for r in view.rows)]
    given += [party.name for party in parties if party.number in numbers]
    for text in given:
        name = _BESIDE.split(text.strip(), maxsplit=1)[0]
        bare = name[1:] if name.startswith(_PREFIXES) else name
        if len(name) >= SHORT and not _MASKED & set(name) and not {name, bare} & kin:
            yield name


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in words))


def _spaced(number: str) -> str:
    """Return what finds a number however its digits are grouped or written."""
    digits = [f"[{d}{chr(ord(d) + 0xFEE0)}]" if d.isdigit() else re.escape(d) for d in number]
    body = r"[ \-\u2010-\u2015\u00a0\u3000]?".join(digits)
    return body if len(number) >= _LONG else rf"(?<![0-9０-９]){body}(?![0-9０-９])"


def _plain(text: str) -> str:
    """Return the characters of a number without what groups them."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())


def _initial(name: str) -> str:
    """Return 李某某 of a Chinese name, the first letter of any other."""
    if "\u4e00" <= name[0] <= "\u9fff":
        return name[0] + "某" * (len(name) - 1)
    return f"{name[0]}***"
