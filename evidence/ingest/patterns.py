"""The naming conventions of recorders and screenshots, read from TOML.

Rules:

1. The built-in conventions and a person's own are files of the same form, read by the same code.
2. A file is used whole or not at all. What is wrong with it is said with the line, or with the
   pattern and the key; an unknown key or group is a mistake, never passed over.
3. This module is told which file to read; it looks nothing up.
"""

import dataclasses
import functools
import hashlib
import importlib.resources
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from evidence.core.moment import Meaning
from evidence.core.records import Medium
from evidence.errors import FileUnreadableError, PatternFileError
from evidence.outside import read_small

MAX_FILE = 256 * 1024
MAX_REGEX = 1000

_KINDS = {"recording": Medium.RECORDING, "screenshot": Medium.SCREENSHOT}
_TABLES = frozenset({"packages", "pattern", "path_pattern"})
_KEYS = frozenset({"name", "kind", "regex", "meaning", "app", "warn", "truncated"})
_GROUPS = frozenset(
    {"y", "m", "d", "h", "i", "s", "f", "tz", "ms", "epoch_s"}
    | {"who", "who2", "name", "number", "name2", "number2", "parties"}
    | {"dir", "sim", "app"}
)
_NEEDS: Mapping[str, str] = {
    "y": "m",
    "m": "d",
    "d": "m",
    "h": "i",
    "i": "h",
    "s": "i",
    "f": "s",
    "tz": "s",
    "number": "name",
    "name2": "number2",
    "number2": "name2",
}
"""A group on the left is understood only together with the one on the right."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One naming convention."""

    name: str
    kind: Medium
    regex: re.Pattern[str]
    meaning: Meaning = Meaning.UNKNOWN
    app: str = ""
    warn: str = ""
    truncated: bool = False
    """Whether the number in such a name is always cut."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """All conventions, in the order in which they are tried."""

    names: tuple[Pattern, ...]
    paths: tuple[Pattern, ...]
    packages: Mapping[str, str]
    """md5 of a package name → package (ColorOS writes the hash)."""


class _WrongError(Exception):
    """What is wrong with a file; the text says where and what, in Chinese."""


@functools.cache
def built_in() -> Patterns:
    """Return the conventions that come with the program."""
    text = importlib.resources.files("evidence.ingest").joinpath("filename_patterns.toml")
    return _parse(text.read_bytes())


def load_patterns(own: Path) -> Patterns:
    """Return the built-in conventions, with those of a person's ``own`` file tried first.

    Raises:
        PatternFileError: if the file cannot be read or is not of the right form.
    """
    try:
        more = _parse(read_small(own, MAX_FILE))
    except _WrongError as error:
        raise PatternFileError(path=str(own), detail=str(error)) from error
    except FileUnreadableError as error:
        raise PatternFileError(path=str(own), detail=f"无法读取：{error.detail}") from error
    known = built_in()
    return Patterns(
        names=more.names + known.names,
        paths=more.paths + known.paths,
        packages={**known.packages, **more.packages},
    )


def _parse(data: bytes) -> Patterns:
    if len(data) > MAX_FILE:
        raise _WrongError(f"文件超过 {MAX_FILE // 1024} KB")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _WrongError(f"第 {line} 行不是 UTF-8 编码，请用 UTF-8 另存") from error
    try:
        tables = tomllib.loads(text)
    except RecursionError as error:
        raise _WrongError("括号套得太深") from error
    except tomllib.TOMLDecodeError as error:
        raise _WrongError(_toml_problem(str(error))) from error
    unknown = sorted(set(tables) - _TABLES)
    if unknown:
        raise _WrongError(f"不认识的项“{unknown[0]}”")
    names = _rows(tables, "pattern")
    paths = _rows(tables, "path_pattern")
    seen = [pattern.name for pattern in (*names, *paths)]
    for name in seen:
        if seen.count(name) > 1:
            raise _WrongError(f"有两条规则都叫“{name}”（键 name）")
    return Patterns(names=names, paths=paths, packages=_packages(tables.get("packages", [])))


def _toml_problem(text: str) -> str:
    place = re.search(r"\(at line (\d+), column (\d+)\)", text)
    where = f"第 {place[1]} 行第 {place[2]} 列" if place else "文件末尾"
    return f"{where}不符合 TOML 格式"


def _packages(value: object) -> dict[str, str]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise _WrongError("键 packages 应为包名的列表")
    return {hashlib.md5(p.encode(), usedforsecurity=False).hexdigest(): p for p in value}


def _rows(tables: Mapping[str, object], table: str) -> tuple[Pattern, ...]:
    rows = tables.get(table, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _WrongError(f"“{table}”应写成 [[{table}]]")
    return tuple(_pattern(row, f"第 {n} 条 [[{table}]]") for n, row in enumerate(rows, 1))


def _pattern(row: Mapping[str, object], where: str) -> Pattern:
    unknown = sorted(set(row) - _KEYS)
    if unknown:
        raise _WrongError(f"{where}：不认识的键 {unknown[0]}")
    name = _text(row, "name", where, required=True)
    where = f"{where}（{name}）"
    truncated = row.get("truncated", False)
    if not isinstance(truncated, bool):
        raise _WrongError(f"{where}：键 truncated 应为 true 或 false")
    meaning = _text(row, "meaning", where) or Meaning.UNKNOWN.value
    return Pattern(
        name=name,
        kind=_KINDS[_one_of(_text(row, "kind", where, required=True), _KINDS, "kind", where)],
        regex=_regex(_text(row, "regex", where, required=True), where),
        meaning=Meaning(_one_of(meaning, [m.value for m in Meaning], "meaning", where)),
        app=_text(row, "app", where),
        warn=_text(row, "warn", where),
        truncated=truncated,
    )


def _text(row: Mapping[str, object], key: str, where: str, *, required: bool = False) -> str:
    value = row.get(key, "")
    if not isinstance(value, str):
        raise _WrongError(f"{where}：键 {key} 应为文字")
    if required and not value.strip():
        raise _WrongError(f"{where}：缺少键 {key}")
    return value


def _one_of(value: str, allowed: Sequence[str] | Mapping[str, object], key: str, where: str) -> str:
    if value not in allowed:
        raise _WrongError(f"{where}：键 {key} 不能是“{value}”，可用：{'、'.join(allowed)}")
    return value


def _regex(text: str, where: str) -> re.Pattern[str]:
    where = f"{where}：键 regex"
    if len(text) > MAX_REGEX:
        raise _WrongError(f"{where} 超过 {MAX_REGEX} 个字符")
    try:
        regex = re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        place = getattr(error, "pos", None)
        shown = f"第 {place + 1} 个字符处" if place is not None else ""
        raise _WrongError(f"{where} {shown}不是正确的正则表达式") from error
    unknown = sorted(set(regex.groupindex) - _GROUPS)
    if unknown:
        raise _WrongError(f"{where} 里有不认识的组名“{unknown[0]}”")
    for group, needed in _NEEDS.items():
        if group in regex.groupindex and needed not in regex.groupindex:
            raise _WrongError(f"{where} 里有组 {group} 就还要有组 {needed}")
    return regex
