"""What each pattern of damage means, in words (``evidence.store.cause`` has its rules).

Rules:

1. Damage is never called a change by somebody, nor the reverse; what cannot be told apart is
   called just that.
2. What is said of many things is said once, and the things are named.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from cli import labels
from cli.checks import Check, State
from cli.display import safe
from cli.i18n import N_, _

if TYPE_CHECKING:
    from evidence.store.cause import Cause

_MOST = 8
"""Things that are named for one pattern."""

_WHERE = 3
"""Places that are named for one thing."""

_DISK = N_(
    "有备份就用备份，先核验一遍：“liuhen --case 备份文件 verify”。"
    "磁盘或内存可能有问题：复制和备份都放到另一个磁盘上。"
)
_COMPARE = N_(
    "用以前留在案件外的检查点或材料包核对（“liuhen verify --against 检查点文件”），"
    "并与备份比较；两份都不要改动。"
)

_PATTERNS = {
    "bit": N_(
        "{things}：与入库时只差一个二进制位，把这一位改回去就对上了。"
        "内存或磁盘出错常常是这样；是不是有人改的，从文件里看不出来"
    ),
    "sectors": N_(
        "{things}：有整块内容变成了同一个值，起止正好在磁盘扇区的边界上。"
        "样子像磁盘坏块，或复制、写入没有完成"
    ),
    "missing": N_(
        "{things}：有一部分读不出来，或随文件的一部分一起丢了。这是损坏的样子，不说明有人改过"
    ),
    "removed": N_(
        "{things}：不见了，而数据库的结构是完好的。磁盘出错很少会这样，像是被删掉的；"
        "谁删的，从文件里看不出来"
    ),
    "rewritten": N_(
        "{things}：自身前后一致，却与案件的其余部分对不上。磁盘出错不会是这样："
        "是后来写进去的，或来自另一个案件；谁写的，从文件里看不出来"
    ),
    "odd": N_(
        "{things}：与自己的哈希一致，但缺少这一种记录应有的内容，这个版本的留痕读不懂。"
        "这不是损坏：来自别的程序、更新的版本，或是别人做的"
    ),
    "unknown": N_(
        "{things}：读得出来，但与哈希对不上，看不出是怎样变的。原因不明：可能是损坏，也可能是被改过"
    ),
}
_UNTRIED = N_("（原件较大，还没有逐位试过是不是只差一位；要试请运行“liuhen doctor --deep”）")


def cause_checks(causes: "Sequence[Cause]") -> Iterator[Check]:
    """Yield what is wrong, pattern by pattern."""
    for pattern, words in _PATTERNS.items():
        hit = [cause for cause in causes if cause.pattern.value == pattern]
        if not hit:
            continue
        text = _(words).format(things=_named(hit))
        if not all(cause.tried for cause in hit):
            text += _(_UNTRIED)
        compare = pattern in ("removed", "rewritten", "odd", "unknown")
        advice = _(_COMPARE if compare else _DISK)
        yield Check(name="cause", state=State.FAILED, text=text, advice=advice)


def to_json(cause: "Cause") -> dict[str, object]:
    """Return one cause for ``--json``."""
    return {
        "seq": cause.seq if cause.seq >= 0 else None,
        "thing": cause.thing.value,
        "pattern": cause.pattern.value,
        "kind": cause.kind or None,
        "name": cause.name or None,
        "byte": cause.flip.at if cause.flip is not None else None,
        "mask": cause.flip.mask if cause.flip is not None else None,
        "sectors": [{"start": run.start, "bytes": len(run)} for run in cause.sectors],
        "every_bit_tried": cause.tried,
    }


def _named(hit: "Sequence[Cause]") -> str:
    listed = _("、").join(_thing(cause) + _place(cause) for cause in hit[:_MOST])
    if len(hit) > _MOST:
        listed += _(" 等 {count} 处").format(count=len(hit))
    return listed


def _thing(cause: "Cause") -> str:
    seq = f"#{cause.seq}"
    match cause.thing.value:
        case "original":
            return _("{seq} 的原文件{name}").format(seq=seq, name=_quoted(cause.name))
        case "listed":
            return _("{seq} 在原文件清单里的一行（原文件{name}本身完好）").format(
                seq=seq, name=_quoted(cause.name)
            )
        case "leaf":
            return _("{seq} 的哈希（{kind}本身完好）").format(seq=seq, kind=_kind(cause))
        case "link":
            return _("{seq} {kind}与前一条的链接").format(seq=seq, kind=_kind(cause))
        case "key":
            return _("案件的签名密钥（记录和原文件不受影响）")
        case _:
            return _("{seq} {kind}").format(seq=seq, kind=_kind(cause))


def _quoted(name: str) -> str:
    return _("“{name}”").format(name=safe(name)) if name else ""


def _kind(cause: "Cause") -> str:
    return labels.kind_or_medium(cause.kind) if cause.kind else _("记录")


def _place(cause: "Cause") -> str:
    if cause.flip is not None and cause.thing.value in ("entry", "original"):
        return _("（第 {number} 字节）").format(number=f"{cause.flip.at + 1:,}")
    if cause.sectors:
        return _("（{runs}）").format(runs=_runs(cause.sectors))
    return ""


def _runs(sectors: Iterable[range]) -> str:
    runs = list(sectors)
    shown = _("，").join(
        _("案件文件第 {first} 字节起 {size} 字节").format(
            first=f"{run.start + 1:,}", size=f"{len(run):,}"
        )
        for run in runs[:_WHERE]
    )
    return shown + ("…" if len(runs) > _WHERE else "")
