"""What became of each file of an import, the same in ``import`` and ``watch``."""

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cli import labels, output
from cli.describe import exhibit_text, moment_text
from cli.display import pad, safe, width, wrap
from cli.export_text import rows_json, rows_lines
from cli.i18n import N_, _

if TYPE_CHECKING:
    from evidence.core.rules import Rules
    from evidence.ingest.intake import FileOutcome
    from evidence.store.case_file import CaseFile

NO_TIME = N_("文件名里没有读出时间。想知道原因和怎样补：liuhen doctor --name {name}")


def outcome_json(outcome: "FileOutcome") -> dict[str, object]:
    """Return one file's outcome as JSON."""
    return {
        "path": outcome.path,
        "status": outcome.status.value,
        "seq": outcome.seq,
        "sha256": outcome.sha256,
        "reason": outcome.reason,
        "code": outcome.code,
        **({"rows": rows_json(outcome.rows)} if outcome.rows is not None else {}),
    }


def outcome_lines(case: "CaseFile", outcome: "FileOutcome", rules: "Rules") -> Iterator[str]:
    """Yield what became of one file."""
    from evidence.core import records
    from evidence.core.moment import Source

    head = f"#{outcome.seq}" if outcome.seq is not None else "—"
    status = labels.status(outcome.status)
    if outcome.status == "imported" and outcome.seq is not None:
        exhibit = records.exhibit_from_data(case.entry(outcome.seq).data)
        medium, when_text = labels.medium(exhibit.medium), moment_text(exhibit.occurred)
        lead = f"{pad(head, 5)} {status}  {medium}  "
        room = max((output.columns() or 10_000) - width(lead), 20)
        for part in wrap(f"{exhibit_text(exhibit, {})}  {when_text}", room):
            yield lead + part
            lead = " " * width(lead)
        named = exhibit.medium in (records.Medium.RECORDING, records.Medium.SCREENSHOT)
        if named and exhibit.occurred.source is Source.NONE:
            yield "      " + _(NO_TIME).format(name=shlex.quote(safe(exhibit.name)))
    else:
        yield f"{pad(head, 5)} {pad(status, 6)}  {safe(outcome.path)}"
    if outcome.reason:
        for part in outcome.reason.split("\n"):
            yield f"      {safe(part)}"
    if outcome.rows is not None:
        yield from rows_lines(outcome.rows, case.view(), rules, columns=output.columns())
