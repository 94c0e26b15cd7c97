"""One page for the 12378 call: what to say, what to have ready, what to write down."""

from collections.abc import Mapping
from typing import Any

from reports import texts
from reports.decide.context import Context
from reports.decide.findings import strongest
from reports.packet import CallSheet, Finding

STRONGEST = 3


def call_sheet(context: Context, found: tuple[Finding, ...]) -> CallSheet:
    """Return the sheet with the three gravest findings."""
    words = texts.load("call_sheet")
    names = texts.provision_names(context.rules)
    record, complainant = context.respondent.record, context.complainant.record
    product = words["opening_product"].format(product=record.product) if record.product else ""
    chosen = strongest(found, words["strongest_first"], STRONGEST)
    script = [words["script_intro"]]
    script += [_fact(words, finding) for finding in sorted(chosen, key=lambda f: f.number)]
    script.append(words["script_closing"].format(count=len(found)))
    ready = (
        ("姓名", complainant.name),
        ("身份证件号码", complainant.id_number or "（请备好身份证）"),
        ("联系电话", complainant.phone or "（请填写）"),
        ("被投诉机构全称", record.name),
        ("借款产品", record.product or "（见借款合同或 APP）"),
        ("合同编号", record.contract_no or "（见借款合同或 APP）"),
        ("借款本金 / 逾期起始", f"{record.principal or '—'} 元 / {record.overdue_since or '—'}"),
        ("催收机构", record.agency or "（如知道）"),
    )
    return CallSheet(
        opening=words["opening"].format(
            name=complainant.name, institution=record.name, product=product
        ),
        script=tuple(script),
        ask_for=tuple(words["ask_for"]),
        have_ready=ready,
        blanks=tuple(words["blanks"]),
        knows=tuple(line.format_map(names) for line in words["knows"]),
    )


def _fact(words: Mapping[str, Any], finding: Finding) -> str:
    template = "script_fact" if finding.quote else "script_fact_without_quote"
    verb = "在电话里说" if finding.span else "发来消息说"
    text: str = words[template].format(
        time=finding.occurred_text.split("（")[0],
        counterpart=finding.counterpart or "对方",
        verb=verb,
        quote=finding.quote,
        label=finding.conduct_label,
    )
    return text
