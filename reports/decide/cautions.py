"""What the person should look at before the packet leaves their hands. It warns; they decide."""

from evidence.core.moment import Precision
from reports.decide.context import Context
from reports.packet import Finding


def cautions(context: Context, found: tuple[Finding, ...]) -> tuple[str, ...]:
    """Return the warnings, gravest first."""
    return (
        *_competence(context),
        *_missing_data(context),
        *_tags(found),
        *_exhibits(context),
        *_left_out(context),
    )


def _competence(context: Context) -> list[str]:
    kind = context.respondent_type
    if kind.supervised:
        return []
    return [
        f"“{context.institution}”的类型是{kind.label}。{kind.advice}正确的受理方：{kind.addressee}。"
    ]


def _missing_data(context: Context) -> list[str]:
    complainant, respondent = context.complainant.record, context.respondent.record
    missing = [
        name
        for name, value in (
            ("身份证件号码", complainant.id_number),
            ("联系电话", complainant.phone),
            ("合同编号", respondent.contract_no),
            ("借款产品", respondent.product),
        )
        if not value
    ]
    return [f"还没有填写：{'、'.join(missing)}。受理时通常会问到。"] if missing else []


def _tags(found: tuple[Finding, ...]) -> list[str]:
    warnings: list[str] = []
    bare = [str(f.number) for f in found if not f.quote]
    if bare:
        warnings.append(f"第 {'、'.join(bare)} 项没有写下原话（--quote），说服力会弱一些。")
    uncited = [str(f.number) for f in found if not f.citations]
    if uncited:
        warnings.append(f"第 {'、'.join(uncited)} 项在这个渠道没有可引用的条款，材料中已注明。")
    return warnings


def _exhibits(context: Context) -> list[str]:
    labels = context.selected.labels
    conflicting = [labels[e.seq] for e in context.selected.exhibits if e.record.conflicts]
    unknown = [
        labels[e.seq]
        for e in context.selected.exhibits
        if e.record.occurred.precision is Precision.UNKNOWN and not e.record.conflicts
    ]
    unreadable = [labels[e.seq] for e in context.selected.exhibits if e.record.unreadable]
    warnings: list[str] = []
    if conflicting:
        warnings.append(f"证据 {'、'.join(conflicting)} 的时间或号码有互相矛盾的来源，已并列写明。")
    if unknown:
        warnings.append(f"证据 {'、'.join(unknown)} 没有可用的时间。")
    if unreadable:
        warnings.append(f"证据 {'、'.join(unreadable)} 无法解码，只作为文件附上。")
    return warnings


def _left_out(context: Context) -> list[str]:
    if not context.selected.left_out:
        return []
    names = "、".join(e.record.name for e in context.selected.left_out)
    return [f"备份、详单等文件含有大量私人信息，没有放进材料：{names}。"]
