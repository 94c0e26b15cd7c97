"""``liuhen export``: the original bytes, or a passage of a recording as a derived copy."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import output
from cli.app import UsageProblem, argument, declare
from cli.context import CliContext
from cli.display import safe
from cli.i18n import N_, _
from cli.output_file import new_file
from cli.params import position, seq
from evidence.core import records, timecode
from evidence.core.records import Exhibit, Kind, Span
from evidence.errors import OriginalDamagedError, WrongKindError

if TYPE_CHECKING:
    from evidence.store.case_file import CaseFile

DETAILS = N_(
    "取出的原文件与导入时一字节不差，写出前会核对 SHA-256。写了“--from”和“--to”则剪出这一段，"
    "存成 WAV；片段只是方便收听的副本，不能代替原文件。已有的文件不会被覆盖。"
)


@declare(
    "export",
    details=DETAILS,
    examples=(
        "liuhen export 34 -o original.mp3",
        "liuhen export 34 --from 00:01 --to 00:05 -o clip.wav",
    ),
)
@argument("number", metavar=N_("编号"), explain=N_("证据的编号。"), type=seq)
@click.option(
    "-o",
    "--output",
    "out",
    type=click.Path(),
    required=True,
    metavar=N_("文件"),
    help=N_("写到哪里。"),
)
@click.option("--from", "first", type=position, metavar=N_("分:秒"), help=N_("片段的开始。"))
@click.option("--to", "last", type=position, metavar=N_("分:秒"), help=N_("片段的结束。"))
@click.pass_obj
def command(state: CliContext, number: int, out: str, first: int | None, last: int | None) -> None:
    """Write an original or a passage to a new file."""
    if (first is None) != (last is None):
        raise UsageProblem(_("“--from”和“--to”要一起写"), click.get_current_context())
    path = Path(out)
    with state.read() as case:
        exhibit = _exhibit(case, number)
        if first is not None and last is not None:
            digest = _clip(case, number, exhibit, Span(start_ms=first, end_ms=last), path)
        else:
            digest = _original(case, number, exhibit, path)
    if state.as_json:
        output.emit_json(
            {
                "seq": number,
                "path": str(path),
                "sha256": digest,
                "original": first is None,
                "original_sha256": exhibit.sha256,
            }
        )
        return
    output.emit(safe(str(path)))
    if first is None:
        output.say(_("已取出原文件，SHA-256 与入库时一致：{digest}").format(digest=digest))
    else:
        output.say(
            _("已剪出 {first}–{last}。这是方便收听的副本，原文件没有改动。").format(
                first=timecode.display(first), last=timecode.display(last or 0)
            )
        )


def _exhibit(case: "CaseFile", number: int) -> Exhibit:
    entry = case.entry(number)
    if entry.kind != Kind.EXHIBIT:
        raise WrongKindError(seq=number, found=entry.kind, wanted=Kind.EXHIBIT)
    return records.exhibit_from_data(entry.data)


def _original(case: "CaseFile", number: int, exhibit: Exhibit, path: Path) -> str:
    digest = hashlib.sha256()
    with new_file(path) as file:
        for piece in case.original(number).pieces():
            digest.update(piece)
            file.write(piece)
        if digest.hexdigest() != exhibit.sha256:
            raise OriginalDamagedError(seq=number, detail="sha256")
    return digest.hexdigest()


def _clip(case: "CaseFile", number: int, exhibit: Exhibit, span: Span, path: Path) -> str:
    from evidence.ingest.reader import MediaReader
    from evidence.store.statements import check_span

    check_span(number, exhibit, span)
    with new_file(path) as file, MediaReader() as reader:
        reader.clip(
            case.original(number),
            exhibit.size,
            file,
            seq=number,
            start_ms=span.start_ms,
            end_ms=span.end_ms,
        )
        file.seek(0)
        return hashlib.sha256(file.read()).hexdigest()
