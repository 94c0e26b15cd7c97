"""What ``liuhen doctor`` says of a damaged case: the cause, what is safe, and what was salvaged.

Rules:

1. What cannot be read is called damage. What can be read and does not match is told with the
   pattern that the difference has (``cause_words``), and is never called more than that.
2. A salvaged case is a new one and is never said to continue the old.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cli import output
from cli.cause_words import cause_checks, to_json
from cli.checks import Check, State
from cli.display import pairs, safe
from cli.i18n import N_, _
from cli.progress import progress

if TYPE_CHECKING:
    from evidence.store.cause import Cause
    from evidence.store.protection import Unlock
    from evidence.store.salvage import Salvaged
    from evidence.store.wreck import Wreck

_MOST = 30
"""Numbers that are listed one by one."""

_FIRST = N_("先把整个文件复制一份留底，不要删除，也不要再往里存。能用备份就用备份。")
_SALVAGE = N_(
    "没有备份时，把完好的抢救到一个新案件：“liuhen doctor --salvage -o 新文件”。"
    "坏了的录音、截图，手机里还有的，抢救以后再导入新案件。"
)


def damage_checks(path: Path, unlock: "Unlock", *, built_well: bool, deep: bool) -> Iterator[Check]:
    """Yield the cause of damage and what is safe, if anything of a case is in the file.

    ``built_well`` says that SQLite finds nothing wrong with its structure. With ``deep``, bits are
    turned however long it takes.
    """
    from evidence.store.cause import USUAL_WORK, causes
    from evidence.store.verify_damaged import search

    try:
        wreck = search(path, unlock)
    except OSError:
        return
    if wreck is None:
        return
    with wreck:
        of_the_file = _causes(wreck)
        if of_the_file:
            text = _("；").join(of_the_file)
            yield Check(name="damage", state=State.FAILED, text=text, advice=_(_FIRST))
        with progress(_("找原因")) as told:
            most = None if deep else USUAL_WORK
            found = causes(wreck, built_well=built_well, most=most, progress=told)
        yield from cause_checks(found)
        yield _safe(wreck, found)


def tell_salvaged(made: "Salvaged", *, as_json: bool) -> None:
    """Print what the new case holds and what it is not."""
    record = made.record
    if as_json:
        output.emit_json(
            {
                "path": str(made.path),
                "taken": made.taken,
                "originals": made.originals,
                "left": made.left,
                "entries": record.entries,
                "prefix": record.prefix,
                "missing": record.missing,
                "mismatched": record.mismatched,
                "originals_damaged": record.originals_damaged,
                "originals_mismatched": record.originals_mismatched,
                "mended": record.mended,
                "originals_mended": record.originals_mended,
                "file_sha256": record.file_sha256,
            }
        )
    else:
        rows = (
            (_("新案件"), safe(str(made.path))),
            (_("抢救出"), _("{count} 条").format(count=made.taken)),
            (_("原文件"), _("{count} 份，逐字节核对过").format(count=made.originals)),
            (_("只留原文"), _("{count} 条（在 #1 里）").format(count=made.left)),
            (_("读不出来"), numbers((*record.missing, *record.originals_damaged))),
            (_("对不上"), numbers((*record.mismatched, *record.originals_mismatched))),
            (_("改回一位"), numbers((*record.mended, *record.originals_mended))),
        )
        output.emit_lines(pairs(rows, columns=output.columns()))
    output.say(
        _(
            "这是一个新案件：密钥和历史都是新的，不能接续旧案件，旧的检查点和材料包不能用来核对它。"
            "#1 是旧记录的原文，#2 写明从哪个文件抢救、缺了什么。"
        )
    )
    if record.mended or record.originals_mended:
        output.say(
            _(
                "“改回一位”的，损坏的文件里只差一个二进制位，改回去就与入库时的哈希一致，"
                "内容就是入库时的；那一位为什么变了，看不出来。损坏的文件没有改动。"
            )
        )
    if record.missing or record.mismatched:
        output.warn(
            _(
                "没有抢救出来的记录里可能有撤回、更正和遮盖。生成投诉材料之前，请逐条检查标注和遮盖。"
            )
        )
    output.next_step(_("损坏的文件不要删除，它也是证据；用“liuhen list”看看抢救出来的。"))


def numbers(seqs: Iterable[int]) -> str:
    """Return numbers of entries, the first ones by name."""
    listed = sorted(set(seqs))
    shown = _("、").join(f"#{seq}" for seq in listed[:_MOST])
    return shown + ("…" if len(listed) > _MOST else "")


def _causes(wreck: "Wreck") -> list[str]:
    from evidence.store.pages import PageState

    file = wreck.file
    found: list[str] = []
    if not file.has_magic and file.raw(0, 1):
        found.append(_("文件开头不是数据库的标志，开头的部分被盖掉了"))
    if file.missing_bytes:
        size = f"{file.missing_bytes:,}"
        found.append(_("文件被截断，末尾至少缺少 {size} 字节").format(size=size))
    bad = wreck.pages[PageState.MALFORMED]
    if bad:
        found.append(_("{count} 个数据页的内容不合格式").format(count=bad))
    if file.lost_bytes:
        size = f"{file.lost_bytes:,}"
        found.append(
            _("磁盘读不出其中 {size} 字节，这是磁盘的问题，不说明有人改过").format(size=size)
        )
    blank = wreck.pages[PageState.BLANK] - file.free_pages
    if blank > 0:
        found.append(
            _("{count} 个数据页全是零，样子像磁盘坏块，或复制、写入没有完成").format(count=blank)
        )
    return found


def _safe(wreck: "Wreck", found: "Sequence[Cause]") -> Check:
    from evidence.store.wreck import State as Found

    text = _(
        "从头数起 {prefix} 条记录完好、前后相连；完好的一共 {entries} 条，原文件 {originals} 份"
    ).format(
        prefix=wreck.prefix,
        entries=len(wreck.of(Found.WHOLE)),
        originals=len(wreck.originals_of(Found.WHOLE)),
    )
    lost = (*wreck.missing, *wreck.of(Found.DAMAGED), *wreck.originals_of(Found.DAMAGED))
    if lost:
        text += _("；读不出来的编号：{seqs}").format(seqs=numbers(lost))
    other = (*wreck.of(Found.MISMATCH), *wreck.originals_of(Found.MISMATCH))
    if other:
        text += _("；读得出、但与哈希对不上的编号：{seqs}").format(seqs=numbers(other))
    text += _("。#{last} 之后还有没有记录，文件里看不出来").format(last=wreck.highest)
    document = {
        "damage": [to_json(cause) for cause in found],
        "safe": {
            "prefix": wreck.prefix,
            "entries": len(wreck.of(Found.WHOLE)),
            "originals": len(wreck.originals_of(Found.WHOLE)),
        },
    }
    state = State.WARNING
    return Check(name="salvage", state=state, text=text, advice=_(_SALVAGE), document=document)
