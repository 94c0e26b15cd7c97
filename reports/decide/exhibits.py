"""证据清单: one row and one section for each exhibit."""

from evidence.core import moment_text, timecode
from evidence.core.case_view import Recorded
from evidence.core.records import Direction, Exhibit, Medium
from reports.decide.context import Context
from reports.packet import Finding, PacketExhibit

_FORMS = {
    Medium.RECORDING: "通话录音",
    Medium.SCREENSHOT: "手机截图或图片",
    Medium.DOCUMENT: "文字材料",
    Medium.MESSAGE: "短信",
    Medium.CALL: "通话记录",
    Medium.BILL: "运营商详单",
}
_DIRECTIONS = {
    Direction.IN: "对方来电",
    Direction.OUT: "去电",
    Direction.CONFERENCE: "多方通话",
}
_EXTENSIONS = {
    "audio/mp4": ".m4a",
    "audio/mpeg": ".mp3",
    "audio/amr": ".amr",
    "audio/amr-wb": ".amr",
    "audio/3gpp": ".3gp",
    "audio/ogg": ".ogg",
    "audio/wav": ".wav",
    "audio/flac": ".flac",
    "audio/aac": ".aac",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "image/heic": ".heic",
    "image/gif": ".gif",
    "image/avif": ".avif",
    "text/plain": ".txt",
}


def exhibits(context: Context, found: tuple[Finding, ...]) -> tuple[PacketExhibit, ...]:
    """Return the exhibits in the order of their labels."""
    return tuple(_exhibit(context, e, found) for e in context.selected.exhibits)


def bundle_path(label: str, record: Exhibit) -> str:
    """Return where an exhibit lies in the bundle; the extension follows the content."""
    return f"data/exhibits/{label}{_EXTENSIONS.get(record.media_type, '.bin')}"


def _exhibit(
    context: Context, entry: Recorded[Exhibit], found: tuple[Finding, ...]
) -> PacketExhibit:
    record = entry.record
    label = context.selected.labels[entry.seq]
    own = tuple(f for f in found if f.exhibit_label == label)
    time, basis = moment_text.describe(record.occurred)
    return PacketExhibit(
        label=label,
        seq=entry.seq,
        medium=record.medium,
        name=record.name,
        form=f"{_FORMS[record.medium]}（{record.media_type.split('/')[-1].upper()}）",
        occurred_text=time,
        occurred_basis="；".join((basis, *record.agreements)).strip("；") or "没有可用的时间来源",
        conflict_texts=tuple(_conflict_texts(record)),
        source=_source(record),
        purpose=_purpose(record, own),
        counterpart=context.counterpart(record) if record.medium is Medium.RECORDING else "",
        facts=tuple(_facts(record)),
        sha256=record.sha256,
        size=record.size,
        media_type=record.media_type,
        bundle_path=bundle_path(label, record),
        duration_ms=record.duration_ms,
        unreadable=record.unreadable,
        text=context.texts.get(entry.seq, ""),
        notes=tuple(
            f"{note.record.text}（{moment_text.recorded_text(note.recorded_at)} 记录）"
            for note in context.selected.exhibit_notes.get(entry.seq, ())
        ),
        finding_numbers=tuple(f.number for f in own),
        recorded_text=moment_text.recorded_text(entry.recorded_at),
    )


def _source(record: Exhibit) -> str:
    folder = record.origin.path.rpartition("/")[0]
    return f"投诉人提供，从其设备导出（文件夹 {folder}）" if folder else "投诉人提供，从其设备导出"


def _purpose(record: Exhibit, own: tuple[Finding, ...]) -> str:
    if own:
        labels = "、".join(dict.fromkeys(f.conduct_label for f in own))
        numbers = "、".join(str(f.number) for f in own)
        return f"疑似{labels}（第 {numbers} 项）"
    if record.medium is Medium.RECORDING:
        return "反映双方通话情况"
    return "反映双方联系情况"


def _conflict_texts(record: Exhibit) -> list[str]:
    texts: list[str] = []
    for conflict in record.conflicts:
        values = "；".join(f"{value}（{source}）" for source, value in conflict.values)
        note = f"。{conflict.note}" if conflict.note else ""
        what = "形成时间" if conflict.field == "occurred" else "对方号码"
        texts.append(f"{what}有不同来源：{values}{note}")
    return texts


def _facts(record: Exhibit) -> list[tuple[str, str]]:
    facts: list[tuple[str, str]] = []
    if record.duration_ms is not None:
        facts.append(("时长", timecode.display(record.duration_ms)))
    if record.direction is not None:
        facts.append(("方向", _DIRECTIONS[record.direction]))
    if record.codec and record.medium is Medium.RECORDING:
        channels = {1: "单声道", 2: "双声道"}.get(record.channels or 0, "")
        rate = f"{record.sample_rate} Hz" if record.sample_rate else ""
        facts.append(("编码", " ".join(p for p in (record.codec, rate, channels) if p)))
    if record.width and record.height:
        facts.append(("像素", f"{record.width} × {record.height}"))
    if record.app:
        facts.append(("文件名所示应用", record.app))
    facts.append(("大小", f"{record.size:,} 字节"))
    facts += [("提示", warning) for warning in record.origin.warnings]
    return facts
