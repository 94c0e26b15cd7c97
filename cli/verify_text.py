"""What ``liuhen verify`` says, and where it finds the trouble to lie.

Rules:

1. A fork of a case and a tampered case look alike from one file; both are named, neither is
   asserted. What only cannot be read is not called changed.
2. Whatever is wrong inside the case file itself outranks every comparison.
3. A checkpoint or bundle that does not hold by itself accuses nobody: it tells nothing of the case.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cli import clock_text, labels, output
from cli.display import safe, table
from cli.i18n import N_, _
from evidence.errors import ExitCode

if TYPE_CHECKING:
    from evidence.store.verify import CaseReport, CheckResult
    from reports.bundle.check import BundleReport

_MOST = 20
"""Erased records that are named for one reason."""


def tell(report: "CaseReport", bundle: "BundleReport | None", code: ExitCode) -> None:
    """Print every check, what was counted, the conclusion and what to do."""
    headers = (_("结论"), "", _("检查项目"))
    rows = [(r.verdict.value, labels.verdict(r.verdict), _what(r)) for r in report.results]
    for r in bundle.results if bundle else ():
        text = _("材料包：{check}").format(check=_what(r))
        rows.append((r.verdict.value, labels.verdict(r.verdict), text))
    output.emit_lines(table(headers, rows, columns=output.columns()))
    output.emit(
        _("记录 {entries} 条，证据 {exhibits} 份，原文件共 {size} 字节。").format(
            entries=report.entries, exhibits=report.exhibits, size=f"{report.original_bytes:,}"
        )
    )
    if report.safe is not None:
        output.emit(
            _("逐页读出：从头数起 {count} 条记录完好，前后相连；有问题的见上面。").format(
                count=report.safe
            )
        )
    _tell_erased(report)
    if report.set_back:
        output.emit(clock_text.note(report.set_back))
    if bundle is not None:
        output.emit(
            _("材料包：记录 {entries} 条，其中公开 {disclosed} 条，未公开 {withheld} 条。").format(
                entries=bundle.entries, disclosed=bundle.disclosed, withheld=bundle.withheld
            )
        )
    trouble = trouble_of(report, bundle, code)
    if trouble is not None:
        conclusion, next_step = _TROUBLES[trouble]
        output.say(_(conclusion))
        output.next_step(_(next_step))
        return
    output.say(_("结论：检查过的项目都完好（INTACT）。"))
    if any(r.name == "copy-contents" for r in report.results):
        output.say(
            _("另一份文件只比较了哈希，里面的内容没有核验；请再用“--case”指明那一份，核验一次。")
        )
    if any(r.name == "anchor" and r.verdict.value == "NOT CHECKED" for r in report.results):
        output.say(
            _(
                "没有与案件外保存的检查点比较，所以不能排除整个案件被重新做过。"
                "有检查点时请用“liuhen verify --against 检查点文件”。"
            )
        )
    output.say(_("这只说明存入之后没有变，不说明内容属实，也不说明存入之前没有剪辑。"))


_UNREADABLE = {"disk-read", "file-structure", "entry-damaged", "original-damaged"}
"""Checks whose failure says only that something cannot be read."""


_TOGETHER = {
    "foreign": {"meta-rows", "entry-form"},
    "code": {"anchor-code"},
    "other-case": {"anchor-case", "copy-case"},
    "older": {"anchor-size", "copy-size"},
    "checkpoint": {"anchor-root"},
    "copy": {"copy-entries"},
    "signature": {"anchor-root", "anchor-signature", "anchor-size"},
}
"""Failed checks by what they mean if nothing else failed: something fits its hash, or has none, and
is not ours; or only the comparison failed."""

_OF_TWO = {"earlier", "case-prefix", "case-other"}
"""Checks of a bundle that compare it; all others are about the bundle itself."""


def trouble_of(report: "CaseReport", bundle: "BundleReport | None", code: ExitCode) -> str | None:
    """Return where the trouble lies: in the file, in the comparison, or in the bundle alone."""
    wrong = _wrong(report.results)
    of_bundle = _wrong(bundle.results) if bundle else set()
    if code != ExitCode.NOT_INTACT:
        return None
    if "schema" in wrong:
        return "structure"
    if report.safe is not None or "file-structure" in wrong or (wrong and wrong <= _UNREADABLE):
        unread = "disk" if "disk-read" in wrong else "damage"
        return unread if wrong <= _UNREADABLE else "damage-differs"
    if not wrong:
        return "earlier" if of_bundle == {"earlier"} else "bundle"
    found = next((trouble for trouble, names in _TOGETHER.items() if wrong <= names), "case")
    compared = found not in ("foreign", "case")
    return "bundle-differs" if compared and of_bundle - _OF_TWO else found


def _wrong(results: "Sequence[CheckResult]") -> set[str]:
    return {r.name for r in results if r.verdict.value == "NOT INTACT"}


_TROUBLES = {
    "disk": (
        N_(
            "结论：有问题（NOT INTACT）。磁盘读不出案件文件的一部分；"
            "这是磁盘的问题，不说明有人改过。"
        ),
        N_(
            "先不要再往这个磁盘里存，有备份就用备份；"
            "没有备份时，运行“liuhen doctor”看还能抢救什么，抢救到另一个磁盘。"
        ),
    ),
    "damage": (
        N_("结论：有问题（NOT INTACT）。文件损坏；读不出来不等于被人改过。"),
        N_("先复制一份留底，再运行“liuhen doctor”看还能抢救什么。"),
    ),
    "damage-differs": (
        N_(
            "结论：有问题（NOT INTACT）。文件有损坏，读不出来不等于被人改过；但标出的另一些"
            "读得出来，却与入库时的记录或给出的检查点不同，是磁盘出错还是被改过，看不出来。"
        ),
        N_("先复制一份留底，再运行“liuhen doctor”看像什么原因、还能抢救什么。"),
    ),
    "structure": (
        N_(
            "结论：有问题（NOT INTACT）。文件的结构与留痕写出的不一样；"
            "是磁盘出错还是被改过，看不出来。"
        ),
        N_("先复制一份留底，再运行“liuhen doctor”看还能抢救什么。"),
    ),
    "foreign": (
        N_(
            "结论：有问题（NOT INTACT）。记录与自己的哈希都对得上，但文件里有这个版本的留痕"
            "不会写的内容（见上面标出的）。"
        ),
        N_(
            "不要改动或删除这个文件；想一想它从哪里来、用什么程序写过；"
            "用“liuhen doctor”看是哪一条，并与备份比较。"
        ),
    ),
    "bundle": (
        N_("结论：案件文件本身完好；有问题（NOT INTACT）的是材料包，它不是案件生成时的样子。"),
        N_("把这份材料包原样留好，写下它从哪里来；案件没有受影响，需要时可以重新生成一份材料包。"),
    ),
    "bundle-differs": (
        N_(
            "结论：案件文件前后一致；这份材料包自己就有问题，与案件也对不上（NOT INTACT）。"
            "材料包不完好，就不能凭它断定案件有没有被改过。"
        ),
        N_("两样都原样留好；找一份没有动过的材料包，或者打印件上的短码、检查点文件，再核验一次。"),
    ),
    "signature": (
        N_(
            "结论：案件文件前后一致，但给出的检查点上的签名不是这个案件的密钥签的（NOT INTACT）。"
            "可能是检查点损坏、被改过或者是伪造的；也可能案件被人重新做过，换了密钥。"
            "只凭这些分不清。"
        ),
        N_("两份都不要改动或删除；找当初存出去的那一份检查点（例如邮件里的附件），再核验一次。"),
    ),
    "code": (
        N_(
            "结论：案件文件前后一致，但对不上这个短码（NOT INTACT）。只凭短码分不清是抄错、"
            "是别的案件的、是各写各的另一份案件文件的，还是案件在那之后被改过。"
        ),
        N_("对照纸面再输入一次；有二维码、检查点文件或材料包的，用它们再核验一次。"),
    ),
    "checkpoint": (
        N_(
            "结论：案件文件前后一致，但记录与给出的检查点不同（NOT INTACT）。可能是恢复了旧备份"
            "又接着用，两份各写各的；也可能案件在那之后被改过。只凭这些分不清。"
        ),
        N_(
            "两份都不要改动或删除。找找旧电脑、U 盘和备份里有没有另一份案件文件，用"
            "“liuhen verify --against 案件文件”看从第几条起不同；确实是各写各的，"
            "就只在交出过检查点或材料的那一份里接着写，另一份多出来的证据取出来再导入。"
        ),
    ),
    "copy": (
        N_(
            "结论：案件文件前后一致，但从标出的那一条起，与另一份案件文件不同（NOT INTACT）。"
            "可能是恢复了旧备份又接着用，两份各写各的；也可能其中一份被改过。只凭这些分不清。"
        ),
        N_(
            "两份都不要改动或删除；把那一份也用“--case”指明核验一次，再用交出过的检查点或材料包"
            "分别核验两份。确实是各写各的，就只在对得上的那一份里接着写，"
            "另一份多出来的证据，从那一份里用 export 取出来再导入。"
        ),
    ),
    "older": (
        N_(
            "结论：案件文件前后一致，但缺少给出的那一份里后来的记录（NOT INTACT）。"
            "可能打开的是旧备份，也可能后来的记录被删掉了。"
        ),
        N_("先不要往这一份里存。在旧电脑、U 盘和备份里找更新的一份；两份都不要删除。"),
    ),
    "other-case": (
        N_(
            "结论：案件文件前后一致，但给出的那一份属于另一个案件（NOT INTACT），不能比较。"
            "可能是拿错了，也可能其中一个是后来另做的。"
        ),
        N_("看看“--case”和“--against”有没有写错；两份都不要改动或删除。"),
    ),
    "earlier": (
        N_(
            "结论：案件文件和这份材料包里检查过的都完好；但材料包不是从“--earlier”给出的那一份接着来的"
            "（NOT INTACT）。可能是两份写反了，那一份属于另一个案件，"
            "出自各写各的另一份案件文件，或者被改过。"
        ),
        N_(
            "几份都原样留好。看看标出的是哪一项、从第几条起不同，再找出那一份是从哪个案件文件生成的。"
        ),
    ),
    "case": (
        N_("结论：有问题（NOT INTACT）。上面标出的内容与入库时的记录不一致。"),
        N_(
            "不要改动或删除这个文件；用“liuhen doctor”看像什么原因；"
            "从备份找回一份再核验，并比较两份的差别。"
        ),
    ),
}


def _tell_erased(report: "CaseReport") -> None:
    """Say which records were erased and why: once for each reason, the rest is counted."""
    if not report.erased:
        return
    output.emit(
        _("其中 {count} 条已由案件持有人删除内容，只剩编号和哈希，前后链接完好：").format(
            count=len(report.erased)
        )
    )
    by_reason: dict[str, list[str]] = {}
    for claim in report.erased:
        by_reason.setdefault(claim.record.reason, []).append(f"#{claim.record.target}")
    for reason, seqs in by_reason.items():
        shown = _("、").join(seqs[:_MOST]) + ("…" if len(seqs) > _MOST else "")
        output.emit(_("  {seqs}，理由：{reason}").format(seqs=shown, reason=safe(reason)))


def _what(result: "CheckResult") -> str:
    parts = [labels.check(result.name)]
    if result.seq is not None:
        parts.append(f"#{result.seq}")
    if result.verdict.value != "INTACT" and result.detail:
        parts.append(_("（{text}）").format(text=safe(labels.system_words(result.detail))))
    if result.name.startswith("copy-") and result.expected:
        # Neither of two copies says what the other ought to be.
        parts.append(
            _("那一份 {theirs}，这一份 {ours}").format(
                theirs=safe(result.expected), ours=safe(result.found)
            )
        )
    elif result.expected or result.found:
        parts.append(
            _("应为 {expected}，实为 {found}").format(
                expected=safe(result.expected) or "—", found=safe(result.found) or "—"
            )
        )
    return " ".join(parts)
