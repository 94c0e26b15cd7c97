"""Read a file of patterns (TOML): the one that comes with the program or a user's own.

Rules:

1. Every table is read strictly: a field that is missing, unknown or of another type is an error
   that names the file, the table and the field.
2. A later file may add words to a list and add patterns and guards. A pattern, guard or caution
   whose id is already there takes its place; ``off = ["id", …]`` switches some off.
3. Each pattern brings sentences on which it must fire and sentences on which it must not.
"""

import dataclasses
import tomllib
from collections.abc import Mapping, Sequence

from evidence.core.suggest.templates import Template, TemplateError, WordList, compile_template

SCHEMA = 1
MAX_BYTES = 1024 * 1024
"""Largest file that is read; what this program brings has a twentieth of it."""

FREE = "free"
CHECKED = "checked"


class PatternFileError(ValueError):
    """A file of patterns that cannot be used; the Chinese text says where and why."""

    def __init__(self, file: str, place: str, reason: str) -> None:
        super().__init__(f"{file}：{place}：{reason}")
        self.file = file
        self.place = place
        self.reason = reason


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """What a sign of one conduct looks like."""

    id: str
    conduct: str
    explanation: str
    match: tuple[Template, ...]
    unless: tuple[Template, ...] = ()
    """Not in a sentence in which one of these stands."""
    unless_anywhere: tuple[Template, ...] = ()
    """Not in a message in which one of these stands."""
    requires: tuple[Template, ...] = ()
    """Only in a message in which one of these stands, if there are any."""
    negation: str = CHECKED
    """``checked``: a denial just before it silences it; ``free``: the denial is the sign."""
    channels: frozenset[str] = frozenset()
    leverage: bool = False
    """Whether announcing it is itself a threat (README of the labels)."""
    unguarded: bool = False
    """Whether no guard silences it."""
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """A kind of message or sentence in which words of harm are not harm."""

    id: str
    explanation: str
    match: tuple[Template, ...]
    unless: tuple[Template, ...] = ()
    sentence_only: bool = False
    spares: frozenset[str] = frozenset()
    """Conducts that are suggested all the same."""
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PatternSet:
    """All lists, patterns and guards in force."""

    lists: Mapping[str, WordList]
    patterns: tuple[Pattern, ...]
    guards: tuple[Guard, ...]


EMPTY = PatternSet(lists={}, patterns=(), guards=())


def read_patterns(
    text: str, *, file: str, conducts: frozenset[str] | None, base: PatternSet = EMPTY
) -> PatternSet:
    """Parse ``text`` on top of ``base``; ``conducts`` are the ids that a pattern may name."""
    if len(text) > MAX_BYTES:
        raise PatternFileError(file, "TOML", f"文件超过 {MAX_BYTES // 1024} KB")
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise PatternFileError(file, "TOML", f"格式不对：{error}") from error
    top = _Table(document, file, "顶层")
    if top.integer("schema") != SCHEMA:
        raise top.bad("schema", f"只认得 schema = {SCHEMA}")
    lists = _lists(top.table("words"), file, base.lists)
    reader = _Reader(file, lists, conducts)
    patterns = {item.id: item for item in base.patterns}
    guards = {item.id: item for item in base.guards}
    fresh_patterns = [reader.pattern(entry) for entry in top.tables("pattern")]
    fresh_guards = [reader.guard(entry) for entry in top.tables("guard")]
    for ids in ([p.id for p in fresh_patterns], [g.id for g in fresh_guards]):
        repeated = {one for one in ids if ids.count(one) > 1}
        if repeated:
            raise PatternFileError(file, min(repeated), "id 重复")
    patterns.update({item.id: item for item in fresh_patterns})
    guards.update({item.id: item for item in fresh_guards})
    off = top.texts("off")
    unknown = [one for one in off if one not in patterns and one not in guards]
    if unknown:
        raise top.bad("off", f"没有这个 id：{unknown[0]}")
    top.finish()
    return PatternSet(
        lists=lists,
        patterns=tuple(item for item in patterns.values() if item.id not in off),
        guards=tuple(item for item in guards.values() if item.id not in off),
    )


def _lists(table: "_Table", file: str, base: Mapping[str, WordList]) -> Mapping[str, WordList]:
    found = dict(base)
    for name in table.names():
        words = table.texts(name)
        before = found[name].words if name in found else ()
        try:
            found[name] = WordList(name=name, words=tuple(dict.fromkeys((*before, *words))))
        except TemplateError as error:
            raise PatternFileError(file, f"words.{name}", str(error)) from error
        if not found[name].words:
            raise PatternFileError(file, f"words.{name}", "词表是空的")
    return found


class _Reader:
    """Makes patterns and guards of tables."""

    def __init__(
        self, file: str, lists: Mapping[str, WordList], conducts: frozenset[str] | None
    ) -> None:
        self._file = file
        self._lists = lists
        self._conducts = conducts

    def pattern(self, table: "_Table") -> Pattern:
        """Read one ``[[pattern]]``."""
        one = table.named()
        conduct = one.text("conduct")
        if self._conducts is not None and conduct not in self._conducts:
            raise one.bad("conduct", f"没有这种行为：{conduct}")
        negation = one.text("negation", CHECKED)
        if negation not in (CHECKED, FREE):
            raise one.bad("negation", f"只能是 {CHECKED} 或 {FREE}")
        pattern = Pattern(
            id=one.name,
            conduct=conduct,
            explanation=one.text("explanation"),
            match=self._templates(one, "match", required=True),
            unless=self._templates(one, "unless"),
            unless_anywhere=self._templates(one, "unless_anywhere"),
            requires=self._templates(one, "requires"),
            negation=negation,
            channels=frozenset(one.texts("channels")),
            leverage=one.flag("leverage"),
            unguarded=one.flag("unguarded"),
            examples=one.texts("examples", required=True),
            counter_examples=one.texts("counter_examples"),
        )
        one.finish()
        return pattern

    def guard(self, table: "_Table") -> Guard:
        """Read one ``[[guard]]``."""
        one = table.named()
        guard = Guard(
            id=one.name,
            explanation=one.text("explanation"),
            match=self._templates(one, "match", required=True),
            unless=self._templates(one, "unless"),
            sentence_only=one.flag("sentence_only"),
            spares=frozenset(one.texts("spares")),
            examples=one.texts("examples", required=True),
            counter_examples=one.texts("counter_examples"),
        )
        one.finish()
        return guard

    def _templates(
        self, table: "_Table", key: str, *, required: bool = False
    ) -> tuple[Template, ...]:
        try:
            return tuple(
                compile_template(source, self._lists)
                for source in table.texts(key, required=required)
            )
        except TemplateError as error:
            raise table.bad(key, str(error)) from error


class _Table:
    """One TOML table, whose fields are taken out by name and type."""

    def __init__(self, fields: Mapping[str, object], file: str, name: str) -> None:
        self._left = dict(fields)
        self._file = file
        self.name = name

    def named(self) -> "_Table":
        """Return this table under its own id."""
        self.name = self.text("id")
        return self

    def names(self) -> Sequence[str]:
        """Return the names of the fields not yet taken."""
        return tuple(self._left)

    def integer(self, key: str) -> int:
        """Take a whole number."""
        value = self._left.pop(key, None)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.bad(key, "应当是整数")
        return value

    def text(self, key: str, default: str = "") -> str:
        """Take a text; without a default it must be there and not empty."""
        value = self._left.pop(key, default)
        if not isinstance(value, str) or not value:
            raise self.bad(key, "缺少，或不是文字")
        return value

    def flag(self, key: str) -> bool:
        """Take true or false; absent is false."""
        value = self._left.pop(key, False)
        if not isinstance(value, bool):
            raise self.bad(key, "应当是 true 或 false")
        return value

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """Take a list of texts, none empty; absent is the empty list."""
        value = self._left.pop(key, [])
        if not isinstance(value, list) or (required and not value):
            raise self.bad(key, "应当是至少有一项的列表" if required else "应当是列表")
        if not all(isinstance(item, str) and item for item in value):
            raise self.bad(key, "列表里只能是非空的文字")
        return tuple(str(item) for item in value)

    def table(self, key: str) -> "_Table":
        """Take a table; absent is the empty one."""
        value = self._left.pop(key, {})
        if not isinstance(value, dict):
            raise self.bad(key, "应当是表")
        return _Table(value, self._file, key)

    def tables(self, key: str) -> "Sequence[_Table]":
        """Take a list of tables; absent is the empty list."""
        value = self._left.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.bad(key, f"应当写成 [[{key}]]")
        return tuple(
            _Table(item, self._file, f"{key} 第 {place} 个") for place, item in enumerate(value, 1)
        )

    def finish(self) -> None:
        """Refuse fields that nobody asked for."""
        if self._left:
            raise self.bad(min(self._left), "不认识的字段")

    def bad(self, key: str, reason: str) -> PatternFileError:
        """Return the error for one field."""
        return PatternFileError(self._file, f"{self.name}.{key}", reason)
