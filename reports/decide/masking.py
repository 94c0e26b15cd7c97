"""Whose number and name may be printed, and how the rest is masked.

Rules:

1. The identity number is printed in full in the letter only, which needs it.
2. Third parties (family, colleagues, friends) are not named and their numbers are masked, unless
   the person chose to show them.
"""

from collections.abc import Mapping

from evidence.core import phone
from evidence.core.case_view import CaseView
from evidence.core.export_row import ExportRow
from evidence.core.records import THIRD_PARTY_ROLES, Exhibit, Medium, NumberRole


def identity(number: str) -> str:
    """Return an identity number with the middle hidden: ``110***********001X``."""
    return phone.mask(number)


def is_third_party(view: CaseView, exhibit: Exhibit) -> bool:
    """Tell whether the other side of an exhibit is someone who has nothing to do with the debt."""
    known = view.numbers.get(exhibit.party.number)
    return known is not None and known.record.role in THIRD_PARTY_ROLES


def counterpart(
    view: CaseView, exhibit: Exhibit, words: Mapping[str, str], *, show: bool = False
) -> str:
    """Return the other side as the exhibit says, masked where it is a third party.

    With ``show`` third parties are named, because the person chose that.

    ``words`` are the texts of ``findings.toml``, part ``counterpart``.
    """
    number, name = exhibit.party.number, exhibit.party.name
    known = view.numbers.get(number)
    if is_third_party(view, exhibit) and not show:
        if not number:
            return words["third_party_bare"]
        return words["third_party"].format(number=phone.mask(number))
    if known is not None and known.record.role is NumberRole.SELF:
        return words["self"].format(number=phone.mask(number))
    shown = name or (known.record.name if known else "")
    if number and exhibit.party.number_truncated:
        number = words["truncated"].format(number=number)
    said = " ".join(dict.fromkeys(part for part in (shown, number) if part))
    if not said and exhibit.medium is Medium.RECORDING:
        return words["unknown"]
    return said


def row_counterpart(view: CaseView, row: ExportRow, words: Mapping[str, str]) -> str:
    """Return the other side of a call or message as the export and the person say.

    ``words`` are the texts of ``rows.toml``, part ``counterpart``. Rows of third parties are never
    selected; one that got here all the same is masked.
    """
    number = row.party.number
    known = None if row.number_masked else view.numbers.get(number)
    if known is not None and known.record.role in {*THIRD_PARTY_ROLES, NumberRole.SELF}:
        return phone.mask(number)
    name = row.party.name or (known.record.name if known else "")
    if row.number_masked:
        number = words["masked"].format(number=number) if number else ""
    return " ".join(part for part in (name, number) if part) or words["hidden"]
