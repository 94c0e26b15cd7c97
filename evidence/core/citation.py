"""Which provisions to cite for one act against one kind of lender through one channel.

Rules, in this order:

1. What may never be cited is not cited.
2. A provision applies only if it was in force during the whole time in which the act can lie. One
   whose date of effect is not known is named only for acts after it was issued, with a remark.
3. Public-security and criminal provisions belong to the police sheet, not to a complaint with a
   financial regulator.
4. Provisions that do not bind this kind of lender are left out.
5. The lender's binding rule comes first if the conduct lists it; then the one or two most fitting
   in the order of the data, the ones marked ``always`` (PIPL Art. 10) among them.
6. Then what may only be named. Nothing else: ten articles per act invite rejection.
"""

import dataclasses
import datetime as dt
import enum

from evidence.core.rules import Conduct, Provision, RespondentType, Rules

FITTING = 2
"""Provisions cited after the binding one."""


class Role(enum.StrEnum):
    """Why a provision was chosen."""

    BINDING = "binding"
    FITTING = "fitting"
    NAMED = "named"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ActTime:
    """The first and the last day on which the act can lie, Chinese standard time."""

    first: dt.date
    last: dt.date


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One provision to cite or name."""

    provision: Provision
    role: Role
    remark: str


def choose(
    rules: Rules, *, conduct: Conduct, respondent_type: RespondentType, act: ActTime
) -> tuple[Chosen, ...]:
    """Return the provisions for a complaint with 12378 or the NFRA, in the order to print."""
    citable = [
        p
        for p in (rules.provisions[i] for i in conduct.cite)
        if _allowed(rules, p, respondent_type) and _in_force(p, act)  # rules 1 to 4
    ]
    named = [
        p
        for p in (rules.provisions[i] for i in conduct.name_only)
        if _allowed(rules, p, respondent_type) and _in_force(p, act)  # rules 1 to 4
    ]
    binding = [p for p in citable if p.id in respondent_type.binding]  # rule 5
    binding += [p for p in named if p.id in respondent_type.binding]
    rest = [p for p in citable if p not in binding]
    kept = [p for p in rest if p.id in rules.always]
    others = [p for p in rest if p not in kept][: max(0, FITTING - len(kept))]
    fitting = [p for p in rest if p in kept or p in others]
    self_regulatory = [p for p in named if p not in binding]  # rule 6
    return tuple(
        Chosen(provision=p, role=role, remark=_remark(rules, p))
        for role, found in (
            (Role.BINDING, binding),
            (Role.FITTING, fitting),
            (Role.NAMED, self_regulatory),
        )
        for p in found
    )


def _allowed(rules: Rules, provision: Provision, kind: RespondentType) -> bool:
    identity = provision.id
    return (
        identity not in rules.never_cite
        and not identity.startswith(rules.police_only)
        and not (kind.excluded and identity.startswith(kind.excluded))
    )


def _in_force(provision: Provision, act: ActTime) -> bool:
    start = provision.effective_from or _issued(provision)
    if start is None or act.first < start:
        return False
    return provision.effective_to is None or act.last <= provision.effective_to


def _issued(provision: Provision) -> dt.date | None:
    try:
        return dt.date.fromisoformat(provision.issued)
    except ValueError:
        return None


def _remark(rules: Rules, provision: Provision) -> str:
    unknown = provision.effective_from is None and rules.in_force_unknown not in provision.remark
    parts = (provision.remark, rules.in_force_unknown if unknown else "")
    return "；".join(part for part in parts if part and part != "")
