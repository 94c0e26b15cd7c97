"""Anchor lag in words: how long after an event outside time covers its record."""

from cli.i18n import _
from cli.moment_words import recorded_text
from evidence.core.anchor_lag import AnchorLag, parts


def short(lag: AnchorLag | None) -> str:
    """Return the lag for a column of a list; a dash where nothing covers the record."""
    if lag is None:
        return "—"
    if lag.contradicts:
        return _("时间矛盾")
    # Without a claimed time the lag says nothing of when the event was; it must not look as if.
    text = _("入库后≤{span}") if lag.since_recorded else _("≤{span}")
    return text.format(span=span(lag.seconds))


def sentence(lag: AnchorLag | None) -> str:
    """Return what outside time says of a record: that it existed by then, nothing more."""
    if lag is None:
        return _("还没有时间戳覆盖（liuhen timestamp）")
    time = recorded_text(lag.timestamp.record.attested_at)
    seq = lag.timestamp.seq
    if lag.contradicts:
        if lag.since_recorded:
            text = _(
                "{time} 已存在（#{seq}），但入库时间比这还晚，互相矛盾，可能是这台电脑的时钟不准"
            )
        else:
            text = _("{time} 已存在（#{seq}），但所称时间比这还晚，互相矛盾")
        return text.format(time=time, seq=seq)
    if lag.since_recorded:
        text = _("{time} 已存在（#{seq}），距入库不超过 {span}")
    else:
        text = _("{time} 已存在（#{seq}），距形成不超过 {span}")
    return text.format(time=time, seq=seq, span=span(lag.seconds))


def to_json(lag: AnchorLag | None) -> dict[str, object] | None:
    """Return the JSON form; null where nothing covers the record."""
    if lag is None:
        return None
    return {
        "timestamp": lag.timestamp.seq,
        "attested_at": lag.timestamp.record.attested_at,
        "lag_seconds": lag.seconds,
        "since": "recorded_at" if lag.since_recorded else "occurred",
        "contradicts": lag.contradicts,
    }


def span(seconds: int) -> str:
    """Return a length of time, rounded up to the minute, or to the hour from a day on."""
    days, hours, minutes = parts(seconds)
    if days:
        days, hours, _minutes = parts(-(-seconds // 3600) * 3600)  # up to the whole hour
        return _("{days}天{hours}小时").format(days=days, hours=hours)
    if hours:
        return _("{hours}小时{minutes}分").format(hours=hours, minutes=minutes)
    return _("{minutes}分").format(minutes=minutes)
