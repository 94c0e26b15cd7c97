"""What ``verify --against`` may be given, told apart by what it is, never by its name."""

import stat
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.app import UsageProblem
from cli.context import CliContext
from cli.i18n import _
from cli.progress import progress
from evidence.core.trust import Trust
from evidence.errors import NotComparableError
from evidence.outside import mode_of

if TYPE_CHECKING:
    from evidence.core.checkpoint import SignedCheckpoint
    from evidence.core.printed import PrintedCheckpoint, ShortCode
    from evidence.store.other_copy import OtherCopy
    from evidence.store.verify_anchors import Anchor
    from reports.bundle.check import BundleReport


def read_against(
    state: CliContext, against: str | None, earlier: Sequence[str], roots: Trust
) -> "tuple[Anchor | None, BundleReport | None]":
    """Return what was kept elsewhere, and what a whole bundle says of itself.

    Raises:
        NotComparableError: if it is nothing of the kind.
        CheckpointFormError, BundleZippedError, NotABundleError, FileUnreadableError, CaseError.
    """
    folder = against is not None and stat.S_ISDIR(mode_of(Path(against)))
    if earlier and not folder:
        raise UsageProblem(
            _("“--earlier”要与“--against 材料包”一起用"), click.get_current_context()
        )
    if against is None:
        return None, None
    path = Path(against)
    if not mode_of(path, follow=False):
        return _printed(against), None
    if not folder:
        return _file(state, path), None
    from reports.bundle.check import check_bundle

    with state.read() as case, progress(_("核验材料包")) as told:
        bundle = check_bundle(
            path, case=case, roots=roots, earlier=[Path(e) for e in earlier], progress=told
        )
    return bundle.checkpoint, bundle


def _printed(text: str) -> "ShortCode | PrintedCheckpoint":
    from evidence.core.printed import parse_code, parse_text

    found = parse_code(text) or parse_text(text)
    if found is None:
        raise NotComparableError(
            given=text, detail="没有这个文件，也不是完整的短码或二维码里的文字"
        )
    return found


def _file(state: CliContext, path: Path) -> "OtherCopy | SignedCheckpoint":
    from evidence.store.other_copy import read_copy
    from reports.bundle.check import read_checkpoint

    copy = read_copy(path)
    if copy is None:
        return read_checkpoint(path)
    if mode_of(state.case_path) and path.samefile(state.case_path):
        raise UsageProblem(
            _("“--against”写的就是这个案件文件本身，要写另外保存的一份"),
            click.get_current_context(),
        )
    return copy
