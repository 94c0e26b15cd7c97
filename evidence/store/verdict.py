"""What a check says: one verdict for each thing looked at, never a bare yes or no."""

import dataclasses
import enum


class Verdict(enum.StrEnum):
    """What may be said of one thing, or of the whole."""

    INTACT = "INTACT"
    NOT_INTACT = "NOT INTACT"
    NOT_CHECKED = "NOT CHECKED"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """One check, or one problem that it found."""

    name: str
    """Stable ASCII name: ``entry-link``, ``original-digest`` …"""
    verdict: Verdict
    detail: str = ""
    """ASCII; for a log, not for the borrower."""
    seq: int | None = None
    expected: str = ""
    found: str = ""


def intact(name: str, detail: str = "") -> CheckResult:
    """Return that a check passed."""
    return CheckResult(name=name, verdict=Verdict.INTACT, detail=detail)


def broken(
    name: str, *, detail: str = "", seq: int | None = None, expected: str = "", found: str = ""
) -> CheckResult:
    """Return one problem that a check found."""
    return CheckResult(
        name=name,
        verdict=Verdict.NOT_INTACT,
        detail=detail,
        seq=seq,
        expected=expected,
        found=found,
    )
