"""What every part of the decision needs, gathered once."""

import dataclasses
import datetime as dt
from collections.abc import Mapping

from evidence.core import phone
from evidence.core.case_view import CaseView, Recorded
from evidence.core.moment import CHINA
from evidence.core.records import (
    THIRD_PARTY_ROLES,
    Complainant,
    Exhibit,
    Note,
    NumberRole,
    Respondent,
    Tag,
)
from evidence.core.rules import RespondentType, Rules
from reports.packet import Channel


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """What of the case belongs into this packet, in the order in which it is printed."""

    exhibits: tuple[Recorded[Exhibit], ...]
    tags: tuple[Recorded[Tag], ...]
    exhibit_notes: Mapping[int, tuple[Recorded[Note], ...]]
    notes: tuple[Recorded[Note], ...]
    left_out: tuple[Recorded[Exhibit], ...]
    """Exhibits of this respondent that are never put in by default (backups, bills)."""
    labels: Mapping[int, str]
    """Exhibit seq → ``E001``."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The case, the rules and what was asked for."""

    view: CaseView
    rules: Rules
    channel: Channel
    complainant: Recorded[Complainant]
    respondent: Recorded[Respondent]
    respondent_type: RespondentType
    made_at: str
    selected: Selected
    texts: Mapping[int, str]
    """Exhibit seq → content of a text exhibit."""

    @property
    def made_on(self) -> dt.date:
        """The day of the packet, Chinese standard time."""
        return dt.datetime.fromisoformat(self.made_at).astimezone(CHINA).date()

    @property
    def institution(self) -> str:
        """The respondent's full name."""
        return self.respondent.record.name

    def counterpart(self, exhibit: Exhibit) -> str:
        """Return the other side as the exhibit says, third parties masked."""
        number, name = exhibit.party.number, exhibit.party.name
        known = self.view.numbers.get(number)
        role = known.record.role if known else None
        if role in THIRD_PARTY_ROLES or role is NumberRole.SELF:
            return f"{phone.mask(number)}（第三人，已遮盖）"
        shown = name or (known.record.name if known else "")
        if exhibit.party.number_truncated:
            number = f"{number}…（号码不完整）"
        return " ".join(part for part in (shown, number) if part) or "对方号码未记录"
