"""What checking a bundle found: results of every check, collected with a bound.

Rule: a check that found nothing wrong says so once; a check that could not be made says that, and
is never counted as passed.
"""

from evidence.store.verify import CheckResult, Verdict

MAX_RESULTS = 1000
"""Results listed one by one; further problems are counted."""


class Results:
    """Collects the results of one bundle."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._listed: list[CheckResult] = []
        self._more = {Verdict.NOT_INTACT: 0, Verdict.NOT_CHECKED: 0}
        self.problems = 0
        """Problems and things that could not be checked, so far."""

    def broken(
        self,
        name: str,
        *,
        detail: str = "",
        seq: int | None = None,
        expected: str = "",
        found: str = "",
    ) -> None:
        """Add a problem."""
        self._add(
            CheckResult(
                name=name,
                verdict=Verdict.NOT_INTACT,
                detail=detail,
                seq=seq,
                expected=expected,
                found=found,
            )
        )

    def unchecked(self, name: str, *, detail: str = "", seq: int | None = None) -> None:
        """Add what could not be checked, and why."""
        self._add(CheckResult(name=name, verdict=Verdict.NOT_CHECKED, detail=detail, seq=seq))

    def settle(self, name: str, *, since: int, detail: str = "") -> None:
        """Say that the check ``name`` passed, if nothing was added after ``since``."""
        if self.problems == since:
            self._listed.append(CheckResult(name=name, verdict=Verdict.INTACT, detail=detail))

    def listed(self) -> tuple[CheckResult, ...]:
        """Return the results in the order in which they came."""
        more = [
            CheckResult(name="more-problems", verdict=verdict, detail=f"{count} more")
            for verdict, count in self._more.items()
            if count
        ]
        return (*self._listed, *more)

    def _add(self, result: CheckResult) -> None:
        self.problems += 1
        if self.problems <= MAX_RESULTS:
            self._listed.append(result)
        else:
            self._more[result.verdict] += 1
