"""``liuhen verify``: the whole case, byte for byte, and against what was kept elsewhere."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import clock_text, labels, output
from cli.app import UsageProblem, declare
from cli.context import CliContext
from cli.display import safe, table
from cli.i18n import N_, _
from cli.progress import progress
from cli.roots import read_trust, root_option
from evidence.core.trust import Trust
from evidence.errors import ExitCode

if TYPE_CHECKING:
    from evidence.store.verify import CaseReport, CheckResult
    from evidence.store.verify_anchors import Anchor
    from reports.bundle.check import BundleReport

DETAILS = N_(
    "重新计算每条记录、每个链接、每份原文件和每份时间戳。“--against”再与案件以外保存的东西比较："
    "检查点文件、材料包文件夹、打印件每页上的检查点短码、完整性说明页二维码里的文字；"
    "也可以是同一案件的另一份文件（例如备份），看两份从第几条起不同，但它不算外面的证明。"
    "没有这一步，只能说明文件前后一致，不能排除整个案件被重新做过。\n"
    "时间戳的证书链要给出“--root”才检查；没有给就写明未检查，但不因此改变退出码。\n"
    "退出码：0 完好，10 有问题，11 检查过的完好但有没检查到的。"
)


_MOST = 20
"""Erased records that are named for one reason."""


@declare(
    "verify",
    details=DETAILS,
    examples=(
        "liuhen verify",
        "liuhen verify --against checkpoint.txt",
        "liuhen verify --against demo-output/packet-12378",
        "liuhen verify --root 根证书.pem",
    ),
)
@click.option(
    "--against",
    type=click.Path(),
    metavar=N_("路径或短码"),
    help=N_("检查点文件、材料包文件夹、检查点短码、二维码里的文字，或另一份案件文件。"),
)
@click.option(
    "--earlier",
    multiple=True,
    type=click.Path(),
    metavar=N_("文件夹"),
    help=N_("更早的材料包：检查“--against”的材料包是从它接着来的；可以写多次。"),
)
@root_option(required=False)
@click.pass_obj
def command(
    state: CliContext, against: str | None, earlier: tuple[str, ...], roots: tuple[str, ...]
) -> ExitCode:
    """Check the case."""
    from evidence.store.other_copy import OtherCopy
    from evidence.store.verify import verify_case

    trust = read_trust(roots)
    if earlier and (against is None or not _is_folder(against)):
        raise UsageProblem(
            _("“--earlier”要与“--against 材料包”一起用"), click.get_current_context()
        )
    anchor, bundle = _anchor(state, against, earlier, trust)
    with progress(_("核验")) as told:
        report = verify_case(
            state.case_path, against=anchor, roots=trust, progress=told, unlock=state.unlock
        )
    results = [*report.results, *(bundle.results if bundle else ())]
    outside = against is not None and not isinstance(anchor, OtherCopy)
    code = _exit_code(results, anchored=outside, rooted=bool(roots))
    if state.as_json:
        output.emit_json(_json(report, bundle, results, code))
        return code
    _tell(report, bundle, code)
    return code


def _anchor(
    state: CliContext, against: str | None, earlier: Sequence[str], roots: Trust
) -> "tuple[Anchor | None, BundleReport | None]":
    """Return what was kept elsewhere, and what a whole bundle says of itself."""
    if against is None:
        return None, None
    from evidence.core.printed import parse_code, parse_text
    from evidence.store.other_copy import read_copy
    from reports.bundle.check import check_bundle, read_checkpoint

    path = Path(against)
    if _is_folder(against):
        with state.read() as case, progress(_("核验材料包")) as told:
            bundle = check_bundle(
                path, case=case, roots=roots, earlier=[Path(e) for e in earlier], progress=told
            )
        return bundle.checkpoint, bundle
    printed = None if _exists(against) else parse_code(against) or parse_text(against)
    if printed:
        return printed, None
    return read_copy(path) or read_checkpoint(path), None


def _is_folder(text: str) -> bool:
    return _exists(text) and Path(text).is_dir()


def _exists(text: str) -> bool:
    try:
        return Path(text).exists()
    except (OSError, ValueError):  # too long, or no path at all
        return False


def _exit_code(results: "Sequence[CheckResult]", *, anchored: bool, rooted: bool) -> ExitCode:
    # What nobody asked for is shown as not checked, but is no reason for another exit code.
    left_out = set() if anchored else {"anchor"}
    left_out |= set() if rooted else {"timestamp-chain"}
    if any(r.name == "packet-record" and r.verdict.value == "INTACT" for r in results):
        # It is the very packet that the case made: what it leaves out was left out on purpose,
        # and is still shown as not checked.
        left_out |= {"exhibit-withheld", "redacted"}
    verdicts = {r.verdict.value for r in results if r.name not in left_out}
    if "NOT INTACT" in verdicts:
        return ExitCode.NOT_INTACT
    return ExitCode.INCOMPLETE if "NOT CHECKED" in verdicts else ExitCode.OK


def _json(
    report: "CaseReport",
    bundle: "BundleReport | None",
    results: "Sequence[CheckResult]",
    code: ExitCode,
) -> dict[str, object]:
    document: dict[str, object] = {
        "verdict": "NOT INTACT" if code == ExitCode.NOT_INTACT else "INTACT",
        "trouble": _trouble(report, bundle, code),
        "complete": all(r.verdict.value != "NOT CHECKED" for r in results),
        "entries": report.entries,
        "exhibits": report.exhibits,
        "original_bytes": report.original_bytes,
        "safe": report.safe,
        "erased": [
            {
                "seq": claim.record.target,
                "by": claim.seq,
                "recorded_at": claim.recorded_at,
                "reason": claim.record.reason,
            }
            for claim in report.erased
        ],
        "clock_set_back": clock_text.to_json(report.set_back),
        "root": report.root,
        "results": [dataclasses.asdict(r) for r in results],
    }
    if bundle is not None:
        document["bundle"] = {
            "entries": bundle.entries,
            "disclosed": bundle.disclosed,
            "withheld": bundle.withheld,
            "exhibits": bundle.exhibits,
            "files": bundle.files,
        }
    return document


def _tell(
    report: "CaseReport",
    bundle: "BundleReport | None",
    code: ExitCode,
) -> None:
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
    trouble = _trouble(report, bundle, code)
    if trouble is not None:
        conclusion, next_step = _TROUBLES[trouble]
        output.say(_(conclusion))
        output.next_step(_(next_step))
        return
    output.say(_("结论：检查过的项目都完好（INTACT）。"))
    if any(r.name == "anchor" and r.verdict.value == "NOT CHECKED" for r in report.results):
        output.say(
            _(
                "没有与案件外保存的检查点比较，所以不能排除整个案件被重新做过。"
                "有检查点时请用“liuhen verify --against 检查点文件”。"
            )
        )
    output.say(_("这只说明存入之后没有变，不说明内容属实，也不说明存入之前没有剪辑。"))


_UNREADABLE = {"file-structure", "entry-damaged", "original-damaged"}
"""Checks whose failure says only that something cannot be read."""

_TOGETHER = {
    "foreign": {"meta-rows", "entry-form"},
    "code": {"anchor-code"},
    "other-case": {"anchor-case", "copy-case"},
    "older": {"anchor-size", "copy-size"},
    "checkpoint": {"anchor-root", "anchor-signature", "anchor-size", "copy-fork"},
}
"""Failed checks by what they mean if nothing else failed: something fits its hash, or has none, and
is not ours; or only the comparison failed."""


def _trouble(report: "CaseReport", bundle: "BundleReport | None", code: ExitCode) -> str | None:
    """Return where the trouble lies: in the file, in the comparison, or in the bundle alone."""
    wrong = _wrong(report.results)
    if code != ExitCode.NOT_INTACT:
        return None
    if "schema" in wrong:
        return "structure"
    if report.safe is not None or (wrong and wrong <= _UNREADABLE):
        return "damage"
    if not wrong:
        earlier = bundle is not None and _wrong(bundle.results) == {"earlier"}
        return "earlier" if earlier else "bundle"
    for trouble, names in _TOGETHER.items():
        if wrong <= names:
            return trouble
    return "case"


def _wrong(results: "Sequence[CheckResult]") -> set[str]:
    return {r.name for r in results if r.verdict.value == "NOT INTACT"}


_TROUBLES = {
    "damage": (
        N_("结论：有问题（NOT INTACT）。文件损坏；读不出来不等于被人改过。"),
        N_("先复制一份留底，再运行“liuhen doctor”看还能抢救什么。"),
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
    "code": (
        N_(
            "结论：案件文件前后一致，但对不上这个短码（NOT INTACT）。只凭短码分不清是抄错、"
            "是别的案件的、是各写各的另一份案件文件的，还是案件在那之后被改过。"
        ),
        N_("对照纸面再输入一次；有二维码、检查点文件或材料包的，用它们再核验一次。"),
    ),
    "checkpoint": (
        N_(
            "结论：案件文件前后一致，但与给出的那一份有不同的记录（NOT INTACT）。可能是恢复了旧备份"
            "又接着用，两份各写各的；也可能其中一份被改过。只凭这些分不清。"
        ),
        N_(
            "两份都不要改动或删除。找找旧电脑、U 盘和备份里有没有另一份案件文件，用"
            "“liuhen verify --against 案件文件”看从第几条起不同；确实是各写各的，"
            "就只在交出过检查点或材料的那一份里接着写，另一份多出来的证据取出来再导入。"
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
    if result.expected or result.found:
        parts.append(
            _("应为 {expected}，实为 {found}").format(
                expected=safe(result.expected) or "—", found=safe(result.found) or "—"
            )
        )
    return " ".join(parts)
