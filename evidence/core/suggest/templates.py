"""Readable templates of what a pattern matches, and the regular expressions made of them.

Rules:

1. A template is a regular expression over folded text in which ``{kin}`` stands for any word of
   the list ``kin``, and ``{~8}`` for up to eight characters of the same sentence.
2. A template costs time linear in the text: ``*``, ``+``, ``{n,}``, repetitions over 40 and back
   references are refused, so nothing can backtrack without bound.
3. ``keys`` are pieces of text, one of which any match holds. They are only a short cut: trying
   every template gives the same answer.
"""

import dataclasses
import re
from collections.abc import Mapping

from evidence.core.suggest.keys import Keys, required_keys

GAP_LIMIT = 40
GAPS_PER_TEMPLATE = 5

_TOKEN = re.compile(r"\{(?P<gap>~(?P<upto>[0-9]{1,3}))\}|\{(?P<name>[a-z_][a-z0-9_]*)\}")
_GAP = re.compile(r"\{~")
_BOUNDED = re.compile(r"\{(?:[0-9]+,)?(?P<most>[0-9]+)\}")
_CLASS = re.compile(r"\[(?:\\.|[^\]\\])+\]")
_UNBOUNDED = re.compile(r"(?<!\\)[*+]|\{[0-9]*,\}|\(\?P[=<>]|\\[1-9]")


class TemplateError(ValueError):
    """A template that this program does not accept; the text says why."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class WordList:
    """A named list of words; each word may be a small regular expression."""

    name: str
    words: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse a word that is not bounded."""
        for word in self.words:
            check_bounded(word)
            if "{~" not in word and _TOKEN.search(word):
                raise TemplateError(f"词表 {self.name} 里的“{word}”不能再引用别的词表")

    @property
    def expression(self) -> str:
        """Return the alternatives as one group."""
        return "(?:" + "|".join(_with_gaps(word) for word in self.words) + ")"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A compiled template."""

    source: str
    expression: re.Pattern[str]
    keys: Keys


def compile_template(source: str, lists: Mapping[str, WordList]) -> Template:
    """Compile ``source``; raise TemplateError with the reason if it is not acceptable."""
    check_bounded(source)
    gaps = [len(_GAP.findall(branch)) for branch in _top_branches(source)]
    if max(gaps) > GAPS_PER_TEMPLATE:
        raise TemplateError(f"一个写法里最多 {GAPS_PER_TEMPLATE} 处间隔：{source}")

    def put(match: re.Match[str]) -> str:
        if match["gap"]:
            return _gap(int(match["upto"]))
        if match["name"] not in lists:
            raise TemplateError(f"没有叫 {match['name']} 的词表：{source}")
        return lists[match["name"]].expression

    plain = _TOKEN.sub(put, source)
    try:
        expression = re.compile(plain)
    except re.error as error:
        raise TemplateError(f"不是合格的正则表达式（{error}）：{source}") from error
    if expression.match(""):
        raise TemplateError(f"这个写法连空文字都会匹配：{source}")
    return Template(source=source, expression=expression, keys=required_keys(plain))


def check_bounded(source: str) -> None:
    """Refuse whatever could make matching slow on hostile text."""
    bare = _CLASS.sub("_", source)
    if _UNBOUNDED.search(bare):
        raise TemplateError(f"不能用 * + {{n,}} 或反向引用，请写明最多几次：{source}")
    for match in (*_BOUNDED.finditer(bare), *_TOKEN.finditer(bare)):
        most = match.groupdict().get("most") or match.groupdict().get("upto")
        if most is not None and int(most) > GAP_LIMIT:
            raise TemplateError(f"重复或间隔最多 {GAP_LIMIT} 个字：{source}")
    if "){" in _TOKEN.sub("_", bare):
        raise TemplateError(f"不能重复一个括号：{source}")


def _gap(upto: int) -> str:
    return f"[^。？]{{0,{upto}}}?"


def _with_gaps(word: str) -> str:
    return _TOKEN.sub(lambda match: _gap(int(match["upto"])), word)


def _top_branches(source: str) -> tuple[str, ...]:
    """Split at the bars that stand outside of every bracket."""
    branches: list[str] = []
    depth = last = 0
    for place, char in enumerate(source):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(char, 0)
        if char == "|" and depth == 0:
            branches.append(source[last:place])
            last = place + 1
    return (*branches, source[last:])
