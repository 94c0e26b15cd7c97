"""投诉书: the contents that the complaint measures ask for (provision cmp2020-13)."""

from collections.abc import Mapping
from typing import Any

from reports import texts
from reports.decide.context import Context
from reports.decide.findings import article_order, by_conduct, strongest
from reports.packet import Channel, Citation, Finding, Letter, PacketExhibit


def letter(
    context: Context, found: tuple[Finding, ...], shown: tuple[PacketExhibit, ...]
) -> Letter:
    """Return the letter for the packet's respondent and channel."""
    words = texts.load("letter")
    names = texts.provision_names(context.rules)
    institution = context.institution
    other = not context.respondent_type.supervised
    addressee = {
        Channel.HOTLINE_12378: words["addressee_12378"],
        Channel.NFRA: words["addressee_nfra"],
    }[context.channel]
    statements = words["statements_other"] if other else words["statements"]
    first, last = (shown[0].label, shown[-1].label) if shown else ("", "")
    return Letter(
        title=words["title"].format(institution=institution),
        addressee=addressee,
        complainant_rows=_complainant_rows(context),
        respondent_rows=_respondent_rows(context),
        loan_rows=_loan_rows(context),
        requests=tuple(r.format(institution=institution) for r in words["requests"]),
        facts=_facts(context, found, words),
        basis=_basis(context, found, words, names),
        statements=tuple(s.format_map(names) for s in statements),
        attachments=tuple(
            a.format(first=first, last=last, count=len(shown)) for a in words["attachments"]
        ),
    )


def _complainant_rows(context: Context) -> tuple[tuple[str, str], ...]:
    record = context.complainant.record
    rows = (
        ("姓名", record.name),
        ("身份证件号码", record.id_number),
        ("联系电话", record.phone),
        ("联系地址", record.address),
        ("电子邮箱", record.email),
    )
    required = {"姓名", "身份证件号码", "联系电话"}
    return tuple((k, v or "（待填写）") for k, v in rows if v or k in required)


def _respondent_rows(context: Context) -> tuple[tuple[str, str], ...]:
    record = context.respondent.record
    staff = sorted(
        {
            " ".join(part for part in (n.record.name, n.record.number) if part)
            for n in context.view.numbers.values()
            if context.view.respondent_seq(n.record.respondent) == context.respondent.seq
        }
    )
    rows = (
        ("机构全称", record.name),
        ("机构类型", context.respondent_type.label),
        ("借款平台", record.platform),
        ("受托催收机构", record.agency),
        ("涉及的人员和号码", "；".join(staff)),
    )
    return tuple((k, v) for k, v in rows if v)


def _loan_rows(context: Context) -> tuple[tuple[str, str], ...]:
    record = context.respondent.record
    rows = (
        ("借款产品", record.product),
        ("合同编号", record.contract_no),
        ("借款本金", f"{record.principal} 元" if record.principal else ""),
        ("年利率", record.annual_rate),
        ("已还金额", f"{record.repaid} 元" if record.repaid else ""),
        ("逾期起始", record.overdue_since),
        ("担保人", record.guarantor),
    )
    return tuple((k, v) for k, v in rows if v)


def _facts(
    context: Context, found: tuple[Finding, ...], words: Mapping[str, Any]
) -> tuple[str, ...]:
    record = context.respondent.record
    product = f"“{record.product}”" if record.product else ""
    opening = words["facts_opening"].format(
        name=context.complainant.record.name,
        institution=context.institution,
        product=product,
        period=f"自 {record.overdue_since} 起借款逾期" if record.overdue_since else "借款期间",
        ways=_ways(context),
        count=len(found),
    )
    groups = [
        words["facts_group"].format(
            label=g.label, count=len(g.numbers), numbers="、".join(map(str, g.numbers))
        )
        for g in by_conduct(found)
    ]
    order = texts.load("call_sheet")["strongest_first"]
    examples = [
        words["facts_strongest"].format(
            time=f.occurred_text,
            counterpart=f.counterpart or "见证据",
            quote=f.quote,
            exhibit=f.exhibit_label or "情况说明",
            place=f.place,
        )
        for f in strongest(found, order, 3)
        if f.quote
    ]
    return (opening, "".join(groups), *examples, words["facts_closing"])


def _ways(context: Context) -> str:
    media = {e.record.medium for e in context.selected.exhibits}
    ways = [
        word
        for medium, word in (("recording", "电话"), ("screenshot", "短信、即时通讯消息等"))
        if medium in media
    ]
    return "和".join(ways) or "电话、短信等方式"


def _basis(
    context: Context,
    found: tuple[Finding, ...],
    words: Mapping[str, Any],
    names: dict[str, str],
) -> tuple[str, ...]:
    listed = [f"{c.text}{_remark(c)}；" for c in merged_citations(context, found)]
    if listed:
        listed[-1] = listed[-1].removesuffix("；") + "。"
    closing = (
        [words["basis_institution"].format_map(names), words["basis_rights"].format_map(names)]
        if context.respondent_type.supervised
        else []
    )
    return (words["basis_opening"], *listed, *closing)


def _remark(citation: Citation) -> str:
    return f"（{citation.remark}）" if citation.remark else ""


def merged_citations(context: Context, found: tuple[Finding, ...]) -> tuple[Citation, ...]:
    """Return every provision cited in the packet, once per instrument, by level."""
    ids = {i for f in found for c in f.citations for i in c.provision_ids}
    by_instrument: dict[str, list[str]] = {}
    for provision in context.rules.provisions.values():
        if provision.id in ids:
            by_instrument.setdefault(provision.instrument, []).append(provision.id)
    order = context.rules.level_order
    made = [_merge(context, group, found) for group in by_instrument.values()]
    return tuple(sorted(made, key=lambda c: order.index(c.level)))


def _merge(context: Context, ids: list[str], found: tuple[Finding, ...]) -> Citation:
    provisions = [context.rules.provisions[i] for i in sorted(ids, key=article_order)]
    first = provisions[0]
    remarks = dict.fromkeys(
        part
        for f in found
        for c in f.citations
        if c.instrument == first.instrument
        for part in c.remark.split("；")
        if part
    )
    return Citation(
        provision_ids=tuple(p.id for p in provisions),
        instrument=first.instrument,
        articles=tuple(dict.fromkeys(p.article for p in provisions if p.article)),
        level=first.level,
        quotable=first.quotable,
        wording=context.rules.level_wording[first.level],
        remark="；".join(remarks),
    )
