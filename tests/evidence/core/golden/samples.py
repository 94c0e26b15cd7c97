"""What the golden entries say, as records. See README.md beside this file."""

import dataclasses
from collections.abc import Callable

from evidence.core import (
    erasure,
    export_row,
    mask,
    moment,
    packet_record,
    records,
    salvage,
    submission,
    suggestion,
    timestamp,
    transcript,
)
from evidence.core.canonical import MAX_INTEGER, JsonObject
from evidence.core.erasure import Erasure
from evidence.core.export_row import ExportRow, Outcome, Position
from evidence.core.letter_text import LetterText
from evidence.core.mask import Mask
from evidence.core.moment import Meaning, Moment, Precision, Source
from evidence.core.packet_record import PacketRecord, PasteLength, ReviewItem, Severity
from evidence.core.records import (
    CaseRecord,
    Complainant,
    Conflict,
    Direction,
    Exhibit,
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
from evidence.core.salvage import Salvage
from evidence.core.submission import Event, Submission
from evidence.core.suggestion import Suggestion
from evidence.core.timestamp import Timestamp
from evidence.core.transcript import Transcript, TranscriptLine, Writer


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Entries of one kind; ``name`` is the file's."""

    name: str
    kind: str
    to_data: Callable[..., JsonObject]
    from_data: Callable[[JsonObject], object]
    records: tuple[object, ...]


def _moment(value: str, precision: Precision, source: Source, meaning: Meaning) -> Moment:
    return Moment(
        value=value, precision=precision, source=source, meaning=meaning, basis=f"据 {value}"
    )


BY_NAME = Moment(
    value="2026-10-14T21:05:33+08:00",
    precision=Precision.SECOND,
    source=Source.FILE_NAME,
    meaning=Meaning.RECORDING_START,
    basis="通话录音@13800000011_20261014210533.mp3",
    tz_assumed=True,
)
MOMENTS = (
    BY_NAME,
    _moment("2026-10-14T21:05:33.482+08:00", Precision.MILLISECOND, Source.SIDECAR, Meaning.SENT),
    _moment("2026-10-14T21:05+08:00", Precision.MINUTE, Source.BILL, Meaning.ANSWERED),
    _moment(
        "2026-10-14T13:05:33+00:00", Precision.SECOND, Source.CONTAINER, Meaning.RECORDING_STOP
    ),
    _moment("2026-10-14", Precision.DAY, Source.USER, Meaning.STATED),
    _moment("--10-14", Precision.MONTH_DAY, Source.FILE_NAME, Meaning.RECORDING_START),
    _moment("--10-14T21:05", Precision.MONTH_DAY, Source.FILE_NAME, Meaning.RECORDING_START),
    _moment("2026-10-14T21:05:33+08:00", Precision.SECOND, Source.CALL_LOG, Meaning.CALL_CREATED),
    _moment("2026-10-14T21:05:33+08:00", Precision.SECOND, Source.SMS_EXPORT, Meaning.RECEIVED),
    _moment("2026-10-14T21:05:33+08:00", Precision.SECOND, Source.EXIF, Meaning.CAPTURED),
    _moment("2026-10-14T21:05:33+08:00", Precision.SECOND, Source.MTIME, Meaning.SAVED),
    _moment(
        "2026-10-14T21:05:33+08:00",
        Precision.SECOND,
        Source.FILE_NAME,
        Meaning.CALL_START_OR_STOP,
    ),
    dataclasses.replace(BY_NAME, year_inferred=True, tz_assumed=False),
    moment.unknown(),
    moment.unknown("几处时间来源相互矛盾，均已列出，未作取舍"),
)
BARE = Exhibit(
    name="说明.txt",
    size=0,
    sha256=Sha256Hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    media_type="text/plain",
    medium=Medium.DOCUMENT,
    occurred=moment.unknown(),
    origin=Origin(importer="text", version="0.1.0"),
)
RECORDING = Exhibit(
    name="通话录音@13800000011_20261014210533.mp3",
    size=1_048_576,
    sha256=Sha256Hex("ab" * 32),
    media_type="audio/mpeg",
    medium=Medium.RECORDING,
    occurred=BY_NAME,
    origin=Origin(
        importer="audio",
        version="0.1.0",
        facts=(("codec", "stream"), ("duration_ms", "packet durations")),
        path="录音/十月/通话录音@13800000011_20261014210533.mp3",
        warnings=("多方通话，没有自动认定对方",),
    ),
    party=Party(number="13800000011", name="“催收”李某\u200b\t!！"),
    direction=Direction.IN,
    sim=1,
    respondent=2,
    duration_ms=83_482,
    codec="mp3",
    sample_rate=44_100,
    channels=2,
    conflicts=(
        Conflict(
            field="occurred",
            values=(("据文件名", "2026年10月14日 21:05:33"), ("据投诉人陈述", "2026年10月15日")),
            note="正好相差 8 小时，疑似其中一处时区写错",
        ),
        Conflict(field="duration_ms", values=()),
    ),
    agreements=("录音文件内的时间与之相互印证，相差 0 秒",),
)
PICTURE = Exhibit(
    name="Screenshot_2026-10-14-21-05-33-482_com.android.mms.jpg",
    size=MAX_INTEGER,
    sha256=Sha256Hex("cd" * 32),
    media_type="image/jpeg",
    medium=Medium.SCREENSHOT,
    occurred=MOMENTS[9],
    origin=Origin(importer="picture", version="0.1.0"),
    party=Party(number="1390000001", number_truncated=True),
    direction=Direction.OUT,
    sim=0,
    codec="jpeg",
    width=1080,
    height=2400,
    app="com.android.mms",
    text_encoding="gb18030",
    unreadable="图片不完整",
)
CALL = ExportRow(
    export=3,
    position=Position(record=1),
    medium=Medium.CALL,
    occurred=MOMENTS[7],
    reader="smsbackuprestore-calls 0.1.0",
    party=Party(number="13800000011"),
    direction=Direction.IN,
    outcome=Outcome.ANSWERED,
    duration_ms=83_000,
)
MESSAGE = ExportRow(
    export=0,
    position=Position(record=12, part="messages.ndjson", line=13),
    medium=Medium.MESSAGE,
    occurred=MOMENTS[8],
    reader="sms-ie-messages 0.1.0",
    party=Party(number="1069000000012345", name="甲某客服"),
    direction=Direction.IN,
    sim="1",
    text="【甲某消费金融】您已逾期\U0001f600\n请还款 ",
    box="received",
    sent_at=MOMENTS[1],
    claimed_sender="甲某消费金融",
    attachments=("PART_1.jpg", ""),
    respondent=0,
)
READ = Transcript(
    on=5,
    writer=Writer.OCR,
    engine="rapidocr 3.10.0 + onnxruntime 1.32.0",
    lines=(
        TranscriptLine(
            text="你再不还钱 我们就上门！",
            region=Region(left=0, top=120, width=900, height=48),
            confidence=987,
        ),
        TranscriptLine(text="", region=Region(left=0, top=0, width=1, height=1), confidence=0),
    ),
)
HEARD = Transcript(
    on=0,
    writer=Writer.FILE,
    lines=(
        TranscriptLine(
            text="你在哪里？", span=Span(start_ms=0, end_ms=1_500), speaker="丙某李经理"
        ),
        TranscriptLine(text="没有时间的一行"),
    ),
    source_name="文字稿.srt",
    source_sha256="ab" * 32,
)
NOTICED = Suggestion(
    conduct="threat",
    pattern="threat-visit",
    explanation="说要上门",
    on=5,
    transcript=6,
    line=1,
    quote="我们就上门",
    start=7,
    region=Region(left=0, top=120, width=900, height=48),
)

SAMPLES = (
    Sample(
        name="case",
        kind="case",
        to_data=records.case_to_data,
        from_data=records.case_from_data,
        records=(
            CaseRecord(
                case_id="00112233445566778899aabbccddeeff",
                public_key="03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8",
                program="liuhen 0.1.0",
            ),
            CaseRecord(
                case_id="f" * 32, public_key="0" * 64, program="liuhen 0.1.0", title="林某的案件"
            ),
        ),
    ),
    Sample(
        name="complainant",
        kind="complainant",
        to_data=records.complainant_to_data,
        from_data=records.complainant_from_data,
        records=(
            Complainant(name="林某"),
            Complainant(
                name="林某",
                id_number="11010119900101001X",
                phone="13800000001",
                address="某省某市某路１号\n二单元",
                email="lin@example.com",
            ),
        ),
    ),
    Sample(
        name="respondent",
        kind="respondent",
        to_data=records.respondent_to_data,
        from_data=records.respondent_from_data,
        records=(
            Respondent(name="甲某消费金融有限公司", type="consumer_finance"),
            Respondent(
                name="甲某消费金融有限公司",
                type="consumer_finance",
                product="甲某贷",
                contract_no="HT-2025-0001",
                agency="乙某信息咨询有限公司",
                platform="丙某平台",
                principal="10000.50",
                annual_rate="24%",
                repaid="3000",
                overdue_since="2026-08-01",
                guarantor="无",
                supersedes=0,
            ),
        ),
    ),
    Sample(
        name="respondent-2",
        kind="respondent",
        to_data=records.respondent_to_data,
        from_data=records.respondent_from_data,
        records=(
            Respondent(
                name="丙某平台",
                type="platform",
                lender="甲某消费金融有限公司",
                borrowed_on="2025-11-02",
                claimed="8123.45",
            ),
        ),
    ),
    Sample(
        name="number",
        kind="number",
        to_data=records.number_to_data,
        from_data=records.number_from_data,
        records=(
            *(NumberRecord(number="13800000011", role=role) for role in NumberRole),
            NumberRecord(
                number="+85212345678", role=NumberRole.COLLECTOR, respondent=0, name="自称法务"
            ),
        ),
    ),
    Sample(
        name="exhibit",
        kind="exhibit",
        to_data=records.exhibit_to_data,
        from_data=records.exhibit_from_data,
        records=(
            BARE,
            RECORDING,
            PICTURE,
            *(dataclasses.replace(BARE, medium=medium) for medium in Medium),
            *(dataclasses.replace(BARE, direction=direction) for direction in Direction),
            *(dataclasses.replace(BARE, occurred=occurred) for occurred in MOMENTS),
        ),
    ),
    Sample(
        name="note",
        kind="note",
        to_data=records.note_to_data,
        from_data=records.note_from_data,
        records=(
            Note(text="晚上十点后又打来三次。"),
            Note(text=" 原话：“你等着”\r\n\t\U0001f600 e\u0301 é \u2028 \x00 \x7f \\ / ", on=0),
            Note(text="补充", on=1, occurred=BY_NAME, respondent=0),
        ),
    ),
    Sample(
        name="tag",
        kind="tag",
        to_data=records.tag_to_data,
        from_data=records.tag_from_data,
        records=(
            Tag(on=0, conduct="threat"),
            Tag(
                on=0,
                conduct="insult",
                quote="你这个老赖！",
                span=Span(start_ms=0, end_ms=83_482),
                occurred=BY_NAME,
                respondent=0,
                comment="第二遍听清楚的",
            ),
            Tag(on=1, conduct="threat", region=Region(left=0, top=0, width=1080, height=200)),
        ),
    ),
    Sample(
        name="tag-2",
        kind="tag",
        to_data=records.tag_to_data,
        from_data=records.tag_from_data,
        records=(
            Tag(on=5, conduct="threat", quote="我们就上门", suggestion=7),
            Tag(on=0, conduct="harass", comment="同一天来电 5 次", suggestion=0),
        ),
    ),
    Sample(
        name="tag-3",
        kind="tag",
        to_data=records.tag_to_data,
        from_data=records.tag_from_data,
        records=(Tag(on=5, conduct="third_party_contact", quote="你是他爱人吧", contacted=3),),
    ),
    Sample(
        name="record",
        kind="record",
        to_data=export_row.row_to_data,
        from_data=export_row.row_from_data,
        records=(
            CALL,
            MESSAGE,
            dataclasses.replace(CALL, party=Party(), number_masked=True, duration_ms=0),
            *(dataclasses.replace(CALL, outcome=outcome) for outcome in Outcome),
            *(dataclasses.replace(MESSAGE, occurred=occurred) for occurred in MOMENTS),
        ),
    ),
    Sample(
        name="transcript",
        kind="transcript",
        to_data=transcript.transcript_to_data,
        from_data=transcript.transcript_from_data,
        records=(
            READ,
            HEARD,
            Transcript(
                on=5,
                writer=Writer.PERSON,
                corrects=0,
                lines=(TranscriptLine(text="你再不还钱，我们就上门！", replaces=1),),
            ),
            Transcript(on=5, writer=Writer.OCR, failure="解码超时"),
            *(dataclasses.replace(HEARD, writer=writer) for writer in Writer),
        ),
    ),
    Sample(
        name="suggestion",
        kind="suggestion",
        to_data=suggestion.suggestion_to_data,
        from_data=suggestion.suggestion_from_data,
        records=(
            NOTICED,
            Suggestion(
                conduct="insult",
                pattern="insult-laolai",
                explanation="骂人的话",
                on=0,
                quote="老赖",
                start=0,
                span=Span(start_ms=0, end_ms=1_500),
            ),
            Suggestion(
                conduct="night_call",
                pattern="count-night",
                explanation="夜间来电 2 次",
                calls=(0, 3),
                occurred=MOMENTS[4],
            ),
            Suggestion(
                conduct="",
                pattern="own-insult",
                explanation="您自己的话可能对您不利",
                on=0,
                quote="滚",
                caution="own_insult",
            ),
        ),
    ),
    Sample(
        name="mask",
        kind="mask",
        to_data=mask.mask_to_data,
        from_data=mask.mask_from_data,
        records=(
            Mask(
                on=0,
                regions=(
                    Region(left=0, top=0, width=1, height=1),
                    Region(left=40, top=300, width=1000, height=180),
                ),
                reason="家人的头像和昵称",
            ),
            Mask(on=3, spans=(Span(start_ms=0, end_ms=1_500),)),
        ),
    ),
    Sample(
        name="withdraw",
        kind="withdraw",
        to_data=records.withdraw_to_data,
        from_data=records.withdraw_from_data,
        records=(Withdraw(target=0, reason=""), Withdraw(target=1, reason="标错了")),
    ),
    Sample(
        name="erase",
        kind="erase",
        to_data=erasure.erasure_to_data,
        from_data=erasure.erasure_from_data,
        records=(
            Erasure(target=1, leaf="ab" * 32, kind="exhibit", reason="误导入了家人的照片"),
            Erasure(target=2, leaf="cd" * 32, kind="note", reason="同上", along_with=1),
        ),
    ),
    Sample(
        name="salvage",
        kind="salvage",
        to_data=salvage.salvage_to_data,
        from_data=salvage.salvage_from_data,
        records=(
            Salvage(
                bodies=1,
                file_size=557056,
                file_sha256="ab" * 32,
                entries=0,
                prefix=0,
                prefix_root="cd" * 32,
            ),
            Salvage(
                bodies=1,
                file_size=557056,
                file_sha256="ef" * 32,
                entries=9,
                prefix=4,
                prefix_root="01" * 32,
                case_id="23" * 16,
                missing=(4, 5),
                mismatched=(7,),
                originals_damaged=(6,),
                originals_mismatched=(8,),
                numbers=((1, 3), (2, 4)),
            ),
        ),
    ),
    Sample(
        name="salvage-2",
        kind="salvage",
        to_data=salvage.salvage_to_data,
        from_data=salvage.salvage_from_data,
        records=(
            Salvage(
                bodies=1,
                file_size=557056,
                file_sha256="",
                entries=9,
                prefix=9,
                prefix_root="01" * 32,
                mended=(4,),
                originals_mended=(6, 8),
            ),
        ),
    ),
    Sample(
        name="packet",
        kind="packet",
        to_data=packet_record.packet_to_data,
        from_data=packet_record.packet_from_data,
        records=(
            PacketRecord(
                channel="12378",
                respondent=0,
                size=7,
                root="ab" * 32,
                manifest_sha256="cd" * 32,
                exhibits=(),
            ),
            PacketRecord(
                channel="nfra",
                respondent=0,
                size=9,
                root="ef" * 32,
                manifest_sha256="01" * 32,
                exhibits=(3, 5, 8),
            ),
        ),
    ),
    Sample(
        name="packet-2",
        kind="packet",
        to_data=packet_record.packet_to_data,
        from_data=packet_record.packet_from_data,
        records=(
            PacketRecord(
                channel="nfra",
                respondent=0,
                size=12,
                root="23" * 32,
                manifest_sha256="45" * 32,
                exhibits=(3, 8, 10),
                exhibit_numbers=(1, 3, 4),
                tags=(6, 11),
                finding_numbers=(2, 3),
                supplements=1,
                code="0123-4567-89AB-CDEF",
                review=(
                    ReviewItem(
                        code="without-quote",
                        severity=Severity.CHECK,
                        text="第 3 项没有写下原话",
                        seqs=(11,),
                        command="liuhen withdraw 11 --reason 补原话",
                    ),
                    ReviewItem(code="contract-missing", severity=Severity.GRAVE, text="没有合同"),
                ),
            ),
        ),
    ),
    Sample(
        name="packet-4",
        kind="packet",
        to_data=packet_record.packet_to_data,
        from_data=packet_record.packet_from_data,
        records=(
            PacketRecord(
                channel="nfra",
                respondent=0,
                size=12,
                root="23" * 32,
                manifest_sha256="45" * 32,
                exhibits=(3,),
                limits=(
                    PasteLength(name="facts", characters=2000),
                    PasteLength(name="title", characters=0),
                ),
                split=5_000_000,
                third_parties_shown=True,
                originals_added=True,
                clips_added=True,
            ),
        ),
    ),
    Sample(
        name="packet-3",
        kind="packet",
        to_data=packet_record.packet_to_data,
        from_data=packet_record.packet_from_data,
        records=(
            PacketRecord(
                channel="institution",
                respondent=0,
                size=14,
                root="67" * 32,
                manifest_sha256="89" * 32,
                exhibits=(3,),
                asks=("stop", "reply"),
                letter=LetterText(
                    opening="我愿意还款。", requests=("请停止给我家人打电话。",), closing="一\n二"
                ),
            ),
        ),
    ),
    Sample(
        name="submission",
        kind="submission",
        to_data=submission.submission_to_data,
        from_data=submission.submission_from_data,
        records=(
            Submission(
                event=Event.SUBMITTED,
                occurred=_moment("2026-11-24", Precision.DAY, Source.USER, Meaning.STATED),
                respondent=0,
                channel="12378",
                packet=1,
                receipt="20261124-00017",
                operator="0315 号",
                how="电话",
                note="说会转给机构",
            ),
            Submission(
                event=Event.FORWARDED,
                occurred=_moment(
                    "2026-11-27T10:20+08:00", Precision.MINUTE, Source.USER, Meaning.STATED
                ),
                respondent=0,
                channel="12378",
                of=0,
            ),
        ),
    ),
    Sample(
        name="timestamp",
        kind="timestamp",
        to_data=timestamp.timestamp_to_data,
        from_data=timestamp.timestamp_from_data,
        records=(
            Timestamp(
                attested_at="2026-11-20T08:30:00Z",
                size=1,
                root="ab" * 32,
                checkpoint="liuhen/00\n1\nq6s=\n\n— liuhen/00 AAAA\n",
                response="MAA=",
                request="",
                authority="",
                policy="",
                serial="",
                roots=(),
            ),
            Timestamp(
                attested_at="2026-11-20T08:30:00.125Z",
                accuracy_ms=1501,
                size=7,
                root="cd" * 32,
                checkpoint="liuhen/00\n7\nzc0=\n\n— liuhen/00 AAAA\n",
                response="MAMCAQA=",
                request="MAMCAQE=",
                authority="某某时间戳服务中心",
                policy="1.2.3.4.1",
                serial="18446744073709551616",
                roots=("01" * 32, "02" * 32),
            ),
        ),
    ),
    Sample(
        name="kind_of_2030",
        kind="kind_of_2030",
        to_data=dict,
        from_data=dict,
        records=(
            {},
            {"flag": False, "list": [], "none": None, "number": -MAX_INTEGER, "text": ""},
            {"deep": {"list": [[{"a": "一"}], True, 0]}, "~": "最后", "A": "先于 a", "a": "\u007f"},
        ),
    ),
)

read_only: tuple[Sample, ...] = ()
"""Samples of kinds that are now written differently, but must still be read."""
