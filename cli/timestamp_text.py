"""Timestamps in words and as JSON, the same in every command."""

from cli.display import safe
from cli.i18n import _
from cli.moment_words import recorded_text
from evidence.core.case_view import CaseView, Recorded
from evidence.core.timestamp import Timestamp
from evidence.core.trust import Root


def caution() -> str:
    """Return what a timestamp shows and what not (provision olr-18)."""
    return _("可信时间戳只说明这些记录在那个时间已经存在，不说明内容属实。")


def covers_text(record: Timestamp) -> str:
    """Return which entries a timestamp covers."""
    return _("#0 至 #{last}").format(last=record.size - 1)


def attested_text(record: Timestamp) -> str:
    """Return the authority's time, with how far it may be off."""
    text = recorded_text(record.attested_at)
    if record.accuracy_ms is None:
        return text
    return _("{time}（误差不超过 {seconds} 秒）").format(
        time=text, seconds=f"{record.accuracy_ms / 1000:g}"
    )


def rows(record: Timestamp) -> list[tuple[str, str]]:
    """Return a timestamp as labels and values."""
    return [
        (_("签发方"), safe(record.authority)),
        (_("签发时间"), attested_text(record)),
        (_("覆盖记录"), covers_text(record)),
        (_("策略"), safe(record.policy)),
        (_("序列号"), safe(record.serial)),
    ]


def root_rows(record: Timestamp) -> list[tuple[str, str]]:
    """Return the fingerprints of the roots that a timestamp led to when it was saved."""
    return [(_("收下时依据的根证书"), fingerprint_text(root)) for root in record.roots]


def fingerprint_text(fingerprint: str) -> str:
    """Return a fingerprint as it is usually published: pairs of digits with colons."""
    digits = safe(fingerprint).upper()
    return ":".join(digits[i : i + 2] for i in range(0, len(digits), 2))


def root_text(root: Root) -> str:
    """Return name and fingerprint of a root certificate."""
    return _("{name}，SHA-256 指纹 {fingerprint}").format(
        name=safe(root.name), fingerprint=fingerprint_text(root.fingerprint)
    )


def to_json(stamp: Recorded[Timestamp]) -> dict[str, object]:
    """Return the JSON form of a stored timestamp; the files themselves are in ``show --json``."""
    record = stamp.record
    return {
        "seq": stamp.seq,
        "recorded_at": stamp.recorded_at,
        "attested_at": record.attested_at,
        "accuracy_ms": record.accuracy_ms,
        "authority": record.authority,
        "policy": record.policy,
        "serial": record.serial,
        "covers": record.size,
        "root": record.root,
        "roots": list(record.roots),
    }


def uncovered(view: CaseView) -> int:
    """Return how many of the newest entries no timestamp covers."""
    return view.size - max((t.record.size for t in view.timestamps), default=0)
