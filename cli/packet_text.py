"""What ``liuhen packet`` says of a packet that was made."""

from pathlib import Path
from typing import TYPE_CHECKING

from cli import labels, output
from cli.context import CliContext
from cli.display import pairs, safe
from cli.i18n import _
from cli.review_text import review_json
from evidence.core.rules import Rules

if TYPE_CHECKING:
    from reports.build import BuiltPacket
    from reports.packet import Packet


def tell(state: CliContext, built: "BuiltPacket", rules: Rules) -> None:
    """Say where the packet is and what comes next."""
    packet = built.packet
    pdf = built.path / "data" / "packet.pdf"
    if state.as_json:
        output.emit_json(_json(built, pdf))
        return
    count = len(built.parts)
    parts = _("{count} 册，在 data/parts").format(count=count) if count else ""
    rows = (
        (_("材料包"), safe(str(built.path))),
        (_("打印件"), safe(str(pdf))),
        (_("渠道"), labels.channel(packet.channel)),
        (_("被投诉机构"), safe(packet.respondent.name)),
        (_("补充了"), f"#{packet.supplements}" if packet.supplements is not None else ""),
        (_("疑似违规点"), _("{count} 项").format(count=len(packet.findings))),
        (_("证据"), _("{count} 份").format(count=len(packet.exhibits))),
        (_("分册"), parts),
        (_("检查点短码"), packet.integrity.short_code),
    )
    output.emit_lines(pairs(rows, columns=output.columns()))
    output.say(rules.packet_channels[packet.channel.value].remark)
    _tell_uncovered(packet)
    if _has_passphrase(state.case_path):
        output.say(
            _("案件有密码，材料包没有：拿到这个文件夹的人都能读。不用时移到加密的磁盘或删掉。")
        )
    output.next_step(
        _(
            "打开打印件逐页核对，改正后重新生成；确认无误再打印、签名、提交。"
            "检查点短码请另外记下来。交上去以后，用 submitted 命令记下日期和受理编号。"
        )
    )


def _has_passphrase(path: Path) -> bool:
    from evidence.store.case_file import read_locks
    from evidence.store.sealing import PLAIN

    return read_locks(path).sealing != PLAIN


def _json(built: "BuiltPacket", pdf: Path) -> dict[str, object]:
    packet = built.packet
    return {
        "path": str(built.path),
        "pdf": str(pdf),
        "parts": [
            {
                "path": str(built.path / "data" / "parts" / f"packet-{p.number}.pdf"),
                "first": p.first,
                "last": p.last,
                "size": p.size,
            }
            for p in built.parts
        ],
        "seq": built.seq,
        "channel": packet.channel.value,
        "respondent": packet.respondent.name,
        "made_at": packet.made_at,
        "findings": [
            {"number": f.number, "tag": f.tag_seq, "conduct": f.conduct_id, "new": f.new}
            for f in packet.findings
        ],
        "exhibits": [
            {"label": e.label, "seq": e.seq, "sha256": e.sha256, "new": e.new}
            for e in packet.exhibits
        ],
        "supplements": packet.supplements,
        "review": review_json(packet.review),
        "entries": packet.integrity.entries_total,
        "disclosed": packet.integrity.entries_disclosed,
        "withheld": packet.integrity.entries_withheld,
        "code": packet.integrity.short_code,
        "manifest_sha256": built.manifest_sha256,
    }


def _tell_uncovered(packet: "Packet") -> None:
    """Say how many exhibits no outside time covers, while something can still be done."""
    anchors = packet.integrity.anchors
    bare = sum(not row.covered for row in anchors.lags) if anchors else len(packet.exhibits)
    if bare:
        output.say(
            _(
                "有 {count} 份证据还没有可信时间戳，只能由材料自己说明时间。可以先用"
                "“liuhen timestamp request”申请一份，收下以后重新生成。"
            ).format(count=bare)
        )
