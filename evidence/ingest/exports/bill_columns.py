"""Which column of a bill is what, found by the values (FORMATS 3.5: titles lie).

Rules:

1. A table begins with a row of titles that operators use. Without one, a spreadsheet is not
   taken for a bill: a person's own list of calls is no record of a third party.
2. What a column holds is decided by most of its values in the first rows. Titles decide between
   columns that hold the same kind of value, and exclude money.
3. A column that could be two things is neither.
"""

import dataclasses
import itertools
import re
from collections import Counter
from collections.abc import Callable, Sequence

from evidence.ingest.exports import bill_values
from evidence.ingest.exports.bill_values import BLANK

SAMPLE = 100
"""Rows looked at to tell the columns."""

_NOISE = re.compile(r"[\s\ufeff\u00a0]+|[(（\[].*?[)）\]]|[:：]$")
_LONGEST_TITLE = 200
"""Characters with its spaces and units. To look for those takes long where brackets never close."""
_TIME = re.compile(".{0,6}(?:时间|日期)")
_PEER = re.compile("(?:对方|对端|通话|被叫)(?:电话)?号码|对方|对端号码|主叫号码")
_OWN = re.compile("用户号码|主叫号码|己方号码|业务号码|本机号码|本机|我方号码|使用者|计费号码")
_DURATION = re.compile("时长|秒数")
_KIND = re.compile(
    "通信方式|通信类型|事件类型|呼叫类型|通话类型|话单方向|呼叫方式|主被叫|信息类型|业务类型|长途类型"
    "|漫游类型|业务名称|通话方式|呼叫方向"
)
_PLACE = re.compile("地点|位置|通话地|归属地|地区|基站|网络|小区")
_MONEY = re.compile("费|元|金额|小计|优惠|套餐|折扣|基本")
_OTHER = re.compile("序号|高清|新通话|集团短号|备注")
_TITLES = (_TIME, _PEER, _OWN, _DURATION, _KIND, _PLACE, _MONEY, _OTHER)
_COUNTED = re.compile("费|元|金额|小计|优惠|套餐|序号|条|次数|流量|短号|区号|基本")
_END_TIME = re.compile("结束|终止|截止")

Row = Sequence[str]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where everything is; None for what the table has not."""

    when: int | None = None
    """Date and time in one."""
    date: int | None = None
    time: int | None = None
    duration: int | None = None
    directions: tuple[int, ...] = ()
    peer: int | None = None
    pair: tuple[int, int] | None = None
    """Caller and callee, when the table has both and one of them is the phone's own number."""
    pair_titled: bool = False
    """The titles say which of the pair is the caller."""
    own: str = ""
    words: tuple[int, ...] = ()
    """Columns whose words may say that a row is a message."""

    def has_time(self) -> bool:
        """Tell whether a row says when it was, perhaps under a heading with the day."""
        return self.when is not None or self.time is not None or self.date is not None

    def has_peer(self) -> bool:
        """Tell whether a row says who."""
        return self.peer is not None or self.pair is not None


def title(text: str) -> str:
    """Return a title without spaces and units."""
    return _NOISE.sub("", text)


def is_header(row: Row) -> bool:
    """Tell whether a row is an operator's row of titles (rule 1)."""
    if any(cell[:2].isdigit() for cell in row):
        return False  # a value: no title begins with digits
    if any(len(cell) > _LONGEST_TITLE for cell in row):
        return False
    titles = [title(cell) for cell in row if cell]
    if len(titles) < 4 or any(len(t) > 12 for t in titles):
        return False
    # "呼叫类型" is a title, "被叫" is a value; no title has a digit but "4G".
    if any(re.fullmatch(r"[-0-9:/.* ]{3,}", t) for t in titles):
        return False
    whole = [t for t in titles if _known(t)]
    operator = any(p.search(t) for t in titles for p in (_KIND, _PLACE, _MONEY))
    timed = any(_TIME.fullmatch(t) for t in titles)
    side = any(p.search(t) for t in titles for p in (_PEER, _KIND))
    return len(whole) * 2 >= len(titles) and len(whole) >= 3 and timed and side and operator


def find_columns(titles: Row, sample: Sequence[Row]) -> Columns:
    """Return what each column is, by the values of ``sample`` and the hints of ``titles``."""
    table = _Table(titles, sample)
    when, date, time = _times(table)
    taken = {c for c in (when, date, time) if c is not None}
    duration = _duration(table, taken)
    taken |= {duration} if duration is not None else set()
    directions = tuple(c for c in table.columns(bill_values.read_direction, 0.5) if c not in taken)
    peer, pair, own = _numbers(table, taken)
    pair_titles = [table.titles[c] for c in pair] if pair else []
    return Columns(
        when=when,
        date=date,
        time=time,
        duration=duration,
        directions=directions,
        peer=peer,
        pair=pair,
        pair_titled=any("主叫" in t for t in pair_titles) and any("被叫" in t for t in pair_titles),
        own=own,
        words=tuple(
            c
            for c in range(table.width)
            if c not in taken
            and c != peer
            and not _MONEY.search(table.titles[c])
            and not _PLACE.search(table.titles[c])
        ),
    )


class _Table:
    """The sample by columns."""

    def __init__(self, titles: Row, sample: Sequence[Row]) -> None:
        self.width = max([len(titles), *map(len, sample)], default=0)
        self.titles = [title(t) for t in titles] + [""] * (self.width - len(titles))
        self.values = [
            [row[c] for row in sample if c < len(row) and row[c] not in BLANK]
            for c in range(self.width)
        ]

    def share(self, column: int, test: Callable[[str], object]) -> float:
        """Return which part of a column's values passes."""
        values = self.values[column]
        passed = sum(test(value) is not None and test(value) is not False for value in values)
        return passed / len(values) if values else 0.0

    def columns(self, test: Callable[[str], object], least: float) -> list[int]:
        """Return the columns of which at least that part passes."""
        return [c for c in range(self.width) if self.values[c] and self.share(c, test) >= least]

    def is_sequence(self, column: int) -> bool:
        """Tell whether the values count rows: 1, 2, 3 …"""
        values = self.values[column]
        if not all(v.isascii() and v.isdigit() and len(v) < 10 for v in values):
            return False
        numbers = [int(v) for v in values]
        steps = {two - one for one, two in itertools.pairwise(numbers)}
        return len(steps) == 1 and steps <= {1, -1}


def _known(text: str) -> bool:
    return any(
        p.search(text) for p in (_TIME, _PEER, _OWN, _DURATION, _KIND, _PLACE, _MONEY, _OTHER)
    )


def _times(table: _Table) -> tuple[int | None, int | None, int | None]:
    full = _not_money(table, _is_full)
    if full:
        starts = [c for c in full if not _END_TIME.search(table.titles[c])] or full
        return starts[0], None, None
    clocks = [c for c in _not_money(table, _is_clock) if not _DURATION.search(table.titles[c])]
    dates = _not_money(table, _is_date)
    # Of two columns of clock times one is the duration: the one with the smaller hours.
    clocks.sort(key=lambda c: (_END_TIME.search(table.titles[c]) is not None, -_hours(table, c)))
    return None, (dates[0] if dates else None), (clocks[0] if clocks else None)


def _not_money(table: _Table, test: Callable[[str], bool]) -> list[int]:
    return [c for c in table.columns(test, 0.5) if not _MONEY.search(table.titles[c])]


def _duration(table: _Table, taken: set[int]) -> int | None:
    free = [c for c in range(table.width) if c not in taken and table.values[c]]
    marked = [c for c in free if table.share(c, bill_values.has_units) >= 0.5]
    titled = [
        c
        for c in free
        if _DURATION.search(table.titles[c]) and table.share(c, bill_values.read_duration) >= 0.5
    ]
    for choice in ([c for c in marked if c in titled], titled, marked):
        if choice:
            return choice[0]
    messages = any(table.share(c, bill_values.names_message) >= 0.5 for c in free)
    guessed = [
        c
        for c in free
        if not messages
        and table.share(c, bill_values.read_duration) >= 0.9
        and not _COUNTED.search(table.titles[c])
        and not table.is_sequence(c)
        and table.share(c, bill_values.looks_like_phone) < 0.2
        and len(set(table.values[c])) > 1
    ]
    return guessed[0] if len(guessed) == 1 else None


def _numbers(table: _Table, taken: set[int]) -> tuple[int | None, tuple[int, int] | None, str]:
    found = [
        c
        for c in range(table.width)
        if c not in taken
        and not _MONEY.search(table.titles[c])
        and not table.is_sequence(c)
        and table.share(c, _is_number) >= 0.5
    ]
    strong = [
        c
        for c in found
        if table.share(c, bill_values.looks_like_phone) >= 0.4 or _PEER.search(table.titles[c])
    ]
    for one, two in itertools.combinations(strong, 2):
        own = _own_number(table, one, two)
        if own:
            pair = (two, one) if "被叫" in table.titles[one] else (one, two)
            return None, pair, own
    strong.sort(key=lambda c: _peer_rank(table, c))
    return (strong[0] if strong else None), None, ""


def _own_number(table: _Table, one: int, two: int) -> str:
    """Return the number that stands in one or the other column of nearly every row, in both."""
    counts = Counter(table.values[one]) + Counter(table.values[two])
    if not counts:
        return ""
    rows = max(len(table.values[one]), len(table.values[two]))
    own, often = counts.most_common(1)[0]
    mixed = own in table.values[one] and own in table.values[two]
    callers = {"主叫号码", "被叫号码"} <= {table.titles[one], table.titles[two]}
    return own if often >= 0.9 * rows and rows >= 2 and (mixed or callers) else ""


def _peer_rank(table: _Table, column: int) -> tuple[bool, bool, bool, float]:
    name = table.titles[column]
    values = table.values[column]
    constant = len(values) >= 3 and len(set(values)) == 1
    far = re.search("对方|对端", name) is not None or (_PEER.search(name) and not _OWN.search(name))
    own = _OWN.search(name) is not None and not far
    return own, not far, constant, -table.share(column, bill_values.looks_like_phone)


def _is_full(text: str) -> bool:
    found = bill_values.read_when(text)
    return found is not None and found.has_day() and found.has_time()


def _is_date(text: str) -> bool:
    found = bill_values.read_when(text)
    return found is not None and found.has_day() and not found.has_time()


def _is_clock(text: str) -> bool:
    found = bill_values.read_when(text)
    return found is not None and not found.has_day()


def _is_number(text: str) -> bool:
    short = text.isascii() and text.isdigit() and 3 <= len(text) <= 4
    return short or bill_values.looks_like_phone(text) or bill_values.is_hidden(text)


def _hours(table: _Table, column: int) -> int:
    found = [bill_values.read_when(v) for v in table.values[column]]
    return sum(f.hour for f in found if f is not None and f.hour is not None)
