"""Find pieces of plain text, one of which stands wherever a template can match.

Rules:

1. The answer is a set of one- or two-letter pieces, or None where nothing can be said; a text
   that holds none of the pieces cannot match. Saying None is always right, only slower.
2. Understood are letters, classes, groups, bars, look-arounds and the repetitions that templates
   allow. Whatever else stands in a template counts as "anything".
"""

import re
from collections.abc import Iterable

Keys = frozenset[str] | None

_LETTER = re.compile(r"[一-鿿a-z0-9🍆🍑👉]")
_REPEAT = re.compile(r"\?\??|\{(?P<least>[0-9]+)(?:,[0-9]*)?\}\??")
_CLASS = re.compile(r"\[(?P<not>\^)?(?P<items>(?:\\.|[^\]\\])+)\]")


def required_keys(expression: str) -> Keys:
    """Return the pieces for a regular expression."""
    keys, place = _branches(expression, 0)
    return keys if place == len(expression) else None


def _branches(text: str, place: int) -> tuple[Keys, int]:
    """Read alternatives up to a closing bracket or the end."""
    found: list[Keys] = []
    while True:
        keys, place = _sequence(text, place)
        found.append(keys)
        if text[place : place + 1] != "|":
            return _union(found), place
        place += 1


def _sequence(text: str, place: int) -> tuple[Keys, int]:
    """Read one alternative; any piece that it must hold will do, the rarest is kept."""
    choices: list[Keys] = []
    run = ""
    while place < len(text) and text[place] not in "|)":
        keys, letter, place = _item(text, place)
        repeat = _REPEAT.match(text, place)
        optional = repeat is not None and repeat["least"] in (None, "0")
        place = repeat.end() if repeat else place
        if letter and not optional:
            run += letter
            continue
        choices += _run_keys(run)
        run = ""
        if not optional:
            choices.append(keys)
    choices += _run_keys(run)
    return _best(choices), place


def _item(text: str, place: int) -> tuple[Keys, str, int]:
    """Read one letter, class or group: its keys, or the letter itself."""
    for mark in ("(?!", "(?=", "(?<!", "(?<="):
        if text.startswith(mark, place):
            _, end = _branches(text, place + len(mark))
            return None, "", end + 1
    if text.startswith("(?:", place) or text[place] == "(":
        keys, end = _branches(text, place + (3 if text.startswith("(?:", place) else 1))
        return keys, "", end + 1
    if (match := _CLASS.match(text, place)) is not None:
        items = match["items"]
        plain = not match["not"] and all(_LETTER.match(item) for item in items)
        return (frozenset(items) if plain else None), "", match.end()
    if text[place] == "\\":
        return None, "", place + 2
    letter = text[place] if _LETTER.match(text[place]) else ""
    return None, letter, place + 1


def _run_keys(run: str) -> list[Keys]:
    """Return the first pair of a run of letters, or its only letter."""
    return [frozenset({run[:2]})] if run else []


def _union(found: Iterable[Keys]) -> Keys:
    together: set[str] = set()
    for keys in found:
        if keys is None:
            return None
        together |= keys
    return frozenset(together)


def _best(choices: Iterable[Keys]) -> Keys:
    known = [keys for keys in choices if keys is not None]
    if not known:
        return None
    # Pairs are rarer than letters, and few pieces rarer than many.
    return min(known, key=lambda keys: (sum(1 if len(key) > 1 else 6 for key in keys), len(keys)))
