"""A moment in Chinese words, the same in the terminal and in the packet.

The command line gives ``say``, which puts each text into the language of the person.
"""

import datetime as dt
from collections.abc import Callable

from evidence.core.moment import CHINA, Meaning, Moment, Precision, Source

PRECISION = {
    Precision.MILLISECOND: "精确到毫秒",
    Precision.SECOND: "精确到秒",
    Precision.MINUTE: "精确到分",
    Precision.DAY: "只知日期",
    Precision.MONTH_DAY: "只知月日",
}
SOURCE = {
    Source.BILL: "运营商详单",
    Source.CALL_LOG: "手机通话记录",
    Source.SMS_EXPORT: "手机短信备份",
    Source.SIDECAR: "录音软件记录文件",
    Source.FILE_NAME: "文件名（手机或软件自动生成，可被改名）",
    Source.EXIF: "图片 EXIF 信息",
    Source.CONTAINER: "录音文件内的时间信息",
    Source.MTIME: "文件修改时间（可能为传输时间，仅供参考）",
    Source.USER: "投诉人陈述",
}
MEANING = {
    Meaning.CALL_CREATED: "来电或拨号时刻",
    Meaning.ANSWERED: "接通时刻",
    Meaning.RECORDING_START: "录音开始时刻",
    Meaning.RECORDING_STOP: "录音结束时刻",
    Meaning.CALL_START_OR_STOP: "通话期间（开始或结束时刻）",
    Meaning.CAPTURED: "截图或拍摄时刻，不是对方发送的时刻",
    Meaning.SAVED: "图片保存时刻，不是对方发送的时刻",
    Meaning.SENT: "发送时刻",
    Meaning.RECEIVED: "收到时刻",
    Meaning.STATED: "投诉人所述时刻",
}
NOT_KNOWN = "时间不明"
Say = Callable[[str], str]


def as_it_is(text: str) -> str:
    """Return the Chinese text."""
    return text


def describe(moment: Moment, say: Say = as_it_is) -> tuple[str, str]:
    """Return the time with its precision, and what it rests on."""
    if moment.precision is Precision.UNKNOWN:
        return say(NOT_KNOWN), moment.basis
    time = say("{time}（{precision}）").format(
        time=time_text(moment, say), precision=say(PRECISION[moment.precision])
    )
    basis = say("据{source}").format(source=say(SOURCE[moment.source]))
    meaning = MEANING.get(moment.meaning)
    if meaning:
        basis += say("，为{meaning}").format(meaning=say(meaning))
    if moment.year_inferred:
        basis += say("，年份为推断")
    if moment.tz_assumed and moment.source is not Source.USER:
        basis += say("，按北京时间理解")
    return time, basis


def time_text(moment: Moment, say: Say = as_it_is) -> str:
    """Return the time alone in Chinese standard time, with the digits that are known."""
    if moment.precision is Precision.UNKNOWN:
        return say(NOT_KNOWN)
    if moment.precision is Precision.MONTH_DAY:
        day_part, _, clock = (moment.value or "").removeprefix("--").partition("T")
        month, day = day_part.split("-")
        date = say("{month}月{day}日").format(month=int(month), day=int(day))
        return f"{date} {clock}".strip()
    interval = moment.interval()
    if interval is None:
        return say(NOT_KNOWN)
    start = interval[0].astimezone(CHINA)
    date = date_text(start, say)
    if moment.precision is Precision.DAY:
        return date
    clock = f"{start.hour:02d}:{start.minute:02d}"
    if moment.precision is not Precision.MINUTE:
        clock += f":{start.second:02d}"
    if moment.precision is Precision.MILLISECOND:
        clock += f".{start.microsecond // 1000:03d}"
    return f"{date} {clock}"


def date_text(instant: dt.datetime, say: Say = as_it_is) -> str:
    """Return ``2026年10月14日`` of an instant in Chinese standard time."""
    local = instant.astimezone(CHINA)
    return say("{year}年{month}月{day}日").format(year=local.year, month=local.month, day=local.day)


def recorded_text(recorded_at: str, say: Say = as_it_is) -> str:
    """Return the program's own RFC 3339 clock reading in Chinese standard time."""
    local = dt.datetime.fromisoformat(recorded_at).astimezone(CHINA)
    return f"{date_text(local, say)} {local:%H:%M:%S}"
