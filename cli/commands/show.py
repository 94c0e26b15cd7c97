"""``liuhen show``: one record, with what was said about it."""

from typing import TYPE_CHECKING

import click

from cli import anchor_text, clock_text, labels, output
from cli.app import argument, declare
from cli.context import CliContext
from cli.describe import lines, saved_text
from cli.details import details
from cli.display import pairs, safe
from cli.i18n import N_, _
from cli.params import seq
from evidence.core.anchor_lag import exhibit_lags
from evidence.core.entry import leaf_hash
from evidence.core.erasure import erasure_from_data
from evidence.core.records import Kind
from evidence.errors import CaseDamagedError

DETAILS = N_("证据会连同读到的时间及依据、互相矛盾的来源、标注和说明一起显示。")

if TYPE_CHECKING:
    from evidence.store.case_file import CaseFile

_ABOUT = ("transcript", "tag", "note", "suggestion", "mask")


@declare("show", details=DETAILS, examples=("liuhen show 34", "liuhen show 34 --json"))
@argument("number", metavar=N_("编号"), explain=N_("记录的编号。"), type=seq)
@click.pass_obj
def command(state: CliContext, number: int) -> None:
    """Show a record."""
    with state.read() as case:
        if number in case.erased():
            _tell_erased(state, case, number)
            return
        body = case.body(number)
        entry = case.entry(number)
        view = case.view()
    rules = state.rules()
    known = lines(view, rules)
    about = [line for line in known if line.kind in _ABOUT and line.data.get("on") == number]
    lags = exhibit_lags(view)
    back = next((step for step in view.set_back if step.seq == number), None)
    withdrawn = next((w for w in view.withdrawals if w.record.target == number), None)
    if state.as_json:
        output.emit_json(
            {
                "seq": entry.seq,
                "kind": entry.kind,
                "recorded_at": entry.recorded_at,
                "clock_set_back": back.seconds if back else None,
                "prev": entry.prev.hex(),
                "leaf": leaf_hash(body).hex(),
                "withdrawn_by": withdrawn.seq if withdrawn else None,
                "respondent": next((x.respondent for x in known if x.seq == number), None),
                "data": entry.data,
                **({"anchor": anchor_text.to_json(lags[number])} if number in lags else {}),
                "about": [line.to_json() for line in about],
            }
        )
        return
    rows = [(_("编号"), f"#{number}"), (_("种类"), labels.kind(entry.kind))]
    if withdrawn is not None:
        rows.append((_("已撤回"), f"#{withdrawn.seq}  {safe(withdrawn.record.reason)}"))
    rows += details(entry, view, rules)
    rows += [(labels.kind(x.kind), f"#{x.seq}  {x.text}") for x in about]
    if number in lags:
        rows.append((_("外部时间"), anchor_text.sentence(lags[number])))
    rows += [
        (_("入库时间"), _("{time}（本机时钟）").format(time=saved_text(entry.recorded_at))),
        *([(_("时钟"), clock_text.of_one(back))] if back else ()),
        (_("记录哈希"), leaf_hash(body).hex()),
    ]
    output.emit_lines(pairs(rows, columns=output.columns()))


def _tell_erased(state: CliContext, case: "CaseFile", number: int) -> None:
    """Show what an erased record left."""
    by = case.entry(case.erased()[number])
    if by.kind != Kind.ERASE:
        raise CaseDamagedError(path=str(case.path), detail=f"erased {number}")
    record = erasure_from_data(by.data)
    if state.as_json:
        output.emit_json(
            {"seq": number, "kind": record.kind, "leaf": record.leaf, "erased_by": by.seq}
        )
        return
    rows = (
        (_("编号"), f"#{number}"),
        (_("种类"), labels.kind(record.kind)),
        (_("已删除"), f"#{by.seq}  {safe(record.reason)}"),
        (_("删除时间"), _("{time}（本机时钟）").format(time=saved_text(by.recorded_at))),
        (_("记录哈希"), record.leaf),
    )
    output.emit_lines(pairs(rows, columns=output.columns()))
    output.say(_("内容已经删除，取不出来了；编号和哈希留着，核验照样能做。"))
