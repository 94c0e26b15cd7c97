"""The demo: run the script of ``samples/demo_case.json`` as a person would, without questions."""

import dataclasses
import importlib.resources
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cli.i18n import _
from evidence.core.mask import Mask
from evidence.core.moment import parse_user_time
from evidence.core.records import (
    Complainant,
    Direction,
    Note,
    NumberRecord,
    NumberRole,
    Region,
    Respondent,
    Span,
    Tag,
)
from evidence.core.rules import Rules
from evidence.core.transcript import Transcript, TranscriptLine, Writer
from evidence.errors import MissingCapabilityError
from evidence.ingest.intake import FileOutcome, Stated, import_paths
from evidence.ingest.reader import MediaReader
from evidence.progress import Progress
from evidence.store import statements
from evidence.store.case_file import CaseFile
from evidence.store.clock import Clock
from evidence.store.masks import add_mask
from evidence.store.transcripts import add_transcript
from reports.build import BuiltPacket, build_packet
from reports.packet import Channel

CASE_NAME = "case.liuhen"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DemoResult:
    """What the demo made."""

    case: Path
    imported: int
    tags: int
    packets: tuple[BuiltPacket, ...]


def samples_folder() -> Path:
    """Return the folder of the samples that come with the program.

    Raises:
        MissingCapabilityError: if they are not installed as plain files.
    """
    folder = importlib.resources.files("samples")
    if not isinstance(folder, Path) or not (folder / "demo_case.json").is_file():
        raise MissingCapabilityError(purpose="运行演示", component="samples")
    return folder


def run_demo(
    out: Path, *, rules: Rules, clock: Clock, say: Callable[[str], None], progress: Progress
) -> DemoResult:
    """Make the case and its packets in the new folder ``out``."""
    samples = samples_folder()
    script = json.loads((samples / "demo_case.json").read_text(encoding="utf-8"))
    path = out / CASE_NAME
    with (
        CaseFile.create(path, clock=clock, title=script["title"]) as case,
        MediaReader() as reader,
    ):
        respondents = _people(case, script, rules)
        seqs = {o.path: o.seq for o in _import(case, script, samples, respondents, reader)}
        say(_("已导入 {count} 个文件").format(count=len(set(seqs.values()))))
        _statements(case, script, seqs, respondents, rules)
        say(_("已标注 {count} 处").format(count=len(script["tags"])))
        packets = []
        for wanted in script["packets"]:
            packets.append(
                build_packet(
                    case,
                    channel=Channel(wanted["channel"]),
                    respondent_name=wanted["respondent"],
                    out=out / wanted["folder"],
                    clock=clock,
                    reader=reader,
                    rules=rules,
                    progress=progress,
                )
            )
            say(_("已生成投诉材料包：{path}").format(path=out / wanted["folder"]))
    return DemoResult(
        case=path,
        imported=len(set(seqs.values())),
        tags=len(script["tags"]),
        packets=tuple(packets),
    )


def _people(case: CaseFile, script: Mapping[str, Any], rules: Rules) -> dict[str, int]:
    statements.set_complainant(case, Complainant(**script["complainant"]))
    respondents = {
        row["name"]: statements.add_respondent(
            case, Respondent(**row), types=rules.respondent_types
        ).seq
        for row in script["respondents"]
    }
    for row in script["numbers"]:
        statements.set_number(
            case,
            NumberRecord(
                number=row["number"],
                role=NumberRole(row["role"]),
                name=row["name"],
                respondent=respondents.get(row["respondent"]),
            ),
        )
    return respondents


def _import(
    case: CaseFile,
    script: Mapping[str, Any],
    samples: Path,
    respondents: Mapping[str, int],
    reader: MediaReader,
) -> Iterator[FileOutcome]:
    for row in script["imports"]:
        stated = Stated(
            number=row.get("number", ""),
            direction=Direction(row["direction"]) if "direction" in row else None,
            respondent=respondents.get(row["respondent"]),
        )
        for outcome in import_paths(case, [samples / row["path"]], reader=reader, stated=stated):
            yield dataclasses.replace(outcome, path=str(Path(outcome.path).relative_to(samples)))


def _statements(
    case: CaseFile,
    script: Mapping[str, Any],
    seqs: Mapping[str, int | None],
    respondents: Mapping[str, int],
    rules: Rules,
) -> None:
    for row in script["notes"]:
        on = seqs[row["path"]] if row["path"] else None
        respondent = respondents.get(row.get("respondent", ""))
        statements.add_note(case, Note(text=row["text"], on=on, respondent=respondent))
    _transcripts(case, script, seqs)
    rows = {(r.record.export, r.record.position.record): r.seq for r in case.view().rows}
    people = case.view().numbers
    for row in script["tags"]:
        exhibit = _imported(seqs, row["path"])
        on = rows[exhibit, row["row"]] if "row" in row else exhibit
        span = Span(start_ms=row["from_ms"], end_ms=row["to_ms"]) if "from_ms" in row else None
        statements.add_tag(
            case,
            Tag(
                on=on,
                conduct=row["conduct"],
                quote=row["quote"],
                comment=row.get("comment", ""),
                span=span,
                region=_region(row["region"]) if "region" in row else None,
                occurred=parse_user_time(row["at"]) if row.get("at") else None,
                contacted=people[row["contacted"]].seq if "contacted" in row else None,
            ),
            conducts=rules.conducts,
        )
    for row in script["masks"]:
        regions = tuple(map(_region, row["regions"]))
        on = _imported(seqs, row["path"])
        add_mask(case, Mask(on=on, regions=regions, reason=row["reason"]))


def _transcripts(case: CaseFile, script: Mapping[str, Any], seqs: Mapping[str, int | None]) -> None:
    """Write down what the person heard in a recording."""
    for row in script["transcripts"]:
        lines = tuple(
            TranscriptLine(
                text=line["text"],
                speaker=line["speaker"],
                span=Span(start_ms=line["from_ms"], end_ms=line["to_ms"]),
            )
            for line in row["lines"]
        )
        on = _imported(seqs, row["path"])
        add_transcript(case, Transcript(on=on, writer=Writer.PERSON, lines=lines))


def _imported(seqs: Mapping[str, int | None], path: str) -> int:
    seq = seqs[path]
    if seq is None:
        raise RuntimeError(f"not imported: {path}")
    return seq


def _region(box: list[int]) -> Region:
    left, top, width, height = box
    return Region(left=left, top=top, width=width, height=height)
