"""``liuhen verify``: the whole case, byte for byte, and against what was kept elsewhere."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import labels, output
from cli.app import declare
from cli.context import CliContext
from cli.display import safe, table
from cli.i18n import N_, _
from cli.progress import progress
from evidence.errors import ExitCode

if TYPE_CHECKING:
    from evidence.core.checkpoint import SignedCheckpoint
    from evidence.store.verify import CaseReport, CheckResult
    from reports.bundle.check import BundleReport

DETAILS = N_(
    "重新计算每条记录、每个链接和每份原文件。“--against”再与案件以外保存的检查点或材料包比较："
    "没有这一步，只能说明文件前后一致，不能排除整个案件被重新做过。\n"
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
    ),
)
@click.option(
    "--against",
    type=click.Path(),
    metavar=N_("路径"),
    help=N_("以前保存的检查点文件，或材料包的文件夹。"),
)
@click.pass_obj
def command(state: CliContext, against: str | None) -> ExitCode:
    """Check the case."""
    from evidence.store.verify import verify_case

    anchor, bundle = _anchor(state, against)
    with progress(_("核验")) as told:
        report = verify_case(state.case_path, against=anchor, progress=told, unlock=state.unlock)
    results = [*report.results, *(bundle.results if bundle else ())]
    code = _exit_code(results, anchored=against is not None)
    if state.as_json:
        output.emit_json(_json(report, bundle, results, code))
        return code
    _tell(report, bundle, code)
    return code


def _anchor(
    state: CliContext, against: str | None
) -> "tuple[SignedCheckpoint | None, BundleReport | None]":
    """Return the checkpoint kept elsewhere, and what a whole bundle says of itself."""
    if against is None:
        return None, None
    from reports.bundle.check import check_bundle, read_checkpoint

    path = Path(against)
    if not path.is_dir():
        return read_checkpoint(path), None
    with state.read() as case, progress(_("核验材料包")) as told:
        bundle = check_bundle(path, case=case, progress=told)
    return bundle.checkpoint, bundle


def _exit_code(results: "Sequence[CheckResult]", *, anchored: bool) -> ExitCode:
    left_out = set() if anchored else {"anchor"}
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
        "complete": all(r.verdict.value != "NOT CHECKED" for r in results),
        "entries": report.entries,
        "exhibits": report.exhibits,
        "original_bytes": report.original_bytes,
        "erased": [
            {
                "seq": claim.record.target,
                "by": claim.seq,
                "recorded_at": claim.recorded_at,
                "reason": claim.record.reason,
            }
            for claim in report.erased
        ],
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
    _tell_erased(report)
    if bundle is not None:
        output.emit(
            _("材料包：记录 {entries} 条，其中公开 {disclosed} 条，未公开 {withheld} 条。").format(
                entries=bundle.entries, disclosed=bundle.disclosed, withheld=bundle.withheld
            )
        )
    if code == ExitCode.NOT_INTACT:
        output.say(_("结论：有问题（NOT INTACT）。上面标出的内容与入库时的记录不一致。"))
        output.next_step(_("不要改动或删除这个文件；从备份找回一份再核验，并比较两份的差别。"))
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
