"""The packet as a value: everything that is said, before anything is drawn.

Rules:

1. ``reports.decide`` makes a ``Packet`` from a ``CaseView``; ``reports.pdf`` and
   ``reports.bundle`` only draw and write it. Nothing here reads the store or the clock.
2. All text that a person reads is final Chinese text. Words of the person, the other side or a
   provision are separate fields, so that they are never mixed with the program's own words.
3. Times in ``*_text`` fields are Chinese standard time and end with how precise they are.
"""

import dataclasses
import datetime as dt
import enum

from evidence.core.packet_record import ReviewItem
from evidence.core.records import Complainant, Medium, Region, Respondent, Span
from reports.complaint import CallSheet, Letter, PasteText
from reports.disclosure import MaskedCopy


class Channel(enum.StrEnum):
    """Where the packet goes."""

    HOTLINE_12378 = "12378"
    NFRA = "nfra"
    """The regulator's website, for a consumer complaint."""
    NFRA_REPORT = "nfra-report"
    """The regulator, asked to investigate: 举报, not a consumer complaint."""
    INSTITUTION = "institution"
    LOCAL_FINANCE = "local-finance"
    POLICE = "police"
    NIFA = "nifa"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One instrument cited for a finding, with the articles that apply."""

    provision_ids: tuple[str, ...]
    instrument: str
    """Full name without book-title marks."""
    articles: tuple[str, ...]
    """As printed: ``第十条``; empty when the article number is not established."""
    level: str
    """As printed: 法律, 部门规章, 推荐性国家标准, 行业自律 …"""
    quotable: bool
    """Whether the annex quotes the text."""
    wording: str
    """``涉嫌不符合`` + level words: what may be said of the act against this rule."""
    remark: str
    """What must be printed beside it (not read in the original, not verified …); may be empty."""

    @property
    def text(self) -> str:
        """``《instrument》第十条、第十六条（行业自律）``."""
        return f"《{self.instrument}》{'、'.join(self.articles)}（{self.level}）"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """疑似违规点: one confirmed conduct at a place in an exhibit, with the rules it may break."""

    number: int
    """1, 2, 3 … in order of time, or as it was numbered before; printed as 第 1 项."""
    tag_seq: int
    exhibit_label: str
    """``E001``; empty when the tag is on a note."""
    conduct_id: str
    conduct_label: str
    occurred_text: str
    quote: str
    """The words, verbatim; empty if the person gave none."""
    place: str
    """``录音 00:28.953–00:34.468``, ``图片标注区域``, ``截图文字`` or ``第 57 条`` of an export."""
    span: Span | None
    region: Region | None
    comment: str
    counterpart: str
    """Number and name of the other side as the exhibit says; third parties masked."""
    citations: tuple[Citation, ...]
    date_remark: str = ""
    """Said beside the citations when the day of the act is not known exactly; may be empty."""
    last_day: dt.date | None = None
    """Last day on which the act can lie, Chinese standard time."""
    new: bool = False
    """Whether the packet that this one adds to did not have it."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ExtractLine:
    """One call or message of an export, as the extract shows it."""

    seq: int
    """Its entry, whose body is disclosed."""
    record: int
    """1-based ordinal in the original."""
    part: str
    """Sheet, or member of an archive; may be empty."""
    line: int | None
    medium: Medium
    """``CALL`` or ``MESSAGE``."""
    time: str
    """``2026-10-14 21:05:33``, with the digits that are known."""
    time_meaning: str
    other_time: str
    """Of a message whose stamps of sending and receiving differ: the other one."""
    counterpart: str
    claimed_sender: str
    """What a message says of its own sender."""
    direction: str
    outcome: str
    """What became of a call; where a message lay."""
    seconds: int | None
    """Length of a call."""
    text: str
    """Of a message, verbatim."""
    attachments: tuple[str, ...]
    corroboration: str
    """Where else the same call is found: ``E013 第 2 条、E003``."""
    finding_numbers: tuple[int, ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """摘录: the respondent's rows of an export whose original is withheld."""

    lines: tuple[ExtractLine, ...]
    """In order of time."""
    withheld: str
    """Why the original is not in the bundle, and that it is available."""
    remarks: tuple[str, ...]
    """How to read the table."""
    path: str
    """``data/redacted/E012.csv``."""
    csv: bytes = dataclasses.field(repr=False)
    """The whole file."""
    csv_sha256: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SpokenLine:
    """One line of a transcript."""

    time: str
    """``00:28.953–00:34.468``; empty for a picture."""
    speaker: str
    text: str
    correction: str
    """Said of a line that the person corrected, with what stood there; empty otherwise."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ShownTranscript:
    """文字: what an exhibit reads or sounds like, beside it and never in its place."""

    title: str
    mark: str
    """Whose words these are and how far they can be trusted."""
    lines: tuple[SpokenLine, ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PacketExhibit:
    """One row of 证据清单 and one exhibit section."""

    label: str
    """``E001``, in order of time."""
    seq: int
    medium: Medium
    name: str
    """Original file name."""
    form: str
    """形式: 通话录音（MP3）, 手机截图（JPEG）, 文字材料 …"""
    occurred_text: str
    occurred_basis: str
    """形成时间依据: ``据文件名（手机自动生成，秒级）`` …"""
    conflict_texts: tuple[str, ...]
    source: str
    """来源: 投诉人手机导出 …, as the case knows it."""
    purpose: str
    """证明内容."""
    counterpart: str
    facts: tuple[tuple[str, str], ...]
    """Label and value pairs: 时长, 编码, 采样率, 像素, 大小 …"""
    sha256: str
    size: int
    media_type: str
    bundle_path: str
    """``data/exhibits/E001.m4a``; empty when the original is withheld."""
    duration_ms: int | None
    unreadable: str
    text: str
    """Content of a text exhibit, verbatim; empty otherwise."""
    notes: tuple[str, ...]
    """The person's notes on it, each with its time of recording."""
    finding_numbers: tuple[int, ...]
    recorded_text: str
    """When the program took it in."""
    anchor_text: str = ""
    """Since when outside time covers it; empty in a case without timestamps."""
    call_checks: tuple[str, ...] = ()
    """通话核对 of a recording: which rows speak of the same call, and what they say."""
    transcripts: tuple[ShownTranscript, ...] = ()
    extract: Extract | None = None
    """Of an export: what of it is shown instead of the original."""
    hidden_words: str = ""
    """How much of the printed words is hidden, and by whom; empty if nothing is."""
    clips: tuple[str, ...] = ()
    """What is said of its marked passages that are files of their own, one a line."""
    masked: MaskedCopy | None = None
    """The copy that is shown instead of the original where the person masked something."""
    new: bool = False
    """Whether the packet that this one adds to did not have it."""

    @property
    def attached(self) -> tuple[str, int]:
        """Path and size of the file that the reader gets for it."""
        if self.extract is not None:
            return self.extract.path, len(self.extract.csv)
        if self.masked is not None:
            return self.masked.path, self.masked.size
        return self.bundle_path, self.size


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CallCount:
    """Calls of one day by the hour in which they began; each list has 24 counts."""

    day: str
    """``2026-10-14``."""
    answered_by_hour: tuple[int, ...]
    unanswered_by_hour: tuple[int, ...]
    unclear_by_hour: tuple[int, ...]
    """No source says whether they were answered."""
    night: int
    """Those whose whole interval lies within 22:00–08:00."""
    sources: str
    """One place for each counted call: ``E012 第 3、5–9 条；E001``."""

    @property
    def by_hour(self) -> tuple[int, ...]:
        """All calls."""
        parts = (self.answered_by_hour, self.unanswered_by_hour, self.unclear_by_hour)
        return tuple(map(sum, zip(*parts, strict=True)))

    @property
    def answered(self) -> int:
        """Calls of the day that were answered."""
        return sum(self.answered_by_hour)

    @property
    def unanswered(self) -> int:
        """Calls of the day that a call log says were not answered."""
        return sum(self.unanswered_by_hour)

    @property
    def unclear(self) -> int:
        """Calls of the day of which nothing says whether they were answered."""
        return sum(self.unclear_by_hour)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SourceCount:
    """How many of the counted calls one kind of source has."""

    name: str
    """``手机通话记录（E012）``."""
    total: int
    answered: int
    unanswered: int
    unclear: int
    only_here: int
    """Calls that no other kind of source has."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """通话统计 with its rule in words."""

    rule: str
    source: str
    limits: str
    """What is not counted and why."""
    days: tuple[CallCount, ...]
    sources: tuple[SourceCount, ...]
    corroborated: int
    """Calls that at least two kinds of source have (相互印证)."""
    undated: tuple[str, ...]
    """Places of calls whose hour is not known."""
    total: int
    answered: int
    unanswered: int
    unclear: int
    night_total: int
    night_calls: tuple[str, ...] = ()
    """Calls that count as night calls with their time and place, in order of time."""
    remarks: tuple[str, ...] = ()
    """Sentences that list what counts as night, what straddles its border, and what is left out."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ThirdPerson:
    """A person who has nothing to do with the debt, and how they were contacted or told."""

    person: str
    """Role and masked number: ``家人（138****0003）``; said so where it is not known who."""
    contacts: tuple[str, ...]
    """Time, conduct and place of each, in order of time."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class AnnexProvision:
    """One provision in the annex, printed once."""

    id: str
    instrument: str
    article: str
    level: str
    issuer: str
    doc_no: str
    in_force: str
    """``2021-11-01 起施行`` or with an end, or 施行日期未核实."""
    quote: str
    """Verbatim text; empty when it may only be named."""
    state: str
    """How well it is established, in Chinese: 原文逐字核对（两份独立副本一致） …"""
    remark: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class TimestampRow:
    """One trusted timestamp that covers this packet's entries."""

    number: str
    """``001``: the name of its files."""
    authority: str
    time_text: str
    covers_text: str
    roots: tuple[str, ...]
    """Fingerprints of the roots that it led to when it was saved."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class AnchorLagRow:
    """From an exhibit's claimed time to the first timestamp that covers it."""

    label: str
    time_text: str
    span: str
    covered: bool


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Anchors:
    """外部时间: what outside authorities attested."""

    lead: str
    timestamps: tuple[TimestampRow, ...]
    lag_lead: str
    lags: tuple[AnchorLagRow, ...]
    uncovered: str
    """Which entries and exhibits no outside time covers."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Integrity:
    """完整性说明: what was checked, and what all this does not prove."""

    case_id: str
    entries_total: int
    entries_disclosed: int
    entries_withheld: int
    root_hex: str
    checkpoint_text: str
    """The signed note, exactly."""
    short_code: str
    """First 16 hex digits of SHA-256 of the signed note, in groups of four; on every page."""
    public_key_hex: str
    checks: tuple[tuple[str, str, str], ...]
    """(what, verdict 通过/未通过/未检查, explanation)."""
    anchors: Anchors | None
    qr_text: str
    """What the QR code says: case, size, root, time (``evidence.core.printed``)."""
    qr_lead: str
    proves: tuple[str, ...]
    does_not_prove: tuple[str, ...]
    how_to_check: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """Everything that one packet says, for one respondent and one channel."""

    channel: Channel
    made_at: str
    """RFC 3339 UTC: the one time read for this packet; it also dates the PDF."""
    made_on_text: str
    """Date in Chinese standard time."""
    program: str
    complainant: Complainant
    respondent: Respondent
    respondent_seq: int
    respondent_type_label: str
    review: tuple[ReviewItem, ...]
    """Shown to the person before export and kept in the case; not printed in the PDF."""
    letter: Letter
    findings: tuple[Finding, ...]
    exhibits: tuple[PacketExhibit, ...]
    statistics: Statistics
    annex: tuple[AnnexProvision, ...]
    notes: tuple[str, ...]
    """The person's notes on the respondent or the case, in the packet as 情况说明."""
    call_sheet: CallSheet | None
    paste_texts: tuple[PasteText, ...]
    integrity: Integrity
    disclosed: tuple[int, ...]
    """Seqs of the entries that the bundle discloses, ascending."""
    supplements: int | None
    """The packet entry that this one adds to."""
    order: str
    """How the exhibits are ordered, in words."""
    third_persons: tuple[ThirdPerson, ...] = ()
    third_persons_lead: str = ""
    """What the list of third persons is."""
