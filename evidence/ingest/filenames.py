"""What a file's name says: who, when, in which direction (FORMATS sections 1 and 2).

Rules:

1. The conventions are data (``evidence.ingest.patterns``); a person can add patterns of the same
   form. The first pattern that fits wins.
2. A name is a claim that the phone or app wrote and anybody can rename: facts from it say so.
3. A date that does not exist is no date. A number that the recorder cut is never complete. A
   contact's name is no number.
"""

import dataclasses
import datetime as dt
import re
from collections.abc import Mapping

from evidence.core import moment, phone
from evidence.core.moment import CHINA, Meaning, Moment, Precision, Source
from evidence.core.records import NOBODY, Direction, Medium, Party
from evidence.ingest.patterns import Pattern, Patterns, built_in

MAX_NAME = 255
"""Longer names than a file system allows are not looked at."""

_COPIES = 3
"""How many copy suffixes in a row are taken off."""

_COPY_SUFFIX = re.compile(r" ?[(（][0-9]{1,3}[)）]$| - 副本$| - Copy$")
"""What file managers and chat programs add to a second copy. Never part of a number."""

_COUNTER = re.compile(r"_[0-9]{1,2}$")
"""What some recorders add; tried only when the whole name fits no convention."""

_PARTY = re.compile(r"(?P<name>[^()]+)\((?P<number>[^()]*)(?P<whole>\)?)_?")
_DIRECTIONS: Mapping[str, Direction] = {
    "in": Direction.IN,
    "out": Direction.OUT,
    "conference": Direction.CONFERENCE,
    "1": Direction.IN,
    "0": Direction.OUT,
    "↙": Direction.IN,
    "↗": Direction.OUT,
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FileNameFacts:
    """What a name says; everything empty when no convention fits."""

    pattern: str | None = None
    medium_hint: Medium | None = None
    moments: tuple[Moment, ...] = ()
    party: Party = NOBODY
    """The other side when there is exactly one."""
    parties: tuple[Party, ...] = ()
    direction: Direction | None = None
    sim: int | None = None
    app: str = ""
    warnings: tuple[str, ...] = ()


def read_filename(name: str, path: str = "", *, patterns: Patterns | None = None) -> FileNameFacts:
    """Return the facts in a file name, or in its path for recorders that name folders."""
    if len(name) > MAX_NAME:
        return FileNameFacts()
    known = patterns or built_in()
    stem = name.rsplit(".", 1)[0] if "." in name else name
    for _ in range(_COPIES):
        stem = _COPY_SUFFIX.sub("", stem)
    for candidate in dict.fromkeys((stem, _COUNTER.sub("", stem))):
        for pattern in known.names:
            match = pattern.regex.fullmatch(candidate)
            facts = _facts(pattern, match, name, known) if match else None
            if facts is not None:
                return facts
    for pattern in known.paths:
        match = pattern.regex.fullmatch(path[-1024:])
        facts = _facts(pattern, match, path, known) if match else None
        if facts is not None:
            return facts
    return FileNameFacts()


def _facts(
    pattern: Pattern, match: re.Match[str], basis: str, known: Patterns
) -> FileNameFacts | None:
    """Return what a match says, or None if its date does not exist."""
    part = {key: value for key, value in match.groupdict().items() if value is not None}
    try:
        stamp = _moment(part, pattern.meaning, basis)
    except ValueError:
        return None
    parties = _parties(part, truncated=pattern.truncated)
    warnings = [pattern.warn] if pattern.warn else []
    if pattern.truncated or any(p.number_truncated for p in parties):
        warnings.append("文件名被手机截断，号码不完整，没有用来认定对方")
    if len(parties) > 1:
        listed = "、".join(p.number or p.name for p in parties)
        warnings.append(f"多方通话（{listed}），没有自动认定对方")
    app = known.packages.get(part.get("app", ""), part.get("app", pattern.app))
    if app.endswith("gallery-edit"):
        warnings.append("文件名表明图片经过相册编辑，请尽量导入原图")
    direction = _DIRECTIONS.get(part.get("dir", ""))
    if direction is None and len(parties) > 1:
        direction = Direction.CONFERENCE
    return FileNameFacts(
        pattern=pattern.name,
        medium_hint=pattern.kind,
        moments=(stamp,) if stamp else (),
        party=parties[0] if len(parties) == 1 else NOBODY,
        parties=parties,
        direction=direction,
        sim=int(part["sim"]) if "sim" in part else None,
        app=app,
        warnings=tuple(warnings),
    )


def _moment(part: Mapping[str, str], meaning: Meaning, basis: str) -> Moment | None:
    """Return the stamp of a name; raises ValueError for a date that does not exist."""
    for key, scale, precision in (
        ("ms", 1000, Precision.MILLISECOND),
        ("epoch_s", 1, Precision.SECOND),
    ):
        if key in part:
            instant = dt.datetime.fromtimestamp(int(part[key]) / scale, CHINA)
            return moment.at(
                instant,
                precision=precision,
                source=Source.FILE_NAME,
                meaning=meaning,
                basis=basis,
            )
    if "m" not in part:
        return None
    if "y" not in part:
        dt.date(2000, int(part["m"]), int(part["d"]))  # 2000 is a leap year: any month and day
        clock = f"T{part['h']}:{part['i']}" if "h" in part else ""
        return Moment(
            value=f"--{int(part['m']):02d}-{int(part['d']):02d}{clock}",
            precision=Precision.MONTH_DAY,
            source=Source.FILE_NAME,
            meaning=meaning,
            basis=basis,
            tz_assumed=True,
        )
    year = int(part["y"]) + (2000 if len(part["y"]) == 2 else 0)
    micro = int(part.get("f", "0").ljust(6, "0")[:6])
    zone = _zone(part.get("tz"))
    instant = dt.datetime(
        year,
        int(part["m"]),
        int(part["d"]),
        int(part.get("h", 0)),
        int(part.get("i", 0)),
        int(part.get("s", 0)),
        micro,
        tzinfo=zone,
    )
    return moment.at(
        instant,
        precision=_precision(part),
        source=Source.FILE_NAME,
        meaning=meaning,
        basis=basis,
        tz_assumed="tz" not in part,
    )


def _precision(part: Mapping[str, str]) -> Precision:
    if "h" not in part:
        return Precision.DAY
    if "s" not in part:
        return Precision.MINUTE
    return Precision.MILLISECOND if len(part.get("f", "")) >= 3 else Precision.SECOND


def _zone(text: str | None) -> dt.timezone:
    if text is None:
        return CHINA
    if text == "Z":
        return dt.UTC
    sign = -1 if text[0] == "-" else 1
    hours, minutes, seconds = int(text[1:3]), int(text[3:5]), int(text[5:7] or 0)
    if minutes > 59 or seconds > 59:
        raise ValueError("zone")
    offset = dt.timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return dt.timezone(sign * offset)


def _parties(part: Mapping[str, str], *, truncated: bool) -> tuple[Party, ...]:
    found = [
        _both(one["name"], one["number"], truncated=truncated or not one["whole"])
        for one in _PARTY.finditer(part.get("parties", ""))
    ]
    for name, number in (("name", "number"), ("name2", "number2")):
        if number in part:
            found.append(_both(part.get(name, ""), part[number], truncated=truncated))
        elif part.get(name):
            found.append(_one(part[name], truncated=truncated))
    texts = [part[key] for key in ("who", "who2") if part.get(key)]
    if len(texts) == 2 and phone.is_number(texts[0]) != phone.is_number(texts[1]):
        number_text, name_text = sorted(texts, key=phone.is_number, reverse=True)
        found.append(_both(name_text, number_text, truncated=truncated))
    else:
        for text in texts:
            found += [_one(piece, truncated=truncated) for piece in re.split(r"[,，]", text)]
    return tuple(p for p in found if p.number or p.name)


def _both(name: str, number: str, *, truncated: bool) -> Party:
    key = phone.normalise(number)
    name = name.strip()
    if phone.is_hidden(name) or phone.is_number(name) or (key and phone.normalise(name) == key):
        name = ""
    return Party(number=key, name=name, number_truncated=truncated and bool(key))


def _one(text: str, *, truncated: bool) -> Party:
    text = text.strip()
    if phone.is_hidden(text):
        return NOBODY
    if phone.is_number(text):
        key = phone.normalise(text)
        return Party(number=key, number_truncated=truncated and bool(key))
    return Party(name=text)
