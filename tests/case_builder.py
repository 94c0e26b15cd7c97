"""A case in memory, entry by entry, through the same encoding that the store uses.

Make a valid world with ``CaseBuilder``, then break one thing. Everything is invented; time goes
on by one minute for each entry, from ``START``.
"""

import datetime as dt

from evidence.core import export_row, mask, moment, records, transcript
from evidence.core.canonical import JsonObject
from evidence.core.case_view import CaseView, fold
from evidence.core.entry import GENESIS, Entry, LeafHash, decode_entry, encode_entry, leaf_hash
from evidence.core.export_row import ExportRow, Outcome, Position
from evidence.core.mask import Mask
from evidence.core.moment import Meaning, Moment, Precision, Source
from evidence.core.records import (
    CaseRecord,
    Complainant,
    Direction,
    Exhibit,
    Kind,
    Medium,
    Note,
    NumberRecord,
    NumberRole,
    Origin,
    Party,
    Region,
    Respondent,
    Sha256Hex,
    Span,
    Tag,
    Withdraw,
)
from evidence.core.transcript import Transcript, TranscriptLine, Writer
from reports.packet import Packet

START = dt.datetime(2026, 11, 20, 8, 0, tzinfo=dt.UTC)
CASE_ID = "00112233445566778899aabbccddeeff"
COLLECTOR = "13800000011"
FAMILY = "13800000003"
ID_NUMBER = "11010119900101001X"


def said(text: str, *, meaning: Meaning = Meaning.STATED, source: Source = Source.USER) -> Moment:
    """Return the moment that ``2026-10-14 21:05:33`` and its shorter forms say."""
    parsed = moment.parse_user_time(text)
    assert parsed.value is not None
    return Moment(
        value=parsed.value,
        precision=parsed.precision,
        source=source,
        meaning=meaning,
        basis=text,
    )


def by_name(text: str, meaning: Meaning = Meaning.RECORDING_START) -> Moment:
    """Return a moment read from a file name."""
    return said(text, meaning=meaning, source=Source.FILE_NAME)


class CaseBuilder:
    """Entries of one case, in order. Each method returns the seq of what it appended."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.off_by = dt.timedelta(0)
        """By how much the computer's clock is wrong from now on."""
        self._leaves: list[LeafHash] = []
        record = CaseRecord(case_id=CASE_ID, public_key="00" * 32, program="liuhen test")
        self.append(Kind.CASE, records.case_to_data(record))

    def append(self, kind: str, data: JsonObject) -> int:
        seq = len(self.entries)
        recorded = START + dt.timedelta(minutes=seq) + self.off_by
        body = encode_entry(
            Entry(
                seq=seq,
                prev=self._leaves[-1] if self._leaves else GENESIS,
                nonce=seq.to_bytes(16),
                kind=str(kind),  # canonical JSON takes no subclass of str
                recorded_at=recorded.strftime("%Y-%m-%dT%H:%M:%SZ"),
                data=data,
            )
        )
        self.entries.append(decode_entry(body))
        self._leaves.append(leaf_hash(body))
        return seq

    def complainant(self, name: str = "林某", **more: str) -> int:
        known = {"id_number": ID_NUMBER, "phone": "13800000001", **more}
        record = Complainant(name=name, **known)
        return self.append(Kind.COMPLAINANT, records.complainant_to_data(record))

    def respondent(
        self,
        name: str = "甲某消费金融有限公司",
        kind: str = "consumer_finance",
        *,
        supersedes: int | None = None,
        **more: str,
    ) -> int:
        record = Respondent(name=name, type=kind, supersedes=supersedes, **more)
        return self.append(Kind.RESPONDENT, records.respondent_to_data(record))

    def number(
        self,
        number: str = COLLECTOR,
        role: NumberRole = NumberRole.COLLECTOR,
        *,
        respondent: int | None = None,
        name: str = "",
    ) -> int:
        record = NumberRecord(number=number, role=role, respondent=respondent, name=name)
        return self.append(Kind.NUMBER, records.number_to_data(record))

    def recording(
        self,
        when: Moment | None = None,
        *,
        number: str = COLLECTOR,
        party_name: str = "",
        respondent: int | None = None,
        direction: Direction | None = None,
        **more: object,
    ) -> int:
        seq = len(self.entries)
        facts: dict[str, object] = {
            "name": f"call{seq}.mp3",
            "media_type": "audio/mpeg",
            "medium": Medium.RECORDING,
            "duration_ms": 60_000,
            "codec": "mp3",
            **more,
        }
        return self._exhibit(
            when, Party(number=number, name=party_name), respondent, direction, facts
        )

    def picture(
        self,
        when: Moment | None = None,
        *,
        number: str = "",
        respondent: int | None = None,
        **more: object,
    ) -> int:
        seq = len(self.entries)
        facts: dict[str, object] = {
            "name": f"screen{seq}.png",
            "media_type": "image/png",
            "medium": Medium.SCREENSHOT,
            "width": 1080,
            "height": 2400,
            **more,
        }
        return self._exhibit(when, Party(number=number), respondent, None, facts)

    def document(
        self, name: str, media_type: str, *, respondent: int | None = None, **more: object
    ) -> int:
        facts: dict[str, object] = {
            "name": name,
            "media_type": media_type,
            "medium": Medium.DOCUMENT,
            **more,
        }
        return self._exhibit(None, Party(), respondent, None, facts)

    def export(
        self,
        name: str = "calls.xml",
        medium: Medium = Medium.CALL,
        *,
        media_type: str = "application/xml",
        when: Moment | None = None,
        respondent: int | None = None,
        **more: object,
    ) -> int:
        facts: dict[str, object] = {
            "name": name,
            "media_type": media_type,
            "medium": medium,
            **more,
        }
        return self._exhibit(when, Party(), respondent, None, facts)

    def row(
        self,
        export: int,
        when: str | Moment,
        *,
        number: str = COLLECTOR,
        name: str = "",
        source: Source = Source.CALL_LOG,
        outcome: Outcome | None = Outcome.ANSWERED,
        seconds: int | None = 60,
        direction: Direction | None = Direction.IN,
        record: int | None = None,
        **more: object,
    ) -> int:
        """Add a call of an export; positions count up unless ``record`` is given."""
        meaning = Meaning.ANSWERED if source is Source.BILL else Meaning.CALL_CREATED
        facts: dict[str, object] = {
            "medium": Medium.CALL,
            "position": Position(record=record or self._next_position(export)),
            "outcome": outcome,
            "duration_ms": None if seconds is None else seconds * 1000,
            **more,
        }
        made = ExportRow(
            export=export,
            occurred=said(when, meaning=meaning, source=source) if isinstance(when, str) else when,
            reader="test 1",
            party=Party(number=number, name=name),
            direction=direction,
            **facts,  # type: ignore[arg-type]  # the caller's keywords are fields of ExportRow
        )
        return self.append(Kind.RECORD, export_row.row_to_data(made))

    def message(
        self, export: int, when: str | Moment, text: str, *, box: str = "received", **more: object
    ) -> int:
        """Add a message of an export."""
        meaning = Meaning.RECEIVED if box == "received" else Meaning.SENT
        facts: dict[str, object] = {
            "medium": Medium.MESSAGE,
            "outcome": None,
            "seconds": None,
            "direction": Direction.IN if box == "received" else Direction.OUT,
            **more,
        }
        if isinstance(when, str):
            when = said(when, meaning=meaning, source=Source.SMS_EXPORT)
        return self.row(export, when, text=text, box=box, **facts)  # type: ignore[arg-type]

    def _next_position(self, export: int) -> int:
        rows = [e for e in self.entries if e.kind == Kind.RECORD and e.data["export"] == export]
        return len(rows) + 1

    def transcript(
        self,
        on: int,
        *lines: str | TranscriptLine,
        writer: Writer = Writer.OCR,
        engine: str = "rapidocr 1",
        **more: object,
    ) -> int:
        made = Transcript(
            on=on,
            writer=writer,
            engine=engine,
            lines=tuple(TranscriptLine(text=x) if isinstance(x, str) else x for x in lines),
            **more,  # type: ignore[arg-type]  # the caller's keywords are fields of Transcript
        )
        return self.append(Kind.TRANSCRIPT, transcript.transcript_to_data(made))

    def correction(self, of: int, line: int, text: str) -> int:
        """Say what a line of a transcript really reads."""
        on = int(str(self.entries[of].data["on"]))
        fixed = TranscriptLine(text=text, replaces=line)
        return self.transcript(on, fixed, writer=Writer.PERSON, engine="", corrects=of)

    def _exhibit(
        self,
        when: Moment | None,
        party: Party,
        respondent: int | None,
        direction: Direction | None,
        facts: dict[str, object],
    ) -> int:
        seq = len(self.entries)
        record = Exhibit(
            size=1000 + seq,
            sha256=Sha256Hex(f"{seq:064x}"),
            occurred=when or moment.unknown(),
            party=party,
            respondent=respondent,
            direction=direction,
            **{"origin": Origin(importer="test", version="1"), **facts},  # type: ignore[arg-type]  # the caller's keywords are fields of Exhibit
        )
        return self.append(Kind.EXHIBIT, records.exhibit_to_data(record))

    def tag(self, on: int, conduct: str = "threat", quote: str = "", **more: object) -> int:
        record = Tag(on=on, conduct=conduct, quote=quote, **more)  # type: ignore[arg-type]
        return self.append(Kind.TAG, records.tag_to_data(record))

    def note(self, text: str, **more: object) -> int:
        record = Note(text=text, **more)  # type: ignore[arg-type]
        return self.append(Kind.NOTE, records.note_to_data(record))

    def mask(self, on: int, *places: Region | Span, reason: str = "家人的名字") -> int:
        record = Mask(
            on=on,
            regions=tuple(p for p in places if isinstance(p, Region)),
            spans=tuple(p for p in places if isinstance(p, Span)),
            reason=reason,
        )
        return self.append(Kind.MASK, mask.mask_to_data(record))

    def withdraw(self, target: int, reason: str = "标错了") -> int:
        record = Withdraw(target=target, reason=reason)
        return self.append(Kind.WITHDRAW, records.withdraw_to_data(record))

    def view(self) -> CaseView:
        return fold(self.entries)

    @property
    def made_at(self) -> str:
        """A time after the last entry."""
        return (START + dt.timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")


def warned(packet: Packet) -> tuple[str, ...]:
    """Return the words of a packet's review."""
    return tuple(item.text for item in packet.review)


def month_day(text: str) -> Moment:
    """Return a moment whose year is not known: ``--10-14``."""
    return Moment(
        value=text,
        precision=Precision.MONTH_DAY,
        source=Source.FILE_NAME,
        meaning=Meaning.RECORDING_START,
        basis=text,
    )
