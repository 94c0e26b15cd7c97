"""所涉条款: every provision that the complaint cites, once, by level, quoted only where allowed."""

from evidence.core.citation import remark
from evidence.core.rules import Provision
from reports.complaint import Letter
from reports.decide.citations import article_order
from reports.decide.context import Context
from reports.packet import AnnexProvision, Finding


def annex(
    context: Context, found: tuple[Finding, ...], complaint: Letter
) -> tuple[AnnexProvision, ...]:
    """Return the provisions by level; those of one instrument stand together, by number."""
    ids = {i for f in found for c in f.citations for i in c.provision_ids}
    ids |= set(complaint.named)
    order = context.rules.level_order
    cited = [p for p in context.rules.provisions.values() if p.id in ids]
    instruments = list(dict.fromkeys(p.instrument for p in cited))

    def place(provision: Provision) -> tuple[int, int, tuple[str, int]]:
        instrument = instruments.index(provision.instrument)
        return order.index(provision.level), instrument, article_order(provision.id)

    return tuple(_row(context, p) for p in sorted(cited, key=place))


def _row(context: Context, provision: Provision) -> AnnexProvision:
    return AnnexProvision(
        id=provision.id,
        instrument=provision.instrument,
        article=provision.article,
        level=provision.level,
        issuer=provision.issuer,
        doc_no=provision.doc_no,
        in_force=_in_force(context, provision),
        quote=provision.text if provision.quotable else "",
        state=provision.state,
        remark=remark(provision, context.respondent_type),
    )


def _in_force(context: Context, provision: Provision) -> str:
    start, end = provision.effective_from, provision.effective_to
    if start is None:
        return f"{context.rules.in_force_unknown}（印发日期 {provision.issued}）"
    if end is None:
        return f"{start.isoformat()} 起施行"
    return f"{start.isoformat()} 至 {end.isoformat()}"
