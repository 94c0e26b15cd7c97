"""Everything that one record says, as labels and values for ``show``."""

from collections.abc import Callable, Mapping

from cli import identity, labels, timestamp_text
from cli.damage import numbers
from cli.describe import moment_text, party_text, place_text, respondent_text, suggestion_text
from cli.display import safe, safe_lines
from cli.i18n import _
from cli.mask_text import as_seen, places_text
from cli.moment_words import describe
from cli.packet_choices import choices
from cli.transcript_text import transcript_lines
from evidence.core import export_row, packet_record, phone, records, timecode
from evidence.core.attribution import attribute
from evidence.core.calls import JoinedBy
from evidence.core.case_view import CaseView
from evidence.core.entry import Entry
from evidence.core.erasure import erasure_from_data
from evidence.core.mask import mask_from_data
from evidence.core.moment import Moment
from evidence.core.records import Exhibit, Kind, Party, Tag
from evidence.core.rules import Rules
from evidence.core.salvage import salvage_from_data
from evidence.core.submission import submission_from_data
from evidence.core.suggestion import suggestion_from_data
from evidence.core.timestamp import timestamp_from_data
from evidence.core.transcript import transcript_from_data

Rows = list[tuple[str, str]]


def details(entry: Entry, view: CaseView, rules: Rules) -> Rows:
    """Return what an entry says, in words; of an unknown kind nothing."""
    made: Mapping[str, Callable[[Entry, CaseView, Rules], Rows]] = {
        Kind.CASE: _case,
        Kind.COMPLAINANT: _complainant,
        Kind.RESPONDENT: _respondent,
        Kind.NUMBER: _number,
        Kind.EXHIBIT: _exhibit,
        Kind.RECORD: _record,
        Kind.TRANSCRIPT: _transcript,
        Kind.SUGGESTION: _suggestion,
        Kind.NOTE: _note,
        Kind.TAG: _tag,
        Kind.MASK: _mask,
        Kind.WITHDRAW: _withdraw,
        Kind.ERASE: _erase,
        Kind.SALVAGE: _salvage,
        Kind.PACKET: _packet,
        Kind.TIMESTAMP: _timestamp,
        Kind.SUBMISSION: _submission,
    }
    reader = made.get(entry.kind)
    return reader(entry, view, rules) if reader else []


def owner_text(view: CaseView, seq: int | None, rules: Rules) -> str:
    """Return the respondent that ``seq`` leads to."""
    found = view.respondent_seq(seq)
    for respondent in view.respondents:
        if respondent.seq == found:
            return respondent_text(respondent.record, rules)
    return ""


def _case(entry: Entry, _view: CaseView, _rules: Rules) -> Rows:
    record = records.case_from_data(entry.data)
    return [
        (_("案件编号"), record.case_id),
        (_("名称"), safe(record.title)),
        (_("建立程序"), safe(record.program)),
        (_("公钥"), record.public_key),
    ]


def _complainant(entry: Entry, _view: CaseView, _rules: Rules) -> Rows:
    record = records.complainant_from_data(entry.data)
    return [
        (_("姓名"), safe(record.name)),
        (_("身份证件号码"), safe(identity.mask_id_number(record.id_number))),
        (_("联系电话"), safe(record.phone)),
        (_("联系地址"), safe(record.address)),
        (_("电子邮箱"), safe(record.email)),
    ]


def _respondent(entry: Entry, _view: CaseView, rules: Rules) -> Rows:
    record = records.respondent_from_data(entry.data)
    found = rules.respondent_types.get(record.type)
    return [
        (_("机构"), respondent_text(record, rules)),
        (_("借款产品"), safe(record.product)),
        (_("合同编号"), safe(record.contract_no)),
        (_("借款本金"), safe(record.principal)),
        (_("年利率"), safe(record.annual_rate)),
        (_("已还金额"), safe(record.repaid)),
        (_("逾期开始"), safe(record.overdue_since)),
        (_("催收公司"), safe(record.agency)),
        (_("平台"), safe(record.platform)),
        (_("担保人"), safe(record.guarantor)),
        (_("受理方"), found.addressee if found else ""),
        (_("更正了"), f"#{record.supersedes}" if record.supersedes is not None else ""),
    ]


def _number(entry: Entry, view: CaseView, rules: Rules) -> Rows:
    record = records.number_from_data(entry.data)
    return [
        (_("号码"), record.number),
        (_("号码类型"), number_kind(Party(number=record.number))),
        (_("身份"), labels.role(record.role)),
        (_("称呼"), safe(record.name)),
        (_("机构"), owner_text(view, record.respondent, rules)),
    ]


def _note(entry: Entry, view: CaseView, rules: Rules) -> Rows:
    record = records.note_from_data(entry.data)
    return [
        (_("内容"), "\n".join(safe_lines(record.text))),
        (_("关于"), f"#{record.on}" if record.on is not None else ""),
        (_("所说时间"), moment_text(record.occurred)),
        (_("机构"), owner_text(view, record.respondent, rules)),
    ]


def _tag(entry: Entry, view: CaseView, rules: Rules) -> Rows:
    record = records.tag_from_data(entry.data)
    known = rules.conducts.get(record.conduct)
    return [
        (
            _("疑似行为"),
            _("{text}（{note}）").format(
                text=known.label if known else "", note=safe(record.conduct)
            ),
        ),
        (_("标注在"), f"#{record.on}"),
        (_("位置"), place_text(as_seen(record, view))),
        (_("原话"), "\n".join(safe_lines(record.quote))),
        (_("行为时间"), moment_text(record.occurred)),
        (_("机构"), owner_text(view, record.respondent, rules)),
        (_("被联系的人"), _contacted(record, view)),
        (_("补充说明"), "\n".join(safe_lines(record.comment))),
    ]


def _contacted(record: Tag, view: CaseView) -> str:
    number = view.stated_numbers.get(record.contacted) if record.contacted is not None else None
    known = view.numbers.get(number or "")
    return " ".join(p for p in (number, safe(known.record.name) if known else "") if p)


def _mask(entry: Entry, _view: CaseView, _rules: Rules) -> Rows:
    record = mask_from_data(entry.data)
    return [
        (_("遮盖在"), f"#{record.on}"),
        (_("位置"), places_text(record)),
        (_("理由"), safe(record.reason)),
    ]


def _withdraw(entry: Entry, _view: CaseView, _rules: Rules) -> Rows:
    record = records.withdraw_from_data(entry.data)
    return [(_("撤回的记录"), f"#{record.target}"), (_("理由"), safe(record.reason))]


def _salvage(entry: Entry, _view: CaseView, _rules: Rules) -> Rows:
    record = salvage_from_data(entry.data)
    return [
        (_("旧案件编号"), record.case_id),
        (_("损坏的文件"), _("{size} 字节").format(size=f"{record.file_size:,}")),
        ("SHA-256", record.file_sha256 or _("没有：磁盘没有给出整个文件")),
        (_("旧记录原文"), f"#{record.bodies}"),
        (_("完好的旧记录"), str(record.entries)),
        (_("从头相连"), str(record.prefix)),
        (_("其根哈希"), record.prefix_root),
        (_("读不出来"), numbers((*record.missing, *record.originals_damaged))),
        (_("对不上"), numbers((*record.mismatched, *record.originals_mismatched))),
        (_("改回一位"), numbers((*record.mended, *record.originals_mended))),
    ]


def _erase(entry: Entry, _view: CaseView, _rules: Rules) -> Rows:
    record = erasure_from_data(entry.data)
    along = record.along_with
    return [
        (_("删除的记录"), f"#{record.target}"),
        (_("原来的种类"), labels.kind(record.kind)),
        (_("留下的哈希"), record.leaf),
        (_("随同删除"), f"#{along}" if along is not None else ""),
        (_("理由"), safe(record.reason)),
    ]


def _packet(entry: Entry, view: CaseView, rules: Rules) -> Rows:
    record = packet_record.packet_from_data(entry.data)
    return [
        (_("渠道"), labels.channel(record.channel)),
        (_("机构"), owner_text(view, record.respondent, rules)),
        (_("涵盖记录"), str(record.size)),
        (_("证据"), _("、").join(f"#{seq}" for seq in record.exhibits)),
        (_("补充了"), f"#{record.supplements}" if record.supplements is not None else ""),
        (_("检查点短码"), safe(record.code)),
        (_("另外选择"), choices(record)),
        (_("生成前的提醒"), "\n".join(safe(item.text) for item in record.review)),
        (_("根哈希"), record.root),
        (_("清单 SHA-256"), record.manifest_sha256),
    ]


def _submission(entry: Entry, view: CaseView, rules: Rules) -> Rows:
    record = submission_from_data(entry.data)
    return [
        (_("事项"), labels.event(record.event)),
        (_("日期"), moment_text(record.occurred)),
        (_("机构"), owner_text(view, record.respondent, rules)),
        (_("渠道"), labels.channel(record.channel)),
        (_("投诉材料包"), f"#{record.packet}" if record.packet is not None else ""),
        (_("关于"), f"#{record.of}" if record.of is not None else ""),
        (_("受理编号"), safe(record.receipt)),
        (_("经办人"), safe(record.operator)),
        (_("方式"), safe(record.how)),
        (_("说明"), "\n".join(safe_lines(record.note))),
    ]


def _timestamp(entry: Entry, _view: CaseView, _rules: Rules) -> Rows:
    record = timestamp_from_data(entry.data)
    return [
        *timestamp_text.rows(record),
        *timestamp_text.root_rows(record),
        (_("根哈希"), record.root),
        (_("说明"), timestamp_text.caution()),
    ]


def _exhibit(entry: Entry, view: CaseView, rules: Rules) -> Rows:
    record = records.exhibit_from_data(entry.data)
    return [
        (_("文件名"), safe(record.name)),
        (_("导入路径"), safe(record.origin.path)),
        (
            _("形式"),
            _("{text}（{note}）").format(
                text=labels.medium(record.medium), note=safe(record.media_type)
            ),
        ),
        *_when(record),
        (_("对方"), party_text(record.party, view.numbers)),
        (_("号码类型"), number_kind(record.party)),
        (_("方向"), labels.direction(record.direction) if record.direction else ""),
        (_("机构"), owner_text(view, attribute(view).of_entry(entry.seq), rules)),
        *call_rows(view, entry.seq),
        *_technical(record),
        (_("无法解码"), safe(record.unreadable)),
        (_("提醒"), "\n".join(safe(w) for w in record.origin.warnings)),
        (_("大小"), _("{size} 字节").format(size=f"{record.size:,}")),
        ("SHA-256", record.sha256),
    ]


def _record(entry: Entry, view: CaseView, rules: Rules) -> Rows:
    row = export_row.row_from_data(entry.data)
    time, basis = _described(row.occurred)
    length = timecode.display(row.duration_ms) if row.duration_ms is not None else ""
    place = _("#{export} 第 {record} 条").format(export=row.export, record=row.position.record)
    if row.position.line is not None:
        place += _("（第 {line} 行）").format(line=row.position.line)
    if row.position.part:
        place += _("（{part}）").format(part=safe(row.position.part))
    return [
        (_("形式"), labels.medium(row.medium)),
        (_("所在"), place),
        (_("时间"), time),
        (_("时间依据"), basis),
        (_("短信中心时间"), moment_text(row.sent_at)),
        (_("对方"), party_text(row.party, view.numbers)),
        (_("号码类型"), number_kind(row.party)),
        (_("号码被隐去"), _("是") if row.number_masked else ""),
        (_("方向"), labels.direction(row.direction) if row.direction else ""),
        (_("结果"), labels.outcome(row.outcome) if row.outcome else labels.box(row.box)),
        (_("通话时长"), length),
        (_("短信自称"), safe(row.claimed_sender)),
        (_("内容"), "\n".join(safe_lines(row.text))),
        (_("附件"), _("、").join(safe(a) for a in row.attachments)),
        (_("SIM 卡"), safe(row.sim)),
        (_("机构"), owner_text(view, attribute(view).of_entry(entry.seq), rules)),
        *call_rows(view, entry.seq),
    ]


def _transcript(entry: Entry, view: CaseView, _rules: Rules) -> Rows:
    record = transcript_from_data(entry.data)
    corrections = [
        t.record for t in view.transcripts if t.stands and t.record.corrects == entry.seq
    ]
    return [
        (_("属于"), f"#{record.on}"),
        (_("来源"), labels.writer(record.writer)),
        (_("引擎"), safe(record.engine)),
        (_("文件名"), safe(record.source_name)),
        (_("改正了"), f"#{record.corrects}" if record.corrects is not None else ""),
        (_("没有成功"), safe(record.failure)),
        (_("文字"), "\n".join(transcript_lines(record, corrections))),
    ]


def _suggestion(entry: Entry, _view: CaseView, rules: Rules) -> Rows:
    record = suggestion_from_data(entry.data)
    span = record.span
    return [
        (_("可能是"), suggestion_text(record, rules)),
        (_("在"), f"#{record.on}" if record.on is not None else ""),
        (_("文字稿"), f"#{record.transcript}" if record.transcript is not None else ""),
        (_("行号"), str(record.line) if record.line is not None else ""),
        (
            _("位置"),
            f"{timecode.display(span.start_ms)}–{timecode.display(span.end_ms)}" if span else "",
        ),
        (_("原话"), "\n".join(safe_lines(record.quote))),
        (_("通话"), _("、").join(f"#{seq}" for seq in record.calls)),
        (_("理由"), safe(record.explanation)),
        (_("规则"), safe(record.pattern)),
    ]


def number_kind(party: Party) -> str:
    """Return what the numbering plan says of a complete number; never where anyone is."""
    if not party.number or party.number_truncated:
        return ""
    said = labels.number_kind(phone.classify(party.number), phone.kind(party.number) or "")
    if phone.doubtful(party.number):
        said += _("（号码库里没有这样的号码，可能是改号或抄错；仅供参考）")
    return said


def call_rows(view: CaseView, seq: int) -> Rows:
    """Return what other sources say of the call that an exhibit or row speaks of."""
    call = attribute(view).call_of.get(seq)
    if call is None:
        return []
    others = [r.seq for r in call.rows if r.seq != seq]
    others += [r.seq for r in call.recordings if r.seq != seq]
    if not others:
        return [(_("通话核对"), _("只有这一处来源，没有其他记录与之对应"))]
    listed = _("、").join(f"#{other}" for other in others)
    said = _("与 {seqs} 是同一次通话").format(seqs=listed)
    if call.joined_by is JoinedBy.TIME:
        said += _("（只按时间对应，文件名没有号码；没有据此认定对方是谁）")
    elif call.corroborated:
        said += _("，相互印证")
    rows = [(_("通话核对"), said)]
    if call.recording_incomplete and call.duration_ms is not None:
        whole = timecode.display(call.duration_ms)
        rows.append((_("录音不完整"), _("整个通话 {whole}，录音没有覆盖全部").format(whole=whole)))
    return rows


def _when(record: Exhibit) -> Rows:
    time, basis = _described(record.occurred)
    rows = [(_("形成时间"), time), (_("时间依据"), basis)]
    if record.agreements:
        rows.append((_("一致来源"), _("、").join(safe(a) for a in record.agreements)))
    for conflict in record.conflicts:
        values = _("；").join(
            _("{source}：{value}").format(source=safe(source), value=safe(value))
            for source, value in conflict.values
        )
        if conflict.note:
            values = _("{text}（{note}）").format(text=values, note=safe(conflict.note))
        rows.append((_("互相矛盾"), values))
    return rows


def _described(moment: Moment) -> tuple[str, str]:
    time, basis = describe(moment)
    if moment.basis and moment.value is not None:
        basis = _("{basis}：{words}").format(basis=basis, words=safe(moment.basis))
    return time, safe(basis) if moment.value is None else basis


def _technical(record: Exhibit) -> Rows:
    size = f"{record.width}×{record.height}" if record.width and record.height else ""
    length = timecode.display(record.duration_ms) if record.duration_ms is not None else ""
    sound = [safe(record.codec)] if record.codec else []
    if record.sample_rate:
        sound.append(f"{record.sample_rate} Hz")
    if record.channels:
        sound.append(_("{count} 声道").format(count=record.channels))
    return [
        (_("时长"), length),
        (_("图片格式") if size else _("声音"), _("，").join(sound)),
        (_("像素"), size),
        (_("应用"), safe(record.app)),
        (_("文字编码"), safe(record.text_encoding)),
        (_("SIM 卡"), str(record.sim) if record.sim is not None else ""),
    ]
