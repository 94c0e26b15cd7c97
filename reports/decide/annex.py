"""所涉条款: every provision that the findings cite, once, by level, quoted only where allowed."""

from evidence.core.rules import Provision
from reports.decide.context import Context
from reports.packet import AnnexProvision, Finding


def annex(context: Context, found: tuple[Finding, ...]) -> tuple[AnnexProvision, ...]:
    """Return the provisions in the order of their level, then of the data."""
    ids = {i for f in found for c in f.citations for i in c.provision_ids}
    remarks = {i: c.remark for f in found for c in f.citations for i in c.provision_ids}
    order = context.rules.level_order
    cited = [p for p in context.rules.provisions.values() if p.id in ids]
    return tuple(
        _row(context, p, remarks[p.id]) for p in sorted(cited, key=lambda p: order.index(p.level))
    )


def _row(context: Context, provision: Provision, remark: str) -> AnnexProvision:
    start, end = provision.effective_from, provision.effective_to
    if start is None:
        in_force = f"{context.rules.in_force_unknown}（印发日期 {provision.issued}）"
    elif end is None:
        in_force = f"{start.isoformat()} 起施行"
    else:
        in_force = f"{start.isoformat()} 至 {end.isoformat()}"
    return AnnexProvision(
        id=provision.id,
        instrument=provision.instrument,
        article=provision.article,
        level=provision.level,
        issuer=provision.issuer,
        doc_no=provision.doc_no,
        in_force=in_force,
        quote=provision.text if provision.quotable else "",
        state=provision.state,
        remark="" if provision.quotable else remark,
    )
