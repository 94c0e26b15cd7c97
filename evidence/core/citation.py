"""Which provisions to cite for one act, against one kind of respondent, through one channel.

Rules, in this order (the numbers stand again at the code):

1. What may never be cited is not cited.
2. A provision applies only if it was in force on every day on which the act can lie. One whose
   date of effect is not known is named only for acts on or after the day it was issued, and says
   so. When the day of the act is not known exactly, ``act_time`` gives all the days it can be.
3. Provisions that do not belong to the channel are left out: public security and criminal law are
   for the police sheet, not for a complaint with a financial regulator.
4. Provisions that do not bind this kind of respondent are left out.
5. The respondent's binding rule comes first if the conduct lists it; then the one or two most
   fitting in the order of the data, those that are always cited (PIPL Art. 10) among them.
6. Then what may only be named, higher level first. Nothing else: ten articles per act invite
   rejection.
"""

import dataclasses
import datetime as dt
import enum
from collections.abc import Iterable

from evidence.core.moment import CHINA, Meaning, Moment, Source
from evidence.core.rules import Conduct, Provision, ProvisionId, RespondentType, Rules

FITTING = 2
"""Provisions cited after the binding one."""

LOOK_BACK = dt.timedelta(days=3 * 366)
"""How far back an act of unknown time may lie when nothing else is known. Three years, because
what is older can hardly be complained of (the general limitation period, provision cc-188)."""

_NOT_THE_ACT = frozenset({Meaning.CAPTURED, Meaning.SAVED, Meaning.UNKNOWN})
"""Such a time is later than the act: a picture shows what was there before it was taken."""


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
    exact: bool
    """Whether the time of the act itself is claimed, not only a bound for it."""

    def __post_init__(self) -> None:
        """Refuse a reversed interval."""
        if self.last < self.first:
            raise TypeError(f"{self.first} after {self.last}")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One provision to cite or name."""

    provision: Provision
    role: Role
    remark: str
    """What must be printed beside it for this kind of respondent."""


def act_time(moment: Moment | None, *, told_at: dt.datetime, not_before: dt.date | None) -> ActTime:
    """Return the days on which an act can lie.

    A claimed time of the act gives its own days. A time of capture, saving or last change is only
    the latest; an unknown time, or one whose year was inferred, lies before it was told. Both
    reach back to ``not_before`` (the default of the loan), else by ``LOOK_BACK``.

    Args:
        moment: the claimed time.
        told_at: when the act was written down in the case; it happened before that.
        not_before: a day before which there was no reason for it.
    """
    interval = None if moment is None or moment.year_inferred else moment.interval()
    if moment is None or interval is None:
        last = told_at.astimezone(CHINA).date()
    else:
        last = (interval[1] - dt.timedelta(microseconds=1)).astimezone(CHINA).date()
        if moment.meaning not in _NOT_THE_ACT and moment.source is not Source.MTIME:
            first = interval[0].astimezone(CHINA).date()
            return ActTime(first=first, last=last, exact=True)
    earliest = not_before or last - LOOK_BACK
    return ActTime(first=min(earliest, last), last=last, exact=False)


def choose(
    rules: Rules,
    *,
    conduct: Conduct,
    respondent_type: RespondentType,
    channel: str,
    act: ActTime,
) -> tuple[Chosen, ...]:
    """Return the provisions for one act, in the order to print.

    Raises:
        KeyError: if ``channel`` is not one that the rules data describe.
    """
    place = rules.packet_channels[channel]

    def applicable(ids: Iterable[ProvisionId]) -> list[Provision]:
        return [
            p
            for p in (_of_the_time(rules, conduct, i, act) for i in ids)
            if p is not None  # 2
            and p.id not in rules.never_cite  # 1
            and place.has(p.id)  # 3
            and not p.id.startswith(respondent_type.excluded)  # 4
        ]

    citable, named = applicable(conduct.cite), applicable(conduct.name_only)
    # 5
    binding = [p for p in (*citable, *named) if p.id in respondent_type.binding]
    rest = [p for p in citable if p not in binding]
    always = [p for p in rest if p.id in rules.always]
    most_fitting = [p for p in rest if p not in always][: max(0, FITTING - len(always))]
    fitting = [p for p in rest if p in always or p in most_fitting]
    # 6
    last = sorted(
        (p for p in named if p not in binding), key=lambda p: rules.level_order.index(p.level)
    )
    return tuple(
        Chosen(provision=p, role=role, remark=remark(p, respondent_type))
        for role, found in (
            (Role.BINDING, binding),
            (Role.FITTING, fitting),
            (Role.NAMED, last),
        )
        for p in found
    )


def remark(provision: Provision, respondent_type: RespondentType) -> str:
    """Return what must be printed beside a provision for this kind of respondent."""
    conditions = (
        text for prefix, text in respondent_type.conditions if provision.id.startswith(prefix)
    )
    return "；".join(part for part in (*conditions, provision.remark) if part)


def _of_the_time(
    rules: Rules, conduct: Conduct, identity: ProvisionId, act: ActTime
) -> Provision | None:
    """Return the provision, or what stood in its place, if it was in force at the act."""
    provision = rules.provisions[identity]
    if _in_force(provision, act):
        return provision
    before = rules.predecessors.get(identity)
    if before is None or conduct.id in rules.predecessors_not_for.get(identity, ()):
        return None
    return rules.provisions[before] if _in_force(rules.provisions[before], act) else None


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
