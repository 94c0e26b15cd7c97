"""``liuhen verify``: the whole case, byte for byte, and against what was kept elsewhere."""

import contextlib
import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from cli import clock_text, output
from cli.against import read_against
from cli.app import declare
from cli.context import CliContext
from cli.i18n import N_, _
from cli.progress import progress
from cli.roots import read_trust, root_option
from cli.verify_text import tell, trouble_of
from evidence.errors import ExitCode
from evidence.store.digest_process import start_for

if TYPE_CHECKING:
    from evidence.store.verify import CaseReport, CheckResult
    from reports.bundle.check import BundleReport

DETAILS = N_(
    "重新计算每条记录、每个链接、每份原文件和每份时间戳。“--against”再与案件以外保存的东西比较："
    "检查点文件、材料包文件夹、打印件每页上的检查点短码、完整性说明页二维码里的文字；"
    "也可以是同一案件的另一份文件（例如备份），看两份从第几条起不同，但它不算外面的证明。"
    "没有这一步，只能说明文件前后一致，不能排除整个案件被重新做过。\n"
    "时间戳的证书链要给出“--root”才检查。没有给“--root”“--against”的，写明未检查，但不因此改变退出码。\n"
    "退出码：0 完好，10 有问题，11 检查过的完好但有没检查到的。"
)


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
    trust = read_trust(roots)
    with start_for(state.case_path) or contextlib.nullcontext() as process:
        # These take a while, in which the process gets ready.
        from evidence.store.other_copy import OtherCopy
        from evidence.store.verify import verify_case

        anchor, bundle = read_against(state, against, earlier, trust)
        with progress(_("核验")) as told:
            report = verify_case(
                state.case_path,
                against=anchor,
                roots=trust,
                progress=told,
                unlock=state.unlock,
                process=process,
            )
    results = [*report.results, *(bundle.results if bundle else ())]
    outside = against is not None and not isinstance(anchor, OtherCopy)
    code = _exit_code(results, anchored=outside, rooted=bool(roots))
    if state.as_json:
        output.emit_json(_json(report, bundle, results, code))
        return code
    tell(report, bundle, code)
    return code


def _exit_code(results: "Sequence[CheckResult]", *, anchored: bool, rooted: bool) -> ExitCode:
    # What nobody asked for is shown as not checked, but is no reason for another exit code.
    left_out = {"copy-contents"} | (set() if anchored else {"anchor"})
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
        "trouble": trouble_of(report, bundle, code),
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
