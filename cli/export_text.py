"""What ``import`` found in a phone backup or bill: counts by number, and how to take more."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from cli import labels
from cli.describe import respondent_text
from cli.display import safe, table
from cli.i18n import _
from evidence.core import phone

if TYPE_CHECKING:
    from evidence.core.case_view import CaseView
    from evidence.core.rules import Rules
    from evidence.ingest.rows import NumberCount, RowSummary

SHOWN = 15
"""Numbers that are listed; ``--json`` has all."""


def rows_json(rows: "RowSummary") -> dict[str, object]:
    """Return the JSON form."""
    return {
        "calls": rows.calls,
        "messages": rows.messages,
        "taken": rows.taken,
        "known": rows.known,
        "first_seq": rows.first_seq,
        "last_seq": rows.last_seq,
        "broken_off": rows.broken_off,
        "problem_count": rows.problem_count,
        "problems": [
            {
                "record": p.position.record,
                "part": p.position.part,
                "line": p.position.line,
                "code": p.reason_code,
                "reason": p.reason,
            }
            for p in rows.problems
        ],
        "numbers": [
            {
                "number": n.number,
                "name": n.name,
                "calls": n.calls,
                "messages": n.messages,
                "taken": n.taken,
            }
            for n in rows.numbers
        ],
    }


def rows_lines(
    rows: "RowSummary", view: "CaseView", rules: "Rules", *, columns: int | None
) -> Iterator[str]:
    """Yield what was found and what was taken."""
    said = _("读出通话 {calls} 条、短信 {messages} 条；存入 {taken} 条").format(
        calls=rows.calls, messages=rows.messages, taken=rows.taken
    )
    if rows.known:
        said += _("，另有 {known} 条案件里已有").format(known=rows.known)
    if rows.first_seq is not None:
        said += _("（编号 {first}–{last}）").format(first=rows.first_seq, last=rows.last_seq)
    yield f"      {said}"
    for problem in rows.problems[:3]:
        yield "      " + _("第 {record} 条没有读出：{reason}").format(
            record=problem.position.record, reason=safe(problem.reason)
        )
    owners = _owners(view, rules)
    shown = rows.numbers[:SHOWN]
    if rows.numbers:
        header = (_("号码"), _("称呼"), _("通话"), _("短信"), _("归属"), _("存入"))
        body = [_row(count, owners) for count in shown]
        for line in table(header, body, columns=columns and columns - 6):
            yield f"      {line}"
    more = len(rows.numbers) - len(shown)
    if more > 0:
        yield "      " + _("另有 {count} 个号码，用“--json”看全部").format(count=more)


def _owners(view: "CaseView", rules: "Rules") -> Mapping[str, str]:
    names = {r.seq: respondent_text(r.record, rules) for r in view.respondents}
    found: dict[str, str] = {}
    for number, said in view.numbers.items():
        owner = view.respondent_of_number(number)
        role = labels.role(said.record.role)
        found[number] = names.get(owner, role) if owner is not None else role
    return found


def _row(count: "NumberCount", owners: Mapping[str, str]) -> tuple[str, ...]:
    number = safe(count.number) or _("（隐藏号码）")
    owner = owners.get(count.number, "")
    if not owner and phone.classify(count.number) is phone.NumberClass.PUBLIC:
        owner = _("公共服务号码")
    return (
        number,
        safe(count.name),
        str(count.calls or ""),
        str(count.messages or ""),
        owner or "—",
        str(count.taken or ""),
    )
