"""The letter's free words: the program's proposal, and whether the person's may be printed.

Rules:

1. Claims that must never stand in a packet are refused, as are invisible characters, which a
   reader cannot see, and what nobody would read to the end.
2. What may be right or wrong is only pointed at: the person decides.
3. Words that differ from the proposal are marked as the person's own.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from evidence.core.letter_text import LetterText
from evidence.errors import LetterTextError
from reports import texts
from reports.complaint import LetterPart, PartKind
from reports.decide import addressees, requests
from reports.decide.context import Context
from reports.decide.review_points import Point
from reports.packet import Finding

_ARTICLE = re.compile(r"第[〇零一二三四五六七八九十百千\d]+条")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def proposal(context: Context, found: tuple[Finding, ...], names: Mapping[str, str]) -> LetterText:
    """Return the program's words for the blocks that a person can write."""
    opening: str = addressees.document(context)["opening"].format_map(names)
    return LetterText(opening=opening, requests=requests.proposed(context, found, names))


def with_own_words(
    context: Context, part: LetterPart, proposed: LetterText, names: Mapping[str, str]
) -> LetterPart:
    """Return a part with the words that are printed, marked if the person wrote them."""
    words = context.wishes.letter or proposed
    printed: Mapping[PartKind, tuple[str, ...]] = {
        PartKind.OPENING: _paragraphs(words.opening),
        PartKind.REQUESTS: words.requests,
        PartKind.OWN_WORDS: _paragraphs(words.closing),
    }
    own: Mapping[PartKind, bool] = {
        PartKind.OPENING: words.opening != proposed.opening,
        PartKind.REQUESTS: words.requests != proposed.requests,
        PartKind.OWN_WORDS: words.closing != proposed.closing,
    }
    if part.kind not in printed:
        return part
    note = texts.load("documents")["edited"]["note"].format_map(names)
    return LetterPart(
        kind=part.kind,
        heading=part.heading,
        lines=printed[part.kind],
        numbered=part.numbered,
        edited=note if own[part.kind] and printed[part.kind] else "",
    )


def check(context: Context, words: LetterText, path: str = "") -> None:
    """Refuse words that must not be printed.

    Raises:
        LetterTextError: with the first thing that is wrong.
    """
    says = texts.load("letter_file")
    problem, limits, names = says["problem"], says["limits"], says["block"]
    if not words.requests:
        raise LetterTextError(path=path, detail=problem["empty"])
    if len(words.requests) > limits["requests"]:
        raise LetterTextError(path=path, detail=problem["many"].format(limit=limits["requests"]))
    for name, limit, text in _blocks(words, limits):
        block = names[name]
        if len(text) > limit:
            raise LetterTextError(
                path=path, detail=problem["long"].format(block=block, limit=limit)
            )
        for claim in context.rules.refused_claims:
            if claim in text:
                raise LetterTextError(
                    path=path, detail=problem["claim"].format(block=block, claim=claim)
                )
        for character in text:
            if character != "\n" and unicodedata.category(character) in _INVISIBLE:
                code = f"U+{ord(character):04X}"
                raise LetterTextError(
                    path=path, detail=problem["character"].format(block=block, code=code)
                )


def doubts(context: Context, _found: Sequence[Finding]) -> Iterator[Point]:
    """Yield what the person should look at again in their own words."""
    words = context.wishes.letter
    if words is None:
        return
    text = "\n".join((words.opening, *words.requests, words.closing))
    claims = [claim for claim in context.rules.doubtful_claims if claim in text]
    if claims:
        yield Point.of("own-text-claims", claims="、".join(claims))
    articles = dict.fromkeys(_ARTICLE.findall(text))
    if articles:
        yield Point.of("own-text-articles", articles="、".join(articles))


def _blocks(words: LetterText, limits: Mapping[str, int]) -> Iterator[tuple[str, int, str]]:
    yield "opening", limits["opening"], words.opening
    for request in words.requests:
        yield "requests", limits["request"], request
    yield "closing", limits["closing"], words.closing


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line for line in text.split("\n") if line)
