"""In words: where the computer's clock was set back between two records."""

from collections.abc import Sequence

from cli import anchor_text
from cli.i18n import _
from cli.moment_words import recorded_text
from evidence.core.clock_order import SetBack


def note(found: Sequence[SetBack]) -> str:
    """Return what is to be known of all places; nothing here speaks of a change."""
    first = found[0]
    return _(
        "电脑的时间曾往回调，共 {count} 处；第一处是 #{seq}，入库时间比前一条早了约 {span}。"
        "哪一个时间不准，从这里看不出来。记录的先后以编号和哈希链为准，"
        "不受影响；这不说明记录被改过。"
    ).format(count=len(found), seq=first.seq, span=anchor_text.span(first.seconds))


def of_one(step: SetBack) -> str:
    """Return what is to be known at one record."""
    return _("比前一条（{before}）早了约 {span}，电脑的时间曾往回调").format(
        before=recorded_text(step.before), span=anchor_text.span(step.seconds)
    )


def to_json(found: Sequence[SetBack]) -> list[dict[str, object]]:
    """Return the JSON form."""
    return [
        {
            "seq": step.seq,
            "before": step.before,
            "recorded_at": step.recorded_at,
            "seconds": step.seconds,
        }
        for step in found
    ]
