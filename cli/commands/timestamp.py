"""``liuhen timestamp``: let an outside authority say that the records existed by a time."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import output, timestamp_text
from cli.app import argument, declare_group
from cli.context import CliContext
from cli.display import pairs, safe, table
from cli.i18n import N_, _
from cli.output_file import new_file
from cli.roots import read_trust, root_option
from evidence import private
from evidence.errors import (
    FileUnreadableError,
    OutputExistsError,
    TimestampRequestMissingError,
)
from evidence.outside import read_small

if TYPE_CHECKING:
    from evidence.core.stamped import Stamped
    from evidence.store.case_file import CaseFile
    from evidence.store.timestamps import Attached

DETAILS = N_(
    "可信时间戳由案件以外的服务方签发，说明到那个时间为止的记录已经存在（不说明内容属实）。"
    "交给服务方的只有检查点的哈希值和一个随机数，没有任何内容和个人信息。\n"
    "不联网也能用：request 写出请求文件，用任何方式交给服务方，再用 attach 收下回复。"
    "可以向几个服务方各要一份。步骤见 docs/how-to/timestamps.md。"
)


@declare_group(
    "timestamp",
    details=DETAILS,
    examples=(
        "liuhen timestamp request -o 请求.tsq",
        "liuhen timestamp attach 请求.tsr --root 根证书.pem",
        "liuhen timestamp list",
    ),
)
def command() -> None:
    """Group the commands."""


@command.declare(
    "request",
    summary=N_("写出时间戳请求（.tsq）和它对应的检查点，不联网。"),
    details=N_("请求文件要留到收下回复为止；检查点可以由案件重新生成，一起留着更稳妥。"),
    examples=("liuhen timestamp request -o 请求.tsq",),
)
@click.option(
    "-o",
    "--output",
    "out",
    type=click.Path(),
    metavar=N_("文件"),
    help=N_("写到新文件（.tsq）；不写时按记录条数取名。"),
)
@click.pass_obj
def request(state: CliContext, out: str | None) -> None:
    """Write a request."""
    from evidence.store.timestamps import new_request

    with state.read() as case:
        signed = case.checkpoint()
    path = Path(out or f"timestamp-{signed.checkpoint.size}.tsq")
    if path.suffix != ".tsq":
        path = path.with_name(f"{path.name}.tsq")
    beside = path.with_suffix(".checkpoint")
    if os.path.lexists(beside):
        raise OutputExistsError(path=str(beside))
    _write_both(path, new_request(signed), beside, signed.text)
    if state.as_json:
        output.emit_json(
            {
                "request": str(path),
                "checkpoint": str(beside),
                "size": signed.checkpoint.size,
                "root": signed.checkpoint.root.hex(),
            }
        )
    else:
        output.emit_lines((safe(str(path)), safe(str(beside))))
    output.say(_("请求涵盖 {size} 条记录。").format(size=signed.checkpoint.size))
    output.say(_("请保留这两个文件，直到收下回复：没有当初的 .tsq，回复就不能收下。"))
    output.next_step(
        _(
            "把 .tsq 交给时间戳服务方，把回复存成 {reply}，"
            "再运行“liuhen timestamp attach {reply} --root 根证书”。"
        ).format(reply=safe(str(path.with_suffix(".tsr"))))
    )


def _write_both(path: Path, question: bytes, beside: Path, note: bytes) -> None:
    """Write the request and its checkpoint, or neither."""
    written = False
    try:
        with new_file(path) as file:
            file.write(question)
            with new_file(beside) as other:
                other.write(note)
            written = True
    except BaseException:
        if written:
            private.remove(beside)
        raise


@command.declare(
    "attach",
    summary=N_("检查服务方的回复（.tsr），没有问题才存进案件。"),
    details=N_(
        "检查：状态、对应的检查点、随机数、证书用途、签名绑定的证书、签名，"
        "以及在签发那一刻证书链能否追溯到“--root”给出的根证书。有一项不对就不保存。"
        "吊销状态要联网才能查，不检查。"
    ),
    examples=("liuhen timestamp attach 请求.tsr --root 根证书.pem",),
)
@argument("path", metavar=N_("文件"), explain=N_("服务方的回复（.tsr）。"), type=click.Path())
@click.option(
    "--request",
    "question",
    type=click.Path(),
    metavar=N_("文件"),
    help=N_("当初的请求；不写时找同名的 .tsq。"),
)
@click.option(
    "--checkpoint",
    type=click.Path(),
    metavar=N_("文件"),
    help=N_("请求对应的检查点；不写时找同名的 .checkpoint，没有就由案件重新生成。"),
)
@root_option(required=True)
@click.pass_obj
def attach(
    state: CliContext,
    path: str,
    question: str | None,
    checkpoint: str | None,
    roots: tuple[str, ...],
) -> None:
    """Take in an answer."""
    from evidence.store import timestamps

    trust = read_trust(roots)
    reply = Path(path)
    with state.append() as case:
        attached = timestamps.attach(case, _files(case, reply, question, checkpoint), trust)
    _tell(state, attached)


@command.declare(
    "fetch",
    summary=N_("向您指明的网址要一份时间戳（联网），检查后存进案件。"),
    details=N_(
        "这是本程序唯一会联网的命令，只连您写出的网址，只发送哈希值和随机数；"
        "对方会看到您的网络地址。服务器要求转到别处时不会跟去。检查与 attach 相同。"
    ),
    examples=("liuhen timestamp fetch http://127.0.0.1:8318/tsa --root 根证书.pem",),
)
@argument("url", metavar=N_("网址"), explain=N_("服务方的 RFC 3161 地址，http 或 https。"))
@root_option(required=True)
@click.pass_obj
def fetch(state: CliContext, url: str, roots: tuple[str, ...]) -> None:
    """Ask a server."""
    from cli.http_post import post, require_web
    from evidence.core.rfc3161 import MAX_BYTES
    from evidence.core.stamped import Stamped
    from evidence.store import timestamps

    require_web(url)
    trust = read_trust(roots)
    with state.read() as case:
        signed = case.checkpoint()
    asked = timestamps.new_request(signed)
    output.say(_("正在连接 {url}，只发送哈希值。").format(url=safe(url)))
    reply = post(url, asked, content_type="application/timestamp-query", limit=MAX_BYTES)
    given = Stamped(response=reply, request=asked, checkpoint=signed.text)
    with state.append() as case:
        attached = timestamps.attach(case, given, trust)
    _tell(state, attached)


@command.declare("list", summary=N_("列出案件里的时间戳。"), examples=("liuhen timestamp list",))
@click.pass_obj
def list_stamps(state: CliContext) -> None:
    """List the timestamps."""
    with state.read() as case:
        view = case.view()
    bare = timestamp_text.uncovered(view)
    if state.as_json:
        output.emit_json(
            {
                "entries": view.size,
                "uncovered": bare,
                "items": [timestamp_text.to_json(stamp) for stamp in view.timestamps],
            }
        )
        return
    headers = (_("编号"), _("签发时间"), _("覆盖记录"), _("签发方"))
    rows = [
        (
            f"#{stamp.seq}",
            timestamp_text.attested_text(stamp.record),
            timestamp_text.covers_text(stamp.record),
            safe(stamp.record.authority),
        )
        for stamp in view.timestamps
    ]
    if rows:
        output.emit_lines(table(headers, rows, columns=output.columns()))
    output.say(
        _("共 {count} 份；最新的 {bare} 条记录还没有被覆盖。").format(count=len(rows), bare=bare)
    )
    output.say(timestamp_text.caution())


def _files(
    case: "CaseFile", reply: Path, question: str | None, checkpoint: str | None
) -> "Stamped":
    """Gather the three files of a timestamp; the checkpoint can be made again."""
    from evidence.core import checkpoint as checkpoints
    from evidence.core.rfc3161 import MAX_BYTES, parse_request
    from evidence.core.stamped import Stamped
    from evidence.errors import TimestampImprintError
    from evidence.store.find_checkpoint import find_checkpoint

    response = read_small(reply, MAX_BYTES)
    asked = Path(question) if question is not None else reply.with_suffix(".tsq")
    try:
        request_bytes = read_small(asked, MAX_BYTES)
    except FileUnreadableError as error:
        raise TimestampRequestMissingError(path=str(asked)) from error
    noted = Path(checkpoint) if checkpoint is not None else reply.with_suffix(".checkpoint")
    if checkpoint is not None or noted.exists():
        note = read_small(noted, checkpoints.MAX_BYTES)
    else:
        signed = find_checkpoint(case, parse_request(request_bytes).imprint.covers)
        if signed is None:
            raise TimestampImprintError
        note = signed.text
    return Stamped(response=response, request=request_bytes, checkpoint=note)


def _tell(state: CliContext, attached: "Attached") -> None:
    record = attached.record
    if state.as_json:
        output.emit_json(
            {
                "seq": attached.seq,
                "duplicate": attached.duplicate,
                "attested_at": record.attested_at,
                "accuracy_ms": record.accuracy_ms,
                "authority": record.authority,
                "policy": record.policy,
                "serial": record.serial,
                "covers": record.size,
                "roots": [{"name": r.name, "sha256": r.fingerprint} for r in attached.roots],
            }
        )
    else:
        output.emit_lines(
            pairs(
                [
                    (_("编号"), f"#{attached.seq}"),
                    *timestamp_text.rows(record),
                    *((_("追溯到"), timestamp_text.root_text(root)) for root in attached.roots),
                ],
                columns=output.columns(),
            )
        )
    output.say(
        _("这份时间戳以前已经存过，没有再存一次。")
        if attached.duplicate
        else _("已保存。原始回复、请求和检查点都在案件里，文件可以删去。")
    )
    output.say(_("请核对根证书的指纹与服务方公布的一致。"))
    output.say(timestamp_text.caution())
