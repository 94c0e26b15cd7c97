"""What the person chose for a packet, beside whom it goes to."""

from collections.abc import Iterator

from cli.display import safe
from cli.i18n import _
from evidence.core.packet_record import PacketRecord


def choices(record: PacketRecord) -> str:
    """Return the choices on one line; empty if everything was left as it is."""
    return _("、").join(_choices(record))


def _choices(record: PacketRecord) -> Iterator[str]:
    if record.letter is not None:
        yield _("自己改的文字")
    if record.asks:
        yield _("自己选的请求（{keys}）").format(keys=_("、").join(map(safe, record.asks)))
    if record.third_parties_shown:
        yield _("照原样印出第三人")
    if record.originals_added:
        yield _("附上没有遮盖的原件")
    if record.clips_added:
        yield _("附上录音片段")
    if record.split is not None:
        yield _("PDF 分册不超过 {size} 字节").format(size=record.split)
    for limit in record.limits:
        yield _("{name} 不超过 {count} 字").format(name=safe(limit.name), count=limit.characters)
