"""A recorder's sidecar as an export of one call, so that it joins the recording beside it."""

import dataclasses
from collections.abc import Iterator
from typing import BinaryIO

from evidence.core.export_row import Position
from evidence.core.records import Direction, Medium
from evidence.ingest.exports import sidecar
from evidence.ingest.exports.base import CallRow, ExportFormError, Row
from evidence.ingest.exports.sidecar import Sidecar


@dataclasses.dataclass(frozen=True, slots=True)
class SidecarReader:
    """Gives one row for each other side of the call; a recorded call was answered."""

    name: str = "bcr-sidecar"
    media_type: str = "application/json"
    medium: Medium = Medium.CALL

    def identify(self, head: bytes) -> bool:
        """Tell whether the file is such a sidecar."""
        return sidecar.identify(head)

    def rows(self, original: BinaryIO, size: int, *, name: str) -> Iterator[Row]:  # noqa: ARG002 - the reader's shape
        """Give the rows of the call.

        Raises:
            ExportFormError: when it is no sidecar, cut off, or hostile.
        """
        found = sidecar.parse_sidecar(original.read(sidecar.MAX_SIZE + 1))
        sim = "" if found.sim_slot is None else str(found.sim_slot)
        direction = found.direction
        if len(found.parties) > 1:
            direction = Direction.CONFERENCE
        for record, party in enumerate(found.parties, start=1):
            yield CallRow(
                position=Position(record=record),
                number=party.number,
                number_raw=party.number_raw,
                name=party.contact_name or found.call_log_name or party.caller_name,
                occurred=found.created,
                direction=direction,
                answered=True,
                outcome="answered",
                duration_s=None,
                sim=sim,
                masked=False,
                raw=(),
            )


def remarks(data: bytes) -> tuple[str, ...]:
    """Return what the recorder says of gaps in its recording, and of its own two times."""
    try:
        found = sidecar.parse_sidecar(data)
    except ExportFormError as error:
        return (error.reason,)
    return tuple(_remarks(found))


def _remarks(found: Sidecar) -> Iterator[str]:
    if not found.stamps_agree:
        yield "录音软件写的两处时间不一致，采用毫秒时间"
    recording = found.recording
    if recording is None:
        return
    if recording.was_ever_paused:
        yield "录音软件记录：录音期间曾经暂停"
    if recording.buffer_overruns:
        yield f"录音软件记录：有 {recording.buffer_overruns} 处声音丢失"
