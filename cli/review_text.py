"""The review of a packet as the person reads it: what to look at, and the command that mends it."""

from collections.abc import Iterator, Sequence

from cli.display import safe
from cli.i18n import N_, _
from evidence.core.packet_record import ReviewItem, Severity

_MARKS = {
    Severity.GRAVE: N_("【要紧】"),
    Severity.CHECK: N_("【请核对】"),
    Severity.NOTE: N_("【供参考】"),
}


def review_lines(review: Sequence[ReviewItem]) -> Iterator[str]:
    """Yield the points, gravest first, each with its command."""
    for item in review:
        yield _(_MARKS[item.severity]) + safe(item.text)
        if item.command:
            yield _("  改正：{command}").format(command=safe(item.command))


def counts(review: Sequence[ReviewItem]) -> str:
    """Return how many points there are of each severity."""
    by = {severity: sum(i.severity is severity for i in review) for severity in Severity}
    return _("要紧 {grave} 条，请核对 {check} 条，供参考 {note} 条").format(
        grave=by[Severity.GRAVE], check=by[Severity.CHECK], note=by[Severity.NOTE]
    )


def review_json(review: Sequence[ReviewItem]) -> list[dict[str, object]]:
    """Return the points for other programs."""
    return [
        {
            "code": item.code,
            "severity": item.severity.value,
            "text": item.text,
            "seqs": list(item.seqs),
            "command": item.command,
        }
        for item in review
    ]
